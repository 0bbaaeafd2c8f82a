"""Outbox to inbox through a real broker."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pika
import pytest

from deploy.local.stack import Stack
from kit import crowd as crowding
from kit import outbox
from kit.bus import dead, topology
from kit.bus.consumer import Consumer
from kit.bus.envelope import Received
from kit.db import Database, Tx
from kit.errors import Permanent, Retryable
from kit.relay import Relay
from tests.support.eventually import eventually

NOW = datetime(2026, 8, 14, 1, 0, tzinfo=UTC)


def tell(db: Database, event_type: str, subject: str = "case-1", **data: Any) -> None:
    with db.transaction("office") as tx:
        outbox.add(tx, outbox.Event(event_type, subject, "office", NOW, data))


@contextmanager
def running(*loops: Any) -> Iterator[None]:
    threads = [threading.Thread(target=loop.run, daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.stop()
        for thread in threads:
            thread.join(timeout=20)
        assert not any(thread.is_alive() for thread in threads)


def consumer(db: Database, parts: Stack, queue: str, handle: Callable[[Tx, Received], None]) -> Consumer:
    return Consumer(db, parts.amqp_url, queue, {f"{queue}.told": handle}, read=lambda event: event)


def both(db: Database, parts: Stack, queue: str, handle: Callable[[Tx, Received], None]) -> list[Consumer]:
    """A consumer for each of the two queues, as a worker has them."""
    return [
        Consumer(db, parts.amqp_url, queue, {f"{queue}.told": handle}, read=lambda event: event, crowd=crowd)
        for crowd in (False, True)
    ]


def relay(db: Database, parts: Stack, queue: str) -> Relay:
    """One that knows who listens."""
    return Relay(db, parts.amqp_url, "test", subscriptions={queue: [f"{queue}.told"]})


def unsent(db: Database) -> int:
    with db.transaction("*") as tx:
        return int(tx.value("SELECT count(*) FROM outbox WHERE published_at IS NULL"))


def inbox_size(db: Database) -> int:
    with db.transaction("*") as tx:
        return int(tx.value("SELECT count(*) FROM inbox"))


def publish_raw(parts: Stack, queue: str, body: bytes) -> None:
    connection = pika.BlockingConnection(topology.parameters(parts.amqp_url, "test"))
    connection.channel().basic_publish("", queue, body, pika.BasicProperties(message_id="raw", type="raw"))
    connection.close()


def test_events_reach_the_consumer_in_the_order_of_their_subject(db: Database, parts: Stack, queue: str) -> None:
    seen: list[tuple[int, int]] = []
    receivers = both(db, parts, queue, lambda tx, event: seen.append((event.sequence, event.data["n"])))
    with running(relay(db, parts, queue), *receivers):
        eventually(lambda: all(one.subscribed for one in receivers))
        for number in range(1, 301):
            tell(db, f"{queue}.told", n=number)
        eventually(lambda: len(seen) == 300)
    assert seen == [(number, number) for number in range(1, 301)]
    assert unsent(db) == 0


def test_an_event_that_commits_late_is_sent_while_newer_ones_keep_coming(
    db: Database, parts: Stack, queue: str
) -> None:
    seen: list[int] = []
    receiver = consumer(db, parts, queue, lambda tx, event: seen.append(event.data["n"]))
    with running(Relay(db, parts.amqp_url, "test"), receiver):
        eventually(lambda: receiver.subscribed)
        with db.transaction("office") as slow:
            outbox.add(slow, outbox.Event(f"{queue}.told", "slow", "office", NOW, {"n": -1}))
            tell(db, f"{queue}.told", "first", n=0)
            eventually(lambda: seen == [0])
        for number in range(1, 2000):
            tell(db, f"{queue}.told", f"case-{number}", n=number)
            if -1 in seen:
                break
        assert -1 in seen


def test_an_event_of_a_rolled_back_transaction_is_never_told(db: Database, parts: Stack, queue: str) -> None:
    seen: list[int] = []
    receiver = consumer(db, parts, queue, lambda tx, event: seen.append(event.data["n"]))
    with running(Relay(db, parts.amqp_url, "test"), receiver):
        eventually(lambda: receiver.subscribed)
        with pytest.raises(ZeroDivisionError), db.transaction("office") as tx:
            outbox.add(tx, outbox.Event(f"{queue}.told", "s", "office", NOW, {"n": 1}))
            _ = 1 / 0
        tell(db, f"{queue}.told", "s", n=2)
        eventually(lambda: seen)
    assert seen == [2]


def test_what_was_sent_before_a_consumer_first_started_is_there_when_it_does(
    db: Database, parts: Stack, queue: str
) -> None:
    early, late = f"{queue}.told", f"{queue}-late"
    topology.declare(parts.amqp_url, queue, [early])  # one consumer is there already: the broker takes the event
    with running(Relay(db, parts.amqp_url, "test", subscriptions={queue: [early], late: [early]})):
        tell(db, early, n=1)
        eventually(lambda: unsent(db) == 0)
    seen: list[int] = []
    receiver = Consumer(
        db, parts.amqp_url, late, {early: lambda tx, event: seen.append(event.data["n"])}, read=lambda event: event
    )
    with running(receiver):
        eventually(lambda: seen == [1])


def test_a_repeated_delivery_has_no_second_effect(db: Database, parts: Stack, queue: str) -> None:
    seen: list[int] = []
    receiver = consumer(db, parts, queue, lambda tx, event: seen.append(event.data["n"]))
    with running(Relay(db, parts.amqp_url, "test"), receiver):
        eventually(lambda: receiver.subscribed)
        tell(db, f"{queue}.told", n=1)
        eventually(lambda: seen)
        with db.transaction("*") as tx:  # what a crash between confirm and mark leaves behind
            tx.execute("UPDATE outbox SET published_at = NULL")
        eventually(lambda: unsent(db) == 0)
        tell(db, f"{queue}.told", n=2)
        eventually(lambda: 2 in seen)
    assert seen == [1, 2]


def test_a_second_relay_stands_by_and_takes_over(db: Database, parts: Stack, queue: str) -> None:
    seen: list[int] = []
    receivers = both(db, parts, queue, lambda tx, event: seen.append(event.data["n"]))
    first, second = relay(db, parts, queue), relay(db, parts, queue)
    with running(second, *receivers):
        with running(first):
            eventually(lambda: first.active or second.active)
            eventually(lambda: all(one.subscribed for one in receivers))
            for number in range(250):
                tell(db, f"{queue}.told", f"case-{number % 7}", n=number)
            assert not (first.active and second.active)
        for number in range(250, 500):
            tell(db, f"{queue}.told", f"case-{number % 7}", n=number)
        eventually(lambda: len(seen) == 500, within=30)
    assert seen == list(range(500)), "the second one knew that the office was in a crowd"


def test_a_retryable_failure_comes_back_after_a_delay_and_counts(db: Database, parts: Stack, queue: str) -> None:
    tries: list[float] = []

    def handle(_tx: Tx, _event: Received) -> None:
        tries.append(time.monotonic())
        if len(tries) < 3:
            raise Retryable("not yet")

    receiver = consumer(db, parts, queue, handle)
    with running(Relay(db, parts.amqp_url, "test"), receiver):
        eventually(lambda: receiver.subscribed)
        tell(db, f"{queue}.told", n=1)
        eventually(lambda: len(tries) >= 4 or (len(tries) == 3 and inbox_size(db) == 1), within=20)
    # The first delivery is tried in its batch and then by itself; then the delays of 1 and 5 seconds begin.
    assert tries[-1] - tries[0] >= 0.9
    assert dead.count(parts.amqp_url, queue) == 0


def test_a_permanent_failure_is_set_aside_with_its_reason_and_can_be_replayed(
    db: Database, parts: Stack, queue: str
) -> None:
    broken = True
    seen: list[int] = []

    def handle(_tx: Tx, event: Received) -> None:
        if broken and event.data["n"] == 1:
            raise Permanent("cannot be")
        seen.append(event.data["n"])

    receiver = consumer(db, parts, queue, handle)
    with running(Relay(db, parts.amqp_url, "test"), receiver):
        eventually(lambda: receiver.subscribed)
        for number in range(4):
            tell(db, f"{queue}.told", f"case-{number}", n=number)
        eventually(lambda: dead.count(parts.amqp_url, queue) == 1)
        eventually(lambda: len(set(seen)) == 3)
        [letter] = dead.letters(parts.amqp_url, queue)
        assert (letter.reason, letter.type) == ("Permanent: cannot be", f"{queue}.told")
        assert dead.count(parts.amqp_url, queue) == 1, "looking takes nothing away"
        broken = False
        assert dead.replay(parts.amqp_url, queue, lambda found: found.message_id == letter.message_id) == 1
        eventually(lambda: 1 in seen)
    assert dead.count(parts.amqp_url, queue) == 0


def test_a_dead_letter_survives_any_number_of_looks(db: Database, parts: Stack, queue: str) -> None:
    topology.declare(parts.amqp_url, queue, [f"{queue}.told"])
    publish_raw(parts, topology.dead_queue(queue), b"{}")
    for _ in range(topology.DELIVERY_LIMIT + 5):
        assert len(dead.letters(parts.amqp_url, queue)) == 1


def test_two_who_look_at_dead_letters_hide_none_from_each_other(parts: Stack, queue: str) -> None:
    topology.declare(parts.amqp_url, queue, [f"{queue}.told"])
    for n in range(4):
        publish_raw(parts, topology.dead_queue(queue), json.dumps({"n": n}).encode())
    eventually(lambda: dead.count(parts.amqp_url, queue) == 4)

    def slowly(*wanted: int) -> int:
        def chosen(letter: dead.DeadLetter) -> bool:
            time.sleep(0.1)
            return letter.body["n"] in wanted

        return dead.drop(parts.amqp_url, queue, chosen)

    with ThreadPoolExecutor(3) as pool:
        dropped = [pool.submit(slowly, *wanted) for wanted in ((0, 1), (2,), (3,))]
        assert [one.result() for one in dropped] == [2, 1, 1]
    assert dead.count(parts.amqp_url, queue) == 0


def test_what_cannot_be_looked_at_as_a_whole_is_not_called_looked_at(
    parts: Stack, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    topology.declare(parts.amqp_url, queue, [f"{queue}.told"])
    monkeypatch.setattr(dead, "MOST", 2)
    for _ in range(3):
        publish_raw(parts, topology.dead_queue(queue), b"{}")
    eventually(lambda: dead.count(parts.amqp_url, queue) == 3)
    with pytest.raises(dead.TooManyDead):
        dead.drop(parts.amqp_url, queue, lambda _letter: True, whole=True)
    with pytest.raises(dead.TooManyDead):
        dead.letters(parts.amqp_url, queue)
    assert len(dead.letters(parts.amqp_url, queue, 2)) == 2 and dead.count(parts.amqp_url, queue) == 3
    assert dead.drop(parts.amqp_url, queue, lambda _letter: True) == 2, "an operator takes away what he sees"


def test_what_is_no_event_is_set_aside_and_the_rest_goes_on(db: Database, parts: Stack, queue: str) -> None:
    seen: list[int] = []
    receiver = consumer(db, parts, queue, lambda tx, event: seen.append(event.data["n"]))
    with running(Relay(db, parts.amqp_url, "test"), receiver):
        eventually(lambda: receiver.subscribed)
        for body in (b"", b"{}", b"\xff\xfe", b"[" * 5000, b'{"id": 3}'):
            publish_raw(parts, queue, body)
        tell(db, f"{queue}.told", n=7)
        eventually(lambda: seen == [7])
        eventually(lambda: dead.count(parts.amqp_url, queue) == 5)
        assert dead.drop(parts.amqp_url, queue, lambda _letter: True) == 5
    assert dead.count(parts.amqp_url, queue) == 0


def test_a_mistake_of_ours_comes_back_a_few_times_then_is_set_aside(
    db: Database, parts: Stack, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.bus.consumer.MAX_MISTAKES", 1)
    tries: list[int] = []

    def handle(_tx: Tx, _event: Received) -> None:
        tries.append(1)
        raise KeyError("oops")

    receiver = consumer(db, parts, queue, handle)
    with running(Relay(db, parts.amqp_url, "test"), receiver):
        eventually(lambda: receiver.subscribed)
        tell(db, f"{queue}.told", n=1)
        eventually(lambda: dead.count(parts.amqp_url, queue) == 1)
    [letter] = dead.letters(parts.amqp_url, queue)
    assert letter.reason == "after 1 repetitions: KeyError"
    assert inbox_size(db) == 0


POISONED = """
import os, sys
from kit.bus.consumer import Consumer
from kit.db import Database
url, amqp, queue = sys.argv[1:]
def handle(tx, event):
    if event.data["n"] == 0:
        os._exit(9)
    tx.execute("INSERT INTO inbox (event_id) VALUES (gen_random_uuid())")
