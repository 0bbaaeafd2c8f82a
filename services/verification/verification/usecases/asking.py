"""Asking whoever decides for an RT: a task is opened, and he gets a link to it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from verification.deps import Deps
from verification.domain.heads import Officeholder, decider
from verification.domain.reminding import nudge_at
from verification.domain.tasks import (
    ATTESTATION,
    CANCELLED,
    DONE,
    INTRODUCTION,
    OPEN,
    STATEMENT,
    Task,
    TaskFile,
    outlived,
)
from verification.store import copies, heads, messages, people
from verification.store import tasks as store
from verification.store.messages import Link
from verification.usecases.telling import tell_task, tell_unanswered, today
from verification.usecases.writing import Sender, request_link, request_statement, tell_applicant

LINK_DAYS = 30


def token_hash(token: str) -> bytes:
    """All that is kept of a link's token. It has 192 random bits, so a plain hash gives nothing away."""
    return hashlib.sha256(token.encode()).digest()


def who_decides(
    deps: Deps,
    tx: Tx,
    kelurahan: str,
    rw: str,
    rt: str,
    applicant: Mapping[str, Any] | None = None,
    *,
    unasked: bool = False,
) -> Officeholder | None:
    """Whoever decides for the RT today, about this applicant; also without being asked, if he came by himself."""
    holders = heads.holders_of(tx, deps.data_keys, kelurahan, [rw])
    return decider(holders, rw, rt, today(deps, tx, kelurahan), applicant, unasked=unasked)


def new_task(deps: Deps, told: dict[str, Any], kind: str, person_id: Any, holder: Officeholder | None) -> Task:
    """An open task about what an event or a person told of."""
    plain = ("application_id", "service", "sop_version", "tracking_code", "owner", "purpose")
    return Task(
        id=new_id(), kelurahan=told["kelurahan"], rw=told["rw"], rt=told["rt"], kind=kind, status=OPEN,
        person_id=person_id, officeholder_id=holder.id if holder else None, opened_at=deps.clock.now(),
        introduction_id=told["introduction_id"] if kind == INTRODUCTION else None,
        **{name: told.get(name) for name in plain},
        grants_id=None, closed_at=None, outcome=None, reason=None, valid_until=None, note_id=None, decided_by=None,
        acting_as=None, decision_print=None, version=1,
    )  # fmt: skip


def put_before(deps: Deps, tx: Tx, task: Task, holder: Officeholder | None, at: datetime) -> Task:
    """The question is with this one from then on, or with nobody; not written yet."""
    calendar = copies.calendar(tx, task.kelurahan)
    due = nudge_at(calendar, at, 0) if calendar and holder else None
    return replace(task, officeholder_id=holder.id if holder else None, asked_at=at, reminded=0, nudge_at=due)


def begin_reminding(deps: Deps, tx: Tx, kelurahan: str) -> None:
    """The office's hours are known now: open questions that nobody is reminded of count as asked at this moment."""
    calendar = copies.calendar(tx, kelurahan)
    for task in store.unreminded(tx, kelurahan):
        due = nudge_at(calendar, deps.clock.now(), task.reminded) if calendar else None
        store.save(tx, replace(task, asked_at=deps.clock.now(), nudge_at=due))


def give_to_officer(deps: Deps, tx: Tx, task: Task) -> None:
    """Nobody is there to be asked, or none of them answered: the office hears of it, and the applicant."""
    tell_applicant(deps, tx, task, "task_with_officer")
    if task.kind == ATTESTATION:
        tell_unanswered(deps, tx, task)


def ask_for_introduction(deps: Deps, tx: Tx, told: dict[str, Any], person: dict[str, Any]) -> None:
    """The applicant asks for the introduction. A request that comes after the case has ended is closed at once."""
    status = copies.case_status(tx, told["application_id"], told["kelurahan"])
    holder = who_decides(deps, tx, told["kelurahan"], told["rw"], told["rt"], person.get("applicant"))
    kept = {name: value for name, value in person.items() if name != "grants"}
    person_id = people.keep(tx, deps.data_keys, told["kelurahan"], kept)
    task = put_before(deps, tx, new_task(deps, told, INTRODUCTION, person_id, holder), holder, deps.clock.now())
    files = files_of_case(told)
    if files:
        grants = people.keep(tx, deps.data_keys, told["kelurahan"], dict(person.get("grants") or {}))
        task = replace(task, grants_id=grants)
    if not store.add(tx, task):
        people.forget(tx, person_id)
        if task.grants_id is not None:
            people.forget(tx, task.grants_id)
        return
    store.put_files(tx, task, files)
    tell_task(deps, tx, task)
    if outlived(INTRODUCTION, status):
        cancel(deps, tx, task)
    elif holder:
        send_link(deps, tx, task, holder)
    else:
        give_to_officer(deps, tx, task)


