"""`/intake/permintaan`: what people asked for about their data and is not done yet.

Under a case's id what its person may ask for, which an officer answers or notes for him: corrections, consents,
erasure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request

from contracts.consent import KINDS
from intake.api.base import only_id, recording, within_case
from intake.domain.case import Actor, Application
from intake.domain.erasure import CaseErased
from intake.pages.erased import proof
from intake.schemas.base import Nothing
from intake.schemas.consents import ConsentWord
from intake.schemas.corrections import CorrectionAnswer, CorrectionIn
from intake.usecases import consents, corrections, erasing, reading, requests
from intake.usecases.offices import office
from kit import audit
from kit.answers import Answer, deps, once
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.paging import position
from kit.problems import Words

request_pages = Blueprint("request-pages", __name__, url_prefix="/intake/permintaan")

_EACH = 50
_ANSWERED = Words("Jawaban tersimpan; pemohon dapat membacanya.", "The answer is kept; the applicant can read it.")
_NOTED = Words("Permintaan dicatat.", "The request is noted.")
_SAID = Words("Persetujuan dicatat.", "The consent is noted.")


@request_pages.get("")
@allow("officer", "lurah")
@audit.shows_nobody("kinds and times of requests, and codes of cases")
def show_requests() -> Response:
    """The nearest end first."""
    parts, who = deps(), caller()
    after = position(request.args.get("lanjut") or None, datetime.fromisoformat, UUID)
    with parts.db.transaction(who.tenant) as tx:
        found = requests.listed(parts, tx, (after[0], after[1]) if after else None, _EACH)
        name = office(parts, tx, who.tenant).data["name"]
    return page("desk/requests.html", items=found["items"], further=found["next_cursor"], name=name)


@request_pages.get("/<uuid:application_id>")
@allow("officer")
@audit.shows("correction")
def show_own_data(application_id: UUID) -> Response:
    """What the person of a case asked for, in his words; each with its answer or the form for it."""
    return _page_of(application_id)


@audit.shows("correction")
def _again(application_id: UUID, filled: Filled = NOTHING, **place: Any) -> Response:
    return _page_of(application_id, place.get("correction_id"), filled)


def _page_of(application_id: UUID, answering: UUID | None = None, filled: Filled = NOTHING) -> Response:
    """Of what is erased the proof."""
    parts, who = deps(), caller()
    try:
        with recording(), parts.db.transaction(who.tenant) as tx:
            app, actor = reading.find(parts, tx, who, application_id)
            found = {
                "items": corrections.every(parts, tx, app, actor)["items"],
                "consents": consents.view(parts, tx, app)["items"],
                "erasure": erasing.look(parts, tx, who, application_id),
                "name": office(parts, tx, who.tenant).data["name"],
            }
    except CaseErased:
        return proof(application_id, "/intake/permintaan")
    return page(
        "desk/own_data.html", case=application_id, code=app.tracking_code, answering=answering, filled=filled, **found
    )  # fmt: skip


@request_pages.post("/<uuid:application_id>/<uuid:correction_id>")
@allow("officer")
@forms.keeps(_again)
def answer_correction(application_id: UUID, correction_id: UUID) -> Response:
    """Answers one, after it was made or with the reason why not."""
    body = forms.load(CorrectionAnswer(), {name: value for name, value in forms.typed().items() if value})

    said: dict[str, Any] = {"note": None} | body
    return _said(
        application_id, body,
        lambda tx, app, actor: corrections.answer(deps(), tx, app, actor, correction_id, said), _ANSWERED,
    )  # fmt: skip


@request_pages.post("/<uuid:application_id>")
@allow("officer")
@forms.keeps(_again)
def ask_correction(application_id: UUID) -> Response:
    """Notes what the person says is wrong."""
    body = forms.load(CorrectionIn(), {name: value for name, value in forms.typed().items() if value})
    return _said(
        application_id, body, lambda tx, app, actor: corrections.ask(deps(), tx, app, actor, body["words"]), _NOTED
    )


@request_pages.post("/<uuid:application_id>/persetujuan/<kind>")
@allow("officer")
@forms.keeps(_again)
def say_consent(application_id: UUID, kind: str) -> Response:
    """Notes that the person agrees to something, or does not."""
    if kind not in KINDS:
        abort(404)
    body = forms.load(ConsentWord(), dict(forms.typed()))
    return _said(application_id, body, lambda tx, app, actor: consents.say(deps(), tx, app, actor, kind, body), _SAID)


@request_pages.post("/<uuid:application_id>/penghapusan")
@allow("officer")
@forms.keeps(_again)
def ask_erasure(application_id: UUID) -> Response:
    """Asks for the erasure that the person wants."""
    body, parts, who = forms.load(Nothing(), dict(forms.typed())), deps(), caller()

    def work(tx: Tx) -> Answer:
        erasing.request(parts, tx, who, application_id)
        return only_id(application_id, 202)

    with recording():
        once(parts.db, parts.data_keys, who, who.tenant, body, work)
    return forms.done("/intake/permintaan", _NOTED)


def _said(application_id: UUID, body: Any, act: Callable[[Tx, Application, Actor], Any], said: Words) -> Response:
    def work(tx: Tx, app: Application, actor: Actor) -> Answer:
        act(tx, app, actor)
        return only_id(app.id)

    within_case(application_id, body, work)
    return forms.done(f"/intake/permintaan/{application_id}", said)
