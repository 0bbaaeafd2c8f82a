"""What people send and what becomes of what we send, the same from every channel, and which service it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.enrolment import code_in

LISTENERS = ("intake", "verification")
OURSELVES = "notify"
"""What somebody wrote to us alone (STOP, which office he means): it is kept, and no service is told."""

THE_OFFICE = "office"
"""Words to a person of the office who answers by himself: kept as well, and no service is told."""

NO_OFFICE = "*"
"""In the place of a kelurahan where it is not known whose something is: only who sees every office's rows sees it."""

_HEADS_WORDS = frozenset({"pengantar", "tugas", "latihan", "cuti"})
_EVERYBODYS_WORDS = frozenset({"menu", "layanan", "halo", "bantuan"})
_BEGINS_ANEW = re.compile(r"\W*mulai\s+lagi\b", re.IGNORECASE)
_FIRST = re.compile(r"\W*(\w+)")

# What would break a line, turn the direction of writing, or is half a sign.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ud800-\udfff]")
MOST = 10_000
"""Characters of one message; WhatsApp lets 4,096 through."""


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


@dataclass(frozen=True)
class Status:
    """How far a message of ours came: `status` is sent, delivered, read or failed; `code` why it failed, as the channel
    numbers it; `mark` is what we gave it along."""

    provider_id: str
    number_id: str
    status: str
    at: datetime
    code: str | None = None
    mark: str | None = None


@dataclass(frozen=True)
class Moved:
    """Somebody has another number, or the channel calls him otherwise: who he was, and what is new of him."""

    number_id: str
    at: datetime
    phone: str | None
    user_id: str | None
    new_phone: str | None = None
    new_user_id: str | None = None


@dataclass(frozen=True)
class Echo:
    """A person of the office wrote to somebody from the app on the office's phone; `text` is looked at and not kept."""

    number_id: str
    to_phone: str | None
    to_user_id: str | None
    at: datetime
    text: str = ""
    provider_id: str = ""


@dataclass(frozen=True)
class Session:
    """A number of ours is connected to its phone (`works`), is not (`out`), or nobody can say at this moment."""

    number_id: str
    state: Literal["works", "out", "changing"]
    at: datetime


Item = Sent | Status | Moved | Echo | Session


@dataclass(frozen=True)
class Answered:
    """A message of ours that somebody answered, and who asked for it: None for a notice of our own."""

    message_id: UUID
    requested_by: str | None


def clean(text: str) -> str:
    """What somebody wrote, without what no message needs and no other system takes."""
    return _UNWANTED.sub("", text)[:MOST]


def is_talk(sent: Sent, answered: Answered | None) -> bool:
    """Whether it is words alone, and no file, choice, code or answer to a message of ours."""
    return sent.media is None and sent.choice is None and answered is None and code_in(sent.text) is None


def recipient(text: str, *, answered: Answered | None, heads: bool, asked: str | None) -> str:
    """The one service that something is for. The code of a head's sheet goes to verification, whoever sends it; an
    answer to who asked; from who heads an RT or RW (`heads`) a word of his work to verification; and all else to the
    service with the newest open question to him (`asked`), or to who he is expected to talk to."""
    if code_in(text) is not None:
        return "verification"
    if answered is not None:
        return answered.requested_by if answered.requested_by in LISTENERS else "intake"
    if heads and (named := _named(text)):
        return named
    if asked in LISTENERS:
        return asked
    return "verification" if heads else "intake"


def _named(text: str) -> str | None:
    """The service that a word at the beginning is for, from who may mean either."""
    first = _FIRST.match(text)
    word = first[1].casefold() if first else ""
    if word in _HEADS_WORDS:
        return "verification"
    return "intake" if word in _EVERYBODYS_WORDS or _BEGINS_ANEW.match(text) else None
