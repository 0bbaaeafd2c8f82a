"""An office's texts for each kind of letter, its emblem, and the paragraphs of single letters."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from documents.store import people
from kit.db import Row, Tx
from kit.sealed import Keyring

_COLUMNS = "kind, version, status, data, by, at, published_by, published_at, revision"
_NEWEST = 50


def draft(tx: Tx, kind: str, *, lock: bool = False) -> Row | None:
    return tx.one(
        f"SELECT {_COLUMNS} FROM office_template WHERE kelurahan = %s AND kind = %s AND version = 0"
        f"{' FOR UPDATE' if lock else ''}",
        [tx.tenant, kind],
    )


def in_force(tx: Tx, kelurahan: str, kind: str) -> Row | None:
    return tx.one(
        f"SELECT {_COLUMNS} FROM office_template WHERE kelurahan = %s AND kind = %s AND status = 'published'",
        [kelurahan, kind],
    )


def versions(tx: Tx, kind: str) -> list[Row]:
    """Published ones, the newest first."""
    return tx.all(
        f"SELECT {_COLUMNS} FROM office_template WHERE kelurahan = %s AND kind = %s AND version > 0"
        " ORDER BY version DESC LIMIT %s",
        [tx.tenant, kind, _NEWEST],
    )


def all_current(tx: Tx) -> list[Row]:
    """Of each kind what is in force, and its draft."""
    return tx.all(
        "SELECT kind, version, status FROM office_template WHERE kelurahan = %s AND status IN ('draft', 'published')",
        [tx.tenant],
    )


def begin_draft(tx: Tx, kind: str, by: str, at: Any) -> bool:
    """An empty draft where there is none, and whether there was none: who comes second finds the first one's, once it
    is committed. Its revisions count on from a random one, so that none is ever that of a draft given up before."""
    begun = tx.execute(
        "INSERT INTO office_template (kelurahan, kind, version, status, data, by, at, revision)"
        " VALUES (%s, %s, 0, 'draft', '{}', %s, %s, %s) ON CONFLICT DO NOTHING",
        [tx.tenant, kind, by, at, secrets.randbelow(2**30)],
    )
    return bool(begun)


def write_draft(tx: Tx, kind: str, data: dict[str, Any], by: str, at: Any) -> None:
    """Another text for a draft that is locked."""
    tx.execute(
        "UPDATE office_template SET data = %s, by = %s, at = %s, revision = revision + 1"
        " WHERE kelurahan = %s AND kind = %s AND version = 0",
        [data, by, at, tx.tenant, kind],
    )


def drop_draft(tx: Tx, kind: str) -> None:
    tx.execute("DELETE FROM office_template WHERE kelurahan = %s AND kind = %s AND version = 0", [tx.tenant, kind])


def publish(tx: Tx, kind: str, by: str, at: Any) -> None:
    """The draft, which is locked, takes the place of what was in force."""
    where = {"kelurahan": tx.tenant, "kind": kind, "by": by, "at": at}
    tx.execute(
        "UPDATE office_template SET status = 'superseded' WHERE kelurahan = %(kelurahan)s AND kind = %(kind)s"
        " AND status = 'published'",
        where,
    )
    tx.execute(
        "UPDATE office_template SET status = 'published', published_by = %(by)s, published_at = %(at)s, version ="
        " (SELECT max(version) + 1 FROM office_template WHERE kelurahan = %(kelurahan)s AND kind = %(kind)s)"
        " WHERE kelurahan = %(kelurahan)s AND kind = %(kind)s AND version = 0",
        where,
    )


def emblem(tx: Tx, kelurahan: str) -> Row | None:
    return tx.one(
        "SELECT key, sha256, size, width, height, by, at FROM office_emblem WHERE kelurahan = %s", [kelurahan]
    )


def put_emblem(tx: Tx, given: dict[str, Any]) -> None:
    tx.execute(
        "INSERT INTO office_emblem (kelurahan, key, sha256, size, width, height, by, at) VALUES (%(kelurahan)s,"
        " %(key)s, %(sha256)s, %(size)s, %(width)s, %(height)s, %(by)s, %(at)s) ON CONFLICT (kelurahan) DO UPDATE SET"
        " key = excluded.key, sha256 = excluded.sha256, size = excluded.size, width = excluded.width,"
        " height = excluded.height, by = excluded.by, at = excluded.at",
        given | {"kelurahan": tx.tenant},
    )


def drop_emblem(tx: Tx) -> bool:
    return bool(tx.execute("DELETE FROM office_emblem WHERE kelurahan = %s", [tx.tenant]))


def paragraph(tx: Tx, keys: Keyring, letter_id: UUID) -> str:
    """What an officer added to a letter; empty where he added nothing."""
    person_id = tx.value("SELECT person_id FROM letter_paragraph WHERE letter_id = %s", [letter_id])
    return "" if person_id is None else str(people.read(tx, keys, person_id)["paragraph"])


def put_paragraph(tx: Tx, keys: Keyring, letter_id: UUID, kelurahan: str, text: str) -> None:
    """Keeps it sealed. The letter is locked."""
    known = tx.value("SELECT person_id FROM letter_paragraph WHERE letter_id = %s", [letter_id])
    person_id = people.keep(tx, keys, kelurahan, {"paragraph": text}, known)
    tx.later(
        "INSERT INTO letter_paragraph (letter_id, kelurahan, person_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [letter_id, kelurahan, person_id],
    )
