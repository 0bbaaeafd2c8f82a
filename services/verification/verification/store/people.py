"""The one table with people's data, sealed."""

from __future__ import annotations

from collections.abc import Iterable
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


def read(tx: Tx, keys: Keyring, ids: Iterable[UUID | None]) -> dict[UUID, dict[str, Any]]:
    """The values of those ids that are still kept."""
    wanted = [person_id for person_id in ids if person_id is not None]
    if not wanted:
        return {}
    rows = tx.all("SELECT id, sealed FROM people WHERE id = ANY(%s)", [wanted])
    return {row["id"]: keys.open(row["sealed"], context(row["id"])) for row in rows}


def replace_value(tx: Tx, keys: Keyring, person_id: UUID, value: dict[str, Any], *, phone: str) -> None:
    """Another value for the same person, found by that phone from now on."""
    tx.execute(
        "UPDATE people SET sealed = %s, phone_index = %s WHERE id = %s",
        [keys.seal(value, context(person_id)), phone_index(keys, phone), person_id],
    )


def replace(tx: Tx, keys: Keyring, person_id: UUID, value: dict[str, Any]) -> None:
    """What is known better now."""
    tx.later("UPDATE people SET sealed = %s WHERE id = %s", [keys.seal(value, context(person_id)), person_id])


def forget(tx: Tx, person_id: UUID) -> None:
    tx.execute("DELETE FROM people WHERE id = %s", [person_id])
