"""Tokens that count no more although their time is not up: a session was ended, an account closed or changed.

The end is a row in each service's database; each process looks at them at most twice a second, with the first request
that comes then. A row is kept for a day, which is longer than any token lives.

An ended session never goes on: none of its tokens counts. An account does go on, with other roles: then those of its
tokens count no more that name an epoch before the one that began, and those that were made until its time. The epoch
is exact, since it is read and changed with the roles; a time is not: roles that were read just before may be signed
just after. Where no epoch is named, by a token or by an end, the time alone decides.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kit.auth import EPOCH, Caller
from kit.bus.envelope import Received
from kit.db import EVERY_TENANT, Database, Row, Tx
from kit.problems import Unauthorized

_EVERY = 0.5


@dataclass(frozen=True)
class _End:
    """Of an account's tokens."""

    at: float
    epoch: int | None

    def ends(self, claims: dict[str, Any]) -> bool:
        named = claims.get(EPOCH)
        if isinstance(named, int) and self.epoch is not None and named < self.epoch:
            return True
        return float(claims["iat"]) <= self.at


def keep(tx: Tx, key: str, ended_at: datetime, epoch: int | None = None) -> None:
    """Tokens of this session count no more; of an account those of before `epoch`, and those made until `ended_at`."""
    tx.execute(
        "INSERT INTO ended_access AS e (key, ended_at, epoch) VALUES (%s, %s, %s) ON CONFLICT (key) DO UPDATE"
        " SET ended_at = greatest(e.ended_at, excluded.ended_at), epoch = greatest(e.epoch, excluded.epoch)",
        [key, ended_at, epoch],
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
        self._ends: dict[str, _End] = {}

    def check(self, caller: Caller) -> None:
        """Raises Unauthorized where its session has ended, or the token came before an end of its account;
        DatabaseUnavailable where nobody can tell."""
        if self._looked + self._every < time.monotonic():
            self._look()
        _judge(caller, self._ends)

    def _look(self) -> None:
        """One thread looks; the others go on with what was known half a second ago."""
        if not self._lock.acquire(blocking=self._looked == float("-inf")):
            return
        try:
            if self._looked + self._every >= time.monotonic():
                return
            with self._db.transaction(EVERY_TENANT) as tx:
                rows = tx.all("SELECT key, ended_at, epoch FROM ended_access")
            self._ends = _read(rows)
            self._looked = time.monotonic()
        finally:
            self._lock.release()


def check_now(tx: Tx, caller: Caller) -> None:
    """The same by what is committed at this moment, for what a caller asks to be done after his token: until the end of
    the transaction whoever ends his account waits, if he does `wait_for` it: so he finds all that was asked for before
    the end, and nothing is asked for after it. Raises Unauthorized."""
    wait_for(tx, caller.subject)
    keys = [session_key(caller.claims.get("sid")), account_key(caller.subject)]
    _judge(caller, _read(tx.all("SELECT key, ended_at, epoch FROM ended_access WHERE key = ANY(%s)", [keys])))


def wait_for(tx: Tx, account: object) -> None:
    """Until whoever asks for something with this account's token, or ends it, has committed."""
    tx.later("SELECT pg_advisory_xact_lock(hashtextextended('ended ' || %s, 0))", [account_key(account)])


def _judge(caller: Caller, ends: Mapping[str, _End]) -> None:
    if session_key(caller.claims.get("sid")) in ends:
        raise Unauthorized
    end = ends.get(account_key(caller.subject))
    if end is not None and end.ends(caller.claims):
        raise Unauthorized


def _read(rows: Iterable[Row]) -> dict[str, _End]:
    return {row["key"]: _End(row["ended_at"].astimezone(UTC).timestamp(), row["epoch"]) for row in rows}


def heard(_deps: Any, tx: Tx, event: Received) -> None:
    """The handler of whoever hears of an end: of a session, or where none is named of all tokens of an account."""
    session, account = event.data["session_id"], event.data["account_id"]
    key = session_key(session) if session else account_key(account)
    keep(tx, key, event.data["ended_at"], event.data["epoch"])
