"""When somebody who does not answer is reminded, and when his question goes to the next.

asked on a working day                10:00 and 14:00 of the next working day      a reminder each
asked before it opens, or on a rest   the same day's                               (with offices that open at 07:30)
opening of the working day after      the substitute is asked, then the RW head, then an officer
"""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.calendar import OfficeCalendar

AFTER_OPENING = (timedelta(hours=2, minutes=30), timedelta(hours=6, minutes=30))
ON_TIME = timedelta(hours=1)
REMINDERS = len(AFTER_OPENING)


def nudge_at(calendar: OfficeCalendar, asked_at: datetime, reminded: int) -> datetime | None:
    """The next reminder of somebody who was asked then and has been reminded so often; after the last one the
    instant at which his question goes on. None where the calendar has no working days."""
    day = calendar.local_date(asked_at)
    opening = calendar.opening(day)
    early = opening is not None and asked_at <= opening
    first = calendar.next_working_day(day - timedelta(days=1) if early else day)
    if first is None:
        return None
    if reminded < REMINDERS:
        return min(first.opens + AFTER_OPENING[reminded], first.closes - timedelta(minutes=30))
    second = calendar.next_working_day(first.date)
    return second.opens if second else None


def goes_on_at(calendar: OfficeCalendar, asked_at: datetime) -> datetime | None:
    """Until when an answer of somebody who was asked then is waited for before the next one is asked."""
    return nudge_at(calendar, asked_at, REMINDERS)


def asked_from(due: datetime | None, now: datetime) -> datetime:
    """From when the next one is asked: the instant at which it was his turn, unless we come to it much later. Then
    he has all his time from now on, whatever kept us."""
    return due if due is not None and now - due < ON_TIME else now
