"""`/v1/handovers`: the papers lie ready, and somebody receives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from documents.api import examples
from documents.api.common import deps
from documents.domain.cases import Application
from documents.domain.errors import WrongCode
from documents.domain.handovers import Handover
from documents.schemas.office import (
    Because,
    Choice,
    Completion,
    Dispatch,
    HandoverDetail,
    HandoverOut,
    HandoverPage,
    HandoversQuery,
)
from documents.store import handovers as store
from documents.usecases import handing_over, reading
from kit import answers, audit, paging
from kit.answers import Answer, once
from kit.auth import Caller, allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource

handovers = Resource("handovers", __name__, url_prefix="/v1/handovers", description="Handing the papers over.")


def _view(handover: Handover, who: Caller) -> dict[str, Any]:
    office = who.has(*reading.STAFF)
    sealed = ("received_by", "relation", "courier", "authority")
    return vars(handover) | {name: handover.person.get(name) if office else None for name in sealed}


def _detail(tx: Tx, handover: Handover, case: Application, who: Caller) -> dict[str, Any]:
    ready = handover.status == "ready"
    return _view(handover, who) | {
        "options": handing_over.offered(deps(), tx, case) if ready else [],
        "chosen": handover.person.get("chosen"),
        "next_step": handing_over.next_step(tx, case),
    }


@handovers.get("/<uuid:handover_id>")
@allow("officer", "lurah", "applicant")
@refusals(handovers, 401, 403, 404, 503)
@handovers.response(200, HandoverDetail, example=examples.DETAIL)
@audit.shows("handover")
def get_handover(handover_id: UUID) -> Any:
    """One hand-over

    With the ways that can be chosen, what each costs whom, and where to go with the papers."""
    reading.check_handover(deps(), caller(), handover_id)
    with deps().db.transaction(caller().tenant) as tx:
        handover, case = reading.handover(deps(), tx, handover_id)
        return _detail(tx, handover, case, caller()), 200, {"ETag": answers.etag(handover.version)}


@handovers.post("/<uuid:handover_id>/choice")
@allow("applicant", "officer")
@handovers.arguments(Choice, example={"method": "courier"})
@refusals(handovers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@handovers.response(200, HandoverDetail, example=examples.DETAIL)
def choose(body: dict[str, Any], handover_id: UUID) -> Response:
    """Choose how to receive the papers

    At the price that is shown: a dispatch that would cost the applicant more is refused."""

    def work(tx: Tx) -> Answer:
        handover, case = reading.lock_handover(deps(), tx, handover_id)
        answers.check_if_match(handover.version)
        handing_over.choose(deps(), tx, handover, case, body["method"])
        return answers.answer(HandoverDetail, _detail(tx, handover, case, caller()), version=handover.version)

    reading.check_handover(deps(), caller(), handover_id)
    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@handovers.get("")
@allow("officer", "lurah", "applicant")
@handovers.arguments(HandoversQuery, location="query")
@refusals(handovers, 401, 403, 404, 422, 503)
@handovers.response(200, HandoverPage, example=examples.HANDOVERS)
@audit.shows("handover", purpose="list")
def list_handovers(query: dict[str, Any]) -> dict[str, Any]:
    """Hand-overs, oldest first

    The office sees all of its own. An applicant names a case of his own."""
    [after] = paging.position(query["cursor"], UUID) or [None]
    reading.check_case(deps(), caller(), query["application_id"])
    with deps().db.transaction(caller().tenant) as tx:
        rows = store.page(tx, deps().data_keys, query["application_id"], query["status"], after, query["limit"] + 1)
    return paging.page([_view(row, caller()) for row in rows], query["limit"], lambda row: (row["id"],))


@handovers.post("/<uuid:handover_id>/completion")
@allow("officer")
@handovers.arguments(Completion, example=examples.COMPLETION)
@refusals(handovers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@handovers.response(200, HandoverOut, example=examples.HANDOVER)
def complete(body: dict[str, Any], handover_id: UUID) -> Response:
    """Records who received the papers

    The case is completed by it. What was carried is received with the recipient's code, or a photo of the receipt; who
    fetches it for somebody else has his letter of authority. Who it was is kept sealed and shown to the office only."""

    def work(tx: Tx) -> Answer:
        handover, case = reading.lock_handover(deps(), tx, handover_id)
        answers.check_if_match(handover.version)
        handing_over.complete(deps(), tx, handover, case, body, caller().subject)
        return answers.answer(HandoverOut, _view(handover, caller()), version=handover.version)

    reading.check_handover(deps(), caller(), handover_id)
    try:
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
    except WrongCode:
        handing_over.count_wrong_code(deps(), caller().tenant, handover_id)
        raise


@handovers.post("/<uuid:handover_id>/dispatch")
@allow("officer")
@handovers.arguments(Dispatch, example={"courier": "Kurir Contoh, Pak Darmawan", "price": 12000, "payer": "applicant"})
@refusals(handovers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@handovers.response(200, HandoverOut, example=examples.DISPATCHED)
def dispatch(body: dict[str, Any], handover_id: UUID) -> Response:
    """A courier or the RT head takes the papers

    Who is to receive them gets a code by message, with the price and who pays it. Only this code, or a photo of the
    receipt, completes it."""
    return _act(
        handover_id,
        body,
        lambda tx, handover, case: handing_over.dispatch(deps(), tx, handover, case, body, caller().subject),
    )


@handovers.post("/<uuid:handover_id>/attempts")
@allow("officer")
@handovers.arguments(Because, example={"reason": "Rumah kosong"})
@refusals(handovers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@handovers.response(200, HandoverOut, example=examples.DISPATCHED)
def record_attempt(body: dict[str, Any], handover_id: UUID) -> Response:
    """Nobody was met

    Who carries them still has the papers, and the code still counts."""
    return _act(
        handover_id,
        body,
        lambda tx, handover, _case: handing_over.record_attempt(deps(), tx, handover, body["reason"], caller().subject),
    )


@handovers.post("/<uuid:handover_id>/return")
@allow("officer")
@handovers.arguments(Because, example={"reason": "Tiga kali tidak bertemu"})
@refusals(handovers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@handovers.response(200, HandoverOut, example=examples.DISPATCHED | {"status": "ready", "method": "pickup"})
def bring_back(body: dict[str, Any], handover_id: UUID) -> Response:
    """The papers are at the office again

    They may be picked up, or sent once more with a new code."""
    return _act(
        handover_id,
        body,
        lambda tx, handover, _case: handing_over.bring_back(deps(), tx, handover, body["reason"], caller().subject),
    )


def _act(handover_id: UUID, body: dict[str, Any], act: Callable[[Tx, Handover, Application], None]) -> Response:
    def work(tx: Tx) -> Answer:
        handover, case = reading.lock_handover(deps(), tx, handover_id)
        answers.check_if_match(handover.version)
        act(tx, handover, case)
        return answers.answer(HandoverOut, _view(handover, caller()), version=handover.version)

    reading.check_handover(deps(), caller(), handover_id)
    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
