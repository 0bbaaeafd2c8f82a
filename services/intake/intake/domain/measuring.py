"""What is measured of a case on its way, by the office's calendar: the lines that figures are made of.

receive verify produce hand-over    working minutes that a step took, all its visits; with the applicant none runs
promise                             the working day of its clock on which the letters were there (1: the first), and
                                    whether that is within what was promised
introduction                        working minutes until the RT head answered, and whether within the target
submitted completed …               that it happened

The same rules measure a case while it goes on and once more from its timeline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from contracts.calendar import OfficeCalendar
from intake.domain.applications import STEPS
from intake.domain.deadlines import Pause, compute_deadlines
from intake.domain.hours import closing_after, working_time

ENDED_BY = {"received": "receive", "verified": "verify", "issued": "produce", "completed": "hand-over"}
"""Which step has ended when a case comes from there into this status."""
ENDS = ("completed", "rejected", "withdrawn", "expired")
PROMISE, INTRODUCTION, SUBMITTED = "promise", "introduction", "submitted"
TOO_LATE = "too_late"
"""The note of what came to a case that had moved on: it decided nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a subject or was measured of it; `at` None: it holds no more."""

    what: str
    at: datetime | None
    amount: int | None = None
    met: bool | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an office's work is measured by, and since when."""

    calendar: OfficeCalendar
    introduction_days: int
    since: datetime


@dataclass
class Course:
    """How far a case has come, as far as figures go. Each visit of a step is counted to the minute."""

    status: str
    since: datetime
    spent: dict[str, int] = field(default_factory=dict)
    submitted_at: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    asked_at: datetime | None = None

    def move(self, calendar: OfficeCalendar, promised_days: int, target: str, at: datetime) -> list[Line]:
        """The case leaves its status for `target`: what that says."""
        lines = self._step(calendar, target, at)
        if (self.status, target) == ("draft", "submitted"):
            self.submitted_at = at
            lines.append(Line(SUBMITTED, at))
        if target == "issued" and self.submitted_at is not None:
            days = working_day(calendar, self.submitted_at, self.pauses, at)
            lines.append(Line(PROMISE, at, days, days <= promised_days))
        if target in ENDS:
            lines.append(Line(target, at))
        self._rest(target, at)
        self.status, self.since = target, at
        return lines

    def answer(self, calendar: OfficeCalendar, target_days: int, at: datetime) -> list[Line]:
        """The RT head answered, if he was asked."""
        if self.asked_at is None:
            return []
        target = closing_after(calendar, self.asked_at, target_days)
        minutes = _minutes(calendar, self.asked_at, at)
        self.asked_at = None
        return [Line(INTRODUCTION, at, minutes, target is None or at <= target)]

    def _step(self, calendar: OfficeCalendar, target: str, at: datetime) -> list[Line]:
        step = STEPS.get(self.status)
        if step is None:
            return []
        self.spent = self.spent | {step: self.spent.get(step, 0) + _minutes(calendar, self.since, at)}
        return [Line(step, at, self.spent[step])] if ENDED_BY.get(target) == step else []

    def _rest(self, target: str, at: datetime) -> None:
        """The clock rests while the case is returned."""
        if target == "returned":
            self.pauses = [*self.pauses, Pause(at)]
        elif self.status == "returned":
            self.pauses = [*self.pauses[:-1], Pause(self.pauses[-1].returned_at, at)]


class Noted(NamedTuple):
    """A line of a timeline."""

    at: datetime
    status: str
    event: str
    note: str | None


def measured(
    timeline: Sequence[Noted], promised_days: int, by: Callable[[datetime], Terms]
) -> tuple[Course, list[Line]]:
    """How far a case has come and the last word on each thing, from its timeline alone. `by` says what the office's
    work was measured by at an instant."""
    course = Course(timeline[0].status, timeline[0].at)
    last: dict[str, Line] = {}
    for noted in timeline:
        known, lines = by(noted.at), list[Line]()
        if noted.event == "introduction_requested":
            course.asked_at = noted.at
        elif noted.event in ("introduction_granted", "introduction_refused") and noted.note != TOO_LATE:
            lines = course.answer(known.calendar, known.introduction_days, noted.at)
        elif noted.status != course.status:
            lines = course.move(known.calendar, promised_days, noted.status, noted.at)
        last |= {line.what: line for line in lines}
    return course, list(last.values())


def working_day(calendar: OfficeCalendar, submitted_at: datetime, pauses: Sequence[Pause], at: datetime) -> int:
    """On which working day of the case's clock it is: the deadline of that day is the first one not before `at`."""
    days = 8
    while True:
        known = compute_deadlines(calendar, submitted_at, pauses, days).deadlines
        passed = sum(1 for deadline in known if deadline is not None and deadline < at)
        if passed < days:
            return passed + 1
        days *= 4


def _minutes(calendar: OfficeCalendar, begin: datetime, end: datetime) -> int:
    return round(working_time(calendar, begin, end).total_seconds() / 60)
