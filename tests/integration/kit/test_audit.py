"""Every change and every reading leaves a row; the rows are chained, and what is done to them afterwards shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from flask.testing import FlaskClient

from deploy.local.stack import Stack
from kit import chain, upkeep
from kit.db import Database, DatabaseUnavailable
from kit.metrics import AUDIT_TAIL
from kit.sealed import new_key
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI, bearer
from tests.support.toy import toy_app

OFFICE = BUKIT_SANGKAL
ADD = (
    "INSERT INTO audit (tenant, caller, roles, action, kind, object, about, request, details)"
    " VALUES (%s, 'officer-1', '{officer}', 'letter.read', 'letter', %s, %s, 'abc', '{\"did\": \"read\", \"n\": 1}')"
)


@pytest.fixture
def superuser(parts: Stack) -> Iterator[Callable[..., None]]:
    """Runs a statement as the server's superuser, with triggers switched off: what an intruder could do."""
    connection = psycopg2.connect(parts.superuser_url("notify"))
    connection.autocommit = True

    def run(sql: str, params: Any = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, params)

    yield run
    connection.close()


@pytest.fixture(autouse=True)
def no_rows(superuser: Callable[..., None], runtime_url: str) -> None:
    superuser("DELETE FROM audit")
    superuser("DELETE FROM audit_head")


@pytest.fixture
def toys(runtime_url: str, parts: Stack) -> FlaskClient:
    connection = psycopg2.connect(parts.database_url("notify", "owner"))
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS toy (id bigserial PRIMARY KEY, name text)")
    connection.close()
    return toy_app(runtime_url, new_key("k1")).test_client()


def add(db: Database, count: int, tenant: str = OFFICE) -> None:
    with db.transaction(tenant) as tx:
        for number in range(count):
            tx.later(ADD, [tenant, str(number), [str(uuid4())]])


def rows(db: Database) -> list[dict[str, Any]]:
    with db.transaction("*") as tx:
        return tx.all("SELECT * FROM audit ORDER BY id")


def broken(db: Database, tenant: str = OFFICE) -> str | None:
    return chain.verify(db, tenant).broken


def test_a_change_leaves_a_row_in_its_own_transaction(toys: FlaskClient, db: Database) -> None:
    headers = bearer("officer", sid="session-7", jti="token-9") | {"Idempotency-Key": uuid4().hex}
    answer = toys.post("/v1/toys", json={"name": "mobil"}, headers=headers)
    assert answer.status_code == 201
    [row] = rows(db)
    assert (row["tenant"], row["caller"], row["roles"]) == (OFFICE, "officer-1", ["officer"])
    assert (row["session"], row["token"]) == ("session-7", "token-9")
    assert (row["action"], row["kind"], row["request"]) == ("toys.make", "toys", answer.headers["X-Request-Id"])
    assert row["details"] == {"route": "POST /v1/toys", "did": "changed", "status": 201}
    toys.post("/v1/toys", json={"name": "mobil"}, headers=headers)
    assert rows(db)[1]["details"]["replayed"] is True, "an answer that is given again shows the data again"


