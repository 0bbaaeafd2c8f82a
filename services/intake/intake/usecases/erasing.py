"""A case is erased: asked for by its person, an officer on his behalf, or because its time is over. The ledger in
intake says so; every service, intake too, erases its part by a job; when all have, the proof is complete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from contracts import SERVICES, erasing
from contracts.erasing import Counts, ErasedCase, count
from contracts.retention import DAYS, STAYS, kept_for
from contracts.telling import tell
from intake.deps import Deps
from intake.domain.applications import ENDED, OFFICER, RESIDENT
from intake.domain.case import Actor, Application
from intake.domain.erasure import (
    GOES,
    KEPT,
    OF_INTRODUCTIONS,
    OUTCOMES,
    TOLD_AT_LEAST,
    TOLD_BEFORE,
    WITHIN,
    Line,
    OnlyHimself,
    StillOpen,
    outcome_of,
)
from intake.domain.errors import NotYours
from intake.store import applications, conversations, erasures, offices, timeline
from intake.store import erasing as store
from intake.usecases.complaining import erasing as complaints
from intake.usecases.offices import office, sop
from intake.usecases.telling import request_message
from kit.answers import forget_answers
from kit.auth import Caller
from kit.db import EVERY_TENANT, Row, Tx
from kit.due import each_by_itself

BATCH = 100
ERASE_COMPLAINT = "erase_complaint"
"""A job of its own: the release before, which still runs beside this one, would find no such case and say that it is
done."""
STAFF = ("officer", "lurah")
_PLACES = ("original", "view", "record")
"""Under these names a case's objects lie."""

_SYSTEM = Actor(frozenset(), "system")

log = structlog.get_logger()


def request(deps: Deps, tx: Tx, who: Caller, application_id: UUID) -> dict[str, Any]:
    """The person wants his data to go, or an officer says so for him. Asked again nothing more is done.
    Raises NotYours, OnlyHimself, StillOpen."""
    line = _line(tx, who, application_id)
    if line.erased_at is None and erasures.get(tx, application_id) is None:
        _check_and_begin(deps, tx, who, application_id)
    return status(deps, tx, line)


def _check_and_begin(deps: Deps, tx: Tx, who: Caller, application_id: UUID) -> None:
    known = applications.get(tx, deps.data_keys, application_id)
    if known is None:
        return  # erased meanwhile
    erasing.hold(tx, application_id, known.introduction_id)  # before the row is locked, as whoever handles news does
    app = applications.lock(tx, deps.data_keys, application_id)
    if app is None:
        return
    if not Actor.towards(who.subject, who.roles, app).roles & {RESIDENT, OFFICER}:
        raise OnlyHimself
    if app.status not in ENDED:
        raise StillOpen
    for login in {app.owner, app.resident, app.helper} - {None}:
        forget_answers(tx, str(login), f"/v1/applications/{app.id}")
    begin(deps, tx, ErasedCase(app.id, app.introduction_id, app.kelurahan, "person"), deps.clock.now())


def begin(deps: Deps, tx: Tx, case: ErasedCase, at: datetime) -> None:
    """A line of the ledger, our own part as a job, and the event for the others."""
    ids = {"application_id": case.application_id, "introduction_id": case.introduction_id}
    asked = ids | {"kelurahan": case.kelurahan, "why": case.why, "requested_at": at}
    erasures.put(tx, asked | {"due_at": at + WITHIN})
    erasing.begin(tx, case, ERASE_COMPLAINT if complaints.is_one(tx, case.application_id) else erasing.ERASE_JOB)
    tell(
        tx, deps.event_keys, "erasure.requested", subject=f"erasure:{case.application_id}", tenant=case.kelurahan,
        time=deps.clock.now(), data=asked | {"stays": list(STAYS)},
    )  # fmt: skip


def part_done(tx: Tx, application_id: UUID, service: str, counts: Counts, at: datetime) -> None:
    """What one service has erased."""
    if not erasures.part_done(tx, application_id, service, counts, at, len(SERVICES)):
        log.warning("an erasure that nobody asked for was done", service=service, application=str(application_id))


def look(deps: Deps, tx: Tx, who: Caller, application_id: UUID) -> dict[str, Any]:
    """How it stands. Raises NotYours."""
    return status(deps, tx, _line(tx, who, application_id))


def _line(tx: Tx, who: Caller, application_id: UUID) -> Line:
    line = erasures.line(tx, application_id)
    if line is None or not (who.has(*STAFF) or who.subject in (line.owner, line.resident)):
        raise NotYours(application_id)
    if not (who.has(*STAFF) or line.is_of(who.subject)):
        raise OnlyHimself
    return line


