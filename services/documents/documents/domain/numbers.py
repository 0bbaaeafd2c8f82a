"""Letter numbers: a template per office, filled with the register's next number and the letter's date.

    {classification}/{number:03d}/{register}/{month_roman}/{year}     400.12.2.1/123/KEL-BS/VIII/2026
    {nomor:03d}/RT.{rt}/RW.{rw}/{bulan_romawi}/{tahun}                001/RT.023/RW.005/VIII/2026

The names are known in Indonesian and in English. Month and year are those of the letter's date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from documents.domain.errors import BadNumberFormat

OFFICE_FORMAT = "{klasifikasi}/{nomor:03d}/{kode}/{bulan_romawi}/{tahun}"
NEIGHBOURHOOD_FORMAT = "{nomor:03d}/RT.{rt}/RW.{rw}/{bulan_romawi}/{tahun}"

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ENGLISH = {
    "classification": "klasifikasi", "number": "nomor", "register": "kode", "month_roman": "bulan_romawi",
    "year": "tahun", "month": "bulan",
}  # fmt: skip
_NAMES = {*_ENGLISH.values(), "rt", "rw"}
_SPEC = re.compile(r"(0[1-9])?d?")


@dataclass(frozen=True)
class Series:
    """Which register a number is taken from, and how it is written."""

    name: str
    template: str
    values: Mapping[str, str]


def office_series(office: Mapping[str, Any], classification: str) -> Series:
    """The register of the office's own letters: one for all of them, or one per classification."""
    registers = office.get("registers") or {}
    values = {"klasifikasi": classification, "kode": registers.get("code") or ""}
    name = classification if registers.get("series") == "classification" and classification else "office"
    return Series(name, registers.get("number_format") or OFFICE_FORMAT, values)


def neighbourhood_series(office: Mapping[str, Any], rw: str, rt: str) -> Series:
    """The register of one RT head."""
    registers = office.get("registers") or {}
    template = registers.get("neighbourhood_format") or NEIGHBOURHOOD_FORMAT
    return Series(f"RT {rw}/{rt}", template, {"rt": rt, "rw": rw, "kode": registers.get("code") or ""})


def letter_date(at: datetime, zone: str) -> date:
    """The date of a letter decided at that instant, in the office's zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def write_number(series: Series, n: int, dated: date) -> str:
    """The number as it is printed. Raises BadNumberFormat."""
    values: dict[str, Any] = {
        **dict.fromkeys(_NAMES, ""),
        **series.values,
        "nomor": n,
        "bulan_romawi": _ROMAN[dated.month - 1],
        "bulan": f"{dated.month:02d}",
        "tahun": str(dated.year),
    }
    return "".join(_pieces(series.template, values))


def _pieces(template: str, values: Mapping[str, Any]) -> list[str]:
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise BadNumberFormat from error
    written, numbered = [], False
    for text, name, spec, conversion in parts:
        written.append(text)
        if name is None:
            continue
        known = _ENGLISH.get(name, name)
        if known not in _NAMES or conversion or not _SPEC.fullmatch(spec or "") or (spec and known != "nomor"):
            raise BadNumberFormat
        numbered = numbered or known == "nomor"
        written.append(format(values[known], spec or ""))
    if not numbered:  # without it two letters of a year would have the same number
        raise BadNumberFormat
    return written
