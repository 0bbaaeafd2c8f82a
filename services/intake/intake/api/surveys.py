"""`/v1/surveys`: the nine questions after a finished case, by the link that was sent, and what came of them."""

from __future__ import annotations

import re
from typing import Any

from flask import Response

from intake.domain.accesses import BY_SURVEY
from intake.domain.errors import OfficeUnknown
from intake.domain.survey import ELEMENTS, Given, SurveyOver
from intake.schemas.base import KELURAHAN_CODE
from intake.schemas.surveys import (
    CommentPage,
    CommentQuery,
    PeriodQuery,
    SurveyAnswerIn,
    SurveyIndexOut,
    SurveyOut,
    questions,
)
from intake.usecases import surveys
from intake.usecases.tokens import hash_of
from kit import audit
from kit.answers import Answer, answer, deps, once
from kit.auth import allow, caller, public
from kit.db import Row, Tx
from kit.openapi import refusals
from kit.web import Resource

READERS = ("officer", "lurah", "administrator")
blp = Resource("surveys", __name__, url_prefix="/v1", description="The survey after a finished case")


@blp.get("/surveys/<token>")
@public
@blp.response(200, SurveyOut)
@refusals(blp, 404, 410)
@audit.shows_nobody("questions, and the name of a service")
def get_survey(token: str) -> dict[str, Any]:
    """Show the survey of a link

    The nine questions with their answers, in both languages. Looking uses nothing up."""
    shown = look(token)
    if shown["state"] == "over":
        raise SurveyOver
    return shown


@blp.post("/surveys/<token>/answer")
@public
@blp.arguments(SurveyAnswerIn)
@blp.response(201, SurveyOut)
@refusals(blp, 400, 404, 409, 410, 415, 422)
def answer_survey(body: dict[str, Any], token: str) -> Response:
    """Answer a survey

    Once for each case: a second answer is 409 `survey-answered`, and the first one counts."""
    return answered(token, body)


def look(token: str) -> dict[str, Any]:
    """How it stands, with its questions. Raises NoSurvey."""
    return _shown(surveys.find(deps(), token))


def answered(token: str, body: dict[str, Any]) -> Response:
    """The answer, once per Idempotency-Key; the link is no part of what is kept. Raises NoSurvey, SurveyOver,
    Answered."""
    row = surveys.find(deps(), token)
    case, tenant = row["application_id"], row["kelurahan"]
    given = Given(tuple(body["answers"][one.code] for one in ELEMENTS), (body.get("comment") or "").strip() or None)

    def work(tx: Tx) -> Answer:
        surveys.answer(deps(), tx, row, given, "link")
        audit.concerns(case, tenant=tenant, reader=f"{BY_SURVEY}{case}", object_id=case, via="link")
        return answer(SurveyOut, _shown(row) | {"state": "answered"}, 201)

    who = f"{BY_SURVEY}{hash_of(token).hex()}"
    return once(deps().db, deps().data_keys, who, tenant, body, work, route="POST /v1/surveys/answer")


def _shown(row: Row) -> dict[str, Any]:
    return surveys.look(deps(), row) | {"questions": questions()}


@blp.get("/surveys")
@allow(*READERS)
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, SurveyIndexOut)
@refusals(blp, 401, 403, 404, 422)
@audit.shows_nobody("an index; names are those of its elements")
def get_index(query: dict[str, Any]) -> dict[str, Any]:
    """Show the office's index

    Of a year or a month, with the number of answers also where they are too few, or still come in. Index and means are
    what everybody may see."""
    with deps().db.transaction(caller().tenant) as tx:
        return surveys.index_of(deps(), tx, caller().tenant, query["period"], public=False)


@blp.get("/surveys/comments")
@allow("officer", "lurah")
@blp.arguments(CommentQuery, location="query")
@blp.response(200, CommentPage)
@refusals(blp, 401, 403, 422)
@audit.shows("comment", purpose="list")
def list_comments(query: dict[str, Any]) -> dict[str, Any]:
    """List what people wrote in surveys

    The newest first, with the month and the service. No names; they go with their cases."""
    with deps().db.transaction(caller().tenant) as tx:
        shown, cases = surveys.comments(deps(), tx, query)
    audit.concerns(*cases)
    return shown


@blp.get("/offices/<kelurahan>/survey")
@public
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, SurveyIndexOut)
@refusals(blp, 404, 422)
@audit.shows_nobody("an index; names are those of its elements")
def get_public_index(query: dict[str, Any], kelurahan: str) -> dict[str, Any]:
    """Show an office's index to everybody

    Of a year or a month that is over. Where fewer than `minimum` answered there is no index and no number, only
    `enough: false`; the same for a service, or a year, where what the others leave would tell of so few."""
    if not re.match(KELURAHAN_CODE, kelurahan):
        raise OfficeUnknown
    with deps().db.transaction(kelurahan) as tx:
        return surveys.index_of(deps(), tx, kelurahan, query["period"], public=True)
