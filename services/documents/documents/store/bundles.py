"""Bundles: what was asked for, and where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from documents.domain.bundles import Bundle
from kit.db import Row, Tx

_COLUMNS = ", ".join(field.name for field in fields(Bundle))


def _bundle(row: Row) -> Bundle:
    return Bundle(**row | {"print": bytes(row["print"])})


def add(tx: Tx, bundle: Bundle) -> bool:
    """False when there is one of the same state of the case."""
    return (
        tx.execute(
            "INSERT INTO bundle (id, kelurahan, application_id, print, status, asked_at)"
            " VALUES (%(id)s, %(kelurahan)s, %(application_id)s, %(print)s, %(status)s, %(asked_at)s)"
            " ON CONFLICT (application_id, print) WHERE status <> 'failed' DO NOTHING",
            vars(bundle),
        )
        == 1
    )


def get(tx: Tx, bundle_id: UUID, *, lock: bool = False) -> Bundle | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM bundle WHERE id = %s{' FOR UPDATE' if lock else ''}", [bundle_id])
    return _bundle(row) if row else None


def of_state(tx: Tx, application_id: UUID, print_: bytes) -> Bundle | None:
    """The one of this state of the case, unless it failed."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM bundle WHERE application_id = %s AND print = %s AND status <> 'failed'",
        [application_id, print_],
    )
    return _bundle(row) if row else None


def finish(tx: Tx, bundle_id: UUID, made: dict[str, Any], at: datetime) -> bool:
    """False when it is not wanted any more."""
    hit = tx.execute(
        "UPDATE bundle SET status = 'ready', key = %(key)s, sha256 = %(sha256)s, size = %(size)s, pages = %(pages)s,"
        " made_at = %(at)s WHERE id = %(id)s AND status = 'making'",
        made | {"id": bundle_id, "at": at},
    )
    return hit == 1


def fail(tx: Tx, bundle_id: UUID, problem: str) -> None:
    tx.execute("UPDATE bundle SET status = 'failed', problem = %s WHERE id = %s AND status = 'making'",
               [problem, bundle_id])  # fmt: skip


def take_outdated(tx: Tx, application_id: UUID, file_ids: Sequence[str]) -> list[Row]:
    """{id, kelurahan} of a case's bundles, if a file that the case had is not among these any more; they are gone with
    that, also what is being made. To be asked before the new state of the case is kept."""
    return tx.all(
        "DELETE FROM bundle WHERE application_id = %(case)s AND status <> 'failed' AND EXISTS (SELECT FROM application,"
        " jsonb_array_elements(files) AS had WHERE id = %(case)s AND NOT had ->> 'file_id' = ANY(%(files)s))"
        " RETURNING id, kelurahan",
        {"case": application_id, "files": list(file_ids)},
    )


def take_old(tx: Tx, before: datetime, limit: int) -> list[Row]:
    """{id, kelurahan} of bundles that were asked for before; they are gone with that."""
    return tx.all(
        "DELETE FROM bundle WHERE id IN (SELECT id FROM bundle WHERE asked_at < %s ORDER BY asked_at LIMIT %s"
        " FOR UPDATE SKIP LOCKED) RETURNING id, kelurahan",
        [before, limit],
    )
