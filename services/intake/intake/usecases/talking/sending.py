"""A case goes in from a conversation: at once, or as soon as the introduction is there and its photos were looked at.
The promise comes as the notice `submitted`, so nothing more is said when it went well."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from intake.deps import Deps
from intake.domain.applications import FilesBeingChecked
from intake.domain.case import Application
from intake.domain.conversation.turns import Heard, Turn
from intake.store import applications as store
from intake.store import conversations
from intake.usecases import procedure
from intake.usecases.talking import going_on
from intake.usecases.talking.scene import Scene, refused, scene
from kit import jobs
from kit.db import Tx
from kit.errors import Retryable
from kit.jobs import Job, JobKind
from kit.problems import Problem, Words

SEND_JOB = "send_talked_case"
FIRST_TRY = 3.0
_WHEN_GRANTED = Words("Baik. Begitu ketua RT memberi pengantar, permohonan langsung kami kirim.",
                      "All right. As soon as the RT head gives the introduction, we send the application.")  # fmt: skip


class StillChecked(Retryable):
    """Photos are being looked at; in a moment they are done."""


def send(at: Scene, app: Application) -> Turn | None:
    """Into the office, a returned case once more. What waits for the RT head goes by itself later."""
    open_things = going_on.lacks(at, app)
    if open_things.introduction == "requested" and not open_things.anything:
        at.talk.sends = list(dict.fromkeys([*at.talk.sends, str(app.id)]))
        at.talk.asked = ""
        return Turn("talk_note", question=False, case=str(app.id)).after(at.which(app), _WHEN_GRANTED)
    return _try(at, app)


def _try(at: Scene, app: Application) -> Turn | None:
    try:
        with at.tx.attempt():
            found = at.locked(app.id)
            if found is None:
                return None
            (procedure.resubmit if found[0].status == "returned" else procedure.submit)(at.deps, at.tx, *found)
    except FilesBeingChecked:
        at.talk.sends = list(dict.fromkeys([*at.talk.sends, str(app.id)]))
        jobs.add(at.tx, SEND_JOB, at.office.code, {"application_id": str(app.id)}, delay=FIRST_TRY)
    except Problem as problem:
        lacking = going_on.lacks(at, app)
        said = None if lacking.anything or lacking.introduction else refused(problem)
        return going_on.ask(at, app).after(said)
    at.talk.asked = ""
    at.talk.unclear = 0
    return None


def introduced(tx: Tx, app: Application) -> None:
    """The RT head gave the introduction: a case whose person said so goes in. The case is locked, so that its
    conversation is looked at by a job."""
    if app.status == "draft" and conversations.has_case(tx, app.id):
        jobs.add(tx, SEND_JOB, app.kelurahan, {"application_id": str(app.id)})


def work(deps: Deps, job: Job) -> None:
    """Raises StillChecked, and is tried again."""
    application_id = UUID(job.payload["application_id"])
    with deps.db.transaction(job.tenant) as tx:
        for conversation in conversations.lock_of_case(tx, deps.data_keys, application_id):
            if str(application_id) in conversation.talk.sends:
                at = scene(deps, tx, conversation, Heard(""))
                _send_waiting(at, application_id)
                conversations.save(tx, deps.data_keys, conversation, deps.clock.now())
        jobs.finish(tx, job)


def _send_waiting(at: Scene, application_id: UUID) -> None:
    found = at.locked(application_id)
    if found is None or found[0].status not in ("draft", "returned"):
        at.talk.sends = [one for one in at.talk.sends if one != str(application_id)]
        return
    if any(row["state"] == "checking" for row in going_on.current(at, found[0])):
        raise StillChecked("photos are being looked at")
    at.talk.sends = [one for one in at.talk.sends if one != str(application_id)]
    asked = (at.talk.asked, at.talk.asked_of) if at.talk.is_elsewhere(str(application_id)) else None
    turn = _try(at, found[0])
    if asked is not None:  # he is asked something else, which his next answer is for
        at.talk.asked, at.talk.asked_of = asked
    if turn is not None:
        at.tell(replace(turn, question=turn.question and asked is None))


def give_up(deps: Deps, tx: Tx, job: Job, _reason: str) -> None:
    """The photos were looked at for too long: who waits is asked to send once more."""
    application_id = UUID(job.payload["application_id"])
    for conversation in conversations.lock_of_case(tx, deps.data_keys, application_id):
        at = scene(deps, tx, conversation, Heard(""))
        at.talk.sends = [one for one in at.talk.sends if one != str(application_id)]
        app = store.get(tx, deps.data_keys, application_id)
        if app is not None and app.status in ("draft", "returned"):
            at.tell(going_on.ask(at, app))
        conversations.save(tx, deps.data_keys, conversation, deps.clock.now())


SENDING = JobKind(work, lease=60, give_up=give_up, max_attempts=40)
