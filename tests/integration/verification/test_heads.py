"""Neighbourhoods, who heads them, and what a change of either brings about."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.support.services import InProcess
from tests.support.tokens import KALIDONI
from tests.support.verification import CONTACT, HEAD, RW_HEAD, ask, link_token, only, publish_office, task_of, told_of
from verification.app import republish
from verification.sample import load_sample, read_sample
from verification.usecases.heads import follow_days

pytestmark = pytest.mark.timeout(120)
ADMIN = {"tenant": KALIDONI}


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> None:
    publish_office(verification)


@pytest.fixture
def rw(verification: InProcess) -> str:
    """An RW of Kalidoni that no other test uses, with one RT, 001."""
    taken = verification.rows("SELECT max(rw) AS rw FROM neighbourhood WHERE kelurahan = %s", [KALIDONI])[0]["rw"]
    number = f"{int(taken or 0) + 1:03d}"
    answer = verification.call("PUT", f"/v1/neighbourhoods/{number}/001", "administrator", who=ADMIN)
    assert answer.status_code == 201
    return number


def enter(verification: InProcess, at_rw: str, role: str = "rt_head", **more: Any) -> Any:
    body = {
        "role": role, "rw": at_rw, "rt": None if role == "rw_head" else "1", "name": "Zulkarnain bin H. Umar",
        "phone": "0812 0000 0950", "from_date": "2026-01-01",
    } | more  # fmt: skip
    return verification.call("POST", "/v1/officeholders", "administrator", who=ADMIN, json=body)


def place(verification: InProcess, rw: str) -> dict[str, Any]:
    answer = verification.call("GET", f"/v1/neighbourhoods?rw={rw}", "administrator", who=ADMIN)
    found: dict[str, Any] = answer.get_json()["items"][0]
    return found


def test_the_sample_is_bukit_sangkal_and_made_up(verification: InProcess) -> None:
    rows = verification.rows("SELECT rw, rt, headed, made_up FROM neighbourhood WHERE kelurahan = '16.71.10.1001'")
    assert len(rows) == 57
    assert len({row["rw"] for row in rows}) == 10
    assert len({row["rt"] for row in rows}) == 57
    assert all(row["headed"] and row["made_up"] for row in rows)
    assert [row["rw"] for row in rows if row["rt"] == "023"] == ["005"]
    told = told_of(verification, "officeholder.changed", kelurahan="16.71.10.1001", rt="023", role="rt_head")
    assert told[0]["person"] == {"name": "M. Yusuf Effendi", "phone": "+6281200000023"}


def test_loading_the_sample_twice_is_loading_it_once(verification: InProcess) -> None:
    count = (
        "SELECT (SELECT count(*) FROM neighbourhood) AS n, (SELECT count(*) FROM officeholder) AS o,"
        " (SELECT count(*) FROM outbox) AS e"
    )
    before = verification.rows(count)
    load_sample(verification.deps)
    assert verification.rows(count) == before


def test_no_two_people_of_the_sample_share_a_name_or_a_number() -> None:
    people = read_sample()["officeholders"]
    assert len({one["phone"] for one in people}) == len({one["name"] for one in people}) == len(people)


def test_people_are_sealed_in_the_database(verification: InProcess) -> None:
    sealed = verification.rows("SELECT p::text AS row FROM people p")
    assert sealed
    assert not any("Yusuf" in row["row"] or "62812" in row["row"] for row in sealed)


def test_an_rt_is_registered_once(verification: InProcess, rw: str) -> None:
    again = verification.call("PUT", f"/v1/neighbourhoods/RW {int(rw)}/RT.1", "administrator", who=ADMIN)
    assert again.status_code == 200
    assert (again.get_json()["rt"], again.get_json()["headed"], again.get_json()["decides"]) == ("001", False, None)
    only(verification, "neighbourhood.changed", kelurahan=KALIDONI, rw=rw)
    wrong = verification.call("PUT", f"/v1/neighbourhoods/{rw}/1000", "administrator", who=ADMIN)
    assert (wrong.status_code, list(wrong.get_json()["errors"]["path"])) == (422, ["rt"])
    assert verification.call("PUT", f"/v1/neighbourhoods/{rw}/002", "officer").status_code == 403
    assert verification.call("PUT", f"/v1/neighbourhoods/{rw}/002").status_code == 401


def test_a_head_who_takes_office_heads_his_rt(verification: InProcess, rw: str) -> None:
    answer = enter(verification, rw)
    assert answer.status_code == 201
    assert answer.get_json()["phone"] == "+6281200000950"
    assert place(verification, rw)["decides"]["name"] == "Zulkarnain bin H. Umar"
    headed = [state["headed"] for state in told_of(verification, "neighbourhood.changed", kelurahan=KALIDONI, rw=rw)]
    assert headed == [False, True]
    told = only(verification, "officeholder.changed", officeholder_id=answer.get_json()["id"])
    assert (told["role"], told["rt"], told["to_date"]) == ("rt_head", "001", None)
    assert told["person"]["phone"] == "+6281200000950"


def test_an_rt_has_one_head_at_a_time(verification: InProcess, rw: str) -> None:
    first = enter(verification, rw, to_date="2026-06-30").get_json()
    overlapping = enter(verification, rw, from_date="2026-06-30")
    assert overlapping.status_code == 409
    assert overlapping.get_json()["type"] == "urn:problem:office-taken"
    assert enter(verification, rw, from_date="2026-07-01").status_code == 201
    assert enter(verification, rw, "substitute").status_code == 201
    reopened = verification.call(
        "PATCH", f"/v1/officeholders/{first['id']}", "administrator", who=ADMIN, json={"to_date": None}
    )
    assert reopened.status_code == 409


def test_two_heads_who_are_entered_at_once_are_one(verification: InProcess, rw: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: enter(verification, rw), range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"rt": "009"}, "rt"), ({"rw": "999"}, "rw"), ({"phone": "0711 350 350"}, "phone"), ({"rt": None}, "rt"),
        ({"role": "rw_head", "rt": "1"}, "rt"), ({"to_date": "2025-12-31"}, "to_date"), ({"role": "camat"}, "role"),
        ({"nip": "1"}, "nip"), ({"rt": "RT nol"}, "rt"),
    ],
)  # fmt: skip
def test_what_is_entered_is_checked(verification: InProcess, rw: str, wrong: dict[str, Any], where: str) -> None:
    answer = enter(verification, rw, **wrong)
    assert answer.status_code == 422
    assert where in answer.get_json()["errors"]["json"]
    assert enter(verification, rw).status_code == 201


def test_ending_a_term_honours_if_match_and_is_for_administrators(verification: InProcess, rw: str) -> None:
    holder = enter(verification, rw).get_json()
    path = f"/v1/officeholders/{holder['id']}"
    body = {"to_date": "2026-12-31"}
    assert verification.call("PATCH", path, "officer", json=body).status_code == 403
    stale = verification.call("PATCH", path, "administrator", who=ADMIN, json=body, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    changed = verification.call("PATCH", path, "administrator", who=ADMIN, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert verification.call("PATCH", path, "administrator", json=body).status_code == 404  # another office's
    assert verification.rows("SELECT 1 FROM refused_access WHERE object = %s", [holder["id"]])
    missing = verification.call("PATCH", f"/v1/officeholders/{uuid4()}", "administrator", who=ADMIN, json=body)
    assert missing.status_code == 404
    assert (
        verification.call("PATCH", path, "administrator", who=ADMIN, json={"to_date": "2025-01-01"}).status_code == 422
    )


def test_lists_show_only_ones_own_office(verification: InProcess, rw: str) -> None:
    holder = enter(verification, rw).get_json()
    own = verification.call("GET", f"/v1/officeholders?rw={rw}&rt=1", "administrator", who=ADMIN).get_json()["items"]
    assert [one["id"] for one in own] == [holder["id"]]
    other = verification.call("GET", "/v1/officeholders?limit=200", "officer").get_json()["items"]
    assert holder["id"] not in {one["id"] for one in other}
    assert verification.call("GET", "/v1/officeholders", "applicant").status_code == 403
    assert verification.call("GET", "/v1/neighbourhoods").status_code == 401


def test_lists_go_on_where_they_ended(verification: InProcess) -> None:
    for path, key in (("/v1/neighbourhoods", "rt"), ("/v1/officeholders", "id")):
        seen, cursor = [], ""
        while cursor is not None:
            answer = verification.call("GET", f"{path}?limit=20{cursor and f'&cursor={cursor}'}", "officer").get_json()
            seen += [item[key] for item in answer["items"]]
            cursor = answer["next_cursor"]
        assert len(seen) == len(set(seen)) >= 57
        assert verification.call("GET", f"{path}?cursor=bm8", "officer").status_code == 422


def asked_in(verification: InProcess, rw: str) -> dict[str, Any]:
    request = {
        "introduction_id": str(uuid4()), "application_id": str(uuid4()), "kelurahan": KALIDONI, "rw": rw, "rt": "001",
        "service": "KK", "purpose": "KK", "tracking_code": "PGT-7K3M9-XW2RB", "owner": "applicant-1",
        "requested_at": verification.clock.now().isoformat(),
        "person": {"applicant": {"name": "Rohana"}, "contact": {"name": "Rohana", "phone": "+6281200000901"}},
    }  # fmt: skip
    verification.feed("introduction.requested", request, subject=request["introduction_id"], tenant=KALIDONI)
    return request


def test_where_nobody_heads_the_question_stays_open_and_goes_to_who_comes(verification: InProcess, rw: str) -> None:
    request = asked_in(verification, rw)
    task = task_of(verification, request["application_id"])
    shown = verification.call("GET", f"/v1/tasks/{task['id']}", "officer", who=ADMIN).get_json()
    assert (shown["status"], shown["headed"], shown["asked"]) == ("open", False, None)
    told = only(verification, "message.requested", application_id=request["application_id"])
    assert (told["template"], told["person"]["to"]["phone"]) == ("task_with_officer", CONTACT["phone"])
    enter(verification, rw)
    [_, message] = told_of(verification, "message.requested", application_id=request["application_id"])
    assert message["template"] == "introduction_request"
    assert message["person"]["to"]["phone"] == "+6281200000950"
    shown = verification.call("GET", f"/v1/tasks/{task['id']}", "officer", who=ADMIN).get_json()
    assert (shown["headed"], shown["asked"]["role"]) == (True, "rt_head")


def test_the_rw_head_decides_where_an_rt_has_nobody(verification: InProcess, rw: str) -> None:
    enter(verification, rw, "rw_head", name="H. Umar Hasan")
    request = asked_in(verification, rw)
    task = task_of(verification, request["application_id"])
    path = f"/v1/tasks/{task['id']}/decision"
    stale = verification.call("POST", path, "rt_head", who=ADMIN | {"rt": "001", "rw": rw}, json={"decision": "grant"})
    assert stale.status_code == 403
    assert stale.get_json()["type"] == "urn:problem:not-in-office"
    granted = verification.call("POST", path, "rw_head", who=ADMIN | {"rw": rw}, json={"decision": "grant"})
    assert granted.status_code == 200
    fact = only(verification, "introduction.granted", application_id=request["application_id"])
    assert (fact["acting_as"], fact["person"]["rt_head"]["name"]) == ("rw_head", "H. Umar Hasan")


def test_an_rw_head_does_not_decide_where_an_rt_has_a_head(verification: InProcess) -> None:
    task = task_of(verification, ask(verification)["application_id"])
    path = f"/v1/tasks/{task['id']}/decision"
    answer = verification.call("POST", path, "rw_head", who=RW_HEAD, json={"decision": "grant"})
    assert answer.status_code == 403
    assert verification.call("POST", path, "rt_head", who=HEAD, json={"decision": "grant"}).status_code == 200


def test_terms_end_with_the_day_and_open_questions_move_on(verification: InProcess, rw: str) -> None:
    enter(verification, rw, to_date="2026-08-14")
    enter(verification, rw, "substitute", name="Leni Marlina", phone="0812 0000 0951")
    request = asked_in(verification, rw)
    old = link_token(verification, request["application_id"])
    now = verification.clock.at
    try:
        verification.clock.at = now + timedelta(days=1)
        follow_days(verification.deps)
        follow_days(verification.deps)
        sent = told_of(verification, "message.requested", application_id=request["application_id"])
        assert [message["person"]["to"]["name"] for message in sent] == ["Zulkarnain bin H. Umar", "Leni Marlina"]
        assert verification.call("GET", f"/t/{old}").status_code == 404
        late = verification.call("POST", f"/v1/links/{old}/decision", json={"decision": "grant"})
        assert late.status_code == 404
        new = link_token(verification, request["application_id"])
        answer = verification.call("POST", f"/v1/links/{new}/decision", json={"decision": "grant"})
        assert answer.status_code == 200
    finally:
        verification.clock.at = now
    fact = only(verification, "introduction.granted", application_id=request["application_id"])
    assert fact["acting_as"] == "substitute"


def test_an_rt_whose_last_head_leaves_is_told_as_unheaded(verification: InProcess, rw: str) -> None:
    holder = enter(verification, rw).get_json()
    verification.call(
        "PATCH", f"/v1/officeholders/{holder['id']}", "administrator", who=ADMIN, json={"to_date": "2026-08-01"}
    )
    headed = [state["headed"] for state in told_of(verification, "neighbourhood.changed", kelurahan=KALIDONI, rw=rw)]
    assert headed == [False, True, False]


def test_everything_can_be_told_again(verification: InProcess) -> None:
    request = ask(verification)
    before = len(verification.told())
    count = republish(verification.deps)
    again = verification.told()[before:]
    assert len(again) == count
    assert {event["type"] for event in again} == {"neighbourhood.changed", "officeholder.changed", "task.changed"}
    states = [event for event in again if str(event["data"].get("application_id")) == request["application_id"]]
    assert [(event["data"]["status"], event["sequence"]) for event in states] == [("open", 2)]
    assert all(event["tenant"] == event["data"]["kelurahan"] for event in again)


def test_the_clock_follows_intake(verification: InProcess) -> None:
    moved = {"offset_seconds": 3600.0, "changed_at": verification.clock.now().isoformat(), "changed_by": "admin"}
    verification.feed("clock.changed", moved, subject="clock", sequence=5)
    verification.feed("clock.changed", moved | {"offset_seconds": 60.0}, subject="clock", sequence=4)
    assert verification.rows("SELECT offset_seconds FROM clock") == [{"offset_seconds": 3600.0}]


def test_row_level_security_hides_other_offices(verification: InProcess) -> None:
    tables = ("people", "neighbourhood", "officeholder", "task", "task_file", "link", "message", "incoming",
              "application", "office", "sop", "followed")  # fmt: skip
    with verification.deps.db.transaction("99.99.99.9999") as tx:
        for table in tables:
            assert tx.all(f"SELECT 1 FROM {table} LIMIT 1") == [], table
    ask(verification)
    with verification.deps.db.transaction("16.71.10.1001") as tx:
        assert tx.all("SELECT 1 FROM task LIMIT 1")


def test_each_operation_is_described_with_example_and_errors(verification: InProcess) -> None:
    spec = verification.call("GET", "/verification/openapi.json").get_json()
    operations = [
        (f"{method} {path}", operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict)
    ]
    assert len(operations) == 22
    for name, operation in operations:
        assert operation.get("summary"), name
        assert operation.get("description"), name
        good = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        assert next(iter(good["content"].values())).get("example"), name
        assert any(status.startswith("4") for status in operation["responses"]), name
