"""Ways to people. A channel knows how to carry a text to a number, and nothing of what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID

from contracts.messages import Rules

Capability = Literal["readable"]
"""`readable`: its messages are read over HTTP with all that is in them, and replies are entered by hand."""


@dataclass(frozen=True)
class Option:
    """What can be chosen: the text has a numbered line for each, a channel may show it as a button or in a list too."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Outgoing:
    """What is to be carried. `id` stays the same when it is tried again, so that a channel can tell. Where free text
    is not let through, `template` in `language` filled with `values` says the same as `text`."""

    id: UUID
    phone: str | None
    text: str
    template: str
    language: str
    message_class: str
    values: Mapping[str, Any] = field(default_factory=dict)
    user_id: str | None = None
    options: Sequence[Option] = ()
    file: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Receipt:
    """How far the message came at once, and what the channel calls it in the receipts that follow."""

    status: Literal["sent", "delivered"]
    provider_id: str | None = None


class Channel(Protocol):
    """A way to people, in `notify.deps.CHANNELS`."""

    name: str
    capabilities: frozenset[Capability]
    rules: Rules

    def send(self, message: Outgoing) -> Receipt:
        """Raises kit.errors.Retryable when it may work later, kit.errors.Permanent when it never will; the reason
        names neither person nor number."""
        ...
