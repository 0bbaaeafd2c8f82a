"""Whoever does not answer is reminded twice in office hours; then the next one is asked, at last an officer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts import contract
from tests.integration.verification.test_attestations import said
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.verification import APPLICANT, CONTACT, a_case, a_file, a_request, publish_office, task_of, told_of
from verification.usecases import reminding

pytestmark = pytest.mark.timeout(120)

RW, RT = "092", "007"
HEAD, RW_HEAD = {"sub": "head-092-007", "rw": RW, "rt": RT}, {"sub": "head-rw-092", "rw": RW}
PHONES = {"rt_head": "+6281200009207", "substitute": "+6281200009208", "rw_head": "+6281200009200"}
FRIDAY = "2026-08-14T09:00"
CHAIN = ("2026-08-18T10:00", "2026-08-18T14:00", "2026-08-19T07:30")
"""Asked on Friday: a reminder twice on Tuesday (Monday is a holiday), the next one on Wednesday."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


@pytest.fixture(scope="module", autouse=True)
def places(verification: InProcess) -> Iterator[None]:
    """An RT with a head, a substitute and an RW head, and the office's days and hours."""
    before = verification.clock.at
    publish_office(verification)
    calendar = contract("office.changed").example["office"]["calendar"]
    office = {
        "kelurahan": BUKIT_SANGKAL, "name": "Bukit Sangkal", "kecamatan": "Kalidoni", "kota": "Palembang",
        "province": "Sumatera Selatan", "zone": "Asia/Jakarta", "office": {"calendar": calendar},
    }  # fmt: skip
    verification.feed("office.changed", office, subject=BUKIT_SANGKAL)
    verification.call("PUT", f"/v1/neighbourhoods/{RW}/{RT}", "administrator", json={})
    for role, phone in PHONES.items():
        sent = {"role": role, "rw": RW, "name": f"Contoh {role}", "phone": phone, "from_date": "2026-01-01"}
        more = {} if role == "rw_head" else {"rt": RT}
        assert verification.call("POST", "/v1/officeholders", "administrator", json=sent | more).status_code == 201
    yield
    verification.clock.at = before


@pytest.fixture(autouse=True)
def quiet(verification: InProcess) -> Iterator[None]:
    """Nothing is due before and after."""
    verification.clock.at = at(FRIDAY)
    with verification.deps.db.transaction("*") as tx:
        tx.execute("UPDATE task SET nudge_at = NULL")
    yield
    with verification.deps.db.transaction("*") as tx:
        tx.execute("UPDATE task SET nudge_at = NULL")


def person() -> dict[str, Any]:
    return {"applicant": APPLICANT | {"rw": RW, "rt": RT}, "contact": CONTACT, "helper": None}


def introduction(verification: InProcess) -> str:
    request = a_request(verification, rw=RW, rt=RT, person=person())
    verification.feed("introduction.requested", request, subject=request["introduction_id"])
    return str(request["application_id"])


def attestation(verification: InProcess, rw: str = RW, rt: str = RT) -> tuple[str, dict[str, Any]]:
    file, now = a_file("KTP"), verification.clock.now().isoformat()
    case = a_case(verification, "received", files=[file], rw=rw, rt=rt, received_at=now)
    told = case | {"person": person() | {"details": {}, "grants": {file["file_id"]: "grant"}}}
    verification.feed("application.received", told, subject=case["application_id"])
    return str(case["application_id"]), file


def go(verification: InProcess, *moments: str) -> None:
    for moment in moments:
        verification.clock.at = at(moment)
        reminding.remind_due(verification.deps)


def sent(verification: InProcess, case: str) -> list[tuple[str, str]]:
    """(template, phone) of what was sent about the case."""
    return [
        (message["template"], message["person"]["to"]["phone"])
        for message in told_of(verification, "message.requested", application_id=case)
    ]


