"""What is measured of a case, from the lines of its timeline."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.calendar import OfficeCalendar
from intake.domain.measuring import Line, Noted, Terms, measured, working_day
from intake.offices import shipped_office

OFFICE = shipped_office("16.71.10.1001")
CALENDAR = OfficeCalendar.from_data(OFFICE["zone"], OFFICE["calendar"])
WIB = ZoneInfo("Asia/Jakarta")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-08-{text}").replace(tzinfo=WIB)


def of(*timeline: tuple[str, str] | tuple[str, str, str]) -> dict[str, Line]:
    """The lines of a case: at, status, and the event where it is another."""
    noted = [Noted(at(one[0]), one[1], one[2] if len(one) > 2 else one[1], None) for one in timeline]
    _, lines = measured(noted, 3, lambda _at: Terms(CALENDAR, 1, at("01T00:00")))
    return {line.what: line for line in lines}


def test_the_real_days_count_as_the_promise_does_so_that_one_is_kept_when_they_are_no_more() -> None:
    """Friday, Monday is a holiday, then Tuesday and Wednesday."""
    for issued, days in (
        ("14T10:00", 1),
        ("14T16:30", 1),
        ("14T16:31", 2),
        ("18T16:00", 2),
        ("19T16:00", 3),
        ("19T16:01", 4),
    ):
        found = of(
            ("14T08:00", "draft"),
            ("14T09:00", "submitted"),
            (issued, "received"),
            (issued, "verified"),
            (issued, "issued"),
        )
        assert found["promise"] == Line("promise", at(issued), days, days <= 3), issued


def test_days_that_end_with_the_applicant_count_neither_as_promised_nor_as_real() -> None:
    found = of(
        ("10T08:00", "draft"), ("10T09:00", "submitted"), ("10T15:00", "returned"), ("12T09:00", "submitted"),
        ("12T10:00", "received"), ("12T11:00", "verified"), ("13T11:00", "issued"),
    )  # fmt: skip
    assert found["promise"].amount == 2, "Wednesday and Thursday"
    assert found["receive"].amount == 7 * 60, "six hours on Monday and one on Wednesday"


def test_submitted_after_closing_and_issued_before_the_next_opening_it_is_the_first_day() -> None:
    assert working_day(CALENDAR, at("14T16:30"), [], at("15T09:00")) == 1
    assert working_day(CALENDAR, at("14T16:29"), [], at("15T09:00")) == 2


def test_a_case_that_takes_long_has_as_many_days_as_it_takes() -> None:
    assert working_day(CALENDAR, at("03T09:00"), [], at("31T09:00")) == 19, "Monday 17 and Tuesday 25 are holidays"


def test_an_answer_that_came_too_late_for_the_case_is_none_and_each_request_has_one() -> None:
    draft = ("10T08:00", "draft")
    asked, granted = ("10T09:00", "draft", "introduction_requested"), ("11T16:00", "draft", "introduction_granted")
    assert of(draft, asked, granted)["introduction"] == Line("introduction", at("11T16:00"), 15 * 60 + 30, True)
    assert of(draft, asked, granted, ("12T16:00", *granted[1:]))["introduction"].at == at("11T16:00")
    late = Noted(at("12T09:00"), "withdrawn", "introduction_granted", "too_late")
    noted = [
        Noted(at("10T08:00"), "draft", "opened", None), Noted(at("10T09:00"), "draft", asked[2], None),
        Noted(at("11T09:00"), "withdrawn", "withdrawn", None), late,
    ]  # fmt: skip
    _, lines = measured(noted, 3, lambda _at: Terms(CALENDAR, 1, at("01T00:00")))
    assert [line.what for line in lines] == ["withdrawn"]
