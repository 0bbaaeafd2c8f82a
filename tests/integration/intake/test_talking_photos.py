"""Photos in the conversation: sorted, doubted, answered once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake import jobs as work
from intake.domain.conversation.turns import Heard, Turn
from intake.store import conversations
from intake.usecases.talking import bursts
from intake.usecases.talking.bursts import PHOTOS_JOB
from intake.usecases.talking.scene import scene
from kit.errors import Permanent
from kit.jobs import Job
from tests.integration.intake import cast
from tests.integration.intake.test_talking import (
    case_of,
    case_row,
    finish,
    for_office,
    new_number,
    page_of_print,
    the_neighbourhood,
)
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone, texts
from tests.support.tokens import BUKIT_SANGKAL

__all__ = ["the_neighbourhood"]


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    """With an identity card's case, for data that have changed: family card, old card, portrait."""
    phone = Phone(intake, number=new_number(), rules=dict(CHAT))
    for text in ("ktp", "1", "Siti Maimunah, RT 23", "perubahan data"):
        phone.sends(text)
    assert phone.heard[-1]["template"] == "talk_document", texts(phone.heard)
    return phone


def test_a_file_is_read_from_where_notify_keeps_it_and_from_no_other_bucket(intake: InProcess, siti: Phone) -> None:
    file = siti.stored(page_of_print(mark="other"))
    with pytest.raises(Permanent, match="HANDED_BUCKETS"):
        siti.sends("pas foto", kind="photo", file=file | {"bucket": intake.settings.s3_bucket})
    assert siti.sends("pas foto", kind="photo", file=file) == []
    siti.quiet()
    assert papers_of(intake, siti) == ["PAS_FOTO"]


def test_no_message_is_without_words_and_a_doubt_is_said_again(intake: InProcess, siti: Phone) -> None:
    siti.photo("pas foto", page_of_print(blur=8))
    assert "kabur" in siti.quiet()[0]["text"]
    siti.photo("kk", page_of_print(mark="kk"))
    [got] = siti.quiet()
    assert "Sudah kami terima: Kartu Keluarga" in got["text"], got["text"]
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        conversation = conversations.lock(tx, intake.deps.data_keys, BUKIT_SANGKAL, siti.contact, intake.clock.now())
        at = scene(intake.deps, tx, conversation, Heard(""))
        bursts.soon(at, 0)
        conversations.save(tx, intake.deps.data_keys, conversation, intake.clock.now())
        with pytest.raises(ValueError, match="without a word"):
            at.tell(Turn("talk_note"))
    [got] = siti.quiet()
    assert "kabur" in got["text"], got["text"]


def test_of_a_file_that_never_came_nobody_says_that_it_is_kept(intake: InProcess) -> None:
    phone = Phone(intake, number=new_number(), rules=dict(CHAT))
    phone.sends("ktp")
    phone.sends("", kind="photo", problem="gone")
    [got] = phone.quiet()
    assert "tidak sampai" in got["text"] and "simpan" not in got["text"], got["text"]
    phone.photo("", page_of_print())
    [got] = phone.quiet()
    assert "sudah kami simpan" in got["text"], got["text"]


def papers_of(intake: InProcess, phone: Phone) -> list[str]:
    rows = intake.rows(
        "SELECT requirement FROM file WHERE application_id = %s AND state IN ('checking', 'ready') ORDER BY 1",
        [case_of(intake, phone)],
    )
    return [row["requirement"] for row in rows]


def test_an_album_gets_one_answer_and_photos_without_words_are_asked_for(intake: InProcess, siti: Phone) -> None:
    for number, caption in enumerate(["", "", "pas foto", "", "foto", ""]):
        assert siti.photo(caption, page_of_print(mark=str(number))) == []
    jobs = intake.rows("SELECT run_at > clock_timestamp() AS later FROM job WHERE kind = %s", [PHOTOS_JOB])
    assert jobs and all(row["later"] for row in jobs)
    got = siti.quiet()
    assert [one["template"] for one in got] == ["talk_photo"], texts(got)
    assert "Ada 4 foto" in got[0]["text"] and "Sudah kami terima: Pas foto" in got[0]["text"]
    assert siti.sends("1, 2") == []
    got = siti.quiet()
    assert [one["template"] for one in got] == ["talk_photo"] and "Ada 2 foto" in got[0]["text"]
    assert siti.sends("KK") == []
    got = siti.quiet()
    assert got[0]["template"] == "talk_photo" and "Ada" not in got[0]["text"]
    siti.sends("ktp lama")
    assert [one["template"] for one in siti.quiet()] == ["talk_field"]
    assert papers_of(intake, siti) == ["KK", "KTP_LAMA", "PAS_FOTO"]


