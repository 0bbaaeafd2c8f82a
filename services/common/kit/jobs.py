"""Slow work as rows: written with the change that asks for it, claimed fairly, tried again with growing gaps.

A job is claimed in a transaction of its own with a short lease that its worker renews while it works; a worker that
dies loses the lease and the job is done again, so a job must bear being done twice. Its last transaction does `finish`
with its effect.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kit import trace
from kit.db import EVERY_TENANT, Database, Row, Tx
from kit.errors import Retryable
from kit.ids import new_id

MAX_ATTEMPTS = 12
LEASE = 30.0
RENEW_EVERY = 10.0
_IN_VAIN = "after "
THREADS = 2
"""As many jobs of a pool are done at the same time in a process."""

# The offices that have ready work of these kinds, which has waited longest first: by skipping in the index from one
# office's earliest to the next office's. It costs more with more offices, and the same however much waits there.
_READY = """
WITH RECURSIVE earliest AS (
    SELECT kind, job.tenant, job.run_at FROM unnest(%(kinds)s::text[]) AS kind CROSS JOIN LATERAL
        (SELECT tenant, run_at FROM job WHERE state = 'ready' AND job.kind = kind.kind
          ORDER BY tenant, run_at LIMIT 1) AS job
    UNION ALL
    SELECT earliest.kind, job.tenant, job.run_at FROM earliest CROSS JOIN LATERAL
        (SELECT tenant, run_at FROM job WHERE state = 'ready' AND job.kind = earliest.kind
            AND job.tenant > earliest.tenant ORDER BY tenant, run_at LIMIT 1) AS job)
