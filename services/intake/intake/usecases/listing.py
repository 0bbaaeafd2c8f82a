"""Lists of cases: the office's queue, and the cases of one person."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.case import Application
from intake.known import Office
from intake.store import applications as store
from intake.usecases import reading
from intake.usecases.offices import office
from kit.auth import Caller
from kit.db import Tx
from kit.paging import encode_cursor, page, position

MOST_FOUND = 50


def listed(deps: Deps, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of cases, and the office's name. Staff see the queue by promised date, without `status` what lies in the
    office; everybody else the own cases, the newest first. Raises Unprocessable for a cursor that is none."""
    staff, limit, now = who.has(*reading.STAFF), query["limit"], deps.clock.now()
    with deps.db.transaction(who.tenant) as tx:
        found = office(deps, tx, who.tenant)
        if staff:
            after = position(query["cursor"], datetime.fromisoformat, UUID)
            cases = store.queue(tx, deps.data_keys, in_office_time(found, query), after, limit, now)
        else:
            cases = store.of_owner(tx, deps.data_keys, who.subject, query, position(query["cursor"], UUID), limit)
        shown = page(cases, limit, lambda app: (app.due_at, app.id) if staff else (app.id,))
        return shown | {
            "items": reading.entries(deps, tx, shown["items"], who, found, now),
            "office_name": found.data["name"],
        }


def found(deps: Deps, who: Caller, by: dict[str, Any]) -> list[dict[str, Any]]:
    """The office's cases by what somebody names, the newest first, at most MOST_FOUND. Raises CodeUnknown."""
    with deps.db.transaction(who.tenant) as tx:
        place = office(deps, tx, who.tenant)
        cases = reading.look_up(deps, tx, by, MOST_FOUND)
        return reading.entries(deps, tx, cases, who, place, deps.clock.now())


def place_of(app: Application) -> str:
    """Where it stands in a queue, as a cursor says it."""
    return encode_cursor(app.due_at.isoformat(), app.id)


def following(deps: Deps, tx: Tx, app: Application, query: dict[str, Any], place: str) -> UUID | None:
    """The case that comes after this place in the queue that was chosen, and is not this one; after its end the first
    again. Raises Unprocessable for a place that is none."""
    chosen, now = in_office_time(office(deps, tx, app.kelurahan), query), deps.clock.now()
    for after in (position(place, datetime.fromisoformat, UUID), None):
        for one in store.queue(tx, deps.data_keys, chosen, after, 1, now):
            if one.id != app.id:
                return one.id
    return None


def in_office_time(found: Office, query: dict[str, Any]) -> dict[str, Any]:
    """The same with a day as the office's moments from midnight to midnight."""
    if not query.get("due"):
        return query
    begins = datetime.combine(query["due"], time(), found.zone)
    return query | {"due": (begins, begins + timedelta(days=1))}
