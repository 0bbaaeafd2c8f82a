"""The plumbing on real parts, without any service: an empty database and a queue of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from kit import migrate
from kit.db import Database
from tests.support.services import empty


@pytest.fixture(scope="module")
def runtime_url(parts: Stack) -> str:
    owner = parts.database_url("notify", "owner")
    empty(owner)
    migrate.migrate(owner, ["kit"])
    return parts.database_url("notify", "runtime")


@pytest.fixture
def db(runtime_url: str) -> Iterator[Database]:
    database = Database(runtime_url, pool_size=10, timeout=5)
    with database.transaction("*") as tx:
        for table in ("outbox", "inbox", "inbox_attempt", "job", "subject_sequence"):
            tx.execute(f"DELETE FROM {table}")
    yield database
    database.close()


@pytest.fixture
def queue() -> str:
    return f"test-{uuid4().hex[:12]}"
