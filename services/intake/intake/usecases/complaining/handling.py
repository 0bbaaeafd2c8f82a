"""What those who handle a complaint do: check, assign, ask for more, answer, put into another class, close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.accounts import ACTIVE, OFFICE_ROLES, STAFF, Account
from intake.domain.complaints.classes import CLASSES_OF
from intake.domain.complaints.clock import reopen_until
from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.handling import LURAH, acts_as, first_level, rank
from intake.domain.complaints.history import By, State
from intake.store import accounts
from intake.usecases.complaining.changing import change
from intake.usecases.offices import office
from kit.db import Tx
from kit.problems import Unprocessable, Words

_NO_CLASS = Words("Kelas ini tidak untuk jenis pengaduan ini.", "This kind has no such class.")
_NO_STAFF = Words(
    "Pilih petugas aktif di kantor Anda yang boleh menangani pengaduan ini.",
    "Choose an active member of your office's staff who may handle this.",
)
_NOT_OF_OFFICE = Words("Pilih petugas kantor ini.", "Choose a member of this office's staff.")


def check(deps: Deps, tx: Tx, complaint: Complaint, by: By, body: dict[str, Any]) -> None:
    """{complaint_class, about, about_staff}: what it is, and from now on its time runs. Whoever finds that it is about
    somebody else than it said passes it on by that. Raises NotNow, Unprocessable."""
    change(deps, tx, complaint, "check", by, _classed(deps, tx, complaint, body))


def reclass(deps: Deps, tx: Tx, complaint: Complaint, by: By, body: dict[str, Any]) -> None:
    """{complaint_class, about, about_staff, reason}: the same later on. Raises NotNow, Unprocessable."""
    change(deps, tx, complaint, "reclass", by, _classed(deps, tx, complaint, body), body["reason"])


def _classed(deps: Deps, tx: Tx, complaint: Complaint, body: dict[str, Any]) -> dict[str, Any]:
    if body["complaint_class"] not in CLASSES_OF[complaint.state.kind]:
        raise Unprocessable(errors={"json": {"complaint_class": [_NO_CLASS]}})
    data: dict[str, Any] = {"complaint_class": body["complaint_class"]}
    about = body.get("about")
    if "about_staff" in body:
        whom = _of_office(deps, tx, body["about_staff"])
        data["about_staff"] = whom and str(whom.id)
        if whom is not None and LURAH in whom.roles:  # by his account, too, it is none of those who work under him
            about = LURAH
    if about:
        data["about"] = about
        begins = first_level(about)
        if rank(begins) > rank(complaint.state.level):
            data["level"] = begins
    return data | _taken_away(deps, tx, complaint, data)


def _of_office(deps: Deps, tx: Tx, account_id: UUID | None) -> Account | None:
    """Somebody of the office's staff, whether he still is or not; None takes back what was said. Raises
    Unprocessable."""
    account = accounts.get(tx, deps.data_keys, account_id) if account_id else None
    if account_id and (account is None or account.kind != STAFF):
        raise Unprocessable(errors={"json": {"about_staff": [_NOT_OF_OFFICE]}})
    return account


def _taken_away(deps: Deps, tx: Tx, complaint: Complaint, data: dict[str, Any]) -> dict[str, Any]:
    """What becomes somebody else's to handle is in the hands of whoever had it no more."""
    there = replace(complaint.state, **{name: data[name] for name in ("about", "about_staff", "level") if name in data})
    if there.assigned_to is None:
        return {}
    account = accounts.get(tx, deps.data_keys, UUID(there.assigned_to))
    return {} if account is not None and _may_handle(account, there) else {"assigned_to": None}


def assign(deps: Deps, tx: Tx, complaint: Complaint, by: By, account_id: UUID) -> None:
    """To somebody of the staff who may handle it. Raises NotNow, Unprocessable."""
    account = accounts.get(tx, deps.data_keys, account_id)
    if account is None or not _may_handle(account, complaint.state):
        raise Unprocessable(errors={"json": {"account_id": [_NO_STAFF]}})
    change(deps, tx, complaint, "assign", by, {"assigned_to": str(account_id)})


def who_may_handle(deps: Deps, tx: Tx, complaint: Complaint) -> list[Account]:
    """Those of the office's staff to whom it can be given."""
    return [one for one in staff_of(deps, tx) if _may_handle(one, complaint.state)]


def staff_of(deps: Deps, tx: Tx) -> list[Account]:
    """Who works at the office."""
    return accounts.active_staff(tx, deps.data_keys, sorted(OFFICE_ROLES))


def could_be_about(deps: Deps, tx: Tx, complaint: Complaint) -> list[Account]:
    """Who works at the office, and whom it is said to be about, who may have left."""
    there = staff_of(deps, tx)
    named = complaint.state.about_staff
    if named is None or named in {str(one.id) for one in there}:
        return there
    account = accounts.get(tx, deps.data_keys, UUID(named))
    return [*there, account] if account is not None else there


def _may_handle(account: Account, state: State) -> bool:
    return (
        account.kind == STAFF and account.state == ACTIVE
        and acts_as(account.roles, str(account.id), state.about, state.about_staff, state.level) is not None
    )  # fmt: skip


def ask(deps: Deps, tx: Tx, complaint: Complaint, by: By, words: str) -> None:
    """For more; meanwhile its time rests. Raises NotNow."""
    change(deps, tx, complaint, "ask", by, words=words)


def answer(deps: Deps, tx: Tx, complaint: Complaint, by: By, words: str) -> None:
    """Raises NotNow."""
    change(deps, tx, complaint, "answer", by, words=words)


def close(deps: Deps, tx: Tx, complaint: Complaint, by: By, result: str, words: str) -> None:
    """It is none of this office's, known already, or nothing to be handled: with the reason, which can be objected to
    as an answer can. Raises NotNow."""
    until = reopen_until(office(deps, tx, complaint.kelurahan).calendar, deps.clock.now())
    change(deps, tx, complaint, "close", by, {"result": result, "reopen_until": until}, words)
