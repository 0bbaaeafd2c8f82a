"""The one table with personal data, sealed with this service's own keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from kit.sealed import Keyring


def context(person_id: UUID) -> str:
    """What a sealed row is bound to."""
    return f"person:{person_id}"


def keep(tx: Tx, keys: Keyring, kelurahan: str, value: Any, person_id: UUID | None = None) -> UUID:
    """Seals a new row, or puts a new value into the row that is named."""
    row_id = person_id or new_id()
    tx.later(
        "INSERT INTO people (id, kelurahan, sealed) VALUES (%s, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed",
        [row_id, kelurahan, keys.seal(value, context(row_id))],
    )
    return row_id


def read(tx: Tx, keys: Keyring, person_id: UUID) -> Any:
    """The value again."""
    return keys.open(tx.value("SELECT sealed FROM people WHERE id = %s", [person_id]), context(person_id))


def read_many(tx: Tx, keys: Keyring, person_ids: Iterable[UUID]) -> dict[UUID, Any]:
    """The values of several rows in one go."""
    rows = tx.all("SELECT id, sealed FROM people WHERE id = ANY(%s::uuid[])", [list(person_ids)])
    return {row["id"]: keys.open(row["sealed"], context(row["id"])) for row in rows}
