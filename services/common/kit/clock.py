"""Business time: machine time plus an offset that only a test system ever moves.

Each process follows the offset in its database within half a second. Business code asks the Clock that it
is handed, SQL included; leases, retries, token expiry and pruning use machine time.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from kit.db import EVERY_TENANT
from kit.problems import Unavailable

if TYPE_CHECKING:
    from kit.db import Database, Tx

log = structlog.get_logger()


class Clock(Protocol):
    """What business code is handed."""

    def now(self) -> datetime: ...


class MachineClock:
    """Machine time, for whoever decides by it how long to wait and has to be tried without waiting."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock for tests that stands until it is told."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class FollowingClock:
    """Machine time plus the offset in the database, looked at by a thread of its own."""

    def __init__(self, db: Database, *, every: float = 0.5) -> None:
        self._db = db
        self._every = every
        self._stopped = threading.Event()
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def start(self) -> FollowingClock:
        """Begins to follow (call it after a fork)."""
        self._look()
        threading.Thread(target=self._follow, name="clock", daemon=True).start()
        return self

    def stop(self) -> None:
        self._stopped.set()

    def _follow(self) -> None:
        while not self._stopped.wait(self._every):
            self._look()

    def _look(self) -> None:
        try:
            with self._db.transaction(EVERY_TENANT) as tx:
                self.offset = current_offset(tx)
        except Unavailable as error:
            log.warning("clock not read", reason=error.reason)


def current_offset(tx: Tx) -> timedelta:
    return timedelta(seconds=tx.value("SELECT offset_seconds FROM clock"))


def set_offset(tx: Tx, offset: timedelta, sequence: int | None = None) -> bool:
    """Moves the clock; with a sequence only if it is newer than the one kept. True when it moved."""
    moved = tx.execute(
        "UPDATE clock SET offset_seconds = %(offset)s, sequence = coalesce(%(sequence)s, sequence + 1)"
        " WHERE %(sequence)s::bigint IS NULL OR sequence < %(sequence)s",
        {"offset": offset.total_seconds(), "sequence": sequence},
    )
    return moved == 1
