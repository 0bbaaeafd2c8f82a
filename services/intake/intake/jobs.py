"""Slow work: a file is scanned for viruses, decoded in full, and gets its viewing copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from uuid import UUID

import structlog

from contracts.sop import HANDOVER_PAPERS
from intake.deps import Deps
from intake.domain.case import Actor
from intake.pictures.kinds import Kind
from intake.pictures.refusals import INFECTED, Undecodable
from intake.pictures.view import make_view
from intake.store import applications, files, timeline
from intake.usecases.files import LOOK_JOB, REMOVE_JOB, SCAN_JOB, SHED_JOB
from intake.usecases.talking.refusing import refused_later
from intake.usecases.telling import tell_application
from kit import jobs
from kit.db import EVERY_TENANT, Row, Tx
from kit.errors import Permanent
from kit.jobs import Job, JobKind
from kit.metrics import ANTIVIRUS_WAITING
from kit.problems import Words

_KINDS = {kind.media_type: kind for kind in Kind}
_SYSTEM = Actor(frozenset(), "system")
# A file waits for the scanner as long as it takes: two months of tries, at most ten minutes apart.
SCAN_ATTEMPTS = 10_000
LONG_WAIT = 300.0

log = structlog.get_logger()


class Damaged(Permanent):
    """What the store holds is not what was accepted."""


def scan_file(deps: Deps, job: Job) -> None:
    """Until the scanner says that it is clean nobody sees the file. What has something in it is refused, and removed.
    Raises ScannerSilent, and is tried again."""
    row = _begun(deps, job)
    if row is None:
        return
    found = None
    if deps.antivirus is not None:
        with _original(deps, row) as original:
            found = deps.antivirus.scan(original, str(row["id"]))
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        if found is not None:
            log.warning("the virus scanner refused a file", found=found)
            _refuse(deps, tx, row["id"], INFECTED)
            jobs.add(tx, REMOVE_JOB, job.tenant, {"key": row["key"]})
            return
        if deps.antivirus is not None:
            files.set_scanned(tx, row["id"], deps.clock.now())
        jobs.add(tx, LOOK_JOB, job.tenant, {"file_id": str(row["id"])})


def look_at_file(deps: Deps, job: Job) -> None:
    """Makes the viewing copy, upright and without GPS. A file that fails is never shown; its item opens again."""
    row = _begun(deps, job)
    if row is None:
        return
    if deps.antivirus is not None and row["scanned_at"] is None:  # it came while nobody scanned
        with deps.db.transaction(job.tenant) as tx:
            jobs.finish(tx, job)
            jobs.add(tx, SCAN_JOB, job.tenant, {"file_id": str(row["id"])})
        return
    key = _view_key(row["key"])
    with _original(deps, row) as original, make_view(original, _KINDS[row["type"]], deps.spool) as view:
        deps.objects.put(deps.settings.s3_bucket, key, view.stream, view.size, view.media_type, view.sha256)
        found = {"key": key, "type": view.media_type, "size": view.size, "sha256": view.sha256}
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        now = files.lock(tx, row["id"])
        if now is None or now["state"] == "withdrawn":  # or its case was erased meanwhile
            jobs.add(tx, REMOVE_JOB, job.tenant, {"key": row["key"]})
            return
        files.set_view(tx, row["id"], found)
        if row["complaint_id"]:
            jobs.add(tx, SHED_JOB, job.tenant, {"key": row["key"]})


def shed_original(deps: Deps, job: Job) -> None:
    """Of a complaint's photo the viewing copy stays. The original has where and with what it was taken, which tells of
    somebody who wants to stay unknown, and nobody reads it again once it was looked at, whatever came of that. While it
    is to be looked at it stays: whoever does that asks for this again."""
    key = job.payload["key"]
    with deps.db.transaction(job.tenant) as tx:
        needed = files.key_waits(tx, key)
    if not needed:
        deps.objects.delete(deps.settings.s3_bucket, key)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


def remove_file(deps: Deps, job: Job) -> None:
    """The bytes of a refused or withdrawn file go, original and copy, unless they were sent again and count."""
    key = job.payload["key"]
    with deps.db.transaction(job.tenant) as tx:
        counts = files.key_counts(tx, key)
    if not counts:
        for each in (key, _view_key(key)):
            deps.objects.delete(deps.settings.s3_bucket, each)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


def give_up_file(deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """The item is open again, with the reason."""
    _refuse(deps, tx, UUID(job.payload["file_id"]), Undecodable.words)


def measure_quarantine(deps: Deps) -> None:
    """How long files wait for the scanner, for whoever watches."""
    if deps.antivirus is None:
        return
    with deps.db.transaction(EVERY_TENANT) as tx:
        since = files.unscanned_since(tx)
    waited = (deps.clock.now() - since).total_seconds() if since else 0.0
    ANTIVIRUS_WAITING.set(waited)
    if waited > LONG_WAIT:
        log.warning("files wait for the virus scanner", oldest_seconds=round(waited))


def _begun(deps: Deps, job: Job) -> Row | None:
    """The file, if it still waits; else the job is done."""
    with deps.db.transaction(job.tenant) as tx:
        row = files.lock(tx, UUID(job.payload["file_id"]))
        if row is not None and row["state"] == "checking":
            return row
        jobs.finish(tx, job)
        return None


@contextmanager
def _original(deps: Deps, row: Row) -> Iterator[BinaryIO]:
    """The bytes as they were accepted. Raises Damaged, ObjectMissing, StoreUnavailable."""
    with deps.spool.open() as original:
        if deps.objects.download(deps.settings.s3_bucket, row["key"], original) != row["sha256"]:
            raise Damaged("the stored bytes differ from the accepted ones")
        original.seek(0)
        yield original


def _view_key(key: str) -> str:
    return key.replace("original/", "view/", 1)


def _refuse(deps: Deps, tx: Tx, file_id: UUID, words: Words) -> None:
    case = files.case_of(tx, file_id)
    app = applications.lock(tx, deps.data_keys, case) if case else None  # the case first, as an upload does
    row = files.lock(tx, file_id)
    if app is None and row is not None and row["complaint_id"] and row["state"] == "checking":
        files.reject(tx, file_id, words.id)
        jobs.add(tx, SHED_JOB, row["kelurahan"], {"key": row["key"]})
    elif app is not None and row is not None and row["state"] == "checking":
        files.reject(tx, file_id, words.id)
        timeline.add(tx, app, deps.clock.now(), "file_rejected", _SYSTEM, row["requirement"])
        refused_later(tx, app, row["requirement"], words)
        if row["requirement"] in HANDOVER_PAPERS:  # it was told when it came
            applications.touch(tx, app, deps.clock.now())
            tell_application(deps, tx, app, "application.changed")


JOBS = {
    SCAN_JOB: JobKind(scan_file, lease=180, give_up=give_up_file, max_attempts=SCAN_ATTEMPTS),
    LOOK_JOB: JobKind(look_at_file, lease=180, give_up=give_up_file),
    REMOVE_JOB: JobKind(remove_file, lease=60, max_attempts=100),
    SHED_JOB: JobKind(shed_original, lease=60, max_attempts=100),
}