def test_another_order_than_asked_is_accepted(intake: InProcess, siti: Phone) -> None:
    siti.photo("ktp lama saya", page_of_print(mark="x"))
    got = siti.quiet()
    assert "Sudah kami terima: KTP-el lama" in got[0]["text"] and "*Kartu Keluarga*" in got[0]["text"]
    siti.sends("nanti ya")
    assert "*Pas foto*" in siti.heard[-1]["text"]


@pytest.mark.parametrize(
    ("look", "word"),
    [({"blur": 8}, "kabur"), ({"light": 0.12}, "gelap"), ({"edge": 300}, "terlalu kecil")],
)
def test_what_can_hardly_be_read_is_said_at_once_and_taken_if_somebody_insists(
    intake: InProcess, siti: Phone, look: dict[str, Any], word: str
) -> None:
    siti.photo(content=page_of_print(**look))
    got = siti.quiet()
    assert [one["template"] for one in got] == ["talk_note"] and word in got[0]["text"], texts(got)
    assert papers_of(intake, siti) == []
    siti.sends("kirim saja")
    got = siti.quiet()
    assert "Sudah kami terima: Kartu Keluarga" in got[0]["text"]
    assert papers_of(intake, siti) == ["KK"]


def test_a_new_photo_takes_the_place_of_a_doubted_one(intake: InProcess, siti: Phone) -> None:
    siti.photo(content=page_of_print(blur=8))
    siti.quiet()
    siti.photo(content=page_of_print(mark="sharp"))
    got = siti.quiet()
    assert [one["template"] for one in got] == ["talk_document"] and papers_of(intake, siti) == ["KK"]


def test_a_wrong_thing_is_said_kindly_and_nothing_of_it_is_in_the_case(intake: InProcess, siti: Phone) -> None:
    siti.photo(content=b"GIF89a made up")
    got = siti.quiet()
    assert got[0]["template"] == "talk_document" and "JPEG" in got[0]["text"]
    assert papers_of(intake, siti) == []


@pytest.mark.parametrize("problem", ["gone", "damaged", "too_large", "not_taken"])
def test_a_file_that_did_not_arrive_is_asked_for_again(siti: Phone, problem: str) -> None:
    siti.sends(kind="photo", problem=problem)
    siti.sends(kind="photo", problem=problem)
    got = siti.quiet()
    assert [one["template"] for one in got] == ["talk_document"], texts(got)


def test_photos_that_come_before_any_case_wait_for_it(intake: InProcess) -> None:
    phone = Phone(intake, number=new_number(), rules=dict(CHAT))
    phone.photo("KK", page_of_print(mark="early"))
    got = phone.quiet()
    assert [one["template"] for one in got] == ["talk_service"] and "kami simpan" in got[0]["text"]
    for text in ("2", "1", "Siti Maimunah, RT 23", "baru"):
        phone.sends(text)
    got = phone.quiet()
    assert "Sudah kami terima: Kartu Keluarga" in got[0]["text"] and papers_of(intake, phone) == ["KK"]


def test_a_photo_of_a_case_that_lies_with_the_office_goes_to_an_officer(intake: InProcess, siti: Phone) -> None:
    case = case_of(intake, siti)
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE application SET status = 'submitted', submitted_at = opened_at WHERE id = %s", [case])
    siti.photo("foto tambahan", page_of_print())
    got = siti.quiet()
    assert [one["template"] for one in got] == ["talk_office"] and for_office(intake, siti) == ["foto tambahan"]


def test_a_photo_that_cannot_be_opened_is_told_and_its_paper_asked_for_again(intake: InProcess, siti: Phone) -> None:
    siti.photo("kk", page_of_print(mark="broken"))
    siti.quiet()
    file_id = intake.rows("SELECT id FROM file WHERE application_id = %s", [case_of(intake, siti)])[0]["id"]
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE file SET state = 'checking' WHERE id = %s", [file_id])
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        job = Job(file_id, work.LOOK_JOB, BUKIT_SANGKAL, {"file_id": str(file_id)}, 1, None)
        work.give_up_file(intake.deps, tx, job, "undecodable")
    got = siti.quiet()
    assert [one["template"] for one in got] == ["talk_document"], texts(got)
    assert "belum bisa dipakai" in got[0]["text"] and "*Kartu Keluarga*" in got[0]["text"]


