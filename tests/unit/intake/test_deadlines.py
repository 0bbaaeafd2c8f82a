"""The clock of a case: each rule by name, and an oracle that counts minutes and shares no code with it."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.calendar import DayReason, OfficeCalendar
from intake.domain.deadlines import ClockError, Deadlines, Pause, compute_deadlines
from intake.offices import shipped_office

WIB = "Asia/Jakarta"


def calendar_with(zone: str = WIB, **changes: Any) -> OfficeCalendar:
    data: Any = copy.deepcopy(shipped_office("16.71.10.1001")["calendar"])
    return OfficeCalendar.from_data(zone, data | changes)


def at(text: str, offset: str = "+07:00") -> datetime:
    return datetime.fromisoformat(text + offset)


def pause(returned: str, resubmitted: str | None = None) -> Pause:
    return Pause(at(returned), at(resubmitted) if resubmitted else None)


def counted(result: Deadlines) -> list[str]:
    return [f"{day.date:%m-%d}" for day in result.days if day.counted]


def due(result: Deadlines) -> list[str | None]:
    return [f"{deadline:%m-%d %H:%M}" if deadline else None for deadline in result.deadlines]


def run(submitted: str, *pauses: Pause, **changes: Any) -> Deadlines:
    return compute_deadlines(calendar_with(**changes), at(submitted), pauses)


# The examples of the design and of the calendar's facts.


@pytest.mark.parametrize(
    ("submitted", "days"),
    [
        ("2026-08-14T09:00", ["08-14", "08-18", "08-19"]),  # Monday 17 is a holiday
        ("2026-08-14T16:30", ["08-18", "08-19", "08-20"]),
        ("2026-11-25T10:00", ["11-25", "11-26", "11-27"]),
        ("2026-12-23T10:00", ["12-23", "12-28", "12-29"]),  # cuti bersama, Christmas, weekend
        ("2026-12-23T20:00", ["12-28", "12-29", "12-30"]),
        ("2027-03-05T10:00", ["03-05", "03-16", "03-17"]),  # across Idulfitri
        ("2027-01-01T00:30", ["01-04", "01-06", "01-07"]),  # New Year, weekend, Isra Mikraj on the 5th
    ],
)
def test_known_examples(submitted: str, days: list[str]) -> None:
    assert counted(run(submitted)) == days


def test_deadlines_are_the_closing_times_in_the_offices_zone() -> None:
    result = run("2026-08-14T09:00")
    assert [deadline.isoformat() for deadline in result.deadlines if deadline] == [
        "2026-08-14T16:30:00+07:00",
        "2026-08-18T16:00:00+07:00",
        "2026-08-19T16:00:00+07:00",
    ]
    assert result.promised_at == result.deadlines[2]


def test_deadlines_in_ramadan_are_ramadans_closing_times() -> None:
    assert due(run("2027-03-05T10:00")) == ["03-05 15:30", "03-16 16:00", "03-17 16:00"]


def test_every_day_from_submission_to_the_last_deadline_has_its_reason() -> None:
    days = run("2026-08-14T16:30").days
    assert [(f"{day.date:%d}", day.counted, day.step, day.reason) for day in days] == [
        ("14", False, None, DayReason.AFTER_CUT_OFF),
        ("15", False, None, DayReason.WEEKEND),
        ("16", False, None, DayReason.WEEKEND),
        ("17", False, None, DayReason.HOLIDAY),
        ("18", True, 1, DayReason.WORKING_DAY),
        ("19", True, 2, DayReason.WORKING_DAY),
        ("20", True, 3, DayReason.WORKING_DAY),
    ]
    assert days[3].name == "Hari Kemerdekaan Republik Indonesia"


# Day 1.


def test_the_last_moment_before_closing_still_makes_that_day_the_first() -> None:
    assert counted(run("2026-08-14T16:29:59.999999"))[0] == "08-14"


def test_the_closing_instant_itself_is_after() -> None:
    assert counted(run("2026-08-14T16:30"))[0] == "08-18"


def test_before_opening_on_a_working_day_is_that_day() -> None:
    assert counted(run("2026-08-14T00:00"))[0] == "08-14"


def test_submitted_on_a_day_off_begins_on_the_next_working_day() -> None:
    assert counted(run("2026-08-16T10:00"))[0] == "08-18"


def test_the_offices_own_cut_off_moves_day_one_and_no_deadline() -> None:
    assert due(run("2026-08-18T13:59", cut_off="14:00"))[0] == "08-18 16:00"
    assert due(run("2026-08-18T14:00", cut_off="14:00"))[0] == "08-19 16:00"


def test_the_day_of_submission_is_the_offices_day_and_not_utcs_or_the_senders() -> None:
    jayapura = calendar_with("Asia/Jayapura")
    late = datetime(2026, 8, 18, 7, 0, tzinfo=UTC)  # 16:00 in Jayapura: closed; 14:00 in Palembang: open
    assert counted(compute_deadlines(jayapura, late))[0] == "08-19"
    assert counted(compute_deadlines(calendar_with(), late))[0] == "08-18"
    night = datetime(2026, 8, 18, 23, 0, tzinfo=UTC)  # already the 19th in Jayapura
    first = compute_deadlines(jayapura, night).days[0]
    assert (first.date, first.step) == (date(2026, 8, 19), 1)


# Pauses.


def test_a_pause_of_two_working_days_moves_the_date_by_exactly_two() -> None:
    paused = run("2026-11-23T09:00", pause("2026-11-23T10:00", "2026-11-25T09:00"))
    assert counted(run("2026-11-23T09:00")) == ["11-23", "11-24", "11-25"]
    assert counted(paused) == ["11-25", "11-26", "11-27"]
    assert [day.reason for day in paused.days[:2]] == [DayReason.RETURNED] * 2


def test_a_pause_over_a_weekend_costs_only_the_working_days_that_end_in_it() -> None:
    assert counted(run("2026-11-27T09:00", pause("2026-11-27T10:00", "2026-11-30T09:00"))) == [
        "11-30",
        "12-01",
        "12-02",
    ]
    assert counted(run("2026-11-27T09:00", pause("2026-11-28T10:00", "2026-11-29T09:00"))) == [
        "11-27",
        "11-30",
        "12-01",
    ]


def test_returned_and_back_before_closing_costs_nothing() -> None:
    assert run("2026-11-23T09:00", pause("2026-11-23T10:00", "2026-11-23T15:59")) == run("2026-11-23T09:00")


def test_resubmitted_at_the_closing_instant_is_too_late_for_that_day() -> None:
    assert counted(run("2026-11-23T09:00", pause("2026-11-23T10:00", "2026-11-23T16:00")))[0] == "11-24"


def test_returned_at_the_closing_instant_still_counts_the_day() -> None:
    assert counted(run("2026-11-23T09:00", pause("2026-11-23T16:00", "2026-11-24T09:00")))[0] == "11-23"


def test_the_cut_off_is_about_submitting_and_a_resubmission_has_until_closing() -> None:
    back_at_three = pause("2026-11-24T09:00", "2026-11-24T15:00")
    assert counted(run("2026-11-23T09:00", back_at_three, cut_off="14:00")) == ["11-23", "11-24", "11-25"]


def test_returning_twice_moves_the_date_by_the_days_of_both_once() -> None:
    first = pause("2026-11-23T10:00", "2026-11-24T09:00")
    second = pause("2026-11-25T10:00", "2026-11-26T09:00")
    assert counted(run("2026-11-23T09:00", first, second)) == ["11-24", "11-26", "11-27"]
    assert run("2026-11-23T09:00", second, first, first) == run("2026-11-23T09:00", first, second)


def test_while_it_lies_with_the_applicant_later_deadlines_are_not_knowable() -> None:
    result = run("2026-11-23T09:00", pause("2026-11-24T10:00"))
    assert due(result) == ["11-23 16:00", None, None]
    assert result.promised_at is None
    assert [(day.step, day.reason) for day in result.days] == [
        (1, DayReason.WORKING_DAY),
        (None, DayReason.RETURNED),
    ]


def test_a_return_after_the_last_deadline_changes_nothing() -> None:
    assert run("2026-11-23T09:00", pause("2026-11-25T16:00")) == run("2026-11-23T09:00")


def test_closed_to_visitors_does_not_stop_the_clock() -> None:
    switch = [{"name": "Pandemi", "first_day": "2026-08-01", "last_day": None}]
    assert run("2026-08-14T09:00", closed_to_visitors=switch) == run("2026-08-14T09:00")


def test_the_offices_closure_stops_the_clock() -> None:
    closure = [{"name": "Pindah gedung", "first_day": "2026-08-18", "last_day": "2026-08-18"}]
    assert counted(run("2026-08-14T09:00", closures=closure)) == ["08-14", "08-19", "08-20"]


# It comes to an end, says what cannot be, and its results are values.


@pytest.mark.parametrize(
    "changes",
    [
        {"hours": {}, "hours_exceptions": []},
        {"closures": [{"name": "Tutup", "first_day": "2020-01-01", "last_day": None}]},
    ],
)
def test_a_calendar_without_working_days_gives_no_deadline_and_comes_to_an_end(changes: Any) -> None:
    result = run("2026-08-14T09:00", **changes)
    assert due(result) == [None, None, None]
    assert len(result.days) < 500


def test_the_number_of_steps_is_the_number_of_deadlines() -> None:
    assert len(compute_deadlines(calendar_with(), at("2026-08-14T09:00"), steps=5).deadlines) == 5


@pytest.mark.parametrize(
    ("submitted", "pauses", "steps", "code"),
    [
        (datetime(2026, 8, 14, 9), [], 3, "time-without-offset"),
        (at("2026-08-14T09:00"), [Pause(datetime(2026, 8, 15))], 3, "time-without-offset"),
        (at("2026-08-14T09:00"), [pause("2026-08-14T08:59")], 3, "returned-before-submitted"),
        (
            at("2026-08-14T09:00"),
            [pause("2026-08-14T11:00", "2026-08-14T10:00")],
            3,
            "resubmitted-before-returned",
        ),
        (at("1999-08-14T09:00"), [], 3, "year-out-of-range"),
        (datetime.max.replace(tzinfo=UTC), [], 3, "year-out-of-range"),
        (at("2026-08-14T09:00"), [], 0, "no-steps"),
    ],
)
def test_times_that_cannot_be_are_refused(submitted: datetime, pauses: list[Pause], steps: int, code: str) -> None:
    with pytest.raises(ClockError) as caught:
        compute_deadlines(calendar_with(), submitted, pauses, steps)
    assert caught.value.code == code


def test_a_result_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        run("2026-08-14T09:00").days = ()  # type: ignore[misc]


# The oracle: whole minutes since 2026-01-01T00:00 UTC, hours and holidays typed in once more, and the case
# replayed event by event. It knows nothing of dates, zones or intervals beyond what is written here.

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 24 * 60
OFF = {
    2026: "01-01 01-16 02-16 02-17 03-18 03-19 03-20 03-23 03-24 04-03 05-01 05-14 05-15 05-27 05-28 06-01"
    " 06-16 08-17 08-25 12-24 12-25",
    2027: "01-01 01-05 02-05 03-08 03-09 03-10 03-11 03-12 03-15 03-25 03-26 05-06 05-17 05-18 05-19 05-20"
    " 06-01 08-17 12-24",
}
HOLIDAYS = {(date.fromisoformat(f"{y}-{d}") - EPOCH.date()).days for y, ds in OFF.items() for d in ds.split()}
RAMADANS = [
    range((date(2026, 2, 19) - EPOCH.date()).days, (date(2026, 3, 21) - EPOCH.date()).days),
    range((date(2027, 2, 8) - EPOCH.date()).days, (date(2027, 3, 10) - EPOCH.date()).days),
]
OFFSETS = {"Asia/Jakarta": 7 * 60, "Asia/Makassar": 8 * 60, "Asia/Jayapura": 9 * 60}
LAST_DAY = 730
Case = tuple[str, int | None, int, list[tuple[int, int | None]]]  # zone, cut-off, submitted, pauses


def oracle_closing(number: int) -> int | None:
    """Minute of the day at which the office closes on the n-th day of 2026 and 2027; None when it is off."""
    weekday = (number + 3) % 7  # 1 January 2026 was a Thursday
    if weekday > 4 or number in HOLIDAYS:
        return None
    ramadan = any(number in days for days in RAMADANS)
    return (15 if ramadan else 16) * 60 + (30 if weekday == 4 else 0)


def oracle(zone: str, cut_off: int | None, submitted: int, pauses: list[tuple[int, int | None]]) -> list[int | None]:
    """Deadlines in minutes. Walks all days and, at each closing, replays what had happened before it."""
    happened = [(submitted, "office")]
    for returned, resubmitted in pauses:
        happened.append((returned, "applicant"))
        if resubmitted is not None:
            happened.append((resubmitted, "office"))
    found: list[int | None] = []
    for number in range(LAST_DAY):
        closing = oracle_closing(number)
        if closing is None:
            continue
        start = number * DAY - OFFSETS[zone]  # the office's midnight
        late = start + min(closing, cut_off if cut_off is not None else closing)
        if start <= submitted < start + DAY and submitted >= late:
            continue
        lies_with = "nobody"
        for minute, place in happened:
            if minute < start + closing:
                lies_with = place
        if lies_with == "office":
            found.append(start + closing)
    never_back = bool(pauses) and pauses[-1][1] is None
    assert never_back or len(found) >= 3
    return (found + [None] * 3)[:3]


def minutes_to_instant(minutes: int) -> datetime:
    return EPOCH + timedelta(minutes=minutes)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case within two years whose events like to fall on closings, and just beside them."""
    zone = draw(st.sampled_from(sorted(OFFSETS)))
    cut_off = draw(st.sampled_from([None, None, 12 * 60, 14 * 60 + 30, 16 * 60 + 15]))
    closings = [15 * 60, 15 * 60 + 30, 16 * 60, 16 * 60 + 30, 0, *([cut_off] if cut_off is not None else [])]
    near_closing = st.builds(lambda at, by: at + by, st.sampled_from(closings), st.integers(-1, 1))
    minute_of_day = near_closing | st.integers(0, DAY - 1)
    day = draw(st.integers(1, 560) | st.sampled_from([46, 76, 225, 355, 428, 430]))
    instants = [day * DAY + draw(minute_of_day) - OFFSETS[zone]]
    for _ in range(draw(st.integers(0, 6))):
        day += draw(st.integers(0, 9))
        instants.append(max(instants[-1], day * DAY + draw(minute_of_day) - OFFSETS[zone]))
    events: list[int | None] = list(instants[1:])
    if len(events) % 2:
        events.append(None)
    pauses = [(first, second) for first, second in zip(events[::2], events[1::2], strict=True) if first is not None]
    return zone, cut_off, instants[0], pauses


