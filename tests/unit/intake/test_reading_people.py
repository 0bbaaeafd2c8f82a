"""What people write, and how it is read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.conversation import agenda, papers, reading, steps, words
from intake.domain.conversation.agenda import Lacks, Next
from intake.domain.conversation.reading import Place
from intake.domain.conversation.steps import Facts
from intake.domain.conversation.synonyms import spoken_of
from intake.domain.conversation.turns import Choice, Heard
from kit.problems import Words

TODAY = date(2026, 8, 14)


@pytest.mark.parametrize(
    ("text", "rt", "rw"),
    [
        ("RT.23/RW 5", "023", "005"), ("rt 023", "023", None), ("23/5", "023", "005"), ("RT/RW 023/005", "023", "005"),
        ("23", "023", None), ("rt23 rw05", "023", "005"), ("tidak tahu", None, None), ("RT 0", None, None),
        ("saya di rt 7 pak 🙏", "007", None), ("RT. 003 RW. 001", "003", "001"), ("1234", None, None),
    ],
)  # fmt: skip
def test_places(text: str, rt: str | None, rw: str | None) -> None:
    assert reading.place(text) == Place(rt, rw)


@pytest.mark.parametrize(
    ("text", "name", "rt"),
    [
        ("Siti Maimunah, RT 23", "Siti Maimunah", "023"),
        ("nama saya Siti Maimunah rt 23/rw 5", "Siti Maimunah", "023"),
        ("Nur'aini", "Nur'aini", None), ("Siti 🙏 Maimunah\nRT.23", "Siti Maimunah", "023"), ("halo?", None, None),
        ("Siti Maimunah 23/5", "Siti Maimunah", "023"), ("12", None, None),
        ("Kms. H. M. Saleh, 24", "Kms. H. M. Saleh", "024"),
    ],
)  # fmt: skip
def test_names_with_places(text: str, name: str | None, rt: str | None) -> None:
    found, where = reading.name_and_place(text)
    assert (found, where.rt) == (name, rt)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tgl 7 mei 95", "1995-05-07"), ("07-05-1995", "1995-05-07"), ("7/5/95", "1995-05-07"),
        ("7 5 1995", "1995-05-07"),
        ("1995-05-07", "1995-05-07"), ("07051995", "1995-05-07"), ("lahir 7 Mei 1995", "1995-05-07"),
        ("31 feb 90", None), ("kemarin", None), ("15 agustus 26", "1926-08-15"), ("14 agustus 26", "2026-08-14"),
        ("3 nop 1980", "1980-11-03"),
    ],
)  # fmt: skip
def test_days(text: str, day: str | None) -> None:
    assert reading.day(text, TODAY) == day


@pytest.mark.parametrize("text", ["2", "2️⃣", "no. 2", "yang kedua", "dua", "Nomor 2 ya", "٢", " 2 . "])
def test_digits(text: str) -> None:
    assert words.number(text) == 2


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("sudah sampai mana?", "status"), ("BATAL!!", "cancel"), ("kirim saja", "anyway"), ("ulangi 🙏", "repeat"),
        ("kapan selesai ya pak", "status"), ("bantuan.", "help"), ("Assalamu'alaikum", "greeting"), ("menu", "menu"),
        ("saya mau batal puasa", None), ("menu warung saya", None),
        ("Status perkawinan: kawin dan seterusnya" * 3, None),
    ],
)  # fmt: skip
def test_words_that_are_understood_everywhere(text: str, command: str | None) -> None:
    assert words.command(text) == command


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("salah, namanya Siti Aminah", ("name", "Siti Aminah")), ("ubah nama", ("name", "")),
        ("ganti RT 24", ("rt", "rt 24")), ("maaf salah rt nya 24", ("rt", "rt 24")), ("salah", None),
        ("ubah alamat jadi Jl. Melati", ("address", "Jl. Melati")), ("nama saya Siti", None),
        ("koreksi tanggal lahir: 7 mei 95", ("birth_date", "7 mei 95")),
    ],
)  # fmt: skip
def test_corrections(text: str, found: tuple[str, str] | None) -> None:
    assert reading.correction(text) == found


_CARDS = [
    ("KK", ("KK", "kk", "kartu keluarga")), ("KTP", ("KTP", "ktp", "e-ktp")), ("PAS_FOTO", ("pas foto", "foto")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [("1", ["KK"]), ("KK, KTP", ["KK", "KTP"]), ("1 3 2", ["KK", "PAS_FOTO", "KTP"]), ("kk dan ktp", ["KK", "KTP"]),
     ("1, 1", []), ("9", []), ("entah", [])],
)  # fmt: skip
def test_several_choices_in_one_answer(text: str, codes: list[str]) -> None:
    assert words.all_chosen(text, _CARDS) == codes


def test_a_sentence_about_two_things_is_about_neither() -> None:
    assert spoken_of("mau urus ktp", _CARDS) == "KTP"
    assert spoken_of("mau urus ktp dan kk", _CARDS) is None


def test_only_photos_whose_paper_is_clear_get_one() -> None:
    known = [Choice(code, Words(code, code), names) for code, names in _CARDS]

    def sorted_(captions: list[str], asked: str, missing: list[str]) -> list[str | None]:
        photos = [{"caption": one, "code": None, "asked": asked} for one in captions]
        papers.sort(photos, known, missing)
        return [one["code"] for one in photos]  # type: ignore[misc]

    assert sorted_(["ini ktp saya", ""], "KK", ["KK", "KTP"]) == ["KTP", "KK"]
    assert sorted_(["", ""], "KK", ["KK", "KTP"]) == [None, None]
    assert sorted_(["kk", ""], "KK", ["KK", "KTP"]) == ["KK", "KTP"]
    assert sorted_(["kk", ""], "KK", ["KK", "KTP", "PAS_FOTO"]) == ["KK", None]
    assert sorted_(["surat kehilangan polisi"], "KK", ["KK"]) == [None], "another paper, which the case does not take"
    assert sorted_(["ini fotonya bu"], "KK", ["KK", "KTP"]) == ["KK"]


_ALL = Lacks(("KK", "KTP"), ("address",), ("nik",), ("changes",), True, (), "requested")
_BY_CHAT, _BY_LINK = {"documents_by": "chat", "numbers": True}, {"documents_by": "link", "numbers": False}


def test_one_thing_is_asked_at_a_time_and_by_link_only_the_pages() -> None:
    assert agenda.next_of(_ALL, _BY_LINK) == Next(agenda.PAGES)
    assert agenda.next_of(_ALL, _BY_CHAT) == Next(agenda.DOCUMENT, "KK")
    assert agenda.next_of(_ALL, _BY_CHAT, ["KK"]) == Next(agenda.DOCUMENT, "KTP")
    assert agenda.next_of(_ALL, _BY_CHAT, ["KK", "KTP"]) == Next(agenda.AGREEMENT)
    assert agenda.next_of(Lacks(numbers=["nik"], fields=["address"]), _BY_CHAT) == Next(agenda.FIELD, "nik")
    assert agenda.next_of(Lacks(numbers=["nik"]), _BY_CHAT | {"numbers": False}) == Next(agenda.PAGES)
    assert agenda.next_of(Lacks(introduction="refused"), _BY_CHAT) == Next(agenda.INTRODUCTION)
    assert agenda.next_of(Lacks(introduction="requested"), _BY_CHAT) == Next(agenda.SUMMARY)


@given(
    st.dictionaries(st.sampled_from([step.code for step in steps.STEPS]), st.text(max_size=8) | st.none()),
    st.text(max_size=80), st.booleans(),
)  # fmt: skip
def test_each_step_takes_any_words_and_asks_no_more_than_it_did(
    answers: dict[str, str], said: str, knows: bool
) -> None:
    sop = {"service": "KTP", "name": {"id": "KTP", "en": "KTP"}, "reasons": []}
    facts = Facts([sop], [("023", "005"), ("024", "005"), ("024", "007")] if knows else [], [("023", "005", "Yusuf")])
    for step in steps.STEPS:
        if step.wanted(answers, facts) and (step.code != "rw" or answers.get("rt")):
            taken = step.take(answers, Heard("1", said), facts)
            assert taken.wrong or taken.person or taken.values
            step.choices(answers, facts)


SURE = [("yes", ("Ya, batalkan", "ya")), ("no", ("Tidak, lanjutkan", "tidak"))]
SEND = [("send", ("Kirim", "kirim", "ya", "sudah benar")), ("change", ("Ada yang salah", "salah"))]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1", "yes"), ("ya", "yes"), ("Ya pak", "yes"), ("ya, batalkan", "yes"), ("ya batalkan 🙏", "yes"), ("2", "no"),
        ("tidak bu", "no"), ("ok lanjutkan permohonan", None), ("boleh tanya dulu", None), ("ya tidak", None),
        ("ya?", None), ("ya nanti", None), ("3", None), ("", None),
    ],
)  # fmt: skip
def test_what_cannot_be_undone_is_decided_by_digit_button_or_whole_words(text: str, meant: str | None) -> None:
    assert words.decided(text, None, SURE) == meant
    assert words.decided(text, "no", SURE) == "no"


@pytest.mark.parametrize("text", ["alamatnya belum benar", "jangan kirim", "ya nanti saya cek", "sudah benar?"])
def test_half_a_sentence_sends_no_case(text: str) -> None:
    assert words.decided(text, None, SEND) is None
    assert words.decided("sudah benar", None, SEND) == "send"


WHOM = next(step for step in steps.STEPS if step.code == "whom")


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("saya sendiri", "self"), ("untuk saya", "self"), ("Saya", "self"), ("1", "self"),
        ("untuk istri saya", "other"),
        ("anak saya", "other"), ("buat ibu saya", "other"), ("bapakku", "other"), ("orang lain", "other"),
        ("2", "other"),
        ("bukan saya", None), ("saya sendiri, bukan ibu saya", None), ("saya?", None), ("saya mau tanya", None),
    ],
)  # fmt: skip
def test_for_whom_it_is_is_not_heard_in_a_mere_saya(text: str, whom: str | None) -> None:
    assert WHOM.take({}, Heard("", text), Facts([])).values.get("whom") == whom


@pytest.mark.parametrize(
    "text", ["sebentar ya", "tidak tahu", "oke", "nanti", "sendiri", "Saya sendiri", "menu", "apa"]
)
def test_what_people_write_instead_of_a_name_is_none(text: str) -> None:
    assert reading.name(text) is None


@pytest.mark.parametrize("text", ["Siti", "Yani", "Ibu Ratna", "Sudahri", "Adi Ok"])
def test_names_that_are_near_to_such_words_are_names(text: str) -> None:
    assert reading.name(text) is not None


@pytest.mark.parametrize(
    ("text", "rw"),
    [("2", None), ("1", None), ("RW 2", "002"), ("rw 003", "003"), ("3", "003")],
)
def test_a_digit_that_may_be_two_rws_is_asked_for_again(text: str, rw: str | None) -> None:
    step = next(one for one in steps.STEPS if one.code == "rw")
    facts = Facts([], places=[("024", "001"), ("024", "002"), ("024", "003")][1 if text != "1" else 0 :])
    taken = step.take({"rt": "024"}, Heard("", text), facts)
    assert taken.values.get("rw") == (rw if text != "1" else "001")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("batal ya", "cancel"), ("menu dong", "menu"), ("bantuan pak", "help"), ("tolong ulangi", "repeat"),
        ("udah jadi belum", "status"), ("kirim saja ya", "anyway"), ("jangan batal ya", None), ("kirim?", None),
        ("kirim", "send"), ("tolong", "help"), ("batal kah besok", None),
    ],
)  # fmt: skip
def test_a_polite_word_around_a_command_is_no_hindrance(text: str, name: str | None) -> None:
    assert words.command(text) == name
