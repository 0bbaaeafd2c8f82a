"""`/verification/pejabat`: who heads an RT or RW, from when to when, when he is away, and the sheets by which he enrols
his phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from verification.api.common import deps
from verification.domain.heads import Officeholder
from verification.pages.days import typed_days
from verification.pages.sheets import sheets_page
from verification.schemas.heads import (
    Absence,
    EnrolmentQuery,
    NewOfficeholder,
    OfficeholderOut,
    OfficeholdersQuery,
    TermChange,
)
from verification.store import copies
from verification.usecases import enrolling, heads

HOLDERS = "/verification/pejabat"

holder_pages = Blueprint("holder-pages", __name__, url_prefix=HOLDERS)

_ENTERED = Words("Pejabat tersimpan.", "The officeholder is saved.")
_SAVED = Words("Tersimpan.", "Saved.")
_OPEN_AGAIN = Words("Masa jabatan dibuka lagi.", "The term is open again.")
_OF_HOLDER = ("role", "rw", "rt", "name", "phone", "nik", "kk_number")


@holder_pages.get("")
@allow("administrator", "officer")
@audit.shows("officeholder", purpose="list")
def show_holders(filled: Filled = NOTHING) -> Response:
    """Everybody who holds or held an office, of one RW or RT."""
    names = (("rw", "rw"), ("rt", "rt"), ("lanjut", "cursor"))
    asked = {name: request.args[word] for word, name in names if request.args.get(word)}
    with deps().db.transaction(caller().tenant) as tx:
        found = heads.listed_holders(deps(), tx, forms.load(OfficeholdersQuery(), asked))
        name = _office_name(tx)
    audit.concerns(*(f"officeholder:{one.id}" for one in found["items"]))
    return page(
        "holders.html", filled=filled, holders=found["items"], further=found["next_cursor"], chosen=asked, name=name,
        changes=caller().has("administrator"),
    )  # fmt: skip


@holder_pages.get("/baru")
@allow("administrator")
@audit.shows_nobody("a form")
def show_new(filled: Filled = NOTHING) -> Response:
    """Where somebody is entered."""
    with deps().db.transaction(caller().tenant) as tx:
        name = _office_name(tx)
    at = {name: request.args.get(name, "") for name in ("rw", "rt")}
    return page("holder_new.html", filled=filled, at=at, name=name)


@holder_pages.post("/baru")
@allow("administrator")
@forms.keeps(show_new)
def enter() -> Any:
    """Somebody takes office."""
    body = forms.load(NewOfficeholder(), _typed(*_OF_HOLDER) | typed_days(forms.typed(), "from_date", "to_date"))

    def work(tx: Tx) -> Answer:
        return _answer(heads.enter_holder(deps(), tx, caller().tenant, body), 201)

    made = once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
    return forms.done(f"{HOLDERS}/{made.get_json()['id']}", _ENTERED)


@holder_pages.get("/<uuid:officeholder_id>")
@allow("administrator", "officer")
@audit.shows("officeholder")
def show_holder(officeholder_id: UUID, filled: Filled = NOTHING) -> Response:
    """One of them."""
    with recorded(officeholder_id), deps().db.transaction(caller().tenant) as tx:
        holder = heads.find_holder(deps(), tx, officeholder_id)
        name = _office_name(tx)
    audit.concerns(f"officeholder:{officeholder_id}")
    return page("holder.html", filled=filled, holder=holder, name=name, changes=caller().has("administrator"))


@holder_pages.post("/<uuid:officeholder_id>/masa")
@allow("administrator")
@forms.keeps(show_holder)
def change_term(officeholder_id: UUID) -> Any:
    """Sets the last day of a term, or opens it again."""
    typed = forms.typed()
    opens = "buka" in typed
    body = forms.load(TermChange(), {"to_date": None} if opens else typed_days(typed, "to_date"))
    check = answers.check_if_match
    return _change(
        officeholder_id,
        typed,
        lambda tx: heads.end_term(deps(), tx, officeholder_id, body["to_date"], check),
        _OPEN_AGAIN if opens else _SAVED,
    )


@holder_pages.post("/<uuid:officeholder_id>/cuti")
@allow("administrator", "officer")
@forms.keeps(show_holder)
def set_absence(officeholder_id: UUID) -> Any:
    """He is away, or back."""
    typed = forms.typed()
    back = "kembali" in typed
    body = forms.load(Absence(), {"until": None} if back else typed_days(typed, "from", "until"))
    check = answers.check_if_match
    return _change(
        officeholder_id,
        typed,
        lambda tx: heads.set_absence(deps(), tx, officeholder_id, body["first"], body["until"], check),
    )


@holder_pages.post("/undangan")
@allow("administrator")
@audit.shows("officeholder", purpose="print")
@forms.keeps(show_holders)
def print_enrolments() -> Response:
    """Sheets to be printed, one for each head who has not confirmed his number."""
    tenant, query = caller().tenant, forms.load(EnrolmentQuery(), _typed("rw", "rt"))
    with deps().db.transaction(tenant) as tx:
        sheets = enrolling.print_codes(deps(), tx, tenant, query["rw"], query["rt"])
        audit.concerns(*(f"officeholder:{one.holder.id}" for one in sheets))
        audit.changed(tx)
        return sheets_page(sheets, _office_name(tx), copies.office_phone(tx, tenant))


def _change(
    officeholder_id: UUID, typed: Mapping[str, str], change: Callable[[Tx], Officeholder], done: Words = _SAVED
) -> Response:
    with recorded(officeholder_id):
        once(
            deps().db, deps().data_keys, caller(), caller().tenant, dict(typed), lambda tx: _answer(change(tx), 200)
        )  # fmt: skip
    return forms.done(f"{HOLDERS}/{officeholder_id}", done)


def _answer(holder: Officeholder, status: int) -> Answer:
    return answers.answer(OfficeholderOut, holder, status, version=holder.version)


def _typed(*names: str) -> dict[str, str]:
    typed = forms.typed()
    return {name: typed[name] for name in names if typed.get(name, "").strip()}


def _office_name(tx: Tx) -> str:
    return copies.office_name(tx, caller().tenant) or caller().tenant
