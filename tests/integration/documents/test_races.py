"""Where two services decide at once: each row of the table, as far as letters are concerned."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from documents.usecases import objects
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess


def check(service: InProcess, token: str) -> Any:
    return service.call("GET", f"/v1/checks/{token}")


def token_of(service: InProcess, letter: dict[str, Any]) -> str:
    return str(service.rows("SELECT token FROM letter WHERE id = %s", [letter["id"]])[0]["token"])


def ends_void(case: Case, *, issued: int) -> None:
    letter = case.letter()
    assert letter["status"] == "void" and letter["voided_by"] == "system" and letter["voided_at"]
    assert letter["void_reason"] == "application_withdrawn" and letter["number"]
    assert [(str(told["letter_id"]), told["number"]) for told in case.told("letter.voided")] == [
        (letter["id"], letter["number"])
    ]
    assert len(case.told("letter.issued")) == issued
    assert check(case.service, token_of(case.service, letter)).json["result"] == "void"
    book = case.service.call("GET", "/v1/registers/2026", "officer").json["items"]
    assert [line["state"] for line in book if line["letter_id"] == letter["id"]] == ["void"]


def test_withdrawn_while_drafting_cancels_the_drafts(desk: InProcess) -> None:
    case = Case(desk).verified(work=False).tell("withdrawn")
    desk.work()
    assert {one["status"] for one in case.letters()} == {"cancelled"}
    assert case.told("letter.voided") == [] and case.told("production.done") == []
    assert case.decide().status_code == 409


def test_withdrawn_while_drafted_cancels_the_drafts(desk: InProcess) -> None:
    case = Case(desk).verified().tell("withdrawn")
    assert {one["status"] for one in case.letters()} == {"cancelled"}
    assert case.decide().status_code == 409


def test_withdrawn_while_numbered_ends_void_and_is_never_issued(desk: InProcess) -> None:
    case = Case(desk).verified()
    assert case.decide().status_code == 200
    case.tell("withdrawn")
    desk.work()
    ends_void(case, issued=0)


def test_withdrawn_between_storing_and_issuing_ends_void(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(desk).verified()
    assert case.decide().status_code == 200
    store = objects.store

    def withdrawn_meanwhile(*args: Any) -> Any:
        stored = store(*args)
        case.tell("withdrawn")
        return stored

    monkeypatch.setattr(objects, "store", withdrawn_meanwhile)
    desk.work()
    ends_void(case, issued=0)


def test_withdrawn_after_issuing_ends_void_and_stops_the_handover(desk: InProcess) -> None:
    case = Case(desk).issued()
    assert [one["status"] for one in case.told("handover.ready")] == ["ready"]
    case.tell("withdrawn")
    ends_void(case, issued=1)
    (stopped,) = case.told("handover.failed")
    assert stopped["reason"] == "application_withdrawn"


def test_rejected_voids_too_but_not_the_rt_heads_introduction(desk: InProcess) -> None:
    case = Case(desk).tell("opened", "draft")
    case.grant()
    desk.work()
    case.issued().tell("rejected")
    kinds = {one["kind"]: one["status"] for one in case.letters()}
    assert kinds == {"introduction": "issued", "kk_introduction": "void", "f102": "issued"}


def test_withdrawal_and_issuing_at_the_same_instant_always_end_void(desk: InProcess) -> None:
    for _ in range(8):
        case = Case(desk).verified()
        assert case.decide().status_code == 200
        start = Barrier(2)

        def withdraw(case: Case = case, start: Barrier = start) -> None:
            start.wait()
            case.tell("withdrawn")

        def issue(start: Barrier = start) -> None:
            start.wait()
            desk.work()

        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(withdraw), pool.submit(issue)]:
                future.result()
        desk.work()
        ends_void(case, issued=len(case.told("letter.issued")))


def test_corrected_while_drafting_drafts_again(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(desk).verified(work=False)
    store = objects.store
    corrected: list[str] = []

    def corrected_meanwhile(*args: Any) -> Any:
        stored = store(*args)
        if not corrected:
            corrected.append(stored.key)
            case.applicant = story.ROHANA | {"name": "Rohana binti H. Zainuddin"}
            case.tell("changed")
        return stored

    monkeypatch.setattr(objects, "store", corrected_meanwhile)
    desk.work()
    draft = case.letter()
    assert draft["status"] == "drafted"
    row = desk.rows("SELECT person_id, preview_key, draft FROM letter WHERE id = %s", [draft["id"]])[0]
    assert row["draft"] == 2 and row["preview_key"] not in corrected
    (sealed,) = desk.rows("SELECT sealed FROM people WHERE id = %s", [row["person_id"]])
    frozen = desk.deps.data_keys.open(sealed["sealed"], f"person:{row['person_id']}")
    assert frozen["person"]["name"] == "Rohana binti H. Zainuddin"


def test_news_that_change_nothing_on_the_letter_leave_the_draft_alone(desk: InProcess) -> None:
    case = Case(desk).verified()
    seen = case.letter()
    case.tell("changed")
    desk.work()
    assert case.letter()["version"] == seen["version"]
    assert case.decide(seen).status_code == 200


def test_what_was_sent_back_stays_so_until_something_is_mended(desk: InProcess) -> None:
    case = Case(desk).verified()
    path = f"/v1/letters/{case.letter()['id']}/decision"
    desk.call("POST", path, "lurah", json={"decision": "send_back", "reason": "Nama belum lengkap"})
    case.tell("changed")
    story.office(desk, letterhead={"address": "Jalan Baru Nomor 2"})
    desk.work()
    assert case.letter()["status"] == "sent_back"
    story.office(desk)
    case.applicant = story.ROHANA | {"name": "Rohana binti H. Zainuddin"}
    case.tell("changed")
    desk.work()
    assert case.letter()["status"] == "drafted"


def test_corrected_after_the_number_keeps_the_letter_as_it_was_signed(desk: InProcess) -> None:
    case = Case(desk).verified()
    number = case.decide().json["number"]
    case.applicant = story.ROHANA | {"name": "Rohana binti H. Zainuddin"}
    case.tell("changed")
    desk.work()
    (letter,) = case.letters(kind="kk_introduction")
    assert letter["status"] == "issued" and letter["number"] == number


def test_a_letter_voided_by_the_lurah_is_replaced_while_the_case_goes_on(desk: InProcess) -> None:
    case = Case(desk).issued().tell("issued")
    first = case.letter()
    void = desk.call("POST", f"/v1/letters/{first['id']}/void", "lurah", json={"reason": "Salah nama ayah"})
    assert void.status_code == 200 and void.json["status"] == "void" and void.json["voided_by"] == "lurah-1"
    assert void.json["void_reason"] == "Salah nama ayah"
    assert [one["reason"] for one in case.told("handover.failed")] == ["letter_voided"]
    case.tell("verified")
    desk.work()
    second = case.letter()
    assert second["id"] != first["id"] and second["status"] == "drafted"
    assert case.decide(second).status_code == 200
    desk.work()
    assert case.letter()["number"] != first["number"]
    assert len(case.told("production.done")) == 2 and len(case.told("handover.ready")) == 2
    public = check(desk, token_of(desk, first)).json
    assert public["result"] == "replaced" and "Salah nama" not in str(public)
    content = f"/v1/letters/{first['id']}/content"
    assert desk.call("GET", content, "officer").status_code == 200
    assert desk.call("GET", content, "applicant", who={"sub": case.owner}).status_code == 409


def test_a_voided_introduction_leaves_its_case_alone(desk: InProcess) -> None:
    case = Case(desk).tell("opened", "draft")
    case.grant()
    desk.work()
    case.issued()
    (introduction,) = case.letters(kind="introduction")
    void = desk.call("POST", f"/v1/letters/{introduction['id']}/void", "lurah", json={"reason": "Salah RT"})
    assert void.json["status"] == "void"
    assert case.letter()["status"] == "issued" and case.told("letter.voided") == []
    (told,) = [one["data"] for one in desk.told("letter.voided") if str(one["data"]["letter_id"]) == introduction["id"]]
    assert told["number"] == introduction["number"] and case.told("handover.failed") == []


def test_states_that_come_late_change_nothing(desk: InProcess) -> None:
    case = Case(desk).verified()
    late = case.state(status="received")
    case.tell("withdrawn")
    desk.feed("application.received", late, subject=case.id, sequence=1)
    assert {one["status"] for one in case.letters()} == {"cancelled"}
    rows = desk.rows("SELECT status FROM application WHERE id = %s", [case.id])
    assert rows == [{"status": "withdrawn"}]


def test_verified_that_comes_after_its_correction_still_has_its_letters(desk: InProcess) -> None:
    case = Case(desk)
    case.status = "verified"
    desk.feed("application.changed", case.state(), subject=case.id, sequence=7)
    desk.feed("application.verified", case.state(), subject=case.id, sequence=6)
    desk.work()
    assert case.letter()["status"] == "drafted"
