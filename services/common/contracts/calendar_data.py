"""An office's calendar as data: how it is written in files, rows and requests, and how it is read.

Times are `HH:MM` on the office's wall, dates `YYYY-MM-DD`, and both ends of a period belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import NotRequired, TypedDict

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class HoursData(TypedDict):
    """Opening and closing time of a weekday."""

    opens: str
    closes: str


class PeriodData(TypedDict):
    """Days from the first to the last, both included; without a last day it goes on until one is set."""

    name: str
    first_day: str
    last_day: str | None


class HoursExceptionData(PeriodData):
    """Other hours for a period; weekdays not named are off. Where two overlap, the later listed holds."""

    hours: Mapping[str, HoursData]
    estimate: NotRequired[bool]


class HolidayData(TypedDict):
    """A holiday that the national table lacks, such as a local election."""

    date: str
    name: str
    cuti_bersama: NotRequired[bool]


class CalendarData(TypedDict):
    """The calendar as offices keep it, as the shipped file has it and as it travels."""

    hours: Mapping[str, HoursData]
    hours_exceptions: Sequence[HoursExceptionData]
    cut_off: str | None
    closures: Sequence[PeriodData]
    holidays_added: Sequence[HolidayData]
    holidays_removed: Sequence[str]
    closed_to_visitors: Sequence[PeriodData]


class CalendarDataError(ValueError):
    """The office's data make no calendar: `path` says where, `code` says what is wrong there."""

    def __init__(self, path: str, code: str) -> None:
        super().__init__(f"{path}: {code}")
        self.path = path
        self.code = code


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when the office works on a weekday."""

    opens: time
    closes: time


Week = Mapping[int, Hours]


@dataclass(frozen=True, slots=True)
class Period:
    """A named run of days, both ends included; open-ended while `last_day` is None."""

    name: str
    first_day: date
    last_day: date | None

    def covers(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class HoursException:
    """Other hours for a period, such as Ramadan; an estimate is one that the office should look at again."""

    period: Period
    week: Week
    estimate: bool


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the whole country, or this office, does not work."""

    name: str
    cuti_bersama: bool = False


def read_time(path: str, text: str) -> time:
    """A time of day, `HH:MM`."""
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError as error:
        raise CalendarDataError(path, "not-a-time") from error


def read_date(path: str, text: str) -> date:
    """A date, `YYYY-MM-DD`."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise CalendarDataError(path, "not-a-date") from error


def read_week(path: str, data: Mapping[str, HoursData]) -> Week:
    """Hours by weekday, Monday is 0; a weekday that is not named has none."""
    week = {}
    for name, entry in data.items():
        where = f"{path}.{name}"
        if name not in WEEKDAYS:
            raise CalendarDataError(where, "unknown-weekday")
        hours = Hours(read_time(f"{where}.opens", entry["opens"]), read_time(f"{where}.closes", entry["closes"]))
        if hours.closes <= hours.opens:
            raise CalendarDataError(where, "closes-before-it-opens")
        week[WEEKDAYS.index(name)] = hours
    return MappingProxyType(week)


def read_period(path: str, data: PeriodData) -> Period:
    """One period."""
    first = read_date(f"{path}.first_day", data["first_day"])
    last = None if data["last_day"] is None else read_date(f"{path}.last_day", data["last_day"])
    if last is not None and last < first:
        raise CalendarDataError(path, "ends-before-it-begins")
    return Period(data["name"], first, last)


def read_periods(path: str, data: Sequence[PeriodData]) -> tuple[Period, ...]:
    """A list of periods."""
    return tuple(read_period(f"{path}[{i}]", each) for i, each in enumerate(data))


def read_exceptions(data: Sequence[HoursExceptionData]) -> Iterator[HoursException]:
    """Periods with other hours, in the order given."""
    for i, each in enumerate(data):
        path = f"hours_exceptions[{i}]"
        week = read_week(f"{path}.hours", each["hours"])
        yield HoursException(read_period(path, each), week, estimate=each.get("estimate", False))


def read_holidays(data: Sequence[HolidayData]) -> Mapping[date, Holiday]:
    """The office's own holidays by date."""
    added = {
        read_date(f"holidays_added[{i}].date", each["date"]): Holiday(
            each["name"], cuti_bersama=each.get("cuti_bersama", False)
        )
        for i, each in enumerate(data)
    }
    return MappingProxyType(added)
