"""What other services decide, applied to the case: `domain.races` says what an event does to a case that has moved
on meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain import applications as rules
from intake.domain import provenance
from intake.domain.case import Actor, Application
from intake.domain.measuring import TOO_LATE
from intake.domain.races import Outcome, outcome_of
from intake.store import applications as store
from intake.store import copies, files, timeline
from intake.usecases.applications import open_from_introduction
from intake.usecases.consent import rt_head_said
from intake.usecases.figures import note_answer
from intake.usecases.offices import sop
from intake.usecases.procedure import ask_originals, move, receives_visitors, show_originals
from intake.usecases.talking.sending import introduced
from intake.usecases.telling import tell_application
from kit.db import Tx
from kit.errors import Permanent, Retryable
from kit.problems import Problem

_RT_HEAD = Actor.service(rules.VERIFICATION, "rt_head")
_WITNESS = Actor.service(rules.VERIFICATION, "witness")
_SYSTEM = Actor.service(rules.SYSTEM, "system")
_LURAH = Actor.service(rules.DOCUMENTS, "lurah")
_OFFICER = Actor.service(rules.DOCUMENTS, "officer")


class NoSuchCase(Permanent):
    """An event speaks of a case that was never here: ids of cases are ours, so it will not come either."""


def case(deps: Deps, tx: Tx, application_id: UUID) -> Application:
    """The case that an event speaks of, locked. Raises NoSuchCase."""
    app = store.lock(tx, deps.data_keys, application_id)
    if app is None:
        raise NoSuchCase("an event about a case that is not here")
    return app


def introduction_granted(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """The RT head introduces the applicant, or began himself: then a draft is opened."""
    if data["application_id"] is None:
        if data["service"] is not None:  # without one the letter is for something that is not ours
            _open(deps, tx, data)
        return
    app = case(deps, tx, data["application_id"])
    if _decide(deps, tx, app, "introduction.granted", _RT_HEAD) is Outcome.KEEP:
        app.introduction, app.introduction_note = "granted", None
        app.introduction_id = data["introduction_id"]
        note_answer(deps, tx, app, _not_before(app, data["granted_at"]))
        if data["owner_agrees"] is not None:
            rt_head_said(deps, tx, app, _RT_HEAD, data["owner_agrees"], data["granted_at"])
        _keep(deps, tx, app, _RT_HEAD, "introduction_granted", at=data["granted_at"])
        introduced(tx, app)


def _open(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    try:
        open_from_introduction(deps, tx, data)
    except Problem as error:
        raise Permanent(f"an introduction opens no case: {error.slug}") from error


def introduction_refused(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """He does not: the applicant may ask again, or bring a paper one."""
    app = case(deps, tx, data["application_id"])
    if _decide(deps, tx, app, "introduction.refused", _RT_HEAD) is not Outcome.KEEP:
        return
    if app.introduction_id == data["introduction_id"] and app.introduction == "requested":
        app.introduction, app.introduction_note = "refused", data["reason"]
        note_answer(deps, tx, app, _not_before(app, data["refused_at"]))
        _keep(deps, tx, app, _RT_HEAD, "introduction_refused", note=data["reason"], at=data["refused_at"])


def task_changed(deps: Deps, tx: Tx, data: dict[str, Any], sequence: int, told_at: datetime) -> None:
    """How a question to the RT head or a neighbour stands. An introduction that nobody answers is an officer's to see
    to, until somebody else can be asked."""
    news, before = copies.keep_task(tx, data, sequence)
    if not news:
        return
    if data["introduction_id"] is None:
        if data["outcome"] != before:
            _verifying(deps, tx, data, told_at)
        return
    app = store.lock(tx, deps.data_keys, data["application_id"]) if data["application_id"] else None
    if app is None or app.introduction != "requested" or app.introduction_id != data["introduction_id"]:
        return
    if data["unanswered"] == (app.introduction_note == rules.NO_ANSWER):
        return
    app.introduction_note = rules.NO_ANSWER if data["unanswered"] else None
    event = "introduction_unanswered" if data["unanswered"] else "introduction_asked_again"
    _keep(deps, tx, app, _SYSTEM, event, at=deps.clock.now())


def _verifying(deps: Deps, tx: Tx, data: dict[str, Any], told_at: datetime) -> None:
    """Neighbours are asked and say something: it is told without names, and the case may wait for nothing else."""
    app = store.lock(tx, deps.data_keys, data["application_id"]) if data["application_id"] else None
    if app is None:
        return
    if data["kind"] == "statement":
        said = data["outcome"] if data["outcome"] in (None, "absent") else "answered"  # what, only the office knows
        event = f"witness_{said or 'asked'}"
        actor = _RT_HEAD if said == "absent" else _WITNESS if said else _SYSTEM
        timeline.add(tx, app, _not_before(app, told_at), event, actor, data["position"])
    elif data["outcome"] == "judged" and app.status == "received" and (app.verification == "asked" or app.unanswered):
        app.verification, app.verification_note = "witnesses", None
        _keep(deps, tx, app, _RT_HEAD, "documents_genuine", at=data["closed_at"])


def verification_passed(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """The RT head calls every document genuine."""
    app = case(deps, tx, data["application_id"])
    if not _about_these_files(tx, app, data):
        timeline.add(tx, app, deps.clock.now(), "verification_passed", _RT_HEAD, "older_files")
    elif _decide(deps, tx, app, "verification.passed", _RT_HEAD) is Outcome.MOVE:
        app.verification, app.verification_note = "passed", None
        _take_statements(deps, tx, app, data)
        move(deps, tx, app, "verify", _RT_HEAD, at=data["decided_at"])


def verification_failed(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """He does not: the case lies before an officer, with the reason, and is not moved by it."""
    app = case(deps, tx, data["application_id"])
    if not _about_these_files(tx, app, data):
        timeline.add(tx, app, deps.clock.now(), "verification_failed", _RT_HEAD, "older_files")
    elif _decide(deps, tx, app, "verification.failed", _RT_HEAD) is Outcome.KEEP:
        if data["reason"] == "bring_original" and receives_visitors(deps, tx, app):
            ask_originals(deps, tx, app, _RT_HEAD, _originals(data), data["decided_at"])
            return
        app.verification, app.verification_note = "failed", data["reason"]
        _take_statements(deps, tx, app, data)
        said = rules.BY_NEIGHBOURS if data["reason"] in rules.OF_NEIGHBOURS else data["reason"]
        _keep(deps, tx, app, _RT_HEAD, "verification_failed", note=said, at=data["decided_at"])


def _take_statements(deps: Deps, tx: Tx, app: Application, data: dict[str, Any]) -> None:
    """What neighbours said becomes a field of the case, as its letter prints it."""
    said = (data.get("person") or {}).get("statements")
    details = app.person.get("details") or {}
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    if said is None or all(field["code"] != rules.NEIGHBOURS for field in service["fields"]):
        return
    if (details.get(rules.NEIGHBOURS) or []) != said:
        app.person["details"] = details | {rules.NEIGHBOURS: said}
        known = app.person.get("provenance") or []
        by = f"officeholder:{data['officeholder_id']}"
        app.person["provenance"] = provenance.note(known, ["neighbours"], "witness", by, data["decided_at"])
        store.save_person(tx, deps.data_keys, app)


def _originals(data: dict[str, Any]) -> list[str]:
    return [verdict["requirement"] for verdict in data["verdicts"] if verdict["verdict"] == "bring_original"]


def original_seen(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """The RT head was shown an original that he had asked for."""
    app = case(deps, tx, data["application_id"])
    if _decide(deps, tx, app, "original.seen", _RT_HEAD) is not Outcome.MOVE:
        return
    wanted = rules.wanted_originals(app.returned_items)
    if seen := [code for code in wanted if code in data["requirements"]]:
        show_originals(deps, tx, app, _RT_HEAD, seen, data["seen_at"])


def _about_these_files(tx: Tx, app: Application, data: dict[str, Any]) -> bool:
    """Whether the verdicts are about the files that the case has now: it may have been returned and mended since."""
    judged = {verdict["file_id"] for verdict in data["verdicts"]}
    here = {row["id"] for row in files.current(tx, app.id) if not row["original_seen"]}
    return not judged or here <= judged


def letter_issued(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """A letter has its number and can be checked: it is shown with the case."""
    copies.keep_letter(tx, data)
    app = store.lock(tx, deps.data_keys, data["application_id"]) if data["application_id"] else None
    if app is not None and data["introduction_id"] is None:
        timeline.add(tx, app, _not_before(app, data["issued_at"]), "letter_issued", _LURAH, data["number"])


def letter_voided(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """It keeps its number, visibly void; a case that was issued with it is to be produced again."""
    first = copies.void_letter(tx, data)
    app = store.lock(tx, deps.data_keys, data["application_id"]) if data["application_id"] else None
    if app is None or not first:
        return
    timeline.add(tx, app, _not_before(app, data["voided_at"]), "letter_voided", _LURAH, data["number"])
    if outcome_of("letter.voided", app.status) is Outcome.MOVE:
        move(deps, tx, app, "void-letter", _LURAH, at=data["voided_at"])


def production_done(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """All letters and forms that the SOP asks for are there."""
    app = case(deps, tx, data["application_id"])
    if _decide(deps, tx, app, "production.done", _LURAH) is Outcome.MOVE:
        app.sent_back_reason = None
        move(deps, tx, app, "produce", _LURAH, at=data["done_at"])


def production_sent_back(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """The lurah wants something mended first; the case stays verified, and is an officer's turn."""
    app = case(deps, tx, data["application_id"])
    if _decide(deps, tx, app, "production.sent_back", _LURAH) is Outcome.KEEP:
        app.sent_back_reason = data["reason"]
        _keep(deps, tx, app, _LURAH, "sent_back", at=data["sent_back_at"])


