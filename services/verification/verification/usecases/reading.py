"""What is shown of a task, and to whom.

a head, of his own RT    names, address, contact, files with links that his grants open; which neighbours were named
the office               the same, and whether the head was reached, what neighbours said; files by its own login
a link, while open       what its reader needs to answer, and no more: a neighbour sees a name and the question
a link, once closed      that it is closed, and nobody's data
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.consent import CONSENT_PAPER, CONSENT_PAPER_NAME
from kit.db import EVERY_TENANT, Row, Tx
from verification.deps import Deps
from verification.domain.decisions import ACKNOWLEDGE, GRANT, REFUSAL_REASONS, REFUSE, VERDICT_NAMES
from verification.domain.heads import Officeholder
from verification.domain.reminding import goes_on_at
from verification.domain.statements import (
    ABSENT,
    ANSWER_NAMES,
    ASKED,
    OBJECTION,
    OUTCOME_OF,
    PASSED,
    QUORUM,
    WILL_BE_PRINTED,
    Said,
    Wanted,
    open_positions,
    side_name,
    standing,
)
from verification.domain.tasks import ATTESTATION, CANCELLED, INTRODUCTION, STATEMENT, Task, TaskFile, wanted_originals
from verification.store import copies, heads, messages, people
from verification.store import tasks as store
from verification.store.copies import ServiceNames
from verification.store.messages import Link
from verification.usecases.asking import token_hash
from verification.usecases.telling import today


@dataclass(frozen=True)
class Around:
    """What tasks refer to, fetched for all of them at once."""

    files: dict[UUID, list[TaskFile]]
    people: dict[UUID, dict[str, Any]]
    holders: dict[UUID, Officeholder]
    names: dict[tuple[str, int], ServiceNames]
    messages: dict[UUID, list[Row]]
    statements: dict[UUID, list[Task]]
    said: dict[UUID, list[Said]]
    agreed: set[UUID]


def around(deps: Deps, tx: Tx, tasks: Sequence[Task], kelurahan: str, *, with_messages: bool = False) -> Around:
    ids = [task.id for task in tasks]
    files = store.files_of(tx, ids)
    statements = _statements(tx, tasks)
    asked = [one for several in statements.values() for one in several]
    said = store.said_of(tx, [one.id for one in (*asked, *tasks) if one.kind == STATEMENT])
    wanted = [person for task in (*tasks, *asked) for person in _people(task)]
    wanted += [file.note_id for several in files.values() for file in several]
    wanted += [one.note_id for several in said.values() for one in several]
    holders = {holder for task in tasks for holder in (task.officeholder_id, task.decided_by) if holder}
    return Around(
        files,
        people.read(tx, deps.data_keys, wanted),
        heads.holders_by_id(tx, deps.data_keys, list(holders)),
        copies.service_names(tx, kelurahan),
        messages.messages_of(tx, ids) if with_messages else {},
        statements,
        said,
        copies.of_these_agreed(tx, [task.application_id for task in tasks if task.application_id]),
    )


def _people(task: Task) -> tuple[UUID | None, ...]:
    return task.person_id, task.grants_id, task.note_id, task.witness_id


def _statements(tx: Tx, tasks: Sequence[Task]) -> dict[UUID, list[Task]]:
    cases = [task.application_id for task in tasks if task.kind == ATTESTATION and task.application_id]
    return store.statements_of(tx, cases)


def task_views(
    deps: Deps, tx: Tx, tasks: Sequence[Task], kelurahan: str, language: str, *, office: bool
) -> list[dict[str, Any]]:
    """Tasks for a caller with a login."""
    known = around(deps, tx, tasks, kelurahan, with_messages=office)
    return [_task_view(deps, task, known, language, office) for task in tasks]


def task_view(deps: Deps, tx: Tx, task: Task, language: str, *, office: bool) -> dict[str, Any]:
    return task_views(deps, tx, [task], task.kelurahan, language, office=office)[0]


def _task_view(deps: Deps, task: Task, known: Around, language: str, office: bool) -> dict[str, Any]:
    person = known.people.get(task.person_id, {})
    asked = known.holders.get(task.officeholder_id) if task.officeholder_id else None
    note = known.people.get(task.note_id, {}) if task.note_id else {}
    return (
        vars(task)
        | _outcome(task, office)
        | {
            "headed": task.headed,
            "service_name": _service_name(task, known, language),
            "applicant": _some(person.get("applicant"), "name", "address"),
            "contact": _some(person.get("contact"), "name", "phone"),
            "helper": _helper(person),
            "files": _files(deps, task, known, language, by_grant=not office),
            "originals": _originals(task, known, language),
            "asked": {"officeholder_id": asked.id, "name": asked.name, "role": asked.role} if asked else None,
            "note": note.get("note"),
            "decisions": _decisions(task),
            "refusal_reasons": _named(REFUSAL_REASONS, language) if _may_refuse(task) else [],
            "messages": known.messages.get(task.id, []) if office else [],
            "positions": _positions(task, known, language),
            "witnesses": _witnesses(task, known, language, office=office),
            "witness": _some(known.people.get(task.witness_id), "name", "phone", "relation")
            if task.witness_id
            else None,
            "position_name": side_name(_wanted(task, known), task.position, language),
            "answers": _answers(task, known),
            "choices": _named(ANSWER_NAMES, language) if task.kind == STATEMENT else [],
            "question": _asked_of_neighbours(task, known, language) if task.kind == STATEMENT else None,
            "printed": WILL_BE_PRINTED.in_language(language) if task.kind == STATEMENT else None,
            "may_ask_neighbours": _may_ask_neighbours(task, known),
        }
    )


def _asked_of_neighbours(task: Task, known: Around, language: str) -> str | None:
    """The question as the service puts it, else ours."""
    question = _wanted(task, known).question or {"id": ASKED.id, "en": ASKED.en}
    return question.get(language) or question.get("id")


def _may_ask_neighbours(task: Task, known: Around) -> bool:
    """Whether neighbours can be named now, as far as the task itself says."""
    agreed = task.application_id in known.agreed
    return task.kind == ATTESTATION and agreed and task.status != CANCELLED and task.outcome != PASSED


def _helper(person: Mapping[str, Any]) -> dict[str, Any] | None:
    """Who helps now."""
    helper = person.get("helper") or {}
    return None if helper.get("revoked") else _some(helper or None, "name", "relation")


def _outcome(task: Task, office: bool) -> dict[str, Any]:
    """What neighbours said shows in nothing that others than the office see."""
    by_neighbours = task.reason in (OBJECTION, QUORUM)
    return {"reason": None if by_neighbours and not office else task.reason}


def _wanted(task: Task, known: Around) -> Wanted:
    """What the case's own version of its service wants of neighbours."""
    names = known.names.get((task.service or "", task.sop_version or 0))
    return names.witnesses if names else Wanted({})


