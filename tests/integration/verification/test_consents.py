"""Neighbours see nothing of an applicant who does not agree to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.verification import test_witnesses as story
from tests.integration.verification.test_witnesses import SIDES, office
from tests.support.services import InProcess
from tests.support.verification import a_case, a_file, case_told, task_of

__all__ = ["office"]
NEIGHBOUR = {"position": SIDES[0], "name": "Pak Abu", "phone": "0812 0000 0931", "relation": "tetangga"}


@pytest.fixture
def case(verification: InProcess) -> dict[str, Any]:
    made = a_case(verification, "received", service="SITU", files=[a_file("KTP")])
    case_told(verification, "received", made)
    return made


def ask(verification: InProcess, case: dict[str, Any]) -> Any:
    [task] = verification.rows(
        "SELECT id FROM task WHERE application_id = %s AND kind = 'attestation'", [case["application_id"]]
    )
    return verification.call("POST", f"/v1/tasks/{task['id']}/witnesses", "officer", json={"witnesses": [NEIGHBOUR]})


def test_withdrawn_nobody_is_asked_and_open_questions_end(verification: InProcess, case: dict[str, Any]) -> None:
    assert ask(verification, case).status_code == 200
    statement = task_of(verification, case["application_id"])
    assert (statement["kind"], statement["status"]) == ("statement", "open")
    case_told(verification, "changed", case | {"consents": {"neighbours": False}})
    assert task_of(verification, case["application_id"])["status"] == "cancelled"
    refused = ask(verification, case)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:neighbours-not-agreed")
    case_told(verification, "changed", case | {"consents": {"neighbours": True}})
    assert ask(verification, case).status_code == 200, "agreed again they may be asked"


@pytest.fixture
def unsaid(verification: InProcess) -> dict[str, Any]:
    """Its person was never asked."""
    made = a_case(verification, "received", service="SITU", files=[a_file("KTP")], consents={})
    case_told(verification, "received", made)
    return made


def test_as_long_as_he_has_said_nothing_nobody_is_asked_and_an_officer_decides(
    verification: InProcess, unsaid: dict[str, Any]
) -> None:
    path = story.attestation(verification, unsaid)
    assert verification.call("GET", path, "rt_head", who=story.HEAD).json["positions"] == [], "nobody is to be named"
    assert ask(verification, unsaid).json["type"] == "urn:problem:neighbours-not-agreed"
    decided = story.judges(verification, unsaid)
    assert decided.status_code == 200, decided.text
    assert story.outcomes(verification, unsaid) == [("failed", "quorum")], "the documents are judged, and nobody waits"
    assert task_of(verification, unsaid["application_id"])["kind"] == "attestation"


def test_those_whom_he_named_are_asked_once_he_agrees(verification: InProcess) -> None:
    named = [story.neighbour("front"), story.neighbour("left")]
    case = a_case(verification, "received", service="SITU", files=[a_file("KTP")], consents={})
    case["received_at"] = verification.clock.now().isoformat()
    story.tell(verification, case, "received", named)
    assert task_of(verification, case["application_id"])["kind"] == "attestation", "not yet"
    agreed = case | {"consents": {"neighbours": True}}
    for _again in range(2):
        person = {"applicant": story.APPLICANT, "contact": story.CONTACT, "helper": None,
                  "details": {"witnesses": named}}  # fmt: skip
        verification.feed("application.changed", agreed | {"person": person}, subject=case["application_id"])
    for side in ("front", "left"):
        assert story.statement(verification, case, side)["status"] == "open"
        assert verification.call("GET", story.link_of(verification, case, side)).status_code == 200
    count = "SELECT count(*) AS n FROM task WHERE application_id = %s AND kind = 'statement'"
    assert verification.rows(count, [case["application_id"]]) == [{"n": 2}], "once"
    assert verification.call("GET", story.attestation(verification, case), "rt_head", who=story.HEAD).json["positions"]
