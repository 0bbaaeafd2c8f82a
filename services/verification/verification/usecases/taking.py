"""A decision that came as a message: taken by the use case that takes it from the link's page, put on record, and
confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts import written
from kit import audit
from kit.problems import Problem
from verification.domain.tasks import Task
from verification.store import messages
from verification.store import tasks as store
from verification.usecases import deciding
from verification.usecases.turns import Access, Turn
from verification.usecases.writing import about

CONFIRMED = ("head_granted", "head_judged", "head_acknowledged", "head_refused")


def take(turn: Turn, access: Access, sent: Mapping[str, Any]) -> Task | None:
    """None where it was refused, and he was told why."""
    if turn.talk.task_id == access.task.id:
        turn.end()
    try:
        with turn.tx.attempt():
            task = deciding.decide_by_link(turn.deps, turn.tx, access.link, sent)
    except Problem as problem:
        turn.refused(problem, access)
        return None
    turn.talk = replace(turn.talk, decided={"kind": task.kind, "words": written.plain(turn.heard.text)})
    on_record(turn, access, task, "decision")
    return task


def on_record(turn: Turn, access: Access, task: Task, did: str) -> None:
    who = f"officeholder:{access.holder_id}" if access.holder else f"task:{task.id}"
    audit.changed(turn.tx, task, who=who, via="message", what=did)


def confirm(
    turn: Turn, access: Access, template: str, values: Mapping[str, Any] | None = None, *, straight: bool = False
) -> None:
    """He is told what was recorded: once in a case, as long as he only agrees; the question says that his answer counts
    at once. What is not that simple is told each time."""
    assert access.holder is not None
    if straight and messages.told_before(turn.tx, access.task.application_id, access.holder.id, CONFIRMED):
        return
    waiting = store.open_with_any(turn.tx, [holder.id for holder in turn.holders])
    left = sum(task.id != access.task.id for task in waiting)
    turn.say(template, applicant(turn, access) | dict(values or {}) | {"left": left or ""}, access=access)


def applicant(turn: Turn, access: Access) -> dict[str, Any]:
    person = about(turn.deps, turn.tx, access.task)
    return {"applicant_name": (person.get("applicant") or {}).get("name") or ""}
