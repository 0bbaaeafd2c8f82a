"""What happens to complaints by itself, in the order of time: late ones go up, silent ones close, and so do those that
nobody objected to. A calendar that changed moves their dates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from intake.deps import Deps
from intake.domain.complaints.clock import next_at, next_escalation
from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.history import SYSTEM
from intake.domain.complaints.states import NO_OBJECTION, SILENT, WAITING
from intake.store import complaints as store
from intake.usecases.complaining.changing import change, reschedule, tell_again
from intake.usecases.offices import office
from kit.batches import each_batch
from kit.db import Tx
from kit.due import NEVER, do_due

BATCH = 200


def do_all(deps: Deps) -> int:
    """Does what is due in all offices; how much."""
    return do_due(deps.db, deps.clock, store.due, lambda tx, one: _do_next(deps, tx, one))


def _do_next(deps: Deps, tx: Tx, complaint_id: UUID) -> datetime | None:
    """The next thing that is due for this one, stamped with the time at which it was due. When the one after it is;
    None when nothing was, because another process did it or somebody came before."""
    found = store.lock(tx, deps.data_keys, complaint_id)
    now = deps.clock.now()
    if found is None or found.next_at is None or found.next_at > now:
        return None
    if not _escalated(deps, tx, found, now) and not _ended(deps, tx, found, now):
        found.next_at = next_at(office(deps, tx, found.kelurahan).calendar, found.state)  # by another calendar
        store.save_next(tx, found)
    return found.next_at or NEVER


def _escalated(deps: Deps, tx: Tx, complaint: Complaint, now: datetime) -> bool:
    due = next_escalation(office(deps, tx, complaint.kelurahan).calendar, complaint.state)
    if due is None or due[0] > now:
        return False
    at, level = due
    change(deps, tx, complaint, "escalate", SYSTEM, {"level": level}, at=at)
    return True


def _ended(deps: Deps, tx: Tx, complaint: Complaint, now: datetime) -> bool:
    closes_at = complaint.state.closes_at
    if closes_at is None or closes_at > now:
        return False
    result = SILENT if complaint.state.status == WAITING else NO_OBJECTION
    at = max(closes_at, complaint.state.changed_at)  # its history does not run backwards
    change(deps, tx, complaint, "end", SYSTEM, {"result": result}, at=at)
    return True


def recompute(deps: Deps, kelurahan: str) -> int:
    """Dates of an office's open complaints by its calendar as it is now, batch by batch; how many moved."""
    moved, after = 0, None
    while True:
        with deps.db.transaction(kelurahan) as tx:
            found = store.lock_open(tx, deps.data_keys, kelurahan, after, BATCH)
            moved += sum(reschedule(deps, tx, one) for one in found)
        if not found:
            return moved
        after = found[-1].id


def republish(deps: Deps) -> int:
    """Tells the state of all that are kept; how many."""

    def tell_batch(tx: Tx, after: UUID | None) -> list[UUID]:
        found = store.batch(tx, deps.data_keys, after, BATCH)
        for one in found:
            tell_again(deps, tx, one)
        return [one.id for one in found]

    return each_batch(deps.db, tell_batch)
