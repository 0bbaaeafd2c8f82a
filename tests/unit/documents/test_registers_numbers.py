"""Numbers as they are written, and which register they come from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from documents.domain.errors import BadNumberFormat
from documents.domain.numbers import (
    Series,
    date_of_number,
    letter_date,
    neighbourhood_series,
    office_series,
    write_number,
)

OFFICE = {
    "registers": {"code": "KEL-BS", "number_format": "{classification}/{number:03d}/{register}/{month_roman}/{year}"}
}
AUGUST = date(2026, 8, 14)
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def written(template: str, n: int = 7, dated: date = AUGUST, **values: str) -> str:
    return write_number(Series("office", template, values), n, dated)


def test_the_offices_format_in_both_languages() -> None:
    assert write_number(office_series(OFFICE, "400.12.2.1"), 123, AUGUST) == "400.12.2.1/123/KEL-BS/VIII/2026"
    indonesian = {
        "registers": {"code": "KEL-BS", "number_format": "{klasifikasi}/{nomor:03d}/{kode}/{bulan_romawi}/{tahun}"}
    }
    assert write_number(office_series(indonesian, "400.12.2.1"), 1, AUGUST) == "400.12.2.1/001/KEL-BS/VIII/2026"


def test_an_office_that_says_nothing_has_the_usual_format() -> None:
    assert write_number(office_series({}, "470"), 5, AUGUST) == "470/005//VIII/2026"


def test_the_rt_heads_format_names_rt_and_rw() -> None:
    series = neighbourhood_series(OFFICE, "005", "023")
    assert write_number(series, 1, AUGUST) == "001/RT.023/RW.005/VIII/2026"
    assert series.name != neighbourhood_series(OFFICE, "023", "005").name


def test_one_register_for_the_office_or_one_per_classification() -> None:
    each = {"registers": OFFICE["registers"] | {"series": "classification"}}
    assert office_series(OFFICE, "470").name == office_series(OFFICE, "503").name == "office"
    assert office_series(each, "470").name == "470" and office_series(each, "").name == "office"


def test_one_register_per_kind_and_a_format_of_a_kind_s_own() -> None:
    each = {
        "registers": {
            "code": "KEL-BS",
            "series": "kind",
            "number_format": "{jenis}/{nomor:03d}/{tahun}",
            "marks": {"kk_introduction": "S-36"},
            "formats": {"n1": "N1/{nomor}/{bulan_romawi}/{tahun}"},
        }
    }
    card, other, wedding = (office_series(each, "400.12.2.1", kind) for kind in ("kk_introduction", "f102", "n1"))
    assert [one.name for one in (card, other, wedding)] == ["kk_introduction", "f102", "n1"]
    assert write_number(card, 12, AUGUST) == "S-36/012/2026" and write_number(other, 1, AUGUST) == "F102/001/2026"
    assert write_number(wedding, 3, AUGUST) == "N1/3/VIII/2026"
    elsewhere = office_series(each, "005")
    assert elsewhere.name == "office" and write_number(elsewhere, 1, AUGUST) == "UM/001/2026"


@pytest.mark.parametrize(
    ("now", "dated"),
    [
        (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 17, 0, 1, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_what_was_decided_in_a_year_that_is_closed_by_now_is_a_letter_of_the_new_one(
    now: datetime, dated: date
) -> None:
    decided = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    assert date_of_number(decided, now, "Asia/Jakarta") == dated
    before = datetime(2026, 12, 30, 1, tzinfo=UTC)
    assert date_of_number(before, decided, "Asia/Jakarta") == date(2026, 12, 30)


@pytest.mark.parametrize(("month", "roman"), enumerate(ROMAN, start=1))
def test_months_are_roman(month: int, roman: str) -> None:
    assert written("{nomor}/{bulan_romawi}", dated=date(2026, month, 1)) == f"7/{roman}"


@pytest.mark.parametrize(
    ("template", "number"),
    [("{nomor}", "7"), ("{nomor:05d}", "00007"), ("{nomor:d}", "7"), ("{{x}}{nomor}", "{x}7"), ("{nomor:03}", "007")],
)
def test_numbers_are_padded_as_asked_and_never_cut(template: str, number: str) -> None:
    assert written(template) == number
    assert written("{nomor:03d}", n=12345) == "12345"


@pytest.mark.parametrize(
    "template",
    [
        "{klasifikasi}/{tahun}", "{nomor", "{nomor}}", "{}", "{nomor.real}", "{nomor[0]}", "{nomor!r}",
        "{nomor:>99999999}",
        "{nama}/{nomor}", "{tahun:04d}/{nomor}", "{nomor:{tahun}}", "",
    ],
)  # fmt: skip
def test_a_format_that_cannot_be_used_is_refused(template: str) -> None:
    with pytest.raises(BadNumberFormat):
        written(template)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Jakarta", date(2027, 1, 1)), ("Asia/Jayapura", date(2027, 1, 1)), ("Etc/UTC", date(2026, 12, 31))],
)
def test_the_date_is_the_offices(zone: str, day: date) -> None:
    assert letter_date(datetime(2026, 12, 31, 17, 0, tzinfo=UTC), zone) == day
