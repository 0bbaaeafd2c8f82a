"""Photos that came by chat for a complaint: fetched, judged and kept by a job. Who sent them stands in the job sealed,
until it is done, and not with the complaint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.complaints.filing import TooManyPhotos
from intake.domain.complaints.states import NotNow
from intake.domain.conversation.turns import Heard, Turn
from intake.store import complaints as store
from intake.store import conversations
from intake.usecases.complaining import photos
from intake.usecases.complaining.finding import is_going_away
from intake.usecases.files import leave
from intake.usecases.talking.looking import PROBLEMS
from intake.usecases.talking.scene import Scene, refused, scene
from kit import jobs
from kit.db import Tx
from kit.jobs import Job, JobKind
from kit.objects import ObjectMissing
from kit.problems import Problem, Words

PHOTO_JOB = "take_complaint_photo"
_TO = "complaint-photo"
_NOT_USED = Words("Foto untuk keluhan Anda belum bisa dipakai: %s", "The photo for your complaint cannot be used: %s")


def ask(at: Scene, complaint_id: UUID, files: Iterable[Mapping[str, Any]]) -> None:
    """A job for each."""
    to = at.deps.data_keys.seal(str(at.conversation.contact_id), _TO)
    for file in files:
        payload = {"complaint_id": str(complaint_id), "file": dict(file), "to": to}
        jobs.add(at.tx, PHOTO_JOB, at.office.code, payload)


def work(deps: Deps, job: Job) -> None:
    """Takes one. Raises StoreUnavailable, and is tried again."""
    complaint_id, stored, wrong = UUID(job.payload["complaint_id"]), None, None
    try:
        stored = photos.fetch(deps, job.tenant, complaint_id, job.payload["file"])
    except ObjectMissing:
        wrong = PROBLEMS["gone"]
    except Problem as problem:
        if problem.status >= 500:  # the store or the disk, not the file
            raise
        wrong = refused(problem)
    with deps.db.transaction(job.tenant) as tx:
        # A conversation is locked before its complaint, never after it.
        at = _scene(deps, tx, job) if wrong is not None else None
        if stored is not None:
            wrong = _record(deps, tx, complaint_id, stored)
            at = _scene(deps, tx, job) if wrong is not None else None
        if at is not None and wrong is not None:
            said = Words(_NOT_USED.id % wrong.id, _NOT_USED.en % wrong.en)
            at.tell(Turn("talk_note", question=False).after(said))
            conversations.save(tx, deps.data_keys, at.conversation, deps.clock.now())
        jobs.finish(tx, job)


def _record(deps: Deps, tx: Tx, complaint_id: UUID, stored: dict[str, Any]) -> Words | None:
    """Why it was not taken, if it was not."""
    try:
        with tx.attempt():
            found = store.lock(tx, deps.data_keys, complaint_id)
            if found is not None and not is_going_away(tx, found):
                photos.record(deps, tx, found, stored)
                return None
    except (NotNow, TooManyPhotos) as problem:
        leave(tx, tx.tenant, stored["key"])
        return refused(problem)
    leave(tx, tx.tenant, stored["key"])
    return None


def _scene(deps: Deps, tx: Tx, job: Job) -> Scene:
    contact_id = UUID(deps.data_keys.open(job.payload["to"], _TO))
    conversation = conversations.lock(tx, deps.data_keys, job.tenant, contact_id, deps.clock.now())
    return scene(deps, tx, conversation, Heard(""))


def give_up(deps: Deps, tx: Tx, job: Job, _reason: str) -> None:
    """Whoever sent it is asked to send it once more."""
    at = _scene(deps, tx, job)
    gone = PROBLEMS["gone"]
    at.tell(Turn("talk_note", question=False).after(Words(_NOT_USED.id % gone.id, _NOT_USED.en % gone.en)))
    conversations.save(tx, deps.data_keys, at.conversation, deps.clock.now())


TAKING = JobKind(work, lease=180, give_up=give_up)