def test_a_change_that_fails_leaves_none_and_a_change_whose_row_fails_does_not_happen(
    toys: FlaskClient, db: Database, superuser: Callable[..., None]
) -> None:
    assert toys.post("/v1/toys", json={"name": "x" * 99}, headers=bearer("officer")).status_code == 422
    assert rows(db) == []
    superuser("DELETE FROM toy")
    superuser("ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
    try:
        assert toys.post("/v1/toys", json={"name": "kereta"}, headers=bearer("officer")).status_code == 500
    finally:
        superuser("ALTER TABLE audit DROP CONSTRAINT full_disk")
    with db.transaction("*") as tx:
        assert tx.value("SELECT count(*) FROM toy") == 0
    assert toys.post("/v1/toys", json={"name": "kereta"}, headers=bearer("officer")).status_code == 201


def test_a_change_whose_author_forgot_the_row_gets_it_all_the_same(toys: FlaskClient, db: Database) -> None:
    assert toys.put("/v1/toys/3", json={"name": "mobil"}, headers=bearer("officer")).status_code == 200
    [row] = rows(db)
    assert (row["action"], row["details"]["late"], row["tenant"]) == ("toys.change", True, OFFICE)


def test_a_reading_is_on_record_and_without_its_case_it_is_not_answered(toys: FlaskClient, db: Database) -> None:
    case = uuid4()
    assert toys.get(f"/v1/toys/of/{case}", headers=bearer("officer")).status_code == 200
    [row] = rows(db)
    assert (row["action"], row["about"], row["purpose"]) == ("toy.read", [str(case)], str(case))
    assert toys.get("/v1/toys/of-whom", headers=bearer("officer")).status_code == 500
    assert len(rows(db)) == 1


def test_rows_are_chained_without_a_gap_for_each_office_by_itself(db: Database) -> None:
    add(db, 1203)
    add(db, 2, KALIDONI)
    assert chain.seal_all(db) == 1205
    places = {tenant: [row["position"] for row in rows(db) if row["tenant"] == tenant] for tenant in (OFFICE, KALIDONI)}
    assert places == {OFFICE: list(range(1, 1204)), KALIDONI: [1, 2]}
    assert (broken(db), broken(db, KALIDONI), chain.seal_all(db)) == (None, None, 0)
    add(db, 3)
    assert chain.seal_all(db) == 3
    assert chain.verify(db, OFFICE) == chain.Verdict(OFFICE, 1206, rows(db)[-1]["hash"].hex())


def test_a_row_that_is_committed_late_is_chained_once_behind_those_that_were_there(db: Database) -> None:
    with db.transaction(OFFICE) as late:
        late.execute(ADD, [OFFICE, "late", []])
        add(db, 2)
        assert chain.seal_all(db) == 2
    assert chain.seal_all(db) == 1
    assert [(row["object"], row["position"]) for row in rows(db)] == [("late", 3), ("0", 1), ("1", 2)]
    assert broken(db) is None


def test_two_workers_never_fork_a_chain(db: Database) -> None:
    add(db, 1)
    chain.seal_all(db)
    add(db, 2999)
    with db.transaction(OFFICE) as first:
        chain.seal(first, OFFICE)
        with db.transaction(OFFICE) as second:
            assert chain.seal(second, OFFICE) == 0
    workers = [threading.Thread(target=chain.seal_all, args=[db]) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    chain.seal_all(db)
    assert sorted(row["position"] for row in rows(db)) == list(range(1, 3001))
    assert broken(db) is None


def test_a_sealing_that_is_killed_half_way_leaves_nothing_half_done(db: Database, parts: Stack) -> None:
    add(db, 10)
    killed = Database(parts.database_url("notify", "runtime"), pool_size=1)
    with pytest.raises(DatabaseUnavailable), killed.transaction(OFFICE) as tx:
        assert chain.seal(tx, OFFICE) == 10
        tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert [row["position"] for row in rows(db)] == [None] * 10
    assert chain.seal_all(db) == 10
    assert broken(db) is None


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        ("UPDATE audit SET caller = 'somebody' WHERE position = 4", "link 4 does not hold"),
        ("UPDATE audit SET at = at - interval '1 day' WHERE position = 4", "link 4 does not hold"),
        ("UPDATE audit SET about = '{}' WHERE position = 4", "link 4 does not hold"),
        ('UPDATE audit SET details = \'{"did": "read"}\' WHERE position = 4', "link 4 does not hold"),
        ("DELETE FROM audit WHERE position = 4", "link 4 is gone; the next one there is 5"),
        (
            (
                "UPDATE audit SET position = CASE position WHEN 4 THEN 900 ELSE 4 END WHERE position IN (4, 7);"
                "UPDATE audit SET position = 7 WHERE position = 900"
            ),
            "link 4 does not hold",
        ),
        (
            (
                "DELETE FROM audit WHERE position = 4; INSERT INTO audit (tenant, caller, roles, action, kind, about,"
                " details, position, hash, sealed_at) SELECT tenant, 'other', roles, action, kind, about, details, 4,"
                " hash, sealed_at FROM audit WHERE position = 5"
            ),
            "link 4 does not hold",
        ),
        ("DELETE FROM audit WHERE position > 8", "link 9 is gone, and what came after it"),
    ],
)
def test_the_first_broken_link_is_named(db: Database, superuser: Callable[..., None], harm: str, named: str) -> None:
    add(db, 10)
    chain.seal_all(db)
    assert broken(db) is None
    superuser("DROP INDEX audit_chain")
    try:
        superuser(harm)
        assert str(broken(db)).startswith(named)
    finally:
        superuser("DELETE FROM audit")
        superuser("CREATE UNIQUE INDEX audit_chain ON audit (tenant, position) WHERE position IS NOT NULL")


def test_a_chain_that_was_made_anew_is_found_by_the_head_that_was_kept(
    db: Database, superuser: Callable[..., None]
) -> None:
    add(db, 10)
    chain.seal_all(db)
    kept = chain.verify(db, OFFICE)
    superuser("UPDATE audit SET caller = 'somebody', position = NULL, hash = NULL, sealed_at = NULL")
    superuser("DELETE FROM audit_head")
    chain.seal_all(db)
    assert broken(db) is None, "made anew with all its links, it holds by itself"
    found = chain.verify(db, OFFICE, (kept.position, kept.head)).broken
    assert found == "link 10 is not the one that was kept"
    superuser("DELETE FROM audit")
    superuser("DELETE FROM audit_head")
    assert chain.verify(db, OFFICE, (kept.position, kept.head)).broken == "link 10, which was kept, is gone"


FORGED = (
    "INSERT INTO audit (tenant, caller, roles, action, kind, about, details, position, hash, sealed_at) SELECT tenant,"
    " 'somebody', roles, action, kind, about, details, {}, 'x', clock_timestamp() FROM audit LIMIT 1"
)


