"""`/v1/handovers`: the papers lie ready, and somebody receives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from documents.api import examples
from documents.api.common import change_handover, deps
from documents.domain.cases import Application
from documents.domain.handovers import MAY_DO, Handover
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
from documents.usecases import handing_over, listing, reading
from kit import answers, audit
from kit.answers import Answer
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource

handovers = Resource("handovers", __name__, url_prefix="/v1/handovers", description="Handing the papers over.")


def shown_handover(_tx: Tx, handover: Handover, _case: Application) -> Answer:
    """How it stands now."""
    return answers.answer(HandoverOut, handing_over.view(handover, caller()), version=handover.version)


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
        return handing_over.detail(deps(), tx, handover, case, caller()), 200, {"ETag": answers.etag(handover.version)}


@handovers.post("/<uuid:handover_id>/choice")
@allow(*MAY_DO["choose"])
@handovers.arguments(Choice, example={"method": "courier"})
@refusals(handovers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@handovers.response(200, HandoverDetail, example=examples.DETAIL)
def choose(body: dict[str, Any], handover_id: UUID) -> Response:
    """Choose how to receive the papers

    At the price that is shown: a dispatch that would cost the applicant more is refused."""

    def shown(tx: Tx, handover: Handover, case: Application) -> Answer:
        view = handing_over.detail(deps(), tx, handover, case, caller())
        return answers.answer(HandoverDetail, view, version=handover.version)

    return change_handover(
        handover_id, body,
        lambda tx, handover, case: handing_over.choose(deps(), tx, handover, case, body["method"]), shown,
    )  # fmt: skip


@handovers.get("")
@allow("officer", "lurah", "applicant")
@handovers.arguments(HandoversQuery, location="query")
@refusals(handovers, 401, 403, 404, 422, 503)
@handovers.response(200, HandoverPage, example=examples.HANDOVERS)
@audit.shows("handover", purpose="list")
def list_handovers(query: dict[str, Any]) -> dict[str, Any]:
    """Hand-overs, oldest first

    The office sees all of its own. An applicant names a case of his own."""
    return listing.handovers_of(deps(), caller(), query)


@handovers.post("/<uuid:handover_id>/completion")
@allow(*MAY_DO["complete"])
@handovers.arguments(Completion, example=examples.COMPLETION)
@refusals(handovers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@handovers.response(200, HandoverOut, example=examples.HANDOVER)
def complete(body: dict[str, Any], handover_id: UUID) -> Response:
    """Records who received the papers

    The case is completed by it. What was carried is received with the recipient's code, or a photo of the receipt; who
    fetches it for somebody else has his letter of authority. Who it was is kept sealed and shown to the office only."""

    with handing_over.counting_wrong_codes(deps(), caller().tenant, handover_id):
        return _act(
            handover_id, body,
            lambda tx, handover, case: handing_over.complete(deps(), tx, handover, case, body, caller().subject),
        )  # fmt: skip


@handovers.post("/<uuid:handover_id>/dispatch")
@allow(*MAY_DO["dispatch"])
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
@allow(*MAY_DO["try"])
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
@allow(*MAY_DO["bring_back"])
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
    return change_handover(handover_id, body, act, shown_handover)
