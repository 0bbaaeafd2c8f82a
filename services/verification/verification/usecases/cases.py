"""What intake tells of a case, and what it means for the questions that are open about it.

received                      the RT head is asked about the documents; again in each new round
received, its files changed   the open question follows; once all is known, it is concluded
anything else                 what is open and has no more sense is cancelled
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from contracts.consent import NEIGHBOURS, given, withdrawn
from kit.db import Tx
from verification.deps import Deps
from verification.domain.heads import Officeholder
from verification.domain.tasks import (
    ATTESTATION,
    Task,
    TaskFile,
    another_round,
    outlived,
    unanswered,
    with_earlier_verdicts,
)
from verification.store import copies, heads, people
from verification.store import tasks as store
from verification.usecases import asking, witnesses
from verification.usecases.concluding import conclude


def take_state(deps: Deps, tx: Tx, told: dict[str, Any], person: dict[str, Any], sequence: int) -> None:
    """The state of a case; older news than what is known changes nothing."""
    # Its row is locked first: another consumer may be applying the news before this one.
    before = copies.case_status(tx, told["application_id"], told["kelurahan"])
    consents = told.get("consents") or {}
    agreed = copies.neighbours_agreed(tx, told["application_id"])
    if not copies.put_application(tx, told["application_id"], told["kelurahan"], told["status"], consents, sequence):
        return
    tasks = store.of_application(tx, told["application_id"])
    _follow_contact(deps, tx, [task for task in tasks if task.open], person)
    if withdrawn(consents, NEIGHBOURS):
        witnesses.end_questions(deps, tx, tasks)
        tasks = store.of_application(tx, told["application_id"])
    if told["status"] == "draft":  # there is nothing that a draft ends
        return
    for task in tasks:
        if task.open and outlived(task.kind, told["status"]):
            asking.cancel(deps, tx, task)
    if told["status"] == "received":
        attestations = [task for task in tasks if task.kind == ATTESTATION]
        _received(deps, tx, told, person, before, attestations[-1] if attestations else None)
        if attestations and given(consents, NEIGHBOURS) and not agreed:
            last = store.get(tx, attestations[-1].id) or attestations[-1]
            witnesses.follow_consent(deps, tx, last, (person.get("details") or {}).get("witnesses"))


def _follow_contact(deps: Deps, tx: Tx, tasks: Sequence[Task], person: dict[str, Any]) -> None:
    """Messages about open questions go where the applicant wants them now; whoever helped stays known."""
    kept = people.read(tx, deps.data_keys, [task.person_id for task in tasks]) if tasks else {}
    now = {name: person.get(name) for name in ("contact", "helper")}
    for person_id, known in kept.items():
        if any(known.get(name) != value for name, value in now.items()):
            people.replace(tx, deps.data_keys, person_id, known | now)


def _received(
    deps: Deps, tx: Tx, told: dict[str, Any], person: dict[str, Any], before: str | None, last: Task | None
) -> None:
    files = with_earlier_verdicts(asking.files_of_case(told), store.verdicts_of_case(tx, told["application_id"]))
    if another_round(last, before, told["received_at"]):
        task = asking.ask_for_attestation(deps, tx, told, person, files)
        witnesses.ask_proposed(deps, tx, task, (person.get("details") or {}).get("witnesses"))
        if not _conclude_if_known(deps, tx, task, files):
            _send(deps, tx, task)
    elif last is not None and last.open:
        _follow(deps, tx, last, files, person)


def _send(deps: Deps, tx: Tx, task: Task) -> None:
    if task.officeholder_id is None:
        asking.give_to_officer(deps, tx, task)
        return
    holder = heads.holder(tx, deps.data_keys, task.officeholder_id)
    if holder is not None:
        asking.send_link(deps, tx, task, holder)


def _follow(deps: Deps, tx: Tx, task: Task, files: list[TaskFile], person: dict[str, Any]) -> None:
    """The files of the case changed while the RT head is asked about them."""
    if grants := person.get("grants"):
        old = task.grants_id
        task = store.save(tx, replace(task, grants_id=people.keep(tx, deps.data_keys, task.kelurahan, dict(grants))))
        if old is not None:
            people.forget(tx, old)
    store.put_files(tx, task, files)
    _conclude_if_known(deps, tx, task, files)


def _conclude_if_known(deps: Deps, tx: Tx, task: Task, files: list[TaskFile]) -> bool:
    """Where a verdict stands for every document already, and every neighbour is named, nobody is asked again."""
    if unanswered(files) or witnesses.positions_left(tx, task):
        return False
    holder = _who_vouched(deps, tx, task, files)
    if holder is None:
        return False
    conclude(deps, tx, replace(task, decided_by=holder.id, acting_as=holder.role), files)
    return True


def _who_vouched(deps: Deps, tx: Tx, task: Task, files: list[TaskFile]) -> Officeholder | None:
    """Whose word it is: of the last verdict, of the introduction where there is no document, else the one in office."""
    said: list[UUID] = [file.judged_by for file in files if file.judged_by]
    if task.application_id is not None:
        said = [
            other.decided_by for other in store.of_application(tx, task.application_id)
            if other.outcome == "granted" and other.decided_by
        ] + said  # fmt: skip
    chosen = said[-1] if said else task.officeholder_id
    return heads.holder(tx, deps.data_keys, chosen) if chosen else None
