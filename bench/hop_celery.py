"""The same four hops in Celery: late acknowledgement, publisher confirms, the same effect in the same database."""

from __future__ import annotations

import os
import uuid
from functools import cache
from typing import Any

import psycopg2
from celery import Celery

LAST = 4

app = Celery("hops", broker=os.environ.get("BENCH_AMQP"))
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=50,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
)


def queue(hop: int) -> str:
    """The queue that a hop consumes."""
    return f"celery.hop{hop}"


@cache
def _connection() -> Any:
    return psycopg2.connect(os.environ["BENCH_DB"])


@app.task(name="hop")
def work(hop: int, run: str) -> None:
    """Writes one effect and sends the next task; the last one sends none."""
    with _connection() as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_effect (id, run) VALUES (%s, %s)", [str(uuid.uuid4()), run])
    if hop < LAST:
        app.send_task("hop", [hop + 1, run], queue=queue(hop + 1))
