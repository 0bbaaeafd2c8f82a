"""Whoever does not answer is reminded twice, then the next one is asked, at last an officer. The clock of the case
runs on meanwhile, and a late answer still counts."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import structlog

from kit.db import EVERY_TENANT, Tx
from kit.problems import Unavailable
from verification.deps import Deps
from verification.domain.heads import decider
from verification.domain.reminding import REMINDERS, nudge_at
from verification.domain.tasks import ATTESTATION, Task, unanswered
from verification.store import copies, heads, people
from verification.store import tasks as store
from verification.usecases import asking
from verification.usecases.telling import tell_applicant, tell_task, tell_unanswered, today

BATCH = 200

log = structlog.get_logger()


def remind_due(deps: Deps) -> int:
    """Does what is due in all offices; how much. A task that fails is left for the next round and holds up nobody."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        due = store.to_nudge(tx, deps.clock.now(), BATCH)
    return sum(_nudge(deps, task_id) for task_id in due)


def _nudge(deps: Deps, task_id: UUID) -> bool:
    try:
        with deps.db.transaction(EVERY_TENANT) as tx:
            return nudge(deps, tx, task_id)
    except Unavailable:
        raise
    except Exception:  # whatever it is, the next task has its turn
        log.exception("nobody was reminded", task=str(task_id))
        return False


def nudge(deps: Deps, tx: Tx, task_id: UUID) -> bool:
    """A reminder, or the next one's turn. False when another process did it, or it was answered meanwhile."""
    task = store.lock_unless_busy(tx, task_id)
    if task is None or not task.open or task.nudge_at is None or task.nudge_at > deps.clock.now():
        return False
    if task.reminded < REMINDERS and task.officeholder_id is not None:
        _remind(deps, tx, task, task.officeholder_id)
    else:
        hand_on(deps, tx, task)
    return True


def _remind(deps: Deps, tx: Tx, task: Task, holder_id: UUID) -> None:
    calendar = copies.calendar(tx, task.kelurahan)
    due = nudge_at(calendar, task.asked_at or task.opened_at, task.reminded + 1) if calendar else None
    task = store.save(tx, replace(task, reminded=task.reminded + 1, nudge_at=due))
    holder = heads.holder(tx, deps.data_keys, holder_id)
    if holder is not None:
        asking.send_link(deps, tx, task, holder, len(unanswered(store.files(tx, task.id))), reminder=True)


def hand_on(deps: Deps, tx: Tx, task: Task) -> None:
    """The next one who may decide is asked; where nobody is left an officer has it. The applicant is told."""
    asked_last = task.officeholder_id
    passed_over = [*task.passed_over, asked_last] if asked_last else list(task.passed_over)
    applicant = people.read(tx, deps.data_keys, [task.person_id])[task.person_id].get("applicant")
    holders = heads.holders_of(tx, deps.data_keys, task.kelurahan, [task.rw])
    day = today(deps, tx, task.kelurahan)
    holder = decider(holders, task.rw, task.rt, day, applicant, passed_over)
    at = task.nudge_at or deps.clock.now()
    task = store.save(tx, asking.put_before(deps, tx, replace(task, passed_over=passed_over), holder, at))
    if holder is not None:
        asking.send_link(deps, tx, task, holder, len(unanswered(store.files(tx, task.id))))
        tell_applicant(deps, tx, task, "task_handed_on")
        return
    tell_task(deps, tx, task)
    tell_applicant(deps, tx, task, "task_with_officer")
    if task.kind == ATTESTATION:
        tell_unanswered(deps, tx, task, asked_last)
