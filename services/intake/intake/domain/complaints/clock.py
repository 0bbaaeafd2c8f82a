"""When a complaint is due, closes by itself and goes up, by the office's calendar.

The office's time counts as that of a case does: its first day is the working day on which the clock began, or the next
one after the cut-off, and days that end with whoever filed it do not count. Other people's time (to supply more, to
reopen) begins with the working day after. What is late goes up when the office opens:

    1st working day after it was due     lurah
    3rd                                  camat
    5th                                  city
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from contracts.calendar import OfficeCalendar, WorkingDay
from intake.domain.complaints.classes import CHECK_DAYS, REOPEN_DAYS, SILENT_DAYS, WORKING_DAYS
from intake.domain.complaints.handling import CAMAT, CITY, LURAH, rank
from intake.domain.complaints.history import State
from intake.domain.complaints.states import ANSWERED, CHECKED, FILED, WAITING
from intake.domain.deadlines import Pause, compute_deadlines

LADDER = ((LURAH, 1), (CAMAT, 3), (CITY, 5))


def check_due(calendar: OfficeCalendar, state_from: datetime, pauses: Any = ()) -> datetime | None:
    """By when it is to be checked."""
    return _due(calendar, state_from, pauses, CHECK_DAYS)


def answer_due(calendar: OfficeCalendar, state_from: datetime, pauses: Any, complaint_class: str) -> datetime | None:
    """By when it is to be answered."""
    return _due(calendar, state_from, pauses, WORKING_DAYS[complaint_class])


def silent_until(calendar: OfficeCalendar, asked_at: datetime) -> datetime | None:
    """When it closes, unless somebody supplies what was asked for."""
    return _closing_after(calendar, asked_at, SILENT_DAYS)


def reopen_until(calendar: OfficeCalendar, answered_at: datetime) -> datetime | None:
    """Until when an answer can be objected to."""
    return _closing_after(calendar, answered_at, REOPEN_DAYS)


def dates_of(calendar: OfficeCalendar, state: State) -> dict[str, datetime | None]:
    """The dates of a complaint as this calendar has them: while it lies with the office by when it is to act, else when
    it closes by itself. What was due and is done stays as it was."""
    running = "check_due_at" if state.checked_at is None else "answer_due_at"
    if state.status == FILED:
        return {running: check_due(calendar, state.clock_from, state.pauses), "closes_at": None}
    if state.status == CHECKED and state.complaint_class:
        due = answer_due(calendar, state.clock_from, state.pauses, state.complaint_class)
        return {running: due, "closes_at": None}
    if state.status == WAITING:
        return {running: None, "closes_at": _no_earlier(state.closes_at, silent_until(calendar, state.pauses[-1][0]))}
    if state.status == ANSWERED and state.answered_at:
        return {"closes_at": _no_earlier(state.closes_at, reopen_until(calendar, state.answered_at))}
    return {}


def _no_earlier(told: datetime | None, new: datetime | None) -> datetime | None:
    """A date that whoever filed it was told, and counts on: a calendar that changes moves it later only."""
    return max(told, new) if told and new else told or new


def next_escalation(calendar: OfficeCalendar, state: State) -> tuple[datetime, str] | None:
    """When it goes up next, and to whom; not before its last change."""
    if state.due_at is None:
        return None
    openings = list(islice(_days_after(calendar, state.due_at), LADDER[-1][1]))
    for level, number in LADDER:
        if rank(level) > rank(state.level) and number <= len(openings):
            return max(openings[number - 1].opens, state.changed_at), level
    return None


def next_at(calendar: OfficeCalendar, state: State) -> datetime | None:
    """When something happens to it by itself."""
    if state.status in (WAITING, ANSWERED):
        return state.closes_at
    found = next_escalation(calendar, state)
    return found[0] if found else None


def _due(calendar: OfficeCalendar, since: datetime, pauses: Any, days: int) -> datetime | None:
    return compute_deadlines(calendar, since, [Pause(*one) for one in pauses], days).deadlines[-1]


def _closing_after(calendar: OfficeCalendar, moment: datetime, days: int) -> datetime | None:
    found = list(islice(_days_after(calendar, moment), days))
    return found[-1].closes if len(found) == days else None


def _days_after(calendar: OfficeCalendar, moment: datetime) -> Iterator[WorkingDay]:
    following = calendar.days_from(calendar.local_date(moment) + timedelta(days=1))
    return (day for day in following if isinstance(day, WorkingDay))
