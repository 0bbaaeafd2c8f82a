"""Neighbours answer by messages; an RT head names them in the conversation where the service wants them asked."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.integration.verification.test_witnesses import neighbour, office
from tests.support.services import InProcess
from tests.support.talking_heads import Phone, a_head, templates, worded
from tests.support.verification import APPLICANT, CONTACT, a_case, a_file, only, told_of

pytestmark = pytest.mark.timeout(120)

RW = "097"
__all__ = ["office"]
_numbers = count(100)


def _number() -> str:
    return f"+6281200097{next(_numbers)}"


@pytest.fixture
def head(verification: InProcess) -> Phone:
    """The phone of the head of a fresh RT; `rt` is his RT."""
    phone = Phone(verification, _number())
    phone.rt = a_head(verification, RW, phone.number)  # type: ignore[attr-defined]
    return phone


def received(head: Phone, *proposed: dict[str, Any]) -> dict[str, Any]:
    """A case about a place of business is received, with those neighbours whom the applicant named."""
    case = a_case(
        head.verification, "received", service="SITU", rw=RW, rt=head.rt, files=[a_file("KTP")]  # type: ignore[attr-defined]
    )  # fmt: skip
    case["received_at"] = head.verification.clock.now().isoformat()
    person = {"applicant": APPLICANT, "contact": CONTACT, "helper": None, "details": {"witnesses": list(proposed)},
              "grants": {}}  # fmt: skip
    head.verification.feed("application.received", case | {"person": person}, subject=case["application_id"])
    return case


def asked(head: Phone) -> tuple[dict[str, Any], Phone]:
    """A case with one neighbour named, and that neighbour's phone."""
    phone = Phone(head.verification, _number())
    return received(head, neighbour("front", phone=phone.number)), phone


def outcome(head: Phone, case: dict[str, Any]) -> str | None:
    rows = head.verification.rows(
        "SELECT outcome FROM task WHERE application_id = %s AND kind = 'statement' ORDER BY id",
        [case["application_id"]],
    )
    found: str | None = rows[0]["outcome"]
    return found


def test_a_neighbour_sees_a_name_and_the_question_and_what_will_be_printed(head: Phone) -> None:
    _, phone = asked(head)
    text = worded(phone.last())
    for said in (APPLICANT["name"], "Benarkah?", "1. Benar", "2. Saya keberatan", "3. Bukan urusan saya", "dicetak"):
        assert said in text
    for hidden in (APPLICANT["nik"], APPLICANT["address"], CONTACT["phone"]):
        assert hidden not in text


@pytest.mark.parametrize(
    ("said", "becomes"),
    [("1", "confirmed"), ("benar pak", "confirmed"), ("tidak keberatan", "confirmed"), ("3", "declined"),
     ("bukan urusan saya", "declined")],
)  # fmt: skip
def test_he_answers_in_a_word_or_a_digit(head: Phone, said: str, becomes: str) -> None:
    case, phone = asked(head)
    [answer] = phone.writes(said)[-1:]
    assert answer["template"] == "neighbour_recorded"
    assert outcome(head, case) == becomes


def test_an_objection_wants_its_reason(head: Phone) -> None:
    case, phone = asked(head)
    assert templates(phone.presses(phone.last(), 2)) == ["neighbour_why"]
    assert outcome(head, case) is None
    assert templates(phone.writes("Menutup jalan masuk kami")) == ["head_reason_check"]
    assert outcome(head, case) is None
    [answer] = phone.writes("1")
    assert "Menutup jalan masuk kami" in worded(answer)
    assert outcome(head, case) == "objected"


def test_an_objection_that_he_takes_back_is_none(head: Phone) -> None:
    case, phone = asked(head)
    phone.presses(phone.last(), 2)
    assert templates(phone.writes("eh salah pencet, benar pak")) == ["head_again"]
    assert outcome(head, case) is None
    phone.writes("1")
    assert outcome(head, case) == "confirmed"


def test_he_may_change_his_answer_once_he_has_it_before_him_again(head: Phone) -> None:
    case, phone = asked(head)
    phone.writes("1")
    assert templates(phone.writes("lihat")) == ["statement_request"]
    assert templates(phone.writes("keberatan, terlalu bising")) == ["head_reason_check"]
    assert templates(phone.writes("ya")) == ["neighbour_recorded"]
    assert outcome(head, case) == "objected"


def test_or_by_a_reply_or_a_button(head: Phone) -> None:
    case, phone = asked(head)
    question = phone.last()
    phone.writes("1")
    phone.writes("bukan urusan saya", replies_to=question["message_id"])
    assert outcome(head, case) == "declined"
    phone.presses(question, 1)
    assert outcome(head, case) == "confirmed"


@pytest.mark.parametrize("said", ["2", "mau", "ya", "benar", "keberatan, bising"])
def test_an_unrelated_sentence_does_not_turn_his_answer_round(head: Phone, said: str) -> None:
    case, phone = asked(head)
    phone.writes("bukan urusan saya")
    phone.writes(said)
    assert outcome(head, case) == "declined"


def test_who_lost_the_neighbours_number_answers_nothing(head: Phone) -> None:
    case, phone = asked(head)
    phone.writes("lihat")
    assert templates(phone.writes("benar", phone=None)) == ["head_not_yours"]
    phone.writes("benar", phone=None, replies_to=phone.all[0]["message_id"])
    assert outcome(head, case) is None


def test_another_number_answers_for_nobody(head: Phone) -> None:
    case, phone = asked(head)
    stranger = Phone(head.verification, _number())
    assert templates(stranger.writes("benar", replies_to=phone.last()["message_id"])) == ["head_not_yours"]
    assert templates(head.writes("benar", replies_to=phone.last()["message_id"]))[-1] == "head_not_yours"
    assert outcome(head, case) is None
    phone.writes("benar")
    assert outcome(head, case) == "confirmed"


