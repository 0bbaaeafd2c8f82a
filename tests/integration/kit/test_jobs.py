"""Jobs: claimed once, fair between offices, tried again, never done twice after a lost lease."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from deploy.local.stack import Stack
from kit import jobs
from kit.db import Database, Tx
from kit.jobs import JobKind

DRAW, SEND = "draw", "send"
KINDS = {DRAW: JobKind(work=lambda deps, job: None, lease=60)}
OTHERS = {SEND: JobKind(work=lambda deps, job: None, waits=True)}


def ask(db: Database, tenant: str = "office", count: int = 1, kind: str = DRAW, **more: Any) -> None:
    with db.transaction(tenant) as tx:
        for number in range(count):
            jobs.add(tx, kind, tenant, {"n": number}, **more)


def test_twenty_workers_claim_a_hundred_jobs_each_once(db: Database) -> None:
    ask(db, count=100)
    with ThreadPoolExecutor(10) as pool:
        claimed = list(pool.map(lambda _: jobs.claim(db, KINDS), range(120)))
    found = [job.payload["n"] for job in claimed if job]
    assert sorted(found) == list(range(100))


def test_a_job_of_a_rolled_back_transaction_does_not_exist(db: Database) -> None:
    with pytest.raises(RuntimeError), db.transaction("office") as tx:
        jobs.add(tx, "draw", "office", {})
        raise RuntimeError
    assert jobs.claim(db, KINDS) is None


def test_a_flood_of_one_office_does_not_hold_up_another(db: Database) -> None:
    ask(db, "flood", count=500)
    ask(db, "quiet")
    order = []
    for _ in range(20):
        job = jobs.claim(db, KINDS)
        assert job is not None
        order.append(job.tenant)
    assert Counter(order)["quiet"] == 1


def test_of_an_office_what_waits_longest_comes_first_whatever_its_kind(db: Database) -> None:
    for kind in (SEND, DRAW, SEND):
        ask(db, kind=kind)
    claimed = [jobs.claim(db, KINDS | OTHERS) for _ in range(3)]
    assert [job and job.kind for job in claimed] == [SEND, DRAW, SEND]


def test_what_is_for_later_is_neither_claimed_nor_said_to_be_ready_and_holds_up_no_office_behind_it(
    db: Database,
) -> None:
    ask(db, "first", delay=60)
    assert jobs.ready(db, KINDS) == set() and jobs.claim(db, KINDS) is None
    ask(db, "second", delay=60)
    ask(db, "third")
    assert jobs.ready(db, KINDS | OTHERS) == {DRAW}
    claimed = jobs.claim(db, KINDS)
    assert claimed is not None and claimed.tenant == "third"


def test_who_looks_or_claims_reads_only_what_is_for_him_and_now(parts: Stack, db: Database) -> None:
    """Thousands may wait for somebody's slow server, or for tomorrow."""
    ask(db, count=3_000, kind=SEND)
    ask(db, "other", count=3_000, delay=60)
    ask(db, "other")
    with closing(psycopg2.connect(parts.database_url("notify", "owner"))) as owner, owner, owner.cursor() as cursor:
        cursor.execute("ANALYZE job")
    with db.transaction("*") as first, db.transaction("*") as second:
        only = {"kind": DRAW, "tenant": "other", "lease": 30}
        assert first.one(jobs._CLAIM, only) is not None
        assert pages(second, jobs._CLAIM, only) < 20, "the last that is ready is another's by now"
        for kinds in (KINDS, OTHERS):
            assert pages(second, jobs._READY, {"kinds": list(kinds)}) < 20, list(kinds)


def pages(tx: Tx, sql: str, given: dict[str, Any]) -> int:
    """How many pages of the database a statement reads."""
    plan = tx.value(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", given)[0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def test_a_job_whose_worker_vanished_is_done_by_another_and_the_first_cannot_finish(db: Database) -> None:
    ask(db)
    first = jobs.claim(db, KINDS)
    assert first is not None and jobs.claim(db, KINDS) is None
    with db.transaction("*") as tx:
        tx.execute("UPDATE job SET leased_until = clock_timestamp() - interval '1 second'")
    assert jobs.release_expired(db) == 1
    second = jobs.claim(db, KINDS)
    assert second is not None and second.id == first.id
    with pytest.raises(jobs.LeaseLost), db.transaction("office") as tx:
        jobs.finish(tx, first)
    with db.transaction("office") as tx:
        jobs.finish(tx, second)
    assert jobs.claim(db, KINDS) is None


def test_a_renewed_lease_keeps_the_job_and_only_for_the_worker_that_has_it(db: Database) -> None:
    ask(db)
    job = jobs.claim(db, KINDS)
    assert job is not None
    with db.transaction("*") as tx:
        tx.execute("UPDATE job SET leased_until = clock_timestamp() - interval '1 second'")
    jobs.renew(db, {job.id: job.attempts + 1})
    with db.transaction("*") as tx:
        assert tx.value("SELECT leased_until < clock_timestamp() FROM job")
    jobs.renew(db, {job.id: job.attempts})
    assert jobs.release_expired(db) == 0


def test_a_failed_job_waits_longer_each_time(db: Database) -> None:
    ask(db)
    gaps = []
    for _ in range(5):
        job = jobs.claim(db, KINDS)
        assert job is not None
        jobs.put_back(db, job, "store away")
        assert jobs.claim(db, KINDS) is None
        with db.transaction("*") as tx:
            gaps.append(float(tx.value("SELECT extract(epoch FROM run_at - clock_timestamp()) FROM job")))
            tx.execute("UPDATE job SET run_at = clock_timestamp()")
    assert gaps[-1] > gaps[0] > 0


def test_a_job_that_was_set_aside_is_shown_and_can_be_revived(db: Database) -> None:
    ask(db)
    job = jobs.claim(db, KINDS)
    assert job is not None
    with db.transaction("office") as tx:
        jobs.set_aside(tx, job, "cannot be")
        [row] = jobs.dead(tx)
    assert (row["last_error"], jobs.claim(db, KINDS)) == ("cannot be", None)
    with db.transaction("office") as tx:
        assert jobs.revive(tx, job.id)
    assert jobs.claim(db, KINDS) is not None


def test_a_job_with_a_key_that_still_waits_is_the_same_job(db: Database) -> None:
    ask(db, count=3, key="letter-1")
    assert jobs.claim(db, KINDS) is not None
    assert jobs.claim(db, KINDS) is None
