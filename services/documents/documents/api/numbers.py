"""`/v1/registers`: where a series goes on from paper, and numbers for letters that are made elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from documents.api import examples
from documents.api.common import deps, with_etag
from documents.schemas.letters import VoidRequest
from documents.schemas.registers import NewNumber, NumberOut, RegisterOut, RegisterPage, StartIn
from documents.usecases import registers as usecase
from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.paging import PageQuery
from kit.web import Resource

numbers = Resource(
    "register numbers", __name__, url_prefix="/v1/registers", description="Series, and numbers for letters elsewhere."
)
_SERIES = "/<int(min=1900, max=9999):year>/series"


@numbers.get(_SERIES)
@allow("officer", "lurah", "administrator")
@numbers.arguments(PageQuery, location="query")
@refusals(numbers, 401, 403, 404, 422, 503)
@numbers.response(200, RegisterPage, example={"items": [examples.REGISTER], "next_cursor": None})
def list_series(query: dict[str, Any], year: int) -> dict[str, Any]:
    """The series of a year

    With the last number of each, and which numbers are in the paper book."""
    return usecase.series_of(deps(), caller().tenant, year, query)


@numbers.get(f"{_SERIES}/<path:series>")
@allow("officer", "lurah", "administrator")
@refusals(numbers, 401, 403, 404, 503)
@numbers.response(200, RegisterOut, example=examples.REGISTER)
def get_series(year: int, series: str) -> Any:
    """One series of a year

    Also before its first number, with `last` 0."""
    with recorded(series), deps().db.transaction(caller().tenant) as tx:
        register = usecase.found(tx, series, year)
    return with_etag(register, register.last)


@numbers.put(f"{_SERIES}/<path:series>")
@allow("lurah", "administrator")
@numbers.arguments(StartIn, example={"last": 122})
@refusals(numbers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@numbers.response(200, RegisterOut, example=examples.REGISTER)
def go_on_after(body: dict[str, Any], year: int, series: str) -> Response:
    """Goes on from the paper book

    The next letter of the series takes the number after `last`. Only upwards and only for the present year; who said
    it, when, and which numbers are on paper stays in the book."""
    with recorded(series), deps().db.transaction(caller().tenant) as tx:
        usecase.found(tx, series, year)
    with deps().db.transaction(caller().tenant) as tx:
        register = usecase.continue_after(
            deps(), tx, series, year, body["last"], caller().subject, answers.check_if_match
        )
        audit.changed(tx, object_id=f"{series}/{year}")
        answer = answers.answer(RegisterOut, register, version=register.last)
    return answer.response()


@numbers.post("/numbers")
@allow("officer", "lurah")
@numbers.arguments(NewNumber, example=examples.NEW_NUMBER)
@refusals(numbers, 400, 401, 403, 409, 415, 422, 503)
@numbers.response(201, NumberOut, example=examples.NUMBER)
def take(body: dict[str, Any]) -> Response:
    """Takes a number for a letter that is made elsewhere

    Of the same book as our own letters, so that the book stays one. The letter is of today."""

    def work(tx: Tx) -> Answer:
        letter = usecase.take(deps(), tx, body, caller().subject)
        where = f"/v1/registers/numbers/{letter.id}"
        return answers.answer(NumberOut, letter, 201, version=letter.version, Location=where)

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@numbers.get("/numbers/<uuid:number_id>")
@allow("officer", "lurah")
@refusals(numbers, 401, 403, 404, 503)
@numbers.response(200, NumberOut, example=examples.NUMBER)
@audit.shows("register")
def get_number(number_id: UUID) -> Any:
    """The number of a letter that is made elsewhere"""
    with recorded(number_id), deps().db.transaction(caller().tenant) as tx:
        letter = usecase.outside_letter(deps(), tx, number_id)
    audit.concerns()  # a letter that is made elsewhere: no case of ours
    return with_etag(letter, letter.version)


@numbers.post("/numbers/<uuid:number_id>/void")
@allow("officer", "lurah")
@numbers.arguments(VoidRequest, example=examples.VOIDING)
@refusals(numbers, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@numbers.response(200, NumberOut, example=examples.NUMBER)
def void(body: dict[str, Any], number_id: UUID) -> Response:
    """Voids the number of a letter that is made elsewhere

    It stays taken, and the book shows who voided it, when and why; also when its year is closed."""

    def work(tx: Tx) -> Answer:
        letter = usecase.void_as_shown(deps(), tx, number_id, caller().subject, body["reason"], answers.check_if_match)
        return answers.answer(NumberOut, letter, version=letter.version)

    with recorded(number_id), deps().db.transaction(caller().tenant) as tx:
        usecase.outside_letter(deps(), tx, number_id)
    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
