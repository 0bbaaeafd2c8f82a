"""Accesses that were taken away, for a restore from before. Ids only; `at` is business time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from intake.domain.account_ends import AccountEnd
from kit.db import EVERY_TENANT, Database, Row, Tx

_PAGE = 1000
# Roles that somebody has again are not lost. A key that ran out by itself is as little of use as one that was ended.
_SINCE = """
WITH business AS (SELECT make_interval(secs => (SELECT offset_seconds FROM clock)) AS ahead),
ends AS (
    SELECT e.id, e.kelurahan, e.kind, e.account_id, e.at, ARRAY(
        SELECT role FROM unnest(e.roles) AS role WHERE role <> ALL(coalesce(a.roles || a.scopes, '{}'))
        ORDER BY role) AS roles
    FROM account_end e LEFT JOIN account a ON a.id = e.account_id
    UNION ALL
    SELECT k.id, k.kelurahan, 'key', k.account_id, k.ends_at + business.ahead, '{}'
    FROM machine_key k, business WHERE k.ends_at <= clock_timestamp()
)
SELECT id, kelurahan, kind, account_id, roles, at FROM ends
WHERE (kind <> 'roles' OR roles <> '{}') AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
  AND (%(at)s::timestamptz IS NULL OR (at, id) > (%(at)s, %(id)s::uuid))
ORDER BY at, id LIMIT %(limit)s
"""


def add(tx: Tx, end: AccountEnd) -> bool:
    """False for one that is known already."""
    return bool(
        tx.execute(
            "INSERT INTO account_end (id, kelurahan, kind, account_id, roles, at) VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (id) DO NOTHING",
            [end.id, end.kelurahan, end.kind, end.account_id, list(end.roles), end.at],
        )
    )


def since(db: Database, moment: datetime | None) -> Iterator[AccountEnd]:
    """All ends, or those from then on, a page at a time."""
    after: tuple[datetime, UUID] | None = None
    while True:
        asked: dict[str, Any] = {"since": moment, "limit": _PAGE}
        asked |= {"at": after[0], "id": after[1]} if after else {"at": None, "id": None}
        with db.transaction(EVERY_TENANT) as tx:
            rows = tx.all(_SINCE, asked)
        yield from map(_end, rows)
        if len(rows) < _PAGE:
            return
        after = (rows[-1]["at"], rows[-1]["id"])


def _end(row: Row) -> AccountEnd:
    return AccountEnd(**row | {"roles": tuple(row["roles"])})
