"""Announcements of notify's that are to be drawn: their words only until they were."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from documents.domain.announcements import Drafted
from documents.store import people
from kit.db import Tx
from kit.sealed import Keyring

_COLUMNS = "id, kelurahan, revision, until, person_id, pictured, ended"


def get(tx: Tx, announcement_id: UUID, *, lock: bool = False) -> Drafted | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM announcement WHERE id = %s{' FOR UPDATE' if lock else ''}", [announcement_id])
    return None if row is None else Drafted(**row)


def put(
    tx: Tx, keys: Keyring, announcement_id: UUID, kelurahan: str, revision: int, until: date | None, said: Any
) -> bool:
    """What it says now; False where a later revision is known, or it is gone."""
    known = get(tx, announcement_id, lock=True)
    if known is not None and (known.ended or known.revision >= revision):
        return False
    person_id = people.keep(tx, keys, kelurahan, said, known.person_id if known else None)
    tx.execute(
        "INSERT INTO announcement (id, kelurahan, revision, until, person_id) VALUES (%(id)s, %(kelurahan)s,"
        " %(revision)s, %(until)s, %(person_id)s) ON CONFLICT (id) DO UPDATE SET revision = excluded.revision,"
        " until = excluded.until, person_id = excluded.person_id",
        {
            "id": announcement_id, "kelurahan": kelurahan, "revision": revision, "until": until,
            "person_id": person_id,
        },
    )  # fmt: skip
    return True


def drawn(tx: Tx, one: Drafted, pictured: int | None) -> None:
    """That revision's picture lies in the store, or none can be made; the words are not needed any more. Locked."""
    tx.execute(
        "UPDATE announcement SET person_id = NULL, pictured = coalesce(%s, pictured) WHERE id = %s", [pictured, one.id]
    )
    _forget(tx, one.person_id)


def end(tx: Tx, announcement_id: UUID, kelurahan: str) -> None:
    """It is gone. What stays is its id, so that no late news brings its words back."""
    known = get(tx, announcement_id, lock=True)
    tx.execute(
        "INSERT INTO announcement (id, kelurahan, revision, ended) VALUES (%s, %s, 0, true)"
        " ON CONFLICT (id) DO UPDATE SET ended = true, person_id = NULL",
        [announcement_id, kelurahan],
    )
    _forget(tx, known.person_id if known else None)


def _forget(tx: Tx, person_id: UUID | None) -> None:
    if person_id is not None:
        tx.execute("DELETE FROM people WHERE id = %s", [person_id])
