"""Deadlines that come near or are missed: told in office hours, each level once, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake.usecases import escalation, upkeep
from tests.integration.intake.cast import YANTI, lines_of, path, received, step, submitted, verdict, verified
from tests.support.services import InProcess

PALEMBANG = ZoneInfo("Asia/Jakarta")


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    """Friday 2026-08-14, 09:00 in Palembang; Monday is a holiday. What other tests left is told beforehand."""
    intake.clock.at = at("2026-08-14T09:00")
    yield
    with intake.deps.db.transaction("*") as tx:  # later tests begin in the past again
        tx.execute("UPDATE application SET warned_at = NULL, next_warning_at = NULL")
    intake.clock.at = at("2026-08-14T09:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


def go(intake: InProcess, text: str) -> None:
    """Time goes on, and the timer looks."""
    intake.clock.at = at(text)
    escalation.tell_due(intake.deps)


def said(intake: InProcess, *cases: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(event, step, level, office time) of these cases, as told."""
    wanted = {case["id"] for case in cases}
    return [
        (
            event["type"].removeprefix("deadline."),
            event["data"]["step"],
            event["data"]["level"],
            event["data"]["at"].astimezone(PALEMBANG).strftime("%d %H:%M"),
        )
        for event in intake.told()
        if event["type"].startswith("deadline.") and event["subject"] in wanted
    ]


def test_the_officer_hears_two_hours_before_the_deadline_and_once(intake: InProcess) -> None:
    case = submitted(intake)
    go(intake, "2026-08-14T14:29")
    assert said(intake, case) == []
    for minute in ("30", "31", "45"):
        go(intake, f"2026-08-14T14:{minute}")
    assert said(intake, case) == [("approaching", "receive", "officer", "14 14:30")]


def test_a_breach_at_fridays_closing_is_told_at_the_next_opening_and_goes_up_a_level_a_day(intake: InProcess) -> None:
    case = submitted(intake)
    for moment in ("2026-08-14T23:00", "2026-08-15T10:00", "2026-08-17T10:00", "2026-08-18T07:29"):
        go(intake, moment)  # Friday night, Saturday, the holiday, Tuesday before opening
    assert [event for event, *_ in said(intake, case)] == ["approaching"]
    for day in ("18", "19", "20", "21", "24", "25", "26"):
        go(intake, f"2026-08-{day}T08:00")
    assert said(intake, case)[1:] == [
        ("missed", "receive", "officer", "18 07:30"),
        ("missed", "receive", "lurah", "19 07:30"),
        ("missed", "receive", "camat", "20 07:30"),
        ("missed", "receive", "officer", "20 07:30"),  # the promise, which was Wednesday's closing
        ("missed", "receive", "city", "24 07:30"),
    ]


def test_after_a_jump_all_is_told_in_the_order_of_time_stamped_with_its_own(intake: InProcess) -> None:
    first, second = submitted(intake), received(intake)  # due on Friday; due on Tuesday
    go(intake, "2026-08-21T12:00")
    assert said(intake, first, second) == [
        ("approaching", "receive", "officer", "14 14:30"),
        ("missed", "receive", "officer", "18 07:30"),
        ("approaching", "verify", "officer", "18 14:00"),
        ("missed", "receive", "lurah", "19 07:30"),
        ("missed", "verify", "officer", "19 07:30"),
        ("missed", "receive", "camat", "20 07:30"),
        ("missed", "verify", "lurah", "20 07:30"),
        ("missed", "receive", "officer", "20 07:30"),
        ("missed", "verify", "officer", "20 07:30"),
        ("missed", "verify", "camat", "21 07:30"),
    ]
    assert [line["at"][:16] for line in lines_of(intake, first["id"]) if "deadline" in line["event"]][:2] == [
        "2026-08-14T14:30",
        "2026-08-18T07:30",
    ]


def test_a_jump_of_the_clock_has_told_it_before_it_answers(intake: InProcess) -> None:
    case = submitted(intake)
    intake.clock.at = at("2026-08-18T08:00")
    upkeep.catch_up(intake.deps)
    assert [event for event, *_ in said(intake, case)] == ["approaching", "missed"]


