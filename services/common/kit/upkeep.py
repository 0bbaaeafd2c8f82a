"""What keeps the tables small and the gauges true: expired leases, pruning, figures. Machine time.

Published periods: sent events 7 days, inbox 30 days, kept answers 48 hours, refused attempts 90 days,
counts of strangers an hour, ends of sessions a day.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import pika.exceptions
import structlog

from kit import chain, jobs
from kit.bus import dead
from kit.db import EVERY_TENANT, Database
from kit.metrics import AUDIT_TAIL, DEAD_LETTERS, JOBS_WAITING, OUTBOX_AGE
from kit.problems import Unavailable

_PRUNE = (
    ("outbox", "published_at", "7 days"),
    ("inbox", "received_at", "30 days"),
    ("inbox_attempt", "last_at", "30 days"),
    ("idempotency", "created_at", "48 hours"),
    ("refused_access", "at", "90 days"),
    ("rate", "full_at", "1 hour"),
    ("ended_access", "ended_at", "1 day"),
)

log = structlog.get_logger()


def run(db: Database, settings: Any, queue: str, stopped: threading.Event) -> None:
    """Every 5 seconds leases, every 15 the gauges, every hour pruning, until stopped."""
    last_gauges = last_prune = 0.0
    while not stopped.wait(5):
        try:
            jobs.release_expired(db)
            if time.monotonic() - last_gauges > 15:
                last_gauges = time.monotonic()
                measure(db)
                DEAD_LETTERS.set(dead.count(settings.amqp_url, queue))
            if time.monotonic() - last_prune > 3600:
                last_prune = time.monotonic()
                prune(db)
        except (Unavailable, pika.exceptions.AMQPError, OSError) as error:
            log.warning("upkeep waits", reason=type(error).__name__)


def prune(db: Database) -> None:
    """Deletes what is past its period, in batches, so that no long transaction holds up the vacuum."""
    for table, column, period in _PRUNE:
        deleted = 1000
        while deleted == 1000:
            with db.transaction(EVERY_TENANT) as tx:
                deleted = tx.execute(
                    f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table}"
                    f" WHERE {column} < clock_timestamp() - interval '{period}' LIMIT 1000))"
                )


def measure(db: Database) -> None:
    AUDIT_TAIL.set(chain.tail(db).seconds)
    with db.transaction(EVERY_TENANT) as tx:
        age = tx.value(
            "SELECT extract(epoch FROM clock_timestamp() - recorded_at) FROM outbox"
            " WHERE published_at IS NULL ORDER BY id LIMIT 1"
        )
        OUTBOX_AGE.set(float(age or 0))
        waiting = {row["state"]: row["count"] for row in tx.all("SELECT state, count(*) FROM job GROUP BY state")}
    for state in ("ready", "running", "dead"):
        JOBS_WAITING.labels(state).set(waiting.get(state, 0))
