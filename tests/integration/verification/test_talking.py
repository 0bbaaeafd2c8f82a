"""RT heads answer by messages: by button, digit and words, what the link's page takes as well."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.services import InProcess
from tests.support.talking_heads import Phone, a_head, confirm, enter, templates, worded
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI
from tests.support.verification import (
    APPLICANT,
    a_case,
    a_file,
    ask,
    case_told,
    link_token,
    only,
    publish_office,
    task_of,
    told_of,
)
from verification.store import conversations
from verification.usecases import erasing

pytestmark = pytest.mark.timeout(120)

RW = "095"
_numbers = count(100)


@pytest.fixture
def number() -> str:
    """A mobile number that nobody had before."""
    return f"+6281200095{next(_numbers)}"


@pytest.fixture
def head(verification: InProcess, number: str) -> Iterator[Phone]:
    """The phone of the head of a fresh RT, who has confirmed it; `rt` is his RT."""
    publish_office(verification)
    phone = Phone(verification, number)
    phone.rt = a_head(verification, RW, number)  # type: ignore[attr-defined]
    yield phone


def requested(phone: Phone, **more: Any) -> dict[str, Any]:
    """Somebody of his RT asks for an introduction; the message that he gets."""
    ask(phone.verification, rw=RW, rt=phone.rt, **more)  # type: ignore[attr-defined]
    return phone.got()[-1]


def received(phone: Phone, *files: dict[str, Any], application_id: str | None = None) -> dict[str, Any]:
    """A case of his RT is received; the message that he gets."""
    more = {"application_id": application_id} if application_id else {}
    case = a_case(
        phone.verification, "received", rw=RW, rt=phone.rt, files=list(files), **more  # type: ignore[attr-defined]
    )  # fmt: skip
    case_told(phone.verification, "received", case)
    return phone.got()[-1]


def task(phone: Phone, message: dict[str, Any]) -> dict[str, Any]:
    return task_of(phone.verification, message["application_id"])


# --- an introduction -------------------------------------------------------------------------------


def test_the_request_says_who_where_and_what_for_and_no_number(head: Phone) -> None:
    helper = {"name": "Nur'aini", "relation": "tetangga", "phone": "+6281200000955"}
    message = requested(head, person={"applicant": APPLICANT, "contact": None, "helper": helper})
    text = worded(message)
    for said in (
        APPLICANT["name"],
        APPLICANT["address"],
        "Mengurus Kartu Keluarga baru",
        "Nur'aini",
        "/t/",
        "3. Tolak",
    ):
        assert said in text
    assert APPLICANT["nik"] not in text
    assert [option["title"] for option in message["person"]["options"]] == [
        "Setuju, warga setuju", "Setuju", "Tolak"]  # fmt: skip
    assert all(len(option["title"]) <= 20 for option in message["person"]["options"])


@pytest.mark.parametrize("said", ["1", "setuju", "Setujuuu 🙏", "ya pak", "oke", "boleh, orangnya baik", "👍"])
def test_he_grants_in_a_word_or_a_digit(head: Phone, said: str) -> None:
    message = requested(head)
    answer = head.writes(said)
    assert templates(answer) == ["head_granted"]
    assert APPLICANT["name"] in worded(answer[0])
    granted = only(head.verification, "introduction.granted", application_id=message["application_id"])
    assert granted["acting_as"] == "rt_head"
    assert answer[0]["message_class"] == "answer"
    assert (answer[0]["expires_at"], answer[0]["replies_to"] is not None) == (None, True)


def test_a_button_grants_and_says_that_the_resident_wants_help(head: Phone) -> None:
    helper = {"name": "Nur'aini", "relation": "tetangga", "phone": "+6281200000955"}
    message = requested(head, person={"applicant": APPLICANT, "contact": None, "helper": helper})
    assert templates(head.presses(message, 1)) == ["head_granted"]
    assert only(head.verification, "introduction.granted", application_id=message["application_id"])["owner_agrees"]


def test_what_he_was_shown_is_genuine_when_he_says_so_with_the_grant(head: Phone) -> None:
    message = requested(head, files=[a_file("KK_LAMA")])
    assert message["person"]["options"][0]["title"] == "Setuju, semua asli"
    head.presses(message, 1)
    [file] = head.verification.rows("SELECT verdict FROM task_file WHERE task_id = %s", [task(head, message)["id"]])
    assert (task(head, message)["outcome"], file["verdict"]) == ("granted", "genuine")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("tolak alamat bukan di RT ini", "not_resident"),
        ("Tolak, karena sudah pindah", "not_resident"),
        ("tolak, saya tidak kenal orang ini", "unknown_person"),
        ("tolak keperluannya tidak sesuai", "wrong_purpose"),
        ("tolak datanya belum lengkap", "incomplete_data"),
    ],
)
def test_the_reason_of_a_refusal_is_read_from_his_words(head: Phone, said: str, reason: str) -> None:
    message = requested(head)
    answer = head.writes(said)
    assert templates(answer) == ["head_refused"]
    refused = only(head.verification, "introduction.refused", application_id=message["application_id"])
    assert refused["reason"] == reason
    assert refused["person"]["note"] and not refused["person"]["note"].lower().startswith("tolak")


def test_without_a_reason_he_is_asked_for_one(head: Phone) -> None:
    message = requested(head)
    [question] = head.writes("2")
    assert (question["template"], len(question["person"]["options"])) == ("head_reason", 5)
    assert question["expires_at"] is not None  # his next words are for us
    assert task(head, message)["status"] == "open"
    assert templates(head.writes("1")) == ["head_refused"]
    assert only(head.verification, "introduction.refused", application_id=message["application_id"])["reason"] == (
        "not_resident"
    )


def test_another_reason_wants_a_sentence(head: Phone) -> None:
    message = requested(head)
    [question] = head.presses(message, 2)
    assert templates(head.presses(question, 5)) == ["head_note"]
    [check] = head.writes("Masih ada urusan yang belum selesai")
    assert "Jawaban Bapak/Ibu: Tolak\nAlasan: Masih ada urusan yang belum selesai" in worded(check)
    assert task(head, message)["status"] == "open"
    assert templates(head.presses(check, 1)) == ["head_refused"]
    refused = only(head.verification, "introduction.refused", application_id=message["application_id"])
    assert (refused["reason"], refused["person"]["note"]) == ("other", "Masih ada urusan yang belum selesai")


def test_a_reason_of_the_list_counts_at_once_and_one_in_his_own_words_when_he_says_it_is_right(head: Phone) -> None:
    message = requested(head)
    assert templates(head.writes("tolak, masih ada urusan iuran")) == ["head_reason_check"]
    assert task(head, message)["status"] == "open"
    assert templates(head.writes("siapa?")) == ["head_unclear"]
    assert task(head, message)["status"] == "open"
    assert templates(head.writes("ya pak")) == ["head_refused"]
    refused = only(head.verification, "introduction.refused", application_id=message["application_id"])
    assert (refused["reason"], refused["person"]["note"]) == ("other", "masih ada urusan iuran")


@pytest.mark.parametrize(
    ("before", "said", "answered"),
    [
        (["2"], "maaf salah pencet, saya setuju", ["head_again"]),
        (["2"], "setuju", ["head_again"]),
        (["2", "lainnya"], "ya", ["head_again"]),
        (["2", "lainnya"], "kenapa ditanya?", ["head_again"]),
        (["2", "lainnya"], "eh tidak jadi", ["head_again"]),
        (["2", "lainnya"], "tugas", ["introduction_request"]),
        (["2", "lainnya", "urusan iuran"], "bukan", ["head_again"]),
        (["2", "lainnya", "urusan iuran"], "2", ["head_again"]),
        (["2", "lainnya", "urusan iuran"], "tugas", ["introduction_request"]),
        (["2", "lainnya", "urusan iuran"], "batal", ["head_stopped"]),
    ],
)
def test_what_is_no_reason_leaves_the_step_and_decides_nothing(
    head: Phone, before: list[str], said: str, answered: list[str]
) -> None:
    message = requested(head)
    for text in before:
        head.writes(text)
    assert templates(head.writes(said)) == answered
    assert task(head, message)["status"] == "open"
    assert templates(head.writes("1")) == ["head_granted"]
    assert task(head, message)["outcome"] == "granted"


@pytest.mark.parametrize(
    "said",
    [
        "setuju tapi alamatnya salah",
        "tidak bisa sekarang, nanti malam",
        "siapa itu?",
        "🤔",
        "setuju? siapa ini",
        "bukan warga sini kan?",
        "jangan ditolak",
    ],
)
def test_what_is_not_clear_decides_nothing(head: Phone, said: str) -> None:
    message = requested(head)
    answer = head.writes(said)
    assert templates(answer) == ["head_unclear"]
    assert "1. Setuju" in worded(answer[0])
    assert task(head, message)["status"] == "open"


# --- documents -------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["1", "semua asli", "asli semua pak", "ya", "Setuju"])
def test_all_documents_are_genuine_in_a_word(head: Phone, said: str) -> None:
    message = received(head, a_file("KK_LAMA"), a_file("KTP"))
    assert "Kartu Keluarga lama, KTP-el" in worded(message)
    answer = head.writes(said)
    assert templates(answer) == ["head_judged"]
    assert task(head, message)["outcome"] == "passed"


def test_doubts_are_about_the_documents_that_he_names_and_the_rest_is_genuine(head: Phone) -> None:
    message = received(head, a_file("KK_LAMA"), a_file("KTP"), a_file("FOTO"))
    [which] = head.presses(message, 2)
    assert [option["title"] for option in which["person"]["options"]] == ["Kartu Keluarga lama", "KTP-el", "FOTO"]
    assert templates(head.writes("1 dan 3")) == ["head_why_doubtful"]
    [check] = head.writes("Tanda tangannya lain")
    assert "Ada yang ragu\nBerkas: Kartu Keluarga lama, FOTO\nAlasan: Tanda tangannya lain" in worded(check)
    answer = head.writes("1")
    assert "- KTP-el: Asli" in worded(answer[0])
    failed = only(head.verification, "verification.failed", application_id=message["application_id"])
    assert {one["requirement"]: one["verdict"] for one in failed["verdicts"]} == {
        "KK_LAMA": "doubtful", "KTP": "genuine", "FOTO": "doubtful"}  # fmt: skip
    assert set(failed["person"]["notes"].values()) == {"Tanda tangannya lain"}


def test_one_document_needs_no_question_which(head: Phone) -> None:
    message = received(head, a_file("KTP"))
    assert templates(head.writes("ragu, fotonya seperti ditempel")) == ["head_reason_check"]
    assert templates(head.writes("benar")) == ["head_judged"]
    assert task(head, message)["reason"] == "doubtful"


def test_a_document_is_named_by_its_name_too(head: Phone) -> None:
    message = received(head, a_file("KK_LAMA"), a_file("KTP"))
    head.writes("KTP meragukan, fotonya seperti ditempel")
    head.writes("1")
    verdicts = head.verification.rows(
        "SELECT requirement, verdict FROM task_file WHERE task_id = %s", [task(head, message)["id"]]
    )
    assert {one["requirement"]: one["verdict"] for one in verdicts} == {"KK_LAMA": "genuine", "KTP": "doubtful"}


def test_originals_are_asked_for_and_seen(head: Phone) -> None:
    message = received(head, a_file("KK_LAMA"), a_file("KTP"))
    head.writes("bawa asli")
    answer = head.writes("2")
    assert "KTP-el: Bawa aslinya" in worded(answer[0])
    assert "sudah lihat" in worded(answer[0])
    assert templates(head.writes("sudah lihat")) == ["head_originals_seen"]
    seen = only(head.verification, "original.seen", application_id=message["application_id"])
    assert seen["requirements"] == ["KTP"]


@pytest.mark.parametrize("said", ["sudah saya lihat, tidak cocok", "asli sudah hilang", "belum lihat aslinya"])
def test_whether_originals_were_seen_is_asked_where_his_words_leave_it_open(head: Phone, said: str) -> None:
    message = received(head, a_file("KK_LAMA"), a_file("KTP"))
    head.writes("bawa asli")
    head.writes("2")
    about = {"application_id": message["application_id"]}
    [asked] = head.writes(said)
    assert (asked["template"], "KTP-el" in worded(asked)) == ("head_originals_check", True)
    assert templates(head.writes("2")) == ["head_stopped"]
    assert told_of(head.verification, "original.seen", **about) == []
    [asked] = head.writes(said)
    assert templates(head.presses(asked, 1)) == ["head_originals_seen"]
    assert only(head.verification, "original.seen", **about)["requirements"] == ["KTP"]


def test_files_are_shown_on_demand_behind_a_fresh_link_and_never_in_the_chat(head: Phone) -> None:
    message = received(head, a_file("KTP"))
    [shown] = head.writes("lihat")
    assert (shown["template"], shown["message_class"], shown["file"]) == ("attestation_request", "answer", None)
    link = shown["person"]["values"]["link"].rpartition("/")[2]
    assert link != message["person"]["values"]["link"].rpartition("/")[2]
    assert head.verification.call("GET", f"/v1/links/{link}").status_code == 200


def test_a_straight_case_takes_three_messages(head: Phone) -> None:
    first = requested(head)
    head.writes("setuju")
    received(head, a_file("KK_LAMA"), a_file("KTP"), application_id=first["application_id"])
    head.writes("semua asli")
    assert templates(head.all) == ["introduction_request", "head_granted", "attestation_request"]
    assert only(head.verification, "verification.passed", application_id=first["application_id"])


# --- which question, and whose ---------------------------------------------------------------------


def test_of_several_questions_he_is_asked_which_and_a_reply_says_it_at_once(head: Phone) -> None:
    first = requested(head)
    other = dict(APPLICANT, name="Budi Santoso")
    second = requested(head, person={"applicant": other, "contact": None, "helper": None})
    [which] = head.writes("setuju")
    assert (which["template"], [option["title"] for option in which["person"]["options"]]) == (
        "head_which", [f"{APPLICANT['name']} (pengantar)", "Budi Santoso (pengantar)"])  # fmt: skip
    assert templates(head.writes("2")) == ["head_granted"]
    assert (task(head, first)["status"], task(head, second)["outcome"]) == ("open", "granted")
    third = requested(head)
    head.writes("tolak, bukan warga sini", replies_to=third["message_id"])
    assert (task(head, first)["status"], task(head, third)["outcome"]) == ("open", "refused")


def test_the_list_is_repeated_and_no_name_of_it_is_kept_in_the_conversation(head: Phone) -> None:
    requested(head)
    requested(head, person={"applicant": dict(APPLICANT, name="Budi Santoso"), "contact": None, "helper": None})
    [which] = head.writes("setuju")
    with head.verification.deps.db.transaction(BUKIT_SANGKAL) as tx:
        talk = conversations.locked(
            tx, head.verification.deps.data_keys, BUKIT_SANGKAL, head.contact_id, head.verification.clock.now()
        )
    assert "Budi" not in str(talk.said)
    [again] = head.writes("ulangi")
    assert again["person"]["options"] == which["person"]["options"]


def test_words_that_only_one_question_can_mean_are_for_that_one(head: Phone) -> None:
    first, second = requested(head), received(head, a_file("KTP"))
    head.writes("semua asli")
    assert (task(head, first)["status"], task(head, second)["outcome"]) == ("open", "passed")


def test_a_question_of_another_one_waits_while_he_answers_this(head: Phone) -> None:
    first, second = requested(head), requested(head)
    head.writes("tolak", replies_to=first["message_id"])
    head.writes("setuju", replies_to=second["message_id"])
    assert (task(head, first)["status"], task(head, second)["outcome"]) == ("open", "granted")
    head.writes("3")  # the reason of the first
    assert (task(head, first)["outcome"], task(head, first)["reason"]) == ("refused", "wrong_purpose")


def later(head: Phone, **time: float) -> None:
    """Time goes by."""
    head.verification.clock.at += timedelta(**time)


@pytest.mark.parametrize(
    ("before", "line"),
    [
        (["tolak"], f"{APPLICANT['name']} (pengantar)"),
        (["tolak", "lainnya"], f"{APPLICANT['name']} (pengantar)"),
        (["tolak, masih ada urusan iuran"], f"{APPLICANT['name']} (pengantar)"),
    ],
)
def test_a_step_is_not_answered_by_what_may_be_for_a_newer_question(head: Phone, before: list[str], line: str) -> None:
    first = requested(head)
    for text in before:
        asked = head.writes(text)[-1]
    later(head, minutes=3)
    second = requested(head, person={"applicant": dict(APPLICANT, name="Budi"), "contact": None, "helper": None})
    later(head, minutes=3)
    [which] = head.writes("1")
    assert [option["title"] for option in which["person"]["options"]] == [line, "Budi (pengantar)"]
    assert (task(head, first)["status"], task(head, second)["status"]) == ("open", "open")
    assert templates(head.writes("1")) == [asked["template"]]  # the step that he was at, once more
    head.writes("setuju", replies_to=second["message_id"])
    assert (task(head, first)["status"], task(head, second)["outcome"]) == ("open", "granted")


def test_or_it_is_for_the_newer_one_when_he_says_so(head: Phone) -> None:
    first = requested(head)
    head.writes("tolak")
    later(head, minutes=3)
    second = requested(head)
    later(head, minutes=3)
    assert templates(head.presses(head.writes("1")[0], 2)) == ["head_granted"]
    assert (task(head, first)["status"], task(head, second)["outcome"]) == ("open", "granted")


@pytest.mark.parametrize(
    ("before", "title"),
    [("pengantar Budi Santoso 0812 0000 0778 untuk pindah", "Surat pengantar baru"), ("latihan", "Latihan"),
     ("cuti", "Hari tidak di tempat")],
)  # fmt: skip
def test_what_he_began_himself_is_not_answered_by_it_either(head: Phone, before: str, title: str) -> None:
    granted = len(head.verification.told("introduction.granted"))
    began = head.writes(before)[-1]["template"]
    later(head, minutes=3)
    message = requested(head)
    later(head, minutes=3)
    [which] = head.writes("1")
    assert which["template"] == "head_which"
    assert [option["title"] for option in which["person"]["options"]] == [title, f"{APPLICANT['name']} (pengantar)"]
    assert len(head.verification.told("introduction.granted")) == granted
    assert templates(head.presses(which, 1)) == [began]
    head.writes("batal")
    assert templates(head.writes("setuju")) == ["head_granted"]
    assert task(head, message)["outcome"] == "granted"


def test_the_same_word_again_moments_later_does_not_decide_what_came_meanwhile(head: Phone) -> None:
    first = requested(head)
    later(head, minutes=1)
    head.writes("setuju")
    later(head, seconds=20)
    second = requested(head)
    later(head, seconds=20)
    assert templates(head.writes("setuju")) == ["head_which"]
    assert (task(head, first)["outcome"], task(head, second)["status"]) == ("granted", "open")
    assert templates(head.writes("1")) == ["head_granted"]
    later(head, hours=1)
    third = requested(head)
    later(head, minutes=1)
    head.writes("setuju")
    assert task(head, third)["outcome"] == "granted"


def test_a_number_that_is_not_the_heads_decides_nothing(head: Phone, verification: InProcess) -> None:
    message = requested(head)
    stranger = Phone(verification, "+6281200095999")
    button = message["person"]["options"][0]
    answer = stranger.writes("setuju", replies_to=message["message_id"])
    assert templates(answer) == ["head_not_yours"]
    assert stranger.writes(button["title"], choice=button["id"]) == []  # told once
    assert task(head, message)["status"] == "open"
    assert templates(head.writes("setuju")) == ["head_granted"]


def test_a_number_that_he_has_not_confirmed_decides_nothing(verification: InProcess, number: str) -> None:
    publish_office(verification)
    head = Phone(verification, number)
    rt = a_head(verification, RW, number, confirmed=False)
    message = ask(verification, rw=RW, rt=rt)
    assert templates(head.writes("setuju"))[-1:] == ["head_not_enrolled"]
    assert task_of(verification, message["application_id"])["status"] == "open"
    confirm(verification)
    head.writes("tugas")
    assert templates(head.writes("setuju"))[-1:] == ["head_granted"]


def test_a_colleague_of_the_next_rt_decides_nothing_here(head: Phone, verification: InProcess) -> None:
    message = requested(head)
    other = Phone(verification, f"+6281200095{next(_numbers)}")
    a_head(verification, RW, other.number)
    assert templates(other.writes("setuju", replies_to=message["message_id"])) == ["head_not_yours"]
    assert task(head, message)["status"] == "open"


def test_another_office_knows_nothing_of_it(head: Phone) -> None:
    message = requested(head)
    elsewhere = Phone(head.verification, head.number)
    elsewhere.writes("setuju", replies_to=message["message_id"], tenant=KALIDONI)
    assert task(head, message)["status"] == "open"


def test_who_lost_the_number_decides_nothing_for_it_any_more(head: Phone) -> None:
    head.writes("tugas")
    message = requested(head)
    assert templates(head.writes("setuju", phone=None)) == ["head_not_yours"]
    head.writes("setuju", phone=None, replies_to=message["message_id"])
    assert task(head, message)["status"] == "open"
    assert templates(head.writes("setuju")) == ["head_granted"]


def test_a_withdrawn_question_is_not_answered_by_a_message_either(head: Phone) -> None:
    message = requested(head)
    with head.verification.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE link SET expires_at = 'epoch' WHERE task_id = %s", [task(head, message)["id"]])
    assert templates(head.writes("setuju", replies_to=message["message_id"])) == ["head_not_yours"]
    assert task(head, message)["status"] == "open"


def test_what_is_closed_says_so(head: Phone) -> None:
    message = requested(head)
    head.presses(message, 1)
    again = head.presses(message, 2)
    assert templates(again) == ["head_problem"]
    assert task(head, message)["outcome"] == "granted"


def test_two_answers_at_once_are_one_decision(head: Phone) -> None:
    """By button, by word and by the page at the same instant."""
    verification = head.verification
    for round_ in range(6):
        message = requested(head)
        token = link_token(verification, message["application_id"])
        twin = Phone(verification, head.number)
        refuse = message["person"]["options"][1]
        events = [
            head.message("setuju", replies_to=message["message_id"]),
            twin.message("Tolak", choice=refuse["id"][: -len("refuse")] + "not_resident"),
        ]
        page = {"decision": "grant"} if round_ % 2 else {"decision": "refuse", "reason": "unknown_person"}
        with ThreadPoolExecutor(3) as threads:
            by_message = [threads.submit(verification.apply, event) for event in events]
            by_page = threads.submit(verification.call, "POST", f"/v1/links/{token}/decision", json=page)
            assert all(one.result() for one in by_message)
            assert by_page.result().status_code in (200, 409)
        about = {"application_id": message["application_id"]}
        decided = [*told_of(verification, "introduction.granted", **about),
                   *told_of(verification, "introduction.refused", **about)]  # fmt: skip
        assert len(decided) == 1
        head.got()


# --- tugas, batal, ulangi, lihat -------------------------------------------------------------------


def test_his_tasks_are_listed_and_opened_by_a_digit(head: Phone) -> None:
    assert templates(head.writes("tugas")) == ["head_no_tasks"]
    message = requested(head)
    received(head, a_file("KTP"))
    [listed] = head.writes("TUGAS!")
    assert "1. Siti Maimunah binti H. Zainuddin (pengantar)" in worded(listed)
    [shown] = head.writes("1")
    assert (shown["template"], shown["application_id"]) == ("introduction_request", message["application_id"])
    [listed] = head.writes("tugas")
    assert head.presses(listed, 2)[0]["template"] == "attestation_request"


def test_a_step_is_called_off_or_repeated(head: Phone) -> None:
    message = requested(head)
    head.writes("tolak")
    assert templates(head.writes("ulangi")) == ["head_reason"]
    assert templates(head.writes("batal")) == ["head_stopped"]
    head.writes("setuju")
    assert task(head, message)["outcome"] == "granted"


def test_what_was_recorded_stands_whatever_he_calls_off(head: Phone) -> None:
    message = requested(head)
    head.writes("setuju")
    assert templates(head.writes("batal")) == ["head_stands"]
    assert task(head, message)["outcome"] == "granted"


def test_a_code_from_a_number_that_is_hidden_says_what_to_do(head: Phone) -> None:
    stranger = Phone(head.verification, "+6281200095998")
    assert templates(stranger.writes("DAFTAR K7M3-XW2R", phone=None)) == ["head_number_hidden"]


def test_what_is_not_understood_is_answered_once_and_kept(head: Phone) -> None:
    message = requested(head)
    assert templates(head.writes("apa kabar pak lurah")) == ["head_unclear"]
    assert head.writes("wah bagaimana ya") == []
    kept = head.verification.rows("SELECT task_id FROM incoming WHERE task_id = %s", [task(head, message)["id"]])
    assert len(kept) == 2
    assert templates(head.writes("setuju")) == ["head_granted"]
    assert templates(head.writes("xyz")) == ["head_unclear"]  # something was understood meanwhile


def test_a_step_that_nobody_came_back_to_is_over_after_a_week(head: Phone) -> None:
    message = requested(head)
    head.writes("tolak")
    head.verification.clock.at += timedelta(days=6)
    assert templates(head.writes("2")) == ["head_refused"]
    other = requested(head)
    head.writes("tolak")
    head.verification.clock.at += timedelta(days=8)
    head.writes("1")  # not the first reason any more, but the first option of the question
    head.verification.clock.at -= timedelta(days=14)
    assert (task(head, message)["outcome"], task(head, other)["outcome"]) == ("refused", "granted")


# --- pengantar -------------------------------------------------------------------------------------


def test_he_introduces_somebody_step_by_step(head: Phone) -> None:
    assert templates(head.writes("pengantar")) == ["head_introduce_person"]
    [purpose] = head.writes("Rohana binti Umar 0812-0000-0777")
    assert "1. Surat pengantar Kartu Keluarga" in worded(purpose)
    [check] = head.writes("1")
    assert "+6281200000777" in worded(check)
    granted_before = len(head.verification.told("introduction.granted"))
    assert templates(head.writes("ya")) == ["head_introduced"]
    granted = head.verification.told("introduction.granted")[granted_before:]
    assert [
        (one["data"]["service"], one["data"]["person"]["contact"]["name"], one["data"]["rt"]) for one in granted
    ] == [
        ("KK", "Rohana binti Umar", head.rt)  # type: ignore[attr-defined]
    ]


def test_or_all_in_one_line_and_nothing_before_he_has_checked_it(head: Phone) -> None:
    before = len(head.verification.told("introduction.granted"))
    [check] = head.writes("Pengantar Budi Santoso 0812 0000 0778 untuk pindah sekolah anak")
    assert check["template"] == "head_introduce_check"
    assert check["person"]["values"]["purpose"] == "pindah sekolah anak"
    assert len(head.verification.told("introduction.granted")) == before
    assert templates(head.writes("2")) == ["head_stopped"]
    assert len(head.verification.told("introduction.granted")) == before


def test_nobody_introduces_himself(head: Phone) -> None:
    head.writes(f"pengantar Yusuf {head.number} untuk KTP")
    assert templates(head.writes("ya")) == ["head_problem"]


def test_who_is_away_introduces_nobody(head: Phone) -> None:
    head.writes("cuti 3 hari")
    head.writes("pengantar Budi Santoso 0812 0000 0778 untuk KTP")
    assert templates(head.writes("ya")) == ["head_problem"]
    head.writes("kembali")
    head.writes("pengantar Budi Santoso 0812 0000 0778 untuk KTP")
    assert templates(head.writes("ya")) == ["head_introduced"]


# --- away ------------------------------------------------------------------------------------------


def away(phone: Phone) -> tuple[Any, Any]:
    [row] = phone.verification.rows(
        "SELECT away_from, away_until FROM officeholder WHERE rw = %s AND rt = %s AND role = 'rt_head'",
        [RW, phone.rt],  # type: ignore[attr-defined]
    )
    return str(row["away_from"]), str(row["away_until"])


@pytest.mark.parametrize(
    ("said", "first", "until"),
    [
        ("cuti 3 hari", "2026-08-14", "2026-08-16"),
        ("Cuti besok sampai tgl 20", "2026-08-15", "2026-08-20"),
        ("cuti lusa", "2026-08-16", "2026-08-16"),
    ],
)
def test_he_is_away_in_the_words_that_people_use(head: Phone, said: str, first: str, until: str) -> None:
    assert templates(head.writes(said)) == ["head_away"]
    assert away(head) == (first, until)
    assert templates(head.writes("sudah kembali")) == ["head_back"]
    assert away(head) == ("None", "None")


@pytest.mark.parametrize(
    ("said", "first", "until"),
    [
        ("sedang di luar kota sampai Senin", "2026-08-14", "2026-08-17"),
        ("saya mudik 17 sampai 21 agustus", "2026-08-17", "2026-08-21"),
    ],
)
def test_a_sentence_that_he_is_away_is_read_back_before_it_counts(
    head: Phone, said: str, first: str, until: str
) -> None:
    assert templates(head.writes(said)) == ["head_away_check"]
    assert away(head) == ("None", "None")
    assert templates(head.writes("2")) == ["head_stopped"]
    assert away(head) == ("None", "None")
    head.presses(head.writes(said)[0], 1)
    assert away(head) == (first, until)


@pytest.mark.parametrize("said", ["orangnya sedang di luar kota sampai Senin", "saya lagi di luar kota sampai Senin"])
def test_a_reply_to_a_request_and_words_about_somebody_else_are_no_absence(head: Phone, said: str) -> None:
    message = requested(head)
    assert templates(head.writes(said, replies_to=message["message_id"])) == ["head_unclear"]
    assert (away(head), task(head, message)["status"]) == (("None", "None"), "open")


def test_the_substitute_comes_in_while_he_is_away(head: Phone) -> None:
    verification = head.verification
    substitute = Phone(verification, f"+6281200095{next(_numbers)}")
    enter(verification, role="substitute", rw=RW, rt=head.rt, name="Hj. Nuraini",  # type: ignore[attr-defined]
          phone=substitute.number)  # fmt: skip
    confirm(verification)
    message = requested(head)
    [told] = head.writes("cuti sampai Senin")
    assert told["person"]["values"]["instead"] == "Hj. Nuraini"
    assert templates(substitute.got()) == ["introduction_request"]
    substitute.writes("setuju")
    assert only(verification, "introduction.granted", application_id=message["application_id"])["acting_as"] == (
        "substitute"
    )
    head.writes("kembali")


def test_without_a_day_he_is_asked_until_when(head: Phone) -> None:
    assert templates(head.writes("cuti")) == ["head_away_until"]
    assert templates(head.writes("Kamis")) == ["head_away"]
    assert away(head) == ("2026-08-14", "2026-08-20")


def test_longer_than_the_longest_is_refused_with_the_reason(head: Phone) -> None:
    [refused] = head.writes("cuti sampai 1 maret")
    assert "92 hari" in worded(refused)
    assert away(head) == ("None", "None")


# --- practice --------------------------------------------------------------------------------------


def test_practice_explains_and_decides_nothing(head: Phone) -> None:
    verification = head.verification
    before = verification.rows("SELECT count(*) FROM task")
    [first] = head.writes("LATIHAN")
    assert "1. Setuju" in worded(first)
    [second] = head.writes("tolak, bukan warga sini")
    assert "Bukan warga RT ini" in worded(second)
    assert templates(head.presses(second, 1)) == ["head_practice_done"]
    assert verification.rows("SELECT count(*) FROM task") == before
    message = requested(head)
    head.writes("latihan")
    head.writes("setuju")
    assert task(head, message)["status"] == "open"  # it was the practice that he answered


def test_what_he_writes_while_he_practises_is_kept_too(head: Phone) -> None:
    head.writes("latihan")
    counted = "SELECT count(*) AS n FROM incoming"
    [before] = head.verification.rows(counted)
    head.writes("setuju")
    assert head.verification.rows(counted)[0]["n"] == before["n"] + 1


# --- anything --------------------------------------------------------------------------------------


_WORDS = st.sampled_from(
    ["setuju", "tolak", "tugas", "pengantar", "cuti", "latihan", "batal", "ulangi", "lihat", "kembali", "1", "2", "3",
     "semua", "asli", "ragu", "0812 3456 7890", "sampai", "Senin", "99 hari", "tgl 31", "untuk", "bantuan", "ya", "",
     "\x00", "‮", "🙏" * 40, "a" * 5000]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(turns=st.lists(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=4).map(" ".join)), max_size=6))
def test_nothing_that_a_head_writes_breaks_anything(verification: InProcess, turns: list[str]) -> None:
    publish_office(verification)
    phone = Phone(verification, "+6281200095001")
    if not verification.rows("SELECT 1 FROM neighbourhood WHERE rw = '096'"):
        a_head(verification, "096", phone.number, rt="001")
    ask(verification, rw="096", rt="001")
    for text in turns:
        phone.writes(text.encode("utf-8", "replace").decode())
    with verification.deps.db.transaction("*") as tx:
        tx.execute("UPDATE task SET status = 'cancelled', closed_at = opened_at WHERE rw = '096' AND status = 'open'")


def test_a_message_that_comes_twice_is_one(head: Phone) -> None:
    requested(head)
    event = head.message("setuju")
    assert head.verification.apply(event)
    assert not head.verification.apply(event)
    assert templates(head.got()) == ["head_granted"]


def test_a_file_or_a_voice_note_is_kept_and_answered(head: Phone) -> None:
    requested(head)
    assert templates(head.writes("", kind="voice")) == ["head_unclear"]


def test_what_he_says_goes_with_the_case(head: Phone) -> None:
    message = requested(head)
    head.writes("tolak")
    verification = head.verification
    rows = verification.rows("SELECT task_id, sealed FROM conversation WHERE contact_id = %s", [head.contact_id])
    assert [row["task_id"] for row in rows] == [task(head, message)["id"]]
    assert APPLICANT["name"] not in rows[0]["sealed"]
    asked = {"application_id": message["application_id"], "kelurahan": BUKIT_SANGKAL, "why": "person",
               "introduction_id": None, "stays": [], "requested_at": verification.clock.now().isoformat()}  # fmt: skip
    verification.feed("erasure.requested", asked, subject=str(uuid4()))
    verification.work()
    assert verification.rows("SELECT 1 FROM conversation WHERE contact_id = %s", [head.contact_id]) == []
    assert templates(head.writes("1"))  # and he can go on writing


def test_a_decision_by_message_is_on_record(head: Phone) -> None:
    message = requested(head)
    head.writes("setuju")
    rows = [row for row in head.verification.audit() if str(message["application_id"]) in row["about"]]
    assert [(row["caller"].split(":")[0], row["details"]["via"]) for row in rows] == [("officeholder", "message")]


def test_a_conversation_in_which_nobody_writes_is_forgotten_with_the_offices_messages(head: Phone) -> None:
    verification, kept = head.verification, "SELECT 1 FROM conversation WHERE contact_id = %s"
    head.writes("tugas")
    erasing.erase_old(verification.deps)
    assert verification.rows(kept, [head.contact_id])
    verification.clock.at += timedelta(days=400)
    erasing.erase_old(verification.deps)
    verification.clock.at -= timedelta(days=400)
    assert verification.rows(kept, [head.contact_id]) == []


def test_one_turn_at_a_time(head: Phone) -> None:
    """Two messages of his at one instant are heard one after the other: the second is the answer to the first's."""
    message = requested(head)
    with ThreadPoolExecutor(4) as threads:
        events = [head.message(text) for text in ("setuju", "setuju", "ya", "1")]
        assert all(threads.map(head.verification.apply, events))
    assert only(head.verification, "introduction.granted", application_id=message["application_id"])
    assert templates(head.got()).count("head_granted") == 1
