"""One after another: a lock of a session of its own, for work that takes longer than a transaction may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

from kit.answers import StillRunning
from kit.db import Database, DatabaseUnavailable

_LOOKS_EVERY = 0.2


@contextmanager
def turn(db: Database, name: str, wait: float) -> Iterator[None]:
    """Alone with `name`: whoever has it is waited for, up to `wait` seconds. It ends with the session, whatever ends
    that. Raises StillRunning, DatabaseUnavailable."""
    connection = db.dedicated()
    try:
        connection.autocommit = True  # nothing is left open while the work is done
        until = time.monotonic() + wait
        while not _taken(connection, name):
            if time.monotonic() > until:
                raise StillRunning
            time.sleep(_LOOKS_EVERY)
        yield
    finally:
        connection.close()


def _taken(connection: Any, name: str) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 13))", [name])
            return bool(cursor.fetchone()[0])
    except psycopg2.Error as error:
        raise DatabaseUnavailable(type(error).__name__) from error
