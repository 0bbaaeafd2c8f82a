"""Going through many rows, a transaction a batch: nobody else waits for longer than one batch takes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from kit.db import EVERY_TENANT, Database, Tx


def each_batch(db: Database, work: Callable[[Tx, UUID | None], list[UUID]]) -> int:
    """Calls `work(tx, after)` until it returns no more ids; how many there were. It locks the rows that it reads, so
    that it tells no older state than the one that somebody is writing."""
    count, after = 0, None
    while True:
        with db.transaction(EVERY_TENANT) as tx:
            done = work(tx, after)
        if not done:
            return count
        count, after = count + len(done), done[-1]