Consumer(Database(url), amqp, queue, {f"{queue}.told": handle}, read=lambda event: event).run()
"""


def test_a_message_that_kills_its_worker_is_set_aside_and_the_others_are_done(
    db: Database, parts: Stack, queue: str
) -> None:
    topology.declare(parts.amqp_url, queue, [f"{queue}.told"])
    with running(Relay(db, parts.amqp_url, "test")):
        for number in range(11):
            tell(db, f"{queue}.told", f"case-{number}", n=number)
        eventually(lambda: unsent(db) == 0)
    command = [sys.executable, "-c", POISONED, db.url, parts.amqp_url, queue]
    for _ in range(8):  # a supervisor that starts it again
        process = subprocess.Popen(command)
        try:
            eventually(lambda process=process: process.poll() == 9 or inbox_size(db) == 20, within=30)
            if process.poll() is None:
                break
        finally:
            process.kill()
            process.wait()
    assert inbox_size(db) == 20, "ten good ones: their own row and the effect's"
    eventually(lambda: dead.count(parts.amqp_url, queue) == 1)
    assert dead.letters(parts.amqp_url, queue)[0].reason == "Permanent: begun 6 times and never finished"


def test_a_flood_of_one_office_does_not_stand_before_another_offices_event(
    db: Database, parts: Stack, queue: str
) -> None:
    told, seen = f"{queue}.told", list[str]()

    def slowly(_tx: Tx, event: Received) -> None:
        time.sleep(0.002)
        seen.append(event.tenant)

    topology.declare(parts.amqp_url, queue, [told])
    with db.transaction("large") as tx:
        for number in range(1500):
            outbox.add(tx, outbox.Event(told, f"case-{number}", "large", NOW, {}))
    with running(relay(db, parts, queue), *both(db, parts, queue, slowly)):
        eventually(lambda: len(seen) > 150, what="the flood has begun")
        with db.transaction("small") as tx:
            outbox.add(tx, outbox.Event(told, "case", "small", NOW, {}))
        eventually(lambda: "small" in seen)
        assert seen.index("small") < 1200
        eventually(lambda: len(seen) == 1501, within=60)
    assert inbox_size(db) == 1501


def test_events_of_a_crowd_reach_the_consumer_in_the_order_of_their_subject(
    db: Database, parts: Stack, queue: str
) -> None:
    told, seen = f"{queue}.told", list[tuple[str, int]]()
    receivers = both(db, parts, queue, lambda _tx, event: seen.append((event.subject, event.sequence)))
    topology.declare(parts.amqp_url, queue, [told])
    with db.transaction("large") as tx:
        for number in range(600):
            outbox.add(tx, outbox.Event(told, f"case-{number % 200}", "large", NOW, {}))
    with running(relay(db, parts, queue), *receivers):
        eventually(lambda: len(seen) == 600, within=60)
    for number in range(200):
        assert [sequence for subject, sequence in seen if subject == f"case-{number}"] == [1, 2, 3]


def test_what_an_office_tells_is_heard_in_its_order_also_where_it_becomes_a_crowd_and_is_none_any_more(
    db: Database, parts: Stack, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each event has a subject of its own: a letter, the hand-over of that letter, an answer to what was written."""
    monkeypatch.setattr(crowding, "PER_SECOND", 100.0)
    told, seen = f"{queue}.told", list[int]()

    def slowly(_tx: Tx, event: Received) -> None:
        time.sleep(0.003)
        seen.append(event.data["n"])

    def tell_more(first: int, last: int) -> None:
        with db.transaction("large") as tx:
            for number in range(first, last):
                outbox.add(tx, outbox.Event(told, f"subject-{number}", "large", NOW, {"n": number}))

    topology.declare(parts.amqp_url, queue, [told])
    tell_more(0, 400)
    sender = relay(db, parts, queue)
    with running(sender, *both(db, parts, queue, slowly)):
        eventually(lambda: len(seen) > 200, within=30, what="a crowd")
        for number in range(400, 500):
            tell_more(number, number + 1)
            time.sleep(0.02)
        eventually(lambda: len(seen) == 500 and sender._crowd.asks() is None, within=30)
        eventually(lambda: not _by_crowd(sender), within=30, what="it was quiet")
        tell_more(500, 520)
        eventually(lambda: len(seen) == 520, within=30)
    assert seen == list(range(520))


def test_a_relay_that_begins_knows_who_was_in_a_crowd(db: Database, parts: Stack, queue: str) -> None:
    told = f"{queue}.told"
    topology.declare(parts.amqp_url, queue, [told])
    for tenant, many in (("large", 150), ("small", 20)):
        with db.transaction(tenant) as tx:
            for number in range(many):
                outbox.add(tx, outbox.Event(told, f"case-{number}", tenant, NOW, {}))
    with running(relay(db, parts, queue)):
        eventually(lambda: unsent(db) == 0, within=30)
    again = relay(db, parts, queue)
    with running(again):
        eventually(lambda: again.active)
        assert again._crowd.held() == {"large"}, "on its way to the crowd"


def _by_crowd(relay: Relay) -> set[str]:
    return {tenant for tenant, office in relay._crowd._offices.items() if office.exchange == topology.CROWD_EXCHANGE}
