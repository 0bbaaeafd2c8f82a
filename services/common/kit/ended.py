"""Tokens that count no more although their time is not up: a session was ended, an account closed or changed.

The end is a row in each service's database; each process looks at them at most twice a second, with the first request
that comes then. A row is kept for a day, which is longer than any token lives.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any

from kit.auth import Caller
from kit.bus.envelope import Received
from kit.db import EVERY_TENANT, Database, Tx
from kit.problems import Unauthorized

_EVERY = 0.5


def keep(tx: Tx, key: str, ended_at: datetime) -> None:
    """Tokens of this session or account that were made until then count no more."""
    tx.execute(
        "INSERT INTO ended_access AS e (key, ended_at) VALUES (%s, %s)"
        " ON CONFLICT (key) DO UPDATE SET ended_at = greatest(e.ended_at, excluded.ended_at)",
        [key, ended_at],
    )


def session_key(session: object) -> str:
    return f"session:{session}"


def account_key(account: object) -> str:
    return f"account:{account}"


class EndedAccess:
    """What this process knows of the ends."""

    def __init__(self, db: Database, every: float = _EVERY) -> None:
        self._db = db
        self._every = every
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._ends: dict[str, float] = {}

    def check(self, caller: Caller) -> None:
        """Raises Unauthorized where the token came before an end of its session or account, DatabaseUnavailable where
        nobody can tell."""
        if self._looked + self._every < time.monotonic():
            self._look()
        issued = float(caller.claims["iat"])
        for key in (session_key(caller.claims.get("sid")), account_key(caller.subject)):
            # A token says its second only: one of the same second as the end is refused too.
            if issued <= self._ends.get(key, float("-inf")):
                raise Unauthorized

    def _look(self) -> None:
        """One thread looks; the others go on with what was known half a second ago."""
        if not self._lock.acquire(blocking=self._looked == float("-inf")):
            return
        try:
            if self._looked + self._every >= time.monotonic():
                return
            with self._db.transaction(EVERY_TENANT) as tx:
                rows = tx.all("SELECT key, ended_at FROM ended_access")
            self._ends = {row["key"]: row["ended_at"].astimezone(UTC).timestamp() for row in rows}
            self._looked = time.monotonic()
        finally:
            self._lock.release()


def heard(_deps: Any, tx: Tx, event: Received) -> None:
    """The handler of whoever hears of an end: of a session, or where none is named of all tokens of an account."""
    session, account = event.data["session_id"], event.data["account_id"]
    keep(tx, session_key(session) if session else account_key(account), event.data["ended_at"])
