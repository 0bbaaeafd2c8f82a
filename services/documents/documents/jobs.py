"""Slow work: drafts and issued letters are rendered and stored. Each job bears being done twice."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from contracts.erasing import ERASE_JOB, SWEEP_JOB, SWEEPING
from contracts.providing import PROVIDE_JOB
from documents.deps import Deps
from documents.domain.letters import Letter
from documents.rendering import CannotRender, EmblemMissing, NotRenderedYet, template_version
from documents.store import copies, letters
from documents.usecases import (
    announcements,
    bundles,
    drafting,
    erasing,
    issuing,
    leaflets,
    objects,
    production,
    records,
    redrafting,
    showing,
    signers,
    signing,
)
from documents.usecases.drafting import Draft
from kit import jobs
from kit.db import Tx
from kit.jobs import Job, JobKind
from kit.service import Timer

# A numbered letter goes on with its number as long as there is hope: two days of tries, at most ten minutes apart.
ISSUE_ATTEMPTS = 300
# A layout that is refused will be refused again, unless it was the machine's fault. A lost picture may come back.
REFUSALS = 5


def draft_letter(deps: Deps, job: Job) -> None:
    """Freezes the data, renders the draft and puts it before the lurah; the RT head's letter takes its number."""
    letter_id = UUID(job.payload["letter_id"])
    with deps.db.transaction(job.tenant) as tx:
        letter = letters.get(tx, letter_id)
        if letter is None or not _wanted(letter, job):
            _leave(tx, job, letter)
            return
        draft = drafting.prepare(deps, tx, letter)
    pdf = deps.renderer.render(letter.kind, draft.frozen, letter.created_at)
    stored = None if letter.introduces else objects.store(deps, letter, pdf, letter.draft)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        _put_before(deps, tx, job, letter_id, draft, stored)


def _leave(tx: Tx, job: Job, letter: Letter | None) -> None:
    """There is nothing to do any more. A letter that is gone was erased, and a try before may have stored it and
    died."""
    jobs.finish(tx, job)
    if letter is None:
        objects.remove_letter_later(tx, job.tenant, UUID(job.payload["letter_id"]))


def _wanted(letter: Letter, job: Job) -> bool:
    """A draft that was asked for again meanwhile belongs to the newer job."""
    return letter.status == "drafting" and letter.draft == job.payload["draft"]


def _put_before(deps: Deps, tx: Tx, job: Job, letter_id: UUID, draft: Draft, stored: objects.Stored | None) -> None:
    application = issuing.lock_case(deps, tx, letters.get(tx, letter_id))
    letter = letters.get(tx, letter_id, lock=True)
    if letter is None or not _wanted(letter, job):
        objects.remove_later(tx, job.tenant, stored.key if stored else None)
        return
    drafting.keep_draft(deps, tx, letter, draft, stored.key if stored else None)
    if letter.introduction_id is not None:
        introduction = copies.introduction(tx, deps.data_keys, letter.introduction_id)
        if introduction is not None:
            issuing.grant(deps, tx, letter, introduction)
        if application is not None:
            issuing.name_introduction(tx, application)
        return
    letter.do("draft")
    if letter.form and stored is not None:
        objects.keep(letter, stored)
    letters.save(tx, letter)
    if application is not None and not letter.form:
        showing.show_once(deps, tx, application)
    elif application is not None:
        production.finish_if_complete(deps, tx, application)


def no_draft(deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """The draft cannot be made from these data: the letter says why, until they change."""
    letter = letters.get(tx, UUID(job.payload["letter_id"]), lock=True)
    if letter is not None and _wanted(letter, job):
        letter.problem = reason
        letters.save(tx, letter)


def issue_letter(deps: Deps, job: Job) -> None:
    """Renders the numbered letter and stores it: what nobody has to sign is issued, the rest waits for its signature.
    Begun again after a crash it does the same again."""
    letter_id = UUID(job.payload["letter_id"])
    with deps.db.transaction(job.tenant) as tx:
        letter = letters.get(tx, letter_id)
        if letter is None or letter.status != "numbered" or letter.decided_at is None or letter.prepared_key:
            _leave(tx, job, letter)
            return
        data = issuing.final_data(deps, tx, letter)
    template = template_version(letter.kind)
    try:
        pdf = deps.renderer.render(letter.kind, data, letter.decided_at)
    except CannotRender as error:
        if job.attempts >= REFUSALS and not isinstance(error, EmblemMissing):
            raise
        raise NotRenderedYet(error.reason) from error
    approved = letter.method == "approval"
    stored = objects.store(deps, letter, pdf) if approved else objects.store_sheet(deps, letter, pdf)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        if approved:
            issuing.issue(deps, tx, letter_id, stored, template)
        else:
            issuing.keep_sheet(tx, letter, stored, template)


def no_letter(deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """Giving up is a visible void."""
    issuing.give_up(deps, tx, UUID(job.payload["letter_id"]))


def remove_object(deps: Deps, job: Job) -> None:
    """A superseded draft or sheet goes, unless it is needed again: the same letter prepared anew has the same key."""
    key = job.payload["key"]
    letter_id = objects.letter_of(key)
    with deps.db.transaction(job.tenant) as tx:
        used = letter_id is not None and letters.uses(tx, letter_id, key)
    if not used:
        deps.objects.delete(deps.settings.s3_bucket, key)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


def remove_under(deps: Deps, job: Job) -> None:
    """Everything that was stored for something that is not there any more."""
    deps.objects.delete_under(deps.settings.s3_bucket, job.payload["under"])
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


TIMERS: Mapping[str, Timer] = {
    "prune-bundles": Timer(3600, bundles.prune),
    "lost-signatures": Timer(30, signing.lose_track),
    "follow-terms": Timer(3600, signers.follow_terms),
    "follow-leaflets": Timer(300, leaflets.follow),
}
JOBS = {
    announcements.PICTURE_JOB: JobKind(announcements.draw, lease=120, give_up=announcements.give_up),
    bundles.BUNDLE_JOB: JobKind(bundles.make, lease=300, give_up=bundles.give_up),
    drafting.DRAFT_JOB: JobKind(draft_letter, lease=120, give_up=no_draft),
    issuing.ISSUE_JOB: JobKind(issue_letter, lease=120, give_up=no_letter, max_attempts=ISSUE_ATTEMPTS),
    leaflets.LEAFLET_JOB: JobKind(leaflets.make, lease=120, give_up=leaflets.give_up),
    redrafting.REDRAFT_JOB: JobKind(redrafting.work, lease=600),
    ERASE_JOB: erasing.ERASING,
    SWEEP_JOB: SWEEPING,
    PROVIDE_JOB: records.PROVIDING,
    objects.REMOVE_JOB: JobKind(remove_object, lease=60, max_attempts=100),
    objects.REMOVE_UNDER_JOB: JobKind(remove_under, lease=60, max_attempts=100),
}
