"""The broker and the database away, frozen, restarted: nothing is lost and no process is started again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from deploy.local.stack import Stack
from kit.bus import topology
from kit.bus.asked import Message
from kit.bus.publisher import BrokerUnavailable, Publisher
from kit.db import Database, DatabaseUnavailable
from kit.relay import Relay
from tests.integration.kit.test_bus import consumer, running, tell
from tests.support.eventually import eventually


@pytest.fixture
def short_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topology, "HEARTBEAT", 4)


@pytest.fixture
def thawed(parts: Stack) -> Iterator[None]:
    yield
    for part in ("rabbitmq", "postgres"):
        parts.thaw(part)


def flow(db: Database, parts: Stack, queue: str) -> tuple[Relay, Any, list[int]]:
    seen: list[int] = []
    receiver = consumer(db, parts, queue, lambda tx, event: seen.append(event.data["n"]))
    return Relay(db, parts.amqp_url, "test"), receiver, seen


def test_a_restarted_broker_is_found_again_and_nothing_is_lost(db: Database, parts: Stack, queue: str) -> None:
    relay, receiver, seen = flow(db, parts, queue)
    with running(relay, receiver):
        eventually(lambda: receiver.subscribed)
        tell(db, f"{queue}.told", n=1)
        eventually(lambda: seen == [1])
        parts.kill_part("rabbitmq")
        for number in range(2, 50):
            tell(db, f"{queue}.told", n=number)
        parts.start_part("rabbitmq")
        eventually(lambda: len(set(seen)) == 49, within=30)
    assert sorted(set(seen)) == list(range(1, 50))


def test_a_frozen_broker_is_left_and_found_again(
    db: Database, parts: Stack, queue: str, short_heartbeat: None, thawed: None
) -> None:
    relay, receiver, seen = flow(db, parts, queue)
    with running(relay, receiver):
        eventually(lambda: receiver.subscribed)
        parts.freeze("rabbitmq")
        tell(db, f"{queue}.told", n=1)
        eventually(lambda: not receiver.subscribed, within=2 * (4 + 5) + 4, what="pika checks every heartbeat + 5 s")
        parts.thaw("rabbitmq")
        eventually(lambda: seen == [1], within=40)


def test_a_frozen_broker_ends_a_publish_within_its_time(parts: Stack, queue: str, thawed: None) -> None:
    publisher = Publisher(parts.amqp_url, "test", content_type="text/plain", timeout=2)
    topology.declare(parts.amqp_url, queue, [f"{queue}.told"])
    message = Message(1, f"{queue}.told", b"{}", "id-1", f"{queue}.told")
    assert publisher.publish([message]) == [1]
    parts.freeze("rabbitmq")
    began = time.monotonic()
    with pytest.raises(BrokerUnavailable):
        publisher.publish([message])
    assert time.monotonic() - began < 8
    parts.thaw("rabbitmq")
    eventually(lambda: publish_when_there(publisher, message) == [1], within=30)
    publisher.close()


def publish_when_there(publisher: Publisher, message: Message) -> list[int]:
    try:
        return publisher.publish([message])
    except BrokerUnavailable:
        return []


def test_a_broker_that_blocks_publishers_holds_events_back_and_loses_none(
    db: Database, parts: Stack, queue: str
) -> None:
    relay, receiver, seen = flow(db, parts, queue)
    with running(relay, receiver):
        eventually(lambda: receiver.subscribed)
        tell(db, f"{queue}.told", n=0)
        eventually(lambda: seen == [0])
        parts.rabbitmqctl("set_vm_memory_high_watermark", "0.0001")
        try:
            for number in range(1, 20):
                tell(db, f"{queue}.told", n=number)
            eventually(lambda: relay._publisher.blocked, within=20)
            assert len(seen) < 20
        finally:
            parts.rabbitmqctl("set_vm_memory_high_watermark", "0.4")
        eventually(lambda: len(set(seen)) == 20, within=40)


def test_an_event_that_no_queue_takes_is_kept_and_sent_when_one_does(db: Database, parts: Stack, queue: str) -> None:
    relay, receiver, seen = flow(db, parts, queue)
    with running(relay):
        tell(db, f"{queue}.told", n=1)
        eventually(lambda: relay.active)
        with running(receiver):
            eventually(lambda: seen == [1])


def test_a_restarted_database_costs_at_most_one_failure_per_pooled_connection(db: Database, parts: Stack) -> None:
    for _ in range(3):
        with db.transaction("office") as tx:
            tx.value("SELECT 1")
    parts.kill_part("postgres")
    with pytest.raises(DatabaseUnavailable), db.transaction("office") as tx:
        tx.value("SELECT 1")
    parts.start_part("postgres")
    failures = 0
    for _ in range(30):
        try:
            with db.transaction("office") as tx:
                assert tx.value("SELECT 1") == 1
        except DatabaseUnavailable:
            failures += 1
    assert failures <= 10


def test_one_lost_connection_takes_the_idle_ones_with_it(db: Database, parts: Stack) -> None:
    with ThreadPoolExecutor(8) as pool:  # eight connections, used just now and therefore not looked at before use
        list(pool.map(lambda _: value_after(db, 0.2), range(8)))
        parts.kill_part("postgres")
        parts.start_part("postgres")
    failures = 0
    for _ in range(8):
        try:
            value_after(db, 0)
        except DatabaseUnavailable:
            failures += 1
    assert failures <= 1


def value_after(db: Database, seconds: float) -> int:
    with db.transaction("office") as tx:
        return int(tx.value("SELECT 1 FROM pg_sleep(%s)", [seconds]))


def test_a_frozen_database_ends_a_wait_within_its_time_and_serves_again(
    runtime_url: str, parts: Stack, thawed: None
) -> None:
    db = Database(runtime_url, timeout=1.5, pool_timeout=1)
    with db.transaction("office") as tx:
        tx.value("SELECT 1")
    parts.freeze("postgres")
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable), db.transaction("office") as tx:
        tx.value("SELECT 1")
    assert time.monotonic() - began < 8
    parts.thaw("postgres")
    with db.transaction("office") as tx:
        assert tx.value("SELECT 1") == 1
    db.close()


def handled(db: Database) -> int | None:
    """How many events; None when a pooled connection turns out to be lost, which costs one try."""
    try:
        with db.transaction("*") as tx:
            return int(tx.value("SELECT count(*) FROM inbox"))
    except DatabaseUnavailable:
        return None


def test_messages_wait_while_the_database_is_away_and_are_then_done_once(
    db: Database, parts: Stack, queue: str
) -> None:
    relay, receiver, seen = flow(db, parts, queue)
    with running(relay, receiver):
        eventually(lambda: receiver.subscribed and relay.active)
        for number in range(100):
            tell(db, f"{queue}.told", n=number)
        parts.kill_part("postgres")
        parts.start_part("postgres")
        # A message that was seen as the database died is not done: it comes again, while there is a receiver.
        eventually(lambda: handled(db) == 100, within=60)
    assert sorted(set(seen)) == list(range(100))
