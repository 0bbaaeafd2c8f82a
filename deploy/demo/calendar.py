"""The days of the demo: a Friday, then the working days behind it, on the stack's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from deploy.demo.client import DemoFailed, Person, wait_for

ZONE = ZoneInfo("Asia/Jakarta")
FIRST_DAY = date(2026, 8, 14)
SERVICES = ("intake", "verification", "documents", "notify")


@dataclass(frozen=True)
class Days:
    """The three counted days of a case."""

    first: date
    second: date
    third: date


def choose_days(anyone: Person, kelurahan: str) -> Days:
    """Friday 14 August 2026 where the stack's clock has not passed it, else the next Friday that is worked."""
    now = _now(anyone).astimezone(ZONE)
    start = FIRST_DAY if now <= at(FIRST_DAY, 8) else now.date() + timedelta(days=1)
    query = {"kelurahan": kelurahan, "from": start.isoformat(), "to": (start + timedelta(days=60)).isoformat()}
    days: list[dict[str, Any]] = anyone.get("/v1/calendar", **query)["items"]
    working = [date.fromisoformat(day["date"]) for day in days if day["working"]]
    first = next(day for day in working if day.weekday() == 4)
    position = working.index(first)
    return Days(*working[position : position + 3])


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def move_clock(administrator: Person, anyone: Person, to: datetime) -> None:
    """Moves the stack's clock and waits until every service follows; one that is there already stays."""
    if _now(anyone) >= to:
        return
    try:
        administrator.put("/v1/clock", {"now": to.isoformat()})
    except DemoFailed:
        # Where the first answer was lost, the repetition asks for a step back: the clock went on meanwhile.
        if _now(anyone) < to:
            raise
    wanted = float(anyone.get("/v1/clock")["offset_seconds"])
    for service in SERVICES:
        wait_for(partial(_follows, anyone, service, wanted), f"{service} follows the clock")


def _now(anyone: Person) -> datetime:
    return datetime.fromisoformat(anyone.get("/v1/clock")["now"])


def _follows(anyone: Person, service: str, wanted: float) -> bool:
    return abs(float(anyone.get(f"/{service}/health/ready")["clock_offset_seconds"]) - wanted) < 1
