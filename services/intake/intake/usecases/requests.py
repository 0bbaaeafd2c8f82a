"""What people asked for about their data and is not done yet: shown to the office, measured, and warned of in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from intake.deps import Deps
from intake.domain import requests as rules
from intake.store import requests as store
from intake.usecases.offices import office
from kit.db import EVERY_TENANT, Tx
from kit.metrics import REQUESTS_DUE
from kit.paging import page

log = structlog.get_logger()


def listed(deps: Deps, tx: Tx, after: tuple[datetime, UUID] | None, limit: int) -> dict[str, Any]:
    """A page of the office's, the nearest end first."""
    zone, now = office(deps, tx, tx.tenant).zone, deps.clock.now()
    rows = store.page(tx, rules.WITHIN, after, limit)
    shown = page(rows, limit, lambda row: (row["due_at"].isoformat(), row["id"]))
    items = [
        {name: row[name] for name in ("kind", "application_id", "tracking_code")}
        | {"state": rules.state_of(row["due_at"], now)}
        | {name: row[name].astimezone(zone) for name in ("requested_at", "due_at")}
        for row in shown["items"]
    ]
    return shown | {"items": items}


def figures(deps: Deps, tx: Tx) -> list[dict[str, Any]]:
    """{kind, open, soon, late} of every kind, at this moment."""
    found = {row["kind"]: row for row in store.count(tx, rules.WITHIN, deps.clock.now(), rules.WARNED)}
    none = {"open": 0, "soon": 0, "late": 0}
    return [{"kind": kind} | none | found.get(kind, {}) for kind in rules.KINDS]


def watch(deps: Deps) -> int:
    """Measures all offices' together, and warns before the time of any is over; how many are near it or late."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        every = figures(deps, tx)
    for row in every:
        for state in rules.STATES:
            REQUESTS_DUE.labels(row["kind"], state).set(row[state])
        if row["soon"] or row["late"]:
            log.warning("requests about people's data are near the end of their time", **row)
    return sum(row["soon"] + row["late"] for row in every)
