"""What an officer is warned of when somebody wants to marry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contracts.calendar import OfficeCalendar
from intake.domain.wedding import warnings, working_days
from intake.offices import shipped_office

TODAY = date(2026, 8, 19)  # a Wednesday; Tuesday 25 August is a holiday
SOP = {"fields": [{"code": "wedding_date"}]}
OFFICE: Any = shipped_office("16.71.10.1001")
CALENDAR = OfficeCalendar.from_data(OFFICE["zone"], OFFICE["calendar"])


@pytest.mark.parametrize(
    ("wedding", "soon"),
    [("2026-09-02", True), ("2026-09-03", False), ("2026-08-19", True), ("2026-08-01", True), ("2030-01-01", False)],
)
def test_a_wedding_in_less_than_ten_working_days_is_too_soon_to_be_registered(wedding: str, soon: bool) -> None:
    assert ("wedding-too-soon" in warnings(SOP, {"wedding_date": wedding}, CALENDAR, TODAY)) is soon


def test_working_days_are_those_of_the_office() -> None:
    assert working_days(CALENDAR, TODAY, date(2026, 8, 26)) == 4
    closed: dict[str, Any] = OFFICE["calendar"] | {
        "closures": [{"name": "Tutup", "first_day": "2026-01-01", "last_day": None}]
    }
    never = OfficeCalendar.from_data(OFFICE["zone"], closed)
    assert working_days(never, TODAY, date(2026, 12, 31)) == 0
    assert "wedding-too-soon" in warnings(SOP, {"wedding_date": "2026-12-31"}, never, TODAY)


def test_the_courts_leave_is_needed_under_19() -> None:
    assert warnings(SOP, {"under_19": "yes"}, CALENDAR, TODAY) == ["court-dispensation-needed"]
    assert warnings(SOP, {"under_19": "no"}, CALENDAR, TODAY) == []


@pytest.mark.parametrize("day", [None, "", "besok"])
def test_nothing_is_said_of_a_wedding_without_a_day_or_of_another_service(day: Any) -> None:
    assert warnings(SOP, {"wedding_date": day}, CALENDAR, TODAY) == []
    assert warnings({"fields": []}, {"wedding_date": "2026-08-20", "under_19": "yes"}, CALENDAR, TODAY) == []
