"""What an RT head sees of somebody is told to the case, also where a link is his login."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.verification import a_file, link_token, publish_office, receive, task_of


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> None:
    publish_office(verification)


def told(verification: InProcess, case: dict[str, Any]) -> list[tuple[Any, ...]]:
    verification.seal()
    return [
        (one["reader"].partition(":")[0], one["roles"], one["did"], one["times"])
        for event in verification.told("access.recorded")
        for one in event["data"]["items"]
        if str(one["application_id"]) == str(case["application_id"])
    ]


def test_a_link_that_is_opened_names_the_head_and_once_closed_shows_nobody(verification: InProcess) -> None:
    file = a_file("KTP")
    case = receive(verification, file)
    token = link_token(verification, case["application_id"])
    assert verification.call("GET", f"/t/{token}").status_code == 200
    verdict = {"verdicts": [{"file_id": file["file_id"], "verdict": "genuine"}]}
    assert verification.call("POST", f"/v1/links/{token}/decision", json=verdict).status_code == 200
    assert verification.call("GET", f"/v1/links/{token}").get_json()["status"] == "done"
    assert told(verification, case) == [("officeholder", ["rt_head"], "read", 1)]
    rows = [
        row for row in verification.audit() if row["object"] == str(task_of(verification, case["application_id"])["id"])
    ]
    assert {row["tenant"] for row in rows} == {BUKIT_SANGKAL}
    assert [(row["action"], row["details"]["did"]) for row in rows] == [
        ("task.read", "read"), ("links.decide_by_link", "changed"), ("task.read", "read"),
    ]  # fmt: skip
    assert token not in str(rows)


def test_a_list_of_tasks_is_told_to_each_case_in_it(verification: InProcess) -> None:
    case = receive(verification, a_file("KTP"))
    assert verification.call("GET", "/v1/tasks?limit=200", "officer").status_code == 200
    assert ("officer-1", ["officer"], "read", 1) in told(verification, case)
