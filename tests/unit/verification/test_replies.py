"""Words of RT heads and neighbours are read as the option that they mean, and as none where they are not clear."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.domain import absences, originals, replies, talks
from verification.domain.absences import Away

INTRODUCTION = ["grant", "refuse"]
DOCUMENTS = ["genuine", "doubtful", "bring_original"]
NEIGHBOUR = ["confirm", "object", "decline"]
FRIDAY = date(2026, 8, 14)


@pytest.mark.parametrize(
    ("options", "text", "code"),
    [
        (INTRODUCTION, "setuju", "grant"), (INTRODUCTION, "Ok pak 👍", "grant"), (INTRODUCTION, "beri saja", "grant"),
        (INTRODUCTION, "2.", "refuse"), (INTRODUCTION, "tidak setuju", "refuse"), (INTRODUCTION, "tidak", "refuse"),
        (INTRODUCTION, "bukan warga sini", None), (INTRODUCTION, "setuju tapi alamat salah", None),
        (INTRODUCTION, "tidak bisa sekarang", None), (INTRODUCTION, "semua asli", None), (INTRODUCTION, "12", None),
        (["acknowledge", "refuse"], "mengetahui", "acknowledge"), (["acknowledge", "refuse"], "ya", "acknowledge"),
        (DOCUMENTS, "asli", "genuine"), (DOCUMENTS, "semuanya asli", "genuine"), (DOCUMENTS, "ok", "genuine"),
        (DOCUMENTS, "tidak asli", "doubtful"), (DOCUMENTS, "KTP-nya palsu", "doubtful"),
        (DOCUMENTS, "tolong bawa aslinya", "bring_original"), (DOCUMENTS, "mau lihat aslinya", "bring_original"),
        (DOCUMENTS, "asli kecuali KTP", None), (DOCUMENTS, "tidak", None), (DOCUMENTS, "besok ya", None),
        (NEIGHBOUR, "benar", "confirm"), (NEIGHBOUR, "tidak keberatan", "confirm"), (NEIGHBOUR, "ya", "confirm"),
        (NEIGHBOUR, "tidak ada masalah", "confirm"), (NEIGHBOUR, "saya keberatan karena bising", "object"),
        (NEIGHBOUR, "tidak benar", "object"), (NEIGHBOUR, "bukan urusan saya", "decline"),
        (NEIGHBOUR, "saya tidak tahu", "decline"), (NEIGHBOUR, "tidak mau jawab", "decline"),
        (NEIGHBOUR, "benar tapi bising", None), (NEIGHBOUR, "saya", None), (NEIGHBOUR, "", None),
    ],
)  # fmt: skip
def test_words_are_read_as_an_option_or_as_none(options: list[str], text: str, code: str | None) -> None:
    meant = replies.read(text, options)
    assert (meant.code if meant else None) == code


@pytest.mark.parametrize(
    ("options", "text"),
    [
        *[(INTRODUCTION, text) for text in (
            "boleh saya lihat KTP nya dulu?", "setuju? siapa ini", "setuju?", "1?", "２？", "ya nanti",
            "baik, nanti saya cek dulu", "mau tanya dulu", "beri waktu sampai besok", "setuju kalau dia sudah lunas",
            "iya pak saya di luar", "iya, dia baru pindah ke RT saya", "jangan ditolak", "tidak saya tolak",
            "ini bukan warga RT 22 kan?", "keperluannya pindah datang?", "oke tapi tolak", "terima kasih",
            "baik terima kasih", "boleh saya", "ya saya", "tolak dulu", "tolak? kenapa", "tolak eh setuju",
            "belum", "bukan", "ya tidak", "tolak, maaf salah pencet", "mau", "lanjut besok", "kasih", "belum setuju",
            "setuju ditolak", "tidak tahu", "memang", "boleh tanya", "setuju sama pak RW", "silakan ditolak saja",
        )],
        *[(DOCUMENTS, text) for text in (
            "asli mana?", "boleh lihat dulu", "boleh", "ya tunggu", "tidak ada yang ragu", "tidak ragu, asli semua",
            "KTP asli", "belum tentu palsu", "tidak usah bawa asli", "sudah saya lihat aslinya", "asli?",
            "KK asli, KTP ragu", "semua asli kecuali KTP", "asli tapi buram", "palsu apa tidak", "asli sudah hilang",
        )],
        *[(NEIGHBOUR, text) for text in (
            "mau apa?", "boleh tahu siapa ini?", "tidak salah", "tidak tahu, tapi saya keberatan", "mau", "boleh",
            "tidak", "benar, tapi keberatan", "siapa yang keberatan", "keberatan? tidak", "benar?", "bukan salah dia",
            "terima kasih", "eh salah pencet, benar pak",
        )],
    ],
)  # fmt: skip
def test_a_question_or_half_a_sentence_decides_nothing(options: list[str], text: str) -> None:
    assert replies.read(text, options) is None


@pytest.mark.parametrize(
    ("options", "text", "code"),
    [
        (INTRODUCTION, "saya setuju", "grant"), (INTRODUCTION, "setuju, terima kasih", "grant"),
        (INTRODUCTION, "setuju, warga saya", "grant"), (INTRODUCTION, "boleh, orangnya baik", "grant"),
        (INTRODUCTION, "silakan diberi saja pak", "grant"), (INTRODUCTION, "Iya bu", "grant"),
        (INTRODUCTION, "maaf pak saya tolak", "refuse"), (INTRODUCTION, "tidak pak", "refuse"),
        (INTRODUCTION, "gak setuju, orangnya tidak dikenal", "refuse"), (INTRODUCTION, "👎", "refuse"),
        (["grant_genuine", "grant", "refuse"], "setuju, semuanya asli", "grant_genuine"),
        (["grant_genuine", "grant", "refuse"], "setuju", "grant"),
        (DOCUMENTS, "asli semua pak", "genuine"), (DOCUMENTS, "ya, semua berkasnya asli", "genuine"),
        (DOCUMENTS, "KTP meragukan, fotonya ditempel", "doubtful"), (DOCUMENTS, "minta aslinya", "bring_original"),
        (NEIGHBOUR, "saya tidak keberatan", "confirm"), (NEIGHBOUR, "benar, saya tidak keberatan", "confirm"),
        (NEIGHBOUR, "tidak tahu", "decline"), (NEIGHBOUR, "maaf, itu bukan urusan saya", "decline"),
        (NEIGHBOUR, "saya tidak setuju", "object"),
    ],
)  # fmt: skip
def test_a_whole_sentence_decides(options: list[str], text: str, code: str) -> None:
    meant = replies.read(text, options)
    assert meant is not None and meant.code == code


def test_every_title_fits_on_a_button_and_is_read_as_its_option() -> None:
    for options in (INTRODUCTION, ["grant_agreed", "grant", "refuse"], ["grant_genuine", "grant", "refuse"], DOCUMENTS,
                    NEIGHBOUR, ["acknowledge", "refuse"]):  # fmt: skip
        for code in options:
            assert len(replies.OPTIONS[code].id) <= 20
            meant = replies.read(replies.OPTIONS[code].id, options)
            assert meant is not None and meant.code == code


def test_a_note_has_what_was_said_besides_and_nothing_that_turns_the_writing() -> None:
    assert replies.note("Tolak, karena sudah pindah\nke RT 5") == "sudah pindah ke RT 5"
    assert replies.note("tolak") == ""
    assert replies.note("saya keberatan: \u202ebising") == "bising"
    assert len(replies.note("a" * 900)) == 500


def test_documents_are_named_by_digit_or_name() -> None:
    named = [("KK_LAMA", "Kartu Keluarga lama"), ("KTP", "KTP-el"), ("FOTO", "Pasfoto")]
    assert replies.documents("1 dan 3", named) == [0, 2]
    assert replies.documents("semua", named) == [0, 1, 2]
    assert replies.documents("yang ktp", named) == [1]
    assert replies.documents("kartu keluarga lama dan pasfoto", named) == [0, 2]
    assert replies.documents("yang kemarin", named) is None


@pytest.mark.parametrize(
    "said", ["semua kecuali KTP", "bukan KTP, tapi KK", "selain KK", "KTP saja, bukan yang lain", "KTP?", "2?"]
)
def test_what_takes_documents_out_again_names_none(said: str) -> None:
    assert replies.documents(said, [("KK_LAMA", "Kartu Keluarga lama"), ("KTP", "KTP-el")]) is None


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("sudah lihat", True), ("Sudah saya lihat aslinya pak", True), ("aslinya sudah ditunjukkan", True),
        ("sudah lihat dan cocok", True), ("sudah saya lihat, tidak cocok", False), ("asli sudah hilang", False),
        ("sudah lihat?", False), ("belum lihat aslinya", False), ("sudah lihat KTP saja", False),
        ("sudah ditunjukkan tapi palsu", False),
    ],
)  # fmt: skip
def test_originals_are_seen_in_whole_phrases_only(said: str, seen: bool) -> None:
    assert originals.says_seen(said) is seen
    assert originals.speaks_of_them(said)


def test_a_name_is_left_without_what_stands_around_it() -> None:
    assert replies.name("nama: Budi Santoso, no hp ") == "Budi Santoso"
    assert replies.name(" ,. ") == ""


@pytest.mark.parametrize(
    ("text", "away"),
    [
        ("sedang di luar kota sampai Senin", Away(None, date(2026, 8, 17))),
        ("saya cuti 3 hari", Away(None, date(2026, 8, 16))),
        ("saya cuti besok sampai tgl 20", Away(date(2026, 8, 15), date(2026, 8, 20))),
        ("lagi cuti mulai senin 3 hari", Away(date(2026, 8, 17), date(2026, 8, 19))),
        ("saya mudik 17 s/d 21 agustus", Away(date(2026, 8, 17), date(2026, 8, 21))),
        ("sedang cuti", Away(None, None)),
        ("saya cuti sampai nanti", Away(None, None)),
    ],
)
def test_days_away_are_read(text: str, away: Away) -> None:
    assert absences.says_away(text)
    assert absences.period(text, FRIDAY) == away


def test_what_is_said_of_somebody_else_is_no_absence() -> None:
    for said in (
        "tolak, orangnya di luar kota", "orangnya sedang di luar kota sampai Senin", "dia lagi mudik", "di luar kota",
        "warga itu sedang sakit", "istri saya sakit", "saya cuti?", "bapaknya sedang umrah sampai Senin",
    ):  # fmt: skip
        assert not absences.says_away(said)
    assert not absences.says_away("setuju")
    assert absences.says_back("sudah kembali pak")
    assert not absences.says_back("kembali dua kali sudah saya tolak")


def test_words_begin_something_and_notes_are_left_alone() -> None:
    assert talks.command("TUGAS!") == "tasks"
    assert talks.command("lihat") == "show"
    assert talks.command("lihat aslinya") is None
    assert talks.command("pengantar untuk Budi", free=True) is None
    assert talks.command("pengantar untuk beliau saya setujui") is None
    assert talks.command("tugas", free=True) == "tasks"
    assert talks.command("batal", free=True) == "stop"
    assert talks.command("") is None


@given(st.text())
def test_nothing_that_is_written_breaks_the_reader(text: str) -> None:
    for options in (INTRODUCTION, DOCUMENTS, NEIGHBOUR):
        replies.read(text, options)
    replies.refusal_reason(text)
    replies.note(text)
    replies.name(text)
    replies.documents(text, [("KTP", "KTP-el")])
    replies.besides(text, ["KTP-el"])
    absences.says_away(text)
    absences.says_back(text)
    absences.period(text, FRIDAY)
    talks.command(text)
