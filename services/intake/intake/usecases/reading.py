"""Cases as their readers see them: the office's time, what may be done now, what is missing, whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.consent import CONSENT_PAPER, CONSENT_PAPER_NAME
from intake.deps import Deps
from intake.domain import applications as rules
from intake.domain import consent, people, provenance, wedding
from intake.domain.case import Actor, Application
from intake.domain.erasure import CaseErased
from intake.domain.errors import NotYours
from intake.domain.identity import IdentityError, normalise_tracking_code
from intake.known import Office
from intake.store import applications as store
from intake.store import copies, erasures, files, timeline
from intake.usecases.offices import office, sop
from intake.usecases.procedure import missing_of, requirements_of, unseen_originals
from kit.auth import Caller
from kit.db import Row, Tx
from kit.problems import NotFound, Words

STEPS = ("receive", "verify", "produce")
STAFF = ("officer", "lurah")


class CodeUnknown(NotFound):
    """No case has this tracking code."""

    slug = "tracking-code-unknown"
    title = Words("Kode lacak tidak dikenal", "Unknown tracking code")
    detail = Words("Periksa kode, contoh PGT-7K3M9-XW2RB.", "Check the code; it looks like PGT-7K3M9-XW2RB.")


def find(deps: Deps, tx: Tx, caller: Caller, application_id: UUID) -> tuple[Application, Actor]:
    """The case, for its owner and the office. Raises NotYours, CaseErased."""
    return _his(tx, store.get(tx, deps.data_keys, application_id), caller, application_id)


def find_for_change(deps: Deps, tx: Tx, caller: Caller, application_id: UUID) -> tuple[Application, Actor]:
    """The same, locked. Raises NotYours, CaseErased."""
    return _his(tx, store.lock(tx, deps.data_keys, application_id), caller, application_id)


def _his(tx: Tx, app: Application | None, caller: Caller, application_id: UUID) -> tuple[Application, Actor]:
    if app is None:
        _check_erased(tx, caller, application_id)
    if app is None or not (caller.has(*STAFF) or app.held_by(caller.subject)):
        raise NotYours(application_id)
    return app, Actor.towards(caller.subject, caller.roles, app)


def _check_erased(tx: Tx, caller: Caller, application_id: UUID) -> None:
    """Whose case it was is told that it is gone. Raises CaseErased."""
    line = erasures.line(tx, application_id)
    if line is not None and line.erased_at and (caller.has(*STAFF) or line.is_of(caller.subject)):
        raise CaseErased


def view(deps: Deps, tx: Tx, app: Application, actor: Actor, *, fresh: bool = False) -> dict[str, Any]:
    """Everything about a case. `fresh`: it was opened a moment ago, so that there are no files and letters yet."""
    found = office(deps, tx, app.kelurahan, app.office_version)
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    current: Sequence[Row] = [] if fresh else files.current(tx, app.id)
    letters = [] if fresh else copies.letters(tx, app.id, app.introduction_id)
    present = {row["requirement"]: row["id"] for row in current}
    missing = missing_of(app, service, current)
    return _plain(app, found) | {
        "service_name": service["name"],
        "next_step": service["next_step"],
        "applicant": app.person["applicant"],
        "contact": app.person.get("contact"),
        "helper": app.person.get("helper"),
        "details": _details_for(app, actor),
        "provenance": _provenance(app, actor, found),
        "consent": _consent(app, present, found),
        "requirements": [*requirements_of(app, service, current), *_paper(app, present)],
        "missing": missing,
        "missing_fields": rules.missing_fields(service, app.reason, app.facts),
        "warnings": _warnings(app, service, found, found.today(deps.clock.now())),
        "waiting_for": _turn(app, missing),
        "actions": _actions(app, actor, missing, current),
        "introduction": _introduction(app, letters),
        "verification": {"status": app.verification, "note": _note_for(app, actor)},
        "files": [_file(row, found) for row in current],
        "letters": [row for row in letters if row["introduction_id"] is None],
        "links": _links(app) | _of_helper(app, actor),
    }


def _warnings(app: Application, service: dict[str, Any], found: Office, today: date) -> list[str]:
    """What looks odd; of a wedding as long as the office can do something about it."""
    odd = people.warnings(app.person["applicant"], today, app.kelurahan)
    open_still = app.status not in ("issued", *rules.ENDED)
    return odd + (wedding.warnings(service, app.facts, found.calendar, today) if open_still else [])


def entries(
    deps: Deps, tx: Tx, apps: Sequence[Application], caller: Caller, found: Office, now: datetime
) -> list[dict[str, Any]]:
    """Cases as lines of a list, each with what this caller may do now."""
    current = files.current_for(tx, [app.id for app in apps])
    return [_entry(deps, tx, app, current.get(app.id, []), caller, found, now) for app in apps]


def _entry(
    deps: Deps, tx: Tx, app: Application, current: Sequence[Row], caller: Caller, found: Office, now: datetime
) -> dict[str, Any]:
    late = app.promised_at is not None and app.promised_at < now and app.status in rules.IN_OFFICE
    shown = _plain(app, found)
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    missing = missing_of(app, service, current)
    actor = Actor.towards(caller.subject, caller.roles, app)
    return {name: shown[name] for name in _LISTED} | {
        "verification_note": _note_for(app, actor),
        "service_name": service["name"],
        "name": app.person["applicant"]["name"],
        "late": late,
        "step": rules.STEPS.get(app.status),
        "waiting_for": _turn(app, ()),
        "actions": _actions(app, actor, missing, current),
    }


_LISTED = (
    "id", "tracking_code", "service", "reason", "status", "channel", "rt", "rw", "opened_at", "submitted_at",
    "promised_at", "agenda_number", "version",
)  # fmt: skip


def _plain(app: Application, found: Office) -> dict[str, Any]:
    def local(at: datetime | None) -> datetime | None:
        return at.astimezone(found.zone) if at else None

    named = zip(STEPS, (app.deadlines[:1] + app.deadlines[1:2] + app.deadlines[-1:]), strict=False)
    return {
        "id": app.id,
        "tracking_code": app.tracking_code,
        "kelurahan": app.kelurahan,
        "service": app.service,
        "sop_version": app.sop_version,
        "reason": app.reason,
        "status": app.status,
        "channel": app.channel,
        "rt": app.rt,
        "rw": app.rw,
        "opened_at": local(app.opened_at),
        "changed_at": local(app.changed_at),
        "submitted_at": local(app.submitted_at),
        "promised_at": local(app.promised_at),
        "deadlines": {step: datetime.fromisoformat(at) if at else None for step, at in named},
        "agenda_number": app.agenda_number,
        "returned_items": app.returned_items,
        "decision_reason": app.decision_reason,
        "sent_back_reason": app.sent_back_reason,
        "version": app.version,
    }


def _actions(app: Application, actor: Actor, missing: Sequence[str], current: Sequence[Row]) -> list[str]:
    return rules.actions_for(
        app.status,
        actor.roles,
        introduction=app.introduction,
        verification=app.verification,
        complete=not missing,
        originals=bool(unseen_originals(app, current)),
        helped=consent.helper_of(app.person) is not None,
        agreed=app.consent != consent.NONE,
    )


def _consent(app: Application, present: Mapping[str, Any], found: Office) -> dict[str, Any] | None:
    """How the person agreed to being helped; nothing where nobody ever helped."""
    if not app.person.get("helper"):
        return None
    return {
        "status": consent.standing(app.consent, app.person, present),
        "at": app.consent_at.astimezone(found.zone) if app.consent_at else None,
        "messages_to": (app.person.get("consent") or {}).get("messages_to"),
        "to_do": consent.TO_DO._asdict() if consent.missing(app.consent, app.person, present) else None,
    }


def _paper(app: Application, present: Mapping[str, Any]) -> list[rules.RequirementState]:
    """The signed consent among the requirements of a helper's case."""
    if consent.helper_of(app.person) is None:
        return []
    file_id = present.get(CONSENT_PAPER)
    lacking = consent.missing(app.consent, app.person, present)
    state = "present" if file_id else "missing" if lacking else "not_needed"
    return [rules.RequirementState(CONSENT_PAPER, CONSENT_PAPER_NAME, state, file_id)]


