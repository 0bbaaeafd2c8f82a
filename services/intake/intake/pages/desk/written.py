"""`/intake/pesan-warga`: what people wrote and only a person can answer, the oldest first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from intake.api.base import in_office, only_id, recording
from intake.api.conversations import handed_over
from intake.schemas.base import Nothing
from intake.usecases.offices import office
from intake.usecases.talking import reading
from kit import audit
from kit.answers import Answer, deps
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.session import allow
from kit.problems import Words

PLACE = "/intake/pesan-warga"
written_pages = Blueprint("written-pages", __name__, url_prefix=PLACE)

_EACH = 50
_ANSWERED = Words("Pesan ditandai sudah dijawab.", "The message is marked as answered.")


@written_pages.get("")
@allow("officer", "lurah")
@audit.shows("message", purpose="list")
def show_written() -> Response:
    """All that wait."""
    parts, who = deps(), caller()
    with parts.db.transaction(who.tenant) as tx:
        found = reading.waiting(parts, tx, {"cursor": request.args.get("lanjut") or None, "limit": _EACH})
        name = office(parts, tx, who.tenant).data["name"]
    audit.concerns(*(_whose(one) for one in found["items"]))
    return page("desk/written.html", items=found["items"], further=found["next_cursor"], name=name)


@written_pages.get("/<uuid:message_id>")
@allow("officer", "lurah")
@audit.shows("message")
def show_one_written(message_id: UUID) -> Response:
    """One, with what its sender wrote before and after it."""
    return _one(message_id)


@audit.shows("message")
def _again(message_id: UUID, *_filled: Any) -> Response:
    return _one(message_id)


def _one(message_id: UUID) -> Response:
    parts, who = deps(), caller()
    with recording(), parts.db.transaction(who.tenant) as tx:
        shown = reading.whole(parts, tx, message_id)
        name = office(parts, tx, who.tenant).data["name"]
    audit.concerns(_whose(shown))
    return page("desk/written_one.html", one=shown, name=name)


@written_pages.get("/<uuid:message_id>/berkas")
@allow("officer", "lurah")
@audit.shows("message")
def fetch_written(message_id: UUID) -> Response:
    """The voice message or file, as a download."""
    with recording(), deps().db.transaction(caller().tenant) as tx:
        row = reading.find(deps(), tx, message_id)
    audit.concerns(_whose(row))
    return handed_over(row)


@written_pages.post("/<uuid:message_id>")
@allow("officer", "lurah")
@forms.keeps(_again)
def mark_written(message_id: UUID) -> Response:
    """It was answered, by telephone or at the counter: it leaves the list."""
    body = forms.load(Nothing(), dict(forms.typed()))

    def work(tx: Tx) -> Answer:
        shown = reading.answered(deps(), tx, message_id, caller().subject)
        audit.concerns(_whose(shown))
        return only_id(message_id)

    in_office(body, work)
    return forms.done(PLACE, _ANSWERED)


def _whose(shown: Any) -> Any:
    return shown["application_id"] or f"message:{shown['id']}"
