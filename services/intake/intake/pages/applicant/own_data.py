"""`/saya/{case}/data`: what is kept about a case's person, who has read it, a copy to take along, and its end."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, redirect, request

from intake.api.base import only_id, recording, within_case
from intake.deps import Deps
from intake.domain.applications import RESIDENT
from intake.domain.case import Actor, Application
from intake.domain.erasure import CaseErased, OnlyHimself
from intake.domain.record import NoRecord
from intake.pages.applicant.case import find
from intake.pages.erased import proof
from intake.schemas.corrections import CorrectionIn
from intake.store import accesses as store
from intake.usecases import accesses, corrections, erasing, reading, records
from kit import audit
from kit.answers import Answer, deps, once
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.paging import page as page_of
from kit.paging import position
from kit.problems import Words

own_data_pages = Blueprint("own-data-pages", __name__, url_prefix="/saya/<uuid:application_id>/data")

_EACH = 20
_RECORD_ASKED = Words("Salinan sedang disiapkan.", "The copy is being made.")
_CORRECTION_ASKED = Words("Permintaan perbaikan tercatat.", "Your request is recorded.")
_ERASURE_ASKED = Words("Permintaan penghapusan tercatat.", "Your request is recorded.")


@own_data_pages.get("")
@allow("applicant")
@audit.shows("application")
def show_data(application_id: UUID, filled: Filled = NOTHING) -> Response:
    """Copy, corrections and erasure as they stand; of what is erased the proof."""
    try:
        case = find(application_id, _kept)
    except CaseErased:
        return proof(application_id, "/saya")
    return page("applicant/own_data.html", case=case, filled=filled, **case.more)


@own_data_pages.get("/pembaca")
@allow("applicant")
@audit.shows_nobody("roles and offices, and the lurah's name, which is published")
def show_readers(application_id: UUID) -> Response:
    """Who touched the case, the latest first."""
    after = position(request.args.get("lanjut") or None, datetime.fromisoformat, UUID)

    def more(parts: Deps, tx: Tx, app: Application, actor: Actor) -> dict[str, Any]:
        rows = store.of_case(tx, app.id, after, _EACH, himself=RESIDENT in actor.roles)
        found = page_of(rows, _EACH, lambda row: (row["last_at"], row["id"]))
        return {"readers": accesses.shown(parts, tx, app, found["items"]), "further": found["next_cursor"]}

    case = find(application_id, more)
    return page("applicant/readers.html", case=case, **case.more)


@own_data_pages.post("/salinan")
@allow("applicant")
@forms.keeps(show_data)
def ask_record(application_id: UUID) -> Any:
    """All that is kept, to take along."""
    forms.typed()

    def work(tx: Tx, app: Application, actor: Actor) -> Answer:
        records.ask(deps(), tx, app, actor)
        return only_id(app.id, 202)

    within_case(application_id, {}, work)
    return forms.done(f"/saya/{application_id}/data", _RECORD_ASKED)


@own_data_pages.post("/salinan/unduh")
@allow("applicant")
@forms.keeps(show_data)
def fetch_record(application_id: UUID) -> Any:
    """On to the copy, by a link for some minutes. Each tap makes one: whoever has it needs no login, so that none is
    kept to be told again."""
    forms.typed()
    parts, who = deps(), caller()
    with recording(), parts.db.transaction(who.tenant) as tx:
        app, actor = reading.find_for_change(parts, tx, who, application_id)
        link = urlsplit(records.make_link(parts, tx, app, actor)["url"])
        audit.changed(tx, status=201)
    return redirect(f"{link.path}?{link.query}", 303)


@own_data_pages.post("/perbaikan")
@allow("applicant")
@forms.keeps(show_data)
def ask_correction(application_id: UUID) -> Any:
    """What only an officer can correct, in one's own words."""
    body = forms.load(CorrectionIn(), {"words": forms.typed().get("words", "").strip() or None})

    def work(tx: Tx, app: Application, actor: Actor) -> Answer:
        corrections.ask(deps(), tx, app, actor, body["words"])
        return only_id(app.id, 201)

    within_case(application_id, body, work)
    return forms.done(f"/saya/{application_id}/data", _CORRECTION_ASKED)


@own_data_pages.post("/penghapusan")
@allow("applicant")
@forms.keeps(show_data)
def ask_erasure(application_id: UUID) -> Any:
    """The data of an ended case go."""
    forms.typed()
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        erasing.request(parts, tx, who, application_id)
        return only_id(application_id, 202)

    with recording():
        once(parts.db, parts.data_keys, who, who.tenant, {}, work)
    return forms.done(f"/saya/{application_id}/data", _ERASURE_ASKED)


def _kept(parts: Deps, tx: Tx, app: Application, actor: Actor) -> dict[str, Any]:
    """Nothing of it for a helper: it is the person's."""
    kept: dict[str, Any] = {"record": None, "corrections": [], "erasure": None, "himself": False}
    with suppress(OnlyHimself):
        kept["corrections"] = corrections.every(parts, tx, app, actor)["items"]
        kept["erasure"] = erasing.look(parts, tx, caller(), app.id)
        kept["himself"] = True
        with suppress(NoRecord):
            kept["record"] = records.status(parts, tx, app, actor)
    return kept
