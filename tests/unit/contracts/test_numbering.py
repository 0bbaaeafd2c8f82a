"""Formats of letter numbers: what is seen in the wild can be said, and what gives two letters one number is refused."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.numbering import OFFICE_NAMES, BadFormat, fill, pieces, unusable

VALUES = {
    "klasifikasi": "400.12.2.1", "kode": "KEL-BS", "jenis": "S-36", "bulan": "01", "bulan_romawi": "I", "tahun": "2026",
    "rt": "023", "rw": "005",
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "n", "number"),
    [
        ("{klasifikasi}/{nomor:03d}/{kode}/{bulan_romawi}/{tahun}", 123, "400.12.2.1/123/KEL-BS/I/2026"),
        ("{klasifikasi}/{nomor}-Kel/{bulan_romawi}/{tahun}", 2, "400.12.2.1/2-Kel/I/2026"),
        ("B/{nomor:03d}/{klasifikasi}/{bulan_romawi}/{tahun}", 1, "B/001/400.12.2.1/I/2026"),
        ("{klasifikasi}/{nomor:03d}/{bulan_romawi}/{tahun}", 10, "400.12.2.1/010/I/2026"),
        ("{klasifikasi}/{nomor}/Handil Suruk/{tahun}", 53, "400.12.2.1/53/Handil Suruk/2026"),
        ("{nomor:03d}/{klasifikasi}/{kode}/{bulan_romawi}/{tahun}", 7, "007/400.12.2.1/KEL-BS/I/2026"),
        ("{klasifikasi}/{nomor}/SK/DKPS/{tahun}", 76, "400.12.2.1/76/SK/DKPS/2026"),
        ("{nomor:03d}/Tahun{tahun}", 22, "022/Tahun2026"),
        ("{klasifikasi}/{nomor} TAHUN {tahun}", 4, "400.12.2.1/4 TAHUN 2026"),
        ("{jenis}/{nomor:03d}/{kode}/{bulan_romawi}/{tahun}", 12, "S-36/012/KEL-BS/I/2026"),
        ("{number:04d}/RT.{rt}/RW.{rw}/{month}/{year}", 1, "0001/RT.023/RW.005/01/2026"),
        ("{{Kel}} {nomor}/{tahun}", 3, "{Kel} 3/2026"),
    ],
)
def test_every_shape_seen_can_be_said(template: str, n: int, number: str) -> None:
    assert fill(template, VALUES | {"nomor": n}) == number


@pytest.mark.parametrize(
    "template",
    [
        "", "{tahun}", "{nomor", "{nomor}}", "{}", "{nomor.real}", "{nomor[0]}", "{nomor!r}", "{nomor:>99}", "{nama}",
        "{tahun:04d}/{nomor}", "{nomor:{tahun}}", "{nomor}{bulan}/{tahun}", "{klasifikasi}{nomor}", "{nomor}/{rt}",
    ],
)  # fmt: skip
def test_what_cannot_be_filled_or_told_apart_is_refused(template: str) -> None:
    with pytest.raises(BadFormat):
        pieces(template, OFFICE_NAMES)


GENERAL = "{klasifikasi}/{nomor:03d}/{tahun}"
MARKED = "{jenis}/{nomor:03d}/{tahun}"


@pytest.mark.parametrize(
    ("registers", "places"),
    [
        ({"number_format": GENERAL}, []),
        ({"number_format": GENERAL, "formats": {"n1": "{nomor}/{tahun}", "n6": "{nomor}/{tahun}"}}, []),
        ({"number_format": GENERAL, "formats": {"n1": "{tahun}", "n6": MARKED}}, ["formats.n1"]),
        ({"number_format": "x", "neighbourhood_format": "{rt}"}, ["number_format", "neighbourhood_format"]),
        ({"number_format": GENERAL, "neighbourhood_format": "{nomor}/{rt}/{rw}"}, []),
        ({"series": "classification", "number_format": GENERAL}, []),
        ({"series": "classification", "number_format": "{nomor}/{tahun}"}, ["number_format"]),
        ({"series": "classification", "number_format": GENERAL, "formats": {"n1": MARKED}}, ["formats.n1"]),
        ({"series": "kind", "number_format": MARKED}, []),
        ({"series": "kind"}, ["number_format"]),
        ({"series": "kind", "number_format": MARKED, "formats": {"n1": "N1/{nomor}/{tahun}"}}, []),
        (
            {"series": "kind", "number_format": MARKED, "formats": {"n1": "N/{nomor}", "n6": "N/{nomor}"}},
            ["formats.n1", "formats.n6"],
        ),
    ],
)
def test_series_that_each_begin_at_one_write_what_tells_them_apart(
    registers: dict[str, Any], places: list[str]
) -> None:
    assert list(unusable(registers)) == places
