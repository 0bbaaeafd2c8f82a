"""Ways to people. A channel knows how to carry a text to a number, and nothing of what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID


@dataclass(frozen=True)
class Outgoing:
    """What is to be carried. `id` stays the same when it is tried again, so that a channel can tell."""

    id: UUID
    phone: str
    text: str


@dataclass(frozen=True)
class Receipt:
    """How far the message came at once."""

    status: Literal["sent", "delivered"]


class Channel(Protocol):
    """Raises kit.errors.Retryable when it may work later, kit.errors.Permanent when it never will; the reason
    names neither person nor number."""

    name: str

    def send(self, message: Outgoing) -> Receipt: ...
