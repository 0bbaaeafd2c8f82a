"""An office's data, texts or emblem changed: a job draws up again what waits for the lurah, letter by letter, so that
nobody waits for it who changed them. What he sent back waits for something to be mended, and is left alone; so is a
draft on which the change shows nothing."""

from __future__ import annotations

from documents.deps import Deps
from documents.store import letters
from documents.usecases import drafting
from kit import jobs
from kit.db import Tx
from kit.jobs import Job

REDRAFT_JOB = "redraft_office"


def ask(tx: Tx, kelurahan: str, kind: str | None = None) -> None:
    """Of one kind, or all letters of the office's own."""
    jobs.add(tx, REDRAFT_JOB, kelurahan, {"kind": kind})


def work(deps: Deps, job: Job) -> None:
    """Done twice it finds nothing left to do."""
    with deps.db.transaction(job.tenant) as tx:
        waiting = letters.drafts(tx, job.tenant, job.payload["kind"])
    for application_id, letter_id in waiting:
        with deps.db.transaction(job.tenant) as tx:
            drafting.redraft_one(deps, tx, application_id, letter_id, always=False)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
