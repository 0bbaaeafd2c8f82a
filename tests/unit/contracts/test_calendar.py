"""The office's calendar: each rule by name."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.calendar import DayOff, DayReason, OfficeCalendar, WorkingDay, national_holidays
from contracts.calendar_data import CalendarDataError
from intake.offices import shipped_office, shipped_offices

BUKIT_SANGKAL = "16.71.10.1001"
# The joint ministerial decrees, typed from their tables and not computed.
NATIONAL_2026 = "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 12-25"
CUTI_BERSAMA_2026 = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"
NATIONAL_2027 = (
    "01-01 01-05 02-06 03-08 03-10 03-11 03-26 03-28 05-01 05-06 05-17 05-20 06-01 06-06 08-15 08-17 12-25 12-26"
)
CUTI_BERSAMA_2027 = "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24"


def calendar_with(zone: str = "Asia/Jakarta", **changes: Any) -> OfficeCalendar:
    data: Any = copy.deepcopy(shipped_office(BUKIT_SANGKAL)["calendar"])
    return OfficeCalendar.from_data(zone, data | changes)


def period(first: str, last: str | None, name: str = "Renovasi") -> dict[str, str | None]:
    return {"name": name, "first_day": first, "last_day": last}


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("year", "national", "cuti_bersama"),
    [(2026, NATIONAL_2026, CUTI_BERSAMA_2026), (2027, NATIONAL_2027, CUTI_BERSAMA_2027)],
)
def test_national_table_is_the_decree_of_the_year(year: int, national: str, cuti_bersama: str) -> None:
    table = national_holidays(year)
    found = {
        kind: {f"{day:%m-%d}" for day, holiday in table.items() if holiday.cuti_bersama is kind}
        for kind in (False, True)
    }
    assert found == {False: set(national.split()), True: set(cuti_bersama.split())}


def test_national_table_is_computed_once_per_year() -> None:
    assert national_holidays(2026) is national_holidays(2026)


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2026-08-13", "07:30", "16:00"),  # Thursday
        ("2026-08-14", "07:30", "16:30"),  # Friday
        ("2026-02-19", "08:00", "15:00"),  # first day of Ramadan
        ("2026-02-20", "08:00", "15:30"),  # Friday in Ramadan
        ("2026-02-18", "07:30", "16:00"),  # the day before
        ("2027-03-05", "08:00", "15:30"),
        ("2027-03-16", "07:30", "16:00"),
    ],
)
def test_shipped_hours(day: str, opens: str, closes: str) -> None:
    calendar = calendar_with()
    opening, closing = calendar.opening(on(day)), calendar.closing(on(day))
    assert opening is not None
    assert closing is not None
    assert opening.isoformat() == f"{day}T{opens}:00+07:00"
    assert closing.isoformat() == f"{day}T{closes}:00+07:00"


@pytest.mark.parametrize(
    ("day", "reason", "name"),
    [
        ("2026-08-15", DayReason.WEEKEND, None),
        ("2026-08-17", DayReason.HOLIDAY, "Hari Kemerdekaan Republik Indonesia"),
        ("2026-12-24", DayReason.CUTI_BERSAMA, "Cuti Bersama Hari Raya Natal"),
        ("2026-04-05", DayReason.WEEKEND, None),  # a holiday on a Sunday takes nothing away
    ],
)
def test_a_day_off_tells_its_reason(day: str, reason: DayReason, name: str | None) -> None:
    calendar = calendar_with()
    assert calendar.day(on(day)) == DayOff(on(day), reason, name)
    assert not calendar.is_working_day(on(day))
    assert calendar.opening(on(day)) is None
    assert calendar.closing(on(day)) is None


def test_the_offices_own_closure_is_no_working_day_from_first_to_last() -> None:
    calendar = calendar_with(closures=[period("2026-08-19", "2026-08-20")])
    states = [calendar.day(on(f"2026-08-{day}")) for day in (18, 19, 20, 21)]
    assert [isinstance(state, WorkingDay) for state in states] == [True, False, False, True]
    assert states[1] == DayOff(on("2026-08-19"), DayReason.CLOSURE, "Renovasi")


def test_a_holiday_added_by_the_office_is_no_working_day() -> None:
    calendar = calendar_with(holidays_added=[{"date": "2026-06-17", "name": "Hari Jadi Kota"}])
    assert calendar.day(on("2026-06-17")) == DayOff(on("2026-06-17"), DayReason.HOLIDAY, "Hari Jadi Kota")
    assert calendar_with().is_working_day(on("2026-06-17"))


def test_a_holiday_removed_by_the_office_is_a_working_day() -> None:
    calendar = calendar_with(holidays_removed=["2026-12-24"])
    assert calendar.is_working_day(on("2026-12-24"))
    assert not calendar.is_working_day(on("2026-12-25"))


def test_added_wins_over_removed_on_the_same_date() -> None:
    calendar = calendar_with(
        holidays_removed=["2026-12-24"], holidays_added=[{"date": "2026-12-24", "name": "Libur daerah"}]
    )
    assert calendar.day(on("2026-12-24")) == DayOff(on("2026-12-24"), DayReason.HOLIDAY, "Libur daerah")


def test_cut_off_is_closing_time_by_default() -> None:
    day = calendar_with().day(on("2026-08-14"))
    assert isinstance(day, WorkingDay)
    assert day.cut_off == day.closes


def test_cut_off_of_the_office_holds_but_never_later_than_closing() -> None:
    normal, ramadan = (calendar_with(cut_off="15:30").day(on(text)) for text in ("2026-08-13", "2026-02-19"))
    assert isinstance(normal, WorkingDay)
    assert isinstance(ramadan, WorkingDay)
    assert f"{normal.cut_off:%H:%M}" == "15:30"
    assert ramadan.cut_off == ramadan.closes


def test_closed_to_visitors_does_not_close_the_office() -> None:
    calendar = calendar_with(closed_to_visitors=[period("2026-08-01", None, "Pandemi")])
    assert calendar.is_working_day(on("2026-08-14"))
    assert not calendar.receives_visitors(on("2026-08-14"))
    assert calendar.receives_visitors(on("2026-07-31"))


def test_closed_to_visitors_ends_with_its_last_day() -> None:
    calendar = calendar_with(closed_to_visitors=[period("2026-08-01", "2026-08-14", "Pandemi")])
    assert [calendar.receives_visitors(on(f"2026-08-{day}")) for day in (14, 15)] == [False, True]


def test_of_two_overlapping_hours_exceptions_the_later_listed_holds() -> None:
    whole_month = period("2026-08-01", "2026-08-31") | {"hours": {"tuesday": {"opens": "08:00", "closes": "14:00"}}}
    one_day = period("2026-08-18", "2026-08-18") | {"hours": {"tuesday": {"opens": "08:00", "closes": "11:00"}}}
    closing = calendar_with(hours_exceptions=[whole_month, one_day]).closing(on("2026-08-18"))
    assert closing is not None
    assert f"{closing:%H:%M}" == "11:00"


def test_a_weekday_without_hours_is_off_and_says_so() -> None:
    only_tuesdays = period("2026-08-01", "2026-08-31") | {"hours": {"tuesday": {"opens": "08:00", "closes": "14:00"}}}
    calendar = calendar_with(hours_exceptions=[only_tuesdays])
    assert calendar.day(on("2026-08-19")) == DayOff(on("2026-08-19"), DayReason.NO_HOURS)


def test_an_office_may_open_on_a_saturday() -> None:
    saturday = period("2026-08-15", "2026-08-15") | {"hours": {"saturday": {"opens": "08:00", "closes": "12:00"}}}
    assert calendar_with(hours_exceptions=[saturday]).is_working_day(on("2026-08-15"))


def test_next_working_day_passes_over_weekend_and_holiday() -> None:
    following = calendar_with().next_working_day(on("2026-08-14"))
    assert following is not None
    assert following.date == on("2026-08-18")


def test_next_working_day_is_none_on_a_calendar_that_never_works() -> None:
    assert calendar_with(hours={}, hours_exceptions=[]).next_working_day(on("2026-08-14")) is None
    assert calendar_with(closures=[period("2026-01-01", None)]).next_working_day(on("2026-08-14")) is None


def test_days_end_where_the_holiday_table_ends() -> None:
    assert list(calendar_with().days_from(on("2100-12-30")))[-1].date == on("2100-12-31")


def test_cuti_bersama_is_known_for_2026_and_2027_and_not_for_2028() -> None:
    assert [calendar_with().knows_cuti_bersama(year) for year in (2026, 2027, 2028)] == [True, True, False]


def test_cuti_bersama_entered_by_the_office_makes_the_year_known() -> None:
    entered = [{"date": "2028-12-26", "name": "Cuti Bersama Natal", "cuti_bersama": True}]
    calendar = calendar_with(holidays_added=entered)
    assert calendar.knows_cuti_bersama(2028)
    assert not calendar.knows_cuti_bersama(2029)
    assert calendar.day(on("2028-12-26")) == DayOff(on("2028-12-26"), DayReason.CUTI_BERSAMA, "Cuti Bersama Natal")


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)])
def test_business_dates_are_dates_in_the_offices_zone(zone: str, hours: int) -> None:
    calendar = calendar_with(zone)
    midnight = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")) - timedelta(hours=hours)
    assert calendar.local_date(midnight) == on("2026-01-01")
    assert calendar.local_date(midnight - timedelta(seconds=1)) == on("2025-12-31")
    closing = calendar.closing(on("2026-08-14"))
    assert closing is not None
    assert closing.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"hours": {"senin": {"opens": "08:00", "closes": "15:00"}}}, "hours.senin", "unknown-weekday"),
        ({"hours": {"monday": {"opens": "8am", "closes": "15:00"}}}, "hours.monday.opens", "not-a-time"),
        (
            {"hours": {"monday": {"opens": "15:00", "closes": "15:00"}}},
            "hours.monday",
            "closes-before-it-opens",
        ),
        ({"cut_off": "25:00"}, "cut_off", "not-a-time"),
        ({"closures": [period("2026-08-02", "2026-08-01")]}, "closures[0]", "ends-before-it-begins"),
        ({"closures": [period("2026-02-30", None)]}, "closures[0].first_day", "not-a-date"),
        ({"holidays_removed": ["2026-08-17", "17 Agustus"]}, "holidays_removed[1]", "not-a-date"),
        ({"zone": "Europe/Berlin"}, "zone", "unknown-zone"),
    ],
)
def test_wrong_data_are_refused_with_the_place_and_the_reason(changes: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(CalendarDataError) as caught:
        calendar_with(changes.pop("zone", "Asia/Jakarta"), **changes)
    assert (caught.value.path, caught.value.code) == (path, code)


def test_the_shipped_office_is_bukit_sangkal_and_marks_what_is_made_up() -> None:
    assert shipped_offices() == (BUKIT_SANGKAL,)
    office = shipped_office(BUKIT_SANGKAL)
    assert (office["code"], office["zone"], office["address"]["postal_code"]) == (
        BUKIT_SANGKAL,
        "Asia/Jakarta",
        "30114",
    )
    assert set(office["made_up"]) == {"address", "officials", "courier"}
    assert [official["role"] for official in office["officials"]].count("lurah") == 1
    assert all(exception["estimate"] for exception in office["calendar"]["hours_exceptions"])


@pytest.mark.parametrize("code", ["16.71.10.1002", "../domain/x", ""])
def test_an_office_that_does_not_ship_is_a_key_error(code: str) -> None:
    with pytest.raises(KeyError):
        shipped_office(code)
