"""Which channel a message takes, and who is at the other end of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from contracts.sandbox import is_sandbox
from kit.db import Tx
from notify.channels import Channel
from notify.channels.mailbox import Mailbox
from notify.deps import Deps
from notify.domain.contacts import Contact
from notify.domain.copies import Recipient
from notify.domain.messages import Message
from notify.domain.notices import ONLY_WHEN_ASKED
from notify.domain.policy import next_channel
from notify.store import contacts


@dataclass(frozen=True)
class Way:
    """A channel, and who is known to write on it."""

    channel: Channel
    contact: Contact | None


@dataclass(frozen=True)
class Reader:
    """Where somebody is reached by now, and how long ago he wrote on the message's channel, to which number of ours."""

    person: Mapping[str, Any]
    since: timedelta | None = None
    written_to: str | None = None


def choose(deps: Deps, tx: Tx, kelurahan: str, to: Recipient) -> Way:
    """The channel on which he writes, else the first in the office's order that reaches him; the usual one where none
    does."""
    contact = contacts.get(tx, deps.data_keys, to.contact_id) if to.contact_id else None
    if contact is None and to.phone:
        contact = contacts.with_phone(tx, deps.data_keys, kelurahan, to.phone)
    return way_to(deps, kelurahan, to, contact)


def way_to(deps: Deps, kelurahan: str, to: Recipient, contact: Contact | None) -> Way:
    """The same where it is known who writes from there."""
    person = {"phone": to.phone, "user_id": to.user_id, "email": to.email} | _known(contact)
    if is_sandbox(kelurahan):
        return Way(deps.channels[Mailbox.name], contact)
    order = [contact.channel] if contact is not None and contact.last_in_at is not None else []
    found = next_channel([*order, *deps.channels], (), _reaching(deps, kelurahan, person))
    return Way(deps.channels[found] if found else deps.channel, contact)


def reader(deps: Deps, tx: Tx, message: Message) -> Reader:
    """Who reads a message, as he is known now: his number may have changed since it was worded."""
    contact = contacts.get(tx, deps.data_keys, message.contact_id) if message.contact_id else None
    if contact is None:
        return Reader(message.person)
    person = message.person | _known(contact)
    if contact.channel != message.channel:
        return Reader(person)
    return Reader(person, contacts.since_he_wrote(tx, contact.id), contact.number_id)


def another(deps: Deps, message: Message, person: Mapping[str, Any]) -> str | None:
    """The next channel that may carry it. A turn of a conversation stays where that is."""
    if message.message_class == "answer":
        return None
    reaching = [
        name for name in _reaching(deps, message.kelurahan, person)
        if message.template not in ONLY_WHEN_ASKED or "chat" not in deps.channels[name].capabilities
    ]  # fmt: skip
    return next_channel(deps.channels, [*message.tried, message.channel], reaching)


def is_reached(deps: Deps, kelurahan: str, way: Way, to: Recipient) -> bool:
    """Whether the way leads to him at all."""
    person = {"phone": to.phone, "user_id": to.user_id, "email": to.email} | _known(way.contact)
    return way.channel.name in _reaching(deps, kelurahan, person)


def _known(contact: Contact | None) -> dict[str, Any]:
    """Where somebody is by now: a number that is not his any more is somebody else's."""
    return {"phone": contact.phone, "user_id": contact.user_id} if contact is not None else {}


def _reaching(deps: Deps, kelurahan: str, person: Mapping[str, Any]) -> list[str]:
    if is_sandbox(kelurahan):
        return [Mailbox.name]
    here_too = Mailbox.name in deps.settings.channels
    return [
        name for name, one in deps.channels.items()
        if (here_too or name != Mailbox.name) and one.sender(kelurahan) is not None and one.reaches(person)
    ]  # fmt: skip
