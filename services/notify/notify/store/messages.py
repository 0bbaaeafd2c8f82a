"""Messages to people and from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.sealed import Keyring
from notify.domain.contacts import Contact
from notify.domain.messages import Message
from notify.domain.provider_ids import hashed
from notify.store import people

_COLUMNS = [field.name for field in fields(Message) if field.name != "person"]
_CHANGING = (
    "status", "attempts", "waits_until", "failure", "settled_at", "job_id", "provider_id", "provider_ids", "earlier",
    "whole", "channel", "sender", "category", "tries", "tried", "as_template", "part", "held", "resent", "underway",
)  # fmt: skip
_SELECT = (
    f"SELECT {', '.join(f'm.{name}' for name in _COLUMNS)}, p.sealed, m.number"
    " FROM message m JOIN people p ON p.id = m.person_id"
)
_ADD = (
    f"INSERT INTO message (content, pair, {', '.join(_COLUMNS)})"
    f" VALUES (%(content)s, %(pair)s, {', '.join(f'%({name})s' for name in _COLUMNS)}) ON CONFLICT (id) DO NOTHING"
)
_SAVE = (
    f"UPDATE message SET {', '.join(f'{name} = %({name})s' for name in _CHANGING)}, version = version + 1"
    " WHERE id = %(id)s RETURNING version"
)


def content(keys: Keyring, to: str, text: str) -> bytes:
    """A fingerprint of what is said to whom."""
    return keys.blind_index(said_to(to, text), "content")


def contents(keys: Keyring, to: str, text: str) -> list[bytes]:
    """The same for look-ups: messages from before the keys changed have another one."""
    return keys.blind_indexes(said_to(to, text), "content")


def said_to(address: str, text: str) -> str:
    return f"{address}\0{text}"


def address(person: Mapping[str, Any]) -> str:
    """Whom a message goes to: his number, or what the channel calls him."""
    return person.get("phone") or person.get("user_id") or ""


def add(tx: Tx, keys: Keyring, message: Message) -> None:
    """Keeps a message; its person's data go to their own table first."""
    person = message.person
    message.person_id = people.keep(tx, keys, message.kelurahan, person, phone=person["phone"] or None)
    values: dict[str, Any] = {name: getattr(message, name) for name in _COLUMNS}
    to = address(person)
    pair = keys.blind_index(to, "pair") if to else None
    tx.execute(_ADD, values | {"content": content(keys, to, person["text"]), "pair": pair})


def add_many(tx: Tx, keys: Keyring, made: Sequence[Message]) -> None:
    """Keeps messages of one office in two statements, however many they are."""
    if not made:
        return
    persons = people.keep_many(tx, keys, made[0].kelurahan, [one.person for one in made])
    rows = []
    for message, person_id in zip(made, persons, strict=True):
        message.person_id = person_id
        to = address(message.person)
        pair = keys.blind_index(to, "pair") if to else None
        plain = [getattr(message, name) for name in _COLUMNS]
        rows.append([content(keys, to, message.person["text"]), pair, *plain])
    tx.execute_many(f"INSERT INTO message (content, pair, {', '.join(_COLUMNS)}) VALUES %s", rows)


def save(tx: Tx, message: Message) -> None:
    """Writes a message that was read with a lock."""
    values: dict[str, Any] = {name: getattr(message, name) for name in ("id", *_CHANGING)}
    message.version = tx.value(_SAVE, values)


def get(tx: Tx, keys: Keyring, message_id: UUID, *, lock: bool = False) -> Message | None:
    row = tx.one(f"{_SELECT} WHERE m.id = %s{' FOR UPDATE OF m, p' if lock else ''}", [message_id])
    return None if row is None else _message(keys, row)


def exists(tx: Tx, message_id: UUID) -> bool:
    return bool(tx.value("SELECT true FROM message WHERE id = %s", [message_id]))


def announcement_of(tx: Tx, message_id: UUID) -> UUID | None:
    """The announcement that a message is, as long as it is kept."""
    found: UUID | None = tx.value("SELECT announcement_id FROM message WHERE id = %s", [message_id])
    return found


def case_of(tx: Tx, message_id: UUID) -> UUID | None:
    """The case that a message is about, as long as it is kept."""
    found: UUID | None = tx.value("SELECT application_id FROM message WHERE id = %s", [message_id])
    return found


def said_already(tx: Tx, application_id: UUID, template: str, fingerprints: list[bytes], since: datetime) -> bool:
    """Whether the same was sent about the case since then."""
    return bool(
        tx.value(
            "SELECT true FROM message WHERE application_id = %s AND template = %s AND content = ANY(%s)"
            " AND created_at > %s LIMIT 1",
            [application_id, template, fingerprints, since],
        )
    )


