"""`/notify/pesan`: what people were sent; what failed stands there until somebody has looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, once
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words
from notify.api.common import deps
from notify.domain.words import rupiah
from notify.pages.common import by_clock, office_name
from notify.schemas import MessageOut, MessagesQuery, Search
from notify.store import outages
from notify.usecases import costs, reading

MESSAGES = "/notify/pesan"
ALL = "semua"

message_pages = Blueprint("message-pages", __name__, url_prefix=MESSAGES)

_TIMES = ("created_at", "expires_at", "waits_until", "settled_at")
_AGAIN = Words("Pesan akan dikirim lagi.", "The message will be sent again.")


@message_pages.get("")
@allow("officer", "administrator")
@audit.shows("message", purpose="list")
def show_messages() -> Response:
    """The newest first: those that failed, until another choice is made; of one case all of them."""
    given = {name: request.args[word] for word, name in _FILTERS.items() if request.args.get(word)}
    status = given.get("status", ALL if "application_id" in given else "failed")
    asked = {name: value for name, value in given.items() if name != "status"}
    query = forms.load(MessagesQuery(), asked | ({} if status == ALL else {"status": status}))
    with deps().db.transaction(caller().tenant) as tx:
        found = reading.listed(deps(), tx, caller(), query, newest_first=True)
        shown, name = by_clock(tx, found["items"], *_TIMES), office_name(tx)
        month, out = costs.of_month(deps(), tx, caller().tenant, None), outages.of_office(tx, caller().tenant)
    audit.concerns(*(one["application_id"] for one in shown))
    return page(
        "messages.html", messages=shown, month=month | _amounts(month), out=out,
        further=found["next_cursor"], state=status,
        of_case=asked.get("application_id"), name=name, searches=caller().has("administrator"),
        opens_cases=caller().has("officer"),
    )  # fmt: skip


_FILTERS = {"permohonan": "application_id", "keadaan": "status", "lanjut": "cursor"}


@message_pages.get("/<uuid:message_id>")
@allow("officer", "administrator")
@audit.shows("message")
def show_message(message_id: UUID, filled: Filled = NOTHING) -> Response:
    """One message, how often it was tried and what became of it."""
    with recorded(message_id), deps().db.transaction(caller().tenant) as tx:
        message = reading.find(deps(), tx, caller(), message_id)
        [shown] = by_clock(tx, [reading.shown(deps(), message, caller())], *_TIMES)
        name = office_name(tx)
    audit.concerns(message.application_id)
    return page("message.html", message=shown, filled=filled, name=name, opens_cases=caller().has("officer"))


@message_pages.post("/<uuid:message_id>/ulang")
@allow("officer", "administrator")
@forms.keeps(show_message)
def send_again(message_id: UUID) -> Any:
    """Sends a message that failed once more."""
    typed = forms.typed()

    def work(tx: Tx) -> Answer:
        message = reading.send_again(deps(), tx, caller(), message_id, answers.check_if_match)
        return answers.answer(MessageOut, reading.shown(deps(), message, caller()), version=message.version)

    with recorded(message_id):
        once(deps().db, deps().data_keys, caller(), caller().tenant, dict(typed), work)
    return forms.done(f"{MESSAGES}/{message_id}", _AGAIN)


@message_pages.get("/cari")
@allow("administrator")
@audit.shows_nobody("a form")
def show_search(filled: Filled = NOTHING) -> Response:
    """Where a number is typed."""
    with deps().db.transaction(caller().tenant) as tx:
        name = office_name(tx)
    return page("search.html", filled=filled, found=None, further=None, phone="", name=name)


@message_pages.post("/cari")
@allow("administrator")
@audit.changes_nothing
@audit.shows("message", purpose="search")
@forms.keeps(show_search)
def search() -> Any:
    """What a number was sent. A form, since a number has no place in an address."""
    typed = forms.typed()
    body = forms.load(Search(), {name: typed[name] for name in ("phone", "cursor") if typed.get(name)})
    with deps().db.transaction(caller().tenant) as tx:
        found = reading.sent_to(deps(), tx, caller(), body)
        shown, name = by_clock(tx, found["items"], *_TIMES), office_name(tx)
    audit.concerns(*(one["application_id"] for one in shown))
    return page("search.html", found=shown, further=found["next_cursor"], phone=typed["phone"], name=name)


def _amounts(month: Mapping[str, Any]) -> dict[str, Any]:
    """As they are written out."""
    return {name: rupiah(month[name]) if month[name] is not None else None for name in ("price", "budget")} | {
        "spent": month["price"] > 0
    }
