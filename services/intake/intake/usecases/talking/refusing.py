"""A photo that seemed whole could not be opened, or has a virus: its item is open again, and its sender is told."""

from __future__ import annotations

from uuid import UUID

from intake.deps import Deps
from intake.domain.case import Application
from intake.domain.conversation.turns import Heard
from intake.store import conversations
from intake.usecases.talking import going_on
from intake.usecases.talking.scene import scene
from kit import jobs
from kit.db import Tx
from kit.jobs import Job, JobKind
from kit.problems import Words

REFUSED_JOB = "tell_refused_photo"
_NOT_USED = Words("Foto %s belum bisa dipakai: %s", "The photo of %s cannot be used: %s")


def refused_later(tx: Tx, app: Application, requirement: str, why: Words) -> None:
    """Where the case is talked about. It is locked, so that its conversation is looked at by a job."""
    if app.status in ("draft", "returned") and conversations.has_case(tx, app.id):
        payload = {"application_id": str(app.id), "requirement": requirement, "id": why.id, "en": why.en}
        jobs.add(tx, REFUSED_JOB, app.kelurahan, payload)


def work(deps: Deps, job: Job) -> None:
    """What is wrong, and what is asked now."""
    said = job.payload
    with deps.db.transaction(job.tenant) as tx:
        for conversation in conversations.lock_of_case(tx, deps.data_keys, UUID(said["application_id"])):
            at = scene(deps, tx, conversation, Heard(""))
            found = at.locked(UUID(said["application_id"]))
            if found is None or found[0].status not in ("draft", "returned"):
                continue
            name = going_on.name_of(at, found[0], said["requirement"])
            why = Words(_NOT_USED.id % (name.id, said["id"]), _NOT_USED.en % (name.en, said["en"]))
            if (turn := going_on.told(at, found[0], why)) is not None:
                at.tell(turn)
            conversations.save(tx, deps.data_keys, conversation, deps.clock.now())
        jobs.finish(tx, job)


TELLING = JobKind(work, lease=60)
