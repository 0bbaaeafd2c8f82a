"""Records that people asked for: one of a case at a time, and what each service handed over for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from intake.store.applications import person_context
from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring

_COLUMNS = "id, kelurahan, application_id, himself, state, requested_at, due_at, ready_at, ends_at, key, size, problem"


def add(tx: Tx, row: Row) -> None:
    tx.later(
        "INSERT INTO record (id, kelurahan, application_id, himself, state, requested_at, due_at) VALUES (%(id)s,"
        " %(kelurahan)s, %(application_id)s, %(himself)s, 'asked', %(requested_at)s, %(due_at)s)",
        row,
    )


def of_case(tx: Tx, application_id: UUID, *, himself: bool) -> Row | None:
    """The one that the person himself, or an officer, asked for."""
    return tx.one(
        f"SELECT {_COLUMNS} FROM record WHERE application_id = %s AND himself = %s", [application_id, himself]
    )


def lock(tx: Tx, record_id: UUID) -> Row | None:
    return tx.one(f"SELECT {_COLUMNS} FROM record WHERE id = %s FOR UPDATE", [record_id])


def keep_part(tx: Tx, keys: Keyring, row: Row, service: str, kept: dict[str, Any], files: list[dict[str, Any]]) -> int:
    """What a service handed over, once; how many have by now. The record's row is locked."""
    person_id = new_id()
    tx.later(
        "WITH person AS (INSERT INTO people (id, kelurahan, sealed) SELECT %(person)s, %(kelurahan)s, %(sealed)s"
        " WHERE NOT EXISTS (SELECT FROM record_part WHERE record_id = %(id)s AND service = %(service)s) RETURNING id)"
        " INSERT INTO record_part (record_id, service, kelurahan, person_id, files)"
        " SELECT %(id)s, %(service)s, %(kelurahan)s, id, %(files)s FROM person",
        {
            "person": person_id, "kelurahan": row["kelurahan"], "id": row["id"], "service": service,
            "files": Json(files),
            "sealed": keys.seal(kept, person_context(person_id)),
        },
    )  # fmt: skip
    return int(tx.value("SELECT count(*) FROM record_part WHERE record_id = %s", [row["id"]]))


def parts(tx: Tx, keys: Keyring, record_id: UUID) -> list[Row]:
    """{service, kept, files}"""
    rows = tx.all(
        "SELECT r.service, r.files, r.person_id, p.sealed FROM record_part r JOIN people p ON p.id = r.person_id"
        " WHERE r.record_id = %s ORDER BY r.service",
        [record_id],
    )
    return [
        {"service": row["service"], "files": row["files"]}
        | {"kept": keys.open(row["sealed"], person_context(row["person_id"]))}
        for row in rows
    ]


def ready(tx: Tx, record_id: UUID, made: Row) -> bool:
    """It can be fetched until it ends; what it was made of is not kept. False when it is not wanted any more."""
    hit = tx.execute(
        "UPDATE record SET state = 'ready', key = %(key)s, size = %(size)s, sha256 = %(sha256)s, ready_at = %(at)s,"
        " ends_at = %(ends_at)s WHERE id = %(id)s AND state = 'asked'",
        made | {"id": record_id},
    )
    _forget_parts(tx, [record_id])
    return hit == 1


def fail(tx: Tx, record_id: UUID, problem: str) -> None:
    tx.later("UPDATE record SET state = 'failed', problem = %s WHERE id = %s AND state = 'asked'", [problem, record_id])
    _forget_parts(tx, [record_id])


def over(tx: Tx, now: datetime, limit: int) -> list[Row]:
    """{id, kelurahan, key} of those whose week is over."""
    return tx.all("SELECT id, kelurahan, key FROM record WHERE ends_at <= %s ORDER BY ends_at LIMIT %s", [now, limit])


def forget(tx: Tx, record_id: UUID) -> int:
    """The record and what it was to be made of."""
    _forget_parts(tx, [record_id])
    return tx.execute("DELETE FROM record WHERE id = %s", [record_id])


def forget_of_case(tx: Tx, application_id: UUID) -> int:
    """For a case that is erased."""
    return sum(
        forget(tx, row["id"]) for row in tx.all("SELECT id FROM record WHERE application_id = %s", [application_id])
    )


def _forget_parts(tx: Tx, ids: list[UUID]) -> None:
    rows = tx.all("DELETE FROM record_part WHERE record_id = ANY(%s) RETURNING person_id", [ids])
    tx.later("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])


def put_link(tx: Tx, record_id: UUID, secret_hash: bytes, seconds: int) -> None:
    """The one link; the one before opens nothing any more."""
    tx.later(
        "UPDATE record SET link_hash = %s, link_until = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
        [secret_hash, seconds, record_id],
    )


def by_link(tx: Tx, application_id: UUID, secret_hash: bytes) -> Row | None:
    """{id, kelurahan, key, size} of the record that this link opens now."""
    return tx.one(
        "SELECT id, kelurahan, key, size FROM record WHERE application_id = %s AND state = 'ready' AND link_hash = %s"
        " AND link_until > clock_timestamp()",
        [application_id, secret_hash],
    )
