"""The file of something that somebody sent: fetched at once, kept, and only then the service is told."""

from __future__ import annotations

import io
import random
from uuid import UUID

import structlog

from kit import jobs
from kit.db import EVERY_TENANT, Tx
from kit.errors import Retryable
from kit.jobs import Job
from notify.deps import Deps
from notify.media import Got, NotHere, NotLetIn
from notify.store import incoming as store
from notify.store.incoming import Incoming
from notify.usecases import outages
from notify.usecases.incoming import FETCH, tell_received

ATTEMPTS = 48
"""Tries while the channel's server does not answer or does not let us in: some three days."""
LONGEST_GAP = 7200.0
"""Seconds between two of them, at most."""
ASKED_AGAIN = 10
"""Tries for a file that its server says is not there, or that came damaged: some twenty minutes."""
_NOBODY_WANTS = frozenset({"image/webp"})
"""Stickers."""

log = structlog.get_logger()


def fetch(deps: Deps, job: Job) -> None:
    """Done twice, the same file lies in the same place, and the service is told once."""
    with deps.db.transaction(job.tenant) as tx:
        one = store.get(tx, deps.data_keys, UUID(job.payload["incoming_id"]))
        if one is None or one.told_at is not None:
            jobs.finish(tx, job)
            return
    try:
        got = _got(deps, one)
        deps.objects.put(
            deps.settings.s3_bucket, _key(one), io.BytesIO(got.content), len(got.content), got.type, got.sha256
        )
        problem = None
    except NotHere as error:
        if error.again and job.attempts < ASKED_AGAIN:
            raise Retryable(f"a file is {error.problem}") from error
        got, problem = None, error.problem
    except NotLetIn as error:
        with deps.db.transaction(job.tenant) as tx:
            outages.no_files(deps, tx, one.channel, one.kelurahan, error.reason)
        raise NotLetIn(error.reason, after=_gap(job)) from error
    except Retryable as error:
        raise Retryable(error.reason, after=_gap(job)) from error
    with deps.db.transaction(job.tenant) as tx:
        there = _settle(deps, tx, one.id, got, problem)
        jobs.finish(tx, job)
    if not there and got is not None:  # it was erased meanwhile, with what had been put there by then
        deps.objects.delete(deps.settings.s3_bucket, _key(one))


def _gap(job: Job) -> float:
    return min(2.0**job.attempts, LONGEST_GAP) * random.uniform(0.75, 1.0)


def soon(deps: Deps) -> int:
    """What could not be fetched so far is tried again at once; how many files."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        return jobs.hasten(tx, FETCH)


def give_up(deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """Its server never answered: the service is told that there was a file."""
    log.error("a file that somebody sent was not fetched", reason=reason)
    _settle(deps, tx, UUID(job.payload["incoming_id"]), None, "gone")


def _got(deps: Deps, one: Incoming) -> Got:
    media = one.person["media"]
    if media["type"].partition(";")[0] in _NOBODY_WANTS:
        raise NotHere("not_taken", again=False)
    return deps.fetchers[one.channel].fetch(media)


def _settle(deps: Deps, tx: Tx, incoming_id: UUID, got: Got | None, problem: str | None) -> bool:
    """What became of the file, told once; False when what it came with is gone."""
    one = store.get(tx, deps.data_keys, incoming_id, lock=True)
    if one is None:
        return False
    if one.told_at is None:
        one.told_at, one.problem = deps.clock.now(), problem
        if got is not None:
            one.file = {
                "bucket": deps.settings.s3_bucket, "key": _key(one), "sha256": got.sha256, "size": len(got.content),
                "type": got.type, "name": None,
            }  # fmt: skip
        store.fetched(tx, one)
        tell_received(deps, tx, one)
    return True


def _key(one: Incoming) -> str:
    if one.file_key is None:
        raise ValueError("nothing with a file was kept")
    return one.file_key
