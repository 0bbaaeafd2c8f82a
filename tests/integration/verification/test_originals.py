"""The RT head asked for an original, and then sees it: by his link or with his login."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.verification.test_attestations import judge, said
from tests.support.services import InProcess
from tests.support.verification import HEAD, a_file, link_token, publish_office, receive, task_of, told_of

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> None:
    publish_office(verification)


def asked(verification: InProcess) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A case with two documents, of which he wants to see the second one's original."""
    files = [a_file("KK_LAMA"), a_file("KTP")]
    case = receive(verification, *files)
    assert judge(verification, case, said(files[0]), said(files[1], "bring_original")).status_code == 200
    return case, files


def show(verification: InProcess, case: dict[str, Any], *files: dict[str, Any]) -> Any:
    token = link_token(verification, case["application_id"])
    sent = {"file_ids": [file["file_id"] for file in files]}
    return verification.call("POST", f"/v1/links/{token}/originals", json=sent)


def told(verification: InProcess, case: dict[str, Any]) -> list[dict[str, Any]]:
    return told_of(verification, "original.seen", application_id=case["application_id"])


def test_his_link_names_the_originals_that_he_wants_and_nobody(verification: InProcess) -> None:
    case, files = asked(verification)
    shown = verification.call("GET", f"/t/{link_token(verification, case['application_id'])}").get_json()
    assert [(one["file_id"], one["requirement_name"], one["seen"]) for one in shown["originals"]] == [
        (files[1]["file_id"], "KTP-el", False)
    ]
    assert (shown["applicant"], shown["files"]) == (None, [])


def test_an_original_that_he_was_shown_is_told_once(verification: InProcess) -> None:
    case, files = asked(verification)
    for _ in range(2):
        response = show(verification, case, files[1])
        assert (response.status_code, response.get_json()["originals"][0]["seen"]) == (200, True)
    assert [event["requirements"] for event in told(verification, case)] == [["KTP"]]


def test_only_what_he_asked_to_see_is_recorded(verification: InProcess) -> None:
    case, files = asked(verification)
    response = show(verification, case, files[0])
    assert (response.status_code, response.get_json()["type"]) == (409, "urn:problem:original-not-wanted")
    assert told(verification, case) == []


def test_he_may_record_it_with_his_login_and_others_may_not(verification: InProcess) -> None:
    case, files = asked(verification)
    task = task_of(verification, case["application_id"])
    path, sent = f"/v1/tasks/{task['id']}/originals", {"file_ids": [files[1]["file_id"]]}
    other = verification.call("POST", path, "rt_head", who=HEAD | {"rt": "024"}, json=sent)
    assert (other.status_code, told(verification, case)) == (404, [])
    assert verification.call("POST", path, "rt_head", who=HEAD, json=sent).status_code == 200
    assert len(told(verification, case)) == 1
