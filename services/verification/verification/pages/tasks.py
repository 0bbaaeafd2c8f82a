"""`/verification/tugas`: what heads are asked, the most urgent first, and each on the screen that its link shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, once
from kit.auth import caller
from kit.db import Tx
from kit.language import language
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Forbidden, Words
from verification.api.common import deps
from verification.domain.tasks import Task
from verification.pages import task_screen
from verification.schemas.tasks import TaskOut, TasksQuery
from verification.store import copies
from verification.usecases import deciding, showing

TASKS = "/verification/tugas"

task_pages = Blueprint("task-pages", __name__, url_prefix=TASKS)

NOT_HIS = (Forbidden,)
"""Whoever meets this was offered no form."""
_SAVED = Words("Tersimpan. Terima kasih.", "Saved. Thank you.")
_ASKED = Words("Tetangga akan ditanya.", "The neighbours will be asked.")


@task_pages.get("")
@allow("rt_head", "rw_head", "officer")
@audit.shows("task", purpose="list")
def show_tasks() -> Response:
    """What is open, the most urgent first; of one case all that was ever asked."""
    given = {"permohonan": "application_id", "jenis": "kind", "lanjut": "cursor"}
    asked = {name: request.args[word] for word, name in given.items() if request.args.get(word)}
    query = forms.load(TasksQuery(), asked)
    of_case = query["application_id"] is not None
    with deps().db.transaction(caller().tenant) as tx:
        name = copies.office_name(tx, caller().tenant) or caller().tenant
        found = (showing.listed if of_case else showing.open_ones)(deps(), tx, caller(), query, language())
    audit.concerns(*(one["application_id"] for one in found["items"]))
    return page(
        "tasks.html", tasks=found["items"], further=found["next_cursor"], of_case=of_case, chosen=asked, name=name,
        for_office=caller().has("officer"), introduces=caller().has("rt_head"),
    )  # fmt: skip


@task_pages.get("/<uuid:task_id>")
@allow("rt_head", "rw_head", "officer")
@audit.shows("task")
def show_task(task_id: UUID, filled: Filled = NOTHING) -> Response:
    """One task."""
    with recorded(task_id), deps().db.transaction(caller().tenant) as tx:
        task = showing.find(tx, caller(), task_id)
        audit.concerns(task.application_id)
        shown = showing.screen(deps(), tx, caller(), task, language())
    return task_screen.task_screen(shown | {"by_link": False}, f"{TASKS}/{task_id}", filled)


@task_pages.post("/<uuid:task_id>")
@allow("rt_head", "rw_head", "officer")
@forms.keeps(show_task, apart=NOT_HIS)
def decide(task_id: UUID) -> Any:
    """Decides, as the form on the page says."""
    body = task_screen.decision(forms.typed())
    _change(task_id, body, lambda tx: deciding.decide_as(deps(), tx, caller(), task_id, body))
    return forms.done(f"{TASKS}/{task_id}", _SAVED)


@task_pages.post("/<uuid:task_id>/asli")
@allow("rt_head", "rw_head")
@forms.keeps(show_task, apart=NOT_HIS)
def show_originals(task_id: UUID) -> Any:
    """Notes which originals were shown to him."""
    body = task_screen.originals(forms.typed())
    _change(task_id, body, lambda tx: deciding.show_originals_as(deps(), tx, caller(), task_id, body["file_ids"]))
    return forms.done(f"{TASKS}/{task_id}", _SAVED)


@task_pages.post("/<uuid:task_id>/tetangga")
@allow("rt_head", "rw_head", "officer")
@forms.keeps(show_task, apart=NOT_HIS)
def ask_neighbours(task_id: UUID) -> Any:
    """Has neighbours asked."""
    body = task_screen.neighbours(forms.typed())
    _change(task_id, body, lambda tx: deciding.ask_witnesses_as(deps(), tx, caller(), task_id, body["witnesses"]))
    return forms.done(f"{TASKS}/{task_id}", _ASKED)


def _change(task_id: UUID, body: Any, change: Callable[[Tx], Task]) -> None:
    """What `change` makes of the task, once for each form; what is not his is on record. Raises as it does."""

    def work(tx: Tx) -> Answer:
        task = change(tx)
        return answers.answer(TaskOut, showing.view(deps(), tx, caller(), task, language()), version=task.version)

    with recorded(task_id):
        once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
