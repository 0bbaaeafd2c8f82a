"""Introductions: asked for by the applicant, or begun by the RT head."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI
from tests.support.verification import (
    APPLICANT,
    CONTACT,
    HEAD,
    OTHER_HEAD,
    RW_HEAD,
    a_request,
    ask,
    link_token,
    only,
    publish_office,
    task_of,
    told_of,
)

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> None:
    publish_office(verification)


def by_link(verification: InProcess, token: str, **body: Any) -> Any:
    return verification.call("POST", f"/v1/links/{token}/decision", json=body)


def test_the_rt_head_is_sent_a_link_to_what_he_is_asked(verification: InProcess) -> None:
    request = ask(verification)
    message = only(verification, "message.requested", application_id=request["application_id"])
    assert message["template"] == "introduction_request"
    assert message["message_class"] == "notice"
    assert message["person"]["to"] == {"name": "M. Yusuf Effendi", "phone": "+6281200000023"}
    values = message["person"]["values"]
    assert values["applicant_name"] == "Siti Maimunah binti H. Zainuddin"
    assert values["service_name"] == "Surat pengantar Kartu Keluarga"
    assert values["link"].startswith(f"{verification.settings.public_url}/t/")
    state = only(verification, "task.changed", application_id=request["application_id"])
    assert (state["kind"], state["status"]) == ("introduction", "open")


def test_a_request_delivered_twice_is_one_task(verification: InProcess) -> None:
    request = a_request(verification)
    event = verification.make_event("introduction.requested", request, subject=request["introduction_id"])
    assert verification.apply(event)
    assert not verification.apply(event)
    verification.feed("introduction.requested", request, subject=request["introduction_id"])
    assert len(told_of(verification, "task.changed", application_id=request["application_id"])) == 1
    assert len(told_of(verification, "message.requested", application_id=request["application_id"])) == 1


def test_the_link_shows_what_its_reader_needs_and_no_more(verification: InProcess) -> None:
    token = link_token(verification, ask(verification)["application_id"])
    for path in (f"/t/{token}", f"/v1/links/{token}"):
        answer = verification.call("GET", path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        shown = answer.get_json()
        assert shown["applicant"] == {"name": APPLICANT["name"], "address": APPLICANT["address"]}
        assert (shown["kind"], shown["status"], shown["rt"], shown["rw"]) == ("introduction", "open", "023", "005")
        assert (shown["office_name"], shown["service_name"]) == ("Bukit Sangkal", "Surat pengantar Kartu Keluarga")
        assert shown["decisions"] == ["grant", "refuse"]
        assert {reason["code"] for reason in shown["refusal_reasons"]} >= {"not_resident", "other"}
        assert APPLICANT["nik"] not in answer.get_data(as_text=True)
        assert CONTACT["phone"] not in answer.get_data(as_text=True)


def test_granting_tells_everything_that_the_letter_needs(verification: InProcess) -> None:
    request = ask(verification)
    answer = by_link(verification, link_token(verification, request["application_id"]), decision="grant")
    assert answer.status_code == 200
    assert (answer.get_json()["status"], answer.get_json()["outcome"]) == ("done", "granted")
    granted = only(verification, "introduction.granted", application_id=request["application_id"])
    assert str(granted["introduction_id"]) == request["introduction_id"]
    assert granted["purpose"] == request["purpose"]
    assert granted["valid_until"].isoformat() == "2026-09-14"
    assert (granted["acting_as"], granted["owner"]) == ("rt_head", "applicant-1")
    assert granted["person"]["applicant"] == APPLICANT
    assert granted["person"]["contact"] == CONTACT
    assert granted["person"]["rt_head"] == {"name": "M. Yusuf Effendi"}
    states = told_of(verification, "task.changed", application_id=request["application_id"])
    assert [state["status"] for state in states] == ["open", "done"]
    assert states[-1]["closed_at"] is not None


def test_he_may_grant_for_another_purpose(verification: InProcess) -> None:
    request = ask(verification)
    by_link(verification, link_token(verification, request["application_id"]), decision="grant", purpose="KK hilang")
    assert (
        only(verification, "introduction.granted", application_id=request["application_id"])["purpose"] == "KK hilang"
    )


def test_refusing_takes_a_reason_from_the_list(verification: InProcess) -> None:
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    for wrong, where in (
        ({}, "decision"),
        ({"decision": "refuse"}, "reason"),
        ({"decision": "refuse", "reason": "unpaid_dues"}, "reason"),
        ({"decision": "refuse", "reason": "other"}, "note"),
        ({"decision": "grant", "reason": "other"}, "reason"),
        ({"verdicts": []}, "decision"),
        ({"decision": "grant", "surprise": 1}, "surprise"),
    ):
        refused = by_link(verification, token, **wrong)
        assert refused.status_code == 422, wrong
        assert where in refused.get_json()["errors"]["json"], wrong
    answer = by_link(verification, token, decision="refuse", reason="not_resident", note="Sudah pindah.")
    assert answer.status_code == 200
    told = only(verification, "introduction.refused", application_id=request["application_id"])
    assert told["reason"] == "not_resident"
    assert told["person"] == {"note": "Sudah pindah.", "contact": CONTACT}
    assert "Sudah pindah" not in str(task_of(verification, request["application_id"]))


def test_the_same_decision_again_is_answered_alike(verification: InProcess) -> None:
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    first, second = (by_link(verification, token, decision="grant") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json() == second.get_json()
    assert first.headers["ETag"] == second.headers["ETag"]
    only(verification, "introduction.granted", application_id=request["application_id"])


def test_another_decision_is_refused_and_changes_nothing(verification: InProcess) -> None:
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    by_link(verification, token, decision="grant")
    refused = by_link(verification, token, decision="refuse", reason="not_resident")
    assert refused.status_code == 409
    assert refused.get_json()["type"] == "urn:problem:task-closed"
    assert refused.mimetype == "application/problem+json"
    assert not told_of(verification, "introduction.refused", application_id=request["application_id"])


def test_a_key_that_comes_again_gets_its_first_answer_and_the_token_is_not_kept(verification: InProcess) -> None:
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    key = {"Idempotency-Key": "once"}
    path = f"/v1/links/{token}/decision"
    first = verification.call("POST", path, json={"decision": "grant"}, headers=key)
    again = verification.call("POST", path, json={"decision": "grant"}, headers=key)
    other = verification.call("POST", path, json={"decision": "refuse", "reason": "other", "note": "x"}, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.get_json() == again.get_json()
    assert other.status_code == 422
    for table in ("idempotency", "link", "message", "task", "people"):
        assert token not in str(verification.rows(f"SELECT t::text FROM {table} t"))


def test_ten_decisions_at_once_have_one_outcome(verification: InProcess) -> None:
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    sent = [{"decision": "grant"}, {"decision": "refuse", "reason": "unknown_person"}] * 5
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda body: by_link(verification, token, **body), sent))
    outcomes = {answer.get_json()["outcome"] for answer in answers if answer.status_code == 200}
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409] * 5
    assert len(outcomes) == 1
    facts = told_of(verification, "introduction.granted", application_id=request["application_id"])
    facts += told_of(verification, "introduction.refused", application_id=request["application_id"])
    assert len(facts) == 1


def test_a_closed_task_still_answers_its_link_without_anybodys_data(verification: InProcess) -> None:
    token = link_token(verification, ask(verification)["application_id"])
    by_link(verification, token, decision="grant")
    answer = verification.call("GET", f"/t/{token}")
    assert answer.status_code == 200
    shown = answer.get_json()
    assert (shown["status"], shown["outcome"], shown["decisions"]) == ("done", "granted", [])
    assert (shown["applicant"], shown["purpose"], shown["files"]) == (None, None, [])
    assert APPLICANT["name"] not in answer.get_data(as_text=True)


def test_reading_a_link_uses_nothing_up(verification: InProcess) -> None:
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    before = task_of(verification, request["application_id"])
    for _ in range(3):
        verification.call("GET", f"/t/{token}")
    assert task_of(verification, request["application_id"]) == before


def test_an_unknown_token_is_the_same_404_wherever_it_comes(verification: InProcess) -> None:
    bodies = []
    asked: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", "/t/unknown", {}),
        ("GET", "/v1/links/" + "x" * 32, {}),
        ("POST", "/v1/links/unknown/decision", {"json": {"decision": "grant"}}),
    )
    for method, path, more in asked:
        answer = verification.call(method, path, **more)
        assert answer.status_code == 404
        bodies.append({name: value for name, value in answer.get_json().items() if name != "instance"})
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert bodies[0] == bodies[1] == bodies[2]


def test_a_link_expires(verification: InProcess) -> None:
    token = link_token(verification, ask(verification)["application_id"])
    now = verification.clock.at
    verification.clock.at = now + timedelta(days=31)
    try:
        assert verification.call("GET", f"/t/{token}").status_code == 404
        assert by_link(verification, token, decision="grant").status_code == 404
    finally:
        verification.clock.at = now


def test_an_rt_head_with_a_login_decides_his_own(verification: InProcess) -> None:
    request = ask(verification)
    task = task_of(verification, request["application_id"])
    shown = verification.call("GET", f"/v1/tasks/{task['id']}", "rt_head", who=HEAD)
    assert shown.status_code == 200
    assert shown.headers["ETag"] == '"1"'
    assert shown.get_json()["contact"] == CONTACT
    assert shown.get_json()["messages"] == []
    path = f"/v1/tasks/{task['id']}/decision"
    answer = verification.call("POST", path, "rt_head", who=HEAD, json={"decision": "grant"})
    assert (answer.status_code, answer.get_json()["outcome"]) == (200, "granted")
    only(verification, "introduction.granted", application_id=request["application_id"])


@pytest.mark.parametrize("who", [OTHER_HEAD, HEAD | {"tenant": KALIDONI}, HEAD | {"rw": "004"}])
def test_another_rts_task_is_404_and_on_record(verification: InProcess, who: dict[str, Any]) -> None:
    task = task_of(verification, ask(verification)["application_id"])
    for method, path, more in (
        ("GET", f"/v1/tasks/{task['id']}", {}),
        ("POST", f"/v1/tasks/{task['id']}/decision", {"json": {"decision": "grant"}}),
    ):
        answer = verification.call(method, path, "rt_head", who=who, **more)
        assert answer.status_code == 404
        assert answer.get_json()["type"] == "urn:problem:not-found"
    refused = verification.rows("SELECT route FROM refused_access WHERE object = %s", [str(task["id"])])
    assert [row["route"] for row in refused] == [
        "GET /v1/tasks/<uuid:task_id>", "POST /v1/tasks/<uuid:task_id>/decision"
    ]  # fmt: skip
    assert task_of(verification, task["application_id"])["status"] == "open"


def test_who_may_not_call_is_told_so(verification: InProcess) -> None:
    task = task_of(verification, ask(verification)["application_id"])
    path = f"/v1/tasks/{task['id']}"
    assert verification.call("GET", path).status_code == 401
    assert verification.call("GET", path, "applicant").status_code == 403
    assert verification.call("POST", f"{path}/decision", "officer", json={"decision": "grant"}).status_code == 403
    assert verification.call("GET", path, "rt_head").status_code == 403  # a token that names no RT
    assert verification.call("POST", f"{path}/decision", "rt_head", who=HEAD, data="x").status_code == 415
    bad = verification.call("POST", f"{path}/decision", "rt_head", who=HEAD, data="{", content_type="application/json")
    assert bad.status_code == 400


def test_an_officer_sees_that_the_head_was_not_reached(verification: InProcess) -> None:
    request = ask(verification)
    message = only(verification, "message.requested", application_id=request["application_id"])
    outcome = {
        "message_id": str(message["message_id"]), "kelurahan": request["kelurahan"], "requested_by": "verification",
        "channel": "mailbox", "at": verification.clock.now().isoformat(), "reason": "no such number",
    }  # fmt: skip
    verification.feed("message.failed", outcome, subject=message["message_id"])
    task = task_of(verification, request["application_id"])
    shown = verification.call("GET", f"/v1/tasks/{task['id']}", "officer").get_json()
    assert [(m["status"], m["reason"], m["to_role"]) for m in shown["messages"]] == [
        ("failed", "no such number", "rt_head")
    ]
    verification.feed("message.delivered", outcome | {"reason": None}, subject=message["message_id"])
    verification.feed("message.failed", outcome, subject=message["message_id"])
    shown = verification.call("GET", f"/v1/tasks/{task['id']}", "officer").get_json()
    assert shown["messages"][0]["status"] == "delivered"


def test_what_the_head_writes_is_kept_sealed_beside_the_open_question(verification: InProcess) -> None:
    task = task_of(verification, ask(verification)["application_id"])
    received = {
        "message_id": str(uuid4()), "kelurahan": task["kelurahan"], "channel": "whatsapp", "recipient": "verification",
        "received_at": verification.clock.now().isoformat(),
        "person": {"from": {"name": "M. Yusuf Effendi", "phone": "+6281200000023"}, "text": "Iyo, nanti malam."},
    }  # fmt: skip
    verification.feed("message.received", received, subject=received["message_id"])
    verification.feed("message.received", received, subject=received["message_id"])
    rows = verification.rows(
        "SELECT i.task_id, p.id, p.sealed FROM incoming i JOIN people p ON p.id = i.person_id WHERE i.id::text = %s",
        [received["message_id"]],
    )
    assert [row["task_id"] for row in rows] == [task["id"]]
    assert "malam" not in rows[0]["sealed"]
    assert verification.deps.data_keys.open(rows[0]["sealed"], f"person:{rows[0]['id']}")["text"] == "Iyo, nanti malam."


def test_what_a_stranger_writes_is_not_lost(verification: InProcess) -> None:
    received = {
        "message_id": str(uuid4()), "kelurahan": "16.71.10.1001", "channel": "whatsapp", "recipient": "verification",
        "received_at": verification.clock.now().isoformat(),
        "person": {"from": {"name": "?", "phone": "+6281200000999"}, "text": "Halo"},
    }  # fmt: skip
    verification.feed("message.received", received, subject=received["message_id"])
    rows = verification.rows("SELECT task_id FROM incoming WHERE id::text = %s", [received["message_id"]])
    assert rows == [{"task_id": None}]


def begin(verification: InProcess, who: dict[str, Any] | None = None, **more: Any) -> Any:
    body = {"name": "Nur'aini", "phone": "0812 0000 0912", "purpose": "Mengurus KK baru", "service": "KK"} | more
    given = {name: value for name, value in body.items() if value is not None}
    return verification.call("POST", "/v1/tasks", "rt_head", who=who or HEAD, json=given)


def test_an_rt_head_introduces_somebody_himself(verification: InProcess) -> None:
    answer = begin(verification)
    assert answer.status_code == 201
    task = answer.get_json()
    assert answer.headers["Location"] == f"/v1/tasks/{task['id']}"
    assert (task["status"], task["outcome"], task["application_id"]) == ("done", "granted", None)
    granted = only(verification, "introduction.granted", introduction_id=task["introduction_id"])
    assert (granted["application_id"], granted["service"], granted["owner"]) == (None, "KK", None)
    assert granted["person"] == {
        "applicant": {"name": "Nur'aini", "rw": "005", "rt": "023"},
        "contact": {"name": "Nur'aini", "phone": "+6281200000912"},
        "rt_head": {"name": "M. Yusuf Effendi"},
    }
    only(verification, "task.changed", introduction_id=task["introduction_id"], status="done")


def test_without_a_service_the_letter_stands_by_itself(verification: InProcess) -> None:
    task = begin(verification, service=None).get_json()
    assert only(verification, "introduction.granted", introduction_id=task["introduction_id"])["service"] is None


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"phone": "0711 123456"}, "phone"), ({"name": " "}, "name"), ({"service": "NOPE"}, "service"),
        ({"service": "K\x00K"}, "service"), ({"purpose": None}, "purpose"),
        ({"name": "Ro\u202ehana"}, "name"), ({"nik": "1671"}, "nik"),
    ],
)  # fmt: skip
def test_what_he_sends_is_checked(verification: InProcess, wrong: dict[str, Any], where: str) -> None:
    answer = begin(verification, **wrong)
    assert answer.status_code == 422
    assert where in answer.get_json()["errors"]["json"]


def test_a_head_of_an_rt_that_is_not_registered_cannot_introduce(verification: InProcess) -> None:
    answer = begin(verification, who=HEAD | {"rt": "099"})
    assert answer.status_code == 403
    assert answer.get_json()["type"] == "urn:problem:no-neighbourhood"


def test_lists_are_bound_to_rt_rw_and_office(verification: InProcess) -> None:
    here, there = ask(verification), ask(verification, rt="024")
    seen: dict[str, set[str]] = {}
    for name, role, who in (
        ("head", "rt_head", HEAD), ("rw", "rw_head", RW_HEAD), ("office", "officer", None),
        ("elsewhere", "officer", {"tenant": KALIDONI}),
    ):  # fmt: skip
        answer = verification.call("GET", "/v1/tasks?limit=200&status=open", role, who=who)
        assert answer.status_code == 200
        seen[name] = {item["application_id"] for item in answer.get_json()["items"]}
    assert here["application_id"] in seen["head"]
    assert there["application_id"] not in seen["head"]
    assert {here["application_id"], there["application_id"]} <= seen["rw"]
    assert {here["application_id"], there["application_id"]} <= seen["office"]
    assert seen["elsewhere"] == set()
    found = verification.call("GET", f"/v1/tasks?application_id={there['application_id']}", "officer").get_json()
    assert [item["rt"] for item in found["items"]] == ["024"]


def test_a_list_goes_on_where_it_ended(verification: InProcess) -> None:
    for _ in range(3):
        ask(verification)
    first = verification.call("GET", "/v1/tasks?limit=2", "officer").get_json()
    second = verification.call("GET", f"/v1/tasks?limit=2&cursor={first['next_cursor']}", "officer").get_json()
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == len(ids) >= 3
    assert verification.call("GET", "/v1/tasks?cursor=rubbish", "officer").status_code == 422


def test_sentences_are_in_the_callers_language(verification: InProcess) -> None:
    token = link_token(verification, ask(verification)["application_id"])
    english = verification.call("GET", f"/t/{token}", headers={"Accept-Language": "en"}).get_json()
    assert english["service_name"] == "Introduction for a family card"
    refused = verification.call("GET", "/t/unknown", headers={"Accept-Language": "en"}).get_json()
    assert refused["title"] == "Not found"


def test_nobody_is_introduced_for_a_service_that_is_not_offered(verification: InProcess) -> None:
    sent = {"name": "Rohana", "phone": "0812 0000 0961", "purpose": "Mengurus surat", "service": "KLINIK"}

    def introduce() -> int:
        return int(verification.call("POST", "/v1/tasks", "rt_head", who=HEAD, json=sent).status_code)

    def publish(version: int, effective_from: str, **more: Any) -> None:
        name = {"id": "Klinik", "en": "Clinic"}
        data = {
            "kelurahan": BUKIT_SANGKAL, "service": "KLINIK", "version": version, "effective_from": effective_from,
            "name": "Klinik", "sop": {"name": name, "requirements": [], **more},
        }  # fmt: skip
        verification.feed("sop.published", data, subject=f"{BUKIT_SANGKAL}/KLINIK")

    today = verification.clock.now().date()
    assert introduce() == 422
    publish(1, (today + timedelta(days=3)).isoformat())
    assert introduce() == 422
    publish(2, "2026-01-01")
    assert introduce() == 201
    publish(2, "2026-01-01", retired_from="2026-01-02")
    assert introduce() == 422
    publish(3, "2026-01-01")
    assert introduce() == 201


HELPER = {"name": "Nur'aini", "phone": "+6281271000072", "relation": "tetangga"}


@pytest.mark.parametrize(
    ("helper", "said", "told"),
    [
        (HELPER, True, True),
        (HELPER, False, False),
        (HELPER, None, None),
        (None, True, None),
        (HELPER | {"phone": "+6281200000023"}, True, None),  # he helps himself: that is another's word
    ],
)
def test_with_the_introduction_the_head_says_whether_the_applicant_agrees_to_being_helped(
    verification: InProcess, helper: dict[str, str] | None, said: bool | None, told: bool | None
) -> None:
    request = ask(verification, person={"applicant": APPLICANT, "contact": CONTACT, "helper": helper})
    token = link_token(verification, request["application_id"])
    shown = verification.call("GET", f"/v1/links/{token}").json["helper"]
    assert shown == (helper and {"name": "Nur'aini", "relation": "tetangga"})
    sent = {"decision": "grant"} | ({} if said is None else {"owner_agrees": said})
    assert by_link(verification, token, **sent).status_code == 200
    assert only(verification, "introduction.granted", application_id=request["application_id"])["owner_agrees"] is told


def test_only_a_grant_says_so(verification: InProcess) -> None:
    token = link_token(verification, ask(verification)["application_id"])
    sent = {"decision": "refuse", "reason": "not_resident", "owner_agrees": True}
    assert by_link(verification, token, **sent).status_code == 422
