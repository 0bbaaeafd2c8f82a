"""Links into tasks are taken back by their ids: from the commit on they open nothing, in every process."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kit import audit
from kit.db import Tx
from kit.problems import NotFound
from verification.deps import Deps
from verification.domain.tasks import STATEMENT, Task
from verification.store import messages
from verification.usecases import witnesses
from verification.usecases.concluding import lock_task
from verification.usecases.reminding import hand_on


def withdraw_task(deps: Deps, tx: Tx, task_id: UUID, by: str, reason: str, of: UUID | None) -> bool:
    """No link of this officeholder (None: of the neighbour) leads into the task any more. If he is asked he is asked no
    more: the question goes to the next one, a neighbour's counts as not answered. False when that was so before:
    whoever is asked by then is left alone. `tx` sees every office. Raises NotFound, also where it never was his."""
    task = lock_task(tx, task_id)
    if task is None or not (_is_asked(task, of) or messages.had_link(tx, task.id, of)):
        raise NotFound
    ended = messages.withdraw_links_of(tx, task.id, of, deps.clock.now())
    if not ended and not _is_asked(task, of):
        return False
    tx.use_tenant(task.kelurahan)
    if _is_asked(task, of):
        _pass_on(deps, tx, task)
    _note(tx, task.id, {"by": by, "reason": reason, "of": str(of) if of else None, "links": ended})
    return True


def _is_asked(task: Task, of: UUID | None) -> bool:
    if task.kind == STATEMENT:
        return task.open and of is None and task.outcome is None
    return task.open and of is not None and task.officeholder_id == of


def _pass_on(deps: Deps, tx: Tx, task: Task) -> None:
    if task.kind == STATEMENT:
        witnesses.give_up(deps, tx, task)
    else:
        hand_on(deps, tx, task)


def withdraw_link(deps: Deps, tx: Tx, link_id: UUID, by: str, reason: str) -> bool:
    """One link opens nothing any more; its reader gets another with his next reminder. False when that was so before.
    Raises NotFound."""
    task_id = messages.task_of_link(tx, link_id)
    task = lock_task(tx, task_id) if task_id else None
    if task is None:
        raise NotFound
    if not messages.withdraw_link(tx, link_id, deps.clock.now()):
        return False
    tx.use_tenant(task.kelurahan)
    _note(tx, link_id, {"by": by, "reason": reason, "task": str(task.id)})
    return True


def _note(tx: Tx, one: UUID, details: dict[str, Any]) -> None:
    """Nobody's data were read: the row is about no case."""
    audit.changed(tx, {"id": one, "items": []}, who="operator", **details)