def listed(
    tx: Tx, keys: Keyring, *, application_id: UUID | None, status: str | None = None, after: UUID | None,
    position: int | None, newest_first: bool = False, limit: int, besides: Sequence[str] = (),
) -> list[tuple[int, Message]]:  # fmt: skip
    """Messages of the office, or of one case, or with one status, in the order of their making or from the newest
    back, each with its place in it; `besides`: but those whose templates begin so."""
    beyond, order = ("<", "DESC") if newest_first else (">", "ASC")
    rows = tx.all(
        f"{_SELECT} WHERE (%(application_id)s::uuid IS NULL OR m.application_id = %(application_id)s)"
        " AND (%(status)s::text IS NULL OR m.status = %(status)s)"
        f" AND (%(position)s::bigint IS NULL OR m.number {beyond} %(position)s)"
        " AND (%(after)s::uuid IS NULL OR m.number > (SELECT number FROM message WHERE id = %(after)s))"
        f" AND {_BESIDES} ORDER BY m.number {order} LIMIT %(limit)s",
        {"application_id": application_id, "status": status, "after": after, "position": position, "limit": limit,
         "besides": list(besides)},
    )  # fmt: skip
    return [(row["number"], _message(keys, row)) for row in rows]


_BESIDES = "NOT EXISTS (SELECT FROM unnest(%(besides)s::text[]) AS begins WHERE starts_with(m.template, begins))"


def to_phone(
    tx: Tx, keys: Keyring, phone: str, *, before: int | None, limit: int, besides: Sequence[str] = ()
) -> list[tuple[int, Message]]:
    """What a number was sent, newest first; `besides`: but what has templates that begin so."""
    rows = tx.all(
        f"{_SELECT} WHERE p.phone_index = ANY(%(index)s) AND (%(before)s::bigint IS NULL OR m.number < %(before)s)"
        f" AND {_BESIDES} ORDER BY m.number DESC LIMIT %(limit)s",
        {"index": people.phone_indexes(keys, phone), "before": before, "limit": limit, "besides": list(besides)},
    )
    return [(row["number"], _message(keys, row)) for row in rows]


def announced_to(tx: Tx, keys: Keyring, kelurahan: str, phone: str, limit: int) -> list[Message]:
    """What an office announced to a number, oldest first."""
    rows = tx.all(
        f"{_SELECT} WHERE p.phone_index = ANY(%s) AND m.kelurahan = %s AND m.announcement_id IS NOT NULL"
        " ORDER BY m.number LIMIT %s",
        [people.phone_indexes(keys, phone), kelurahan, limit],
    )
    return [_message(keys, row) for row in rows]


def by_provider(tx: Tx, keys: Keyring, channel: str, provider_id: str, *, lock: bool = False) -> Message | None:
    """The message that a channel calls so, or a part or an earlier attempt of it. Those of the release before have the
    name as it was."""
    row = tx.one(
        f"{_SELECT} WHERE m.channel = %(channel)s AND (m.provider_id = ANY(%(names)s) OR m.provider_ids @> %(name)s)"
        f"{' FOR UPDATE OF m, p' if lock else ''}",
        {"channel": channel, "names": [hashed(provider_id), provider_id], "name": [hashed(provider_id)]},
    )
    return None if row is None else _message(keys, row)


_OPEN = (
    "m.requested_by IS NOT NULL AND m.message_class <> 'code' AND m.status NOT IN ('failed', 'expired')"
    " AND (m.expires_at > %(now)s OR (m.expires_at IS NULL AND m.message_class = 'notice'))"
)
"""A question that still can be answered: a turn of a conversation with an end, or a task."""


def asked_last(
    tx: Tx, keys: Keyring, contact: Contact, now: datetime, *, besides: str = "", only: str = ""
) -> str | None:
    """The service whose question to somebody is the newest that still can be answered: of those with the template
    `only`, if there is one, else of all but those with the template `besides`."""
    which = f"{_OPEN} AND m.template <> %(besides)s AND (%(only)s = '' OR m.template = %(only)s)"
    who: str | None = tx.value(
        "SELECT requested_by FROM ("
        "(SELECT m.requested_by, m.number FROM people p JOIN message m ON m.person_id = p.id"
        f" WHERE p.phone_index = ANY(%(phone)s) AND {which} ORDER BY m.number DESC LIMIT 1)"
        " UNION ALL (SELECT m.requested_by, m.number FROM message m"
        f" WHERE m.contact_id = %(contact)s AND {which} ORDER BY m.number DESC LIMIT 1)"
        ") AS asked ORDER BY number DESC LIMIT 1",
        {
            "phone": people.phone_indexes(keys, contact.phone) if contact.phone else [],
            "contact": contact.id,
            "now": now,
            "besides": besides,
            "only": only,
        },
    )
    return who


