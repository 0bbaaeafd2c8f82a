"""Working hours between two instants, against counting every minute; and by when some working days have passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.calendar import OfficeCalendar, WorkingDay
from intake.domain.hours import closing_after, working_time
from intake.offices import shipped_office

OFFICE = shipped_office("16.71.10.1001")
CALENDAR = OfficeCalendar.from_data(OFFICE["zone"], OFFICE["calendar"])
WIB = ZoneInfo("Asia/Jakarta")
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def minute_by_minute(begin: datetime, end: datetime) -> int:
    """The oracle: is the office open at this minute?"""
    spent, moment = 0, begin
    while moment < end:
        day = CALENDAR.day(moment.astimezone(WIB).date())
        spent += isinstance(day, WorkingDay) and day.opens <= moment < day.closes
        moment += MINUTE
    return spent


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-08-14T09:00", "2026-08-14T11:30", 2.5),
        ("2026-08-14T16:00", "2026-08-18T08:00", 1.0),  # Friday to Tuesday, Monday is a holiday
        ("2026-08-14T20:00", "2026-08-15T10:00", 0),
        ("2026-08-14T11:00", "2026-08-14T10:00", 0),
        ("2026-03-05T06:00", "2026-03-05T20:00", 7),  # Ramadan
        ("2026-08-10T07:30", "2026-08-12T16:00", 25.5),
    ],
)
def test_hours_that_the_office_is_open(begin: str, end: str, hours: float) -> None:
    assert working_time(CALENDAR, at(begin), at(end)) == timedelta(hours=hours)


# Weeks with the beginning of Ramadan, with Idulfitri and its cuti bersama, with a holiday on a Monday, and new year.
_STARTS = st.sampled_from(
    [datetime(*day, tzinfo=UTC) for day in ((2026, 2, 17), (2026, 3, 16), (2026, 8, 13), (2026, 12, 30))]
)


@settings(max_examples=60, deadline=None)
@given(_STARTS, st.integers(0, 3 * 1440), st.integers(0, 4 * 1440))
def test_working_time_agrees_with_counting_every_minute(start: datetime, begins: int, lasts: int) -> None:
    begin = start + begins * MINUTE
    end = begin + lasts * MINUTE
    assert working_time(CALENDAR, begin, end) == minute_by_minute(begin, end) * MINUTE


def test_a_target_of_one_working_day_ends_with_the_next_working_day() -> None:
    assert closing_after(CALENDAR, at("2026-08-13T21:00"), 1) == at("2026-08-14T16:30")
    assert closing_after(CALENDAR, at("2026-08-14T09:00"), 1) == at("2026-08-18T16:00")
    assert closing_after(CALENDAR, at("2026-08-14T09:00"), 2) == at("2026-08-19T16:00")
    assert closing_after(CALENDAR, datetime.combine(date(2099, 12, 31), at("2026-01-01T00:00").timetz()), 900) is None
