"""All that people asked for about their data and that is not done yet: no names, no words."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from kit.db import Row, Tx

# A withdrawn consent is done once the others are told; that it was, the outbox says.
_OPEN = """
SELECT 'record' AS kind, id, application_id, kelurahan, requested_at, due_at FROM record WHERE state <> 'ready'
UNION ALL SELECT 'correction', id, application_id, kelurahan, requested_at, due_at FROM correction WHERE state = 'asked'
UNION ALL SELECT 'erasure', application_id, application_id, kelurahan, requested_at, due_at FROM erasure
    WHERE done_at IS NULL
UNION ALL SELECT 'consent', w.id, w.application_id, w.kelurahan, w.at, w.at + %(within)s FROM outbox o
    JOIN consent_word w ON w.application_id = CASE WHEN o.type = 'application.changed' THEN o.subject::uuid END
        AND w.at = o.time
    WHERE o.published_at IS NULL AND NOT w.given
"""


def page(tx: Tx, within: timedelta, after: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """{kind, id, application_id, tracking_code, requested_at, due_at}, the nearest first; one more than the limit."""
    at, last = after or (None, None)
    return tx.all(
        f"SELECT r.kind, r.id, r.application_id, r.requested_at, r.due_at, a.tracking_code FROM ({_OPEN}) r"
        " LEFT JOIN application a ON a.id = r.application_id"
        " WHERE %(at)s::timestamptz IS NULL OR (r.due_at, r.id) > (%(at)s, %(last)s::uuid)"
        " ORDER BY r.due_at, r.id LIMIT %(limit)s",
        {"within": within, "at": at, "last": last, "limit": limit + 1},
    )


def count(tx: Tx, within: timedelta, now: datetime, warned: timedelta) -> list[Row]:
    """{kind, open, soon, late} of those that there are: all, those whose time is nearly over, and those where it is."""
    return tx.all(
        "SELECT kind, count(*) AS open, count(*) FILTER (WHERE due_at > %(now)s AND due_at <= %(near)s) AS soon,"
        f" count(*) FILTER (WHERE due_at <= %(now)s) AS late FROM ({_OPEN}) r GROUP BY kind ORDER BY kind",
        {"within": within, "now": now, "near": now + warned},
    )