def test_a_returned_case_asks_for_what_is_wrong_and_goes_in_again(intake: InProcess) -> None:
    phone = Phone(intake, number=new_number(), rules=dict(CHAT))
    for text in ("kk hilang", "1", "Siti Maimunah, RT 23"):
        phone.sends(text)
    case = case_of(intake, phone)
    finish(intake, case)
    items = [{"requirement": "SURAT_KEHILANGAN", "problem": "Cap polisi tidak terbaca", "note": None}]
    intake.clock.at = intake.clock.at.replace(microsecond=0)
    intake.clock.at += timedelta(seconds=5)
    cast.step(intake, case, "return", sent={"items": items})
    intake.clock.at += timedelta(seconds=5)
    got = phone.sends("lanjut")
    assert got[0]["template"] == "talk_document" and "Cap polisi tidak terbaca" in got[0]["text"], texts(got)
    phone.photo(content=page_of_print(mark="again"))
    got = phone.quiet()
    assert [one["template"] for one in got] == ["talk_summary"], texts(got)
    phone.sends("kirim")
    phone.quiet()
    assert case_row(intake, case)["status"] == "submitted"
    assert intake.told("application.resubmitted")[-1]["subject"] == str(case)


def test_a_helpers_case_by_chat_is_agreed_to_by_a_code(intake: InProcess) -> None:
    phone = Phone(intake, number=new_number(), rules=dict(CHAT))
    for text in ("kk hilang", "2", "Tukiman, RT 23", "Nur'aini, tetangga"):
        phone.sends(text)
    phone.photo(content=page_of_print(mark="helper"))
    got = phone.quiet()
    assert [one["template"] for one in got] == ["talk_agreement"], texts(got)
    own = phone.sends(str(phone.number))
    assert own[0]["template"] == "talk_agreement" and "HP pendamping" in own[0]["text"]
    assert phone.sends(new_number())[0]["template"] == "talk_agreement_code"
    code = intake.told("message.requested")[-2]["data"]["person"]["values"]["code"]
    wrong = phone.sends("000000" if code != "000000" else "111111")
    assert wrong[0]["template"] == "talk_agreement_code" and "kode" in wrong[0]["text"].lower()
    assert phone.sends(f"kodenya {code}")[0]["template"] == "talk_field"
    assert case_row(intake, case_of(intake, phone))["consent"] == "code"


# --- each photo to the case and the paper that it was sent for --------------------------------------------------------


def papers_in(intake: InProcess, case: Any) -> list[str]:
    rows = intake.rows(
        "SELECT requirement FROM file WHERE application_id = %s AND state IN ('checking', 'ready') ORDER BY 1", [case]
    )
    return [row["requirement"] for row in rows]


def begins_another(phone: Phone) -> None:
    for text in ("menu", "baru", "kk", "1"):
        phone.sends(text)
    assert phone.heard[-1]["template"] == "talk_name"


def opens_it(phone: Phone) -> None:
    for text in ("Siti Maimunah, RT 23", "rusak"):
        phone.sends(text)


def test_a_photo_sent_while_another_case_is_being_opened_waits_for_that_one(intake: InProcess, siti: Phone) -> None:
    first = case_of(intake, siti)
    begins_another(siti)
    siti.photo("KTP", page_of_print(mark="for the second"))
    assert "kami simpan" in siti.quiet()[0]["text"]
    opens_it(siti)
    siti.quiet()
    assert (papers_in(intake, first), papers_in(intake, case_of(intake, siti))) == ([], [])
    assert siti.heard[-1]["template"] == "talk_photo", "the second case takes no card, so she is asked what it is"


def test_a_photo_belongs_to_the_case_that_was_talked_about_when_it_came(intake: InProcess, siti: Phone) -> None:
    first = case_of(intake, siti)
    begins_another(siti)
    opens_it(siti)
    second = case_of(intake, siti)
    siti.photo("kk", page_of_print(mark="of the second"))
    siti.sends("menu")
    asked = siti.sends("2")
    assert asked[0]["application_id"] == first
    got = siti.quiet()
    assert (papers_in(intake, first), papers_in(intake, second)) == ([], ["KK_LAMA"]), texts(got)
    assert "Tentang" in got[0]["text"] and "Sudah kami terima" in got[0]["text"]
    siti.photo(content=page_of_print(mark="of the first"))
    siti.quiet()
    assert papers_in(intake, first) == ["KK"], "what the first one was asked for is still asked"


