"""Who opens cases for others, and how many: a line each, known again by a keyed fingerprint of the login or phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from intake.store.applications import person_context
from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring

PURPOSE = "helper"
_COUNT = """
UPDATE helper SET key = %(key)s, cases = cases + 1,
    day = %(day)s, on_day = CASE WHEN day = %(day)s THEN on_day + 1 ELSE 1 END,
    last_at = %(at)s
WHERE kelurahan = %(kelurahan)s AND key = ANY(%(keys)s) RETURNING id, person_id, on_day
"""
_FIRST = """
WITH known AS (
    INSERT INTO people (id, kelurahan, sealed) VALUES (%(person_id)s, %(kelurahan)s, %(sealed)s)
)
INSERT INTO helper (id, kelurahan, key, person_id, cases, day, on_day, last_at)
VALUES (%(id)s, %(kelurahan)s, %(key)s, %(person_id)s, 0, %(day)s, 0, %(at)s)
ON CONFLICT (kelurahan, key) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A helper, and which case of the day this is."""

    id: UUID
    on_day: int


def count(
    tx: Tx, keys: Keyring, kelurahan: str, known: str, person: dict[str, Any], day: date, at: datetime
) -> Counted:
    """One more case by this helper, who is `known` by a login or phone. Whoever does it at the same instant waits: no
    two are the same case of the day."""
    indexes = keys.blind_indexes(known, PURPOSE)
    values = {"kelurahan": kelurahan, "key": indexes[0], "keys": indexes, "day": day, "at": at}
    if len(indexes) > 1:  # while keys change another process may write the other index: both take the same lock
        tx.later("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(min(indexes)[:8], "big", signed=True)])
    row = tx.one(_COUNT, values)
    if row is None:
        person_id = new_id()
        sealed = keys.seal(person, person_context(person_id))
        tx.execute(_FIRST, values | {"id": new_id(), "person_id": person_id, "sealed": sealed})
        row = tx.all(_COUNT, values)[0]
    tx.later(
        "UPDATE people SET sealed = %s WHERE id = %s",
        [keys.seal(person, person_context(row["person_id"])), row["person_id"]],
    )
    return Counted(row["id"], row["on_day"])


def listed(tx: Tx, keys: Keyring, after: list[Any] | None, limit: int) -> list[Row]:
    """{id, name, phone, cases, day, on_day, last_at}, whoever was there last first, `limit + 1` of them."""
    params: dict[str, Any] = {"kelurahan": tx.tenant, "limit": limit + 1}
    beyond = ""
    if after:
        beyond = "AND (h.last_at, h.id) < (%(last)s::timestamptz, %(id)s::uuid)"
        params |= {"last": after[0], "id": after[1]}
    rows = tx.all(
        "SELECT h.id, h.cases, h.day, h.on_day, h.last_at, h.person_id, p.sealed FROM helper h"
        f" JOIN people p ON p.id = h.person_id WHERE h.kelurahan = %(kelurahan)s {beyond}"
        " ORDER BY h.last_at DESC, h.id DESC LIMIT %(limit)s",
        params,
    )
    return [row | keys.open(row["sealed"], person_context(row["person_id"])) for row in rows]
