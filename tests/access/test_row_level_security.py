"""Row-level security holds by itself: whatever a query forgets, another office's rows are not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
import pytest
from psycopg2 import errors, sql

from kit.db import EVERY_TENANT, Tx
from tests.access import tables
from tests.access.calls import World
from tests.access.matrix import Size, Trial, bound_tables
from tests.access.test_matrix import routes_of
from tests.architecture.code import SERVICES
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

pytestmark = pytest.mark.timeout(120)

NOWHERE = "99.99.99.9999"
# The plumbing's own, whose workers do the work of every office, one transaction after the other; no route reads them
# for a caller, and what is personal in them is sealed.
OF_THE_PLUMBING = {
    "clock", "ended_access", "idempotency", "inbox", "inbox_attempt", "job", "migration", "outbox", "rate",
    "refused_access", "service_key", "subject_sequence",
}  # fmt: skip
# Theirs that are an office's too, and say so by another name; rows are only ever added, so that nobody at all changes
# or deletes one. A head may be moved to where it is.
AUDIT = {"audit", "audit_head"}
# Tables that may be without a row here, so that of them only half is proven. The matrix, where it ran before, leaves
# rows in most of them.
MAY_BE_EMPTY = {
    "intake": {
        "agenda_series", "case_handover", "case_letter", "consent_code", "consent_word", "erased_case", "erasure",
        "erasure_part", "file_access", "file_link", "incoming_message", "message_outcome", "neighbourhood",
        "provider_sign_in", "record", "record_part", "sign_in_code", "sop_retirement", "task",
    },
    "verification": {"application", "enrolment", "erased_case", "followed", "incoming", "statement", "task_file"},
    "documents": {
        "announcement",
        "bundle", "certificate", "erased_case", "introduction", "letter_paragraph", "neighbourhood", "office_emblem",
        "officeholder",
        "outside_letter", "register_start", "verification",
    },
    "notify": {
        "application", "erased_case", "feed_event_1", "feed_event_2", "feed_head", "feed_leap", "handover", "incoming",
        "letter", "outage",
    },
}  # fmt: skip


def of_an_office(world: World) -> set[str]:
    """The tables with a column that says whose a row is."""
    rows = world.service.rows(
        "SELECT table_name FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND column_name = 'kelurahan' AND table_type = 'BASE TABLE'"
    )
    return {row["table_name"] for row in rows} | AUDIT


def office_column(table: str) -> str:
    return "tenant" if table in AUDIT else "kelurahan"


@contextmanager
def as_office(world: World, tenant: str) -> Iterator[Tx]:
    with world.service.deps.db.transaction(tenant) as tx:
        yield tx


def counted(tx: Tx, table: str) -> int:
    return int(tx.value(f"SELECT count(*) FROM {table}"))


@pytest.mark.parametrize("name", SERVICES)
def test_every_table_is_an_offices_and_bound_or_the_plumbings(name: str, worlds: Callable[[str], World]) -> None:
    world = worlds(name)
    there = {row["tablename"] for row in world.service.rows("SELECT * FROM pg_tables WHERE schemaname = 'public'")}
    assert there - OF_THE_PLUMBING == of_an_office(world) == set(bound_tables(world))
    loose = world.service.rows(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND (NOT relforcerowsecurity"
        " OR NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid))"
    )
    assert loose == [], "security is on, but not forced upon the owner, or without a policy"


@pytest.mark.parametrize("name", SERVICES)
def test_the_role_at_work_can_lift_no_security(name: str, worlds: Callable[[str], World]) -> None:
    """Neither by being somebody, nor by becoming somebody, nor by a privilege that no policy binds."""
    world = worlds(name)
    [role] = world.service.rows(
        "SELECT current_user AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname = current_user"
    )
    assert role == {
        "name": f"{name}_runtime", "rolsuper": False, "rolbypassrls": False, "rolcreaterole": False,
        "rolcreatedb": False,
    }  # fmt: skip
    others = world.service.rows(
        "SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER') AND rolname <> current_user"
    )
    assert others == [], "a member of other roles"
    owned = world.service.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'USAGE')"
    )
    assert owned == [], "owns something"
    past = world.service.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND has_table_privilege(oid, 'TRUNCATE, REFERENCES, TRIGGER')"
    )
    assert past == [], "may do to a table what no policy binds"


@pytest.mark.parametrize("name", SERVICES)
def test_without_any_where_an_office_sees_its_own_rows_and_no_others(name: str, worlds: Callable[[str], World]) -> None:
    world, empty = worlds(name), set()
    for table in bound_tables(world):
        with as_office(world, EVERY_TENANT) as tx:
            there = {row["office"]: row["n"] for row in tx.all(
                f"SELECT {office_column(table)} AS office, count(*) AS n FROM {table} GROUP BY 1"
            )}  # fmt: skip
        for tenant in (BUKIT_SANGKAL, KALIDONI, NOWHERE):
            with as_office(world, tenant) as tx:
                assert counted(tx, table) == there.get(tenant, 0), f"{table}, as {tenant}"
        if not there.get(BUKIT_SANGKAL):
            empty.add(table)
    assert empty <= MAY_BE_EMPTY[name], "of these tables nothing was proven: put a row there"


@pytest.mark.parametrize("name", SERVICES)
def test_a_connection_that_says_no_office_sees_nothing(name: str, worlds: Callable[[str], World]) -> None:
    world = worlds(name)
    connection = psycopg2.connect(world.service.settings.database_url)
    try:
        with connection, connection.cursor() as cursor:
            for table in bound_tables(world):
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
                assert cursor.fetchall() == [(0,)], table
    finally:
        connection.close()


class _UndoneError(Exception):
    """Nothing of what was tried is to stay."""


@pytest.mark.parametrize("name", SERVICES)
def test_without_any_where_nobody_changes_or_gives_away_rows(name: str, worlds: Callable[[str], World]) -> None:
    world = worlds(name)
    for table in bound_tables(world):
        own = f"UPDATE {table} SET {office_column(table)} = {office_column(table)}"
        with pytest.raises(_UndoneError), as_office(world, NOWHERE) as tx:
            assert tx.execute(own) == 0, table
            assert tx.execute(f"DELETE FROM {table}") == 0, table
            raise _UndoneError
        with as_office(world, BUKIT_SANGKAL) as tx:
            if not counted(tx, table):
                continue
        with pytest.raises(errors.InsufficientPrivilege), as_office(world, BUKIT_SANGKAL) as tx:
            tx.execute(f"UPDATE {table} SET {office_column(table)} = %s", [NOWHERE])
        allowed = errors.InsufficientPrivilege if table == "audit" else _UndoneError
        with pytest.raises(allowed), as_office(world, BUKIT_SANGKAL) as tx:
            assert tx.execute(own) > 0, table
            raise _UndoneError


# --- queries that forget their office ---------------------------------------------------------------------------------

_OF_OFFICE = re.compile(rb"(?:\b\w+\.)?\bkelurahan = '[^']*'")


@dataclass
class Forgetting:
    """How many conditions were taken out of the services' own queries."""

    forgotten: int = 0


