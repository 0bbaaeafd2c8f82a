"""The path of a change, cut off at each point: a process that ends there by force, then one that goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deploy.local.stack import Stack
from kit import outbox
from kit.bus import dead, topology
from kit.db import Database
from tests.integration.kit.test_bus import NOW, tell, unsent
from tests.support.eventually import eventually

PRELUDE = """
import os, sys, threading
from kit import outbox
from kit.bus import consumer
from kit.db import Database
from kit.relay import Relay
url, amqp, queue = sys.argv[1:]
db = Database(url)
def die(*_args, **_more):
    os._exit(9)
def handle(tx, event):
    tx.execute("INSERT INTO effect (event_id) VALUES (%s)", [event.id])
def relay():
    Relay(db, amqp, "test").run()
def consume():
    consumer.Consumer(db, amqp, queue, {f"{queue}.told": handle}, read=lambda event: event).run()
"""

CRASHES = {
    "before the commit of the change": """
from datetime import datetime, UTC
with db.transaction("office") as tx:
    outbox.add(tx, outbox.Event(f"{queue}.told", "s", "office", datetime.now(UTC), {}))
    tx.value("SELECT 1")  # it is with the server now
    die()
""",
    "before publishing": "Relay._message = die\nrelay()",
    "between the broker's confirm and the mark": "Relay._mark = die\nrelay()",
    "before the commit of the effect": "handle = die\nconsume()",
    "between the commit of the effect and the acknowledgement": "consumer.Consumer._acknowledge = die\nconsume()",
}


@pytest.fixture
def effects(db: Database, parts: Stack) -> None:
    import psycopg2

    with psycopg2.connect(parts.database_url("notify", "owner")) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS effect (event_id uuid)")
        cursor.execute("DELETE FROM effect")


def start(db: Database, parts: Stack, queue: str, code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PRELUDE + code, db.url, parts.amqp_url, queue])


def effect_count(db: Database) -> tuple[int, int]:
    with db.transaction("*") as tx:
        row = tx.one("SELECT count(*) AS effects, count(DISTINCT event_id) AS events FROM effect")
    assert row is not None
    return row["effects"], row["events"]


@pytest.mark.parametrize("where", CRASHES)
def test_a_crash_loses_nothing_and_doubles_nothing(
    where: str, db: Database, parts: Stack, queue: str, effects: None
) -> None:
    topology.declare(parts.amqp_url, queue, [f"{queue}.told"])
    expected = 0
    if "change" not in where:
        for number in range(20):
            tell(db, f"{queue}.told", f"case-{number % 3}", n=number)
        expected = 20
    running = []
    if "effect" in where:  # the consumer is to crash: let the messages be there
        running.append(start(db, parts, queue, "relay()"))
    crashing = start(db, parts, queue, CRASHES[where])
    try:
        assert crashing.wait(timeout=20) == 9
        running += [start(db, parts, queue, code) for code in ("relay()", "consume()")]
        tell(db, f"{queue}.told", "last", n=99)
        eventually(lambda: effect_count(db) == (expected + 1, expected + 1), within=20)
        eventually(lambda: unsent(db) == 0)
    finally:
        for process in [crashing, *running]:
            process.kill()
            process.wait()
    assert effect_count(db) == (expected + 1, expected + 1)
    assert dead.count(parts.amqp_url, queue) == 0


def test_an_event_is_told_with_its_change_or_not_at_all(db: Database) -> None:
    with pytest.raises(RuntimeError), db.transaction("office") as tx:
        outbox.add(tx, outbox.Event("any.told", "s", "office", NOW, {}))
        raise RuntimeError
    assert unsent(db) == 0
