"""Whoever does not answer is reminded twice, then the next one is asked, at last an officer. The clock of the case
runs on meanwhile, and a late answer still counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.due import NEVER, do_due
from verification.deps import Deps
from verification.domain.heads import Officeholder, decider
from verification.domain.reminding import REMINDERS, asked_from, nudge_at
from verification.domain.tasks import STATEMENT, Task
from verification.store import copies, heads, people
from verification.store import tasks as store
from verification.usecases import asking, witnesses
from verification.usecases.concluding import lock_task
from verification.usecases.granting import finish
from verification.usecases.telling import tell_task, today
from verification.usecases.writing import tell_applicant


def remind_due(deps: Deps) -> int:
    """Does what is due in all offices; how much."""
    return do_due(deps.db, deps.clock, store.to_nudge, lambda tx, task: nudge(deps, tx, task))


def nudge(deps: Deps, tx: Tx, task_id: UUID) -> datetime | None:
    """A reminder, or the next one's turn. When something is due again; None when another process did it, or it was
    answered meanwhile."""
    task = lock_task(tx, task_id)
    if task is None or not task.open or task.nudge_at is None or task.nudge_at > deps.clock.now():
        return None
    if task.kind == STATEMENT:
        task = witnesses.nudge(deps, tx, task)
    elif task.reminded < REMINDERS and (holder := _still_there(deps, tx, task)):
        task = _remind(deps, tx, task, holder)
    else:
        task = hand_on(deps, tx, task)
    return task.nudge_at or NEVER


def _still_there(deps: Deps, tx: Tx, task: Task) -> Officeholder | None:
    """Who is asked, while he holds the office."""
    holder = heads.holder(tx, deps.data_keys, task.officeholder_id) if task.officeholder_id else None
    return holder if holder and holder.serves(today(deps, tx, task.kelurahan)) else None


def _remind(deps: Deps, tx: Tx, task: Task, holder: Officeholder) -> Task:
    calendar = copies.calendar(tx, task.kelurahan)
    due = nudge_at(calendar, task.asked_at or task.opened_at, task.reminded + 1) if calendar else None
    task = store.save(tx, replace(task, reminded=task.reminded + 1, nudge_at=due))
    asking.send_link(deps, tx, task, holder, reminder=True)
    return task


def hand_on(deps: Deps, tx: Tx, task: Task) -> Task:
    """The next one who may decide is asked; where nobody is left an officer has it. The applicant is told. What an RT
    head has granted is granted, also when the RW head says nothing."""
    if task.to_acknowledge:
        return finish(deps, tx, task)
    passed_over = [*task.passed_over, *([task.officeholder_id] if task.officeholder_id else [])]
    applicant = people.read(tx, deps.data_keys, [task.person_id])[task.person_id].get("applicant")
    holders = heads.holders_of(tx, deps.data_keys, task.kelurahan, [task.rw])
    holder = decider(holders, task.rw, task.rt, today(deps, tx, task.kelurahan), applicant, passed_over)
    at = asked_from(task.nudge_at, deps.clock.now())
    task = store.save(tx, asking.put_before(deps, tx, replace(task, passed_over=passed_over), holder, at))
    tell_task(deps, tx, task)
    if holder is not None:
        asking.send_link(deps, tx, task, holder)
        tell_applicant(deps, tx, task, "task_handed_on")
    else:
        asking.give_to_officer(deps, tx, task)
    return task
