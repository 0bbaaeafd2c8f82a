"""The relay: reads the outbox in each office's order, publishes with confirms, marks what the broker confirmed.

Offices that wait share a batch, and one of them that tells more than its share goes by another queue (see
`kit.crowd`).

One is active per database (a session's advisory lock); others stand by. It reads, marks and holds the lock on
one connection: whoever loses the lock has also lost the outbox. Between confirm and mark a crash means that an
event is sent twice with the same id, which every inbox bears.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pika.exceptions
import psycopg2
import structlog

from kit.bus import topology
from kit.bus.asked import Message
from kit.bus.envelope import CONTENT_TYPE, encode
from kit.bus.publisher import Publisher
from kit.crowd import AT_ONCE, PER_SECOND, Crowd
from kit.db import Database, Row
from kit.errors import Retryable
from kit.metrics import OUTBOX_PUBLISHED, RELAY_ACTIVE

BATCH = 500
_LOCK = 7_140_215

# The offices that have something to tell, by skipping from one to the next in the index.
_OFFICES = """
WITH RECURSIVE office AS (
    (SELECT tenant FROM outbox WHERE published_at IS NULL ORDER BY tenant LIMIT 1)
    UNION ALL
    SELECT (SELECT o.tenant FROM outbox o WHERE published_at IS NULL AND o.tenant > office.tenant
            ORDER BY tenant LIMIT 1)
    FROM office WHERE office.tenant IS NOT NULL)
SELECT tenant FROM office WHERE tenant IS NOT NULL
"""
_NEXT = """
SELECT o.id, event_id, type, version, subject, sequence, o.tenant, time, data, trace FROM unnest(%s::text[]) AS office,
    LATERAL (SELECT * FROM outbox WHERE published_at IS NULL AND tenant = office ORDER BY id LIMIT %s) o
ORDER BY o.id
"""

# Offices that were over their share within the last hour: a hundred of their events went out within the time that gives
# a hundred back. Who sent them is not asked: an event may wait in a crowd's queue for longer than its relay lives.
_CROWDED = """
SELECT DISTINCT tenant FROM (
    SELECT tenant, published_at - lag(published_at, %(at_once)s) OVER office AS took
    FROM outbox WHERE published_at > clock_timestamp() - interval '1 hour'
    WINDOW office AS (PARTITION BY tenant ORDER BY published_at)) sent
WHERE took < make_interval(secs => %(seconds)s)
"""

log = structlog.get_logger()


class Relay:
    """Sends one service's outbox. `source` is the service's name in the events; the queues of `subscriptions` are
    declared before anything is sent, so that no consumer that starts later misses what came before."""

    def __init__(
        self,
        db: Database,
        amqp_url: str,
        source: str,
        *,
        subscriptions: Mapping[str, Sequence[str]] | None = None,
        idle: float = 0.03,
    ) -> None:
        self._db = db
        self._source = source
        self._publisher = Publisher(amqp_url, f"{source} relay", content_type=CONTENT_TYPE)
        self._amqp_url = amqp_url
        self._subscriptions = subscriptions or {}
        self._idle = idle
        self._crowd = Crowd(self._subscriptions)
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self.active = False

    def wake(self) -> None:
        """There may be something new: look now instead of at the next round."""
        self._woken.set()

    def stop(self) -> None:
        self._stopped.set()
        self._woken.set()

    def run(self) -> None:
        """Until stopped: become the active one, send, and begin anew with growing gaps after each failure."""
        gap = 0.5
        while not self._stopped.is_set():
            try:
                if self._run_while_active():
                    gap = 0.5
            except (Retryable, psycopg2.Error, pika.exceptions.AMQPError, OSError) as error:
                log.warning("the relay begins anew", reason=type(error).__name__)
            self._set_active(False)
            self._stopped.wait(gap)
            gap = min(gap * 2, 5)
        self._publisher.close()

    def _run_while_active(self) -> bool:
        connection = self._db.dedicated()
        try:
            if not _take_lock(connection):
                return False
            for queue, event_types in self._subscriptions.items():
                topology.declare(self._amqp_url, queue, event_types)
            self._crowd = Crowd(self._subscriptions)
            self._crowd.resume(_crowded(connection))
            self._set_active(True)
            while not self._stopped.is_set():
                if not self.run_once(connection):
                    self._woken.wait(self._idle)
                    self._woken.clear()
            return True
        finally:
            connection.close()

    def run_once(self, connection: Any) -> int:
        """Sends the next batch; how many events were confirmed. Each scan begins at the front: a transaction may
        commit a lower id late, and a later event about the same subject must not overtake it."""
        self._turn_offices()
        rows = _waiting(connection, self._crowd.held())
        if not rows:
            self._crowd.forget()
            return 0
        ways = {row["id"]: self._crowd.way(row["tenant"]) for row in rows}
        messages = [self._message(row, exchange) for row in rows if (exchange := ways[row["id"]])]
        messages.sort(key=lambda message: message.exchange == topology.CROWD_EXCHANGE)
        confirmed = self._publisher.publish(messages) if messages else []
        self._mark(connection, confirmed)
        self._note(rows, ways, set(confirmed))
        if len(confirmed) < len(messages):
            log.warning("events were not taken", count=len(messages) - len(confirmed), type=messages[-1].type)
            self._stopped.wait(0.5)
        return len(confirmed)

    def _turn_offices(self) -> None:
        queues = self._crowd.asks()
        if queues is not None:
            self._crowd.looked(self._publisher.lengths(queues) if queues else {})

    def _message(self, row: Row, exchange: str) -> Message:
        return Message(row["id"], row["type"], encode(self._source, row), str(row["event_id"]), row["type"], exchange)

    def _note(self, rows: Sequence[Row], ways: Mapping[int, str | None], confirmed: set[int]) -> None:
        OUTBOX_PUBLISHED.inc(len(confirmed))
        for row in rows:
            if row["id"] in confirmed and (exchange := ways[row["id"]]):
                self._crowd.sent(row["tenant"], row["type"], exchange)

    def _mark(self, connection: Any, confirmed: list[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY(%s)", [confirmed])
        connection.commit()

    def _set_active(self, active: bool) -> None:
        self.active = active
        RELAY_ACTIVE.set(1 if active else 0)


def _take_lock(connection: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        locked = bool(cursor.fetchone()[0])
    connection.commit()
    return locked


def _crowded(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_CROWDED, {"at_once": AT_ONCE, "seconds": AT_ONCE / PER_SECOND})
        found = [tenant for (tenant,) in cursor.fetchall()]
    connection.commit()
    return found


def _waiting(connection: Any, held: set[str]) -> list[Row]:
    """The next of each office, without those of which nothing goes out now."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFICES)
        offices = [tenant for (tenant,) in cursor.fetchall() if tenant not in held]
        if not offices:
            connection.commit()
            return []
        cursor.execute(_NEXT, [offices, max(1, BATCH // len(offices))])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    connection.commit()
    return rows
