"""Complaints, wishes and questions by chat: filed in a few answers, gone on with by replies."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from intake.domain.conversation.complaining import content
from intake.store import complaints as store
from tests.integration.intake.test_complaints import at_desk
from tests.integration.intake.test_talking import OPENED, case_of, for_office, new_number, opened, the_neighbourhood
from tests.support import files as pictures
from tests.support.services import InProcess
from tests.support.talking import Phone, texts
from tests.support.tokens import BUKIT_SANGKAL

__all__ = ["the_neighbourhood"]

STORY = "Loket baru dibuka pukul sembilan, kapan selesai diperbaiki?"


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    return Phone(intake, number=new_number())


def filed(intake: InProcess) -> dict[str, Any]:
    """The newest complaint: {id, ticket} and what is kept of it."""
    [row] = intake.rows("SELECT id, ticket, owner, kind, about, confidentiality, channel, application_id, status,"
                        " person_id, result FROM complaint ORDER BY id DESC LIMIT 1")  # fmt: skip
    return row | {"id": str(row["id"])}


def words_of(intake: InProcess, made: dict[str, Any]) -> list[str | None]:
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        return [one.words for one in store.history(tx, intake.deps.data_keys, UUID(made["id"]))]


def with_a_name(intake: InProcess, siti: Phone) -> dict[str, Any]:
    siti.plays(f"""
        > keluhan
        < talk_complaint: Tulis apa yang terjadi
        > {STORY}
        < talk_complaint_about: Yang dikeluhkan tidak ikut menangani
        > 1
        < talk_complaint_name: Tanpa nama
        > 1
        <
    """)
    return filed(intake)


def answered(intake: InProcess, siti: Phone) -> dict[str, Any]:
    made = with_a_name(intake, siti)
    at_desk(intake, made, "check", complaint_class="complaint")
    at_desk(intake, made, "answer", text="Loket kini dibuka pukul 07.30.")
    return made


def quoting(siti: Phone, made: dict[str, Any], text: str = "", **more: Any) -> list[dict[str, Any]]:
    """A reply to a notice about it."""
    return siti.sends(text, replies_to=str(uuid4()), application_id=made["id"], **more)


def test_a_complaint_takes_three_answers_and_its_notice_tells_the_ticket(intake: InProcess, siti: Phone) -> None:
    made = with_a_name(intake, siti)
    assert (made["kind"], made["about"], made["channel"]) == ("complaint", "office", "whatsapp")
    assert made["owner"] is not None and words_of(intake, made) == [STORY]
    [told] = [one for one in intake.told("complaint.filed") if one["subject"] == made["id"]]
    assert told["data"]["person"]["to"] == {
        "name": "Siti", "phone": siti.number, "language": "id", "contact_id": str(siti.contact),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "kind"), [("saran", "wish"), ("mau tanya", "question"), ("usul ya pak", "wish"), ("komplain", "complaint")]
)
def test_the_word_says_what_it_is(intake: InProcess, siti: Phone, word: str, kind: str) -> None:
    siti.sends(word)
    siti.sends("Tolong buka loket hari Sabtu.")
    if kind == "complaint":
        siti.sends("petugas")
    assert siti.sends("rahasia") == []
    made = filed(intake)
    assert (made["kind"], made["about"], made["confidentiality"]) == (
        kind, "officer" if kind == "complaint" else "office", "confidential",
    )  # fmt: skip


def test_to_report_may_be_any_of_them(intake: InProcess, siti: Phone) -> None:
    siti.plays("""
        > lapor
        < talk_complaint_kind: 3. Pertanyaan
        > 2
        < talk_complaint: Usulan
        > Tambah kursi di ruang tunggu.
        < talk_complaint_name: Rahasia
        > 2
        <
    """)
    assert filed(intake)["kind"] == "wish"


def test_of_an_anonymous_one_nobody_can_tell_who_it_was(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    siti.plays(f"""
        > keluhan
        < talk_complaint: batal
        > {STORY}
        < talk_complaint_about: Lurah
        > lurah
        < talk_complaint_case: Bukan tentang itu
        > 1
        < talk_complaint_name: 3. Tanpa nama
        > tanpa nama
        < talk_complaint_ticket: Kunci:
    """)
    made = filed(intake)
    assert (made["owner"], made["person_id"], made["application_id"]) == (None, None, None)
    assert made["about"] == "lurah"
    assert made["ticket"] in siti.heard[-1]["text"]
    secret = siti.heard[-1]["person"]["values"]["code"]
    seen = intake.call("POST", f"/v1/complaints/tickets/{made['ticket']}/view", json={"secret": secret})
    assert seen.json["history"][0]["words"] == STORY
    siti.sends("bantuan")
    said = [one["text"] for one in _read(intake, siti)]
    assert "bantuan" in said
    assert sorted(said) == sorted(["bantuan", *OPENED]), "nothing of a complaint is among the messages"


def _read(intake: InProcess, siti: Phone) -> list[dict[str, Any]]:
    """What the office reads of whoever called for it."""
    listed = intake.call("GET", "/v1/conversations?limit=200", "officer").json["items"]
    [mine] = [one for one in listed if one["phone"] == siti.number]
    found: list[dict[str, Any]] = intake.call("GET", f"/v1/conversations/{mine['id']}", "officer").json["said"]
    return found


def test_a_complaint_about_a_case_is_tied_to_it_and_what_was_asked_waits(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    for text in ("keluhan", STORY, "1", "1", "1"):
        siti.sends(text)
    assert filed(intake)["application_id"] == case_of(intake, siti)
    siti.plays("""
        > menu
        < talk_menu: Permohonan baru
        > 2
        < talk_service: 1.
        > saran
        < talk_complaint: Usulan
        > Tambah kursi.
        < talk_complaint_case: Bukan tentang itu
        > bukan
        < talk_complaint_name: Rahasia
        > rahasia
        <
        > ulangi
        < talk_service: 1.
    """)


def test_what_is_dropped_is_not_filed(intake: InProcess, siti: Phone) -> None:
    before = len(intake.rows("SELECT FROM complaint"))
    siti.plays(f"""
        > keluhan
        < talk_complaint: Tulis
        > {STORY}
        < talk_complaint_about: 5. Lurah
        > batal
        < talk_cancelled
    """)
    assert len(intake.rows("SELECT FROM complaint")) == before


def test_what_is_not_understood_is_asked_once_more_and_then_it_is_said_how_a_person_helps(
    intake: InProcess, siti: Phone
) -> None:
    siti.plays(f"""
        > keluhan
        < talk_complaint: Tulis
        > {STORY}
        < talk_complaint_about: siapa
        > bagaimana ya
        < talk_complaint_about: belum kami mengerti
        > entahlah
        < talk_office: *bantuan*
        > hmm
        <
        > 1
        < talk_complaint_name: Rahasia
    """)
    assert "entahlah" not in for_office(intake, siti), "there it would stand beside his name"


def test_photos_come_along_and_later(intake: InProcess, siti: Phone) -> None:
    siti.sends("keluhan")
    [turn] = siti.photo(content=pictures.jpeg(640, 480))
    assert "Foto sudah kami terima" in turn["text"]
    for text in (STORY, "1", "1"):
        siti.sends(text)
    made = filed(intake)
    intake.work()
    file = siti.stored(pictures.jpeg(480, 640))
    assert made["ticket"] in quoting(siti, made, kind="photo", file=file)[0]["text"]
    intake.work()
    states = [row["state"] for row in intake.rows("SELECT state FROM file WHERE complaint_id = %s", [made["id"]])]
    assert states == ["ready", "ready"]


def test_a_photo_that_cannot_be_used_is_said_to_be_so(intake: InProcess, siti: Phone) -> None:
    made = with_a_name(intake, siti)
    quoting(siti, made, kind="photo", file=siti.stored(b"no picture at all"))
    assert "belum bisa dipakai" in texts(siti.quiet())
    assert intake.rows("SELECT FROM file WHERE complaint_id = %s", [made["id"]]) == []


@pytest.mark.parametrize("by_reply", [True, False])
def test_a_question_of_the_office_is_answered_in_the_chat(intake: InProcess, siti: Phone, by_reply: bool) -> None:
    made = with_a_name(intake, siti)
    at_desk(intake, made, "questions", text="Pada tanggal berapa?")
    said = "Tanggal 18, jam delapan pagi."
    [turn] = quoting(siti, made, said) if by_reply else siti.sends(said)
    assert made["ticket"] in turn["text"]
    assert filed(intake)["status"] == "filed" and words_of(intake, made)[-1] == said
    assert said not in for_office(intake, siti)


@pytest.mark.parametrize(("said", "by_reply"), [("puas", False), ("sudah puas", True), ("Cukup", True)])
def test_who_is_satisfied_closes_it(intake: InProcess, siti: Phone, said: str, by_reply: bool) -> None:
    made = answered(intake, siti)
    [turn] = quoting(siti, made, said) if by_reply else siti.sends(said)
    assert "ditutup" in turn["text"]
    assert filed(intake)["result"] == "satisfied"


def test_who_is_not_says_why_and_it_is_open_again(intake: InProcess, siti: Phone) -> None:
    made = answered(intake, siti)
    siti.plays("""
        > belum
        < talk_complaint_reopen: Apa yang belum cukup
        > Pagi ini tutup lagi.
        < talk_note: dibuka lagi
    """)
    assert filed(intake)["status"] == "checked" and words_of(intake, made)[-1] == "Pagi ini tutup lagi."


def test_why_may_be_said_at_once_and_other_words_are_asked_about(intake: InProcess, siti: Phone) -> None:
    made = answered(intake, siti)
    [turn] = quoting(siti, made, "jadi bagaimana loketnya")
    assert turn["template"] == "talk_complaint_content"
    [turn] = siti.sends("belum, pagi ini tutup lagi")
    assert "dibuka lagi" in turn["text"]
    assert words_of(intake, made)[-1] == "jadi bagaimana loketnya\nbelum, pagi ini tutup lagi"


def test_another_ones_complaint_is_not_gone_on_with(intake: InProcess, siti: Phone) -> None:
    made = answered(intake, siti)
    other = Phone(intake, number=new_number())
    quoting(other, made, "puas")
    assert filed(intake)["status"] == "answered"
    quoting(siti, made, "puas")
    assert filed(intake)["result"] == "satisfied"


def test_a_ticket_in_the_words_is_told_how_it_stands(intake: InProcess, siti: Phone) -> None:
    made = with_a_name(intake, siti)
    siti.plays(f"""
        > {made["ticket"]}
        < talk_complaint_status: belum diperiksa
        > sudah sampai mana {made["ticket"].lower()} ya
        < talk_complaint_status: {made["ticket"]}
        > ADU-00000-00000
        < talk_note: ADU-7K3M9
    """)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("puas", "satisfied"),
        ("belum", "reopen"),
        ("belum, masih tutup", "reopen"),
        ("puas?", None),
        ("terima kasih", None),
    ],
)
def test_words_that_judge_an_answer(said: str, meant: str | None) -> None:
    assert content(said, None)[0] == meant
