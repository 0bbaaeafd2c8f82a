"""Offices and SOP versions as this process has read them: both never change under their version, so that a copy
is never stale, only one among many."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from contracts.calendar import OfficeCalendar
from intake.domain.figures import TARGET_DAYS
from intake.domain.measuring import Terms

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Office:
    """An office at one version of its data; `since` when its calendar and targets are as they are."""

    code: str
    version: int
    data: dict[str, Any]
    zone: ZoneInfo
    calendar: OfficeCalendar
    since: datetime

    @classmethod
    def from_data(cls, data: dict[str, Any], version: int, since: datetime) -> Office:
        """Raises CalendarDataError for a calendar that is none."""
        calendar = OfficeCalendar.from_data(data["zone"], data["calendar"])
        return cls(data["code"], version, data, calendar.zone, calendar, since)

    def today(self, now: datetime) -> date:
        """The office's date at an instant."""
        return now.astimezone(self.zone).date()

    @property
    def introduction_days(self) -> int:
        """Working days in which an RT head is to answer: published, and in the reports."""
        return int((self.data.get("targets") or {}).get("introduction_days", TARGET_DAYS))

    @property
    def terms(self) -> Terms:
        """What its work is measured by now."""
        return Terms(self.calendar, self.introduction_days, self.since)


@dataclass
class Shelf(Generic[Kept]):
    """A bounded number of things by key. When it is full it begins anew, which costs a query each."""

    room: int = 2000
    things: dict[tuple[Any, ...], Kept] = field(default_factory=dict)

    def get(self, *key: Any) -> Kept | None:
        return self.things.get(key)

    def put(self, thing: Kept, *key: Any) -> Kept:
        if len(self.things) >= self.room:
            self.things.clear()
        self.things[key] = thing
        return thing


@dataclass
class Known:
    """What this process has read."""

    offices: Shelf[Office] = field(default_factory=Shelf)
    sops: Shelf[dict[str, Any]] = field(default_factory=Shelf)
