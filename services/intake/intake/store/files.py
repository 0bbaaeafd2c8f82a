"""Files of cases, links to them, and who read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx

_COLUMNS = (
    "id, kelurahan, application_id, complaint_id, requirement, sha256, size, type, key, state, reason,"
    " view_key, view_type, view_size, original_seen, uploaded_at, scanned_at"
)


def add(tx: Tx, row: dict[str, Any]) -> Row:
    """The new file as it stands in the table."""
    return tx.all(
        "INSERT INTO file (id, kelurahan, application_id, complaint_id, requirement, sha256, size, type, key, state,"
        " uploaded_at, uploaded_by) VALUES (%(id)s, %(kelurahan)s, %(application_id)s, %(complaint_id)s,"
        " %(requirement)s, %(sha256)s, %(size)s, %(type)s, %(key)s, 'checking', %(uploaded_at)s, %(uploaded_by)s)"
        f" RETURNING {_COLUMNS}",
        {"complaint_id": None} | row,
    )[0]


def same(tx: Tx, application_id: UUID, requirement: str, sha256: str) -> Row | None:
    """The same bytes, sent for the same item before."""
    return tx.one(
        f"SELECT {_COLUMNS} FROM file WHERE application_id = %s AND requirement = %s AND sha256 = %s"
        " AND state IN ('checking', 'ready')",
        [application_id, requirement, sha256],
    )


def supersede(tx: Tx, application_id: UUID, requirement: str) -> None:
    """A new file for an item replaces the old one, which is kept."""
    tx.later(
        "UPDATE file SET state = 'superseded' WHERE application_id = %s AND requirement = %s"
        " AND state IN ('checking', 'ready', 'rejected')",
        [application_id, requirement],
    )


def get(tx: Tx, application_id: UUID, file_id: UUID) -> Row | None:
    return tx.one(f"SELECT {_COLUMNS} FROM file WHERE id = %s AND application_id = %s", [file_id, application_id])


def is_readable(tx: Tx, application_id: UUID, file_id: UUID) -> bool:
    """Whether this is a file of the case that somebody can have read something from."""
    row = get(tx, application_id, file_id)
    return row is not None and row["state"] in ("ready", "superseded")


def case_of(tx: Tx, file_id: UUID) -> UUID | None:
    found: UUID | None = tx.value("SELECT application_id FROM file WHERE id = %s", [file_id])
    return found


def complaint_of(tx: Tx, file_id: UUID) -> UUID | None:
    """The complaint that a file is a photo of; None for other files and for none."""
    row = tx.one("SELECT complaint_id FROM file WHERE id = %s", [file_id])
    return row["complaint_id"] if row else None


def lock(tx: Tx, file_id: UUID) -> Row | None:
    return tx.one(f"SELECT {_COLUMNS} FROM file WHERE id = %s FOR UPDATE", [file_id])


def of_case(tx: Tx, application_id: UUID) -> list[Row]:
    """All files of a case, superseded ones too, oldest first."""
    return tx.all(f"SELECT {_COLUMNS} FROM file WHERE application_id = %s ORDER BY id", [application_id])


def current(tx: Tx, application_id: UUID) -> list[Row]:
    """What counts now."""
    return [row for row in of_case(tx, application_id) if row["state"] in ("checking", "ready")]


def current_for(tx: Tx, application_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """What counts now, of several cases in one query."""
    found: dict[UUID, list[Row]] = {}
    for row in tx.all(
        f"SELECT {_COLUMNS} FROM file WHERE application_id = ANY(%s) AND state IN ('checking', 'ready') ORDER BY id",
        [list(application_ids)],
    ):
        found.setdefault(row["application_id"], []).append(row)
    return found


def of_complaint(tx: Tx, complaint_id: UUID) -> list[Row]:
    """All photos of a complaint, oldest first."""
    return tx.all(f"SELECT {_COLUMNS} FROM file WHERE complaint_id = %s ORDER BY id", [complaint_id])


def get_of_complaint(tx: Tx, complaint_id: UUID, file_id: UUID) -> Row | None:
    return tx.one(f"SELECT {_COLUMNS} FROM file WHERE id = %s AND complaint_id = %s", [file_id, complaint_id])


def same_of_complaint(tx: Tx, complaint_id: UUID, sha256: str) -> Row | None:
    """The same bytes, sent for the same complaint before."""
    return tx.one(
        f"SELECT {_COLUMNS} FROM file WHERE complaint_id = %s AND sha256 = %s AND state IN ('checking', 'ready')",
        [complaint_id, sha256],
    )


def set_view(tx: Tx, file_id: UUID, view: dict[str, Any]) -> None:
    tx.execute(
        "UPDATE file SET state = CASE WHEN state = 'checking' THEN 'ready' ELSE state END, view_key = %(key)s,"
        " view_type = %(type)s, view_size = %(size)s, view_sha256 = %(sha256)s WHERE id = %(id)s",
        view | {"id": file_id},
    )


def set_original_seen(tx: Tx, application_id: UUID, requirements: Sequence[str]) -> None:
    """Somebody has seen the originals of what counts now for these items."""
    tx.later(
        "UPDATE file SET original_seen = true WHERE application_id = %s AND requirement = ANY(%s)"
        " AND state IN ('checking', 'ready')",
        [application_id, list(requirements)],
    )


def reject(tx: Tx, file_id: UUID, reason: str) -> None:
    """It cannot be decoded: never shown, and its item is open again."""
    tx.execute("UPDATE file SET state = 'rejected', reason = %s WHERE id = %s", [reason, file_id])


def set_scanned(tx: Tx, file_id: UUID, at: datetime) -> None:
    """The scanner found nothing: it may be looked at."""
    tx.execute("UPDATE file SET scanned_at = %s WHERE id = %s", [at, file_id])


def unscanned_since(tx: Tx) -> datetime | None:
    """Since when the oldest file waits for the scanner."""
    found: datetime | None = tx.value(
        "SELECT min(uploaded_at) FROM file WHERE state = 'checking' AND scanned_at IS NULL"
    )
    return found


def withdraw(tx: Tx, file_id: UUID, reason: str) -> None:
    """Nobody reads it any more, by whatever right."""
    tx.execute("UPDATE file SET state = 'withdrawn', reason = %s WHERE id = %s", [reason, file_id])
    tx.execute("UPDATE file_link SET revoked = true WHERE file_id = %s", [file_id])


def key_counts(tx: Tx, key: str) -> bool:
    """Whether a file that counts has its original there: the same bytes for the same item have the same place."""
    return bool(tx.value("SELECT EXISTS (SELECT FROM file WHERE key = %s AND state IN ('checking', 'ready'))", [key]))


def key_waits(tx: Tx, key: str) -> bool:
    """Whether a file of which the original is there is still to be looked at."""
    return bool(tx.value("SELECT EXISTS (SELECT FROM file WHERE key = %s AND state = 'checking')", [key]))


def record_access(tx: Tx, kelurahan: str, file_id: UUID, reader: str, via: str, copy: str, at: datetime) -> None:
    tx.later(
        "INSERT INTO file_access (kelurahan, file_id, reader, via, copy, at) VALUES (%s, %s, %s, %s, %s, %s)",
        [kelurahan, file_id, reader, via, copy, at],
    )


def add_link(tx: Tx, values: Sequence[Any]) -> None:
    """(id, kelurahan, file_id, secret_hash, reader, seconds)"""
    tx.execute(
        "INSERT INTO file_link (id, kelurahan, file_id, secret_hash, reader, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, clock_timestamp() + make_interval(secs => %s))",
        values,
    )


def link(tx: Tx, link_id: UUID, file_id: UUID) -> Row | None:
    """A link that still holds."""
    return tx.one(
        "SELECT secret_hash, reader FROM file_link WHERE id = %s AND file_id = %s AND NOT revoked"
        " AND expires_at > clock_timestamp()",
        [link_id, file_id],
    )


def revoke_links_of(tx: Tx, application_id: UUID, reader: str) -> None:
    """This reader's links to the files of a case open nothing any more."""
    tx.later(
        "UPDATE file_link SET revoked = true WHERE reader = %s"
        " AND file_id IN (SELECT id FROM file WHERE application_id = %s)",
        [reader, application_id],
    )


def file_of_link(tx: Tx, link_id: UUID) -> UUID | None:
    found: UUID | None = tx.value("SELECT file_id FROM file_link WHERE id = %s", [link_id])
    return found


def revoke_link(tx: Tx, link_id: UUID, file_id: UUID) -> bool:
    hit = tx.execute(
        "UPDATE file_link SET revoked = true WHERE id = %s AND file_id = %s AND NOT revoked", [link_id, file_id]
    )
    return hit == 1
