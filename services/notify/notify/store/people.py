"""The one table with people's data, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from kit.sealed import Keyring


def context(person_id: UUID) -> str:
    """What a person's data are bound to."""
    return f"person:{person_id}"


def phone_index(keys: Keyring, phone: str) -> bytes:
    return keys.blind_index(phone, "phone")


def phone_indexes(keys: Keyring, phone: str) -> list[bytes]:
    """For look-ups: what was kept before the keys changed has another one until it was sealed anew."""
    return keys.blind_indexes(phone, "phone")


def keep(tx: Tx, keys: Keyring, kelurahan: str, value: dict[str, Any], *, phone: str | None = None) -> UUID:
    """Keeps a value; with a phone it can be found by that."""
    person_id = new_id()
    tx.later(
        "INSERT INTO people (id, kelurahan, sealed, phone_index) VALUES (%s, %s, %s, %s)",
        [person_id, kelurahan, keys.seal(value, context(person_id)), phone_index(keys, phone) if phone else None],
    )
    return person_id


def keep_many(tx: Tx, keys: Keyring, kelurahan: str, values: Sequence[dict[str, Any]]) -> list[UUID]:
    """Keeps many values in one statement; each is found by its phone, where it has one. Their ids, in order."""
    ids = [new_id() for _ in values]
    tx.later(
        "INSERT INTO people (id, kelurahan, sealed, phone_index) SELECT a.id, %s, a.sealed, a.phone_index"
        " FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS a (id, sealed, phone_index)",
        [
            kelurahan, ids, [keys.seal(value, context(one)) for one, value in zip(ids, values, strict=True)],
            [phone_index(keys, value["phone"]) if value.get("phone") else None for value in values],
        ],
    )  # fmt: skip
    return ids


def change(tx: Tx, keys: Keyring, person_id: UUID, value: dict[str, Any]) -> None:
    """Another value in the place of the one kept."""
    tx.later("UPDATE people SET sealed = %s WHERE id = %s", [keys.seal(value, context(person_id)), person_id])
