"""What happens to cases without anybody asking: they expire, their dates follow the calendar, their state is told
again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from intake import samples
from intake.deps import Deps
from intake.domain.applications import IDLE, IDLE_TOLD
from intake.domain.case import Actor, Application
from intake.offices import shipped_office, shipped_offices
from intake.store import applications as store
from intake.store import files, offices, timeline
from intake.store import sops as store_of_sops
from intake.usecases import erasing, escalation, figures, sandbox
from intake.usecases.clock import start_clock, tell_clock
from intake.usecases.complaining import timers as complaints
from intake.usecases.offices import office, put_office, sop, tell_office, tell_sop
from intake.usecases.procedure import expire, set_deadlines
from intake.usecases.sops import ship_drafts
from intake.usecases.telling import request_message, tell_application
from kit import jobs
from kit.batches import each_batch
from kit.db import EVERY_TENANT, Tx
from kit.due import NEVER, Due, do_due
from kit.jobs import Job

BATCH = 100
_SYSTEM = Actor(frozenset(), "system")


def prepare(deps: Deps) -> None:
    """After the migrations: the bucket with the sample pictures, and in a system for trying the shipped office and its
    starting time."""
    deps.objects.ensure_bucket(deps.settings.s3_bucket)
    samples.put_all(deps.objects, deps.settings.s3_bucket)
    with deps.db.transaction(EVERY_TENANT) as tx:
        start_clock(deps, tx)
        if deps.settings.sample_data:
            for code in shipped_offices():
                if offices.get(tx, code) is None:
                    put_office(deps, tx, dict(shipped_office(code)))
        if deps.settings.sandbox:
            sandbox.prepare(deps, tx)
        for row in offices.names(tx):
            ship_drafts(deps, tx, row["code"])


def expire_idle(deps: Deps) -> int:
    """Ends what nobody took up again, in every office, the oldest first; how many."""

    def find(tx: Tx, now: datetime, after: Due | None, limit: int) -> list[Due]:
        return store.idle(tx, now - IDLE, after, limit)

    def end(tx: Tx, application_id: UUID) -> datetime | None:
        app = store.lock_idle(tx, deps.data_keys, application_id, deps.clock.now() - IDLE)
        if app is None:
            return None
        expire(deps, tx, app)
        return NEVER

    return do_due(deps.db, deps.clock, find, end)


def tell_idle(deps: Deps) -> int:
    """Tells people that what nobody takes up will end in a week, once after each change; how many."""

    def find(tx: Tx, now: datetime, after: Due | None, limit: int) -> list[Due]:
        return store.idle(tx, now - IDLE_TOLD, after, limit, untold=True)

    def say(tx: Tx, application_id: UUID) -> datetime | None:
        app = store.lock_idle(tx, deps.data_keys, application_id, deps.clock.now() - IDLE_TOLD, untold=True)
        if app is None:
            return None
        _tell_idle(deps, tx, app)
        return NEVER

    return do_due(deps.db, deps.clock, find, say)


def _tell_idle(deps: Deps, tx: Tx, app: Application) -> None:
    at = app.changed_at + IDLE_TOLD
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    found = office(deps, tx, app.kelurahan, app.office_version)
    values = {
        "tracking_code": app.tracking_code,
        "service_name": service["name"]["id"],
        "office_name": found.data["name"],
    }
    request_message(deps, tx, app, "expires_soon", values, message_class="notice")
    timeline.add(tx, app, at, "expiry_told", _SYSTEM)
    store.idle_told(tx, app, at)


def catch_up(deps: Deps) -> None:
    """What fell due while the clock was moved, in its order: deadlines, complaints, then what is about to expire, and
    what has; last what goes."""
    escalation.tell_due(deps)
    complaints.do_all(deps)
    tell_idle(deps)
    expire_idle(deps)
    figures.roll_up(deps)
    erasing.erase_over(deps)


def recompute_promises(deps: Deps, job: Job) -> None:
    """An office's calendar changed: its running cases get their dates anew, and those whose date moved are told."""
    after: UUID | None = None
    while True:
        with deps.db.transaction(job.tenant) as tx:
            cases = store.lock_running(tx, deps.data_keys, job.tenant, after, BATCH)
            if not cases:
                break
            for app in cases:
                before = app.deadlines
                set_deadlines(deps, tx, app)
                escalation.watch_again(deps, tx, app)
                if app.deadlines != before:
                    app.changed_at = deps.clock.now()
                    store.save(tx, app, _SYSTEM, "promise_changed")
                    tell_application(deps, tx, app, "application.changed")
                else:
                    store.save_warning(tx, app)  # opening hours may have changed and no deadline
            after = cases[-1].id
    recompute_complaints(deps, job)  # a process of the release before has asked for no job of theirs


def recompute_complaints(deps: Deps, job: Job) -> None:
    """And so do its open complaints."""
    complaints.recompute(deps, job.tenant)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


def republish(deps: Deps) -> int:
    """Tells the state of everything that others keep a copy of; how many events."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        tell_clock(deps, tx)
        every, sops = offices.every(tx), offices.every_sop(tx)
        for row in every:
            tell_office(deps, tx, row["data"])
        retired = store_of_sops.retirements(tx)
        for row in sops:
            of_service = retired.get((row["kelurahan"], row["data"]["service"]))
            counts = of_service is not None and row["data"]["version"] <= of_service["up_to"]
            tell_sop(
                deps, tx, row["kelurahan"], row["data"], of_service["from_date"] if of_service and counts else None
            )

    def tell_cases(tx: Tx, after: UUID | None) -> list[UUID]:
        cases = store.batch(tx, deps.data_keys, after, BATCH)
        current = files.current_for(tx, [app.id for app in cases])
        for app in cases:
            tell_application(deps, tx, app, "application.changed", current.get(app.id, []))
        return [app.id for app in cases]

    return 1 + len(every) + len(sops) + each_batch(deps.db, tell_cases) + complaints.republish(deps)
