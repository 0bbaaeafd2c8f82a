"""Complaints of a period as the city's own system (LAPOR) knows them: what each is, when, where it stands and how it
ended; nobody's name and nothing that was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from contracts.bulk import each_office
from contracts.reach import reach_of
from intake.deps import Deps
from intake.domain.complaints.classes import LAPOR
from intake.domain.complaints.complaint import Complaint
from intake.known import Office
from intake.store import complaints as store
from intake.usecases.complaining.reading import known_to
from intake.usecases.exporting import moment
from intake.usecases.offices import office, reached
from kit.auth import Caller
from kit.db import Tx

COLUMNS = (
    "ticket", "lapor_class", "kelurahan", "office", "kind", "complaint_class", "about", "service", "step", "channel",
    "confidentiality", "status", "level", "reopened", "filed_at", "check_due_at", "checked_at", "answer_due_at",
    "answered_at", "closed_at", "result", "cursor",
)  # fmt: skip
_TIMES = ("filed_at", "check_due_at", "checked_at", "answer_due_at", "answered_at", "closed_at")

Found = tuple[Complaint, Office]


def rows(deps: Deps, who: Caller, query: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Batches of those that were filed in the period, in office time, office after office. Raises OutOfReach,
    Unprocessable for a cursor that is none."""
    reach, about = reach_of(who).narrowed(query["kelurahan"]), known_to(who)

    def read(tx: Tx, kelurahan: str, after: list[Any] | None, limit: int) -> list[Found]:
        place = office(deps, tx, kelurahan)
        begins = datetime.combine(query["first"], time(), place.zone)
        ends = datetime.combine(query["last"] + timedelta(days=1), time(), place.zone)
        return [(one, place) for one in store.filed_between(tx, deps.data_keys, (begins, ends), about, after, limit)]

    found = each_office(
        deps.db, reached(deps, reach), query["cursor"], (moment, UUID), read,
        lambda one: (one[0].state.filed_at.isoformat(), one[0].id),
    )  # fmt: skip
    return ([_row(*one) | {"cursor": cursor} for one, cursor in batch] for batch in found)


def _row(complaint: Complaint, place: Office) -> dict[str, Any]:
    state = complaint.state
    own = {
        "ticket": complaint.ticket, "lapor_class": LAPOR[state.kind], "kelurahan": complaint.kelurahan,
        "office": place.data["name"],
    }  # fmt: skip
    times = {name: _said(getattr(state, name), place) for name in _TIMES}
    return {name: (own | times).get(name, getattr(state, name, None)) for name in COLUMNS}


def _said(at: datetime | None, place: Office) -> datetime | None:
    return at.astimezone(place.zone) if at else None
