"""Where the office wants it, the head of the RW acknowledges what an RT head grants; he holds nobody up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts import contract
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.verification import CONTACT, ask, link_token, publish_office, task_of, told_of
from verification.usecases import reminding

pytestmark = pytest.mark.timeout(120)

RW, RT = "095", "002"
HEAD, RW_HEAD = {"sub": "head-095-002", "rw": RW, "rt": RT}, {"sub": "rw-095", "rw": RW}
MONDAY = "2026-09-07T09:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


def tell_office(verification: InProcess, acknowledges: bool) -> None:
    calendar = contract("office.changed").example["office"]["calendar"]
    verification.feed(
        "office.changed",
        {
            "kelurahan": BUKIT_SANGKAL, "name": "Bukit Sangkal", "kecamatan": "Kalidoni", "kota": "Palembang",
            "province": "Sumatera Selatan", "zone": "Asia/Jakarta",
            "office": {"calendar": calendar, "rw_acknowledges": acknowledges},
        },
        subject=BUKIT_SANGKAL,
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def places(verification: InProcess) -> None:
    publish_office(verification)
    verification.call("PUT", f"/v1/neighbourhoods/{RW}/{RT}", "administrator", json={})
    for role, phone, more in (
        ("rt_head", "+6281200009502", {"rt": RT}), ("rw_head", "+6281200009500", {}),
    ):  # fmt: skip
        sent = {"role": role, "rw": RW, "name": f"Contoh {role}", "phone": phone, "from_date": "2026-01-01"} | more
        assert verification.call("POST", "/v1/officeholders", "administrator", json=sent).status_code == 201


@pytest.fixture(autouse=True)
def wanted(verification: InProcess) -> Iterator[None]:
    before = verification.clock.at
    verification.clock.at = at(MONDAY)
    tell_office(verification, True)
    yield
    tell_office(verification, False)
    with verification.deps.db.transaction("*") as tx:
        tx.execute("UPDATE task SET nudge_at = NULL")
    verification.clock.at = before


def granted(verification: InProcess) -> dict[str, Any]:
    """Asked for and granted by the RT head, by his link."""
    request = ask(verification, rw=RW, rt=RT)
    answer = decide(verification, request, "grant")
    assert answer.status_code == 200, answer.json
    return request | {"answer": answer.json}


def decide(verification: InProcess, request: dict[str, Any], decision: str, token: str = "", **more: Any) -> Any:
    token = token or link_token(verification, request["application_id"])
    return verification.call("POST", f"/v1/links/{token}/decision", json={"decision": decision} | more)


def told(verification: InProcess, request: dict[str, Any], what: str = "granted") -> list[dict[str, Any]]:
    return told_of(verification, f"introduction.{what}", application_id=request["application_id"])


def test_a_grant_waits_for_the_rw_head_whose_name_comes_with_it(verification: InProcess) -> None:
    request = granted(verification)
    assert (request["answer"]["status"], told(verification, request)) == ("open", [])
    message = told_of(verification, "message.requested", application_id=request["application_id"])[-1]
    assert (message["template"], message["person"]["to"]["phone"]) == ("acknowledgement_request", "+6281200009500")
    shown = verification.call("GET", f"/v1/links/{link_token(verification, request['application_id'])}").json
    assert shown["decisions"] == ["acknowledge", "refuse"]
    assert decide(verification, request, "acknowledge").json["outcome"] == "granted"
    [event] = told(verification, request)
    assert (event["acting_as"], event["person"]["rt_head"]["name"]) == ("rt_head", "Contoh rt_head")
    assert event["person"]["rw_head"]["name"] == "Contoh rw_head"
    assert event["person"]["contact"] == CONTACT


def test_where_the_office_does_not_ask_for_it_a_grant_is_told_at_once(verification: InProcess) -> None:
    tell_office(verification, False)
    [event] = told(verification, granted(verification))
    assert "rw_head" not in event["person"]


def test_an_rw_head_who_says_nothing_holds_nobody_up(verification: InProcess) -> None:
    request = granted(verification)
    for moment in ("2026-09-08T10:00", "2026-09-08T14:00"):
        verification.clock.at = at(moment)
        reminding.remind_due(verification.deps)
        assert told(verification, request) == []
    verification.clock.at = at("2026-09-09T07:30")
    reminding.remind_due(verification.deps)
    [event] = told(verification, request)
    assert "rw_head" not in event["person"]
    sent = [
        one["template"] for one in told_of(verification, "message.requested", application_id=request["application_id"])
    ]
    assert sent == ["introduction_request", "acknowledgement_request", *["acknowledgement_reminder"] * 2]


def test_the_rw_head_may_refuse_with_a_reason_and_nothing_is_granted(verification: InProcess) -> None:
    request = granted(verification)
    assert decide(verification, request, "refuse").status_code == 422
    assert decide(verification, request, "refuse", reason="not_resident").json["outcome"] == "refused"
    assert told(verification, request) == []
    [event] = told(verification, request, "refused")
    assert event["reason"] == "not_resident"


def test_the_rt_heads_word_is_said_once_and_repeated_without_harm(verification: InProcess) -> None:
    request = ask(verification, rw=RW, rt=RT)
    token = link_token(verification, request["application_id"])
    first, again = (decide(verification, request, "grant", token) for _ in range(2))
    assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)
    other = decide(verification, request, "refuse", token, reason="not_resident")
    assert (other.status_code, other.json["type"]) == (409, "urn:problem:task-closed")
    assert decide(verification, request, "acknowledge", token).status_code in (409, 422)
    assert decide(verification, request, "grant").status_code == 422  # the RW head has nothing to grant
    assert decide(verification, request, "acknowledge").status_code == 200
    assert decide(verification, request, "grant", token).status_code == 200
    assert len(told(verification, request)) == 1


def test_the_rw_head_answers_with_a_login_as_well(verification: InProcess) -> None:
    request = granted(verification)
    path = f"/v1/tasks/{task_of(verification, request['application_id'])['id']}/decision"
    refused = verification.call("POST", path, "rt_head", who=HEAD, json={"decision": "acknowledge"})
    assert refused.status_code in (409, 422)
    assert verification.call("POST", path, "rw_head", who=RW_HEAD, json={"decision": "acknowledge"}).status_code == 200
    assert len(told(verification, request)) == 1


def test_a_case_that_ends_meanwhile_ends_the_question(verification: InProcess) -> None:
    request = granted(verification)
    now = verification.clock.now().isoformat()
    state = {
        "application_id": request["application_id"], "tracking_code": "PGT-7K3M9-XW2RB", "kelurahan": BUKIT_SANGKAL,
        "rw": RW, "rt": RT, "service": "KK", "sop_version": 1, "status": "withdrawn", "channel": "http",
        "owner": "applicant-1", "opened_at": now, "changed_at": now, "person": {"applicant": {}, "contact": CONTACT},
    }  # fmt: skip
    verification.feed("application.withdrawn", state, subject=request["application_id"])
    assert decide(verification, request, "acknowledge").status_code == 409
    assert told(verification, request) == []
