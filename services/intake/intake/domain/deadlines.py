"""The clock of a case: which days count, when each step is due, and what the applicant is promised.

    submitted ──▶ day 1, receive ──▶ day 2, verify ──▶ day 3, produce ──▶ promised
                        │  ▲
               returned │  │ resubmitted        days that end here do not count

Day 1 is the working day of submission, or the next one when it comes at or after the cut-off. A working day
counts if the case lies with the office when it closes. Whatever happens at the closing instant itself
happens after it: submitted or resubmitted then is too late for that day, returned then still counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from contracts.calendar import FIRST_YEAR, LAST_YEAR, DayOff, DayReason, OfficeCalendar, WorkingDay

STEPS = 3  # receive, verify, produce


class ClockError(ValueError):
    """Times of a case that cannot be; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Pause(NamedTuple):
    """The time a case lay with its applicant; `resubmitted_at` is None while it still does."""

    returned_at: datetime
    resubmitted_at: datetime | None = None

    def spans(self, closing: datetime) -> bool:
        """Whether the case was with the applicant when the office closed."""
        return self.returned_at < closing and (self.resubmitted_at is None or self.resubmitted_at >= closing)


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One day of a case: the step it counts for, or the reason why it counts for none."""

    date: date
    counted: bool
    step: int | None
    reason: DayReason
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Each day from submission to the last deadline, and the deadlines, None where not yet knowable."""

    days: tuple[ClockDay, ...]
    deadlines: tuple[datetime | None, ...]

    @property
    def promised_at(self) -> datetime | None:
        """When the applicant has the result at the latest: the last deadline."""
        return self.deadlines[-1]


def compute_deadlines(
    calendar: OfficeCalendar,
    submitted_at: datetime,
    pauses: Sequence[Pause] = (),
    steps: int = STEPS,
) -> Deadlines:
    """Count the days of a case. While it lies with its applicant the list ends at the first day that ends so.

    Pauses that overlap or are given twice count once. Always comes to an end: a calendar without working
    days within reach leaves deadlines None.
    """
    _check(submitted_at, pauses, steps)
    days: list[ClockDay] = []
    deadlines: list[datetime | None] = []
    for known in calendar.days_from(calendar.local_date(submitted_at)):
        reason = _reason(known, submitted_at, pauses)
        counted = isinstance(known, WorkingDay) and reason is DayReason.WORKING_DAY
        if isinstance(known, WorkingDay) and counted:
            deadlines.append(known.closes)
        name = known.name if isinstance(known, DayOff) else None
        days.append(ClockDay(known.date, counted, len(deadlines) if counted else None, reason, name))
        if len(deadlines) == steps or _open_end(known, pauses):
            break
    deadlines.extend([None] * (steps - len(deadlines)))
    return Deadlines(tuple(days), tuple(deadlines))


def _check(submitted_at: datetime, pauses: Sequence[Pause], steps: int) -> None:
    if steps < 1:
        raise ClockError("no-steps")
    instants = [submitted_at, *(at for pause in pauses for at in pause if at is not None)]
    for at in instants:
        if at.utcoffset() is None:
            raise ClockError("time-without-offset")
        if not FIRST_YEAR < at.year < LAST_YEAR:  # strictly, so that no zone can push it over the edge
            raise ClockError("year-out-of-range")
    for returned_at, resubmitted_at in pauses:
        if returned_at < submitted_at:
            raise ClockError("returned-before-submitted")
        if resubmitted_at is not None and resubmitted_at < returned_at:
            raise ClockError("resubmitted-before-returned")


def _reason(known: WorkingDay | DayOff, submitted_at: datetime, pauses: Sequence[Pause]) -> DayReason:
    if isinstance(known, DayOff):
        return known.reason
    if submitted_at >= known.cut_off:
        return DayReason.AFTER_CUT_OFF
    if any(pause.spans(known.closes) for pause in pauses):
        return DayReason.RETURNED
    return DayReason.WORKING_DAY


def _open_end(known: WorkingDay | DayOff, pauses: Sequence[Pause]) -> bool:
    """Whether nobody can know what comes after this day: it ended with the applicant, who still has it."""
    if isinstance(known, DayOff):
        return False
    return any(pause.resubmitted_at is None and pause.spans(known.closes) for pause in pauses)