def handover_changed(deps: Deps, tx: Tx, data: dict[str, Any], sequence: int) -> None:
    """Ready, on its way, failed, or done: only done moves the case."""
    if not copies.keep_handover(tx, data, sequence):
        return
    app = case(deps, tx, data["application_id"])
    if data["status"] != "done":
        at = _not_before(app, data["at"])
        timeline.add(tx, app, at, f"handover_{data['status']}", _OFFICER, data["method"])
    elif _decide(deps, tx, app, "handover.done", _OFFICER) is Outcome.MOVE:
        move(deps, tx, app, "hand-over", _OFFICER, note=data["method"], at=data["at"])


def _decide(deps: Deps, tx: Tx, app: Application, event: str, actor: Actor) -> Outcome:
    """What the table says; what is only noted gets its line here. Raises Retryable for what is too early."""
    outcome = outcome_of(event, app.status)
    if outcome is Outcome.AGAIN:
        raise Retryable(f"{event} came before what it follows")
    if outcome is Outcome.NOTE:
        timeline.add(tx, app, deps.clock.now(), event.replace(".", "_"), actor, TOO_LATE)
    return outcome


def _keep(
    deps: Deps, tx: Tx, app: Application, actor: Actor, event: str, *, at: datetime, note: str | None = None
) -> None:
    app.changed_at = _not_before(app, at)
    store.save(tx, app, actor, event, note)
    if event.startswith("introduction"):
        tell_application(deps, tx, app, "application.changed")


def _not_before(app: Application, at: datetime) -> datetime:
    """Clocks of two services differ by moments: the timeline of a case still goes forward."""
    return max(at, app.changed_at)
