"""`bring_original`: returned for an original alone, and straight back to `received` once it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from intake.usecases.offices import put_office
from tests.integration.intake.cast import (
    ROHANA,
    YANTI,
    events_of,
    lines_of,
    path,
    put_file,
    received,
    show,
    step,
    verdict,
)
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
    yield
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


def wanted(intake: InProcess, *requirements: str, **more: Any) -> dict[str, Any]:
    """A case of which the RT head wants to see these originals."""
    case = received(intake, **more)
    verdicts = [
        {
            "file_id": str(file["file_id"]),
            "requirement": file["requirement"],
            "verdict": "bring_original" if file["requirement"] in requirements else "genuine",
        }
        for file in show(intake, case["id"])["files"]
    ]
    verdict(intake, case["id"], passed=False, reason="bring_original", verdicts=verdicts)
    return show(intake, case["id"])


def seen(intake: InProcess, case: dict[str, Any], *requirements: str) -> Any:
    sent = {"requirements": list(requirements)}
    return intake.call("POST", path(case["id"], "originals"), "officer", who=YANTI, json=sent)


def seen_by_the_head(intake: InProcess, case: dict[str, Any], *requirements: str) -> bool:
    data = {
        "task_id": str(uuid4()), "application_id": case["id"], "kelurahan": BUKIT_SANGKAL,
        "requirements": list(requirements), "seen_at": intake.clock.now().isoformat(), "officeholder_id": str(uuid4()),
    }  # fmt: skip
    return intake.feed("original.seen", data, subject=data["task_id"])


def closed_to_visitors(intake: InProcess, closed: bool) -> None:
    periods = [{"first_day": "2026-08-01", "last_day": "2026-08-31", "name": "Pandemi"}] if closed else []
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        data = tx.value("SELECT data FROM office WHERE kelurahan = %s", [BUKIT_SANGKAL])
        data["calendar"]["closed_to_visitors"] = periods
        put_office(intake.deps, tx, data)


def test_an_original_that_the_rt_head_wants_returns_the_case_for_it_alone(intake: InProcess) -> None:
    case = wanted(intake, "SURAT_KEHILANGAN")
    assert (case["status"], case["promised_at"]) == ("returned", None)
    assert [(item["requirement"], item["original"]) for item in case["returned_items"]] == [("SURAT_KEHILANGAN", True)]
    assert [event["type"] for event in events_of(intake, case["id"])][-1] == "application.returned"
    assert "show-original" in case["actions"]
    assert "resubmit" not in case["actions"]


def test_an_original_seen_by_an_officer_is_genuine_and_the_case_is_received_at_once(intake: InProcess) -> None:
    case = wanted(intake, "SURAT_KEHILANGAN")
    number = case["agenda_number"]
    intake.clock.at = datetime(2026, 8, 18, 3, 0, tzinfo=UTC)  # Tuesday, after the holiday
    response = seen(intake, case, "SURAT_KEHILANGAN")
    assert (response.status_code, response.json["status"], response.json["agenda_number"]) == (200, "received", number)
    # Friday ended returned, so that Tuesday is day one.
    assert response.json["promised_at"].startswith("2026-08-20")
    file = next(file for file in response.json["files"] if file["requirement"] == "SURAT_KEHILANGAN")
    assert file["original_seen"]
    told = events_of(intake, case["id"])[-1]
    assert told["type"] == "application.received"
    assert {file["requirement"]: file["original_seen"] for file in told["data"]["files"]}["SURAT_KEHILANGAN"]
    assert [line["event"] for line in lines_of(intake, case["id"])][-2:] == ["original_seen", "received"]


def test_an_original_seen_by_the_rt_head_counts_as_well(intake: InProcess) -> None:
    case = wanted(intake, "SURAT_KEHILANGAN")
    seen_by_the_head(intake, case, "SURAT_KEHILANGAN")
    after = show(intake, case["id"])
    assert (after["status"], after["returned_items"]) == ("received", [])
    assert lines_of(intake, case["id"])[-1]["by"] == "rt_head"


def test_an_original_told_of_twice_moves_the_case_once(intake: InProcess) -> None:
    case = wanted(intake, "SURAT_KEHILANGAN")
    for _ in range(2):
        seen_by_the_head(intake, case, "SURAT_KEHILANGAN")
    assert [event["type"] for event in events_of(intake, case["id"])].count("application.received") == 2  # day one, now


def test_the_case_waits_until_the_last_original_was_seen(intake: InProcess) -> None:
    case = wanted(intake, "SURAT_KEHILANGAN", "PENGANTAR_RT")
    first = seen(intake, case, "PENGANTAR_RT").json
    assert (first["status"], [item["requirement"] for item in first["returned_items"]]) == (
        "returned",
        ["SURAT_KEHILANGAN"],
    )
    assert seen(intake, case, "SURAT_KEHILANGAN").json["status"] == "received"


def test_an_original_that_nobody_asked_for_changes_nothing(intake: InProcess) -> None:
    case = wanted(intake, "SURAT_KEHILANGAN")
    response = seen(intake, case, "PENGANTAR_RT")
    assert (response.status_code, response.json["type"]) == (422, "urn:problem:original-not-wanted")
    assert show(intake, case["id"])["version"] == case["version"]


def test_without_the_original_the_case_cannot_be_sent_again(intake: InProcess) -> None:
    case = wanted(intake, "SURAT_KEHILANGAN")
    response = intake.call("POST", path(case["id"], "resubmission"), "applicant", who=ROHANA, json={})
    assert (response.status_code, response.json["type"]) == (409, "urn:problem:original-wanted")
    assert response.json["originals"] == ["SURAT_KEHILANGAN"]


def test_another_photo_is_judged_anew_instead(intake: InProcess) -> None:
    case = wanted(intake, "SURAT_KEHILANGAN")
    intake.clock.at = datetime(2026, 8, 14, 2, 30, tzinfo=UTC)
    put_file(intake, case["id"], "SURAT_KEHILANGAN")
    assert step(intake, case["id"], "resubmission", "applicant")["status"] == "submitted"


def test_nobody_is_asked_to_bring_anything_while_the_office_is_closed_to_visitors(intake: InProcess) -> None:
    closed_to_visitors(intake, True)
    try:
        case = wanted(intake, "SURAT_KEHILANGAN")
        assert (case["status"], case["verification"]["note"]) == ("received", "bring_original")
        assert case["waiting_for"] == "officer"
        items = [{"requirement": "SURAT_KEHILANGAN", "problem": "Asli", "original": True}]
        response = intake.call("POST", path(case["id"], "return"), "officer", who=YANTI, json={"items": items})
        assert (response.status_code, response.json["type"]) == (409, "urn:problem:closed-to-visitors")
    finally:
        closed_to_visitors(intake, False)


def test_an_officer_may_ask_for_an_original_too(intake: InProcess) -> None:
    case = received(intake)
    items = [{"requirement": "SURAT_KEHILANGAN", "problem": "Perlu dilihat aslinya", "original": True}]
    step(intake, case["id"], "return", sent={"items": items})
    assert seen(intake, case, "SURAT_KEHILANGAN").json["status"] == "received"
