"""What somebody tells of a complaint by chat is with the complaint alone, and is there until it is filed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from contracts.starting import wish
from intake.store import conversations
from intake.usecases import erasing
from intake.usecases.complaining import erasing as complaint_erasing
from intake.usecases.complaining import limits
from kit.problems import Conflict
from kit.rates import Rate
from tests.integration.intake.test_complaints import at_desk
from tests.integration.intake.test_talking import for_office, new_number, opened, the_neighbourhood
from tests.integration.intake.test_talking_complaints import STORY, answered, filed, quoting, with_a_name, words_of
from tests.support import files as pictures
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone, texts
from tests.support.tokens import BUKIT_SANGKAL

__all__ = ["the_neighbourhood"]

VOICE = b"OggS" * 20


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    return Phone(intake, number=new_number())


def kept(intake: InProcess, siti: Phone) -> list[str]:
    """What stands under somebody's name, the newest first; a file as its kind."""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        rows = conversations.of_contact(tx, intake.deps.data_keys, siti.contact, 50)
    return [row["said"].get("text") or row["kind"] for row in rows]


def told(siti: Phone, *more: str) -> None:
    """A complaint so far that the last question is open."""
    for text in ("keluhan", STORY, *more):
        siti.sends(text)


def complaints(intake: InProcess) -> int:
    return len(intake.rows("SELECT FROM complaint"))


# --- under nobody's name ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["terbuka", "rahasia", "tanpa nama"])
def test_of_the_whole_exchange_nothing_stands_under_his_name(intake: InProcess, siti: Phone, name: str) -> None:
    siti.sends("Apakah kantor buka hari Sabtu?")
    told(siti, "hmm", "ulangi", "petugas yang di loket 2", name)
    assert kept(intake, siti) == ["Apakah kantor buka hari Sabtu?"]
    assert words_of(intake, filed(intake)) == [f"{STORY}\nhmm\npetugas yang di loket 2"]


def test_what_is_not_understood_is_not_put_before_the_desk(intake: InProcess, siti: Phone) -> None:
    told(siti)
    for text in ("bagaimana ya", "entahlah", "Pak Budi"):
        siti.sends(text)
    assert kept(intake, siti) == [] and for_office(intake, siti) == []
    siti.sends("petugas")
    siti.sends("bantuan")
    assert for_office(intake, siti) == ["bantuan"], "who calls for a person gets one"


def test_a_voice_message_in_the_middle_of_it_is_to_be_written_and_nobody_hears_it(
    intake: InProcess, siti: Phone
) -> None:
    told(siti)
    [turn] = siti.sends(kind="voice", file=siti.stored(VOICE, "audio/ogg"))
    assert "tulis dengan kata-kata" in turn["text"] and turn["template"] == "talk_complaint_about"
    for more in ({"kind": "other", "problem": "not_taken"}, {"kind": "location"}):
        assert "tulis dengan kata-kata" in texts(siti.sends(**more))
    assert kept(intake, siti) == []


@pytest.mark.parametrize("by_reply", [True, False])
def test_a_voice_message_that_answers_the_office_is_to_be_written(
    intake: InProcess, siti: Phone, by_reply: bool
) -> None:
    made = with_a_name(intake, siti)
    at_desk(intake, made, "questions", text="Pada tanggal berapa?")
    voice = {"kind": "voice", "file": siti.stored(VOICE, "audio/ogg")}
    [turn] = quoting(siti, made, **voice) if by_reply else siti.sends(**voice)
    assert "tulis dengan kata-kata" in turn["text"]
    assert kept(intake, siti) == [] and filed(intake)["status"] == "waiting"
    siti.sends("Tanggal 18.")
    assert words_of(intake, filed(intake))[-1] == "Tanggal 18."


def test_a_voice_message_about_nothing_else_is_with_the_office(intake: InProcess, siti: Phone) -> None:
    with_a_name(intake, siti)
    siti.sends(kind="voice", file=siti.stored(VOICE, "audio/ogg"))
    assert kept(intake, siti) == ["voice"]


def test_words_to_an_answer_are_the_reason_of_who_is_not_content_with_it(intake: InProcess, siti: Phone) -> None:
    made = answered(intake, siti)
    quoting(siti, made, "pagi ini tutup lagi")
    siti.sends("sampai jam sepuluh")
    [turn] = siti.sends("belum")
    assert "dibuka lagi" in turn["text"]
    assert words_of(intake, made)[-1] == "pagi ini tutup lagi\nsampai jam sepuluh"
    assert kept(intake, siti) == []


# --- and never lost ---------------------------------------------------------------------------------------------------


