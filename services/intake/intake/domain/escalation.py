"""Who hears of a step that is about to be late, or is: before the deadline once, after it one level up each time.

    2 hours before the deadline                      approaching   officer
    opening of the 1st working day after it          missed        officer
    of the 2nd                                       missed        lurah
    of the 3rd                                       missed        camat
    of the 5th                                       missed        city

All of it lies in office hours: what is missed at Friday's closing is told at Monday's opening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.calendar import OfficeCalendar, WorkingDay
from intake.domain.applications import STEPS

BEFORE = timedelta(hours=2)
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


def notices(calendar: OfficeCalendar, status: str, deadlines: Sequence[datetime | None]) -> list[Notice]:
    """What is to be said of the step that a case of this status waits for, in the order of time; nothing while the
    deadline is not known."""
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
    calendar: OfficeCalendar, status: str, deadlines: Sequence[datetime | None], after: datetime
) -> Notice | None:
    """The first one that comes after an instant."""
    return next((one for one in notices(calendar, status, deadlines) if one.at > after), None)


def _days_after(calendar: OfficeCalendar, due: datetime) -> Iterator[WorkingDay]:
    """As many working days as the highest level needs, and one more."""
    day = calendar.local_date(due)
    for _ in range(LEVELS[-1][1] + 1):
        found = calendar.next_working_day(day)
        if found is None:
            return
        yield found
        day = found.date
