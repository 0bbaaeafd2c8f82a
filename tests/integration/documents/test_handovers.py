"""The papers lie ready, and somebody receives them."""

from __future__ import annotations

from typing import Any

import pytest

from documents.app import republish
from kit.ids import new_id
from tests.integration.documents.story import CONTACT, Case
from tests.support.services import InProcess

RECEIVED = {"method": "pickup", "received_by": "Siti Maimunah binti H. Zainuddin", "relation": "tetangga",
            "authority": "seen"}  # fmt: skip


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


def test_what_is_ready_names_the_letters_that_were_told_as_issued(ready: Case) -> None:
    (told,) = ready.told("handover.ready")
    issued = [event["letter_id"] for event in ready.told("letter.issued")]
    assert told["letters"] == issued != []
    complete(ready)
    assert ready.told("handover.done")[0]["letters"] == []


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


# --- by courier ----------------------------------------------------------------------------------------------

COURIER = {"courier": "Kurir Contoh, Pak Darmawan", "price": 12000, "payer": "applicant"}
BROUGHT = RECEIVED | {"method": "courier"}


def act(case: Case, name: str, body: dict[str, Any], role: str = "officer") -> Any:
    return case.service.call("POST", f"/v1/handovers/{handover(case)['id']}/{name}", role, json=body)


def code_of(case: Case) -> str:
    """The newest recipient's code that went out about the case."""
    return str(case.told("message.requested")[-1]["person"]["values"]["code"])


def test_a_courier_takes_the_papers_and_the_recipient_gets_a_code_with_the_price(ready: Case) -> None:
    sent = act(ready, "dispatch", COURIER)
    assert (sent.status_code, sent.json["status"], sent.json["method"]) == (200, "dispatched", "courier")
    (told,) = ready.told("handover.dispatched")
    assert told["method"] == "courier"
    message = ready.told("message.requested")[-1]
    assert (message["template"], message["message_class"]) == ("courier_applicant_pays", "code")
    assert message["person"]["to"] == CONTACT
    assert message["person"]["values"]["price"] == "12.000"
    assert len(code_of(ready)) == 6


def test_what_a_courier_brings_is_delivered_only_with_the_code(ready: Case) -> None:
    act(ready, "dispatch", COURIER)
    wrong = f"{(int(code_of(ready)) + 1) % 10**6:06d}"
    for body in (BROUGHT, BROUGHT | {"code": wrong}):
        refused = complete(ready, body)
        assert (refused.status_code, refused.json["type"]) == (422, "urn:problem:recipient-code-wrong")
    assert handover(ready)["status"] == "dispatched"
    done = complete(ready, BROUGHT | {"code": code_of(ready)})
    assert (done.status_code, done.json["status"], done.json["received_by"]) == (200, "done", RECEIVED["received_by"])


def test_after_five_wrong_codes_the_right_one_counts_no_more(ready: Case) -> None:
    act(ready, "dispatch", COURIER)
    right = code_of(ready)
    for offset in range(1, 6):
        assert complete(ready, BROUGHT | {"code": f"{(int(right) + offset) % 10**6:06d}"}).status_code == 422
    assert complete(ready, BROUGHT | {"code": right}).status_code == 422
    assert act(ready, "return", {"reason": "Kode salah"}).json["status"] == "ready"
    act(ready, "dispatch", COURIER | {"payer": "office"})
    assert ready.told("message.requested")[-1]["template"] == "courier_office_pays"
    assert complete(ready, BROUGHT | {"code": code_of(ready)}).status_code == 200


def test_attempts_are_counted_and_the_papers_come_back(ready: Case) -> None:
    act(ready, "dispatch", COURIER)
    old = code_of(ready)
    for number in (1, 2):
        assert act(ready, "attempts", {"reason": "Rumah kosong"}).json["attempts"] == number
    back = act(ready, "return", {"reason": "Dua kali tidak bertemu"})
    assert (back.json["status"], back.json["method"]) == ("ready", "pickup")
    assert len(ready.told("handover.ready")) == 2
    by_courier = complete(ready, BROUGHT | {"code": old})
    assert (by_courier.status_code, by_courier.json["type"]) == (409, "urn:problem:not-with-courier")
    assert complete(ready).status_code == 200


def test_papers_that_a_courier_has_are_not_picked_up_meanwhile(ready: Case) -> None:
    act(ready, "dispatch", COURIER)
    assert complete(ready).json["type"] == "urn:problem:not-with-courier"
    assert act(ready, "dispatch", COURIER).status_code == 409


@pytest.mark.parametrize("name", ["attempts", "return"])
def test_only_a_courier_on_his_way_fails_or_comes_back(ready: Case, name: str) -> None:
    assert act(ready, name, {"reason": "Rumah kosong"}).status_code == 409


@pytest.mark.parametrize("name", ["dispatch", "attempts", "return"])
def test_sending_papers_is_an_officers(ready: Case, name: str) -> None:
    body = COURIER if name == "dispatch" else {"reason": "Rumah kosong"}
    for role in ("applicant", "lurah", "rt_head"):
        assert act(ready, name, body, role).status_code == 403


def test_a_courier_is_known_to_the_office_alone_and_no_code_is_kept_in_the_clear(desk: InProcess, ready: Case) -> None:
    act(ready, "dispatch", COURIER)
    assert handover(ready)["courier"] == COURIER["courier"]
    assert handover(ready, "applicant", sub=ready.owner)["courier"] is None
    row = str(desk.rows("SELECT * FROM handover WHERE application_id = %s", [ready.id])[0])
    assert code_of(ready) not in row and COURIER["courier"] not in row
