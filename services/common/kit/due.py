"""What falls due: each thing in a transaction of its own, in the order of time; one that fails holds up nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from uuid import UUID

import structlog

from kit.clock import Clock
from kit.db import EVERY_TENANT, Database, Tx
from kit.problems import Unavailable

BATCH = 200
NEVER = datetime.max.replace(tzinfo=UTC)

Due = tuple[datetime, UUID]
Find = Callable[[Tx, datetime, Due | None, int], list[Due]]
"""`find(tx, now, after, limit)`: what is due by now, by instant and id, behind `after`."""
Act = Callable[[Tx, UUID], datetime | None]
"""`act(tx, id)`: does the next thing that is due for this one, under its row's lock. When the one after it is due, or
NEVER; None when nothing was due any more."""

log = structlog.get_logger()


def do_due(db: Database, clock: Clock, find: Find, act: Act) -> int:
    """Does all that is due in all offices; how much. What fails is left for the next round. Raises Unavailable."""
    done, after = 0, None
    while True:
        with db.transaction(EVERY_TENANT) as tx:
            due = find(tx, clock.now(), after, BATCH)
        if not due:
            return done
        after = due[-1]
        done += _in_order(db, clock, due, act)


def _in_order(db: Database, clock: Clock, due: list[Due], act: Act) -> int:
    """After a jump of the clock one may have several things to do, and another's come between them."""
    done = 0
    heapify(due)
    while due:
        _, one = heappop(due)
        again = _by_itself(db, act, one)
        if again is not None:
            done += 1
            if again <= clock.now():
                heappush(due, (again, one))
    return done


def _by_itself(db: Database, act: Act, one: UUID) -> datetime | None:
    with each_by_itself("what was due was not done", id=str(one)), db.transaction(EVERY_TENANT) as tx:
        return act(tx, one)
    return None


@contextmanager
def each_by_itself(said: str, **about: str) -> Iterator[None]:
    """What goes wrong within is on record, and the next one has its turn. Raises Unavailable: then nothing goes."""
    try:
        yield
    except Unavailable:
        raise
    except Exception:
        log.exception(said, **about)
