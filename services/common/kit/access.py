"""Attempts at what is not the caller's are answered with 404 and kept on record."""

from __future__ import annotations

from kit.auth import Caller
from kit.db import Database
from kit.problems import NotFound


def refuse(db: Database, who: Caller, route: str, object_id: object) -> NotFound:
    """Records the attempt in a transaction of its own; the NotFound to raise."""
    with db.transaction(who.tenant) as tx:
        tx.execute(
            "INSERT INTO refused_access (caller, tenant, route, object) VALUES (%s, %s, %s, %s)",
            [who.subject, who.tenant, route, str(object_id)],
        )
    return NotFound()
