"""An introduction is granted: by the RT head alone or, where the office wants it, acknowledged by the head of the RW.

The acknowledgement is a courtesy: a head of the RW who does not answer, or leaves, holds nobody up."""

from __future__ import annotations

from dataclasses import replace

from kit.db import Tx
from verification.deps import Deps
from verification.domain.dates import month_later
from verification.domain.decisions import Granted
from verification.domain.heads import Officeholder
from verification.domain.tasks import DONE, Task
from verification.store import copies, heads, people
from verification.store import tasks as store
from verification.usecases import asking
from verification.usecases.telling import tell_granted, tell_task, today


def grant(deps: Deps, tx: Tx, task: Task, holder: Officeholder, said: Granted) -> Task:
    """The RT head, or who stands in for him, introduces the person."""
    task = replace(task, purpose=said.purpose, granted_by=holder.id, owner_agrees=said.owner_agrees)
    rw_head = _to_acknowledge(deps, tx, task, holder)
    if rw_head is None:
        return finish(deps, tx, task)
    waiting = replace(task, granted_print=task.decision_print, decision_print=None)
    task = store.save(tx, asking.put_before(deps, tx, waiting, rw_head, deps.clock.now()))
    tell_task(deps, tx, task)
    asking.send_link(deps, tx, task, rw_head)
    return task


def _to_acknowledge(deps: Deps, tx: Tx, task: Task, holder: Officeholder) -> Officeholder | None:
    """The head of the RW, where the office wants his word and he is there to give it."""
    if holder.role == "rw_head" or not copies.rw_acknowledges(tx, task.kelurahan):
        return None
    if copies.calendar(tx, task.kelurahan) is None:  # nobody would end the wait
        return None
    day = today(deps, tx, task.kelurahan)
    applicant = people.read(tx, deps.data_keys, [task.person_id])[task.person_id].get("applicant") or {}
    return next(
        (
            one
            for one in heads.holders_of(tx, deps.data_keys, task.kelurahan, [task.rw])
            if one.role == "rw_head" and one.reachable(day) and not one.concerned(applicant)
        ),
        None,
    )


def finish(deps: Deps, tx: Tx, task: Task, acknowledged_by: Officeholder | None = None) -> Task:
    """The introduction is there, with the word of the RW head if he gave it."""
    until = month_later(today(deps, tx, task.kelurahan))
    task = replace(
        task, status=DONE, outcome="granted", valid_until=until, decided_by=task.granted_by,
        acknowledged_by=acknowledged_by.id if acknowledged_by else None,
    )  # fmt: skip
    task = asking.close(deps, tx, task)
    holder = heads.holder(tx, deps.data_keys, task.granted_by) if task.granted_by else None
    if holder is None:
        raise RuntimeError("granted by nobody")
    person = people.read(tx, deps.data_keys, [task.person_id])[task.person_id]
    helper = (person.get("helper") or {}).get("phone")
    agrees = None if helper in (None, holder.phone) else task.owner_agrees  # nobody helps, or he does so himself
    tell_granted(deps, tx, task, holder, person, agrees, acknowledged_by)
    return task
