"""Registers: the next number of a series and year, and the book of all numbers taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

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
             letter_id: UUID) -> None:  # fmt: skip
    """A line of the book; it is never changed, and no number comes twice."""
    tx.execute(
        "INSERT INTO register_line (kelurahan, series, year, n, number, kind, dated, letter_id)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [kelurahan, series, year, n, number, kind, dated, letter_id],
    )


def book(tx: Tx, year: int, kind: str | None, after: Sequence[Any] | None, limit: int) -> list[Row]:
    """Lines of a year in the order of series and number, with what became of each letter."""
    series, n = after or (None, None)
    return tx.all(
        "SELECT r.series, r.year, r.n, r.number, r.kind, r.dated, r.letter_id, l.status AS state, l.application_id,"
        " l.decided_by, l.issued_at, l.voided_at, l.voided_by, l.void_reason"
        " FROM register_line r JOIN letter l ON l.id = r.letter_id"
        " WHERE r.kelurahan = %(kelurahan)s AND r.year = %(year)s AND (%(kind)s::text IS NULL OR r.kind = %(kind)s)"
        " AND (%(series)s::text IS NULL OR (r.series, r.n) > (%(series)s, %(n)s))"
        " ORDER BY r.series, r.n LIMIT %(limit)s",
        {"kelurahan": tx.tenant, "year": year, "kind": kind, "series": series, "n": n, "limit": limit},
    )