@contextmanager
def forgetting(*, lifted: bool = False) -> Iterator[Forgetting]:
    """Every query of a service loses its `kelurahan = …`; `lifted`: and row-level security is as good as off."""
    seen, send, use = Forgetting(), Tx._send, Tx.use_tenant

    def forgetful(self: Tx, statement: bytes) -> None:
        shorter, times = _OF_OFFICE.subn(b"true", statement)
        seen.forgotten += times
        send(self, shorter)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tx, "_send", forgetful)
        if lifted:
            patch.setattr(Tx, "use_tenant", lambda self, _tenant: use(self, EVERY_TENANT))
        yield seen


def _leaks(name: str, world: World, *, lifted: bool) -> tuple[int, int]:
    """What callers of the other office see of this one's, over all routes that read; and the conditions taken out."""
    size, forgotten = Size(), 0
    for line, access in sorted(routes_of(name).items()):
        method, _, rule = line.partition(" ")
        if method != "GET" or "public" in access:
            continue
        trial = Trial(world, method, rule, access, tables.TABLES[name][line], size)
        calls = [(target, target.make(world)) for target in trial.route.targets]
        with forgetting(lifted=lifted) as seen:
            for target, call in calls:
                trial.foreign(call, target)
        forgotten += seen.forgotten
    return size.leaks, forgotten


@pytest.mark.parametrize("name", SERVICES)
def test_queries_that_lost_their_where_still_show_nothing_of_others(name: str, worlds: Callable[[str], World]) -> None:
    world = worlds(name)
    leaks, forgotten = _leaks(name, world, lifted=False)
    assert leaks == 0
    assert forgotten > 0, "no query named its office: this tries nothing"
    leaks, _forgotten = _leaks(name, world, lifted=True)
    assert leaks > 0, "the same requests with the security lifted show nothing either: this proves nothing"
