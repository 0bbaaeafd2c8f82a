"""What a publisher is asked for, and what it found out."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.bus import topology


@dataclass(frozen=True)
class Message:
    """One message. `key` identifies it to the caller."""

    key: int
    routing_key: str
    body: bytes
    message_id: str
    type: str
    exchange: str = topology.EXCHANGE
    headers: dict[str, Any] | None = None


@dataclass
class Asked:
    """What one thread waits for and the connection's thread does."""

    done: threading.Event = field(default_factory=threading.Event)
    failure: str | None = None


@dataclass
class Batch(Asked):
    """Messages, and what became of each: `pending` by the tag of its confirm."""

    messages: Sequence[Message] = ()
    confirmed: list[int] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    pending: dict[int, Message] = field(default_factory=dict)


@dataclass
class Look(Asked):
    """How many messages wait in each of the queues."""

    queues: Sequence[str] = ()
    lengths: dict[str, int] = field(default_factory=dict)
