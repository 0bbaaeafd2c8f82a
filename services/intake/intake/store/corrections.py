"""Corrections that people asked for; their words, and what was answered, lie with the other personal data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from intake.store.applications import person_context
from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring

_SELECT = """
SELECT c.id, c.application_id, c.person_id, c.state, c.requested_at, c.due_at, c.answered_at, p.sealed
FROM correction c JOIN people p ON p.id = c.person_id WHERE application_id = %s
"""


def add(tx: Tx, keys: Keyring, row: Row, said: dict[str, Any]) -> None:
    person_id = new_id()
    tx.later(
        "WITH person AS (INSERT INTO people (id, kelurahan, sealed) VALUES (%(person_id)s, %(kelurahan)s, %(sealed)s))"
        " INSERT INTO correction (id, kelurahan, application_id, person_id, state, requested_at, due_at)"
        " VALUES (%(id)s, %(kelurahan)s, %(application_id)s, %(person_id)s, 'asked', %(requested_at)s, %(due_at)s)",
        row | {"person_id": person_id, "sealed": keys.seal(said, person_context(person_id))},
    )


def of_case(tx: Tx, keys: Keyring, application_id: UUID) -> list[Row]:
    """{id, state, requested_at, due_at, answered_at, words, note}, oldest first."""
    rows = tx.all(f"{_SELECT} ORDER BY c.id", [application_id])
    return [_opened(row, keys) for row in rows]


def lock(tx: Tx, keys: Keyring, application_id: UUID, correction_id: UUID) -> Row | None:
    row = tx.one(f"{_SELECT} AND c.id = %s FOR UPDATE OF c, p", [application_id, correction_id])
    return _opened(row, keys) if row else None


def _opened(row: Row, keys: Keyring) -> Row:
    said = keys.open(row.pop("sealed"), person_context(row["person_id"]))
    return row | {"words": said["words"], "note": said.get("note")}


def answer(tx: Tx, keys: Keyring, row: Row) -> None:
    """Keeps how it was answered; its row is locked."""
    sealed = keys.seal({"words": row["words"], "note": row["note"]}, person_context(row["person_id"]))
    tx.later("UPDATE people SET sealed = %s WHERE id = %s", [sealed, row["person_id"]])
    tx.later("UPDATE correction SET state = %(state)s, answered_at = %(answered_at)s WHERE id = %(id)s", row)


def forget_of_case(tx: Tx, application_id: UUID) -> int:
    """For a case that is erased."""
    rows = tx.all("DELETE FROM correction WHERE application_id = %s RETURNING person_id", [application_id])
    tx.later("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])
    return len(rows)
