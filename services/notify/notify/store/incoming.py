"""What people sent, the service that each of it is for, and their files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.sealed import Keyring
from notify.domain.provider_ids import hashed
from notify.store import people

_COLUMNS = (
    "id", "kelurahan", "person_id", "channel", "recipient", "received_at", "contact_id", "kind", "replies_to",
    "file_key", "file", "problem", "told_at",
)  # fmt: skip
_SELECT = (
    f"SELECT {', '.join(f'i.{name}' for name in _COLUMNS)}, p.sealed"
    " FROM incoming i JOIN people p ON p.id = i.person_id"
)


@dataclass
class Incoming:
    """Something that somebody sent. `person` has name, phone and text, the `choice` that was pressed, `media` as it was
    announced, and what the channel calls it; `file` is told with the event once it is here, or `problem` why it is
    not; `told_at` is empty while its file is fetched."""

    id: UUID
    kelurahan: str
    channel: str
    recipient: str
    received_at: datetime
    contact_id: UUID | None
    kind: str = "text"
    replies_to: UUID | None = None
    file_key: str | None = None
    file: dict[str, Any] | None = None
    problem: str | None = None
    told_at: datetime | None = None
    person_id: UUID | None = None
    person: dict[str, Any] = field(default_factory=dict)


def known(tx: Tx, channel: str, provider_id: str) -> bool:
    """Whether it was taken before."""
    return bool(
        tx.value("SELECT true FROM incoming WHERE channel = %s AND provider_id = %s", [channel, hashed(provider_id)])
    )


def add(tx: Tx, keys: Keyring, one: Incoming, provider_id: str) -> bool:
    """Keeps it; False when another transaction did so at this moment."""
    one.person_id = people.keep(tx, keys, one.kelurahan, one.person, phone=one.person.get("phone") or None)
    values = {name: getattr(one, name) for name in _COLUMNS} | {"provider_id": hashed(provider_id)}
    names = [*_COLUMNS, "provider_id"]
    added = tx.execute(
        f"INSERT INTO incoming ({', '.join(names)}) VALUES ({', '.join(f'%({name})s' for name in names)})"
        " ON CONFLICT (channel, provider_id) WHERE provider_id IS NOT NULL DO NOTHING",
        values,
    )
    if not added:
        tx.execute("DELETE FROM people WHERE id = %s", [one.person_id])
    return bool(added)


def get(tx: Tx, keys: Keyring, incoming_id: UUID, *, lock: bool = False) -> Incoming | None:
    row = tx.one(f"{_SELECT} WHERE i.id = %s{' FOR UPDATE OF i, p' if lock else ''}", [incoming_id])
    return None if row is None else _one(keys, row)


def fetched(tx: Tx, one: Incoming) -> None:
    """What became of its file, and that it was told."""
    tx.later(
        "UPDATE incoming SET file = %s, problem = %s, told_at = %s WHERE id = %s",
        [one.file, one.problem, one.told_at, one.id],
    )


def reword(tx: Tx, keys: Keyring, incoming_id: UUID, text: str) -> None:
    """Other words in the place of those that somebody wrote, which another service keeps."""
    found = get(tx, keys, incoming_id, lock=True)
    if found is not None and found.person_id is not None:
        people.change(tx, keys, found.person_id, found.person | {"text": text})


def listed(tx: Tx, keys: Keyring, *, before: UUID | None, limit: int) -> list[Incoming]:
    """What people sent to the office, newest first: ids are made in the order of taking."""
    rows = tx.all(
        f"{_SELECT} WHERE (%(before)s::uuid IS NULL OR i.id < %(before)s) ORDER BY i.id DESC LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )
    return [_one(keys, row) for row in rows]


def of_person(
    tx: Tx, keys: Keyring, kelurahan: str, contact_id: UUID | None, phone: str | None, limit: int
) -> list[Incoming]:
    """What somebody wrote for himself, oldest first: by who he is; what is from before contacts were known, by his
    number. What he answers for the RT that he heads, or as a neighbour, is about others."""
    rows = tx.all(
        f"{_SELECT} WHERE i.kelurahan = %s AND i.recipient <> 'verification'"
        " AND (i.contact_id = %s OR (i.contact_id IS NULL AND p.phone_index = ANY(%s))) ORDER BY i.id LIMIT %s",
        [kelurahan, contact_id, people.phone_indexes(keys, phone) if phone else [], limit],
    )
    return [_one(keys, row) for row in rows]


def _one(keys: Keyring, row: Row) -> Incoming:
    values = {name: row[name] for name in _COLUMNS}
    return Incoming(**values, person=keys.open(row["sealed"], people.context(row["person_id"])))