def before(tx: Tx, keys: Keyring, message: Message, passing: int) -> int:
    """How many messages to the same person by the same channel were made before and are still to be sent; those that
    rest, and those that were tried `passing` times, let others pass."""
    to = address(message.person)
    if not to:
        return 0
    return int(
        tx.value(
            "SELECT count(*) FROM message WHERE pair = ANY(%s) AND status = 'accepted' AND kelurahan = %s"
            " AND channel = %s AND (waits_until IS NULL OR held) AND tries < %s"
            " AND number < (SELECT number FROM message WHERE id = %s)",
            [keys.blind_indexes(to, "pair"), message.kelurahan, message.channel, passing, message.id],
        )
    )


def queued(tx: Tx, message: Message, most: int) -> int:
    """How many of the office wait on the message's channel for their turn, at most so many."""
    return int(
        tx.value(
            "SELECT count(*) FROM (SELECT FROM message WHERE status = 'accepted' AND pair IS NOT NULL"
            " AND kelurahan = %s AND channel = %s AND waits_until IS NULL AND message_class = 'notice'"
            " LIMIT %s) AS queue",
            [message.kelurahan, message.channel, most],
        )
    )


def begun(tx: Tx, message: Message) -> None:
    """An attempt goes out now, by the machine's clock. The message is saved by the caller."""
    message.underway = tx.value("SELECT clock_timestamp()")


def unclear(tx: Tx, keys: Keyring, seconds: float, limit: int) -> list[Message]:
    """Of which nothing was heard for so long, locked."""
    rows = tx.all(
        f"{_SELECT} WHERE m.status = 'unknown' AND m.underway < clock_timestamp() - make_interval(secs => %s)"
        " ORDER BY m.underway LIMIT %s FOR UPDATE OF m, p SKIP LOCKED",
        [seconds, limit],
    )
    return [_message(keys, row) for row in rows]


def release(tx: Tx, channel: str, now: datetime) -> int:
    """What was held back of the transaction's offices may go now; how many."""
    return tx.execute("UPDATE message SET waits_until = %s WHERE held AND channel = %s", [now, channel])


def by_mark(tx: Tx, keys: Keyring, channel: str, mark: str) -> Message | None:
    """The message one of whose attempts carried this mark, locked."""
    message_id, _, _rest = mark.partition(".")
    try:
        message = get(tx, keys, UUID(message_id), lock=True)
    except ValueError:
        return None
    return message if message is not None and message.channel == channel else None


def wake(tx: Tx, now: datetime, limit: int) -> list[Row]:
    """Resting messages whose hour has come, locked, oldest first."""
    return tx.all(
        "SELECT id, kelurahan, channel FROM message WHERE waits_until <= %s ORDER BY waits_until, number LIMIT %s"
        " FOR UPDATE SKIP LOCKED",
        [now, limit],
    )


def woken(tx: Tx, message_id: UUID, job_id: UUID) -> None:
    tx.execute("UPDATE message SET waits_until = NULL, held = false, job_id = %s WHERE id = %s", [job_id, message_id])


def to_wipe(tx: Tx, keys: Keyring, now: datetime, limit: int) -> list[Message]:
    """Codes that have served, locked: their time is over, or whoever carries messages has them. The mailbox is where
    they are read, so there only time ends them."""
    rows = tx.all(
        f"{_SELECT} WHERE m.message_class = 'code' AND NOT m.wiped AND m.expires_at IS NOT NULL"
        " AND (m.expires_at <= %s OR (m.channel <> 'mailbox' AND m.status NOT IN ('accepted', 'failed')))"
        " ORDER BY m.expires_at LIMIT %s FOR UPDATE OF m, p SKIP LOCKED",
        [now, limit],
    )
    return [_message(keys, row) for row in rows]


def wipe(tx: Tx, keys: Keyring, message: Message, text: str) -> None:
    """Of a message stays whom it went to and what kind it was."""
    kept = {name: value for name, value in message.person.items() if name not in ("text", "values")}
    people.change(tx, keys, message.person_id, kept | {"text": text, "values": {}})
    said = content(keys, address(message.person), text)
    tx.execute("UPDATE message SET wiped = true, content = %s WHERE id = %s", [said, message.id])


def _message(keys: Keyring, row: Row) -> Message:
    values = {name: row[name] for name in _COLUMNS}
    return Message(**values, person=keys.open(row["sealed"], people.context(row["person_id"])))
