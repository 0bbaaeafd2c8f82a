"""Publishing in batches with pipelined confirms: many outstanding, each accounted for.

A SelectConnection lives on a thread of its own; `publish` hands it a batch and waits until the broker has
confirmed all of it, or the time is up. What was not confirmed is simply not reported: the relay sends it again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pika
import structlog
from pika.adapters.select_connection import SelectConnection

from kit.bus import topology
from kit.bus.asked import Asked, Batch, Look, Message
from kit.errors import Retryable

log = structlog.get_logger()


class BrokerUnavailable(Retryable):
    """RabbitMQ is away, frozen, or blocks publishers."""


class Publisher:
    """One connection that publishes with confirms. Use it from one thread at a time."""

    def __init__(self, url: str, name: str, *, content_type: str, timeout: float = 15) -> None:
        self._parameters = topology.parameters(url, name)
        self._properties = {"content_type": content_type, "delivery_mode": 2}
        self._timeout = timeout
        self._connection: SelectConnection | None = None
        self._channel: Any = None
        self._batch: Batch | None = None
        self._asked: Asked | None = None
        self._last_tag = 0
        self._ready = False
        self._settled = threading.Event()
        self._thread: threading.Thread | None = None
        self.blocked = False

    def publish(self, messages: Sequence[Message]) -> list[int]:
        """Publishes; the keys that the broker confirmed (those that no queue took are missing).
        Raises BrokerUnavailable, after which nothing is known of the batch."""
        batch = Batch(messages=messages)
        self._ask(batch, lambda: self._send(batch))
        return batch.confirmed

    def lengths(self, queues: Sequence[str]) -> dict[str, int]:
        """How many messages wait in those queues, besides what consumers have in hand. All that was published before
        is counted. Raises BrokerUnavailable, also when one of them does not exist."""
        look = Look(queues=queues)
        self._ask(look, lambda: self._look(look))
        return look.lengths

    def _ask(self, asked: Asked, begin: Callable[[], None]) -> None:
        self._connect()
        connection = self._connection
        assert connection is not None
        self._asked = asked
        connection.ioloop.add_callback_threadsafe(begin)
        if not asked.done.wait(self._timeout):
            self.close()
            raise BrokerUnavailable("the broker did not answer in time")
        if asked.failure:
            self.close()
            raise BrokerUnavailable(asked.failure)

    def close(self) -> None:
        """Ends the connection, whatever state it is in; the next `publish` makes a new one."""
        connection, thread = self._connection, self._thread
        self._connection = self._thread = None
        self._ready = False
        if connection is None or thread is None:
            return
        connection.ioloop.add_callback_threadsafe(lambda: _abandon(connection))
        thread.join(timeout=5)
        if thread.is_alive():
            log.warning("a broker connection did not end in time")

    def _connect(self) -> None:
        if self._ready:
            return
        self.close()
        self._last_tag = 0
        self._settled.clear()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()
        self._settled.wait(self._timeout)
        if not self._ready:
            self.close()
            raise BrokerUnavailable("no connection to the broker")

    def _run(self) -> None:
        connection = SelectConnection(
            self._parameters,
            on_open_callback=self._on_open,
            on_open_error_callback=lambda lost, error: self._on_lost(lost, error),
            on_close_callback=lambda lost, error: self._on_lost(lost, error),
        )
        connection.add_on_connection_blocked_callback(lambda *_: self._set_blocked(True))
        connection.add_on_connection_unblocked_callback(lambda *_: self._set_blocked(False))
        self._connection = connection
        connection.ioloop.start()

    def _set_blocked(self, blocked: bool) -> None:
        self.blocked = blocked
        log.warning("the broker blocks publishers" if blocked else "the broker takes messages again")

    def _on_open(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_return_callback(self._on_returned)
        channel.add_on_close_callback(lambda _channel, error: self._on_lost(self._connection, error))
        channel.confirm_delivery(self._on_confirm, callback=lambda _ok: self._settle(ready=True))

    def _settle(self, *, ready: bool) -> None:
        self._ready = ready
        self._settled.set()

    def _on_lost(self, connection: Any, error: Any) -> None:
        self._settle(ready=False)
        self.blocked = False
        if self._asked and not self._asked.done.is_set():
            self._asked.failure = type(error).__name__
            self._asked.done.set()
        if connection is not None:
            _abandon(connection)

    def _send(self, batch: Batch) -> None:
        self._batch = batch
        if not batch.messages:
            batch.done.set()
        for message in batch.messages:
            self._last_tag += 1
            batch.pending[self._last_tag] = message
            self._channel.basic_publish(
                message.exchange,
                message.routing_key,
                message.body,
                pika.BasicProperties(
                    message_id=message.message_id,
                    type=message.type,
                    headers=message.headers,
                    **self._properties,
                ),
                mandatory=True,
            )

    def _look(self, look: Look) -> None:
        for queue in look.queues:
            self._channel.queue_declare(queue, passive=True, callback=lambda frame: self._on_length(look, frame))
        if not look.queues:
            look.done.set()

    def _on_length(self, look: Look, frame: Any) -> None:
        look.lengths[frame.method.queue] = frame.method.message_count
        if len(look.lengths) == len(look.queues):
            look.done.set()

    def _on_returned(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        """No queue took it (the return comes before its confirm): not confirmed, so it is sent again."""
        if self._batch:
            self._batch.refused.add(properties.message_id)

    def _on_confirm(self, frame: Any) -> None:
        batch = self._batch
        if batch is None:
            return
        tag, multiple = frame.method.delivery_tag, frame.method.multiple
        tags = [known for known in batch.pending if known <= tag] if multiple else [tag]
        acknowledged = isinstance(frame.method, pika.spec.Basic.Ack)
        for known in tags:
            message = batch.pending.pop(known, None)
            if message and acknowledged and message.message_id not in batch.refused:
                batch.confirmed.append(message.key)
        if not batch.pending:
            batch.done.set()


def _abandon(connection: Any) -> None:
    """Ends the loop and the socket without waiting for a broker that may never answer."""
    if connection.is_open:
        connection.close()
        connection.ioloop.call_later(1, connection.ioloop.stop)
    else:
        connection.ioloop.stop()
