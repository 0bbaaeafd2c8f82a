"""Notify's announcements as pictures in the office's letterhead: drawn in a job, handed over, and gone when notify says
so."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID

from contracts.telling import tell
from documents.deps import Deps
from documents.domain import announcements as rules
from documents.domain.announcements import PICTURE_NAME, Drafted
from documents.domain.cases import is_sample
from documents.render.announcement import LAYOUT
from documents.store import announcements as store
from documents.store import copies, people
from documents.usecases import objects
from documents.usecases.office_texts import emblem_of
from kit import jobs
from kit.db import Tx
from kit.errors import Retryable
from kit.jobs import Job

PICTURE_JOB = "draw_announcement"
PNG = "image/png"
REPLACED = 86_400
"""Seconds for which a picture stays in whose place another is: somebody may look at it just now."""


def drafted(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """Somebody of the office wrote one; told again it is drawn no second time."""
    announcement_id, kelurahan, revision = data["announcement_id"], data["kelurahan"], data["revision"]
    if store.put(tx, deps.data_keys, announcement_id, kelurahan, revision, data["until"], dict(data["person"] or {})):
        jobs.add(tx, PICTURE_JOB, kelurahan, {"announcement_id": str(announcement_id), "revision": revision})


def ended(tx: Tx, data: dict[str, Any]) -> None:
    """It is gone, and its pictures with it."""
    store.end(tx, data["announcement_id"], data["kelurahan"])
    objects.remove_pictures_later(tx, data["kelurahan"], data["announcement_id"])


def draw(deps: Deps, job: Job) -> None:
    """Done twice it stores the same again. Raises CannotRender, NotRenderedYet, StoreUnavailable, and Retryable where
    the office has not arrived yet."""
    with deps.db.transaction(job.tenant) as tx:
        one = _wanted(tx, job)
        if one is None or one.person_id is None:
            jobs.finish(tx, job)
            return
        office = copies.office(tx, job.tenant)
        if office is None:
            raise Retryable("the office has not arrived yet")
        said, emblem = people.read(tx, deps.data_keys, one.person_id), emblem_of(tx, job.tenant)
    sample = is_sample(office | {"code": job.tenant}, deps.settings.sample_data)
    data = rules.picture(said, one.until, office, emblem, sample=sample).to_json()
    content = deps.renderer.render(LAYOUT, data, deps.clock.now())
    file = _put(deps, one, content)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        now = _wanted(tx, job)
        if now is None:
            _left_over(tx, job, one)
            return
        store.drawn(tx, now, now.revision)
        if now.pictured is not None:
            objects.remove_picture_later(tx, job.tenant, now.id, now.pictured, after=REPLACED)
        _tell(deps, tx, now, file=file)


def give_up(deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """What cannot be drawn is told to notify, which shows why; the words can be written otherwise."""
    one = _wanted(tx, job)
    if one is not None:
        store.drawn(tx, one, None)
        _tell(deps, tx, one, problem=reason[:200])


def _wanted(tx: Tx, job: Job) -> Drafted | None:
    """The announcement, locked, if what this job draws is what it says now."""
    one = store.get(tx, UUID(job.payload["announcement_id"]), lock=True)
    return None if one is None or one.ended or one.revision != job.payload["revision"] else one


def _put(deps: Deps, one: Drafted, content: bytes) -> dict[str, Any]:
    bucket, key = deps.settings.s3_bucket, objects.of_picture(one.kelurahan, one.id, one.revision)
    sha256 = hashlib.sha256(content).hexdigest()
    deps.objects.put(bucket, key, BytesIO(content), len(content), PNG, sha256)
    return {
        "bucket": bucket, "key": key, "sha256": sha256, "size": len(content), "type": PNG, "name": PICTURE_NAME,
    }  # fmt: skip


def _left_over(tx: Tx, job: Job, one: Drafted) -> None:
    """It was written anew while it was drawn, or it is gone."""
    objects.remove_picture_later(tx, job.tenant, one.id, one.revision)


def _tell(deps: Deps, tx: Tx, one: Drafted, *, file: dict[str, Any] | None = None, problem: str | None = None) -> None:
    data = {
        "announcement_id": one.id, "kelurahan": one.kelurahan, "revision": one.revision, "file": file,
        "problem": problem,
    }  # fmt: skip
    tell(tx, deps.event_keys, "announcement.pictured", subject=one.id, tenant=one.kelurahan, time=deps.clock.now(),
         data=data)  # fmt: skip
