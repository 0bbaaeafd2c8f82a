"""Registers: the next number of a series and year, where it began, and the lines of the book."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from documents.domain.errors import NumberTwice
from documents.domain.registers import Register, Start
from kit.db import Row, Tx


def take(tx: Tx, kelurahan: str, series: str, year: int) -> int:
    """The next number. The register's row stays locked until the commit: nobody takes the same, and a
    transaction that fails gives its number back before anybody has seen it."""
    return int(
        tx.value(
            "INSERT INTO register (kelurahan, series, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (kelurahan, series, year) DO UPDATE SET last = register.last + 1 RETURNING last",
            [kelurahan, series, year],
        )
    )


def add_line(tx: Tx, kelurahan: str, series: str, year: int, n: int, number: str, kind: str, dated: date,
             letter_id: UUID | None, outside_id: UUID | None = None) -> None:  # fmt: skip
    """A line of the book; it is never changed, and no number comes twice. Raises NumberTwice where another series of
    the office has written the same."""
    added = tx.execute(
        "INSERT INTO register_line (kelurahan, series, year, n, number, kind, dated, letter_id, outside_id)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [kelurahan, series, year, n, number, kind, dated, letter_id, outside_id],
    )
    if not added:
        raise NumberTwice(series, number)


def locked(tx: Tx, series: str, year: int) -> Register:
    """The register, in which nobody takes a number until the commit; begun if there was none."""
    place = [tx.tenant, series, year]
    tx.later(
        "INSERT INTO register (kelurahan, series, year, last) VALUES (%s, %s, %s, 0) ON CONFLICT DO NOTHING", place
    )
    last = tx.value("SELECT last FROM register WHERE kelurahan = %s AND series = %s AND year = %s FOR UPDATE", place)
    return Register(series, year, last)


def begin_after(tx: Tx, register: Register, last: int, at: datetime, by: str) -> None:
    """The numbers up to `last` are on paper."""
    tx.execute(
        "UPDATE register SET last = %s WHERE kelurahan = %s AND series = %s AND year = %s",
        [last, tx.tenant, register.series, register.year],
    )
    tx.execute(
        "INSERT INTO register_start (kelurahan, series, year, before, last, set_at, set_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [tx.tenant, register.series, register.year, register.last, last, at, by],
    )


def get(tx: Tx, series: str, year: int) -> Register | None:
    """One register with what was said of its paper book; None before its first number."""
    last = tx.value(
        "SELECT last FROM register WHERE kelurahan = %s AND series = %s AND year = %s", [tx.tenant, series, year]
    )
    return None if last is None else Register(series, year, last, starts(tx, year, [series]).get(series, []))


def of_year(tx: Tx, year: int, after: str | None, limit: int) -> list[Register]:
    """The registers of a year in the order of their names."""
    rows = tx.all(
        "SELECT series, year, last FROM register WHERE kelurahan = %(kelurahan)s AND year = %(year)s"
        " AND (%(after)s::text IS NULL OR series > %(after)s) ORDER BY series LIMIT %(limit)s",
        {"kelurahan": tx.tenant, "year": year, "after": after, "limit": limit},
    )
    said = starts(tx, year, [row["series"] for row in rows])
    return [Register(**row, starts=said.get(row["series"], [])) for row in rows]


def starts(tx: Tx, year: int, series: list[str]) -> dict[str, list[Start]]:
    """Where these series of a year go on from paper."""
    rows: list[Row] = tx.all(
        "SELECT series, before, last, set_at, set_by FROM register_start"
        " WHERE kelurahan = %s AND year = %s AND series = ANY(%s::text[]) ORDER BY series, last",
        [tx.tenant, year, series],
    )
    found: dict[str, list[Start]] = {}
    for row in rows:
        found.setdefault(row.pop("series"), []).append(Start(**row))
    return found


def has_neighbourhood(tx: Tx, rw: str, rt: str) -> bool:
    return bool(
        tx.value("SELECT true FROM neighbourhood WHERE kelurahan = %s AND rw = %s AND rt = %s", [tx.tenant, rw, rt])
    )
