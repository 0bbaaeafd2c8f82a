"""How a letter's number is written: one rule, by which intake refuses a format and documents fills it.

    {classification}/{number:03d}/{register}/{month_roman}/{year}     400.12.2.1/123/KEL-BS/VIII/2026
    B/{nomor:03d}/{klasifikasi}/{bulan_romawi}/{tahun}                B/001/400.12.3.2/X/2025
    {nomor:03d}/Tahun{tahun}                                          022/Tahun2022

The names are known in Indonesian and in English; `{{` and `}}` print braces. Only the running number takes a width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

NUMBER, CLASSIFICATION, MARK, MONTH = "nomor", "klasifikasi", "jenis", "bulan"
_ENGLISH = {
    "number": NUMBER, "classification": CLASSIFICATION, "kind": MARK, "register": "kode",
    "month_roman": "bulan_romawi", "month": MONTH, "year": "tahun",
}  # fmt: skip
OFFICE_NAMES = frozenset(_ENGLISH.values())
NEIGHBOURHOOD_NAMES = OFFICE_NAMES | {"rt", "rw"}

ONE, EACH_CLASSIFICATION, EACH_KIND = "office", "classification", "kind"
SERIES = (ONE, EACH_CLASSIFICATION, EACH_KIND)
"""One series for all letters of the office, one per classification, or one per kind."""

OFFICE_FORMAT = "{klasifikasi}/{nomor:03d}/{kode}/{bulan_romawi}/{tahun}"
NEIGHBOURHOOD_FORMAT = "{nomor:03d}/RT.{rt}/RW.{rw}/{bulan_romawi}/{tahun}"

_WIDTH = re.compile(r"(0[1-9])?d?")
_DIGITS = {CLASSIFICATION, MONTH, "tahun", "rt", "rw"}  # what may begin or end with a digit and is not always the same


class BadFormat(ValueError):
    """A number cannot be written like that."""


def pieces(template: str, names: frozenset[str] = NEIGHBOURHOOD_NAMES) -> list[tuple[str, str | None, str]]:
    """(text before it, name or None at the end, width) of each placeholder. Raises BadFormat."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise BadFormat(template) from error
    found = [(text, None if name is None else _ENGLISH.get(name, name), spec or "") for text, name, spec, _ in parts]
    if any(conversion for *_, conversion in parts) or not all(_known(name, spec, names) for _, name, spec in found):
        raise BadFormat(template)
    if NUMBER not in {name for _, name, _ in found} or _runs_together(found):
        raise BadFormat(template)
    return found


def _known(name: str | None, spec: str, names: frozenset[str]) -> bool:
    if name is None:
        return True
    return name in names and (bool(_WIDTH.fullmatch(spec)) if name == NUMBER else not spec)


def _runs_together(found: list[tuple[str, str | None, str]]) -> bool:
    """Number 1 of month 11 and number 11 of month 1 would both read 111."""
    return any(
        not text and ((before == NUMBER and name in _DIGITS) or (name == NUMBER and before in _DIGITS))
        for (_, before, _), (text, name, _) in zip(found, found[1:], strict=False)
    )


def fill(template: str, values: Mapping[str, Any]) -> str:
    """The template with its values, which are named in Indonesian. Raises BadFormat."""
    return "".join(
        text if name is None else text + format(values[name], width) for text, name, width in pieces(template)
    )


def unusable(registers: Mapping[str, Any]) -> Iterator[str]:
    """Which entries of an office's registers cannot be used, by their place."""
    if registers.get("number_format") and not _usable(registers["number_format"], OFFICE_NAMES):
        yield "number_format"
    if registers.get("neighbourhood_format") and not _usable(registers["neighbourhood_format"], NEIGHBOURHOOD_NAMES):
        yield "neighbourhood_format"
    formats = dict(registers.get("formats") or {})
    broken = [kind for kind, template in formats.items() if not _usable(template, OFFICE_NAMES)]
    yield from (f"formats.{kind}" for kind in broken)
    if not broken and _usable(registers.get("number_format") or OFFICE_FORMAT, OFFICE_NAMES):
        yield from _twice(registers, formats)


def _usable(template: str, names: frozenset[str]) -> bool:
    try:
        return bool(pieces(template, names))
    except BadFormat:
        return False


def _twice(registers: Mapping[str, Any], formats: Mapping[str, str]) -> Iterator[str]:
    """Series that each begin at 1 have to write what tells them apart; otherwise two letters had one number."""
    series = registers.get("series") or ONE
    general = registers.get("number_format") or OFFICE_FORMAT
    if series == ONE:
        return
    telling = CLASSIFICATION if series == EACH_CLASSIFICATION else MARK
    if not _names(general, telling):
        yield "number_format"
    for kind, template in formats.items():
        alike = [other for other, written in [("", general), *formats.items()] if other != kind and written == template]
        if not _names(template, telling) and (series == EACH_CLASSIFICATION or alike):
            yield f"formats.{kind}"


def _names(template: str, wanted: str) -> bool:
    return any(name == wanted for _, name, _ in pieces(template))