def test_a_step_that_was_done_in_time_is_not_spoken_of(intake: InProcess) -> None:
    case = submitted(intake)
    step(intake, case["id"], "receipt")
    go(intake, "2026-08-18T08:00")
    assert said(intake, case) == []
    go(intake, "2026-08-18T14:00")
    assert said(intake, case) == [("approaching", "verify", "officer", "18 14:00")]


def test_a_step_that_is_entered_late_is_told_to_the_level_whose_turn_it_is_and_lower_ones_are_not(
    intake: InProcess,
) -> None:
    case = submitted(intake)
    go(intake, "2026-08-20T09:00")  # the promise was Wednesday, verifying was due on Tuesday
    step(intake, case["id"], "receipt")
    before = len(said(intake, case))
    go(intake, "2026-08-20T16:00")
    assert said(intake, case)[before:] == [("missed", "verify", "lurah", "20 09:00")]
    go(intake, "2026-08-21T08:00")
    assert said(intake, case)[before + 1 :] == [("missed", "verify", "camat", "21 07:30")]


def test_a_step_that_is_entered_after_its_last_level_is_told_to_the_city_in_office_hours(intake: InProcess) -> None:
    case = submitted(intake)
    go(intake, "2026-09-03T20:00")
    step(intake, case["id"], "receipt")
    before = len(said(intake, case))
    go(intake, "2026-09-04T07:29")
    assert len(said(intake, case)) == before
    go(intake, "2026-09-04T07:31")
    assert said(intake, case)[before:] == [("missed", "verify", "city", "04 07:30")]


def test_a_missed_promise_is_told_once_with_a_new_date_wherever_the_case_stands(intake: InProcess) -> None:
    late, early = verified(intake), submitted(intake)
    go(intake, "2026-08-20T08:00")

    def promises() -> dict[str, list[datetime]]:
        found: dict[str, list[datetime]] = {}
        for event in intake.told("deadline.missed"):
            if event["data"]["level"] == "officer" and event["data"]["expected_at"]:
                found.setdefault(event["subject"], []).append(event["data"]["expected_at"])
        return found

    assert promises()[late["id"]] == promises()[early["id"]] == [at("2026-08-21T16:30")]  # Friday's closing
    step(intake, early["id"], "receipt")
    verdict(intake, early["id"])
    go(intake, "2026-08-28T08:00")
    assert len(promises()[early["id"]]) == len(promises()[late["id"]]) == 1


def test_while_the_case_lies_with_the_applicant_nothing_is_late(intake: InProcess) -> None:
    case = submitted(intake)
    items = {"items": [{"requirement": "SURAT_KEHILANGAN", "problem": "Buram"}]}
    assert intake.call("POST", path(case["id"], "return"), "officer", who=YANTI, json=items).status_code == 200
    go(intake, "2026-08-26T12:00")
    assert said(intake, case) == []


def test_a_case_that_fails_holds_up_nobody(intake: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = submitted(intake), submitted(intake)
    real = escalation._say

    def fails_once(deps: Any, tx: Any, app: Any, found: Any) -> None:
        if str(app.id) == broken["id"]:
            raise RuntimeError("broken")
        real(deps, tx, app, found)

    monkeypatch.setattr(escalation, "_say", fails_once)
    go(intake, "2026-08-14T14:30")
    assert (said(intake, broken), len(said(intake, whole))) == ([], 1)
    monkeypatch.setattr(escalation, "_say", real)
    go(intake, "2026-08-14T14:31")
    assert len(said(intake, broken)) == 1


def test_a_changed_calendar_moves_what_is_to_be_told(intake: InProcess) -> None:
    case = submitted(intake)
    with intake.deps.db.transaction("16.71.10.1001") as tx:
        app = escalation.store.lock(tx, intake.deps.data_keys, case["id"])
        assert app is not None
        app.deadlines = ["2026-08-18T16:00:00+07:00", *app.deadlines[1:]]
        escalation.watch_again(intake.deps, tx, app)
        escalation.store.save(tx, app, escalation._SYSTEM, "promise_changed")
    go(intake, "2026-08-18T13:00")
    assert said(intake, case) == []
    go(intake, "2026-08-18T14:00")
    assert [event for event, *_ in said(intake, case)] == ["approaching"]