SELECT kind, tenant FROM earliest WHERE run_at <= clock_timestamp() ORDER BY run_at
"""

# The time is the statement's, since what changes within one is no condition that an index can answer: who comes second
# to the last that is ready would read all that is for later.
_CLAIM = """
UPDATE job SET state = 'running', attempts = attempts + 1,
    leased_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = (SELECT id FROM job WHERE kind = %(kind)s AND tenant = %(tenant)s AND state = 'ready'
    AND run_at <= statement_timestamp() ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, tenant, payload, attempts, trace
"""


@dataclass(frozen=True)
class Job:
    """A claimed job."""

    id: UUID
    kind: str
    tenant: str
    payload: dict[str, Any]
    attempts: int
    trace: str | None


@dataclass(frozen=True)
class JobKind:
    """How a kind of job is done: `work(deps, job)`, for how long its lease is renewed, and what to do when it never
    will succeed (`give_up(deps, tx, job, reason)`, in the transaction that marks it dead). `waits`: it asks somebody
    else's server, and has threads of its own (`threads`), so that nothing else ever stands behind one that does not
    answer."""

    work: Callable[[Any, Job], None]
    lease: float = 120
    give_up: Callable[[Any, Tx, Job, str], None] | None = None
    max_attempts: int = MAX_ATTEMPTS
    waits: bool = False
    threads: int = THREADS


JobKinds = Mapping[str, JobKind]


def add(tx: Tx, kind: str, tenant: str, payload: dict[str, Any], *, key: str | None = None, delay: float = 0) -> UUID:
    """Asks for a job; with a key, a job of that kind and key that still waits is the same job, and one that was given
    up begins anew."""
    job_id = new_id()
    tx.later(
        "INSERT INTO job (id, kind, tenant, key, payload, run_at, trace) VALUES (%s, %s, %s, %s, %s,"
        " clock_timestamp() + make_interval(secs => %s), %s) ON CONFLICT (kind, key) WHERE key IS NOT NULL"
        " DO UPDATE SET state = 'ready', attempts = 0, leased_until = NULL, run_at = excluded.run_at"
        " WHERE job.state = 'dead'",
        [job_id, kind, tenant, key, payload, delay, trace.current()],
    )
    return job_id


def add_many(tx: Tx, kind: str, tenant: str, payloads: Sequence[dict[str, Any]], delays: Sequence[float]) -> list[UUID]:
    """Asks for many jobs of one kind in one statement, each after its own delay; their ids, in order."""
    ids = [new_id() for _ in payloads]
    tx.later(
        "INSERT INTO job (id, kind, tenant, payload, run_at, trace) SELECT a.id, %s, %s, a.payload, clock_timestamp()"
        " + make_interval(secs => a.delay), %s FROM unnest(%s::uuid[], %s::jsonb[], %s::float[])"
        " AS a (id, payload, delay)",
        [kind, tenant, trace.current(), ids, [json.dumps(one) for one in payloads], list(delays)],
    )
    return ids


def ready(db: Database, kinds: JobKinds) -> set[str]:
    """Of which kinds something is to be done now."""
    with db.transaction(EVERY_TENANT) as tx:
        return {row["kind"] for row in tx.all(_READY, {"kinds": list(kinds)})}


def claim(db: Database, kinds: JobKinds) -> Job | None:
    """The next job, fair between offices: one office's flood does not hold up another's only job."""
    with db.transaction(EVERY_TENANT) as tx:
        offices: dict[str, list[str]] = {}
        for waiting in tx.all(_READY, {"kinds": list(kinds)}):
            offices.setdefault(waiting["tenant"], []).append(waiting["kind"])
        for tenant in random.sample(list(offices), len(offices)):
            for kind in offices[tenant]:
                row = tx.one(_CLAIM, {"kind": kind, "tenant": tenant, "lease": LEASE})
                if row is not None:
                    return Job(**row)
    return None


def renew(db: Database, running: Mapping[UUID, int]) -> None:
    """Goes on holding these jobs (id and attempt); one that another worker has by now is left alone."""
    if not running:
        return
    with db.transaction(EVERY_TENANT) as tx:
        tx.execute(
            "UPDATE job SET leased_until = clock_timestamp() + make_interval(secs => %s)"
            " FROM unnest(%s::uuid[], %s::int[]) AS held (id, attempts)"
            " WHERE job.id = held.id AND job.attempts = held.attempts AND job.state = 'running'",
            [LEASE, list(running.keys()), list(running.values())],
        )


def finish(tx: Tx, job: Job) -> None:
    """The job is done: call it in the transaction of its effect. Raises LeaseLost when another has it now."""
    if tx.execute("DELETE FROM job WHERE id = %s AND attempts = %s", [job.id, job.attempts]) != 1:
        raise LeaseLost("another worker has this job now")


class LeaseLost(Retryable):
    """The job took longer than its lease and was given to another worker; its effect must not happen twice."""


def put_back(db: Database, job: Job, reason: str, *, after: float | None = None) -> None:
    """Try it again later, with a growing gap and some jitter."""
    gap = max(after or 0, min(2.0 ** min(job.attempts, 10), 600) * random.uniform(0.5, 1.0))
    with db.transaction(EVERY_TENANT) as tx:
        tx.execute(
            "UPDATE job SET state = 'ready', leased_until = NULL, last_error = %s,"
            " run_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s AND attempts = %s",
            [reason[:500], gap, job.id, job.attempts],
        )


def set_aside(tx: Tx, job: Job, reason: str) -> bool:
    """It will not succeed: kept and shown until a person decides. False when another worker has it by now."""
    hit = tx.execute(
        "UPDATE job SET state = 'dead', leased_until = NULL, last_error = %s"
        " WHERE id = %s AND attempts = %s AND state = 'running'",
        [reason[:500], job.id, job.attempts],
    )
    return hit == 1


def said_in_vain(job: Job, reason: str) -> str:
    """Why a job is given up that could have succeeded at another time."""
    return f"{_IN_VAIN}{job.attempts} attempts: {reason}"


def in_vain(reason: str) -> bool:
    """Whether a job is given up for that: asked for again it may succeed. What is refused will be refused again."""
    return reason.startswith(_IN_VAIN)


def forget_dead(tx: Tx, kind: str, key: str) -> None:
    """What was given up is asked for anew, as another job."""
    tx.execute("DELETE FROM job WHERE kind = %s AND key = %s AND state = 'dead'", [kind, key])


def hasten(tx: Tx, kind: str) -> int:
    """Jobs of a kind that wait for their next attempt have it now; how many."""
    return tx.execute(
        "UPDATE job SET run_at = clock_timestamp() WHERE kind = %s AND state = 'ready' AND run_at > clock_timestamp()",
        [kind],
    )


def release_expired(db: Database) -> int:
    """Jobs whose worker vanished are ready again; how many."""
    with db.transaction(EVERY_TENANT) as tx:
        return tx.execute(
            "UPDATE job SET state = 'ready', leased_until = NULL, last_error = 'the worker vanished'"
            " WHERE state = 'running' AND leased_until < clock_timestamp()"
        )


def dead(tx: Tx) -> list[Row]:
    return tx.all("SELECT id, kind, tenant, attempts, last_error, created_at FROM job WHERE state = 'dead' ORDER BY id")


def revive(tx: Tx, job_id: UUID) -> bool:
    """A person decides to try a dead job again."""
    return (
        tx.execute(
            "UPDATE job SET state = 'ready', attempts = 0, run_at = clock_timestamp() WHERE id = %s AND state = 'dead'",
            [job_id],
        )
        == 1
    )