def compared(case: Case) -> Deadlines:
    zone, cut_off, submitted, pauses = case
    text = None if cut_off is None else f"{cut_off // 60:02}:{cut_off % 60:02}"
    result = compute_deadlines(
        calendar_with(zone, cut_off=text),
        minutes_to_instant(submitted),
        [Pause(minutes_to_instant(a), None if b is None else minutes_to_instant(b)) for a, b in pauses],
    )
    expected = [None if m is None else minutes_to_instant(m) for m in oracle(*case)]
    assert list(result.deadlines) == expected
    return result


@settings(derandomize=True, database=None, deadline=None, max_examples=1000)
@given(cases())
def test_random_cases_in_three_zones_agree_with_the_oracle(
    case: Case,
) -> None:
    result = compared(case)
    steps = [day.step for day in result.days if day.counted]
    assert steps == list(range(1, len(steps) + 1))
    assert len(steps) == sum(deadline is not None for deadline in result.deadlines)
    dates = [day.date for day in result.days]
    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]
    assert all((day.reason is DayReason.WORKING_DAY) is day.counted for day in result.days)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(cases())
def test_each_pause_moves_the_promise_by_exactly_the_days_that_ended_returned(
    case: Case,
) -> None:
    zone, cut_off, submitted, pauses = case
    closed = [pause for pause in pauses if pause[1] is not None]
    result = compared((zone, cut_off, submitted, closed))
    returned = sum(day.reason is DayReason.RETURNED for day in result.days)
    straight = compute_deadlines(
        calendar_with(zone, cut_off=None if cut_off is None else f"{cut_off // 60:02}:{cut_off % 60:02}"),
        minutes_to_instant(submitted),
        steps=3 + returned,
    )
    assert straight.promised_at == result.promised_at
