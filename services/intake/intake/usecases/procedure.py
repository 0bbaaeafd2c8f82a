"""Moving a case: each transition writes the case, one line of its timeline and exactly one event, together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from contracts.consent import CONSENT_PAPER
from intake.deps import Deps
from intake.domain import applications as rules
from intake.domain import consent, people
from intake.domain.case import Actor, Application
from intake.domain.deadlines import compute_deadlines
from intake.domain.errors import ClosedToVisitors, OriginalNotWanted, OriginalsUnseen, RequirementUnknown
from intake.store import applications as store
from intake.store import files, timeline
from intake.usecases import surveys
from intake.usecases.escalation import watch
from intake.usecases.figures import note_move
from intake.usecases.offices import office, sop
from intake.usecases.telling import request_introduction as tell_request
from intake.usecases.telling import tell_application
from kit.db import Row, Tx
from kit.ids import new_id
from kit.problems import Words

BRING_ORIGINAL = Words("Tunjukkan dokumen aslinya di kantor kelurahan", "Show the original at the office")


def move(
    deps: Deps,
    tx: Tx,
    app: Application,
    action: str,
    actor: Actor,
    *,
    note: str | None = None,
    at: datetime | None = None,
    current: Sequence[Row] | None = None,
) -> None:
    """Makes the transition. `at` is when it happened elsewhere, `current` the case's files if they are known.
    Raises NotAllowedNow, and then nothing has changed."""
    step = rules.transition(action, app.status, actor.roles)
    moment = max(at, app.changed_at) if at else _now(deps, app)
    note_move(deps, tx, app, step.target, moment)
    app.status, app.changed_at = step.target, moment
    watch(deps, tx, app, app.changed_at)
    store.save(tx, app, actor, step.event.removeprefix("application."), note)
    tell_application(deps, tx, app, step.event, current)
    if step.target == "completed":
        surveys.invite(deps, tx, app)


def _now(deps: Deps, app: Application) -> datetime:
    """Never before what happened to it last, which another service may have timed: its timeline goes forward."""
    return max(deps.clock.now(), app.changed_at)


def submit(deps: Deps, tx: Tx, app: Application, actor: Actor) -> None:
    """The clock begins; the applicant gets the promised date. Raises Incomplete, FilesBeingChecked."""
    rules.transition("submit", app.status, actor.roles)
    current = _complete(deps, tx, app)
    app.submitted_at = _now(deps, app)
    set_deadlines(deps, tx, app)
    move(deps, tx, app, "submit", actor, at=app.submitted_at, current=current)


def resubmit(deps: Deps, tx: Tx, app: Application, actor: Actor) -> None:
    """The mended case is in the office again and keeps its agenda number. Raises Incomplete, FilesBeingChecked."""
    rules.transition("resubmit", app.status, actor.roles)
    current = _complete(deps, tx, app)
    if unseen := unseen_originals(app, current):
        raise OriginalsUnseen(unseen)
    now = _now(deps, app)
    app.pauses = [*app.pauses[:-1], [app.pauses[-1][0], now.isoformat()]]
    app.returned_items = []
    set_deadlines(deps, tx, app)
    move(deps, tx, app, "resubmit", actor, at=now, current=current)


def receive(deps: Deps, tx: Tx, app: Application, actor: Actor) -> None:
    """All is there: the case gets its agenda number, and the RT head is asked."""
    rules.transition("receive", app.status, actor.roles)
    if app.agenda_number is None:
        year = office(deps, tx, app.kelurahan, app.office_version).today(deps.clock.now()).year
        app.agenda_number = rules.agenda_number(store.next_agenda(tx, app.kelurahan, year), year)
    app.verification, app.verification_note = "asked", None
    app.received_at = deps.clock.now()
    move(deps, tx, app, "receive", actor, note=app.agenda_number)


def give_back(deps: Deps, tx: Tx, app: Application, actor: Actor, items: list[dict[str, Any]]) -> None:
    """Returned, saying what is wrong with which item; the clock rests. Raises RequirementUnknown."""
    rules.transition("return", app.status, actor.roles)
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    known = {item["code"] for item in (*service["requirements"], *service["fields"])}
    known |= {CONSENT_PAPER} if consent.helper_of(app.person) else set()
    if any(item["requirement"] not in known for item in items):
        raise RequirementUnknown
    originals = {item["requirement"] for item in items if item.get("original")}
    if originals - {item["code"] for item in service["requirements"]} - {CONSENT_PAPER}:
        raise RequirementUnknown
    if originals and not receives_visitors(deps, tx, app):
        raise ClosedToVisitors
    app.returned_items = items
    now = _now(deps, app)
    app.pauses = [*app.pauses, [now.isoformat(), None]]
    app.verification, app.verification_note = "none", None
    set_deadlines(deps, tx, app)
    move(deps, tx, app, "return", actor, note=", ".join(item["requirement"] for item in items), at=now)


def ask_originals(deps: Deps, tx: Tx, app: Application, actor: Actor, codes: Sequence[str], at: datetime) -> None:
    """The RT head wants to see originals: the case is returned for them alone."""
    rules.transition("ask-original", app.status, actor.roles)
    app.returned_items = [
        {"requirement": code, "problem": BRING_ORIGINAL.id, "note": None, "original": True} for code in codes
    ]
    app.changed_at = max(at, app.changed_at)
    app.pauses = [*app.pauses, [app.changed_at.isoformat(), None]]
    app.verification, app.verification_note = "none", None
    set_deadlines(deps, tx, app)
    move(deps, tx, app, "ask-original", actor, note=", ".join(codes), at=at)


def show_originals(
    deps: Deps, tx: Tx, app: Application, actor: Actor, codes: Sequence[str], at: datetime | None = None
) -> None:
    """Originals were seen: they count as genuine. When nothing else is open, the case goes straight back to where
    the RT head's verdict is weighed. Raises NotAllowedNow, OriginalNotWanted."""
    rules.transition("show-original", app.status, actor.roles)
    if not set(codes) <= set(rules.wanted_originals(app.returned_items)):
        raise OriginalNotWanted
    files.set_original_seen(tx, app.id, codes)
    app.returned_items = [item for item in app.returned_items if item["requirement"] not in codes]
    app.changed_at = max(at, app.changed_at) if at else deps.clock.now()
    note = ", ".join(codes)
    if app.returned_items:
        store.save(tx, app, actor, "original_seen", note)
        tell_application(deps, tx, app, "application.changed")
        return
    timeline.add(tx, app, app.changed_at, "original_seen", actor, note)
    app.pauses = [*app.pauses[:-1], [app.pauses[-1][0], app.changed_at.isoformat()]]
    app.verification, app.received_at = "asked", app.changed_at
    set_deadlines(deps, tx, app)
    move(deps, tx, app, "show-original", actor, at=app.changed_at)


