"""The lurah's decision: what it names, when it is refused, and the number that it takes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from kit.ids import new_id
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess


def slug(answer: Any) -> str:
    assert answer.mimetype == "application/problem+json", answer.text
    return str(answer.json["type"].removeprefix("urn:problem:"))


@pytest.fixture
def case(desk: InProcess) -> Case:
    return Case(desk).verified()


def test_a_draft_has_neither_number_nor_code_and_a_second_decision_is_refused(case: Case) -> None:
    draft = case.letter()
    assert draft["number"] is None and draft["check_url"] is None and draft["dated"] is None
    assert case.decide(draft).status_code == 200
    again = case.decide(draft)
    assert again.status_code == 409 and slug(again) == "not-drafted"
    case.service.work()
    assert len(case.told("letter.issued")) == 1


def test_a_decision_that_names_an_old_preview_is_refused_and_takes_no_number(case: Case) -> None:
    old = case.letter()
    case.applicant = story.ROHANA | {"address": "Jalan Sukabangun Nomor 14"}
    case.tell("changed")
    while_drafting = case.decide(old)
    assert while_drafting.status_code == 409 and slug(while_drafting) == "not-drafted"
    case.service.work()
    refused = case.decide(old)
    assert refused.status_code == 409 and slug(refused) == "preview-changed"
    new = case.letter()
    assert new["status"] == "drafted" and new["number"] is None and new["preview_sha256"] != old["preview_sha256"]
    assert case.decide(new).status_code == 200


def test_what_was_drafted_from_the_same_data_has_the_same_hash(case: Case) -> None:
    before = case.letter()
    case.tell("changed")
    case.service.work()
    assert case.letter()["preview_sha256"] == before["preview_sha256"]


def test_an_empty_required_field_blocks_signing_only(desk: InProcess) -> None:
    case = Case(desk, "NIKAH", details={"mother_name": "Nur'aini"}).verified()
    draft = case.letter()
    assert draft["status"] == "drafted" and draft["incomplete"] == ["details.father_name"]
    refused = case.decide(draft)
    assert refused.status_code == 409 and slug(refused) == "letter-incomplete"
    assert refused.json["incomplete"] == ["details.father_name"]
    case.details = story.DETAILS["NIKAH"]
    case.tell("changed")
    desk.work()
    assert case.letter()["incomplete"] == [] and case.decide().status_code == 200


def test_only_a_verified_case_has_its_letters_signed(desk: InProcess) -> None:
    case = Case(desk).verified()
    case.tell("returned")
    refused = case.decide()
    assert refused.status_code == 409 and slug(refused) == "case-not-verified"


def test_what_the_lurah_sends_back_is_told_and_drafted_again(desk: InProcess, case: Case) -> None:
    draft = case.letter()
    path = f"/v1/letters/{draft['id']}"
    back = desk.call(
        "POST", f"{path}/decision", "lurah", json={"decision": "send_back", "reason": "Alamat usaha belum lengkap"}
    )
    assert back.status_code == 200 and back.json["status"] == "sent_back"
    (told,) = case.told("production.sent_back")
    assert str(told["letter_id"]) == draft["id"] and told["reason"] == "Alamat usaha belum lengkap"
    assert slug(case.decide(draft)) == "not-drafted"
    assert desk.call("POST", f"{path}/draft", "officer").json["status"] == "drafting"
    desk.work()
    assert case.decide().status_code == 200


def test_a_form_is_never_decided_on(desk: InProcess, case: Case) -> None:
    (form,) = case.letters(form=True)
    assert form["kind"] == "f102" and form["status"] == "drafted" and form["number"] is None
    assert slug(case.decide(form)) == "not-drafted"
    void = desk.call("POST", f"/v1/letters/{form['id']}/void", "lurah", json={"reason": "salah"})
    assert void.status_code == 409 and slug(void) == "nothing-to-void"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"decision": "issue"}, 422),
        ({"decision": "send_back"}, 422),
        ({"decision": "send_back", "reason": " "}, 422),
        ({"decision": "send_back", "reason": "x\u202ey"}, 422),
        ({"decision": "issue", "preview_sha256": "0" * 64, "reason": "x"}, 422),
        ({"decision": "issue", "preview_sha256": "0" * 64, "extra": 1}, 422),
        ({"decision": "sign"}, 422),
        ({"decision": "issue", "preview_sha256": "0" * 64}, 409),
    ],
)
def test_a_body_that_is_not_understood_changes_nothing(
    desk: InProcess, case: Case, body: dict[str, Any], status: int
) -> None:
    draft = case.letter()
    answer = desk.call("POST", f"/v1/letters/{draft['id']}/decision", "lurah", json=body)
    assert answer.status_code == status, answer.text
    assert case.letter() == draft


def test_who_may_decide(desk: InProcess, case: Case) -> None:
    draft = case.letter()
    path, body = f"/v1/letters/{draft['id']}/decision", {"decision": "issue", "preview_sha256": draft["preview_sha256"]}
    assert desk.call("POST", path, json=body).status_code == 401
    for role in ("applicant", "officer", "rt_head", "administrator"):
        assert desk.call("POST", path, role, json=body).status_code == 403
    assert desk.call("POST", path, "lurah", who={"tenant": "16.71.10.1002"}, json=body).status_code == 404
    assert desk.call("POST", path, "lurah", data="{}", content_type="text/plain").status_code == 415
    assert desk.call("POST", path, "lurah", json=body).status_code == 200


def test_if_match_and_idempotency_keys_are_honoured(desk: InProcess, case: Case) -> None:
    draft = case.letter()
    etag = desk.call("GET", f"/v1/letters/{draft['id']}", "lurah").headers["ETag"]
    assert case.decide(draft, **{"If-Match": '"999"'}).status_code == 412
    headers = {"If-Match": etag, "Idempotency-Key": str(new_id())}
    first, again = case.decide(draft, **headers), case.decide(draft, **headers)
    assert first.status_code == again.status_code == 200 and first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"


def test_fifty_decisions_at_one_instant_get_fifty_numbers_in_a_row(desk: InProcess) -> None:
    cases = [Case(desk, "KTP").verified(work=False) for _ in range(50)]
    desk.work(most=500)
    start = Barrier(10)

    def sign(mine: list[tuple[Case, dict[str, Any]]]) -> list[tuple[int, str]]:
        start.wait()
        return [(answer.status_code, answer.json["number"]) for one, draft in mine for answer in [one.decide(draft)]]

    drafts = [(case, case.letter()) for case in cases]
    with ThreadPoolExecutor(10) as pool:
        answers = [one for part in pool.map(sign, [drafts[i::10] for i in range(10)]) for one in part]
    assert {status for status, _ in answers} == {200}
    numbers = sorted(int(number.split("/")[1]) for _, number in answers)
    assert numbers == list(range(numbers[0], numbers[0] + 50))
    assert desk.rows("SELECT count(*) FROM register_line GROUP BY series, year, n HAVING count(*) > 1") == []


def test_two_lurahs_with_one_draft_make_one_letter(desk: InProcess, case: Case) -> None:
    draft = case.letter()
    start = Barrier(8)

    def sign(_number: int) -> int:
        start.wait()
        return int(case.decide(draft).status_code)

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(sign, range(8)))
    assert statuses == [200] + [409] * 7
    desk.work()
    assert len(case.told("letter.issued")) == 1


def test_month_and_year_are_those_of_the_office(desk: InProcess) -> None:
    at = desk.clock.at
    try:
        desk.clock.at = at.replace(year=2026, month=12, day=31, hour=17, minute=5)  # 00.05 WIB, New Year
        case = Case(desk, "SITU").issued()
        letter = case.letter()
    finally:
        desk.clock.at = at
    assert letter["dated"] == "2027-01-01" and letter["number"] == "500.2.2.4/001/KEL-BS/I/2027"
    book = desk.call("GET", "/v1/registers/2027", "officer").json["items"]
    assert [(line["n"], line["state"], line["letter_id"]) for line in book] == [(1, "issued", letter["id"])]