def _turn(app: Application, missing: Sequence[str]) -> str | None:
    return rules.waiting_for(
        app.status,
        introduction=app.introduction,
        verification=app.verification,
        sent_back=app.sent_back_reason is not None,
        missing=missing,
        unanswered=app.introduction_note == rules.NO_ANSWER,
    )


def _introduction(app: Application, letters: Sequence[Row]) -> dict[str, Any]:
    own = [row for row in letters if row["introduction_id"] == app.introduction_id and app.introduction_id]
    letter = own[-1] if own else None
    return {
        "id": app.introduction_id,
        "status": app.introduction,
        "note": app.introduction_note,
        "number": letter["number"] if letter else None,
        "letter_id": letter["letter_id"] if letter else None,
        "check_url": letter["check_url"] if letter else None,
    }


def _file(row: Row, found: Office) -> dict[str, Any]:
    return {
        "file_id": row["id"],
        "requirement": row["requirement"],
        "type": row["type"],
        "size": row["size"],
        "sha256": row["sha256"],
        "status": row["state"],
        "original_seen": row["original_seen"],
        "uploaded_at": row["uploaded_at"].astimezone(found.zone),
    }


def _links(app: Application) -> dict[str, str]:
    own = f"/v1/applications/{app.id}"
    return {
        "self": own,
        "timeline": f"{own}/timeline",
        "files": f"{own}/files",
        "suggestions": f"{own}/suggestions",
        "letters": f"/v1/letters?application_id={app.id}",
        "handovers": f"/v1/handovers?application_id={app.id}",
        "track": f"/v1/track/{app.tracking_code}",
    }