def reject(deps: Deps, tx: Tx, app: Application, actor: Actor, reason: str) -> None:
    """An officer ends the case, and says why."""
    app.decision_reason = reason
    move(deps, tx, app, "reject", actor)


def withdraw(deps: Deps, tx: Tx, app: Application, actor: Actor, reason: str | None) -> None:
    """The applicant does not want it any more."""
    app.decision_reason = reason
    move(deps, tx, app, "withdraw", actor)


def expire(deps: Deps, tx: Tx, app: Application) -> None:
    """Nobody took it up again; it is stamped with the time at which that was so."""
    move(deps, tx, app, "expire", Actor.service(rules.SYSTEM, "system"), at=app.changed_at + rules.IDLE)


def override_attestation(deps: Deps, tx: Tx, app: Application, actor: Actor, reason: str) -> None:
    """An officer has weighed what the RT head doubted, and passes the case."""
    rules.transition("override-attestation", app.status, actor.roles)
    if app.verification != "failed":
        raise rules.NotAllowedNow("override-attestation", app.status)
    app.verification, app.verification_note = "overridden", reason
    move(deps, tx, app, "override-attestation", actor, note="overridden")


def request_introduction(deps: Deps, tx: Tx, app: Application, actor: Actor, purpose: str) -> None:
    """Asks the RT head to introduce the applicant."""
    rules.check_change("request-introduction", app.status, actor.roles)
    if app.introduction in ("requested", "granted", "waived"):
        raise rules.NotAllowedNow("request-introduction", app.status)
    app.introduction, app.introduction_id, app.introduction_note = "requested", new_id(), None
    app.changed_at = app.introduction_requested_at = deps.clock.now()
    store.save(tx, app, actor, "introduction_requested")
    tell_request(deps, tx, app, purpose)


