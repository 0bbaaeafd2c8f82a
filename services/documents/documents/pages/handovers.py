"""`/documents/serah-terima`: the papers lie ready, and somebody receives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from documents.api.common import change_handover, deps
from documents.api.handovers import shown_handover
from documents.domain.cases import Application
from documents.domain.errors import AuthorityNeeded, WrongCode
from documents.domain.handovers import CARRIED, MAY_DO, METHODS, PAYERS, STATUSES, Handover
from documents.pages.common import beside, chosen, filled_in, number, shown
from documents.schemas.office import Because, Choice, Completion, Dispatch, HandoversQuery
from documents.usecases import handing_over, listing, reading
from kit import audit
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words

handover_pages = Blueprint("handover-pages", __name__, url_prefix="/documents/serah-terima")
_ONE = "/<uuid:handover_id>"
_SEE = ("officer", "lurah", "applicant")
_FORMS = {
    "selesai": "complete", "kirim": "dispatch", "tidak-bertemu": "try", "kembali": "bring_back", "pilihan": "choose",
}  # fmt: skip
"""The forms about a hand-over by their addresses, each on a page of its own, what is done most first."""
Act = Callable[[Tx, Handover, Application], None]


@handover_pages.get("")
@allow(*_SEE)
@audit.shows("handover", purpose="list")
def show_handovers() -> Response:
    """Hand-overs, oldest first: the office's, or those of one's own case."""
    asked = chosen(permohonan="application_id", lanjut="cursor")
    query = forms.load(HandoversQuery(), asked)
    found = listing.handovers_of(deps(), caller(), query)
    cases = [one["application_id"] for one in found["items"]]
    audit.concerns(*cases)
    office = caller().has(*reading.STAFF)
    names = listing.names_of_cases(deps(), caller().tenant, cases) if office else {}
    return shown(
        "handovers.html", handovers=found["items"], further=found["next_cursor"], asked=asked, names=names,
        office=office, statuses=STATUSES,
    )  # fmt: skip


@handover_pages.get(_ONE)
@allow(*_SEE)
@audit.shows("handover")
def show_handover(handover_id: UUID, filled: Filled = NOTHING) -> Response:
    """One hand-over; with `?untuk=` the form for what is to be done."""
    reading.check_handover(deps(), caller(), handover_id)
    with deps().db.transaction(caller().tenant) as tx:
        handover, case = reading.handover(deps(), tx, handover_id)
        view = handing_over.detail(deps(), tx, handover, case, caller())
    may = {name: act for name, act in _FORMS.items() if act in handover.takes and caller().has(*MAY_DO[act])}
    wanted = request.args.get("untuk") if request.method == "GET" else request.path.rpartition("/")[2]
    audit.concerns(handover.application_id)
    names = listing.names_of_cases(deps(), caller().tenant, [handover.application_id])
    return shown(
        "handover.html", it=view, may=may, wanted=wanted if wanted in may else None, filled=filled,
        name=names.get(handover.application_id, ""), carried=handover.status == "dispatched", methods=METHODS,
        carriers=CARRIED, payers=PAYERS, office=caller().has(*reading.STAFF),
    )  # fmt: skip


def _done(handover_id: UUID, body: dict[str, Any], act: Act, words: Words) -> Response:
    change_handover(handover_id, body, act, shown_handover)
    return forms.done(f"/documents/serah-terima/{handover_id}", words)


@handover_pages.post(f"{_ONE}/pilihan")
@allow(*MAY_DO["choose"])
@forms.keeps(show_handover)
def choose(handover_id: UUID) -> Response:
    """How the applicant wants to receive the papers, at the price that is shown."""
    typed = forms.typed()
    body = forms.load(Choice(), filled_in(typed, "method"))
    return _done(
        handover_id, body,
        lambda tx, handover, case: handing_over.choose(deps(), tx, handover, case, body["method"]),
        Words("Pilihan tersimpan.", "Your choice is kept."),
    )  # fmt: skip


@handover_pages.post(f"{_ONE}/kirim")
@allow(*MAY_DO["dispatch"])
@forms.keeps(show_handover)
def dispatch(handover_id: UUID) -> Response:
    """Somebody carries the papers; who receives them gets a code."""
    typed = forms.typed()
    given: dict[str, Any] = filled_in(typed, "method", "courier", "price", "payer")
    if "price" in given:
        given["price"] = number(given["price"].strip())
    body = forms.load(Dispatch(), given)
    return _done(
        handover_id, body,
        lambda tx, handover, case: handing_over.dispatch(deps(), tx, handover, case, body, caller().subject),
        Words("Surat diantar; penerima mendapat kode.", "The letters are on their way; the recipient gets a code."),
    )  # fmt: skip


@handover_pages.post(f"{_ONE}/tidak-bertemu")
@allow(*MAY_DO["try"])
@forms.keeps(show_handover)
def record_attempt(handover_id: UUID) -> Response:
    """Nobody was met."""
    typed = forms.typed()
    body = forms.load(Because(), filled_in(typed, "reason"))
    return _done(
        handover_id, body,
        lambda tx, handover, _case: handing_over.record_attempt(deps(), tx, handover, body["reason"], caller().subject),
        Words("Tercatat.", "It is on record."),
    )  # fmt: skip


@handover_pages.post(f"{_ONE}/kembali")
@allow(*MAY_DO["bring_back"])
@forms.keeps(show_handover)
def bring_back(handover_id: UUID) -> Response:
    """The papers are at the office again."""
    typed = forms.typed()
    body = forms.load(Because(), filled_in(typed, "reason"))
    return _done(
        handover_id, body,
        lambda tx, handover, _case: handing_over.bring_back(deps(), tx, handover, body["reason"], caller().subject),
        Words("Surat ada lagi di kantor.", "The letters are at the office again."),
    )  # fmt: skip


@handover_pages.post(f"{_ONE}/selesai")
@allow(*MAY_DO["complete"])
@forms.keeps(show_handover)
def complete(handover_id: UUID) -> Response:
    """Somebody has received the papers."""
    typed = forms.typed()
    given: dict[str, Any] = filled_in(typed, "method", "received_by", "relation", "code", "authority")
    body = forms.load(Completion(), given | {"receipt": "receipt" in typed})
    told = beside("code", WrongCode), beside("authority", AuthorityNeeded)
    with told[0], told[1], handing_over.counting_wrong_codes(deps(), caller().tenant, handover_id):
        return _done(
            handover_id, body,
            lambda tx, handover, case: handing_over.complete(deps(), tx, handover, case, body, caller().subject),
            Words("Surat sudah diserahkan.", "The letters are handed over."),
        )  # fmt: skip
