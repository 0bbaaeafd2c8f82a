"""The book: all numbers taken, with what became of each letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.db import Row, Tx

# Of what a filter leaves out, nothing is looked at: PostgreSQL plans each query with the values that it has.
_BOOK = """
SELECT r.series, r.year, r.n, r.number, r.kind, r.dated, r.letter_id, r.outside_id,
    coalesce(l.status, CASE WHEN o.voided_at IS NULL THEN 'elsewhere' ELSE 'void' END) AS state, l.application_id,
    coalesce(l.decided_by, o.taken_by) AS decided_by, coalesce(l.decided_at, o.taken_at) AS taken_at, l.issued_at,
    coalesce(l.voided_at, o.voided_at) AS voided_at, coalesce(l.voided_by, o.voided_by) AS voided_by,
    coalesce(l.void_reason, o.void_reason) AS void_reason, coalesce(l.person_id, o.person_id) AS person_id
FROM register_line r LEFT JOIN letter l ON l.id = r.letter_id LEFT JOIN outside_letter o ON o.id = r.outside_id
WHERE r.kelurahan = %(kelurahan)s AND r.year = %(year)s
    AND (%(series)s::text IS NULL OR r.series = %(series)s)
    AND (%(kind)s::text IS NULL OR r.kind = %(kind)s)
    AND (%(n)s::int IS NULL OR r.n = %(n)s)
    AND (%(begins)s::text IS NULL OR (r.written >= %(begins)s AND r.written < %(ends)s))
    AND (%(first)s::date IS NULL OR r.dated >= %(first)s) AND (%(last)s::date IS NULL OR r.dated <= %(last)s)
    AND (%(state)s::text IS NULL
         OR coalesce(l.status, CASE WHEN o.voided_at IS NULL THEN 'elsewhere' ELSE 'void' END) = %(state)s)
    AND (%(after_series)s::text IS NULL OR (r.series, r.n) > (%(after_series)s, %(after_n)s))
ORDER BY r.series, r.n LIMIT %(limit)s
"""
_LAST_SIGN = chr(0x10FFFF)


def lines(tx: Tx, year: int, filters: dict[str, Any], after: Sequence[Any] | None, limit: int) -> list[Row]:
    """Lines of a year in the order of series and number. `number` in digits is a running number, else how a number
    begins; filters that are None or missing do not count."""
    after_series, after_n = after or (None, None)
    wanted = filters.get("number")
    digits = wanted is not None and wanted.isascii() and wanted.isdigit()
    begins = wanted.upper() if wanted is not None and not digits else None
    named = {name: filters.get(name) for name in ("series", "kind", "state", "first", "last")}
    return tx.all(
        _BOOK,
        named
        | {
            "kelurahan": tx.tenant,
            "year": year,
            "n": min(int(wanted), 2**31 - 1) if digits and wanted else None,
            "begins": begins,
            "ends": None if begins is None else begins + _LAST_SIGN,
            "after_series": after_series,
            "after_n": after_n,
            "limit": limit,
        },
    )
