"""What people write is read as they mean it, and nothing that they write can break the reader."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import written, written_days

MONDAY = date(2026, 8, 17)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("  SETUJU!! 🙏", "setuju"),
        ("Setujuuuu pak", "setuju pak"),
        ("1️⃣", "1"),
        ("👍🏽", "ya"),
        ("tidak\u200b  setuju", "tidak setuju"),
        ("１", "1"),
        ("🙏🙏", ""),
    ],
)
def test_a_text_is_its_letters_and_digits(text: str, read: str) -> None:
    assert written.plain(text) == read


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ya", True), ("Iya pak 🙏", True), ("oke siap", True), ("👍", True), ("betul", True),
        ("tidak", False), ("Nggak.", False), ("tidak setuju", False), ("bukan", False), ("❌", False),
        ("ya tapi alamatnya salah", None), ("", None), ("pak", None), ("halo", None),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_where_nothing_else_is_said(text: str, meant: bool | None) -> None:
    assert written.yes_or_no(text) is meant


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("1 dan 3", [1, 3]), ("3,1", [1, 3]), ("1 & 3", [1, 3]), ("1-3", [1, 2, 3]), ("satu sama dua", [1, 2]),
        ("no. 2", [2]), ("semua", [1, 2, 3, 4]), ("Semuanya 🙏", [1, 2, 3, 4]), ("1. ", [1]), ("13", None),
        ("5", None), ("0", None), ("1 dan 5", None), ("KTP", None), ("", None), ("1 KTP", None), ("3-1", [1, 3]),
    ],
)  # fmt: skip
def test_numbers_of_a_choice_are_read_and_others_refused(text: str, chosen: list[int] | None) -> None:
    assert written.numbers(text, 4) == chosen


def test_one_number_is_one_number() -> None:
    assert written.number("2.", 3) == 2
    assert written.number("1 dan 2", 3) is None
    assert written.number("semua", 1) is None


def test_an_option_is_chosen_by_its_number_its_name_or_how_it_begins() -> None:
    titles = {
        "KK": ["Kartu Keluarga", "KK"],
        "KTP": ["KTP-el", "ktp", "kartu tanda penduduk"],
        "SITU": ["Tempat usaha"],
    }
    assert written.choice("2", titles) == "KTP"
    assert written.choice("kk", titles) == "KK"
    assert written.choice("Tempat", titles) == "SITU"
    assert written.choice("kartu", titles) is None
    assert written.choice("4", titles) is None
    assert written.choice("", titles) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("RT.23/RW 5", ("023", "005")), ("rt 023 rw 005", ("023", "005")), ("23/5", ("023", "005")),
        ("rt23rw5", ("023", "005")), ("saya di RT 7", ("007", None)), ("RW 05", (None, "005")),
        ("sekarang", (None, None)), ("rt 0", (None, None)), ("", (None, None)), ("RT 1234", (None, None)),
    ],
)  # fmt: skip
def test_rt_and_rw_are_read_as_they_are_written(text: str, place: tuple[str | None, str | None]) -> None:
    assert written.rt_and_rw(text) == place


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0812-3456-7890", "+6281234567890"), ("+62 812 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"), ("Budi 0812 3456 7890 untuk KTP", "+6281234567890"),
        ("0821-7777-1234 (WA)", "+6282177771234"), ("0711-351122", None), ("", None), ("nomornya nanti", None),
    ],
)  # fmt: skip
def test_a_mobile_number_is_found_in_what_was_written(text: str, phone: str | None) -> None:
    assert written.phone(text) == phone


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("besok", date(2026, 8, 18)), ("sampai lusa ya", date(2026, 8, 19)), ("hari ini", MONDAY),
        ("sampai Senin", date(2026, 8, 24)), ("sampai jum'at", date(2026, 8, 21)), ("minggu", date(2026, 8, 23)),
        ("minggu depan", date(2026, 8, 24)), ("tgl 20", date(2026, 8, 20)), ("tanggal 5", date(2026, 9, 5)),
        ("tgl 7 mei", date(2027, 5, 7)), ("7 Agustus 2026", date(2026, 8, 7)), ("30/8", date(2026, 8, 30)),
        ("1-9-2026", date(2026, 9, 1)), ("2026-09-01", date(2026, 9, 1)), ("29 feb", date(2028, 2, 29)),
        ("31 september", None), ("nanti", None), ("", None), ("dua minggu", None),
    ],
)  # fmt: skip
def test_days_ahead_are_read(text: str, meant: date | None) -> None:
    assert written_days.day(text, MONDAY) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tgl 7 mei 95", date(1995, 5, 7)), ("7/5/1995", date(1995, 5, 7)), ("07-05-95", date(1995, 5, 7)),
        ("7 5 1995", date(1995, 5, 7)), ("7 mei 10", date(2010, 5, 7)), ("12 Nopember 1945", date(1945, 11, 12)),
        ("17 agustus 26", MONDAY), ("18 agt 26", date(1926, 8, 18)), ("kemarin", date(2026, 8, 16)),
        ("32/1/1995", None), ("1995", None),
    ],
)  # fmt: skip
def test_days_behind_are_read(text: str, meant: date | None) -> None:
    assert written_days.day(text, MONDAY, past=True) == meant


@pytest.mark.parametrize(
    ("text", "days"),
    [("cuti 3 hari", 3), ("seminggu", 7), ("dua minggu", 14), ("sebulan", 30), ("0 hari", None), ("sehari", 1),
     ("harian", None), ("", None)],
)  # fmt: skip
def test_how_long_something_lasts_is_read(text: str, days: int | None) -> None:
    assert written_days.span(text) == (timedelta(days=days) if days else None)


@given(st.text() | st.from_regex(r"[0-9/ .-]{0,12}[a-z ]{0,10}"))
def test_nothing_that_is_written_breaks_the_reader(text: str) -> None:
    written.plain(text)
    written.yes_or_no(text)
    written.numbers(text, 5)
    written.choice(text, {"a": ["satu", "A"]})
    written.rt_and_rw(text)
    written.phone(text)
    written_days.day(text, MONDAY)
    written_days.day(text, MONDAY, past=True)
    written_days.span(text)


@pytest.mark.parametrize(
    ("text", "rt", "rw"),
    [
        ("RT/RW 023/005", "023", "005"), ("RT RW 23 5", "023", "005"), ("rt/rw: 23-5", "023", "005"),
        ("0023/5", None, None), ("RT 0023", "023", None), ("rt 1234", None, None), ("23-5", "023", "005"),
    ],
)  # fmt: skip
def test_rt_and_rw_named_together(text: str, rt: str | None, rw: str | None) -> None:
    assert written.rt_and_rw(text) == (rt, rw)


@pytest.mark.parametrize(
    ("text", "at"), [("Siti, RT 23 RW 5", 6), ("RW 5 RT 23", 0), ("di RT/RW 23/5", 3), ("Siti Maimunah", None)]
)
def test_where_a_place_begins_in_a_text(text: str, at: int | None) -> None:
    assert written.place_begins(text) == at


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("7 mei 95", date(1995, 5, 7)), ("07051995", date(1995, 5, 7)), ("2026.08.14", date(2026, 8, 14)),
        ("18 agustus 26", date(1926, 8, 18)), ("7 mei", None), ("besok", None), ("kemarin", None), ("tgl 7", None),
    ],
)  # fmt: skip
def test_a_day_for_a_form_has_its_year(text: str, read: date | None) -> None:
    assert written_days.dated(text, MONDAY) == read


@given(st.text(max_size=60))
def test_a_day_for_a_form_is_what_a_day_is_or_none(text: str) -> None:
    found = written_days.dated(text, MONDAY)
    assert found is None or isinstance(found, date)
