"""Slow work: a file is decoded in full and gets its viewing copy."""

from __future__ import annotations

from uuid import UUID

from contracts.sop import HANDOVER_PAPERS
from intake.deps import Deps
from intake.domain.case import Actor
from intake.pictures.kinds import Kind
from intake.pictures.refusals import Undecodable
from intake.pictures.view import make_view
from intake.store import applications, files, timeline
from intake.usecases.telling import tell_application
from kit import jobs
from kit.db import Tx
from kit.errors import Permanent
from kit.jobs import Job, JobKind

_KINDS = {kind.media_type: kind for kind in Kind}


class Damaged(Permanent):
    """What the store holds is not what was accepted."""


def look_at_file(deps: Deps, job: Job) -> None:
    """Makes the viewing copy, upright and without GPS. A file that fails is never shown; its item opens again."""
    file_id = UUID(job.payload["file_id"])
    with deps.db.transaction(job.tenant) as tx:
        row = files.lock(tx, file_id)
        if row is None or row["state"] != "checking":
            jobs.finish(tx, job)
            return
    key = row["key"].replace("original/", "view/", 1)
    bucket = deps.settings.s3_bucket
    with deps.spool.open() as original:
        if deps.objects.download(bucket, row["key"], original) != row["sha256"]:
            raise Damaged("the stored bytes differ from the accepted ones")
        original.seek(0)
        with make_view(original, _KINDS[row["type"]], deps.spool) as view:
            deps.objects.put(bucket, key, view.stream, view.size, view.media_type, view.sha256)
            found = {"key": key, "type": view.media_type, "size": view.size, "sha256": view.sha256}
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        files.set_view(tx, file_id, found)


def give_up_file(deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """The item is open again, with the reason."""
    file_id = UUID(job.payload["file_id"])
    case = files.case_of(tx, file_id)
    app = applications.lock(tx, deps.data_keys, case) if case else None  # the case first, as an upload does
    row = files.lock(tx, file_id)
    if app is not None and row is not None and row["state"] == "checking":
        files.reject(tx, file_id, Undecodable.words.id)
        system = Actor(frozenset(), "system")
        timeline.add(tx, app, deps.clock.now(), "file_rejected", system, row["requirement"])
        if row["requirement"] in HANDOVER_PAPERS:  # it was told when it came
            applications.touch(tx, app, deps.clock.now())
            tell_application(deps, tx, app, "application.changed")


JOBS = {"look_at_file": JobKind(look_at_file, lease=180, give_up=give_up_file)}
