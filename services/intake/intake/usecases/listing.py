"""Lists of cases: the office's queue, and the cases of one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.store import applications as store
from intake.usecases import reading
from intake.usecases.offices import office
from kit.auth import Caller
from kit.paging import page, position


def listed(deps: Deps, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of cases, and the office's name. Staff see the queue by promised date, without `status` what lies in the
    office; everybody else the own cases, the newest first. Raises Unprocessable for a cursor that is none."""
    staff, limit, now = who.has(*reading.STAFF), query["limit"], deps.clock.now()
    with deps.db.transaction(who.tenant) as tx:
        found = office(deps, tx, who.tenant)
        if staff:
            after = position(query["cursor"], datetime.fromisoformat, UUID)
            cases = store.queue(tx, deps.data_keys, query, after, limit, now)
        else:
            cases = store.of_owner(tx, deps.data_keys, who.subject, query, position(query["cursor"], UUID), limit)
        shown = page(cases, limit, lambda app: (app.due_at, app.id) if staff else (app.id,))
        return shown | {
            "items": reading.entries(deps, tx, shown["items"], who, found, now),
            "office_name": found.data["name"],
        }