def _positions(task: Task, known: Around, language: str) -> list[dict[str, Any]]:
    """The sides on which neighbours have to be named, and which of them are still open; none as long as nobody may be
    asked."""
    if task.kind != ATTESTATION or task.application_id not in known.agreed:
        return []
    assert task.application_id is not None
    wanted = _wanted(task, known)
    left = open_positions(wanted, known.statements.get(task.application_id, []))
    return [
        {"code": code, "name": side_name(wanted, code, language), "open": code in left} for code in wanted.positions
    ]


def _witnesses(task: Task, known: Around, language: str, *, office: bool) -> list[dict[str, Any]]:
    """Who was named. What they said is for the office alone: they live beside the applicant and the head."""
    if task.kind != ATTESTATION or task.application_id is None:
        return []
    shown = []
    for one in standing(known.statements.get(task.application_id, [])):
        person = known.people.get(one.witness_id, {}) if one.witness_id else {}
        line: dict[str, Any] = {
            "task_id": one.id, "position": one.position, "relation": person.get("relation"),
            "position_name": side_name(_wanted(task, known), one.position, language),
            "name": None if one.outcome == ABSENT else person.get("name"),
            "state": ABSENT if one.outcome == ABSENT else "answered" if one.outcome and office else "asked",
        }  # fmt: skip
        if office:
            line |= {"phone": person.get("phone"), "outcome": one.outcome, "answers": _answers(one, known)}
        shown.append(line)
    return shown


