"""Somebody files a complaint, wish or question, and has his ticket at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from intake.deps import Deps
from intake.domain.complaints.clock import dates_of, next_at
from intake.domain.complaints.complaint import ANONYMOUS, Complaint, plain
from intake.domain.complaints.filing import check_place, person_of
from intake.domain.complaints.handling import first_level
from intake.domain.complaints.history import By, Entry, begun
from intake.domain.complaints.tickets import new_secret, new_ticket
from intake.domain.identity import IdentityError, normalise_tracking_code
from intake.store import applications
from intake.store import complaints as store
from intake.usecases.complaining.changing import tell_change
from intake.usecases.complaining.counting import note
from intake.usecases.offices import in_force, office
from intake.usecases.reading import CodeUnknown
from kit.auth import Caller
from kit.db import Tx
from kit.ids import new_id

FILER = By("filer")


@dataclass(frozen=True)
class Filed:
    """A new complaint, and the code by which whoever filed it goes on with it: told once, kept as a hash."""

    complaint: Complaint
    secret: str


def file(deps: Deps, tx: Tx, body: dict[str, Any], who: Caller | None = None, *, channel: str = "http") -> Filed:
    """Takes {kind, text, about, confidentiality, name, phone, contact_id, language, tracking_code, service, step} at
    the office that `tx` is of. `who`: his login, which is not looked at where it is anonymous. Raises OfficeUnknown,
    ServiceUnknown, CodeUnknown, Unprocessable."""
    found, now = office(deps, tx, tx.tenant), deps.clock.now()
    owner = who.subject if who is not None and body["confidentiality"] != ANONYMOUS and _is_person(who) else None
    person = person_of(body, owner is not None)
    case = _case(deps, tx, body.get("tracking_code"))
    service = check_place(body, case.service if case else None)
    if service is not None and case is None:
        in_force(deps, tx, found.code, service)
    data = {name: body.get(name) for name in ("kind", "about", "confidentiality", "step")} | {
        "channel": channel, "level": first_level(body["about"]), "service": service,
        "application_id": str(case.id) if case else None,
    }  # fmt: skip
    begins = begun(Entry(1, now, "filed", FILER, data))
    entry = Entry(1, now, "filed", FILER, data | plain(dates_of(found.calendar, begins)), body["text"])
    secret, complaint_id = new_secret(secrets.randbits), new_id()
    complaint = Complaint(
        complaint_id, found.code, new_ticket(secrets.randbits), begun(entry), owner, person=person,
        secret_hash=deps.data_keys.fingerprint(secret, store.secret_context(complaint_id)),
    )  # fmt: skip
    complaint.next_at = next_at(found.calendar, complaint.state)
    store.add(tx, deps.data_keys, complaint, entry)
    note(deps, tx, complaint)
    tell_change(deps, tx, complaint, entry)
    return Filed(complaint, secret)


def _is_person(who: Caller) -> bool:
    """Staff file for somebody at the counter: it is not theirs."""
    return who.has("applicant")


def _case(deps: Deps, tx: Tx, code: str | None) -> Any:
    """The case that it is about. Raises CodeUnknown."""
    if code is None:
        return None
    try:
        case = applications.by_code(tx, deps.data_keys, normalise_tracking_code(code))
    except IdentityError as error:
        raise CodeUnknown from error
    if case is None:
        raise CodeUnknown
    return case