def test_what_cannot_be_filed_now_stays_with_its_photos_and_is_filed_later(
    intake: InProcess, siti: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(limits, "FILED_BY_CONTACT", Rate("one-by-contact", most=1, within=86_400))
        with_a_name(intake, siti)
        before = complaints(intake)
        siti.sends("keluhan")
        siti.photo(content=pictures.jpeg(640, 480))
        for text in (STORY, "1"):
            siti.sends(text)
        [turn] = siti.sends("tanpa nama")
        assert "belum terkirim" in turn["text"] and turn["template"] == "talk_complaint_name"
        assert complaints(intake) == before, "who files without a name is counted as well"
    siti.sends("rahasia")
    made = filed(intake)
    assert (complaints(intake), made["confidentiality"]) == (before + 1, "confidential")
    intake.work()
    assert words_of(intake, made) == [STORY]
    assert len(intake.rows("SELECT FROM file WHERE complaint_id = %s", [made["id"]])) == 1


def test_what_others_filed_with_his_number_keeps_him_from_nothing(
    intake: InProcess, siti: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILED_BY_PHONE", Rate("complaints-by-phone", most=1, within=86_400))
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        limits.count_filed(intake.deps, tx, siti.number)
    before = complaints(intake)
    with_a_name(intake, siti)
    assert complaints(intake) == before + 1


def test_a_second_connection_counts_nothing(intake: InProcess, siti: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "check", _never)
    before = complaints(intake)
    with_a_name(intake, siti)
    assert complaints(intake) == before + 1


def test_an_older_complaint_is_gone_on_with_while_another_is_told(intake: InProcess, siti: Phone) -> None:
    made = answered(intake, siti)
    told(siti)
    [turn] = quoting(siti, made, "jadi bagaimana")
    assert turn["template"] == "talk_complaint_content"
    [turn] = siti.sends("puas")
    assert "ditutup" in turn["text"] and turn["template"] == "talk_complaint_about"
    assert filed(intake)["result"] == "satisfied"
    siti.sends("1")
    siti.sends("1")
    assert filed(intake)["id"] != made["id"] and words_of(intake, filed(intake)) == [STORY]


def test_the_same_after_he_called_for_a_person(intake: InProcess, siti: Phone) -> None:
    made = answered(intake, siti)
    told(siti)
    siti.sends("bantuan")
    quoting(siti, made, "jadi bagaimana")
    [turn] = siti.sends("puas")
    assert turn["template"] == "talk_complaint_about"
    siti.sends("lanjut")
    siti.sends("petugas")
    siti.sends("rahasia")
    assert filed(intake)["id"] != made["id"] and words_of(intake, filed(intake)) == [STORY]


@pytest.mark.parametrize("word", ["saran", "keluhan", "menu", "lapor"])
@pytest.mark.parametrize("case", [True, False])
def test_a_word_that_begins_something_else_drops_nothing(intake: InProcess, siti: Phone, word: str, case: bool) -> None:
    if case:
        opened(siti)
    told(siti)
    [turn] = siti.sends(word)
    assert "belum dikirim" in turn["text"] and "*batal*" in turn["text"]
    assert turn["template"] == "talk_complaint_about"
    for text in ("1", "bukan", "rahasia") if case else ("1", "rahasia"):
        siti.sends(text)
    assert words_of(intake, filed(intake)) == [STORY]


def test_given_up_it_is_not_filed_and_the_other_thing_begins(intake: InProcess, siti: Phone) -> None:
    before = complaints(intake)
    told(siti)
    siti.plays("""
        > saran
        < talk_complaint_about: belum dikirim
        > batal
        < talk_cancelled
        > saran
        < talk_complaint: Usulan
        > menu
        < talk_service: 1.
    """)
    assert complaints(intake) == before


def test_while_it_waits_for_another_case_it_is_said_how_to_go_on(intake: InProcess, siti: Phone) -> None:
    siti.rules = dict(CHAT)
    asked = opened(siti)
    told(siti)
    [turn] = siti.sends("nanti", replies_to=str(asked["message_id"]), application_id=str(asked["application_id"]))
    assert turn["template"] == "talk_document" and "belum dikirim" in turn["text"] and "*lanjut*" in turn["text"]
    siti.plays("""
        > lanjut
        < talk_complaint_about
        > 1
        < talk_complaint_case
        > bukan
        < talk_complaint_name
        > 2
        <
    """)
    assert words_of(intake, filed(intake)) == [STORY]


def test_a_question_of_it_that_he_quotes_is_answered_while_another_case_is_talked_about(
    intake: InProcess, siti: Phone
) -> None:
    siti.rules = dict(CHAT)
    asked = opened(siti)
    siti.sends("keluhan")
    [question] = siti.sends(STORY)
    siti.sends("nanti", replies_to=str(asked["message_id"]), application_id=str(asked["application_id"]))
    [turn] = siti.sends("lurah", replies_to=str(question["message_id"]))
    assert turn["template"] == "talk_complaint_case"


def test_a_leaflets_sentence_drops_nothing_either(intake: InProcess, siti: Phone) -> None:
    told(siti)
    siti.sends("bantuan")
    assert "belum dikirim" in texts(siti.sends(wish("Pengantar KTP-el")))


def test_an_older_question_that_he_quotes_is_answered_anew(intake: InProcess, siti: Phone) -> None:
    [asked] = siti.sends("keluhan")
    siti.sends(STORY)
    [turn] = siti.sends("Kemarin juga.", replies_to=str(asked["message_id"]))
    assert turn["template"] == "talk_complaint_about" and "belum kami mengerti" not in turn["text"]
    siti.sends("1")
    siti.sends("1")
    assert words_of(intake, filed(intake)) == [f"{STORY}\nKemarin juga."]


def test_a_button_that_is_pressed_twice_files_once_and_leaves_no_trace(intake: InProcess, siti: Phone) -> None:
    told(siti)
    [turn] = siti.sends("1")
    before = complaints(intake)
    for _time in range(2):
        siti.sends("Tanpa nama", choice="anonymous", kind="choice", replies_to=str(turn["message_id"]))
    assert complaints(intake) == before + 1 and kept(intake, siti) == []


def test_more_photos_than_it_takes_are_said_to_be_too_many_and_go_to_nobody(intake: InProcess, siti: Phone) -> None:
    told(siti)
    turns = [turn for _each in range(7) for turn in siti.photo(content=pictures.jpeg(64, 48))]
    assert texts(turns).count("paling banyak 5 foto") == 1
    assert for_office(intake, siti) == [] and kept(intake, siti) == []


def test_a_refusal_that_nobody_foresaw_puts_no_answer_before_the_desk(
    intake: InProcess, siti: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(siti)
    with monkeypatch.context() as patched:
        patched.setattr("intake.usecases.talking.complaint_answers.complaining.take", _refuses)
        [turn] = siti.sends("petugas")
    assert turn["template"] == "talk_complaint_about" and kept(intake, siti) == []
    siti.sends("petugas")
    siti.sends("rahasia")
    assert filed(intake)["about"] == "officer"


# --- what is about to be erased ---------------------------------------------------------------------------------------


def closed(intake: InProcess, siti: Phone) -> dict[str, Any]:
    """One that the office closed, and to which he objects, without having said why."""
    made = with_a_name(intake, siti)
    at_desk(intake, made, "check", complaint_class="complaint")
    at_desk(intake, made, "closing", result="duplicate", text="Sudah ada.")
    [turn] = quoting(siti, made, "belum")
    assert turn["template"] == "talk_complaint_reopen"
    return made


def test_what_the_office_closed_is_opened_again_by_chat(intake: InProcess, siti: Phone) -> None:
    made = closed(intake, siti)
    [turn] = siti.sends("Pagi ini tutup lagi.")
    assert "dibuka lagi" in turn["text"] and filed(intake)["status"] == "checked"
    assert words_of(intake, made)[-1] == "Pagi ini tutup lagi."


def test_what_is_about_to_be_erased_is_neither_opened_again_nor_given_photos(intake: InProcess, siti: Phone) -> None:
    made = closed(intake, siti)
    quoting(siti, made, kind="photo", file=siti.stored(pictures.jpeg(64, 48)))
    _begin_erasing(intake, made)
    [turn] = siti.sends("Pagi ini tutup lagi.")
    assert "tidak bisa diteruskan" in turn["text"] and kept(intake, siti) == []
    assert filed(intake)["status"] == "closed"
    assert siti.quiet() == [], "of a photo for it nothing is said"
    assert intake.rows("SELECT FROM file WHERE complaint_id = %s", [made["id"]]) == []
    assert intake.rows("SELECT FROM complaint WHERE id = %s AND erased_at IS NOT NULL", [made["id"]])


def _begin_erasing(intake: InProcess, made: dict[str, Any]) -> None:
    """As when its time is over; the job comes later."""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        case = complaint_erasing.to_erase(intake.deps, tx, BUKIT_SANGKAL, UUID(made["id"]))
        assert case is not None
        erasing.begin(intake.deps, tx, case, intake.clock.now())


def test_an_erased_one_names_no_case(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    told(siti, "1", "1", "rahasia")
    made = filed(intake)
    assert made["application_id"] is not None
    at_desk(intake, made, "check", complaint_class="complaint")
    at_desk(intake, made, "closing", result="duplicate", text="Sudah ada.")
    _begin_erasing(intake, made)
    intake.work()
    assert filed(intake)["application_id"] is None
    entries = intake.rows("SELECT data::text AS data FROM complaint_entry WHERE complaint_id = %s", [made["id"]])
    assert str(made["application_id"]) not in "".join(row["data"] for row in entries)


def _never(*_args: Any) -> None:
    raise AssertionError("counted by a connection of its own")


def _refuses(_at: Any) -> None:
    raise Conflict