def test_what_is_not_clear_is_asked_again_once(head: Phone) -> None:
    case, phone = asked(head)
    [answer] = phone.writes("wah")[-1:]
    assert (answer["template"], "3. Bukan urusan saya" in worded(answer)) == ("neighbour_unclear", True)
    assert phone.writes("entahlah") == []
    assert outcome(head, case) is None
    assert templates(phone.writes("lihat")) == ["statement_request"]
    assert templates(phone.writes("bantuan")) == ["neighbour_help"]


def test_a_head_names_the_neighbours_one_side_after_the_other_and_decides_at_the_end(head: Phone) -> None:
    case = received(head, neighbour("front", phone=_number()))
    [side] = head.writes("semua asli")[-1:]
    assert (side["template"], side["person"]["values"]["side"]) == ("head_neighbour", "Back")
    assert told_of(head.verification, "verification.passed", application_id=case["application_id"]) == []
    head.writes(f"Pak Tukiman {_number()}")
    assert templates(head.writes("tidak tahu namanya")) == ["head_unclear"]
    head.writes("tidak ada")
    answer = head.writes(f"nama Bu Rus hp {_number()}")
    assert templates(answer) == ["head_judged"]
    asked_now = head.verification.rows(
        "SELECT position, outcome FROM task WHERE application_id = %s AND kind = 'statement' ORDER BY id",
        [case["application_id"]],
    )
    assert [(one["position"], one["outcome"]) for one in asked_now] == [
        ("front", None), ("back", None), ("left", "absent"), ("right", None)]  # fmt: skip
    [judged] = head.verification.rows(
        "SELECT outcome FROM task WHERE application_id = %s AND kind = 'attestation'", [case["application_id"]]
    )
    assert judged["outcome"] == "judged"


def test_who_has_no_phone_is_named_all_the_same_and_an_officer_records_what_he_says(head: Phone) -> None:
    case = received(head)
    head.writes("semua asli")
    [asked_for] = head.writes("Pak Tukiman")[-1:]
    assert (asked_for["template"], "Pak Tukiman" in worded(asked_for)) == ("head_neighbour_phone", True)
    assert templates(head.writes("tidak punya hp pak")) == ["head_neighbour"], "the next side"
    assert templates(head.writes("Bu Rus, tidak punya HP")) == ["head_neighbour"], "both in one answer"
    head.writes("sungai")
    [told] = head.writes(f"Nyai Cek Ya {_number()}")
    assert told["template"] == "head_judged" and "Petugas akan menemui: Pak Tukiman, Bu Rus" in worded(told)
    statements = head.verification.rows(
        "SELECT id, outcome, nudge_at IS NULL AS quiet FROM task WHERE application_id = %s AND kind = 'statement'"
        " ORDER BY id", [case["application_id"]],
    )  # fmt: skip
    assert [(one["outcome"], one["quiet"]) for one in statements] == [
        (None, True), (None, True), ("absent", True), (None, False)]  # fmt: skip
    answered = head.verification.call(
        "POST", f"/v1/tasks/{statements[0]['id']}/decision", "officer", json={"decision": "confirm"}
    )
    assert answered.status_code == 200, answered.json


def test_a_number_that_follows_its_name_is_his(head: Phone) -> None:
    received(head)
    head.writes("semua asli")
    head.writes("Pak Tukiman")
    number = _number()
    head.writes(number)
    for _ in range(3):
        head.writes("tidak ada")
    [row] = head.verification.rows(
        "SELECT position FROM task WHERE kind = 'statement' AND outcome IS NULL AND rw = %s AND rt = %s",
        [RW, head.rt],  # type: ignore[attr-defined]
    )
    assert row["position"] == "front"
    neighbours = Phone(head.verification, number)
    assert templates(neighbours.writes("benar"))[-1] == "neighbour_recorded"


def test_an_empty_house_is_nobody(head: Phone) -> None:
    case = received(head)
    head.writes("semua asli")
    head.writes(f"Bu Rus {_number()}")
    head.writes("rumah kosong")
    head.writes("lahan kosong pak")
    assert templates(head.writes("tidak ada tetangga")) == ["head_judged"]
    named = head.verification.rows(
        "SELECT outcome FROM task WHERE application_id = %s AND kind = 'statement' ORDER BY id",
        [case["application_id"]],
    )
    assert [one["outcome"] for one in named] == [None, "absent", "absent", "absent"]


def test_a_neighbour_who_cannot_be_one_is_refused_with_the_reason_and_nothing_is_decided(head: Phone) -> None:
    case = received(head)
    head.writes("semua asli")
    head.writes(f"Diri sendiri {head.number}")
    for _ in range(2):
        head.writes("tidak ada")
    [refused] = head.writes("tidak ada")
    assert "tidak dapat menjadi saksi" in worded(refused)
    rows = head.verification.rows("SELECT status FROM task WHERE application_id = %s", [case["application_id"]])
    assert [row["status"] for row in rows] == ["open"]


def test_a_case_is_passed_by_messages_alone(head: Phone) -> None:
    phones = [Phone(head.verification, _number()) for _ in range(4)]
    sides = ("front", "back", "left", "right")
    case = received(head, *(neighbour(side, phone=one.number) for side, one in zip(sides, phones, strict=True)))
    head.writes("semua asli")
    for one in phones:
        one.writes("benar")
    passed = only(head.verification, "verification.passed", application_id=case["application_id"])
    assert len(passed["person"]["statements"]) == 4