def test_a_doubted_photo_that_is_insisted_on_later_goes_into_its_own_case(intake: InProcess, siti: Phone) -> None:
    first = case_of(intake, siti)
    siti.photo(content=page_of_print(blur=8))
    assert "kabur" in siti.quiet()[0]["text"]
    begins_another(siti)
    opens_it(siti)
    second = case_of(intake, siti)
    siti.quiet()
    siti.sends("kirim saja")
    siti.quiet()
    assert (papers_in(intake, first), papers_in(intake, second)) == (["KK"], [])


def test_a_photo_is_of_the_paper_that_was_asked_for_when_it_came(intake: InProcess, siti: Phone) -> None:
    siti.photo(content=page_of_print(mark="the family card"))
    siti.sends("nanti")
    assert "*KTP-el lama*" in siti.heard[-1]["text"]
    siti.quiet()
    assert papers_of(intake, siti) == ["KK"]


def test_words_right_after_a_photo_are_its_caption(intake: InProcess, siti: Phone) -> None:
    siti.photo(content=page_of_print(mark="an old card"))
    assert siti.sends("ini KTP lama saya bu") == []
    assert "Sudah kami terima: KTP-el lama" in siti.quiet()[0]["text"]
    assert papers_of(intake, siti) == ["KTP_LAMA"]
    siti.photo(content=page_of_print(mark="x"))
    assert siti.sends("berapa lama prosesnya bu") == [], "her photo is here: it is not asked for"
    assert for_office(intake, siti) == ["berapa lama prosesnya bu"]
    siti.quiet()
    assert papers_of(intake, siti) == ["KK", "KTP_LAMA"]


def test_a_photo_with_a_code_that_is_not_hers_is_kept_and_asked_about(intake: InProcess, siti: Phone) -> None:
    other = Phone(intake, number=new_number(), rules=dict(CHAT))
    for text in ("kk hilang", "1", "Budi Santoso, RT 23"):
        other.sends(text)
    code = cast.show(intake, case_of(intake, other))["tracking_code"]
    got = siti.photo(f"KK {code}", page_of_print(mark="whose"))
    assert "bukan permohonan Anda" in got[0]["text"]
    assert [one["template"] for one in siti.quiet()] == ["talk_photo"] and papers_of(intake, siti) == []
    siti.sends("KK")
    siti.quiet()
    assert papers_of(intake, siti) == ["KK"]


def test_news_of_a_case_take_no_answer_that_is_for_another_question(intake: InProcess, siti: Phone) -> None:
    siti.photo("kk", page_of_print(mark="broken"))
    siti.quiet()
    first = case_of(intake, siti)
    file_id = intake.rows("SELECT id FROM file WHERE application_id = %s", [first])[0]["id"]
    begins_another(siti)
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE file SET state = 'checking' WHERE id = %s", [file_id])
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        job = Job(file_id, work.LOOK_JOB, BUKIT_SANGKAL, {"file_id": str(file_id)}, 1, None)
        work.give_up_file(intake.deps, tx, job, "undecodable")
    got = siti.quiet()
    assert [one["template"] for one in got] == ["talk_note"], texts(got)
    assert "belum bisa dipakai" in got[0]["text"]
    opens_it(siti)
    assert case_of(intake, siti) != first, "her name was taken for the case that she is opening"


def test_what_got_lost_is_asked_for_again_once_and_then_on_a_page(intake: InProcess, siti: Phone) -> None:
    for _ in range(2):  # an album: one sentence for both
        siti.sends("", kind="photo", problem="gone")
    [got] = siti.quiet()
    assert got["text"].count("kirim sekali lagi") == 1, got["text"]
    siti.sends("", kind="photo", problem="gone")
    [got] = siti.quiet()
    assert "sekali lagi" not in got["text"] and "belum sampai juga" in got["text"] and "tautan" in got["text"]
    assert len(for_office(intake, siti)) == 1, "an officer sees that something was sent"
    siti.photo("kk", page_of_print(mark="kk"))
    siti.quiet()
    siti.sends("", kind="photo", problem="damaged")
    assert "kirim sekali lagi" in siti.quiet()[0]["text"], "something came meanwhile"


def test_nobody_says_that_a_voice_message_is_kept_which_never_came(siti: Phone) -> None:
    [got] = siti.sends("", kind="voice", problem="gone")
    assert "tidak sampai" in got["text"] and "simpan" not in got["text"], got["text"]
    [got] = siti.sends("", kind="voice", problem="gone")
    assert "belum sampai juga" in got["text"] and "sekali lagi" not in got["text"], got["text"]
    [got] = siti.sends("", kind="voice", file=siti.stored(b"OggS" * 20, "audio/ogg"))
    assert "simpan" in got["text"], got["text"]
