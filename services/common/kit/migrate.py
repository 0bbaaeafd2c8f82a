"""Numbered `.sql` files, each applied once, in order, under an advisory lock so that two starts are one.

The plumbing's own tables (`kit/migrations`) come before the service's.
"""

from __future__ import annotations

import re
from importlib import resources

import psycopg2
import structlog

from kit import closed
from kit.db import EVERY_TENANT

_LOCK = 7_140_214

_LEDGER = """
CREATE TABLE IF NOT EXISTS migration (
    package text NOT NULL, number int NOT NULL, name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (package, number))
"""

log = structlog.get_logger()


def migrate(owner_url: str, packages: list[str]) -> int:
    """Brings the database of `owner_url` up to date; how many files were applied. Raises closed.DatabaseClosed: this
    comes before every start, so nothing starts then."""
    connection = psycopg2.connect(owner_url, connect_timeout=10)
    try:
        closed.refuse(connection, closed.CLOSED)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            cursor.execute(_LEDGER)
            connection.commit()
            return sum(_apply_package(connection, package) for package in packages)
    finally:
        connection.close()


def _apply_package(connection: psycopg2.extensions.connection, package: str) -> int:
    applied = 0
    for number, name, sql in migration_files(package):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM migration WHERE package = %s AND number = %s", [package, number])
            if cursor.fetchone():
                continue
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            # Row-level security binds the owner too: without this an UPDATE of a migration would meet no row.
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [EVERY_TENANT])
            cursor.execute(sql)
            cursor.execute("INSERT INTO migration (package, number, name) VALUES (%s, %s, %s)", [package, number, name])
        connection.commit()
        log.info("migration applied", package=package, name=name)
        applied += 1
    return applied


def migration_files(package: str) -> list[tuple[int, str, str]]:
    """(number, file name, SQL) in order. Raises ValueError when the numbers have a gap or a double."""
    found = []
    for file in (resources.files(package) / "migrations").iterdir():
        if match := re.fullmatch(r"(\d{4})_\w+\.sql", file.name):
            found.append((int(match[1]), file.name, file.read_text("utf-8")))
    found.sort()
    if [number for number, _, _ in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"{package}: migrations are not numbered 1..n without a gap")
    return found
