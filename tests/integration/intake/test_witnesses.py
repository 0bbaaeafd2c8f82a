"""What neighbours say reaches the case: in the timeline without names, and as the field that the letter prints."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.integration.intake.cast import ROHANA, YANTI, body, lines_of, opened, put_file, received, show, step, verdict
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

STATEMENTS = [
    {
        "position": "Kiri", "name": "Tukiman", "address": "Jalan Contoh Nomor 25", "statement": "Tidak berkeberatan",
        "date": "2026-08-18",
    }
]  # fmt: skip


def task_told(intake: InProcess, case: dict[str, Any], task_id: str, **more: Any) -> None:
    data = {
        "task_id": task_id, "application_id": case["id"], "introduction_id": None, "kelurahan": BUKIT_SANGKAL,
        "kind": "statement", "status": "open", "opened_at": intake.clock.now().isoformat(), "closed_at": None,
        "outcome": None, "position": "left",
    } | more  # fmt: skip
    intake.feed("task.changed", data, subject=task_id)


def judged(intake: InProcess, case: dict[str, Any]) -> None:
    now = intake.clock.now().isoformat()
    more = {"kind": "attestation", "status": "done", "closed_at": now, "outcome": "judged", "position": None}
    task_told(intake, case, str(uuid4()), **more)


def waiting(intake: InProcess, who: str) -> list[str]:
    answer = intake.call("GET", f"/v1/applications?waiting_for={who}&limit=100", "officer", who=YANTI)
    return [one["id"] for one in answer.get_json()["items"]]


def test_each_thing_that_a_neighbour_says_has_its_line_once_and_without_his_name(intake: InProcess) -> None:
    case = received(intake)
    task_id = str(uuid4())
    for outcome in (None, None, "objected", "objected", "confirmed"):  # a state is told again now and then
        task_told(intake, case, task_id, outcome=outcome)
    said = [(line["event"], line["note"]) for line in lines_of(intake, case["id"]) if line["event"].startswith("wit")]
    assert said == [("witness_asked", "left"), ("witness_answered", "left"), ("witness_answered", "left")]


def test_a_case_whose_documents_are_genuine_waits_for_its_neighbours(intake: InProcess) -> None:
    case = received(intake)
    assert (show(intake, case["id"])["waiting_for"], case["id"] in waiting(intake, "rt_head")) == ("rt_head", True)
    judged(intake, case)
    assert show(intake, case["id"])["waiting_for"] == "witness"
    assert case["id"] in waiting(intake, "witness")
    assert case["id"] not in waiting(intake, "rt_head")
    verdict(intake, case["id"])
    assert show(intake, case["id"])["status"] == "verified"


def received_shop(intake: InProcess) -> dict[str, Any]:
    """A case of the service that asks neighbours."""
    draft = opened(intake, service="SITU", reason=None)
    for requirement in draft["missing"]:
        put_file(intake, draft["id"], requirement)
    step(intake, draft["id"], "submission", "applicant")
    return step(intake, draft["id"], "receipt")


def test_what_neighbours_said_becomes_the_field_that_the_letter_prints(intake: InProcess) -> None:
    case = received_shop(intake)
    verdict(intake, case["id"], person={"contact": None, "notes": {}, "statements": STATEMENTS})
    shown = show(intake, case["id"])
    assert (shown["status"], shown["details"]["neighbours"]) == ("verified", STATEMENTS)
    mine = intake.call("GET", f"/v1/applications/{case['id']}", "applicant", who=ROHANA)
    assert "neighbours" not in mine.json["details"]  # until the letter prints it
    [told] = [one for one in intake.told("application.verified") if one["subject"] == case["id"]]
    assert told["data"]["person"]["details"]["neighbours"] == STATEMENTS


def test_an_objection_is_put_before_an_officer_who_may_pass_it_with_a_reason(intake: InProcess) -> None:
    case = received_shop(intake)
    judged(intake, case)
    said = [STATEMENTS[0] | {"statement": "Berkeberatan"}]
    verdict(intake, case["id"], passed=False, reason="objection", person={"statements": said})
    shown = show(intake, case["id"])
    assert (shown["waiting_for"], shown["verification"]) == ("officer", {"status": "failed", "note": "objection"})
    assert "override-attestation" in shown["actions"]
    mine = intake.call("GET", f"/v1/applications/{case['id']}", "applicant", who=ROHANA)
    public = intake.call("GET", f"/v1/track/{case['tracking_code']}")
    assert mine.json["verification"] == {"status": "failed", "note": "neighbours"}
    listed = intake.call("GET", "/v1/applications?limit=100", "applicant", who=ROHANA)
    timeline = intake.call("GET", f"/v1/applications/{case['id']}/timeline", "applicant", who=ROHANA)
    texts = "".join(answer.get_data(as_text=True) for answer in (mine, public, listed, timeline))
    assert not [word for word in ("objection", "Berkeberatan", "Tukiman", "witness_answered") if word in texts]
    passed = step(intake, case["id"], "attestation-override", sent={"reason": "Sudah dimusyawarahkan dengan RT."})
    assert (passed["status"], passed["details"]["neighbours"]) == ("verified", said)


def test_an_applicant_does_not_write_what_neighbours_said(intake: InProcess) -> None:
    forged = {"details": {"neighbours": STATEMENTS}}
    draft = opened(intake, service="SITU", reason=None)
    refused = intake.call("PATCH", f"/v1/applications/{draft['id']}", "applicant", who=ROHANA, json=forged)
    assert (refused.status_code, refused.json["type"]) == (422, "urn:problem:details-not-accepted")
    assert intake.call("PATCH", f"/v1/applications/{draft['id']}", "officer", who=YANTI, json=forged).status_code == 200
    whole = body(service="SITU", reason=None, **forged)
    assert intake.call("POST", "/v1/applications", "applicant", who=ROHANA, json=whole).status_code == 422


def test_in_a_service_without_that_field_statements_change_no_details(intake: InProcess) -> None:
    case = received(intake)
    verdict(intake, case["id"], person={"statements": STATEMENTS})
    assert "neighbours" not in show(intake, case["id"])["details"]
