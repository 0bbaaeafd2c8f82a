"""What only an officer can correct, and all requests about people's data whose time runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import on_record, within_case
from intake.domain.case import Actor, Application
from intake.domain.errors import NotYours
from intake.schemas.corrections import CorrectionAnswer, CorrectionIn, CorrectionList, CorrectionOut, RequestPage
from intake.usecases import corrections, reading, requests
from kit import audit
from kit.answers import Answer, answer, deps
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.paging import PageQuery, position
from kit.web import Resource

blp = Resource("corrections", __name__, url_prefix="/v1/applications", description="What people want corrected")


@blp.post("/<uuid:application_id>/corrections")
@allow("applicant", "officer")
@blp.arguments(CorrectionIn)
@blp.response(201, CorrectionOut)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def ask_correction(body: dict[str, Any], application_id: UUID) -> Response:
    """Ask for a correction that only an officer can make

    By the person himself, or an officer on his behalf, in words; what he may correct himself goes by `PATCH` of the
    case. It is answered within 3 × 24 hours: `due_at`. The same words again, while they wait, are the same request."""

    def act(tx: Tx, app: Application, actor: Actor) -> Answer:
        made = corrections.ask(deps(), tx, app, actor, body["words"])
        return answer(CorrectionOut, made, 201, Location=f"/v1/applications/{application_id}/corrections")

    return within_case(application_id, body, act)


@blp.get("/<uuid:application_id>/corrections")
@allow("applicant", "officer")
@blp.response(200, CorrectionList)
@refusals(blp, 401, 403, 404)
@audit.shows("correction")
def list_corrections(application_id: UUID) -> dict[str, Any]:
    """What was asked to be corrected

    Each with its limit, and what the officer said."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            app, actor = reading.find(parts, tx, who, application_id)
            return corrections.every(parts, tx, app, actor)
    except NotYours as error:
        raise on_record(error) from error


@blp.post("/<uuid:application_id>/corrections/<uuid:correction_id>/answer")
@allow("officer")
@blp.arguments(CorrectionAnswer, example={"outcome": "done", "note": "Sudah diperbaiki."})
@blp.response(200, CorrectionOut)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def answer_correction(body: dict[str, Any], application_id: UUID, correction_id: UUID) -> Response:
    """Answer a request for a correction

    After it was made (`PATCH` of the case, a letter voided and issued anew), or with the reason why not."""

    def act(tx: Tx, app: Application, actor: Actor) -> Answer:
        said = {"note": None} | body
        return answer(CorrectionOut, corrections.answer(deps(), tx, app, actor, correction_id, said))

    return within_case(application_id, body, act)


@blp.get("/requests")
@allow("officer", "lurah")
@blp.arguments(PageQuery, location="query")
@blp.response(200, RequestPage)
@refusals(blp, 401, 403, 422)
@audit.shows_nobody("kinds and times of requests, and codes of cases")
def list_requests(query: dict[str, Any]) -> dict[str, Any]:
    """List requests about people's data that are not done yet

    Records, corrections, erasures, and withdrawn consents that others were not told of yet; the nearest end first.
    Each is to be done within 3 × 24 hours (UU PDP 27/2022)."""
    parts, who = deps(), caller()
    after = position(query["cursor"], datetime.fromisoformat, UUID)
    with parts.db.transaction(who.tenant) as tx:
        return requests.listed(parts, tx, (after[0], after[1]) if after else None, query["limit"])
