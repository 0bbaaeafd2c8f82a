"""P3: event hops through four databases by our relay and consumer, beside the same four hops in Celery."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

from bench.measure import Result, interleave
from deploy.local.stack import Stack

SERVICES = ("intake", "verification", "documents", "notify")

# One process per hop: consumer and relay, as a worker has them. The effect is one row; the last hop tells nobody.
OURS = """
import sys, threading
from datetime import UTC, datetime
from kit import outbox
from kit.bus.consumer import Consumer
from kit.db import Database
from kit.relay import Relay
url, amqp, hop = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = Database(url)
def handle(tx, event):
    tx.execute("INSERT INTO bench_effect (id, run) VALUES (%s, %s)", [event.id, event.data["run"]])
    if hop < 4:
        outbox.add(tx, outbox.Event(f"bench.hop{hop + 1}", event.subject, "bench", datetime.now(UTC), event.data))
relay = Relay(db, amqp, f"bench{hop}")
consumer = Consumer(db, amqp, f"bench.queue{hop}", {f"bench.hop{hop}": handle}, read=lambda event: event,
                    after_commit=relay.wake)
threading.Thread(target=relay.run, daemon=True).start()
consumer.run()
"""

CELERY = """
import os, psycopg2
from celery import Celery
app = Celery("hops", broker=os.environ["BENCH_AMQP"])
app.conf.update(task_acks_late=True, broker_transport_options={"confirm_publish": True}, task_ignore_result=True,
                worker_prefetch_multiplier=50, task_default_delivery_mode=2, broker_connection_retry_on_startup=True)
connection = None
def effect(run):
    global connection
    if connection is None:
        connection = psycopg2.connect(os.environ["BENCH_DB"])
    with connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_effect (id, run) VALUES (gen_random_uuid(), %s)", [run])
def hop(number):
    @app.task(name=f"hop{number}")
    def work(case, run):
        effect(run)
        if number < 4:
            app.send_task(f"hop{number + 1}", [case, run], queue=f"celery.hop{number + 1}")
    return work
for number in range(1, 5):
    hop(number)
"""


def p3(stack: Stack, *, cases: int, rounds: int) -> Result:
    """Hops per second: four for each case, counted when the last hop's effect is there."""
    for service in SERVICES:
        _execute(stack.database_url(service, "owner"), "CREATE TABLE IF NOT EXISTS bench_effect (id uuid, run text)")
    with _our_workers(stack), _celery_workers(stack):
        return interleave(
            "P3 event hops/s through four services ÷ the same in Celery",
            lambda: _ours(stack, cases),
            lambda: _celery(stack, cases),
            rounds=rounds, goal=1.5, unit="hops/s",
        )  # fmt: skip


def _ours(stack: Stack, cases: int) -> float:
    """The first hop's events are put into the first service's outbox, as a request would; its relay sends them."""
    run = uuid.uuid4().hex
    began = time.monotonic()
    connection = psycopg2.connect(stack.database_url("intake"))
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox (event_id, type, version, subject, sequence, tenant, time, data)"
            " SELECT gen_random_uuid(), 'bench.hop1', 1, %s || n, 1, 'bench', now(), %s FROM generate_series(1, %s) n",
            [run, f'{{"run": "{run}"}}', cases],
        )
    connection.close()
    return _rate(stack, run, cases, began)


def _celery(stack: Stack, cases: int) -> float:
    from celery import Celery

    run = uuid.uuid4().hex
    app = Celery("hops", broker=stack.amqp_url)
    began = time.monotonic()
    with app.connection_for_write() as connection, connection.channel() as channel:
        producer = app.amqp.Producer(channel)
        for number in range(cases):
            app.send_task("hop1", [number, run], queue="celery.hop1", producer=producer)
    return _rate(stack, run, cases, began)


def _rate(stack: Stack, run: str, cases: int, began: float) -> float:
    connection = psycopg2.connect(stack.database_url("notify"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            while time.monotonic() - began < 120:
                cursor.execute("SELECT count(*) FROM bench_effect WHERE run = %s", [run])
                if cursor.fetchone() == (cases,):
                    return 4 * cases / (time.monotonic() - began)
                time.sleep(0.02)
    finally:
        connection.close()
    raise RuntimeError("the hops did not end within two minutes")


def _execute(url: str, sql: str) -> None:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


@contextmanager
def _our_workers(stack: Stack) -> Iterator[None]:
    from kit.bus import topology

    for hop in range(1, 5):
        topology.declare(stack.amqp_url, f"bench.queue{hop}", [f"bench.hop{hop}"])
    workers = [
        subprocess.Popen([sys.executable, "-c", OURS, stack.database_url(service), stack.amqp_url, str(hop)])
        for hop, service in enumerate(SERVICES, 1)
    ]
    with _ended(workers):
        yield


@contextmanager
def _celery_workers(stack: Stack) -> Iterator[None]:
    folder = tempfile.mkdtemp(prefix="bench-celery-")
    with open(os.path.join(folder, "hops.py"), "w", encoding="ascii") as file:
        file.write(CELERY)
    workers = [
        subprocess.Popen(
            [
                sys.executable, "-m", "celery", "-A", "hops", "worker", "-Q", f"celery.hop{hop}", "-c", "1",
                "-n", f"hop{hop}@bench", "--loglevel", "ERROR", "--without-gossip", "--without-mingle",
            ],
            cwd=folder,
            env=os.environ
            | {"BENCH_AMQP": stack.amqp_url, "BENCH_DB": stack.database_url(service), "C_FORCE_ROOT": "1"},
        )
        for hop, service in enumerate(SERVICES, 1)
    ]  # fmt: skip
    with _ended(workers):
        yield


@contextmanager
def _ended(workers: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    try:
        yield
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            try:
                worker.wait(timeout=10)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
