"""Complaints of a period as the city's own system (LAPOR) knows them, line by line: what each is, when, where it stands
and how it ended; nobody's name and nothing that was written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from contracts.reach import reach_of
from intake.deps import Deps
from intake.domain.complaints.classes import LAPOR
from intake.domain.complaints.complaint import Complaint
from intake.known import Office
from intake.store import complaints as store
from intake.usecases.offices import within
from kit.auth import Caller
from kit.db import EVERY_TENANT
from kit.due import Due

BATCH = 500
COLUMNS = (
    "ticket", "lapor_class", "kelurahan", "office", "kind", "complaint_class", "about", "service", "step", "channel",
    "confidentiality", "status", "level", "reopened", "filed_at", "check_due_at", "checked_at", "answer_due_at",
    "answered_at", "closed_at", "result",
)  # fmt: skip
_TIMES = ("filed_at", "check_due_at", "checked_at", "answer_due_at", "answered_at", "closed_at")


def rows(deps: Deps, who: Caller, first: date, last: date) -> Iterator[dict[str, Any]]:
    """Those filed from the first day to the last, in office time, of the caller's office or all below his kecamatan or
    city, in the order in which they were filed. Read in batches, a short transaction each."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        places = {one.code: one for one in within(deps, tx, reach_of(who))}
    for zone in sorted({str(one.zone) for one in places.values()}):
        here = {code: one for code, one in places.items() if str(one.zone) == zone}
        yield from _of_zone(deps, here, first, last)


def _of_zone(deps: Deps, places: dict[str, Office], first: date, last: date) -> Iterator[dict[str, Any]]:
    zone = next(iter(places.values())).zone
    begins = datetime.combine(first, time(), zone)
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    after: Due | None = None
    while True:
        with deps.db.transaction(EVERY_TENANT) as tx:
            found = store.filed_between(tx, deps.data_keys, sorted(places), (begins, ends), after, BATCH)
        yield from (_row(one, places[one.kelurahan]) for one in found)
        if len(found) < BATCH:
            return
        after = (found[-1].state.filed_at, found[-1].id)


def _row(complaint: Complaint, place: Office) -> dict[str, Any]:
    state = complaint.state
    own = {
        "ticket": complaint.ticket, "lapor_class": LAPOR[state.kind], "kelurahan": complaint.kelurahan,
        "office": place.data["name"],
    }  # fmt: skip
    times = {name: _said(getattr(state, name), place) for name in _TIMES}
    return {name: (own | times).get(name, getattr(state, name, None)) for name in COLUMNS}


def _said(at: datetime | None, place: Office) -> str | None:
    return at.astimezone(place.zone).isoformat() if at else None


def as_ndjson(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A JSON object a line."""
    for row in found:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def as_csv(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """With a line of names first. No value begins as a formula does."""
    yield _line(COLUMNS)
    for row in found:
        yield _line(["" if row[name] is None else str(row[name]) for name in COLUMNS])


def _line(values: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()