@pytest.mark.parametrize("role", ["runtime", "owner"])
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit SET caller = 'somebody'",
        "UPDATE audit SET position = 99, hash = 'x', sealed_at = clock_timestamp(), caller = 'somebody'",
        "UPDATE audit SET position = NULL, hash = NULL, sealed_at = NULL",
        "DELETE FROM audit",
        FORGED.format(3),
        FORGED.format(-1),
        "UPDATE audit SET position = 99, hash = 'x', sealed_at = clock_timestamp() WHERE position IS NULL",
        "TRUNCATE audit",
        "TRUNCATE audit_head",
        "INSERT INTO audit_head VALUES ('16.71.10.1002', 7, 'x')",
        "UPDATE audit_head SET position = 99",
        "UPDATE audit_head SET position = 99, hash = 'x'",
        "UPDATE audit_head SET hash = 'x'",
        "DELETE FROM audit_head",
    ],
)
def test_neither_the_service_nor_the_owner_can_alter_the_audit(
    db: Database, parts: Stack, role: str, harm: str
) -> None:
    add(db, 2)
    chain.seal_all(db)
    with db.transaction("*") as tx:
        tx.later(ADD, [OFFICE, "open", []])
    if "position = 99" not in harm:
        chain.seal_all(db)
    before = rows(db)
    other = Database(parts.database_url("notify", role), pool_size=1)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), other.transaction("*") as tx:
        tx.execute(harm)
    assert rows(db) == before


def test_the_service_gives_rows_the_next_places_alone_and_its_head_goes_with_them(db: Database) -> None:
    add(db, 4)
    chain.seal_all(db)
    add(db, 3)
    [first, second, third] = [row["id"] for row in rows(db) if row["position"] is None]
    place = (
        "UPDATE audit SET position = new.position, hash = 'x', sealed_at = clock_timestamp()"
        " FROM (VALUES (%s, %s), (%s, %s)) AS new (id, position) WHERE audit.id = new.id"
    )
    for wrong in ([first, 6, second, 7], [first, 5, second, 7], [first, 1_000_005, second, 1_000_006]):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege), db.transaction(OFFICE) as tx:
            tx.execute(place, wrong)
    with pytest.raises(psycopg2.errors.UniqueViolation), db.transaction(OFFICE) as tx:
        tx.execute(place, [first, 4, second, 5])
    with pytest.raises(RuntimeError), db.transaction(OFFICE) as tx:  # the right places, as the twin of those
        tx.execute(place, [first, 5, second, 6])
        assert tx.value("SELECT position || ' ' || encode(hash, 'escape') FROM audit_head") == "6 x"
        raise RuntimeError("and back")
    assert chain.seal_all(db) == 3 and broken(db) is None, "nothing of it stopped the sealing"
    assert [row["position"] for row in rows(db)] == [1, 2, 3, 4, 5, 6, 7] and third


def test_the_release_before_seals_on(db: Database) -> None:
    """It moves the head itself, to where it is already."""
    add(db, 2)
    chain.seal_all(db)
    with db.transaction(OFFICE) as tx:
        head = tx.one("SELECT position, hash FROM audit_head WHERE tenant = %s", [OFFICE])
        assert head is not None and head["position"] == 2
        tx.execute("UPDATE audit_head SET position = %s, hash = %s WHERE tenant = %s", [*head.values(), OFFICE])


def test_an_office_sees_its_own_rows_only(db: Database) -> None:
    add(db, 2)
    with db.transaction(KALIDONI) as tx:
        assert tx.value("SELECT count(*) FROM audit") == 0
    with db.transaction(OFFICE) as tx:
        assert tx.value("SELECT count(*) FROM audit") == 2
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), db.transaction(KALIDONI) as tx:
        tx.execute(ADD, [OFFICE, "forged", []])


def test_the_tail_is_sealed_within_five_seconds_and_shown_until_then(db: Database) -> None:
    add(db, 3)
    time.sleep(0.2)
    tail = chain.tail(db)
    upkeep.measure(db)
    assert (tail.rows, tail.seconds >= 0.2, AUDIT_TAIL._value.get() >= 0.2) == (3, True, True)
    stopped = threading.Event()
    worker = threading.Thread(target=chain.run, args=[db, stopped])
    worker.start()
    try:
        ends = time.monotonic() + 5
        while chain.tail(db).rows and time.monotonic() < ends:
            time.sleep(0.1)
    finally:
        stopped.set()
        worker.join(10)
    assert chain.tail(db) == chain.Tail(0, 0.0)


def test_ten_thousand_rows_are_sealed_within_ten_seconds(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(10):
        add(db, 1000)
    began = time.monotonic()
    assert chain.seal_all(db) == 10_000
    seconds = time.monotonic() - began
    with capsys.disabled():
        print(f" [{10_000 / seconds:.0f} rows/s sealed]", end="")  # noqa: T201
    assert seconds < 10
