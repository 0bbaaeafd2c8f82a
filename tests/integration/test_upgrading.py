"""Migrations meet tables that are full and in use: none is written anew while it is locked, and old rows get what new
ones have."""

from __future__ import annotations

import psycopg2
import pytest

from contracts import SERVICES
from deploy.local.stack import Stack
from kit.ids import new_id
from kit.migrate import migration_files
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.upgrading import Owner

# What earlier releases did, when nothing was large yet.
_DID = {"documents": {("register_line", 6)}}
_FILES = "SELECT relname, relfilenode FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def owner_of(parts: Stack, service: str) -> Owner:
    return Owner(parts.database_url(service, "owner"), service)


@pytest.mark.parametrize("service", SERVICES)
def test_no_migration_writes_a_table_anew_that_was_there_before(
    parts: Stack, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    """PostgreSQL gives a table that is written anew another file, and nobody reads it meanwhile."""
    owner = owner_of(parts, service)
    steps = [(0, number) for number, _, _ in migration_files("kit")]
    steps += [(number, 9999) for number, _, _ in migration_files(service)]
    before, anew = dict[str, int](), set[tuple[str, int]]()
    for most, kit in steps:
        owner.upgrade(monkeypatch, most, kit)
        after = dict(owner.do(_FILES))
        anew |= {(name, most) for name, file in before.items() if after.get(name, file) != file}
        before = after
    assert anew == _DID.get(service, set())


def test_links_that_are_there_get_a_name_each_and_those_that_the_release_before_makes_too(
    parts: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = owner_of(parts, "verification")
    owner.upgrade(monkeypatch, 8)
    person, task = str(new_id()), str(new_id())
    owner.do("INSERT INTO people (id, kelurahan, sealed) VALUES (%s, %s, 'x')", [person, BUKIT_SANGKAL])
    owner.do(
        "INSERT INTO task (id, kelurahan, rw, rt, kind, status, person_id, witness_id, opened_at)"
        " VALUES (%s, %s, '005', '023', 'statement', 'open', %s, %s, now())",
        [task, BUKIT_SANGKAL, person, person],
    )

    def link(token: bytes) -> None:
        owner.do(
            "INSERT INTO link (token_hash, kelurahan, task_id, expires_at) VALUES (%s, %s, %s, now())",
            [token, BUKIT_SANGKAL, task],
        )

    link(b"one"), link(b"two")
    owner.upgrade(monkeypatch, 9)
    link(b"three")
    owner.upgrade(monkeypatch)
    link(b"four")
    rows = owner.do("SELECT count(*), count(DISTINCT id), count(made_at) FROM link")
    assert rows == [(4, 4, 4)]


_SEALED = (
    "INSERT INTO audit (tenant, caller, roles, action, kind, about, details, position, hash, sealed_at)"
    " VALUES ('16.71.10.1001', 'somebody', '{}', 'read', 'case', '{}', '{}', %s, %s, %s)"
)


def test_the_audit_of_the_release_before_takes_no_sealed_row_any_more(
    parts: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = owner_of(parts, "notify")
    owner.upgrade(monkeypatch, kit=4)
    sealed = [1, b"x", "2026-08-14T09:00:00+07:00"]
    owner.do(_SEALED, sealed)  # as it was: one could
    owner.upgrade(monkeypatch)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        owner.do(_SEALED, [2, *sealed[1:]])
    owner.do(_SEALED, [None, None, None])
    assert owner.do("SELECT count(*), count(position) FROM audit") == [(2, 1)]
    [check] = owner.do("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'audit_position_check'")
    assert "position > 0" in check[0].replace('"', "").replace("(position", "position").replace("((", "(")