def asked(verification: InProcess, case: str) -> str | None:
    holder = task_of(verification, case)["officeholder_id"]
    return (
        str(verification.rows("SELECT role FROM officeholder WHERE id = %s", [holder])[0]["role"]) if holder else None
    )


def test_he_is_reminded_twice_in_office_hours_and_not_before(verification: InProcess) -> None:
    case = introduction(verification)
    go(verification, "2026-08-14T16:00", "2026-08-15T10:00", "2026-08-17T14:00", "2026-08-18T09:59")
    assert len(sent(verification, case)) == 1
    go(verification, "2026-08-18T10:00", "2026-08-18T10:01", "2026-08-18T13:59", "2026-08-18T14:00", "2026-08-18T23:00")
    assert sent(verification, case)[1:] == [("introduction_reminder", PHONES["rt_head"])] * 2


def test_then_the_substitute_is_asked_then_the_rw_head_and_the_applicant_is_told(verification: InProcess) -> None:
    case = introduction(verification)
    go(verification, *CHAIN)
    assert asked(verification, case) == "substitute"
    assert sent(verification, case)[-2:] == [
        ("introduction_request", PHONES["substitute"]),
        ("task_handed_on", CONTACT["phone"]),
    ]
    go(verification, "2026-08-19T10:00", "2026-08-19T14:00", "2026-08-20T07:30")
    assert asked(verification, case) == "rw_head"


def everybody_silent(verification: InProcess) -> None:
    go(verification, *CHAIN, "2026-08-19T10:00", "2026-08-19T14:00", "2026-08-20T07:30")
    go(verification, "2026-08-20T10:00", "2026-08-20T14:00", "2026-08-21T07:30")


def test_at_last_an_officer_has_it(verification: InProcess) -> None:
    case = introduction(verification)
    everybody_silent(verification)
    assert asked(verification, case) is None
    assert told_of(verification, "task.changed", application_id=case)[-1]["unanswered"]
    assert sent(verification, case)[-1] == ("task_with_officer", CONTACT["phone"])
    go(verification, "2026-08-24T10:00", "2026-08-31T10:00")
    assert sent(verification, case)[-1] == ("task_with_officer", CONTACT["phone"])


def test_documents_that_nobody_judges_come_before_an_officer_and_a_late_answer_counts(verification: InProcess) -> None:
    case, file = attestation(verification)
    everybody_silent(verification)
    [told] = told_of(verification, "verification.failed", application_id=case)
    assert (told["reason"], told["verdicts"]) == ("no_answer", [])
    link = told_of(verification, "message.requested", application_id=case)[0]["person"]["values"]["link"]
    late = verification.call("POST", f"/v1/links/{link.rpartition('/')[2]}/decision", json={"verdicts": [said(file)]})
    assert late.status_code == 200
    assert len(told_of(verification, "verification.passed", application_id=case)) == 1


def test_the_head_may_still_answer_when_the_substitute_is_asked(verification: InProcess) -> None:
    case = introduction(verification)
    go(verification, *CHAIN)
    path = f"/v1/tasks/{task_of(verification, case)['id']}/decision"
    assert verification.call("POST", path, "rt_head", who=HEAD, json={"decision": "grant"}).status_code == 200


def test_an_rw_head_whom_a_question_came_to_answers_with_his_login(verification: InProcess) -> None:
    case = introduction(verification)
    path = f"/v1/tasks/{task_of(verification, case)['id']}/decision"
    early = verification.call("POST", path, "rw_head", who=RW_HEAD, json={"decision": "grant"})
    assert (early.status_code, early.get_json()["type"]) == (403, "urn:problem:not-in-office")
    go(verification, *CHAIN, "2026-08-19T10:00", "2026-08-19T14:00", "2026-08-20T07:30")
    assert verification.call("POST", path, "rw_head", who=RW_HEAD, json={"decision": "grant"}).status_code == 200


