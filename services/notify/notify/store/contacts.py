"""Who writes to an office."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring
from notify.domain.agreeing import MEDIUM
from notify.domain.contacts import Contact
from notify.store import people

_COLUMNS = [field.name for field in fields(Contact) if field.name != "person"]
_SELECT = (
    f"SELECT {', '.join(f'c.{name}' for name in _COLUMNS)}, p.sealed FROM contact c JOIN people p ON p.id = c.person_id"
)


def get(tx: Tx, keys: Keyring, contact_id: UUID, *, lock: bool = False) -> Contact | None:
    return _one(keys, tx.one(f"{_SELECT} WHERE c.id = %s{' FOR UPDATE OF c, p' if lock else ''}", [contact_id]))


def by_user(tx: Tx, keys: Keyring, kelurahan: str, user_id: str) -> Contact | None:
    """Who a channel calls so, locked."""
    return _by(tx, keys, kelurahan, "user_index", keys.blind_indexes(user_id, "user"))


def by_phone(tx: Tx, keys: Keyring, kelurahan: str, phone: str) -> Contact | None:
    """Who has the number, locked."""
    return _by(tx, keys, kelurahan, "phone_index", people.phone_indexes(keys, phone))


def with_phone(tx: Tx, keys: Keyring, kelurahan: str, phone: str) -> Contact | None:
    """Who has the number, to be looked at only."""
    row = tx.one(
        f"{_SELECT} WHERE c.kelurahan = %s AND c.phone_index = ANY(%s) LIMIT 1",
        [kelurahan, people.phone_indexes(keys, phone)],
    )
    return _one(keys, row)


def since_he_wrote(tx: Tx, contact_id: UUID) -> timedelta | None:
    """How long ago, by the machine's clock; None for never."""
    found: timedelta | None = tx.value("SELECT clock_timestamp() - last_in_at FROM contact WHERE id = %s", [contact_id])
    return found


def add(tx: Tx, keys: Keyring, kelurahan: str, channel: str, person: dict[str, Any], at: datetime) -> bool:
    """Somebody writes for the first time. False when he did so a moment ago, in another transaction."""
    person_id = people.keep(tx, keys, kelurahan, {name: person.get(name) for name in ("name", "phone", "user_id")})
    added = tx.execute(
        "INSERT INTO contact (id, kelurahan, person_id, phone_index, user_index, channel, created_at)"
        " VALUES (%(id)s, %(kelurahan)s, %(person_id)s, %(phone_index)s, %(user_index)s, %(channel)s, %(at)s)"
        " ON CONFLICT DO NOTHING",
        {"id": new_id(), "kelurahan": kelurahan, "person_id": person_id, "channel": channel, "at": at}
        | _indexes(keys, person),
    )
    if not added:
        tx.execute("DELETE FROM people WHERE id = %s", [person_id])
    return bool(added)


def save(tx: Tx, keys: Keyring, contact: Contact) -> None:
    """Writes a contact that was read with a lock: what is known of him, and where he writes."""
    people.change(tx, keys, contact.person_id, contact.person)
    contact.version = tx.value(
        "UPDATE contact SET phone_index = %(phone_index)s, user_index = %(user_index)s, channel = %(channel)s,"
        " version = version + 1 WHERE id = %(id)s RETURNING version",
        {"id": contact.id, "channel": contact.channel} | _indexes(keys, contact.person),
    )


def wrote(tx: Tx, contact_id: UUID, at: datetime, number_id: str) -> None:
    """He wrote to this number of ours then, which may be long ago; later than now it is not, by the machine's clock."""
    tx.execute(
        "UPDATE contact SET last_in_at = least(%(at)s, clock_timestamp()), number_id = %(number_id)s"
        " WHERE id = %(id)s AND (last_in_at IS NULL OR last_in_at <= %(at)s)",
        {"at": at, "number_id": number_id, "id": contact_id},
    )


def since(tx: Tx, at: datetime) -> timedelta:
    """How long ago something was, by the machine's clock."""
    found: timedelta = tx.value("SELECT greatest(clock_timestamp() - %s, interval '0')", [at])
    return found


def answered(tx: Tx, contact: Contact, until: datetime | None, said_at: datetime) -> bool:
    """The office answers him itself until then, or not any more (None). False when something later was said, by the
    channel's clock. The contact is locked."""
    changed = tx.execute(
        "UPDATE contact SET answered_until = %(until)s, answered_at = %(at)s, version = version + 1 WHERE id = %(id)s"
        " AND (answered_at IS NULL OR answered_at <= %(at)s)",
        {"id": contact.id, "until": until, "at": said_at},
    )
    return bool(changed)


def resume(tx: Tx, contact: Contact) -> None:
    """The office does not answer him itself any more. The contact is locked."""
    contact.answered_until = None
    contact.version = tx.value(
        "UPDATE contact SET answered_until = NULL, version = version + 1 WHERE id = %s RETURNING version", [contact.id]
    )


def listed(tx: Tx, keys: Keyring, state: str, now: datetime, after: UUID | None, limit: int) -> list[Contact]:
    """The office's contacts whom it answers itself (`answered`), who want no messages (`stopped`), or who agreed to be
    told announcements (`announced`), in the order in which they became known."""
    rows = tx.all(
        f"{_SELECT} WHERE (%(after)s::uuid IS NULL OR c.id > %(after)s) AND {_STATES[state]}"
        " ORDER BY c.id LIMIT %(limit)s",
        {"after": after, "now": now, "limit": limit},
    )
    return [contact for row in rows if (contact := _one(keys, row)) is not None]


_STATES = {
    "answered": "c.answered_until > %(now)s",
    "stopped": f"EXISTS (SELECT FROM contact_consent w WHERE w.contact_id = c.id AND w.medium <> '{MEDIUM}'"
    " AND NOT w.wanted AND NOT EXISTS (SELECT FROM contact_consent n WHERE n.contact_id = c.id AND n.medium = w.medium"
    " AND n.id > w.id))",
    "announced": f"EXISTS (SELECT FROM contact_consent w WHERE w.contact_id = c.id AND w.medium = '{MEDIUM}'"
    f" AND w.wanted AND NOT EXISTS (SELECT FROM contact_consent n WHERE n.contact_id = c.id AND n.medium = '{MEDIUM}'"
    " AND n.id > w.id))",
}


def _indexes(keys: Keyring, person: dict[str, Any]) -> dict[str, bytes | None]:
    phone, user_id = person.get("phone"), person.get("user_id")
    return {
        "phone_index": people.phone_index(keys, phone) if phone else None,
        "user_index": keys.blind_index(user_id, "user") if user_id else None,
    }


def _by(tx: Tx, keys: Keyring, kelurahan: str, column: str, indexes: list[bytes]) -> Contact | None:
    row = tx.one(
        f"{_SELECT} WHERE c.kelurahan = %s AND c.{column} = ANY(%s) LIMIT 1 FOR UPDATE OF c, p", [kelurahan, indexes]
    )
    return _one(keys, row)


def _one(keys: Keyring, row: Row | None) -> Contact | None:
    if row is None:
        return None
    person = keys.open(row.pop("sealed"), people.context(row["person_id"]))
    return Contact(**row, person=person)
