"""An office's texts or emblem changed: a job draws up again what waits for the lurah, letter by letter, so that nobody
waits for it who published them."""

from __future__ import annotations

from documents.deps import Deps
from documents.store import letters
from documents.store import office_templates as store
from documents.usecases import drafting
from kit import jobs
from kit.db import Tx
from kit.jobs import Job

REDRAFT_JOB = "redraft_office"


def ask(tx: Tx, kind: str | None = None) -> None:
    """Of one kind, or all letters of the office's own."""
    jobs.add(tx, REDRAFT_JOB, tx.tenant, {"kind": kind})


def work(deps: Deps, job: Job) -> None:
    """Done twice it draws them up twice, which changes nothing."""
    kind = job.payload["kind"]
    with deps.db.transaction(job.tenant) as tx:
        waiting = letters.drafts(tx, job.tenant) if kind is None else store.waiting(tx, kind)
    for application_id, letter_id in waiting:
        with deps.db.transaction(job.tenant) as tx:
            drafting.redraft_one(deps, tx, application_id, letter_id)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
