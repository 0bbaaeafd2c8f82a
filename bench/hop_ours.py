"""One of our hops in a process of its own: consumers and relay, as a service's worker has them.

The handler writes one effect and tells the next hop; the last one tells nobody.
"""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime

from kit import outbox
from kit.bus.consumer import Consumer
from kit.bus.envelope import Received
from kit.db import Database, Tx
from kit.relay import Relay

LAST = 4


def queue(hop: int) -> str:
    """The queue that a hop consumes."""
    return f"bench{hop}"


def event_type(hop: int) -> str:
    """The event that a hop consumes."""
    return f"bench.hop{hop}"


def main() -> None:
    """Until the process is ended."""
    hop, amqp = int(os.environ["BENCH_HOP"]), os.environ["BENCH_AMQP"]
    db = Database(os.environ["BENCH_DB"])

    def handle(tx: Tx, event: Received, /) -> None:
        tx.execute("INSERT INTO bench_effect (id, run) VALUES (%s, %s)", [event.id, event.data["run"]])
        if hop < LAST:
            told = outbox.Event(event_type(hop + 1), event.subject, "bench", datetime.now(UTC), event.data)
            outbox.add(tx, told)

    relay = Relay(db, amqp, queue(hop))
    first, crowd = (
        Consumer(
            db, amqp, queue(hop), {event_type(hop): handle}, read=lambda event: event, after_commit=relay.wake,
            crowd=crowd,
        )
        for crowd in (False, True)
    )  # fmt: skip
    threading.Thread(target=relay.run, daemon=True).start()
    threading.Thread(target=crowd.run, daemon=True).start()
    first.run()


if __name__ == "__main__":
    main()