def _answers(task: Task, known: Around) -> list[dict[str, Any]]:
    """Everything that was ever said, the newest last."""
    return [
        vars(said) | {"note": (known.people.get(said.note_id, {}) if said.note_id else {}).get("note")}
        for said in known.said.get(task.id, [])
    ]


def _service_name(task: Task, known: Around, language: str) -> str | None:
    names = _names(task, known)
    return names.name.get(language) or names.name.get("id") if names else task.service


def _names(task: Task, known: Around) -> ServiceNames | None:
    """The case's version of its service, or the newest."""
    versions = [version for service, version in known.names if service == task.service]
    if task.service is None or not versions:
        return None
    version = task.sop_version if task.sop_version in versions else max(versions)
    return known.names[task.service, version or max(versions)]


def _files(deps: Deps, task: Task, known: Around, language: str, *, by_grant: bool) -> list[dict[str, Any]]:
    grants = known.people.get(task.grants_id, {}) if task.grants_id else {}
    shown = []
    for file in known.files.get(task.id, []):
        note = known.people.get(file.note_id, {}) if file.note_id else {}
        shown.append({
            "file_id": file.file_id,
            "requirement": file.requirement,
            "requirement_name": _requirement_name(task, file, known, language),
            "type": file.type,
            "content_url": _content_url(deps, task, file, grants.get(str(file.file_id)), by_grant),
            "verdict": file.verdict,
            "note": note.get("note"),
            "carried": file.carried,
        })  # fmt: skip
    return shown


def _requirement_name(task: Task, file: TaskFile, known: Around, language: str) -> str:
    names = _names(task, known)
    named: Mapping[str, str] = names.requirements.get(file.requirement, {}) if names else {}
    if file.requirement == CONSENT_PAPER:
        named = CONSENT_PAPER_NAME
    return named.get(language) or named.get("id") or file.requirement


def _originals(task: Task, known: Around, language: str) -> list[dict[str, Any]]:
    """What he asked to see; no person's data."""
    return [
        {
            "file_id": file.file_id,
            "requirement": file.requirement,
            "requirement_name": _requirement_name(task, file, known, language),
            "seen": file.original_seen,
        }
        for file in wanted_originals(task, known.files.get(task.id, []))
    ]


def _content_url(deps: Deps, task: Task, file: TaskFile, grant: str | None, by_grant: bool) -> str | None:
    """Where intake streams the file. A reader by grant has no other way, so without one there is no address."""
    url = f"{deps.settings.public_url}/v1/applications/{task.application_id}/files/{file.file_id}/content"
    if not by_grant:
        return url
    return f"{url}?grant={grant}" if grant else None


def _decisions(task: Task) -> list[str]:
    if not task.open or task.outcome == ABSENT:
        return []
    if task.kind == STATEMENT:
        return list(OUTCOME_OF)
    if task.to_acknowledge:
        return [ACKNOWLEDGE, REFUSE]
    return [GRANT, REFUSE] if task.kind == INTRODUCTION else list(VERDICT_NAMES)


def _may_refuse(task: Task) -> bool:
    return task.open and task.kind == INTRODUCTION


def _named(words: dict[str, Any], language: str) -> list[dict[str, str]]:
    return [{"code": code, "name": said.in_language(language)} for code, said in words.items()]


def _some(person: dict[str, Any] | None, *names: str) -> dict[str, Any] | None:
    return {name: person.get(name) for name in names} if person else None


