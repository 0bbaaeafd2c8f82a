"""Codes that were printed for heads, sealed and found by an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring

_COLUMNS = "id, officeholder_id, sealed, expires_at, used_at"


@dataclass(frozen=True)
class Enrolment:
    """A code of an officeholder, until when it counts, and when it was used."""

    id: UUID
    officeholder_id: UUID
    code: str
    expires_at: datetime
    used_at: datetime | None


def _context(enrolment_id: UUID) -> str:
    return f"enrolment:{enrolment_id}"


def _enrolment(keys: Keyring, row: Row) -> Enrolment:
    code = keys.open(row.pop("sealed"), _context(row["id"]))
    return Enrolment(**row, code=code)


def add(tx: Tx, keys: Keyring, kelurahan: str, holder_id: UUID, code: str, expires_at: datetime) -> Enrolment:
    """A new code; those that the officeholder had before and did not use are gone."""
    tx.execute("DELETE FROM enrolment WHERE officeholder_id = %s AND used_at IS NULL", [holder_id])
    enrolment_id = new_id()
    tx.execute(
        "INSERT INTO enrolment (id, kelurahan, officeholder_id, code_index, sealed, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [
            enrolment_id, kelurahan, holder_id, keys.blind_index(code, "enrolment"),
            keys.seal(code, _context(enrolment_id)), expires_at,
        ],
    )  # fmt: skip
    return Enrolment(enrolment_id, holder_id, code, expires_at, None)


def open_ones(tx: Tx, keys: Keyring, holder_ids: Sequence[UUID], now: datetime) -> dict[UUID, Enrolment]:
    """The codes of these officeholders that still count."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM enrolment WHERE officeholder_id = ANY(%s) AND used_at IS NULL AND expires_at > %s",
        [list(holder_ids), now],
    )
    found = [_enrolment(keys, row) for row in rows]
    return {one.officeholder_id: one for one in found}


def whose(tx: Tx, keys: Keyring, code: str, now: datetime) -> UUID | None:
    """Whose code it is, or None when it does not count (any more). The office is the transaction's."""
    found: UUID | None = tx.value(
        "SELECT officeholder_id FROM enrolment WHERE code_index = ANY(%s) AND used_at IS NULL AND expires_at > %s",
        [keys.blind_indexes(code, "enrolment"), now],
    )
    return found


def take(tx: Tx, keys: Keyring, code: str, now: datetime) -> bool:
    """Uses a code up; False when somebody else just did."""
    return (
        tx.execute(
            "UPDATE enrolment SET used_at = %(now)s WHERE code_index = ANY(%(index)s) AND used_at IS NULL"
            " AND expires_at > %(now)s",
            {"now": now, "index": keys.blind_indexes(code, "enrolment")},
        )
        == 1
    )
