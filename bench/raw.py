"""The raw side of P1: the rows that one accepted application leaves, taken from a real one, written by hand.

Taking them from the database keeps the comparison true when a migration adds a column or a row.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import psycopg2
import psycopg2.extras

from bench.clients import Work

TENANT = "16.71.10.1001"
_FIRST = ("people", "application")  # others refer to them
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_identity = 'NO' AND is_generated = 'NEVER'
"""


@dataclass(frozen=True)
class Row:
    """One row: its statement and its values; those that name the case are replaced each time."""

    table: str
    sql: str
    values: dict[str, Any]


def rows_of(superuser_url: str, case: str) -> list[Row]:
    """Whatever the transaction that wrote this case has left, in any table."""
    connection = psycopg2.connect(superuser_url)
    try:
        with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute(_TABLES)
            tables = [row["tablename"] for row in cursor.fetchall()]
            ordered = sorted(tables, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
            return [row for table in ordered for row in _rows(cursor, table, case)]
    finally:
        connection.close()


def _rows(cursor: Any, table: str, case: str) -> list[Row]:
    cursor.execute(_COLUMNS, [table])
    types = {row["column_name"]: row["data_type"] for row in cursor.fetchall()}
    read = ", ".join(f'"{name}"' if kind == "bytea" else f'"{name}"::text' for name, kind in types.items())
    # The relay has marked the event since, so that its row is another transaction's by now.
    ours = "subject = %s" if table == "outbox" else "xmin = (SELECT xmin FROM application WHERE id = %s)"
    cursor.execute(f'SELECT {read} FROM "{table}" WHERE {ours}', [case])
    columns = ", ".join(f'"{name}"' for name in types)
    places = ", ".join(f"%({name})s::{kind}" for name, kind in types.items())
    sql = f'INSERT INTO "{table}" ({columns}) VALUES ({places})'
    return [Row(table, sql, {k: _kept(v) for k, v in row.items()}) for row in cursor.fetchall()]


def _kept(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def transaction(_client: int, url: str, rows: list[Row], case: str) -> Work:
    """A client that writes these rows with new names, one commit each."""
    connection = psycopg2.connect(url)
    person = next(row.values["id"] for row in rows if row.table == "people")
    event = next(row.values["event_id"] for row in rows if row.table == "outbox")

    def work() -> None:
        fresh = {case: str(uuid.uuid4()), person: str(uuid.uuid4()), event: str(uuid.uuid4())}
        nik = uuid.uuid4().bytes * 2
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [TENANT])
            for row in rows:
                cursor.execute(row.sql, {name: _new(name, value, fresh, nik) for name, value in row.values.items()})

    return work


def _new(name: str, value: Any, fresh: dict[str, str], nik: bytes) -> Any:
    if name == "nik_index":
        return nik
    if name in ("tracking_code", "key", "owner"):
        return str(uuid.uuid4())
    if name == "published_at":
        return "2026-01-01T00:00:00Z"  # nobody shall send it
    return fresh.get(value, value) if isinstance(value, str) else value
