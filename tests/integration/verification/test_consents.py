"""Neighbours see nothing of an applicant who does not agree to it."""

from __future__ import annotations

from typing import Any

import pytest

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
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:neighbours-consent-withdrawn")
    case_told(verification, "changed", case | {"consents": {"neighbours": True}})
    assert ask(verification, case).status_code == 200, "agreed again they may be asked"
