"""Helpers are on record: how many cases a day one opens for others is limited, and the office sees who does."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.consent import TooManyCases
from intake.known import Office
from intake.store import helpers as store
from kit.auth import Caller
from kit.db import Row, Tx

DAILY, DAILY_RT_HEAD = 5, 20
"""New cases a day, where the office says nothing else."""


def limits(found: Office) -> tuple[int, int]:
    """Of a neighbour, and of an RT head."""
    chosen = found.data.get("helpers") or {}
    return chosen.get("daily_limit", DAILY), chosen.get("rt_head_daily_limit", DAILY_RT_HEAD)


def count(deps: Deps, tx: Tx, caller: Caller, found: Office, helper: dict[str, Any]) -> UUID:
    """One more case by this helper; at the counter he is known by his phone, and not limited. Raises TooManyCases."""
    counter = caller.has("officer")
    known = f"phone:{helper['phone']}" if counter else f"login:{caller.subject}"
    now = deps.clock.now()
    person = {"name": helper["name"], "phone": helper["phone"]}
    counted = store.count(tx, deps.data_keys, caller.tenant, known, person, found.today(now), now)
    usual, of_rt_head = limits(found)
    most = of_rt_head if caller.has("rt_head", "rw_head") else usual
    if not counter and counted.on_day > most:
        raise TooManyCases(most, (_tomorrow(found, now) - now).total_seconds())
    return counted.id


def shown(found: Office, now: datetime, row: Row) -> dict[str, Any]:
    """A helper for the office's eyes."""
    return {
        "id": row["id"],
        "name": row["name"],
        "phone": row["phone"],
        "cases": row["cases"],
        "today": row["on_day"] if row["day"] == found.today(now) else 0,
        "last_at": row["last_at"].astimezone(found.zone),
        "applications": f"/v1/applications?helper={row['id']}",
    }


def _tomorrow(found: Office, now: datetime) -> datetime:
    """Midnight, where the office is."""
    return datetime.combine(found.today(now) + timedelta(days=1), time(), found.zone)
