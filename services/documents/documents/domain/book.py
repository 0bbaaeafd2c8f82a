"""The book as people read it: the texts of its lines, as a table for spreadsheets and on paper."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from documents.domain import parts, words
from documents.domain.registers import ELSEWHERE, Start
from documents.domain.words import text
from documents.render import data as layout
from kit.tables import csv_head, csv_lines

MOST_PRINTED = 1000
"""Lines of one PDF: a busy month, and what a renderer does in a few seconds."""

STATES = {
    "numbered": "Bernomor, belum terbit", "issued": "Terbit", ELSEWHERE: "Dibuat di luar sistem", "void": "Batal",
}  # fmt: skip
_REASONS = {
    "cannot_be_made": "surat tidak dapat dibuat",
    "application_withdrawn": "permohonan dicabut",
    "application_rejected": "permohonan ditolak",
    "application_expired": "permohonan kedaluwarsa",
}
COLUMNS = (
    "seri", "urut", "nomor", "tanggal", "jenis", "kepada", "perihal", "keadaan", "diambil_oleh", "diambil_pada",
    "terbit_pada", "batal_pada", "batal_oleh", "alasan_batal",
)  # fmt: skip


def days_of(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def about(line: Mapping[str, Any], sealed: Mapping[str, Any] | None) -> dict[str, str]:
    """Whom a line's letter is for and what about, from what was printed on it or said of it."""
    known = sealed or {}
    if line["outside_id"] is not None:
        return {"addressee": text(known.get("addressee")), "subject": text(known.get("subject"))}
    return {"addressee": text((known.get("person") or {}).get("name")), "subject": text(known.get("title"))}


def table(lines: Iterable[Mapping[str, Any]], zone: str) -> str:
    """Lines as CSV, without a head."""
    return csv_lines(_values(line, zone) for line in lines)


def head() -> str:
    return csv_head(COLUMNS)


def _values(line: Mapping[str, Any], zone: str) -> Iterator[Any]:
    there = ZoneInfo(zone)
    yield from (line["series"], line["n"], line["number"], line["dated"], line["kind"])
    yield from (line["addressee"], line["subject"], line["state"], line["decided_by"])
    yield from (at and at.astimezone(there).isoformat() for at in (line[name] for name in _MOMENTS))
    yield from (line["voided_by"], line["void_reason"])


_MOMENTS = ("taken_at", "issued_at", "voided_at")


def printed(office: Mapping[str, Any], year: int, lines: Sequence[Mapping[str, Any]], starts: Mapping[str, list[Start]],
            *, period: str, printed_at: str, sample: bool) -> layout.Register:  # fmt: skip
    """The book on paper, series by series."""
    return layout.Register(
        office=parts.office_part(office),
        person=layout.Person(name="", nik=""),
        place=parts.place_of(office),
        sample=sample,
        year=str(year),
        period=period,
        printed_at=printed_at,
        series=tuple(
            layout.RegisterSeries(
                name=_series_name(name),
                notes=tuple(_on_paper(start, office["zone"]) for start in starts.get(name, ())),
                lines=tuple(_line(line, office["zone"]) for line in of_series),
            )
            for name, of_series in groupby(lines, key=lambda line: line["series"])
        ),
    )


def naming(data: Any, signs: str) -> Any:
    """The data with the code points of these signs in their place (`[U+1F33A]`)."""
    if isinstance(data, str):
        return data.replace(signs, "".join(f"[U+{ord(sign):04X}]" for sign in signs))
    if isinstance(data, dict):
        return {name: naming(value, signs) for name, value in data.items()}
    return [naming(value, signs) for value in data] if isinstance(data, list) else data


def _series_name(name: str) -> str:
    return "Seri kantor" if name == "office" else f"Seri {name}"


def _on_paper(start: Start, zone: str) -> str:
    reached = f"{start.before + 1}–{start.last}" if start.last > start.before + 1 else str(start.last)
    return f"Nomor {reached} pada buku kertas (ditetapkan {start.set_by}, {words.long_time(start.set_at, zone)})"


def _line(line: Mapping[str, Any], zone: str) -> layout.RegisterLine:
    own_kind = line["kind"] if line["outside_id"] is not None else ""
    return layout.RegisterLine(
        n=str(line["n"]),
        date=f"{line['dated']:%d-%m-%Y}",
        number=line["number"],
        addressee=line["addressee"],
        subject=": ".join(part for part in (own_kind, line["subject"]) if part) or line["kind"],
        state=STATES.get(line["state"], line["state"]) if line["voided_at"] is None else _voided(line, zone),
        void=line["voided_at"] is not None,
    )


def _voided(line: Mapping[str, Any], zone: str) -> str:
    by = "sistem" if line["voided_by"] == "system" else line["voided_by"]
    reason = _REASONS.get(line["void_reason"], line["void_reason"])
    return f"BATAL {words.long_time(line['voided_at'], zone)} oleh {text(by)}: {text(reason)}"