def waive_introduction(deps: Deps, tx: Tx, app: Application, actor: Actor, reason: str) -> None:
    """It is this office's rule, not national law: an officer may do without, and says why."""
    rules.check_change("waive-introduction", app.status, actor.roles)
    if app.introduction in ("granted", "waived"):
        raise rules.NotAllowedNow("waive-introduction", app.status)
    app.introduction, app.introduction_note = "waived", reason
    app.changed_at = deps.clock.now()
    store.save(tx, app, actor, "introduction_waived")
    tell_application(deps, tx, app, "application.changed")


def waive_requirement(deps: Deps, tx: Tx, app: Application, actor: Actor, code: str, reason: str) -> None:
    """An officer does without something that the SOP asks for, and says why. Raises NotAllowedNow,
    RequirementUnknown."""
    rules.check_change("waive-requirement", app.status, actor.roles)
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    item = next((item for item in service["requirements"] if item["code"] == code), None)
    if item is None:
        raise RequirementUnknown
    if item["kind"] == "introduction":
        waive_introduction(deps, tx, app, actor, reason)
        return
    if app.waived.get(code) == reason:
        return
    app.waived = app.waived | {code: reason}
    app.returned_items = [one for one in app.returned_items if one["requirement"] != code]
    app.changed_at = deps.clock.now()
    store.save(tx, app, actor, "requirement_waived", code)
    tell_application(deps, tx, app, "application.changed")


def requirements_of(app: Application, service: dict[str, Any], current: Sequence[Row]) -> list[rules.RequirementState]:
    """How each requirement of the case's SOP stands."""
    present = {row["requirement"]: row["id"] for row in current}
    return rules.requirement_states(
        service, app.reason, app.facts, present, app.introduction, app.introduction_note, app.waived
    )


def missing_of(app: Application, service: dict[str, Any], current: Sequence[Row]) -> list[str]:
    """What keeps the case from being submitted: documents, and what has to be known of the applicant."""
    missing = [state.code for state in requirements_of(app, service, current) if state.state == "missing"]
    missing += people.missing(app.person["applicant"])
    missing += consent.missing(app.consent, app.person, {row["requirement"]: row["id"] for row in current})
    return missing + (["reason"] if service["reasons"] and app.reason is None else [])


def unseen_originals(app: Application, current: Sequence[Row]) -> list[str]:
    """Items whose original is wanted, and of which no other photo was sent since: a new one is judged anew."""
    if not app.pauses:
        return []
    returned_at = datetime.fromisoformat(app.pauses[-1][0] or "")
    sent_since = {row["requirement"] for row in current if row["uploaded_at"] > returned_at}
    return [code for code in rules.wanted_originals(app.returned_items) if code not in sent_since]


def _complete(deps: Deps, tx: Tx, app: Application) -> Sequence[Row]:
    """The case's files, when with them all is there. Raises Incomplete, FilesBeingChecked."""
    current = files.current(tx, app.id)
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    if missing := missing_of(app, service, current):
        raise rules.Incomplete(missing)
    if any(row["state"] == "checking" for row in current):
        raise rules.FilesBeingChecked(headers={"Retry-After": "1"})
    return current


def receives_visitors(deps: Deps, tx: Tx, app: Application) -> bool:
    """Whether people may come to the office today: else nobody is asked to bring anything."""
    found = office(deps, tx, app.kelurahan, app.office_version)
    return found.calendar.receives_visitors(found.today(deps.clock.now()))


def set_deadlines(deps: Deps, tx: Tx, app: Application) -> None:
    """One deadline a step by the office's calendar; while a case is returned the later ones are not known."""
    assert app.submitted_at is not None
    calendar = office(deps, tx, app.kelurahan, app.office_version).calendar
    days = sop(deps, tx, app.kelurahan, app.service, app.sop_version)["days"]
    found = compute_deadlines(calendar, app.submitted_at, app.rests, steps=days)
    app.deadlines = [moment.isoformat() if moment else None for moment in found.deadlines]
    app.promised_at = found.promised_at