def test_who_has_answered_is_left_alone(verification: InProcess) -> None:
    case = introduction(verification)
    path = f"/v1/tasks/{task_of(verification, case)['id']}/decision"
    assert verification.call("POST", path, "rt_head", who=HEAD, json={"decision": "grant"}).status_code == 200
    go(verification, *CHAIN)
    assert [template for template, _ in sent(verification, case)] == ["introduction_request"]


def test_a_task_that_fails_holds_up_nobody(verification: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = introduction(verification), introduction(verification)
    real = reminding._remind

    def fails(deps: Any, tx: Any, task: Any, holder: Any) -> Any:
        if str(task.application_id) == broken:
            raise RuntimeError("broken")
        return real(deps, tx, task, holder)

    monkeypatch.setattr(reminding, "_remind", fails)
    go(verification, CHAIN[0])
    assert (len(sent(verification, broken)), len(sent(verification, whole))) == (1, 2)


def test_whoever_is_asked_after_a_long_standstill_has_all_his_time(verification: InProcess) -> None:
    case = introduction(verification)
    go(verification, "2026-08-20T09:00")  # nothing looked for two days: both reminders and the hand-on are overdue
    assert asked(verification, case) == "substitute"
    go(verification, "2026-08-21T09:59")
    assert asked(verification, case) == "substitute"
    assert ("introduction_reminder", PHONES["substitute"]) not in sent(verification, case)
    go(verification, "2026-08-21T10:00")
    assert sent(verification, case)[-1] == ("introduction_reminder", PHONES["substitute"])


def test_a_head_who_leaves_with_nobody_after_him_leaves_his_questions_to_an_officer(verification: InProcess) -> None:
    rw, rt = "093", "001"
    verification.call("PUT", f"/v1/neighbourhoods/{rw}/{rt}", "administrator", json={})
    term = {"role": "rt_head", "rw": rw, "rt": rt, "name": "Contoh", "phone": "+6281200009301"}
    first = term | {"from_date": "2026-01-01"}
    head = verification.call("POST", "/v1/officeholders", "administrator", json=first).get_json()
    case, _ = attestation(verification, rw, rt)
    assert told_of(verification, "verification.failed", application_id=case) == []
    path = f"/v1/officeholders/{head['id']}"
    assert verification.call("PATCH", path, "administrator", json={"to_date": "2026-08-13"}).status_code == 200
    [failed] = told_of(verification, "verification.failed", application_id=case)
    assert failed["reason"] == "no_answer"
    assert told_of(verification, "task.changed", application_id=case)[-1]["unanswered"]
    verification.call("POST", "/v1/officeholders", "administrator", json=term | {"from_date": "2026-08-14"})
    assert not told_of(verification, "task.changed", application_id=case)[-1]["unanswered"]


def test_the_applicant_is_told_where_messages_go_now_and_not_where_they_went(verification: InProcess) -> None:
    """Whoever helped once hears nothing more, and stays known as somebody who cannot be a witness."""
    request = a_request(verification, rw=RW, rt=RT, person=person())
    verification.feed("introduction.requested", request, subject=request["introduction_id"])
    helper = {"name": "Nur'aini", "phone": CONTACT["phone"], "relation": "tetangga", "revoked": True}
    now = person() | {"contact": {"name": "Rohana", "phone": "+6281271000071"}, "helper": helper, "details": {}}
    case = a_case(verification, "draft", application_id=request["application_id"], rw=RW, rt=RT)
    verification.feed("application.changed", case | {"person": now}, subject=request["application_id"])
    go(verification, *CHAIN)
    assert sent(verification, str(request["application_id"]))[-1] == ("task_handed_on", "+6281271000071")
    [kept] = verification.rows(
        "SELECT p.id, p.sealed FROM people p JOIN task t ON t.person_id = p.id WHERE t.application_id = %s",
        [request["application_id"]],
    )
    assert verification.deps.data_keys.open(kept["sealed"], f"person:{kept['id']}")["helper"] == helper
