"""Ways to people. A channel knows how to carry a part of a message to somebody, and nothing of what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal
from uuid import UUID

from contracts.messages import Rules
from notify.domain.fitting import Capability, Kind, Limits, Option

__all__ = ["Capability", "Channel", "Limits", "Option", "Outgoing", "Receipt"]


@dataclass(frozen=True)
class Outgoing:
    """What is to be carried, cut down to what the channel can (`kind`, `text`, `options`, `file`). `id` stays the same
    when it is tried again, `mark` tells the attempts apart. `sender` is the number of ours that it goes out from. As a
    template, the one that was approved as `template_name` is filled with `parameters`, in the order of its text,
    and has `file`, a picture, above it where there is one."""

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
    kind: Kind = "text"
    sender: str = ""
    kelurahan: str = ""
    mark: str = ""
    template_name: str = ""
    parameters: Sequence[str] = ()
    email: str | None = None
    name: str = ""


@dataclass(frozen=True)
class Receipt:
    """How far the message came at once, and what the channel calls it in the receipts that follow."""

    status: Literal["sent", "delivered"]
    provider_id: str | None = None


class Channel:
    """A way to people, in `notify.deps.CHANNELS`. `gap` is how many seconds lie between two messages to one person,
    `per_second` how many go out from one of our numbers; 0 for no matter."""

    name: ClassVar[str]
    capabilities: frozenset[Capability] = frozenset({"text"})
    limits: Limits = Limits()
    gap: float = 0.0
    per_second: float = 0.0
    rules: Rules

    def sender(self, kelurahan: str, written_to: str | None = None) -> str | None:
        """The number of ours that speaks for an office, the one that its reader wrote to where it is such; None where
        it has none here."""
        return self.name

    def offices(self, kelurahan: str, sender: str) -> Sequence[str]:
        """Whom that number speaks for: all that share it."""
        return (kelurahan,)

    def reaches(self, person: Mapping[str, Any]) -> bool:
        """Whether somebody (phone, user_id, email) has an address here."""
        return bool(person.get("phone"))

    def send(self, message: Outgoing) -> Receipt:
        """Raises NotSent with what helps, Unclear when it may have been carried all the same; kit.errors.Retryable
        counts as the first with `retry`, Permanent as the first with `elsewhere`. No reason names person or number."""
        raise NotImplementedError
