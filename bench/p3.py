"""P3: event hops through four databases by our relay and consumer ÷ the same four hops in Celery, on one broker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg2

from bench import hop_ours
from bench.measure import Result, interleave
from bench.settle import SERVICES
from deploy.local.stack import Stack

HOPS = len(SERVICES)
_WITHIN = 90.0
_ROOT = Path(__file__).parent.parent
_TABLE = """
CREATE TABLE IF NOT EXISTS bench_effect (id uuid PRIMARY KEY, run text NOT NULL);
GRANT SELECT, INSERT ON bench_effect TO PUBLIC
"""
_TELL = """
INSERT INTO outbox (event_id, type, version, subject, sequence, tenant, time, data)
SELECT gen_random_uuid(), %s, 1, %s || n, 1, 'bench', clock_timestamp(), %s FROM generate_series(1, %s) n
"""


def run(stack: Stack, *, cases: int, rounds: int) -> Result:
    """Four hops a case, timed until the last hop's effects are all there. The services' own processes are stopped
    first: one relay is active per database."""
    for service in SERVICES:
        for role in ("web", "worker"):
            stack.stop(service, role)
        _execute(stack.superuser_url(service), _TABLE)
    with ExitStack() as workers:
        workers.enter_context(_our_workers(stack))
        workers.enter_context(_celery_workers(stack))
        _ours(stack, cases // 10), _celery(stack, cases // 10)
        mine, others = interleave([lambda: _ours(stack, cases), lambda: _celery(stack, cases)], rounds)
    return Result(
        "P3 event hops through four services ÷ Celery", "per second", 1.5, mine, others,
        notes=[
            f"{cases:,} cases a round; ours: inbox, effect and outbox row, a commit for each batch, quorum queues",
            "Celery: the effect, a commit for each task, classic queues, -c 1, confirms, late acknowledgement",
        ],
    )  # fmt: skip


def _ours(stack: Stack, cases: int) -> float:
    """The first events are in the first service's outbox at once; that its relay sends them is in the time."""
    name = uuid.uuid4().hex
    began = time.monotonic()
    told = [hop_ours.event_type(1), name, f'{{"run": "{name}"}}', cases]
    _execute(stack.database_url(SERVICES[0]), _TELL, told)
    return _rate(stack, name, cases, began)


def _celery(stack: Stack, cases: int) -> float:
    """The first tasks are sent while the workers already work."""
    from bench.hop_celery import app, queue

    name = uuid.uuid4().hex
    app.conf.broker_url = stack.amqp_url
    began = time.monotonic()
    with app.connection_for_write() as connection, app.amqp.Producer(connection) as producer:
        for _ in range(cases):
            app.send_task("hop", [1, name], queue=queue(1), producer=producer)
    return _rate(stack, name, cases, began)


def _rate(stack: Stack, name: str, cases: int, began: float) -> float:
    connection = psycopg2.connect(stack.superuser_url(SERVICES[-1]))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            while time.monotonic() - began < _WITHIN:
                cursor.execute("SELECT count(*) FROM bench_effect WHERE run = %s", [name])
                if cursor.fetchone() == (cases,):
                    return HOPS * cases / (time.monotonic() - began)
                time.sleep(0.02)
    finally:
        connection.close()
    raise RuntimeError(f"the hops did not end within {_WITHIN:g} s")


def _execute(url: str, sql: str, values: list[object] | None = None) -> None:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
    finally:
        connection.close()


@contextmanager
def _our_workers(stack: Stack) -> Iterator[None]:
    from kit.bus import topology

    for hop in range(1, HOPS + 1):
        topology.declare(stack.amqp_url, hop_ours.queue(hop), [hop_ours.event_type(hop)])
    with _running(stack, lambda _hop: ["bench.hop_ours"]):
        yield


@contextmanager
def _celery_workers(stack: Stack) -> Iterator[None]:
    def command(hop: int) -> list[str]:
        return [
            "celery", "-A", "bench.hop_celery", "worker", "-Q", f"celery.hop{hop}", "-c", "1", "-n", f"hop{hop}@bench",
            "--loglevel", "ERROR", "--without-gossip", "--without-mingle",
        ]  # fmt: skip

    with _running(stack, command):
        yield


@contextmanager
def _running(stack: Stack, command: Callable[[int], list[str]]) -> Iterator[None]:
    workers = []
    try:
        for hop, service in enumerate(SERVICES, 1):
            environment = os.environ | {
                "BENCH_AMQP": stack.amqp_url,
                "BENCH_DB": stack.database_url(service),
                "BENCH_HOP": str(hop),
                "C_FORCE_ROOT": "1",
                "PYTHONWARNINGS": "ignore",  # that a worker of the benchmark runs as root
            }
            line = [sys.executable, "-m", *command(hop)]
            workers.append(subprocess.Popen(line, env=environment, cwd=_ROOT, stdout=subprocess.DEVNULL))
        yield
    finally:
        _end(workers)


def _end(workers: list[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        try:
            worker.wait(timeout=10)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
