"""The one way in which a complaint changes: an entry, the state that it makes, and the event, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.complaining import AGAIN
from contracts.telling import tell
from intake.deps import Deps
from intake.domain.complaints.clock import next_at
from intake.domain.complaints.complaint import Complaint, moved
from intake.domain.complaints.history import SYSTEM, By, Entry
from intake.store import complaints as store
from intake.usecases.complaining.counting import note
from intake.usecases.offices import office
from kit.db import Tx

_PLAIN = (
    "kind", "complaint_class", "about", "confidentiality", "channel", "application_id", "service", "step", "status",
    "level", "reopened", "filed_at", "changed_at", "check_due_at", "checked_at", "answer_due_at", "answered_at",
    "closes_at", "closed_at", "result",
)  # fmt: skip
_TOLD = ("filed", "more_requested", "answered", "closed")
"""Changes that whoever filed it hears of."""


def change(
    deps: Deps, tx: Tx, complaint: Complaint, action: str, by: By, data: Mapping[str, Any] | None = None,
    words: str | None = None, *, at: datetime | None = None,
) -> None:  # fmt: skip
    """Does something to a complaint, whose row is locked. Raises NotNow, TooLateToReopen."""
    calendar = office(deps, tx, complaint.kelurahan).calendar
    entry = complaint.change(calendar, action, at or deps.clock.now(), by, data or {}, words)
    store.save(tx, deps.data_keys, complaint, entry)
    note(deps, tx, complaint)
    tell_change(deps, tx, complaint, entry)


def reschedule(deps: Deps, tx: Tx, complaint: Complaint) -> bool:
    """Its dates by the calendar as it is now; whether one moved. The row is locked."""
    calendar = office(deps, tx, complaint.kelurahan).calendar
    if moved(calendar, complaint.state):
        change(deps, tx, complaint, "reschedule", SYSTEM)
        return True
    complaint.next_at = next_at(calendar, complaint.state)  # opening hours may have changed and no date
    store.save_next(tx, complaint)
    return False


def tell_change(deps: Deps, tx: Tx, complaint: Complaint, entry: Entry) -> None:
    """The event of a change, with the state after it."""
    person: dict[str, Any] = {}
    if entry.change in _TOLD:
        person["to"] = _reached(complaint)
        person["text"] = entry.words if entry.by.role != "filer" else None
    _tell(deps, tx, complaint, entry.change, entry.by.role, person)


def tell_again(deps: Deps, tx: Tx, complaint: Complaint) -> None:
    """The state, without any change."""
    _tell(deps, tx, complaint, AGAIN, SYSTEM.role, {})


def _tell(deps: Deps, tx: Tx, complaint: Complaint, name: str, actor: str, person: dict[str, Any]) -> None:
    state = complaint.state
    tell(
        tx, deps.event_keys, f"complaint.{name}", subject=complaint.id, tenant=complaint.kelurahan,
        time=state.changed_at,
        data={one: getattr(state, one) for one in _PLAIN} | {
            "complaint_id": complaint.id, "ticket": complaint.ticket, "kelurahan": complaint.kelurahan,
            "assigned": state.assigned_to is not None, "change": name, "actor": actor,
        },
        person=person,
    )  # fmt: skip


def _reached(complaint: Complaint) -> dict[str, Any] | None:
    """Whom messages go to: nobody, where nobody said how he is reached."""
    to = {name: complaint.person.get(name) for name in ("name", "phone", "language", "contact_id")}
    return to if to["phone"] or to["contact_id"] else None
