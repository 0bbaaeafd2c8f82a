"""What people send, the same from every channel, and which service it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Media:
    """A file that somebody sent, as it was announced: what the channel calls it (`id`), or where it lies (`url`), or
    both; its type, hash and size as far as they were told; `name` is the sender's own name for it."""

    id: str | None
    type: str
    sha256: str | None = None
    size: int | None = None
    name: str = ""
    url: str | None = None


@dataclass(frozen=True)
class Sent:
    """Something that a person sent. `provider_id` is what the channel calls it, `number_id` the number of ours (or the
    session) that it came to, `at` when, by the channel's clock. Who it is: `phone` (E.164), `user_id` (what the channel
    calls him), one of them at least; `name` as he calls himself. `kind` is one of contracts.messages.KINDS, `choice`
    the id of an option that was pressed, `replies_to` what the channel calls the message that he answered."""

    provider_id: str
    number_id: str
    at: datetime
    phone: str | None
    user_id: str | None
    name: str
    kind: str
    text: str
    choice: str | None = None
    replies_to: str | None = None
    media: Media | None = None
