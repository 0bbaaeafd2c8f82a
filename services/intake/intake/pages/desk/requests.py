"""`/intake/permintaan`: what people asked for about their data and is not done yet; corrections are answered here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from intake.api.base import on_record
from intake.domain.errors import NotYours
from intake.schemas.corrections import CorrectionAnswer, CorrectionOut
from intake.usecases import corrections, reading, requests
from intake.usecases.offices import office
from kit import audit
from kit.answers import Answer, answer, deps, once
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.paging import position
from kit.problems import Words

request_pages = Blueprint("request-pages", __name__, url_prefix="/intake/permintaan")

_EACH = 50
_SAID = Words("Jawaban tersimpan; pemohon dapat membacanya.", "The answer is kept; the applicant can read it.")


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
def show_corrections(application_id: UUID) -> Response:
    """What is to be corrected in a case, in the person's words, each with its answer or the form for it."""
    return _corrections_page(application_id)


@audit.shows("correction")
def _again(application_id: UUID, correction_id: UUID, filled: Filled = NOTHING) -> Response:
    return _corrections_page(application_id, correction_id, filled)


def _corrections_page(application_id: UUID, answering: UUID | None = None, filled: Filled = NOTHING) -> Response:
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            app, actor = reading.find(parts, tx, who, application_id)
            items = corrections.every(parts, tx, app, actor)["items"]
            name = office(parts, tx, who.tenant).data["name"]
    except NotYours as error:
        raise on_record(error) from error
    code = app.tracking_code
    return page(
        "desk/corrections.html", case=application_id, code=code, items=items, answering=answering, filled=filled,
        name=name,
    )  # fmt: skip


@request_pages.post("/<uuid:application_id>/<uuid:correction_id>")
@allow("officer")
@forms.keeps(_again)
def answer_correction(application_id: UUID, correction_id: UUID) -> Response:
    """Answers one, after it was made or with the reason why not."""
    parts, who, typed = deps(), caller(), forms.typed()
    body = forms.load(CorrectionAnswer(), {name: value for name, value in typed.items() if value})

    def work(tx: Tx) -> Answer:
        app, actor = reading.find_for_change(parts, tx, who, application_id)
        said: dict[str, Any] = {"note": None} | body
        return answer(CorrectionOut, corrections.answer(parts, tx, app, actor, correction_id, said))

    try:
        once(parts.db, parts.data_keys, who, who.tenant, body, work)
    except NotYours as error:
        raise on_record(error) from error
    return forms.done(f"/intake/permintaan/{application_id}", _SAID)
