"""The figures of an office computed once more, from the rows of its timelines and the JSON of its calendar alone, by
going through everything: no rule here is taken from the service."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Rows = Sequence[Mapping[str, Any]]
Fact = tuple[str, int | None, bool | None]  # what, amount, in time
STEP = {"submitted": "receive", "received": "verify", "verified": "produce", "issued": "hand-over"}
NEXT = {"submitted": "received", "received": "verified", "verified": "issued", "issued": "completed"}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@lru_cache
def free(year: int) -> frozenset[date]:
    """National holidays and cuti bersama."""
    found = holidays.country_holidays("ID", years=year, categories=("government", "public"))
    return frozenset(found)


@dataclass(frozen=True)
class Times:
    """When an office works, as its JSON says, and from when on it is so."""

    since: datetime
    zone: ZoneInfo
    calendar: Mapping[str, Any]
    target_days: int

    def hours(self, day: date) -> tuple[datetime, datetime] | None:
        text = day.isoformat()
        if day in free(day.year) or any(
            one["first_day"] <= text <= one["last_day"] for one in self.calendar["closures"]
        ):
            return None
        week = self.calendar["hours"]
        for one in self.calendar["hours_exceptions"]:
            if one["first_day"] <= text <= one["last_day"]:
                week = one["hours"]
        found = week.get(WEEKDAYS[day.weekday()])
        if not found:
            return None
        opens, closes = (
            datetime.fromisoformat(f"{text}T{found[name]}").replace(tzinfo=self.zone) for name in ("opens", "closes")
        )
        return opens.astimezone(UTC), closes.astimezone(UTC)

    def local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def days(self, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = self.local(first)
        while day <= self.local(last):
            if found := self.hours(day):
                yield found
            day += timedelta(days=1)

    def minutes(self, begin: datetime, end: datetime) -> int:
        seconds = sum(
            max(0.0, (min(closes, end) - max(opens, begin)).total_seconds()) for opens, closes in self.days(begin, end)
        )
        return round(seconds / 60)


class Office:
    """What it worked by, one after the other."""

    def __init__(self, times: Sequence[Times]) -> None:
        self.times = sorted(times, key=lambda one: one.since)

    def at(self, at: datetime) -> Times:
        return [one for one in self.times if one.since <= at or one is self.times[0]][-1]

    def facts(self, rows: Rows, promised: int) -> dict[str, tuple[date, Fact]]:
        """The last word on each thing in one case, with the month."""
        found: dict[str, tuple[date, Fact]] = {}

        def say(what: str, at: datetime, amount: int | None = None, met: bool | None = None) -> None:
            found[what] = self.at(at).local(at).replace(day=1), (what, amount, met)

        changes = [
            rows[0],
            *(now for before, now in zip(rows, rows[1:], strict=False) if now["status"] != before["status"]),
        ]
        for number, now in enumerate(changes[1:], 1):
            before, at, times = changes[number - 1], now["at"], self.at(now["at"])
            if NEXT.get(before["status"]) == now["status"]:
                step = STEP[before["status"]]
                visits = [(changes[place - 1], changes[place]) for place in range(1, number + 1)]
                say(step, at, sum(self.at(end["at"]).minutes(begin["at"], end["at"])
                                  for begin, end in visits if begin["status"] == before["status"]))  # fmt: skip
            if before["status"] == "draft" and now["status"] == "submitted":
                say("submitted", at)
                begun = at
            if now["status"] == "issued":
                day = 1 + sum(self._counts(rows, begun, closes) for _, closes in times.days(begun, at) if closes < at)
                say("promise", at, day, day <= promised)
            if now["status"] in ("completed", "rejected", "withdrawn", "expired"):
                say(now["status"], at)
        self._answers(rows, say)
        return found

    @staticmethod
    def _counts(rows: Rows, begun: datetime, closes: datetime) -> bool:
        """Whether a working day that closes then counts: it was submitted before, and lay with the office."""
        before = [row for row in rows if row["at"] < closes]
        return begun < closes and before[-1]["status"] != "returned"

    def _answers(self, rows: Rows, say: Any) -> None:
        asked = None
        for row in rows:
            if row["event"] == "introduction_requested":
                asked = row["at"]
            if asked and row["event"] in ("introduction_granted", "introduction_refused") and row["note"] != "too_late":
                times = self.at(row["at"])
                later = [
                    closes
                    for _, closes in times.days(asked, asked + timedelta(days=90))
                    if times.local(closes) > times.local(asked)
                ]
                say(
                    "introduction",
                    row["at"],
                    times.minutes(asked, row["at"]),
                    row["at"] <= later[times.target_days - 1],
                )
                asked = None


def months(cases: Sequence[tuple[str, dict[str, tuple[date, Fact]]]]) -> dict[date, dict[str, dict[str, list[Fact]]]]:
    """{month: {service, '' of all: {what: facts}}} of cases with their services."""
    found: dict[date, dict[str, dict[str, list[Fact]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for service, facts in cases:
        for month, fact in facts.values():
            for place in ("", service):
                found[month][place][fact[0]].append(fact)
    return found


def shown(facts: Mapping[str, list[Fact]]) -> dict[str, Any]:
    """As a report says it."""
    return {
        **{what: len(facts.get(what, [])) for what in ("submitted", "completed", "rejected", "withdrawn", "expired")},
        "on_time": {"cases": len(facts.get("promise", [])), "met": met(facts.get("promise", []))},
        "days": spread(facts.get("promise", []), 1),
        "steps": {step: spread(facts.get(step, []), 60) for step in STEP.values()},
        "introduction": spread(facts.get("introduction", []), 60) | {"met": met(facts.get("introduction", []))},
    }


def met(facts: Sequence[Fact]) -> int:
    return sum(bool(fact[2]) for fact in facts)


def spread(facts: Sequence[Fact], unit: int) -> dict[str, Any]:
    amounts = sorted(fact[1] or 0 for fact in facts)
    return {
        "cases": len(amounts),
        "median": rank(amounts, Fraction(1, 2), unit),
        "p90": rank(amounts, Fraction(9, 10), unit),
    }


def rank(amounts: Sequence[int], share: Fraction, unit: int) -> float | None:
    """The smallest amount that at least this share of them does not exceed."""
    return round(amounts[math.ceil(share * len(amounts)) - 1] / unit, 1) if amounts else None
