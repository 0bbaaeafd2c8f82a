"""Where a register goes on from paper, and numbers for letters that are made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from documents.deps import Deps
from documents.domain.numbers import letter_date, write_number
from documents.domain.registers import (
    OutsideLetter,
    Register,
    check_start,
    may_be,
    outside_series,
    rt_of,
    writes_classification,
)
from documents.schemas.shapes import KINDS
from documents.store import outside, registers
from documents.usecases.book import office_of
from kit import paging
from kit.db import Tx
from kit.ids import new_id
from kit.problems import NotFound, Unprocessable, Words

OURS = frozenset(KINDS)

_TODAY_ONLY = Words("Nomor diambil untuk surat bertanggal hari ini.", "Numbers are for letters of today.")
_NEEDED = Words("Format nomor kantor memuat klasifikasi.", "The office's number format has the classification.")


def _today(deps: Deps, office: dict[str, Any]) -> date:
    return letter_date(deps.clock.now(), office["zone"])


def found(tx: Tx, series: str, year: int) -> Register:
    """A register, also one of which no number was taken yet. Raises NotFound."""
    register = registers.get(tx, series, year)
    if register is None:
        place = rt_of(series)
        if not (registers.has_neighbourhood(tx, *place) if place else may_be(office_of(tx), series, OURS)):
            raise NotFound
    return register or Register(series, year, 0)


def go_on_after(deps: Deps, tx: Tx, register: Register, last: int, by: str) -> Register:
    """The paper book of the year has reached `last`. `register` is locked. Raises YearNotOpen, BehindTheBook."""
    check_start(register, last, _today(deps, office_of(tx)).year)
    if last > register.last:
        registers.begin_after(tx, register, last, deps.clock.now(), by)
    return registers.get(tx, register.series, register.year) or register


def series_of(deps: Deps, tenant: str, year: int, query: dict[str, Any]) -> dict[str, Any]:
    """A page of the series of a year. Raises Unprocessable for a cursor that is none."""
    [after] = paging.position(query["cursor"], paging.plain) or [None]
    with deps.db.transaction(tenant) as tx:
        rows = registers.of_year(tx, year, after, query["limit"] + 1)
    return paging.page(rows, query["limit"], lambda register: (register.series,))


def continue_after(
    deps: Deps, tx: Tx, series: str, year: int, last: int, by: str, check: Callable[[int], None]
) -> Register:
    """The series goes on after `last`, if `check` does not raise at its last number. Raises as `go_on_after`."""
    register = registers.locked(tx, series, year)
    check(register.last)
    return go_on_after(deps, tx, register, last, by)


def take(deps: Deps, tx: Tx, asked: dict[str, Any], by: str) -> OutsideLetter:
    """The next number, for a letter of today that is made elsewhere. Raises Unprocessable, BadNumberFormat,
    NumberTwice."""
    office = office_of(tx)
    dated = _today(deps, office)
    if asked["dated"] not in (None, dated):
        raise Unprocessable(errors={"json": {"dated": [_TODAY_ONLY]}})
    classification = asked["classification"] or ""
    series = outside_series(office, asked["kind"], classification, OURS)
    if not classification and writes_classification(series):
        raise Unprocessable(errors={"json": {"classification": [_NEEDED]}})
    n = registers.take(tx, tx.tenant, series.name, dated.year)
    letter = OutsideLetter(
        id=new_id(), kelurahan=tx.tenant, kind=asked["kind"], classification=classification, series=series.name,
        year=dated.year, n=n, number=write_number(series, n, dated), dated=dated, person_id=new_id(),
        taken_at=deps.clock.now(), taken_by=by, addressee=asked["addressee"], subject=asked["subject"],
    )  # fmt: skip
    outside.add(tx, deps.data_keys, letter)
    registers.add_line(tx, tx.tenant, letter.series, letter.year, n, letter.number, letter.kind, dated, None, letter.id)
    return letter


def outside_letter(deps: Deps, tx: Tx, letter_id: UUID, *, lock: bool = False) -> OutsideLetter:
    """Raises NotFound."""
    letter = outside.get(tx, deps.data_keys, letter_id, lock=lock)
    if letter is None:
        raise NotFound
    return letter


def void_as_shown(
    deps: Deps, tx: Tx, letter_id: UUID, by: str, reason: str, check: Callable[[int], None]
) -> OutsideLetter:
    """Voids it, if `check` does not raise at its version. Raises NotFound, NothingToVoid."""
    letter = outside_letter(deps, tx, letter_id, lock=True)
    check(letter.version)
    void(deps, tx, letter, by, reason)
    return letter


def void(deps: Deps, tx: Tx, letter: OutsideLetter, by: str, reason: str) -> None:
    """The number stays taken, visibly void, also in a year that is closed. Raises NothingToVoid."""
    letter.void(deps.clock.now(), by, reason)
    outside.save_void(tx, letter)
