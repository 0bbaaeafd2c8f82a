"""intake, put together: what it serves, what it consumes, what it does by itself."""

from __future__ import annotations

from contracts import subscriptions
from contracts.erasing import ERASE_JOB, SWEEP_JOB, SWEEPING
from contracts.pages import MENU
from contracts.telling import read
from intake import erasures, explain_clock, first_administrator, jobs, pages, refigure, sandbox, withdraw
from intake.api import (
    accesses,
    applications,
    auth,
    catalogue,
    complaints,
    complaints_desk,
    consent,
    consents,
    conversations,
    corrections,
    erasure,
    exports,
    files,
    helpers,
    masterdata,
    offices,
    procedure,
    provider,
    record,
    reports,
    sops,
    staff,
    surveys,
    track,
)
from intake.consumers import HANDLERS
from intake.deps import Deps, build
from intake.holdings import HOLDINGS
from intake.settings import Settings
from intake.usecases import accesses as access_list
from intake.usecases import erasing, escalation, figures, openings, records, refiguring, requests, sessions, upkeep
from intake.usecases.complaining import timers as complaining
from intake.usecases.offices import RECOMPUTE, RECOMPUTE_COMPLAINTS
from intake.usecases.talking import bursts, complaint_photos, photos, refusing, sending
from kit.jobs import JobKind
from kit.objects import StoreUnavailable
from kit.service import Service, Timer


def store_answers(deps: Deps) -> bool:
    """Whether the object store answers and has the bucket."""
    try:
        deps.objects.check(deps.settings.s3_bucket)
    except StoreUnavailable:
        return False
    return True


BLUEPRINTS = [
    applications.blp,
    accesses.blp,
    consent.blp,
    consents.blp,
    complaints.blp,
    complaints_desk.blp,
    conversations.blp,
    corrections.blp,
    erasure.blp,
    exports.blp,
    record.blp,
    helpers.blp,
    procedure.blp,
    files.blp,
    offices.blp,
    masterdata.blp,
    sops.blp,
    reports.blp,
    catalogue.blp,
    track.blp,
    auth.blp,
    provider.blp,
    staff.blp,
    surveys.blp,
]

SERVICE = Service(
    name="intake",
    title="Pengantar: intake",
    description="Offices, catalogue, applications and files: where a case begins and is kept.",
    settings=Settings,
    build=build,
    blueprints=BLUEPRINTS,
    pages=pages.BLUEPRINTS,
    menu=MENU,
    handlers=HANDLERS,
    read_event=read,
    subscriptions=subscriptions(),
    holdings=HOLDINGS,
    jobs=jobs.JOBS
    | {
        refiguring.REFIGURE: JobKind(refiguring.work, lease=600),
        RECOMPUTE: JobKind(upkeep.recompute_promises, lease=600),
        RECOMPUTE_COMPLAINTS: JobKind(upkeep.recompute_complaints, lease=600),
        ERASE_JOB: erasing.ERASING,
        erasing.ERASE_COMPLAINT: erasing.ERASING,
        SWEEP_JOB: SWEEPING,
        records.RECORD_JOB: records.MAKING,
        bursts.PHOTOS_JOB: photos.SORTING,
        complaint_photos.PHOTO_JOB: complaint_photos.TAKING,
        refusing.REFUSED_JOB: refusing.TELLING,
        sending.SEND_JOB: sending.SENDING,
    },
    timers={
        "expire": Timer(60, upkeep.expire_idle),
        "idle": Timer(300, upkeep.tell_idle),
        "deadlines": Timer(30, escalation.tell_due),
        "complaints": Timer(30, complaining.do_all),
        "openings": Timer(60, openings.tell_openings),
        "figures": Timer(30, figures.roll_up),
        "erase": Timer(300, erasing.erase_over),
        "prune-records": Timer(300, records.prune),
        "requests": Timer(300, requests.watch),
        "sessions": Timer(3600, sessions.prune),
        "quarantine": Timer(15, jobs.measure_quarantine),
    },
    checks={"object_store": store_answers},
    after_migrate=upkeep.prepare,
    republish=upkeep.republish,
    commands={
        "erasures": erasures.list_main,
        "explain-clock": explain_clock.main,
        "invite-administrator": first_administrator.main,
        "refigure": refigure.main,
        "replay-erasures": erasures.replay_main,
        "sandbox": sandbox.main,
        "withdraw-file": withdraw.file_main,
        "withdraw-link": withdraw.link_main,
    },
    audited=access_list.audited,
    whose=access_list.whose,
)
