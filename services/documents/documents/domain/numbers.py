"""Letter numbers: which series a letter takes its number from, and how the number is written.

The rule for formats is in `contracts.numbering`. Month and year are those of the letter's date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from contracts.numbering import (
    EACH_CLASSIFICATION,
    EACH_KIND,
    NEIGHBOURHOOD_FORMAT,
    NEIGHBOURHOOD_NAMES,
    OFFICE_FORMAT,
    ONE,
    BadFormat,
    fill,
)
from documents.domain.errors import BadNumberFormat

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class Series:
    """Which register a number is taken from, and how it is written."""

    name: str
    template: str
    values: Mapping[str, str]


def office_series(office: Mapping[str, Any], classification: str, kind: str = "") -> Series:
    """The register of the office's own letters: one for all of them, one per classification, or one per kind. A
    letter made elsewhere, of a kind that we do not make, has `kind` empty and is in the office's own series then."""
    registers = office.get("registers") or {}
    mark = (registers.get("marks") or {}).get(kind) or kind.upper().replace("_", "-")
    values = {"klasifikasi": classification, "kode": registers.get("code") or "", "jenis": mark or "UM"}
    each = {EACH_CLASSIFICATION: classification, EACH_KIND: kind}.get(registers.get("series") or ONE)
    template = (registers.get("formats") or {}).get(kind) or registers.get("number_format") or OFFICE_FORMAT
    return Series(each or ONE, template, values)


def neighbourhood_series(office: Mapping[str, Any], rw: str, rt: str) -> Series:
    """The register of one RT head."""
    registers = office.get("registers") or {}
    template = registers.get("neighbourhood_format") or NEIGHBOURHOOD_FORMAT
    return Series(f"RT {rw}/{rt}", template, {"rt": rt, "rw": rw, "kode": registers.get("code") or ""})


def letter_date(at: datetime, zone: str) -> date:
    """The date of a letter decided at that instant, in the office's zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def date_of_number(decided_at: datetime, now: datetime, zone: str) -> date:
    """The date that a letter's number is taken for: that of the decision. One that was decided in a year that is
    closed by now, in its last moments, is a letter of the new year: a closed year takes no number any more."""
    today = letter_date(now, zone)
    decided = letter_date(decided_at, zone)
    return decided if decided.year >= today.year else today


def write_number(series: Series, n: int, dated: date) -> str:
    """The number as it is printed. Raises BadNumberFormat."""
    values: dict[str, Any] = {
        **dict.fromkeys(NEIGHBOURHOOD_NAMES, ""),
        **series.values,
        "nomor": n,
        "bulan_romawi": _ROMAN[dated.month - 1],
        "bulan": f"{dated.month:02d}",
        "tahun": str(dated.year),
    }
    try:
        return fill(series.template, values)
    except BadFormat as error:
        raise BadNumberFormat from error
