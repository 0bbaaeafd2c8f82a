"""Who hears of a step that is about to be late, or is: before the deadline once, after it one level up each time.

    2 hours before the deadline                      approaching   officer
    opening of the 1st working day after the promise missed        officer; the applicant hears of it (`expected_at`)
    opening of the 1st working day after it          missed        officer
    of the 2nd                                       missed        lurah
    of the 3rd                                       missed        camat
    of the 5th                                       missed        city

All of it lies in office hours: what is missed at Friday's closing is told at Monday's opening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from contracts.calendar import OfficeCalendar, WorkingDay
from intake.domain.applications import STEPS

BEFORE = timedelta(hours=2)
INSTANT = timedelta(seconds=1)
LEVELS = (("officer", 1), ("lurah", 2), ("camat", 3), ("city", 5))
_PLACE = {"receive": 0, "verify": 1, "produce": -1}


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody is to hear of a step at an instant. `expected_at` is when the applicant may count on the result now:
    the closing of the next working day; only where it is the promise itself that is missed."""

    at: datetime
    step: str
    level: str
    missed: bool
    due_at: datetime
    expected_at: datetime | None = None


def notices(
    calendar: OfficeCalendar, status: str, deadlines: Sequence[datetime | None], entered_at: datetime | None = None
) -> list[Notice]:
    """What is to be said of the step that a case of this status waits for, in the order of time; nothing while the
    deadline is not known. A step that is entered when it is late already is told at once to the level that has its turn
    by then, in office hours; what lower levels missed before is not repeated."""
    of_step, of_promise = _of_step(calendar, status, deadlines), _of_promise(calendar, status, deadlines)
    if entered_at is not None:
        of_step = _from_then_on(calendar, of_step, entered_at)
        of_promise = [one for one in of_promise if one.at > entered_at]
    return sorted([*of_step, *of_promise], key=lambda one: one.at)


def _from_then_on(calendar: OfficeCalendar, found: list[Notice], entered_at: datetime) -> list[Notice]:
    later = [one for one in found if one.at > entered_at]
    passed = [one for one in found if one.at <= entered_at and one.missed]
    if not passed:
        return later
    at = _office_hours_from(calendar, entered_at)
    if at is None or any(one.at == at for one in later):  # the next level is told at that instant
        return later
    return [replace(passed[-1], at=at, expected_at=None), *later]


def _office_hours_from(calendar: OfficeCalendar, moment: datetime) -> datetime | None:
    day = calendar.day(calendar.local_date(moment))
    if isinstance(day, WorkingDay) and moment < day.closes:
        return max(day.opens, moment + INSTANT)
    following = calendar.next_working_day(calendar.local_date(moment))
    return following.opens if following else None


def _of_promise(calendar: OfficeCalendar, status: str, deadlines: Sequence[datetime | None]) -> list[Notice]:
    """The promise is missed while the case is still in an earlier step: the applicant hears of it all the same."""
    step = STEPS.get(status)
    if step not in _PLACE or not deadlines or deadlines[-1] is None or deadlines[_PLACE[step]] == deadlines[-1]:
        return []
    openings = list(islice(_days_after(calendar, deadlines[-1]), 2))
    if len(openings) < 2:
        return []
    at = openings[0].opens + INSTANT  # behind what is told of the step
    return [Notice(at, step, "officer", True, deadlines[-1], openings[1].closes)]


def _of_step(calendar: OfficeCalendar, status: str, deadlines: Sequence[datetime | None]) -> list[Notice]:
    step = STEPS.get(status)
    if step not in _PLACE or len(deadlines) <= max(_PLACE[step], 0):
        return []
    due = deadlines[_PLACE[step]]
    if due is None:
        return []
    promised = due == deadlines[-1]
    found = [Notice(due - BEFORE, step, "officer", False, due)]
    openings = dict(enumerate(_days_after(calendar, due), 1))
    for level, number in LEVELS:
        if number in openings:
            after = openings.get(number + 1)
            expected = after.closes if after and promised else None
            found.append(Notice(openings[number].opens, step, level, True, due, expected))
    return found


def next_notice(
    calendar: OfficeCalendar,
    status: str,
    deadlines: Sequence[datetime | None],
    after: datetime,
    entered_at: datetime | None = None,
) -> Notice | None:
    """The first one that comes after an instant: no two of a case have the same."""
    return next((one for one in notices(calendar, status, deadlines, entered_at) if one.at > after), None)


def _days_after(calendar: OfficeCalendar, due: datetime) -> Iterator[WorkingDay]:
    """As many working days as the highest level needs, and one more."""
    day = calendar.local_date(due)
    for _ in range(LEVELS[-1][1] + 1):
        found = calendar.next_working_day(day)
        if found is None:
            return
        yield found
        day = found.date
