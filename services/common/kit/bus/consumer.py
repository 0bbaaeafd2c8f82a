"""The consumer of one queue: short handlers, effects and inbox in one transaction, acknowledged after the commit.

The connection's thread only moves messages, so that heartbeats go on whatever the handlers do; a second thread
handles them in batches: one transaction for as many as are there. If one of a batch fails, the batch is done
again one by one, so that each failure is accounted to its own message:

    DatabaseUnavailable   nobody's fault: the same messages wait here, unacknowledged, until it is back
    Retryable             comes back after a growing delay, counted, at last set aside
    Permanent             set aside at once, with the reason
    anything else         a mistake of ours: comes back a few times, then is set aside with its name
    the worker dies       a redelivered message is counted before it is begun, and set aside at the limit
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pika
import pika.exceptions
import structlog

from kit import inbox, trace
from kit.bus import topology
from kit.bus.asked import Message
from kit.bus.envelope import CONTENT_TYPE, Received, Unreadable, decode
from kit.bus.publisher import BrokerUnavailable, Publisher
from kit.courtesy import Courtesy
from kit.db import EVERY_TENANT, Database, DatabaseUnavailable, Tx
from kit.errors import Permanent, Retryable
from kit.metrics import CONSUMER_UP, EVENTS_HANDLED

BATCH = 100
CROWD_BATCH = 20
"""Of a crowd: so long others may have to wait for a lock, or for the interpreter. Two batches are in hand at most, so
that what was taken out of its queue is done soon (see `kit.crowd`)."""
MAX_RETRIES = 30
MAX_MISTAKES = 5
MAX_DEATHS = 5

log = structlog.get_logger()


class Handle(Protocol):
    """Applies an event within the transaction that is handed in."""

    def __call__(self, tx: Tx, event: Received, /) -> None: ...


@dataclass(frozen=True)
class Delivery:
    """A message as it came, with the connection that it came on (a tag means nothing on another)."""

    generation: int
    tag: int
    body: bytes
    redelivered: bool
    attempts: int
    message_id: str
    type: str


class Consumer:
    """Consumes the queue of a service, or with `crowd` that of those who have much to tell (see `kit.crowd`): each has
    a consumer of its own, so that nobody stands behind a crowd. `read` checks an event's data and opens what is
    sealed."""

    def __init__(
        self,
        db: Database,
        amqp_url: str,
        queue_name: str,
        handlers: Mapping[str, Handle],
        *,
        read: Callable[[Received], Received],
        after_commit: Callable[[], None] = lambda: None,
        crowd: bool = False,
        courtesy: Courtesy | None = None,
    ) -> None:
        self._db = db
        self._url = amqp_url
        self._queue = queue_name
        self._consumed = topology.crowd_queue(queue_name) if crowd else queue_name
        self._batch = CROWD_BATCH if crowd else BATCH
        self._crowd = crowd
        self._courtesy = courtesy or Courtesy()
        self._handlers = handlers
        self._read = read
        self._after_commit = after_commit
        self._inbound: queue.Queue[Delivery] = queue.Queue()
        self._returns = Publisher(amqp_url, f"{self._consumed} returns", content_type=CONTENT_TYPE)
        self._stopped = threading.Event()
        self._connection: Any = None
        self._channel: Any = None
        self._generation = 0
        self._counted = (0, 0)
        self.subscribed = False

    # --- the connection's thread -------------------------------------------------------------------

    def run(self) -> None:
        """Until stopped: subscribe, move messages, and begin anew with growing gaps after each loss. Ends too
        when the handlers' thread has died, so that the process is seen to be broken and started again."""
        self._handler = threading.Thread(target=self._handle_all, name="handlers", daemon=True)
        self._handler.start()
        gap = 0.5
        while not self._stopped.is_set() and self._handler.is_alive():
            try:
                self._subscribe()
                gap = 0.5
                self._move_messages()
            except (pika.exceptions.AMQPError, OSError) as error:
                log.warning("the consumer begins anew", reason=type(error).__name__)
            finally:
                self._set_subscribed(False)
                self._drop_connection()
            self._stopped.wait(gap)
            gap = min(gap * 2, 5)
        self._handler.join(timeout=30)
        self._returns.close()

    def stop(self) -> None:
        """Finish the batch in hand and end."""
        self._stopped.set()

    def _subscribe(self) -> None:
        topology.declare(self._url, self._queue, self._handlers)
        self._connection = pika.BlockingConnection(topology.parameters(self._url, f"{self._consumed} consumer"))
        self._channel = self._connection.channel()
        self._channel.basic_qos(prefetch_count=2 * self._batch)
        self._generation += 1
        generation = self._generation

        def received(_channel: Any, method: Any, properties: Any, body: bytes) -> None:
            headers = properties.headers or {}
            self._inbound.put(
                Delivery(
                    generation,
                    method.delivery_tag,
                    body,
                    bool(method.redelivered),
                    int(headers.get("x-attempts", 0)),
                    properties.message_id or "",
                    properties.type or "",
                )
            )

        self._channel.add_on_cancel_callback(lambda _frame: self._channel.close())
        self._channel.basic_consume(self._consumed, received)
        self._set_subscribed(True)

    def _move_messages(self) -> None:
        while self._handler.is_alive():
            self._connection.process_data_events(time_limit=0.5)
            if not self._channel.is_open:
                raise pika.exceptions.ChannelClosed(0, "closed by the broker")
        self._connection.process_data_events(time_limit=0)  # the last acknowledgements

    def _drop_connection(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None and connection.is_open:
            try:
                connection.close()
            except pika.exceptions.AMQPError as error:
                log.info("the connection was gone already", reason=type(error).__name__)

    def _set_subscribed(self, subscribed: bool) -> None:
        self.subscribed = subscribed
        CONSUMER_UP.labels(self._consumed).set(1 if subscribed else 0)

    # --- the handlers' thread ----------------------------------------------------------------------

    def _handle_all(self) -> None:
        while not self._stopped.is_set():
            if not (batch := self._next_batch()):
                continue
            began = time.monotonic()
            if self._handle_until_settled(batch):
                self._acknowledge(batch[-1])
            self._give_way(time.monotonic() - began)

    def _give_way(self, worked: float) -> None:
        """The crowd's consumer leaves the machine to the other one while that has something to do."""
        if not self._crowd:
            self._courtesy.came()
        elif rest := self._courtesy.rest(worked):
            self._stopped.wait(rest)

    def _next_batch(self) -> list[Delivery]:
        try:
            batch = [self._inbound.get(timeout=0.2)]
        except queue.Empty:
            return []
        while len(batch) < self._batch and batch[-1].generation == batch[0].generation:
            try:
                batch.append(self._inbound.get_nowait())
            except queue.Empty:
                break
        return [delivery for delivery in batch if delivery.generation == self._generation]

    def _handle_until_settled(self, batch: list[Delivery]) -> bool:
        """True when every message of the batch has its effect or its place elsewhere. False when we stop first,
        or the connection that they came on is gone: then the broker delivers them again."""
        unsettled = list(batch)
        gap = 0.2
        while batch[0].generation == self._generation:
            try:
                self._settle(unsettled)
                return True
            except (DatabaseUnavailable, BrokerUnavailable) as error:
                log.warning("messages wait", reason=type(error).__name__, count=len(unsettled))
                if self._stopped.wait(gap):
                    return False
                gap = min(gap * 2, 5)
        return False

    def _settle(self, unsettled: list[Delivery]) -> None:
        """Empties the list; what is still in it when this raises is not settled."""
        if not any(delivery.redelivered or delivery.attempts for delivery in unsettled):
            try:
                self._apply(unsettled)
                unsettled.clear()
            except DatabaseUnavailable:
                raise
            except Exception as error:  # whose failure it is, going one by one will tell
                log.info("a batch is done one by one", reason=type(error).__name__, count=len(unsettled))
        while unsettled:
            self._settle_one(unsettled[0])
            unsettled.pop(0)

    def _settle_one(self, delivery: Delivery) -> None:
        try:
            if delivery.redelivered and (delivery.generation, delivery.tag) != self._counted:
                self._count_start(delivery)  # once a delivery: waiting for the database is not dying
                self._counted = (delivery.generation, delivery.tag)
            self._apply([delivery])
        except (DatabaseUnavailable, BrokerUnavailable):
            raise
        except Permanent as error:
            self._set_aside(delivery, f"{type(error).__name__}: {error.reason}")
        except Retryable as error:
            self._come_back(delivery, f"{type(error).__name__}: {error.reason}", MAX_RETRIES)
        except Exception as error:
            log.exception("a handler failed", type=delivery.type)
            self._come_back(delivery, type(error).__name__, MAX_MISTAKES)

    def _count_start(self, delivery: Delivery) -> None:
        event = decode(delivery.body)
        with self._db.transaction(EVERY_TENANT) as tx:
            deaths = inbox.begin_again(tx, event.id)
        if deaths > MAX_DEATHS:
            raise Permanent(f"begun {deaths} times and never finished")

    def _apply(self, batch: list[Delivery]) -> None:
        events = [decode(delivery.body) for delivery in batch]
        with self._db.transaction(EVERY_TENANT) as tx:
            new = inbox.take_new(tx, [event.id for event in events])
            for event in events:
                self._apply_in(tx, event, event.id in new)
                new.discard(event.id)  # it may come twice in one batch
        self._after_commit()

    def _apply_in(self, tx: Tx, event: Received, new: bool) -> None:
        trace.begin(event.trace)
        handler = self._handlers.get(event.type)
        if handler is None:
            raise Unreadable(f"no handler for {event.type}")
        if new:
            tx.use_tenant(event.tenant)
            handler(tx, self._read(event))
        EVENTS_HANDLED.labels(event.type, "applied" if new else "repeated").inc()

    def _come_back(self, delivery: Delivery, reason: str, limit: int) -> None:
        attempt = delivery.attempts + 1
        if attempt > limit:
            self._set_aside(delivery, f"after {delivery.attempts} repetitions: {reason}")
            return
        log.warning("an event will come back", type=delivery.type, attempt=attempt, reason=reason)
        queue_name = topology.retry_queue(self._queue, topology.retry_delay(attempt))
        self._hand_over(delivery, "", queue_name, {"x-attempts": attempt, "x-reason": reason[:500]})
        EVENTS_HANDLED.labels(delivery.type, "retried").inc()

    def _set_aside(self, delivery: Delivery, reason: str) -> None:
        log.error("an event is set aside", type=delivery.type, reason=reason)
        headers = {"x-attempts": delivery.attempts, "x-reason": reason[:500]}
        self._hand_over(delivery, topology.DEAD_EXCHANGE, topology.dead_queue(self._queue), headers)
        EVENTS_HANDLED.labels(delivery.type, "dead").inc()

    def _hand_over(self, delivery: Delivery, exchange: str, key: str, headers: dict[str, Any]) -> None:
        """Confirmed elsewhere before it is acknowledged here."""
        message = Message(1, key, delivery.body, delivery.message_id, delivery.type, exchange, headers)
        if not self._returns.publish([message]):
            raise BrokerUnavailable("the broker did not take a message that was to be kept")

    def _acknowledge(self, last: Delivery) -> None:
        """All up to this one are settled (one thread handles them in order)."""
        connection = self._connection
        if connection is None or last.generation != self._generation:
            return

        def acknowledge() -> None:
            if self._channel is not None and self._channel.is_open and last.generation == self._generation:
                self._channel.basic_ack(last.tag, multiple=True)

        try:
            connection.add_callback_threadsafe(acknowledge)
        except pika.exceptions.AMQPError as error:
            log.info("not acknowledged, it will come again", reason=type(error).__name__)
