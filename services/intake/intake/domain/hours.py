"""Working hours between two instants, and by when a number of working days has passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contracts.calendar import OfficeCalendar, WorkingDay


def working_time(calendar: OfficeCalendar, begin: datetime, end: datetime) -> timedelta:
    """How long the office was open between two instants; nothing when `end` is not after `begin`."""
    spent = timedelta(0)
    if end <= begin:
        return spent
    last = calendar.local_date(end)
    for day in calendar.days_from(calendar.local_date(begin)):
        if day.date > last:
            break
        if isinstance(day, WorkingDay):
            spent += max(min(day.closes, end) - max(day.opens, begin), timedelta(0))
    return spent


def closing_after(calendar: OfficeCalendar, asked_at: datetime, days: int) -> datetime | None:
    """The closing of the `days`-th working day after the day of `asked_at`: until then a question was answered within
    so many working days. None where the calendar has no such day."""
    day: date = calendar.local_date(asked_at)
    found: WorkingDay | None = None
    for _ in range(days):
        found = calendar.next_working_day(day)
        if found is None:
            return None
        day = found.date
    return found.closes if found else None
