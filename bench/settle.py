"""Waits until what one side left behind is done, so that it does not slow the other side down."""

from __future__ import annotations

import time

import pika
import psycopg2

from deploy.local.stack import Stack
from kit.bus import topology

SERVICES = ("intake", "verification", "documents", "notify")
_BUSY = """
SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL)
     + (SELECT count(*) FROM job WHERE state = 'running' OR (state = 'ready' AND run_at <= clock_timestamp()))
"""


class Settling:
    """Waits after each round and keeps how long it took."""

    def __init__(self, stack: Stack, within: float) -> None:
        self._databases = [stack.superuser_url(service) for service in SERVICES]
        self._amqp = stack.amqp_url
        self._within = within
        self.waits: list[float] = []
        self.unsettled = 0

    def wait(self) -> None:
        """Until outboxes, jobs and queues are empty, seen twice; or until the time is over, which is counted."""
        began = time.monotonic()
        calm = 0
        while calm < 2:
            if time.monotonic() - began > self._within:
                self.unsettled += 1
                break
            calm = 0 if self._busy() else calm + 1
            time.sleep(0.25)
        self.waits.append(time.monotonic() - began)

    def note(self) -> str:
        """What the reader should know of it."""
        text = f"events and jobs that a round left were done {max(self.waits):.1f} s later at most (not timed)"
        return text + (f"; {self.unsettled} times not within {self._within:g} s" if self.unsettled else "")

    def _busy(self) -> bool:
        return any(_count(url) for url in self._databases) or self._queued() > 0

    def _queued(self) -> int:
        connection = pika.BlockingConnection(pika.URLParameters(self._amqp))
        try:
            channel = connection.channel()
            names = [name for service in SERVICES for name in (service, topology.crowd_queue(service))]
            return sum(int(channel.queue_declare(name, passive=True).method.message_count) for name in names)
        finally:
            connection.close()


def _count(url: str) -> int:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_BUSY)
            return sum(int(row[0]) for row in cursor.fetchall())
    finally:
        connection.close()