def files_of_case(told: Mapping[str, Any]) -> list[TaskFile]:
    """The documents that an event names."""
    names = ("file_id", "requirement", "sha256", "type", "original_seen")
    return [TaskFile(**{name: file[name] for name in names}) for file in told.get("files", ())]


def ask_for_attestation(
    deps: Deps, tx: Tx, told: dict[str, Any], person: dict[str, Any], files: Sequence[TaskFile]
) -> Task:
    """The case was received: the RT head is asked about each of its documents that he has not judged before."""
    holder = who_decides(deps, tx, told["kelurahan"], told["rw"], told["rt"], person.get("applicant"))
    kept = {name: person.get(name) for name in ("applicant", "contact", "helper")}
    person_id = people.keep(tx, deps.data_keys, told["kelurahan"], kept)
    task = put_before(deps, tx, new_task(deps, told, ATTESTATION, person_id, holder), holder, deps.clock.now())
    task = replace(task, grants_id=people.keep(tx, deps.data_keys, task.kelurahan, dict(person.get("grants") or {})))
    store.add(tx, task)
    store.put_files(tx, task, files)
    tell_task(deps, tx, task)
    return task


def send_link(
    deps: Deps, tx: Tx, task: Task, holder: Officeholder, *, reminder: bool = False, asked_by: Sender | None = None
) -> None:
    """A fresh link of the holder's own into the task, in a message to him; `asked_by`: he asked for it himself."""
    to = people.phone_index(deps.data_keys, holder.phone)
    link = new_link(deps, tx, task, holder.id, to)
    request_link(deps, tx, task, holder, link, reminder=reminder, asked_by=asked_by)


def send_statement_link(
    deps: Deps, tx: Tx, task: Task, witness: Mapping[str, Any], *, reminder: bool = False,
    asked_by: Sender | None = None,
) -> None:  # fmt: skip
    """A fresh link into the neighbour's task, in a message to him."""
    link = new_link(deps, tx, task, None, None)
    request_statement(deps, tx, task, witness, link, reminder=reminder, asked_by=asked_by)


def new_link(deps: Deps, tx: Tx, task: Task, holder_id: UUID | None, phone_index: bytes | None) -> str:
    """The address of a fresh way into the task, for that holder or (None) its neighbour."""
    token, expires = secrets.token_urlsafe(24), deps.clock.now() + timedelta(days=LINK_DAYS)
    messages.add_link(tx, token_hash(token), Link(task.kelurahan, task.id, holder_id, expires, phone_index))
    return f"{deps.settings.public_url}/t/{token}"


def cancel(deps: Deps, tx: Tx, task: Task) -> Task:
    """The case moved on: there is nothing to answer any more. What a neighbour has said stands."""
    answered = task.kind == STATEMENT and task.outcome is not None
    return close(deps, tx, replace(task, status=DONE if answered else CANCELLED))


def close(deps: Deps, tx: Tx, task: Task) -> Task:
    """Writes the task with its end; the permissions to see files end with it."""
    grants = task.grants_id
    task = store.save(tx, replace(task, closed_at=deps.clock.now(), grants_id=None, nudge_at=None))
    if grants is not None:
        people.forget(tx, grants)
    tell_task(deps, tx, task)
    return task


def ask_successors(deps: Deps, tx: Tx, kelurahan: str, rw: str | None = None) -> int:
    """Open tasks whose holder left office, or that had none, go to whoever decides now; how many did."""
    day = today(deps, tx, kelurahan)
    open_tasks = store.asked(tx, kelurahan, rw=rw)
    holders = heads.holders_of(tx, deps.data_keys, kelurahan, sorted({task.rw for task in open_tasks}))
    by_id = {holder.id: holder for holder in holders}
    about = people.read(tx, deps.data_keys, [task.person_id for task in open_tasks])
    moved = 0
    for task in open_tasks:
        asked = by_id.get(task.officeholder_id) if task.officeholder_id else None
        if asked is not None and asked.reachable(day):
            continue
        holder = decider(holders, task.rw, task.rt, day, about[task.person_id].get("applicant"), task.passed_over)
        if (holder.id if holder else None) == task.officeholder_id:
            continue
        changed = store.save(tx, put_before(deps, tx, task, holder, deps.clock.now()))
        tell_task(deps, tx, changed)
        if holder:
            send_link(deps, tx, changed, holder)
        else:
            give_to_officer(deps, tx, changed)
        moved += 1
    return moved
