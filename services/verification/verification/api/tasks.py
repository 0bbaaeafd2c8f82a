"""`/v1/tasks`: what RT heads are asked, for callers with a login."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.language import language
from kit.openapi import refusals
from kit.web import Resource
from verification.api import examples
from verification.api.common import deps
from verification.domain.tasks import Task
from verification.schemas.tasks import (
    DecisionIn,
    NewIntroduction,
    OriginalsIn,
    TaskOut,
    TaskPage,
    TasksQuery,
    WitnessesIn,
)
from verification.usecases import deciding, showing

tasks = Resource("tasks", __name__, url_prefix="/v1/tasks", description="Introductions and attestations.")


def _view(tx: Tx, task: Task) -> dict[str, Any]:
    return showing.view(deps(), tx, caller(), task, language())


@tasks.get("")
@allow("rt_head", "rw_head", "officer")
@tasks.arguments(TasksQuery, location="query")
@refusals(tasks, 401, 403, 422, 503)
@tasks.response(200, TaskPage, example=examples.TASKS)
@audit.shows("task", purpose="list")
def list_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """Tasks, newest first

    An RT head sees his RT's, an RW head his RW's, an officer the kelurahan's."""
    with deps().db.transaction(caller().tenant) as tx:
        return showing.listed(deps(), tx, caller(), query, language())


@tasks.post("")
@allow("rt_head")
@tasks.arguments(NewIntroduction, example=examples.NEW_INTRODUCTION)
@refusals(tasks, 400, 401, 403, 409, 415, 422, 503)
@tasks.response(201, TaskOut, example=examples.DECIDED)
def introduce(body: dict[str, Any]) -> Response:
    """The RT head introduces somebody

    Granted at once: the letter is issued, and with a service the resident gets a code to go on with."""

    def work(tx: Tx) -> Answer:
        task = deciding.introduce(deps(), tx, caller(), body)
        return answers.answer(TaskOut, _view(tx, task), 201, version=task.version, Location=f"/v1/tasks/{task.id}")

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@tasks.get("/<uuid:task_id>")
@allow("rt_head", "rw_head", "officer")
@refusals(tasks, 401, 403, 404, 503)
@tasks.response(200, TaskOut, example=examples.TASK)
@audit.shows("task")
def get_task(task_id: UUID) -> Any:
    """One task

    An officer also sees whether the head was reached."""
    with recorded(task_id), deps().db.transaction(caller().tenant) as tx:
        task = showing.find(tx, caller(), task_id)
        audit.concerns(task.application_id)
        return _view(tx, task), 200, {"ETag": answers.etag(task.version)}


@tasks.post("/<uuid:task_id>/decision")
@allow("rt_head", "rw_head", "officer")
@tasks.arguments(DecisionIn, examples=examples.DECISIONS)
@refusals(tasks, 400, 401, 403, 404, 409, 415, 422, 503)
@tasks.response(200, TaskOut, example=examples.DECIDED)
def decide(body: dict[str, Any], task_id: UUID) -> Response:
    """Decides

    The same decision again gets the same answer; another one is 409 `task-closed`. An officer records here what a
    neighbour told him; what heads are asked is theirs."""

    def work(tx: Tx) -> Answer:
        task = deciding.decide_as(deps(), tx, caller(), task_id, body)
        return answers.answer(TaskOut, _view(tx, task), version=task.version)

    with recorded(task_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@tasks.post("/<uuid:task_id>/originals")
@allow("rt_head", "rw_head")
@tasks.arguments(OriginalsIn, example={"file_ids": ["0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e9f"]})
@refusals(tasks, 400, 401, 403, 404, 409, 415, 422, 503)
@tasks.response(200, TaskOut, example=examples.DECIDED)
def show_originals(body: dict[str, Any], task_id: UUID) -> Response:
    """Records that he has seen originals

    Those of `originals`: they count as genuine, and a case that waits for nothing else goes on."""

    def work(tx: Tx) -> Answer:
        task = deciding.show_originals_as(deps(), tx, caller(), task_id, body["file_ids"])
        return answers.answer(TaskOut, _view(tx, task), version=task.version)

    with recorded(task_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@tasks.post("/<uuid:task_id>/witnesses")
@allow("rt_head", "rw_head", "officer")
@tasks.arguments(WitnessesIn, example=examples.WITNESSES)
@refusals(tasks, 400, 401, 403, 404, 409, 415, 422, 503)
@tasks.response(200, TaskOut, example=examples.TASK)
def ask_witnesses(body: dict[str, Any], task_id: UUID) -> Response:
    """Has neighbours asked

    While the case is being verified. Each gets a link of his own; without a number an officer asks him and records
    the answer. The same ones again change nothing."""

    def work(tx: Tx) -> Answer:
        task = deciding.ask_witnesses_as(deps(), tx, caller(), task_id, body["witnesses"])
        return answers.answer(TaskOut, _view(tx, task), version=task.version)

    with recorded(task_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
