"""Hand-overs; who received the papers is sealed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from documents.domain.handovers import Handover
from documents.store import people
from kit.db import Row, Tx
from kit.sealed import Keyring

_COLUMNS = [field.name for field in fields(Handover) if field.name != "person"]
_SELECT = (
    f"SELECT {', '.join(f'h.{name}' for name in _COLUMNS)}, p.sealed"
    " FROM handover h JOIN people p ON p.id = h.person_id"
)


def _from_row(row: Row, keys: Keyring) -> Handover:
    row["code_hash"] = None if row["code_hash"] is None else bytes(row["code_hash"])
    return Handover(**row | {"person": keys.open(row.pop("sealed"), people.context(row["person_id"]))})


def add(tx: Tx, keys: Keyring, handover: Handover) -> None:
    people.keep(tx, keys, handover.kelurahan, handover.person, handover.person_id)
    tx.execute(
        f"INSERT INTO handover ({', '.join(_COLUMNS)}) VALUES ({', '.join(f'%({name})s' for name in _COLUMNS)})",
        {name: getattr(handover, name) for name in _COLUMNS},
    )


def save(tx: Tx, keys: Keyring, handover: Handover) -> None:
    people.keep(tx, keys, handover.kelurahan, handover.person, handover.person_id)
    handover.version = tx.value(
        "UPDATE handover SET status = %(status)s, method = %(method)s, at = %(at)s, by = %(by)s, reason = %(reason)s,"
        " price = %(price)s, payer = %(payer)s, code_hash = %(code_hash)s, code_tries = %(code_tries)s,"
        " attempts = %(attempts)s, version = version + 1 WHERE id = %(id)s RETURNING version",
        {name: getattr(handover, name) for name in _COLUMNS},
    )


def count_wrong_code(tx: Tx, handover_id: UUID) -> None:
    tx.later("UPDATE handover SET code_tries = code_tries + 1 WHERE id = %s", [handover_id])


def get(tx: Tx, keys: Keyring, handover_id: UUID, *, lock: bool = False) -> Handover | None:
    row = tx.one(f"{_SELECT} WHERE h.id = %s{' FOR UPDATE OF h, p' if lock else ''}", [handover_id])
    return None if row is None else _from_row(row, keys)


def open_of_case(tx: Tx, keys: Keyring, application_id: UUID) -> Handover | None:
    """The one that is under way, locked."""
    row = tx.one(
        f"{_SELECT} WHERE h.application_id = %s AND h.status IN ('ready', 'dispatched') FOR UPDATE OF h, p",
        [application_id],
    )
    return None if row is None else _from_row(row, keys)


def page(tx: Tx, keys: Keyring, application_id: UUID | None, status: str | None, after: UUID | None,
         limit: int) -> list[Handover]:  # fmt: skip
    values: dict[str, Any] = {
        "kelurahan": tx.tenant,
        "case": application_id,
        "status": status,
        "after": after,
        "limit": limit,
    }
    rows = tx.all(
        f"{_SELECT} WHERE h.kelurahan = %(kelurahan)s AND (%(case)s::uuid IS NULL OR h.application_id = %(case)s)"
        " AND (%(status)s::text IS NULL OR h.status = %(status)s)"
        " AND (%(after)s::uuid IS NULL OR h.id > %(after)s) ORDER BY h.id LIMIT %(limit)s",
        values,
    )
    return [_from_row(row, keys) for row in rows]


def lock_batch(tx: Tx, keys: Keyring, after: UUID | None, limit: int = 500) -> list[Handover]:
    """Those of every office in the order of their ids, locked, for telling their state again."""
    rows = tx.all(
        f"{_SELECT} WHERE %(after)s::uuid IS NULL OR h.id > %(after)s ORDER BY h.id LIMIT %(limit)s FOR UPDATE OF h, p",
        {"after": after, "limit": limit},
    )
    return [_from_row(row, keys) for row in rows]