def on_screen(tx: Tx, task: Task) -> dict[str, Any]:
    """What a page says of a task besides: the office's name, when it was asked and until when an answer is waited for
    before the next one is asked, both by the office's clock."""
    zone, calendar = ZoneInfo(copies.zone(tx, task.kelurahan)), copies.calendar(tx, task.kelurahan)
    asked_at = task.asked_at or task.opened_at
    until = goes_on_at(calendar, asked_at) if calendar and task.open and task.headed else None
    return {
        "office_name": copies.office_name(tx, task.kelurahan) or task.kelurahan,
        "asked_on": asked_at.astimezone(zone),
        "answer_by": until.astimezone(zone) if until else None,
    }


def find_link(deps: Deps, token: str) -> Link | None:
    """The link of a token. Its office is not known beforehand, so this looks in all of them."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = messages.link(tx, token_hash(token))
    return found if found and found.expires_at > deps.clock.now() else None


def sent_to(deps: Deps, link: Link, holder: Officeholder) -> bool:
    """Whether the link went to the number that is the holder's now."""
    return link.phone_index is None or link.phone_index in people.phone_indexes(deps.data_keys, holder.phone)


def linked_task(deps: Deps, tx: Tx, link: Link) -> Task | None:
    """The task of a link, while the one whom it was sent to is in office; a neighbour holds none."""
    if link.officeholder_id is None:
        return store.get(tx, link.task_id)
    holder = heads.holder(tx, deps.data_keys, link.officeholder_id)
    if holder is None or not holder.serves(today(deps, tx, link.kelurahan)) or not sent_to(deps, link, holder):
        return None
    return store.get(tx, link.task_id)


def link_view(deps: Deps, tx: Tx, task: Task, language: str) -> dict[str, Any]:
    """The task for whoever has the link; once it is closed nobody's data are in it."""
    if task.kind == STATEMENT:
        return _question(deps, tx, task, language)
    known = around(deps, tx, [task], task.kelurahan)
    plain = ("kind", "status", "rw", "rt", "service", "opened_at", "closed_at", "outcome", "reason", "valid_until")
    view = {name: getattr(task, name) for name in plain} | _outcome(task, office=False) | on_screen(tx, task) | {
        "service_name": _service_name(task, known, language),
        "decisions": _decisions(task),
        "originals": _originals(task, known, language),
        "refusal_reasons": _named(REFUSAL_REASONS, language) if _may_refuse(task) else [],
        "tracking_code": None, "purpose": None, "applicant": None, "files": [], "positions": [], "witnesses": [],
        "helper": None, "may_ask_neighbours": False,
    }  # fmt: skip
    if task.open:
        view |= {
            "tracking_code": task.tracking_code,
            "purpose": task.purpose,
            "applicant": _some(known.people[task.person_id].get("applicant"), "name", "address"),
            "helper": _helper(known.people[task.person_id]),
            "files": _files(deps, task, known, language, by_grant=True),
            "positions": _positions(task, known, language),
            "witnesses": _witnesses(task, known, language, office=False),
            "may_ask_neighbours": _may_ask_neighbours(task, known),
        }
    return view


def _question(deps: Deps, tx: Tx, task: Task, language: str) -> dict[str, Any]:
    """What a neighbour sees: whom it is about, what is asked, what is printed, and what he said last."""
    known = around(deps, tx, [task], task.kelurahan)
    plain = ("kind", "status", "rw", "rt", "service", "opened_at", "closed_at")
    view: dict[str, Any] = {name: getattr(task, name) for name in plain} | on_screen(tx, task) | {
        "service_name": _service_name(task, known, language),
        "decisions": _decisions(task), "originals": [], "refusal_reasons": [], "files": [], "positions": [],
        "witnesses": [], "outcome": None, "applicant": None, "question": None, "printed": None, "choices": [],
        "helper": None, "purpose": None, "tracking_code": None, "may_ask_neighbours": False,
    }  # fmt: skip
    if task.open:
        view |= {
            "outcome": task.outcome,
            "applicant": _some(known.people[task.person_id].get("applicant"), "name"),
            "question": _asked_of_neighbours(task, known, language),
            "printed": WILL_BE_PRINTED.in_language(language),
            "choices": _named(ANSWER_NAMES, language),
        }
    return view
