"""Tasks for somebody with a login, one and several: the same for the API and for pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kit import paging
from kit.auth import Caller
from kit.db import Tx
from kit.problems import NotFound
from verification.deps import Deps
from verification.domain.tasks import Task
from verification.store import tasks as store
from verification.usecases import callers, deciding, reading

Shown = dict[str, Any]


def view(deps: Deps, tx: Tx, who: Caller, task: Task, language: str) -> Shown:
    """A task as this caller may see it."""
    return reading.task_view(deps, tx, task, language, office=who.has(*callers.OFFICE))


def find(tx: Tx, who: Caller, task_id: UUID) -> Task:
    """A task that the caller may see. Raises NotFound."""
    task = store.get(tx, task_id)
    if task is None or not callers.sees(who, task):
        raise NotFound
    return task


def screen(deps: Deps, tx: Tx, who: Caller, task: Task, language: str) -> Shown:
    """The same for a page: with what the caller may do now, and until when."""
    office = who.has(*callers.OFFICE)
    speaks = deciding.may_decide(deps, tx, who, task)
    return (
        view(deps, tx, who, task, language)
        | reading.on_screen(tx, task)
        | {"for_office": office, "may_decide": task.open and speaks, "may_see_originals": speaks and not office}
    )


def listed(deps: Deps, tx: Tx, who: Caller, query: Mapping[str, Any], language: str) -> Shown:
    """A page of tasks, newest first: an RT head's RT, an RW head's RW, an officer's kelurahan. `query` has status,
    kind, application_id, cursor and limit. Raises NoNeighbourhood, Unprocessable for a cursor that is none."""
    [after] = paging.position(query["cursor"], UUID) or [None]
    rows = store.page(tx, _wanted(who, query), after=after, limit=query["limit"] + 1)
    return paging.page(_views(deps, tx, who, rows, language), query["limit"], lambda row: (row["id"],))


def open_ones(deps: Deps, tx: Tx, who: Caller, query: Mapping[str, Any], language: str) -> Shown:
    """The same of those that wait for an answer, who was asked first standing first; each with `answer_by`."""
    after = paging.position(query["cursor"], datetime.fromisoformat, UUID)
    rows = store.open_page(tx, _wanted(who, query), after=after, limit=query["limit"] + 1)
    shown = paging.page(rows, query["limit"], lambda task: (task.asked_at or task.opened_at, task.id))
    kept: Sequence[Task] = shown["items"]
    views = _views(deps, tx, who, kept, language)
    times = [reading.on_screen(tx, task) for task in kept]
    return shown | {"items": [one | more for one, more in zip(views, times, strict=True)]}


def _wanted(who: Caller, query: Mapping[str, Any]) -> Shown:
    office = who.has(*callers.OFFICE)
    rw, rt = (None, None) if office else callers.place_of(who)
    asked = {name: query[name] for name in ("status", "kind", "application_id")}
    return asked | {"kelurahan": who.tenant, "rw": rw, "rt": rt, "statements": office}


def _views(deps: Deps, tx: Tx, who: Caller, rows: Sequence[Task], language: str) -> list[Shown]:
    return reading.task_views(deps, tx, rows, who.tenant, language, office=who.has(*callers.OFFICE))