def status(deps: Deps, tx: Tx, line: Line) -> dict[str, Any]:
    """What goes, what stays and why, by when, and who has done his part."""
    found = office(deps, tx, line.kelurahan)
    asked = erasures.get(tx, UUID(str(line.id)))

    def local(at: datetime | None) -> datetime | None:
        return at.astimezone(found.zone) if at else None

    outcome = outcome_of(line.status, line.submitted_at)
    until = line.ended_at + kept_for(found.data, outcome) if outcome and not asked else None
    said: Row = asked or {"why": None, "requested_at": None, "due_at": None, "done_at": None}
    return {
        "application_id": line.id,
        "state": "kept" if asked is None else "done" if asked["done_at"] else "requested",
        "why": said["why"],
        "kept_until": local(until),
        **{name: local(said[name]) for name in ("requested_at", "due_at", "done_at")},
        "goes": [{"what": what, "said": words._asdict()} for what, words in GOES.items()],
        "stays": [{"what": what, "said": words._asdict(), "why": why._asdict()} for what, (words, why) in KEPT.items()],
        "parts": [row | {"done_at": local(row["done_at"])} for row in erasures.parts(tx, UUID(str(line.id)))],
    }


# --- our own part -----------------------------------------------------------------------------------------------------


def erase_batch(deps: Deps, case: ErasedCase) -> Counts:
    """Some files; then what lies in the store besides; then what its people wrote, and the case itself."""
    bucket = deps.settings.s3_bucket
    with deps.db.transaction(case.kelurahan) as tx:
        rows = store.files(tx, case.application_id, BATCH)
    if rows:
        for key in [row[name] for row in rows for name in ("key", "view_key") if row[name]]:
            deps.objects.delete(bucket, key)
        with deps.db.transaction(case.kelurahan) as tx:
            return count(tx, case, {"file": store.forget_files(tx, [row["id"] for row in rows])})
    under = [f"{place}/{case.application_id}/" for place in _PLACES]
    left = sum(deps.objects.delete_under(bucket, one) for one in under)
    with deps.db.transaction(case.kelurahan) as tx:
        talks = conversations.lock_of_case(tx, deps.data_keys, case.application_id)  # before the case, as a turn does
        app = applications.lock(tx, deps.data_keys, case.application_id)
        if app is None:
            alone = case.application_id == case.introduction_id
            gone = store.forget_introduction(tx, case.application_id) if alone else {}
            if complaint := complaints.forget(deps, tx, case.application_id):
                erasing.look_again(tx, case, under)
            return count(tx, case, gone | complaint | {"object": left})
        for talk in talks:
            talk.talk.forget(str(app.id))
            conversations.keep_talk(tx, deps.data_keys, talk)
        written = _forget_written(deps, tx, app)
        today = office(deps, tx, app.kelurahan, app.office_version).today(deps.clock.now())
        gone = store.forget_case(tx, app.id, today, deps.clock.now())
        erasing.look_again(tx, case, under)
        return count(tx, case, gone | {"object": left, "incoming": written})


def _forget_written(deps: Deps, tx: Tx, app: Application) -> int:
    talked = store.forget_talked(tx, app.id)
    phones = {(app.person.get(part) or {}).get("phone") for part in ("contact", "consent")} - {None}
    return talked + sum(
        store.forget_written(tx, deps.data_keys, app.kelurahan, app.opened_at, phone, 500)
        for phone in phones
        if not store.has_other_case(tx, deps.data_keys, app.kelurahan, phone, app.id)
    )


def _ours(deps: Deps, tx: Tx, case: ErasedCase, counts: Counts) -> None:
    part_done(tx, case.application_id, "intake", counts, deps.clock.now())


ERASING = erasing.job("intake", erase_batch, _ours)


# --- what goes by itself ----------------------------------------------------------------------------------------------


