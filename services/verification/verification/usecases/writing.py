"""What heads, neighbours and applicants are written: questions with what can be answered, and answers to them.

A question carries its options, which a channel may show as buttons; each names its question, so that one which is
pressed late or twice is about that and nothing else. Every message about a question is kept by its id: who replies to
it speaks of that question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.consent import CONSENT_PAPER, CONSENT_PAPER_NAME
from contracts.telling import tell
from kit.db import Tx
from kit.ids import new_id
from verification.deps import Deps
from verification.domain import replies
from verification.domain.heads import Officeholder
from verification.domain.statements import ASKED
from verification.domain.tasks import Task, TaskFile, unanswered
from verification.store import copies, messages, people
from verification.store import tasks as store

MESSAGE_DAYS = 7

Option = dict[str, str]


@dataclass(frozen=True)
class Sender:
    """Somebody who wrote to us: his contact (None: of an earlier release), the message that is answered, and where he
    is reached."""

    contact_id: UUID | None
    message_id: UUID | None
    person: Mapping[str, Any] = field(repr=False)


def options(about: UUID | None, titles: Mapping[str, str]) -> list[Option]:
    """What can be chosen, by code and title; each with the question that it is about."""
    mark = f"{about}:" if about else ""
    return [{"id": f"{mark}{code}", "title": title, "description": ""} for code, title in titles.items()]


def options_of(task: Task, files: int, person: Mapping[str, Any], holder: Officeholder | None) -> list[Option]:
    """How a question can be answered."""
    codes = replies.offered(task, files=files, helped=helped(person, holder))
    return options(task.id, {code: replies.OPTIONS[code].id for code in codes})


def helped(person: Mapping[str, Any], holder: Officeholder | None) -> bool:
    """Whether somebody else than the one who is asked helps the applicant."""
    helper = person.get("helper") or {}
    return bool(helper) and not helper.get("revoked") and not (holder and helper.get("phone") == holder.phone)


def about(deps: Deps, tx: Tx, task: Task) -> dict[str, Any]:
    """Whom a question is about: applicant, contact, helper."""
    return people.read(tx, deps.data_keys, [task.person_id])[task.person_id]


def document_names(tx: Tx, task: Task, files: Sequence[TaskFile]) -> list[tuple[str, str]]:
    """(requirement, what it is called) of each file; of several of one name each has its number."""
    names = copies.requirement_names(tx, task.kelurahan, task.service, task.sop_version)
    named = [
        CONSENT_PAPER_NAME["id"] if file.requirement == CONSENT_PAPER
        else names.get(file.requirement, {}).get("id") or file.requirement
        for file in files
    ]  # fmt: skip
    numbered = [
        f"{name} ({named[: place + 1].count(name)})" if named.count(name) > 1 else name
        for place, name in enumerate(named)
    ]
    return [(file.requirement, name) for file, name in zip(files, numbered, strict=True)]


def request_link(
    deps: Deps, tx: Tx, task: Task, holder: Officeholder, link: str, *, reminder: bool = False,
    asked_by: Sender | None = None,
) -> None:  # fmt: skip
    """Asks notify to send the holder his question, with the link to its page; again where he asks for it."""
    what = "acknowledgement" if task.to_acknowledge else task.kind
    person, files = about(deps, tx, task), unanswered(store.files(tx, task.id))
    documents = [name for _, name in document_names(tx, task, files)]
    values = {
        "head_name": holder.name, "purpose": task.purpose or "", "rt": task.rt, "rw": task.rw, "link": link,
        "applicant_address": (person.get("applicant") or {}).get("address") or "",
        "helper_name": person["helper"]["name"] if helped(person, holder) else "",
        "file_count": len(files), "documents": ", ".join(documents),
    }  # fmt: skip
    _request(
        deps, tx, task, f"{what}_{'reminder' if reminder else 'request'}", holder.id,
        {"name": holder.name, "phone": holder.phone}, _common(deps, tx, task, person) | values,
        options_of(task, len(files), person, holder), asked_by,
    )  # fmt: skip


def request_statement(
    deps: Deps, tx: Tx, task: Task, witness: Mapping[str, Any], link: str, *, reminder: bool = False,
    asked_by: Sender | None = None,
) -> None:  # fmt: skip
    """Asks notify to send a neighbour his question: the applicant's name, and no more of him."""
    person = about(deps, tx, task)
    wanted = copies.witnesses_wanted(tx, task.kelurahan, task.service, task.sop_version)
    common = _common(deps, tx, task, person)
    values = {name: common[name] for name in ("applicant_name", "service_name", "office_name", "office_phone")} | {
        "witness_name": witness["name"], "link": link, "question": (wanted.question or {}).get("id") or ASKED.id,
    }  # fmt: skip
    _request(
        deps, tx, task, f"statement_{'reminder' if reminder else 'request'}", None,
        {"name": witness["name"], "phone": witness["phone"]}, values, options_of(task, 0, person, None), asked_by,
    )  # fmt: skip


