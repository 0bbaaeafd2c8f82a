"""A case from the first request to the hand-over, with what other services tell."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.integration.intake.cast import (
    ROHANA,
    YANTI,
    body,
    events_of,
    granted,
    handed_over,
    letter,
    lines_of,
    opened,
    path,
    produced,
    put_file,
    show,
    step,
    verdict,
)
from tests.support.services import InProcess


def test_a_case_goes_all_the_way(intake: InProcess) -> None:
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)  # Friday 09:00 in Palembang
    draft = opened(intake)
    assert draft["status"] == "draft"
    assert draft["rt"] == "023"
    assert draft["rw"] == "005"
    assert draft["missing"] == ["PENGANTAR_RT", "SURAT_KEHILANGAN"]
    assert "submit" not in draft["actions"]

    asked = step(intake, draft["id"], "introduction", "applicant", {"purpose": "Pengurusan KK"})
    assert asked["introduction"]["status"] == "requested"
    granted(intake, draft["id"], asked["introduction"]["id"])
    police = put_file(intake, draft["id"], "SURAT_KEHILANGAN")
    assert "submit" in show(intake, draft["id"], "applicant", ROHANA)["actions"]

    submitted = step(intake, draft["id"], "submission", "applicant")
    assert submitted["promised_at"] == "2026-08-19T16:00:00+07:00"
    assert submitted["deadlines"] == {
        "receive": "2026-08-14T16:30:00+07:00",
        "verify": "2026-08-18T16:00:00+07:00",
        "produce": "2026-08-19T16:00:00+07:00",
    }
    received = step(intake, draft["id"], "receipt")
    assert received["agenda_number"].endswith("/2026")
    assert received["waiting_for"] == "rt_head"

    intake.clock.at = datetime(2026, 8, 18, 2, 0, tzinfo=UTC)
    verdict(intake, draft["id"], verdicts=[
        {"file_id": str(police), "requirement": "SURAT_KEHILANGAN", "verdict": "genuine"}
    ])  # fmt: skip
    assert show(intake, draft["id"])["waiting_for"] == "lurah"
    intake.clock.at = datetime(2026, 8, 19, 2, 0, tzinfo=UTC)
    letter(intake, draft["id"])
    produced(intake, draft["id"])
    handed_over(intake, draft["id"], "ready")
    handed_over(intake, draft["id"])

    done = show(intake, draft["id"])
    assert done["status"] == "completed"
    assert done["waiting_for"] is None
    assert [found["number"] for found in done["letters"]] == ["400.12.2.1/001/KEL-BS/VIII/2026"]
    told = events_of(intake, draft["id"])
    assert [event["type"].removeprefix("application.") for event in told] == [
        "opened", "changed", "submitted", "received", "verified", "issued", "completed",
    ]  # fmt: skip
    assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))
    assert told[2]["data"]["person"]["grants"].keys() == {str(police)}
    assert "grants" not in told[4]["data"]["person"]
    assert [(line["status"], line["event"], line["by"]) for line in lines_of(intake, draft["id"])] == [
        ("draft", "opened", "applicant"),
        ("draft", "introduction_requested", "applicant"),
        ("draft", "introduction_granted", "rt_head"),
        ("submitted", "submitted", "applicant"),
        ("received", "received", "officer"),
        ("verified", "verified", "rt_head"),
        ("verified", "letter_issued", "lurah"),
        ("issued", "issued", "lurah"),
        ("issued", "handover_ready", "officer"),
        ("completed", "completed", "officer"),
    ]


def test_at_the_counter_by_an_officer(intake: InProcess) -> None:
    response = intake.call("POST", "/v1/applications", "officer", who=YANTI, json=body())
    assert response.status_code == 201
    assert response.json["channel"] == "counter"
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Location"] == path(response.json["id"])
    assert lines_of(intake, response.json["id"])[0]["by_staff"] == "officer:yanti"
