"""What stands in the broker, said explicitly (RabbitMQ 3.10 and 4.x have different defaults).

    events (topic) ──type──▶ <service> (quorum) ──rejected, or delivered too often──▶ <service>.dead (quorum)
                                 ▲
                                 └── default exchange ── <service>.retry.<seconds> (quorum, message TTL)
    events.crowd (topic) ──type──▶ <service>.crowd (quorum) ── the same from there on

A message that shall be tried again waits in a queue of its delay and comes back to the one queue through the
default exchange, so no other service sees it twice. What an office tells beyond its share goes by the crowd's queue
(see `kit.crowd`), which a consumer reads beside the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

EXCHANGE = "events"
CROWD_EXCHANGE = "events.crowd"
DEAD_EXCHANGE = "events.dead"
DELIVERY_LIMIT = 20
KEPT = 1_000_000  # as a limit: looking at what was set aside returns it each time and must never drop it
RETRY_DELAYS = (1, 5, 30, 120, 600)
HEARTBEAT = 10  # pika gives up after at most twice this and ten seconds more
BLOCKED_TIMEOUT = 60


def parameters(url: str, name: str) -> pika.URLParameters:
    """Connection parameters with our own time-outs; `name` shows in the broker's list of connections."""
    made = pika.URLParameters(url)
    made.heartbeat = HEARTBEAT
    made.blocked_connection_timeout = BLOCKED_TIMEOUT
    made.socket_timeout = 5
    made.stack_timeout = 10
    made.connection_attempts = 1
    made.client_properties = {"connection_name": name}
    return made


def dead_queue(queue: str) -> str:
    return f"{queue}.dead"


def crowd_queue(queue: str) -> str:
    return f"{queue}.crowd"


def retry_queue(queue: str, delay: int) -> str:
    return f"{queue}.retry.{delay}"


def retry_delay(attempt: int) -> int:
    """The delay before the attempt-th repetition (1, 2, …): growing, then constant."""
    return RETRY_DELAYS[min(attempt, len(RETRY_DELAYS)) - 1]


def queues(queue: str) -> dict[str, dict[str, Any]]:
    """Every queue of a consumer with its arguments."""
    consumed = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
        "x-dead-letter-routing-key": dead_queue(queue),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    declared: dict[str, dict[str, Any]] = {
        queue: consumed,
        crowd_queue(queue): dict(consumed),
        dead_queue(queue): {"x-queue-type": "quorum", "x-delivery-limit": KEPT},
    }
    for delay in RETRY_DELAYS:
        declared[retry_queue(queue, delay)] = {
            "x-queue-type": "quorum",
            "x-delivery-limit": KEPT,
            "x-message-ttl": delay * 1000,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": queue,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
    return declared


def declare(url: str, queue: str, event_types: Iterable[str]) -> None:
    """Declares all of it and binds the queue to the event types. Done at start, before anything is sent:
    a quorum queue needs a moment after its declaration."""
    connection = pika.BlockingConnection(parameters(url, f"{queue} topology"))
    try:
        channel = connection.channel()
        declare_exchanges(channel)
        for name, arguments in queues(queue).items():
            channel.queue_declare(name, durable=True, arguments=arguments)
        channel.queue_bind(dead_queue(queue), DEAD_EXCHANGE, dead_queue(queue))
        for event_type in event_types:
            channel.queue_bind(queue, EXCHANGE, event_type)
            channel.queue_bind(crowd_queue(queue), CROWD_EXCHANGE, event_type)
    finally:
        connection.close()


def waiting(url: str, queue: str) -> int:
    """How many messages wait for a consumer, in its queues and in those of its delays; not those that were set
    aside."""
    connection = pika.BlockingConnection(parameters(url, f"{queue} waiting"))
    try:
        channel = connection.channel()
        names = [name for name in queues(queue) if name != dead_queue(queue)]
        return sum(int(channel.queue_declare(name, passive=True).method.message_count) for name in names)
    finally:
        connection.close()


def declare_exchanges(channel: BlockingChannel) -> None:
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.exchange_declare(CROWD_EXCHANGE, "topic", durable=True)
    channel.exchange_declare(DEAD_EXCHANGE, "direct", durable=True)
