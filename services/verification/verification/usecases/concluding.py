"""What an attestation comes to: his verdicts on the documents, and what neighbours say where they are asked.

Whoever gets here holds the case's row (`lock_task`, or the news of the case), so that two answers at one instant are
weighed one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from kit.db import Tx
from verification.deps import Deps
from verification.domain.statements import JUDGED, PASSED, come_to
from verification.domain.tasks import DONE, Task, TaskFile, failure
from verification.store import copies, heads, people
from verification.store import tasks as store
from verification.usecases import asking
from verification.usecases.telling import closed_at, tell_task, tell_verified


def conclude(deps: Deps, tx: Tx, task: Task, files: Sequence[TaskFile]) -> Task:
    """Every document has its verdict: the attestation is passed, failed, or judged and waits for neighbours."""
    store.put_files(tx, task, files)
    outcome, reason = _come_to(deps, tx, task, files)
    task = asking.close(deps, tx, replace(task, status=DONE, outcome=outcome, reason=reason))
    if outcome != JUDGED:
        tell_verified(deps, tx, task, list(files), closed_at(task))
    return task


def settle(deps: Deps, tx: Tx, task: Task) -> None:
    """A neighbour was asked or has answered: tells what the attestation comes to now, if that is something else."""
    if task.status != DONE:
        return
    files = store.files(tx, task.id)
    if failure([file.verdict for file in files]):  # told, and nothing that a neighbour says changes it
        return
    outcome, reason = _come_to(deps, tx, task, files)
    if (outcome, reason) == (task.outcome, task.reason) or (task.outcome, outcome) == (PASSED, JUDGED):
        return
    task = store.save(tx, replace(task, outcome=outcome, reason=reason))
    tell_task(deps, tx, task)
    if outcome != JUDGED:
        tell_verified(deps, tx, task, files, deps.clock.now())


def _come_to(deps: Deps, tx: Tx, task: Task, files: Sequence[TaskFile]) -> tuple[str, str | None]:
    documents = failure([file.verdict for file in files])
    if task.application_id is None:
        raise RuntimeError("an attestation without a case")
    return come_to(
        documents,
        store.statements_of(tx, [task.application_id]).get(task.application_id, []),
        copies.witnesses_wanted(tx, task.kelurahan, task.service, task.sop_version),
        may_ask=copies.neighbours_agreed(tx, task.application_id),
        objected=store.objected(tx, task.application_id),
        helped=documents is None and _helped(deps, tx, task, files),
    )


def _helped(deps: Deps, tx: Tx, task: Task, files: Sequence[TaskFile]) -> bool:
    """Whether somebody who judged here also helped the applicant: allowed, and an officer confirms it."""
    helper = people.read(tx, deps.data_keys, [task.person_id])[task.person_id].get("helper") or {}
    judges = {judge for judge in (task.decided_by, *(file.judged_by for file in files)) if judge}
    if not helper.get("phone") or not judges:
        return False
    known = heads.holders_by_id(tx, deps.data_keys, list(judges))
    return any(holder.phone == helper["phone"] for holder in known.values())


def lock_task(tx: Tx, task_id: UUID) -> Task | None:
    """A task for a change. The row of its case comes first, as it does for whoever hears of the case: what is asked
    about a case is changed by one at a time."""
    task = store.get(tx, task_id)
    if task is None:
        return None
    if task.application_id is not None:
        copies.case_status(tx, task.application_id, task.kelurahan)
    return store.get(tx, task.id, lock=True)
