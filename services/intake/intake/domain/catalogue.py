"""A service of the catalogue as a case meets it: its reasons, and the fields that its letters need.

A SOP is data, in the shape that `sop.published` carries and the files of `intake/catalogue` have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from kit.problems import Unprocessable, Words

Sop = Mapping[str, Any]

LONGEST_TEXT = 500
MOST_ROWS = 30

_UNKNOWN = Words("Bukan isian layanan ini.", "Not a field of this service.")
NOT_YOURS = Words("Isian ini dari tetangga, bukan dari Anda.", "This is the neighbours' to say, not yours.")
_TEXT = Words(f"Isi dengan teks, paling panjang {LONGEST_TEXT} huruf.", f"Text of at most {LONGEST_TEXT} characters.")
_SIGNS = Words("Hapus tanda kendali dan pengubah arah tulisan.", "Remove control and direction characters.")
_DATE = Words("Tanggal ditulis 2026-08-14.", "Write the date as 2026-08-14.")
_NUMBER = Words("Isi dengan angka.", "Give a number.")
_ROWS = Words(f"Isi dengan daftar, paling banyak {MOST_ROWS} baris.", f"A list of at most {MOST_ROWS} rows.")

# Characters that reorder what is read; a name never needs them.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


class ReasonUnknown(Unprocessable):
    """The reason is none of the service's, or one is needed."""

    slug = "reason-unknown"
    title = Words("Alasan tidak ada dalam daftar", "There is no such reason")
    detail = Words("Pilih alasan dari daftar layanan ini.", "Choose one of this service's reasons.")


class DetailsNotAccepted(Unprocessable):
    """Some of the details are no fields of the service, or not of the field's type."""

    slug = "details-not-accepted"
    title = Words("Ada isian rincian yang belum benar", "Some details are not right")


def is_plain(text: str) -> bool:
    """Whether a text has nothing that reorders, hides or breaks it: no control or direction characters, no halves
    of characters. Line ends are allowed."""
    return not any(
        sign in _BIDI or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t") for sign in text
    )


def check_reason(sop: Sop, reason: str | None, *, optional: bool = False) -> str | None:
    """The reason of a case, the only one there is where nothing was said. Raises ReasonUnknown."""
    reasons = [item["code"] for item in sop["reasons"]]
    if reason is None and (not reasons or optional):
        return None
    if reason is None and len(reasons) == 1:
        return str(reasons[0])
    if reason in reasons:
        return reason
    choices = ", ".join(reasons)
    said = Words(f"Alasan yang ada: {choices}.", f"The reasons are: {choices}.")
    if not reasons:
        said = Words("Layanan ini tanpa alasan.", "This service has no reasons.")
    raise ReasonUnknown(errors={"json": {"reason": [said]}})


def check_details(sop: Sop, details: Mapping[str, Any]) -> None:
    """The details are fields of the service, each of its type. Raises DetailsNotAccepted with all that is wrong."""
    known = {field["code"]: field for field in sop["fields"]}
    wrong: dict[str, Any] = {}
    for code, value in details.items():
        said = _UNKNOWN if code not in known else wrong_value(known[code], value)
        if said:
            wrong[code] = [said] if isinstance(said, Words) else said
    if wrong:
        raise DetailsNotAccepted(errors={"json": {"details": wrong}})


def wrong_value(field: Mapping[str, Any], value: Any) -> Words | dict[str, Any] | None:
    """What is wrong with a value for this field; nothing, if it may stand there."""
    if value is None:
        return None
    kind = field["type"]
    if kind == "rows":
        return _wrong_rows(field, value)
    if kind == "number":
        return None if isinstance(value, int | float) and not isinstance(value, bool) else _NUMBER
    if (wrong := _wrong_text(value)) is not None:
        return wrong
    if kind == "date":
        return None if _is_date(value) else _DATE
    choices = [choice["code"] for choice in field.get("choices", [])]
    if kind == "choice" and value not in choices:
        return Words(f"Pilihan: {', '.join(choices)}.", f"One of: {', '.join(choices)}.")
    return None


def _wrong_text(value: Any) -> Words | None:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return _TEXT
    return None if is_plain(value) else _SIGNS


def _wrong_rows(field: Mapping[str, Any], rows: Any) -> Words | dict[str, Any] | None:
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(row, dict) for row in rows):
        return _ROWS
    columns = {column["code"] for column in field["columns"]}
    wrong: dict[str, Any] = {}
    for number, row in enumerate(rows):
        said = {
            name: [_UNKNOWN if name not in columns else bad]
            for name, value in row.items()
            if (bad := _wrong_text(value) if value is not None else None) or name not in columns
        }
        if said:
            wrong[str(number)] = said
    return wrong or None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
