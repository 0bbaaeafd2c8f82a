"""Dead letters: list, show, replay, drop. Messages are looked at without being taken away.

Whoever looks holds them until he has done, and another would find the queue empty meanwhile: so one looks at a time.
The broker itself keeps the turn, as a queue that only one connection may have and that goes with it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pika
import pika.exceptions

from kit.bus import topology
from kit.errors import Retryable

MOST = 20_000
PATIENCE = 60.0
"""Seconds that one waits for one's turn."""
_LOCKED = 405  # AMQP 0-9-1: resource-locked


@dataclass(frozen=True)
class DeadLetter:
    """A message that was set aside. `position` counts from the queue's head."""

    position: int
    message_id: str
    type: str
    subject: str
    reason: str
    attempts: int
    body: dict[str, Any]


class TooManyDead(Retryable):
    """More than can be looked at in one go, so that nobody may say what is not among them. Some have to go first."""


class SomebodyLooks(Retryable):
    """Another process looks at them, for longer than one waits."""


def letters(url: str, queue: str, limit: int | None = None) -> list[DeadLetter]:
    """The dead letters of a queue, oldest first, or the first `limit`; all stay where they are. Raises TooManyDead
    without a limit, SomebodyLooks."""
    with _turn(url, queue) as channel:
        found = _look(channel, queue, True) if limit is None else _take(channel, queue, limit)
        return [_read(number, *got) for number, got in enumerate(found, 1)]


def replay(url: str, queue: str, chosen: Callable[[DeadLetter], bool]) -> int:
    """Sends the chosen ones to the queue again, counted from zero; how many."""

    def again(channel: Any, method: Any, properties: Any, body: bytes) -> None:
        properties.headers = {}
        channel.basic_publish("", queue, body, properties, mandatory=True)
        channel.basic_ack(method.delivery_tag)

    return _each(url, queue, chosen, again)


def drop(url: str, queue: str, chosen: Callable[[DeadLetter], bool], *, whole: bool = False) -> int:
    """Deletes the chosen ones for good; how many. `whole`: none may be left that is chosen. Raises TooManyDead then,
    SomebodyLooks."""

    def ended(channel: Any, method: Any, _properties: Any, _body: bytes) -> None:
        channel.basic_ack(method.delivery_tag)

    return _each(url, queue, chosen, ended, whole=whole)


def rewrite(url: str, queue: str, anew: Callable[[DeadLetter], bytes | None]) -> int:
    """Puts another body in the place of those for which there is one; how many. A kill between the two leaves a letter
    twice, with one id. Raises TooManyDead, SomebodyLooks."""

    def replaced(channel: Any, method: Any, properties: Any, body: bytes) -> None:
        written = anew(_read(0, method, properties, body))
        if written is not None:
            channel.basic_publish("", topology.dead_queue(queue), written, properties, mandatory=True)
            channel.basic_ack(method.delivery_tag)

    return _each(url, queue, lambda letter: anew(letter) is not None, replaced, whole=True)


def count(url: str, queue: str) -> int:
    with _channel(url, queue) as channel:
        return int(channel.queue_declare(topology.dead_queue(queue), passive=True).method.message_count)


def _each(
    url: str, queue: str, chosen: Callable[[DeadLetter], bool], act: Callable[..., None], *, whole: bool = False
) -> int:
    done = 0
    with _turn(url, queue) as channel:
        channel.confirm_delivery()
        for number, (method, properties, body) in enumerate(_look(channel, queue, whole), 1):
            if chosen(_read(number, method, properties, body)):
                act(channel, method, properties, body)
                done += 1
    return done


def _look(channel: Any, queue: str, whole: bool) -> list[tuple[Any, Any, bytes]]:
    """All of them, or of too many the first. Raises TooManyDead where they are wanted as a `whole`."""
    found = list(_take(channel, queue, MOST + whole))
    if len(found) > MOST:
        raise TooManyDead(f"{queue} has more than {MOST} dead letters")
    return found


def _take(channel: Any, queue: str, limit: int) -> Iterator[tuple[Any, Any, bytes]]:
    """Takes up to `limit` without acknowledging: closing the channel puts them back in their order."""
    for _ in range(limit):
        method, properties, body = channel.basic_get(topology.dead_queue(queue))
        if method is None:
            return
        yield method, properties, body


def _read(number: int, _method: Any, properties: Any, body: bytes) -> DeadLetter:
    headers = properties.headers or {}
    deaths = headers.get("x-death") or [{}]
    content = _content(body)
    return DeadLetter(
        number,
        properties.message_id or "",
        properties.type or content.get("type", ""),
        str(content.get("subject", "")),
        headers.get("x-reason") or f"broker: {deaths[0].get('reason', 'unknown')}",
        int(headers.get("x-attempts", 0)),
        content,
    )


def _content(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    return content if isinstance(content, dict) else {"unreadable_bytes": len(body)}


@contextmanager
def _turn(url: str, queue: str) -> Iterator[Any]:
    """A channel, while nobody else looks. Raises SomebodyLooks."""
    connection = pika.BlockingConnection(topology.parameters(url, f"{queue} dead letters"))
    ends = time.monotonic() + PATIENCE
    try:
        while True:
            channel = connection.channel()
            try:
                channel.queue_declare(f"{topology.dead_queue(queue)}.turn", exclusive=True, auto_delete=True)
                break
            except pika.exceptions.ChannelClosedByBroker as error:
                if error.reply_code != _LOCKED:
                    raise
                if time.monotonic() > ends:
                    raise SomebodyLooks(f"somebody looks at the dead letters of {queue}") from error
            connection.sleep(0.1)
        yield channel
    finally:
        connection.close()


@contextmanager
def _channel(url: str, queue: str) -> Iterator[Any]:
    connection = pika.BlockingConnection(topology.parameters(url, f"{queue} dead letters"))
    try:
        yield connection.channel()
    finally:
        connection.close()