def erase_over(deps: Deps) -> int:
    """Asks for the erasure of every case whose time is over, as each office says, once its person was told; how many.
    So go introductions that became no case. What people wrote and belongs to none goes by its age."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        every = offices.every(tx)
    total = 0
    for row in every:
        for outcome in OUTCOMES:
            _tell_outcome(deps, row["kelurahan"], row["data"], outcome)
            total += _erase_outcome(deps, row["kelurahan"], row["data"], outcome)
        for said in OF_INTRODUCTIONS:
            total += _erase_alone(deps, row["kelurahan"], row["data"], said)
        total += _erase_complaints(deps, row["kelurahan"], row["data"])
        _erase_old(deps, row["kelurahan"], row["data"])
    return total


def _tell_outcome(deps: Deps, kelurahan: str, data: dict[str, Any], outcome: str) -> None:
    """Whose time is nearly over is told so, once."""
    before = deps.clock.now() - kept_for(data, outcome) + TOLD_BEFORE

    def find(tx: Tx) -> list[Row]:
        return erasures.untold(tx, kelurahan, OUTCOMES[outcome], before, BATCH)

    _each(deps, kelurahan, find, lambda row: _tell_one(deps, kelurahan, data, outcome, row))


def _tell_one(deps: Deps, kelurahan: str, data: dict[str, Any], outcome: str, row: Row) -> int:
    with deps.db.transaction(kelurahan) as tx:
        app = applications.lock(tx, deps.data_keys, row["id"])
        if app is None or erasures.is_told(tx, app.id):
            return 0
        now, line = deps.clock.now(), erasures.line(tx, app.id)
        assert line is not None  # it is locked
        goes = max(line.ended_at + kept_for(data, outcome), now + TOLD_AT_LEAST)
        zone = office(deps, tx, kelurahan, app.office_version).zone
        service = sop(deps, tx, kelurahan, app.service, app.sop_version)
        values = {
            "tracking_code": app.tracking_code, "service_name": service["name"]["id"], "office_name": data["name"],
            "erased_on": f"{goes.astimezone(zone):%d-%m-%Y}",
        }  # fmt: skip
        message_id = request_message(deps, tx, app, "erased_soon", values, message_class="notice")
        timeline.add(tx, app, now, "erasure_told", _SYSTEM)
        erasures.told(tx, app.id, now, message_id)
    return 1


def _erase_outcome(deps: Deps, kelurahan: str, data: dict[str, Any], outcome: str) -> int:
    now = deps.clock.now()
    before, told = now - kept_for(data, outcome), (now - TOLD_AT_LEAST, now - TOLD_BEFORE)

    def find(tx: Tx) -> list[Row]:
        return erasures.over(tx, kelurahan, OUTCOMES[outcome], before, told, BATCH)

    return _each(deps, kelurahan, find, lambda row: _begin_one(deps, kelurahan, row))


def _erase_alone(deps: Deps, kelurahan: str, data: dict[str, Any], said: str | None) -> int:
    """An introduction that became no case stands in the ledger by its own id."""
    before = deps.clock.now() - kept_for(data, OF_INTRODUCTIONS[said])

    def find(tx: Tx) -> list[Row]:
        return [{"id": one} for one in erasures.alone(tx, kelurahan, said, before, BATCH)]

    return _each(deps, kelurahan, find, lambda row: _begin_alone(deps, kelurahan, row["id"]))


def _begin_alone(deps: Deps, kelurahan: str, introduction_id: UUID) -> int:
    with deps.db.transaction(kelurahan) as tx:
        erasing.hold(tx, introduction_id, None)
        if erasures.get(tx, introduction_id) is not None:
            return 0
        begin(deps, tx, ErasedCase(introduction_id, introduction_id, kelurahan, "retention"), deps.clock.now())
    return 1


def _erase_complaints(deps: Deps, kelurahan: str, data: dict[str, Any]) -> int:
    """A complaint stands in the ledger by its own id as well."""

    def act(row: Row) -> int:
        with deps.db.transaction(kelurahan) as tx:
            case = complaints.to_erase(deps, tx, kelurahan, row["id"])
            if case is None:
                return 0
            begin(deps, tx, case, deps.clock.now())
        return 1

    return _each(deps, kelurahan, lambda tx: complaints.over(deps, tx, kelurahan, data, BATCH), act)


def _each(deps: Deps, kelurahan: str, find: Callable[[Tx], list[Row]], act: Callable[[Row], int]) -> int:
    """Batch after batch, each by itself, until there is none that something could be done for; how many."""
    total, found = 0, BATCH
    while found == BATCH:
        with deps.db.transaction(kelurahan) as tx:
            rows = find(tx)
        done = 0
        for row in rows:
            with each_by_itself("a case was not erased", id=str(row["id"])):
                done += act(row)
        total, found = total + done, len(rows) if done else 0
    return total


def _begin_one(deps: Deps, kelurahan: str, row: Row) -> int:
    with deps.db.transaction(kelurahan) as tx:
        erasing.hold(tx, row["id"], row["introduction_id"])
        app = applications.lock(tx, deps.data_keys, row["id"])
        if app is None or erasures.get(tx, row["id"]) is not None:
            return 0
        begin(deps, tx, ErasedCase(app.id, app.introduction_id, kelurahan, "retention"), deps.clock.now())
    return 1


def _erase_old(deps: Deps, kelurahan: str, data: dict[str, Any]) -> None:
    before = deps.clock.now() - kept_for(data, "messages")
    for erase in store.OLD:
        gone = BATCH
        while gone == BATCH:
            with deps.db.transaction(kelurahan) as tx:
                gone = erase(tx, kelurahan, before, BATCH)


assert set(OUTCOMES) | {"messages", "complaint"} == set(DAYS)