def _details_for(app: Application, actor: Actor) -> dict[str, Any]:
    """What neighbours said is for the office until a letter prints it."""
    details: dict[str, Any] = app.person.get("details", {})
    if not actor.roles.isdisjoint(STAFF) or app.status in ("issued", "completed"):
        return details
    return {code: value for code, value in details.items() if code != rules.NEIGHBOURS}


def _note_for(app: Application, actor: Actor) -> str | None:
    """What neighbours said is for the office alone: they live beside the applicant."""
    staff = not actor.roles.isdisjoint(STAFF)
    return rules.BY_NEIGHBOURS if app.verification_note in rules.OF_NEIGHBOURS and not staff else app.verification_note


def _provenance(app: Application, actor: Actor, found: Office) -> dict[str, Any] | None:
    """Who gave each value, for the office's eyes."""
    if actor.staff is None:
        return None
    known = provenance.by_field(app.person.get("provenance") or [])
    return {code: one | {"at": one["at"].astimezone(found.zone)} for code, one in known.items()}


def _of_helper(app: Application, actor: Actor) -> dict[str, str]:
    """Where the office sees what else this helper opened."""
    return {"helper": f"/v1/applications?helper={app.helper_id}"} if actor.staff and app.helper_id else {}


def look_up(deps: Deps, tx: Tx, by: dict[str, str], limit: int) -> list[Application]:
    """The office's cases that somebody names by a code, a number, or himself."""
    wanted: dict[str, Any] = {}
    if code := by.get("tracking_code"):
        try:
            wanted["tracking_code"] = normalise_tracking_code(code)
        except IdentityError as error:
            raise CodeUnknown from error
    if number := by.get("agenda_number"):
        wanted["agenda_number"] = rules.agenda_number(*(int(part) for part in number.split("/")))
    for name in ("nik", "phone"):
        if value := by.get(name):
            wanted[f"{name}_index"] = deps.data_keys.blind_indexes(value, name)
    return store.look_up(tx, deps.data_keys, wanted, limit)


def lines(deps: Deps, tx: Tx, app: Application, actor: Actor | None = None) -> list[dict[str, Any]]:
    """The timeline, in office time. Others than the office do not learn when a neighbour answered: it would tell who
    it was that objected."""
    zone = office(deps, tx, app.kelurahan, app.office_version).zone
    rows = timeline.of_case(tx, app.id)
    if actor is None or actor.roles.isdisjoint(STAFF):
        rows = [row for row in rows if row["event"] != "witness_answered"]
    return [row | {"at": row["at"].astimezone(zone), "by": row["by_role"]} for row in rows]


def track(deps: Deps, tx: Tx, code: str) -> dict[str, Any]:
    """What anybody with the tracking code may see: how the case stands, and nobody's name. Raises CodeUnknown.
    The office is not known beforehand, so the transaction is one that sees every office."""
    try:
        app = store.by_code(tx, deps.data_keys, normalise_tracking_code(code))
    except IdentityError as error:
        raise CodeUnknown from error
    if app is None:
        raise CodeUnknown
    found = office(deps, tx, app.kelurahan, app.office_version)
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    shown = _plain(app, found)
    kept = ("tracking_code", "service", "status", "opened_at", "submitted_at", "promised_at", "agenda_number")
    return {name: shown[name] for name in kept} | {
        "service_name": service["name"],
        "office": found.data["name"],
        "waiting_for": _turn(app, ()),
        "next_step": service["next_step"],
        "returned_items": [{"requirement": item["requirement"]} for item in app.returned_items],
        "timeline": lines(deps, tx, app),
    }
