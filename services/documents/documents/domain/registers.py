"""Registers and their years: where one goes on from paper, and numbers for letters that are made elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.numbering import CLASSIFICATION, EACH_CLASSIFICATION, EACH_KIND, ONE, BadFormat, pieces
from documents.domain.errors import BadNumberFormat, BehindTheBook, NothingToVoid, YearNotOpen
from documents.domain.numbers import Series, office_series

ELSEWHERE = "elsewhere"
_CLASSIFICATION = re.compile(r"[0-9A-Za-z.\-]{1,40}")
_RT = re.compile(r"RT ([0-9]{3})/([0-9]{3})")


@dataclass(frozen=True)
class Start:
    """Somebody said that the numbers after `before` up to `last` are in the paper book."""

    before: int
    last: int
    set_at: datetime
    set_by: str


@dataclass(frozen=True)
class Register:
    """A series in a year: its last number, and what was said of its paper book."""

    series: str
    year: int
    last: int
    starts: list[Start] = field(default_factory=list)


@dataclass
class OutsideLetter:
    """A letter that is made elsewhere and has a number of ours."""

    id: UUID
    kelurahan: str
    kind: str
    classification: str
    series: str
    year: int
    n: int
    number: str
    dated: date
    person_id: UUID
    taken_at: datetime
    taken_by: str
    addressee: str
    subject: str
    voided_at: datetime | None = None
    voided_by: str | None = None
    void_reason: str | None = None
    version: int = 1

    @property
    def state(self) -> str:
        return "void" if self.voided_at else ELSEWHERE

    def void(self, at: datetime, by: str, reason: str) -> None:
        """It keeps its number and its line. Raises NothingToVoid."""
        if self.voided_at is not None:
            raise NothingToVoid
        self.voided_at, self.voided_by, self.void_reason = at, by, reason


def check_start(register: Register, last: int, this_year: int) -> None:
    """Whether the book may go on after `last`: upwards only, in the open year. Raises YearNotOpen, BehindTheBook."""
    if register.year != this_year:
        raise YearNotOpen(this_year)
    if last < register.last:
        raise BehindTheBook(register.last)


def outside_series(office: Mapping[str, Any], kind: str, classification: str, ours: frozenset[str]) -> Series:
    """The register of a letter made elsewhere. Where each kind has one, so has a kind that the office names in its
    formats or marks; all others share the office's own."""
    registers = office.get("registers") or {}
    named = {*ours, *(registers.get("formats") or {}), *(registers.get("marks") or {})}
    return office_series(office, classification, kind if kind in named else "")


def writes_classification(series: Series) -> bool:
    """Whether the number is not whole without a classification. Raises BadNumberFormat."""
    try:
        return any(name == CLASSIFICATION for _, name, _ in pieces(series.template))
    except BadFormat as error:
        raise BadNumberFormat from error


def rt_of(series: str) -> tuple[str, str] | None:
    """(RW, RT) of an RT head's series."""
    found = _RT.fullmatch(series)
    return None if found is None else (found[1], found[2])


def may_be(office: Mapping[str, Any], series: str, ours: frozenset[str]) -> bool:
    """Whether letters of the office may take numbers of a series of this name."""
    registers = office.get("registers") or {}
    kinds = {*ours, *(registers.get("formats") or {}), *(registers.get("marks") or {})}
    chosen = registers.get("series") or ONE
    return (
        series == ONE
        or (chosen == EACH_KIND and series in kinds)
        or (chosen == EACH_CLASSIFICATION and bool(_CLASSIFICATION.fullmatch(series)))
    )