def _request(
    deps: Deps, tx: Tx, task: Task, template: str, holder_id: UUID | None, to: Mapping[str, Any],
    values: Mapping[str, Any], choices: Sequence[Option], asked_by: Sender | None,
) -> None:  # fmt: skip
    message_id, now = new_id(), deps.clock.now()
    messages.add_message(tx, message_id, task.kelurahan, task.id, holder_id, template, now)
    tell(
        tx, deps.event_keys, "message.requested", subject=message_id, tenant=task.kelurahan, time=now,
        data={
            "message_id": message_id, "kelurahan": task.kelurahan, "template": template,
            "message_class": "answer" if asked_by else "notice", "application_id": task.application_id,
            "tracking_code": task.tracking_code if holder_id else None, "expires_at": now + timedelta(MESSAGE_DAYS),
            "contact_id": asked_by.contact_id if asked_by else None,
            "replies_to": asked_by.message_id if asked_by else None,
        },
        person={"to": dict(to), "values": dict(values), "options": list(choices)},
    )  # fmt: skip


def answer(
    deps: Deps, tx: Tx, kelurahan: str, to: Sender, template: str, values: Mapping[str, Any], *,
    choices: Sequence[Option] = (), waits: bool = False, task: Task | None = None, holder_id: UUID | None = None,
) -> None:  # fmt: skip
    """Answers somebody who wrote to us. `waits`: it asks something, and his next words are for us; `task` is the
    question that it is about."""
    message_id, now = new_id(), deps.clock.now()
    if task is not None:
        messages.add_message(tx, message_id, kelurahan, task.id, holder_id, template, now)
    common = {"office_name": copies.office_name(tx, kelurahan), "office_phone": copies.office_phone(tx, kelurahan)}
    tell(
        tx, deps.event_keys, "message.requested", subject=message_id, tenant=kelurahan, time=now,
        data={
            "message_id": message_id, "kelurahan": kelurahan, "template": template, "message_class": "answer",
            "application_id": task.application_id if task else None, "contact_id": to.contact_id,
            "replies_to": to.message_id, "expires_at": now + timedelta(MESSAGE_DAYS) if waits else None,
        },
        person={"to": dict(to.person), "values": common | dict(values), "options": list(choices)},
    )  # fmt: skip


def tell_applicant(deps: Deps, tx: Tx, task: Task, template: str) -> None:
    """Asks notify to tell the applicant where his question is."""
    person = about(deps, tx, task)
    contact = person.get("contact")
    if not contact or not contact.get("phone"):
        return
    now, message_id = deps.clock.now(), new_id()
    data = {
        "message_id": message_id, "kelurahan": task.kelurahan, "template": template, "message_class": "notice",
        "application_id": task.application_id, "tracking_code": task.tracking_code,
        "expires_at": now + timedelta(MESSAGE_DAYS),
    }  # fmt: skip
    values = _common(deps, tx, task, person) | {"rt": task.rt, "rw": task.rw}
    tell(
        tx, deps.event_keys, "message.requested", subject=message_id, tenant=task.kelurahan, time=now, data=data,
        person={"to": contact, "values": values},
    )  # fmt: skip


def _common(deps: Deps, tx: Tx, task: Task, person: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "applicant_name": (person.get("applicant") or {}).get("name") or "",
        "service_name": copies.service_name(tx, task.kelurahan, task.service, task.sop_version),
        "office_name": copies.office_name(tx, task.kelurahan) or "",
        "office_phone": copies.office_phone(tx, task.kelurahan) or "",
        "tracking_code": task.tracking_code or "",
    }
