"""The book for other systems: every number with what became of its letter, without whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kit.db import Row, Tx

_LINE = """
SELECT r.kelurahan, r.series, r.year, r.n, r.number, r.kind, r.dated, r.letter_id, l.application_id,
    coalesce(l.classification, o.classification) AS classification, coalesce(l.status, CASE WHEN o.voided_at IS NULL
    THEN 'elsewhere' ELSE 'void' END) AS status, l.valid_until, l.method, l.certified, l.sha256, l.size, l.issued_at,
    coalesce(l.voided_at, o.voided_at) AS voided_at, l.person_id, l.replaces
FROM register_line r LEFT JOIN letter l ON l.id = r.letter_id LEFT JOIN outside_letter o ON o.id = r.outside_id
WHERE r.kelurahan = %(kelurahan)s
"""
_OF_PERIOD = f"""{_LINE} AND r.dated >= %(first)s AND r.dated <= %(last)s
    AND (%(dated)s::date IS NULL OR (r.dated, r.series, r.n) > (%(dated)s::date, %(series)s::text, %(n)s::int))
ORDER BY r.dated, r.series, r.n LIMIT %(limit)s
"""
_BY_NUMBER = f"""{_LINE} AND r.year = %(year)s AND (%(series)s::text IS NULL OR r.series = %(series)s)
    AND (%(n)s::int IS NULL OR r.n = %(n)s) AND (%(written)s::text IS NULL OR r.written = %(written)s)
ORDER BY r.series, r.n LIMIT %(limit)s
"""


def offices(tx: Tx) -> list[str]:
    """The codes of all that are known here."""
    return [row["kelurahan"] for row in tx.all("SELECT kelurahan FROM office ORDER BY kelurahan")]


def dated(tx: Tx, first: date, last: date, after: Sequence[Any] | None, limit: int) -> list[Row]:
    """The office's numbers of these days."""
    day, series, n = after or (None, None, None)
    return tx.all(
        _OF_PERIOD,
        {"kelurahan": tx.tenant, "first": first, "last": last, "dated": day, "series": series, "n": n, "limit": limit},
    )


def numbered(tx: Tx, year: int, number: str, series: str | None, limit: int) -> list[Row]:
    """By the whole number as it is printed, or in digits by the running number; of one series or of all."""
    digits = number.isascii() and number.isdigit()
    return tx.all(
        _BY_NUMBER,
        {
            "kelurahan": tx.tenant, "year": year, "series": series, "limit": limit,
            "n": min(int(number), 2**31 - 1) if digits else None, "written": None if digits else number.upper(),
        },
    )  # fmt: skip
