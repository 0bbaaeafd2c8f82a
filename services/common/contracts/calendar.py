"""The calendar of one office: on which days it works, from when to when, and why not on the others.

An `OfficeCalendar` is made from the office's own data and a table of national holidays; from then on it is
a value: the same question has the same answer. Business dates are dates in the office's zone, and every
instant that comes out is aware and in that zone.

What makes a day off, in the order in which it is told: no hours on that weekday, the office's own closure,
a holiday or cuti bersama. *Closed to visitors* is none of these: the office works, it only receives nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from contracts.calendar_data import (
    CalendarData,
    CalendarDataError,
    Holiday,
    HoursException,
    Period,
    Week,
    read_date,
    read_exceptions,
    read_holidays,
    read_periods,
    read_time,
    read_week,
)

ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")  # WIB, WIB, WITA, WIT
FIRST_YEAR, LAST_YEAR = 2000, 2100
# A calendar that closes for longer than this has no next working day: whoever walks it must come to an end.
LONGEST_REST_DAYS = 400


class DayReason(StrEnum):
    """Why a day counts or does not. The last two are said by the clock of a case, never by the calendar."""

    WORKING_DAY = "working_day"
    WEEKEND = "weekend"
    NO_HOURS = "no_hours"
    CLOSURE = "closure"
    HOLIDAY = "holiday"
    CUTI_BERSAMA = "cuti_bersama"
    AFTER_CUT_OFF = "after_cut_off"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A day on which the office works. What arrives at `cut_off` or later belongs to the next working day."""

    date: date
    opens: datetime
    closes: datetime
    cut_off: datetime


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which it does not, with the reason and, where it has one, its name."""

    date: date
    reason: DayReason
    name: str | None = None


HolidayTable = Callable[[int], Mapping[date, Holiday]]


@cache
def national_holidays(year: int) -> Mapping[date, Holiday]:
    """National holidays and cuti bersama of a year, with their Indonesian names; computed once per year."""
    table = {
        day: Holiday(name, cuti_bersama=category == "government")
        for category in ("government", "public")  # where both name a day, the national holiday is told
        for day, name in holidays.country_holidays("ID", years=year, categories=(category,), language="id").items()
    }
    return MappingProxyType(table)


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """Working days, hours and closures of one office."""

    zone: ZoneInfo
    week: Week
    exceptions: tuple[HoursException, ...] = ()
    cut_off: time | None = None
    closures: tuple[Period, ...] = ()
    holidays_added: Mapping[date, Holiday] = field(default_factory=dict)
    holidays_removed: frozenset[date] = frozenset()
    closed_to_visitors: tuple[Period, ...] = ()
    national: HolidayTable = national_holidays

    @classmethod
    def from_data(cls, zone: str, data: CalendarData, national: HolidayTable = national_holidays) -> OfficeCalendar:
        """Build the calendar from the office's data; `CalendarDataError` says what is wrong with them."""
        if zone not in ZONES:
            raise CalendarDataError("zone", "unknown-zone")
        cut_off = data["cut_off"]
        return cls(
            zone=ZoneInfo(zone),
            week=read_week("hours", data["hours"]),
            exceptions=tuple(read_exceptions(data["hours_exceptions"])),
            cut_off=None if cut_off is None else read_time("cut_off", cut_off),
            closures=read_periods("closures", data["closures"]),
            holidays_added=read_holidays(data["holidays_added"]),
            holidays_removed=frozenset(
                read_date(f"holidays_removed[{i}]", text) for i, text in enumerate(data["holidays_removed"])
            ),
            closed_to_visitors=read_periods("closed_to_visitors", data["closed_to_visitors"]),
            national=national,
        )

    def day(self, day: date) -> WorkingDay | DayOff:
        """What the office does on a day: its working hours, or the reason why it has none."""
        hours = self._week_of(day).get(day.weekday())
        if hours is None:
            return DayOff(day, DayReason.WEEKEND if day.weekday() >= 5 else DayReason.NO_HOURS)
        if closure := _covering(self.closures, day):
            return DayOff(day, DayReason.CLOSURE, closure.name)
        if holiday := self.holiday(day):
            reason = DayReason.CUTI_BERSAMA if holiday.cuti_bersama else DayReason.HOLIDAY
            return DayOff(day, reason, holiday.name)
        # What comes after closing cannot lie with the office at closing, so the cut-off is never later.
        cut_off = hours.closes if self.cut_off is None else min(self.cut_off, hours.closes)
        opens, closes, late = (self._at(day, wall) for wall in (hours.opens, hours.closes, cut_off))
        return WorkingDay(day, opens, closes, cut_off=late)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on that day."""
        return isinstance(self.day(day), WorkingDay)

    def opening(self, day: date) -> datetime | None:
        """The instant at which the office opens on that day, None on a day off."""
        known = self.day(day)
        return known.opens if isinstance(known, WorkingDay) else None

    def closing(self, day: date) -> datetime | None:
        """The instant at which the office closes on that day, None on a day off."""
        known = self.day(day)
        return known.closes if isinstance(known, WorkingDay) else None

    def next_working_day(self, after: date) -> WorkingDay | None:
        """The first working day after a date, None when the calendar has none within reach."""
        days = self.days_from(after + timedelta(days=1))
        return next((day for day in days if isinstance(day, WorkingDay)), None)

    def days_from(self, first: date) -> Iterator[WorkingDay | DayOff]:
        """Every day from a date on, each as `day` tells it. Comes to an end, see LONGEST_REST_DAYS."""
        rest, day = 0, first
        while rest <= LONGEST_REST_DAYS and day.year <= LAST_YEAR:
            known = self.day(day)
            rest = 0 if isinstance(known, WorkingDay) else rest + 1
            yield known
            day += timedelta(days=1)

    def holiday(self, day: date) -> Holiday | None:
        """The holiday on that day: the office's own word first, then the national table."""
        if day in self.holidays_added:
            return self.holidays_added[day]
        return None if day in self.holidays_removed else self.national(day.year).get(day)

    def receives_visitors(self, day: date) -> bool:
        """Whether people may come that day, as far as the switch goes; the clock does not ask."""
        return _covering(self.closed_to_visitors, day) is None

    def knows_cuti_bersama(self, year: int) -> bool:
        """Whether cuti bersama of a year is known. If not, a promise in that year may still move."""
        own = (holiday for day, holiday in self.holidays_added.items() if day.year == year)
        return any(holiday.cuti_bersama for holiday in (*self.national(year).values(), *own))

    def local_date(self, instant: datetime) -> date:
        """The office's date at an instant."""
        return instant.astimezone(self.zone).date()

    def _week_of(self, day: date) -> Week:
        found = (each.week for each in reversed(self.exceptions) if each.period.covers(day))
        return next(found, self.week)

    def _at(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, tzinfo=self.zone)


def _covering(periods: Sequence[Period], day: date) -> Period | None:
    return next((period for period in periods if period.covers(day)), None)
