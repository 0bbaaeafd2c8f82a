"""The papers lie ready, and somebody receives them."""

from __future__ import annotations

from typing import Any

import pytest

from documents.app import republish
from kit.ids import new_id
from tests.integration.documents.story import CONTACT, Case
from tests.support.services import InProcess

RECEIVED = {"method": "pickup", "received_by": "Siti Maimunah binti H. Zainuddin", "relation": "tetangga"}


@pytest.fixture
def ready(desk: InProcess) -> Case:
    return Case(desk).issued()


def handover(case: Case, role: str = "officer", **who: str) -> dict[str, Any]:
    answer = case.service.call("GET", f"/v1/handovers?application_id={case.id}", role, who=who)
    assert answer.status_code == 200, answer.text
    (one,) = answer.json["items"]
    return dict(one)


def complete(case: Case, body: dict[str, Any] = RECEIVED, role: str = "officer", **who: str) -> Any:
    return case.service.call("POST", f"/v1/handovers/{handover(case)['id']}/completion", role, who=who, json=body)


def test_an_officer_records_who_received_the_papers(desk: InProcess, ready: Case) -> None:
    assert handover(ready)["status"] == "ready"
    done = complete(ready)
    assert done.status_code == 200 and done.json["status"] == "done" and done.json["by"] == "officer-1"
    assert done.json["received_by"] == RECEIVED["received_by"] and done.headers["ETag"] == '"2"'
    (told,) = ready.told("handover.done")
    assert told["by"] == "officer-1" and told["method"] == "pickup" and told["person"] == {"contact": CONTACT}
    assert handover(ready)["relation"] == "tetangga"
    assert handover(ready, "applicant", sub=ready.owner)["received_by"] is None


def test_it_is_completed_once(ready: Case) -> None:
    assert complete(ready).status_code == 200
    again = complete(ready)
    assert again.status_code == 409 and again.json["type"] == "urn:problem:handover-closed"
    assert len(ready.told("handover.done")) == 1


def test_the_same_request_again_gets_the_same_answer(desk: InProcess, ready: Case) -> None:
    path, headers = f"/v1/handovers/{handover(ready)['id']}/completion", {"Idempotency-Key": str(new_id())}
    first, again = (desk.call("POST", path, "officer", json=RECEIVED, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 200 and first.json == again.json
    other = desk.call("POST", path, "officer", json=RECEIVED | {"method": "courier"}, headers=headers)
    assert other.status_code == 422


@pytest.mark.parametrize(
    "body",
    [{}, {"method": "pickup"}, RECEIVED | {"method": "post"}, RECEIVED | {"received_by": ""}, RECEIVED | {"x": 1},
     RECEIVED | {"received_by": "a\x00b"}],
)  # fmt: skip
def test_a_body_that_is_not_understood_changes_nothing(ready: Case, body: dict[str, Any]) -> None:
    assert complete(ready, body).status_code == 422
    assert handover(ready)["status"] == "ready"


def test_who_may(desk: InProcess, ready: Case) -> None:
    for role in ("applicant", "lurah", "rt_head"):
        assert complete(ready, role=role).status_code == 403
    assert complete(ready, tenant="16.71.10.1002").status_code == 404
    other = desk.call("GET", f"/v1/handovers?application_id={ready.id}", "applicant", who={"sub": "curious"})
    assert other.status_code == 404
    assert desk.call("POST", f"/v1/handovers/{new_id()}/completion", "officer", json=RECEIVED).status_code == 404


def test_a_withdrawn_case_hands_nothing_over(ready: Case) -> None:
    ready.tell("withdrawn")
    assert handover(ready)["status"] == "failed"
    assert complete(ready).status_code == 409


def test_republish_tells_the_state_again_and_no_fact(desk: InProcess, ready: Case) -> None:
    assert complete(ready).status_code == 200
    before = len(desk.told())
    count = republish(desk.deps)
    after = desk.told()[before:]
    assert len(after) == count == desk.rows("SELECT count(*) AS n FROM handover")[0]["n"]
    assert {event["type"].split(".")[0] for event in after} == {"handover"}
    mine = [event for event in after if event["data"]["application_id"] == ready.id]
    assert [(event["type"], event["sequence"]) for event in mine] == [("handover.done", 3)]
