"""A database that is closed to webs, or to all."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg2
import pytest

from deploy.local.stack import Stack
from kit import closed, migrate
from kit.db import Database, DatabaseUnavailable

WHY = "A restore was cut off: restore it once more"


@pytest.fixture(params=[closed.CLOSED, closed.CLOSED_TO_WEBS])
def setting(parts: Stack, runtime_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    name = urlsplit(runtime_url).path.strip("/")
    connection = psycopg2.connect(parts.superuser_url())
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET {request.param} = '{WHY}'")
        try:
            yield request.param
        finally:
            cursor.execute(f"ALTER DATABASE {name} RESET {request.param}")
            connection.close()


def reads(url: str, *closed_by: str) -> str:
    """What keeps from reading; nothing when nothing does."""
    db = Database(url, pool_size=1, closed_by=closed_by)
    try:
        with db.transaction("*") as tx:
            assert tx.value("SELECT 1") == 1
        return ""
    except DatabaseUnavailable as error:
        return str(error.reason)
    finally:
        db.close()


def test_each_connection_of_who_minds_the_setting_is_refused(runtime_url: str, setting: str) -> None:
    assert reads(runtime_url, closed.CLOSED, closed.CLOSED_TO_WEBS) == WHY
    assert reads(runtime_url) == ""


def test_migrations_are_refused_only_where_all_are(parts: Stack, runtime_url: str, setting: str) -> None:
    owner = parts.database_url("notify", "owner")
    if setting == closed.CLOSED:
        with pytest.raises(closed.DatabaseClosed, match=WHY):
            migrate.migrate(owner, ["kit"])
    else:
        assert migrate.migrate(owner, ["kit"]) == 0


def test_an_open_database_is_read_by_all(runtime_url: str) -> None:
    assert reads(runtime_url, closed.CLOSED, closed.CLOSED_TO_WEBS) == ""
