"""Dead letters: list, show, replay, drop. Messages are looked at without being taken away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pika

from kit.bus import topology


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


def letters(url: str, queue: str, limit: int = 1000) -> list[DeadLetter]:
    """The dead letters of a queue, oldest first; all stay where they are."""
    with _channel(url, queue) as channel:
        return [_read(number, *got) for number, got in enumerate(_look(channel, queue, limit), 1)]


def replay(url: str, queue: str, chosen: Callable[[DeadLetter], bool]) -> int:
    """Sends the chosen ones to the queue again, counted from zero; how many."""

    def again(channel: Any, method: Any, properties: Any, body: bytes) -> None:
        properties.headers = {}
        channel.basic_publish("", queue, body, properties, mandatory=True)
        channel.basic_ack(method.delivery_tag)

    return _each(url, queue, chosen, again)


def drop(url: str, queue: str, chosen: Callable[[DeadLetter], bool]) -> int:
    """Deletes the chosen ones for good; how many."""

    def ended(channel: Any, method: Any, _properties: Any, _body: bytes) -> None:
        channel.basic_ack(method.delivery_tag)

    return _each(url, queue, chosen, ended)


def rewrite(url: str, queue: str, anew: Callable[[DeadLetter], bytes | None]) -> int:
    """Puts another body in the place of those for which there is one; how many. A kill between the two leaves a letter
    twice, with one id."""

    def replaced(channel: Any, method: Any, properties: Any, body: bytes) -> None:
        written = anew(_read(0, method, properties, body))
        if written is not None:
            channel.basic_publish("", topology.dead_queue(queue), written, properties, mandatory=True)
            channel.basic_ack(method.delivery_tag)

    return _each(url, queue, lambda letter: anew(letter) is not None, replaced)


def count(url: str, queue: str) -> int:
    with _channel(url, queue) as channel:
        return int(channel.queue_declare(topology.dead_queue(queue), passive=True).method.message_count)


def _each(url: str, queue: str, chosen: Callable[[DeadLetter], bool], act: Callable[..., None]) -> int:
    done = 0
    with _channel(url, queue) as channel:
        channel.confirm_delivery()
        for number, (method, properties, body) in enumerate(list(_look(channel, queue, 1000)), 1):
            if chosen(_read(number, method, properties, body)):
                act(channel, method, properties, body)
                done += 1
    return done


def _look(channel: Any, queue: str, limit: int) -> Iterator[tuple[Any, Any, bytes]]:
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
def _channel(url: str, queue: str) -> Iterator[Any]:
    connection = pika.BlockingConnection(topology.parameters(url, f"{queue} dead letters"))
    try:
        yield connection.channel()
    finally:
        connection.close()
