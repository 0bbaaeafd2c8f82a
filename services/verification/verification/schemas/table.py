"""Neighbourhoods and who heads them as a table: CSV that a spreadsheet writes and reads.

kelurahan   code or name of the office; may be left out
rw, rt      `5`, `RW.05`; no RT for the head of an RW
role        rt_head, substitute, rw_head; empty where only the RT is to be known
name, phone, from_date (2026-01-01), to_date, nik, kk_number
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from kit.problems import Words
from verification.domain.errors import TableUnreadable, TableWrong
from verification.domain.table import Line
from verification.schemas.heads import TermSaid
from verification.schemas.shapes import RtNumber, RwNumber, Strict, said, shown

COLUMNS = ("kelurahan", "rw", "rt", "role", "name", "phone", "from_date", "to_date", "nik", "kk_number")
NEEDED = ("rw", "rt", "role", "name", "phone", "from_date")
MOST_LINES = 5000
MOST_BYTES = 1_000_000

_NOT_TEXT = Words("Simpan berkas sebagai CSV UTF-8.", "Save the file as CSV in UTF-8.")
_NO_HEADER = Words(
    f"Baris pertama harus menyebut kolom: {', '.join(NEEDED)}.", f"The first line has to name: {', '.join(NEEDED)}."
)
_TOO_MANY = Words(f"Paling banyak {MOST_LINES} baris.", f"At most {MOST_LINES} lines.")
_UNKNOWN = Words("Kolom tidak dikenal.", "Unknown column.")
_TOO_LONG = Words("Ada isi tanpa kolom.", "There is a value without a column.")
_RISKY = ("=", "+", "-", "@")


class Place(Strict):
    """A line that only names an RT."""

    rw = RwNumber(required=True)
    rt = RtNumber(required=True)


class ImportQuery(Strict):
    dry_run = fields.Boolean(load_default=False, **said("Only look what would happen.", True))


class LineOut(Schema):
    """What became of a line."""

    line = shown("Its number in the file; the header is 1.", 2, fields.Integer)
    result = fields.String(
        validate=validate.OneOf(("added", "changed", "unchanged")), **said("What it did, or would do.", "added")
    )


class ImportOut(Schema):
    """What an import did, line by line."""

    dry_run = shown("Nothing was written.", False, fields.Boolean)
    items = fields.List(fields.Nested(LineOut), **said("The lines."))


def read_table(content: bytes) -> list[Line]:
    """The lines of a CSV file, comma or semicolon. Raises TableUnreadable, TableWrong with all that is wrong."""
    lines: list[Line] = []
    wrong: dict[str, Any] = {}
    for number, row in _rows(content):
        try:
            lines.append(_line(number, row))
        except ValidationError as error:
            wrong[str(number)] = error.messages
    if wrong:
        raise TableWrong(errors={"lines": wrong})
    return lines


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
        header = [name.strip().lower() for name in reader.fieldnames or []]
        if not set(NEEDED) <= set(header):
            raise TableUnreadable(_NO_HEADER)
        if others := sorted(set(header) - set(COLUMNS)):
            raise TableUnreadable(errors={"columns": {name: [_UNKNOWN] for name in others}})
        reader.fieldnames = header
        for count, row in enumerate(reader, 1):
            if count > MOST_LINES:
                raise TableUnreadable(_TOO_MANY)
            if any(str(value).strip() for value in row.values() if value is not None):
                yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableUnreadable(_NOT_TEXT) from error


def _line(number: int, row: Mapping[str | None, Any]) -> Line:
    if None in row:
        raise ValidationError([_TOO_LONG])  # type: ignore[list-item]
    given = {name: plain for name, value in row.items() if name and (plain := _plain(value or ""))}
    kelurahan = given.pop("kelurahan", None)
    kind: Schema = TermSaid() if "role" in given else Place()
    values: dict[str, Any] = kind.load(given)  # type: ignore[assignment]
    if "role" in given and "to_date" in row:
        values.setdefault("to_date", None)  # a column that is there says so: no last day yet
    return Line(number, kelurahan, values)


def _plain(text: str) -> str:
    """Without the mark that keeps a spreadsheet from taking a text for a formula."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def write_table(rows: Iterable[Mapping[str, Any]]) -> str:
    """The same as text, readable by `read_table`. What a spreadsheet would take for a formula is marked."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe("" if row.get(name) is None else str(row[name])) for name in COLUMNS})
    return out.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text
