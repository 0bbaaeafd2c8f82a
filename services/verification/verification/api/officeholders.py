"""`/v1/officeholders`: who heads an RT or RW, from when to when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource
from verification.api import examples
from verification.api.common import deps
from verification.schemas.heads import (
    Absence,
    NewOfficeholder,
    OfficeholderOut,
    OfficeholderPage,
    OfficeholdersQuery,
    TermChange,
)
from verification.usecases import heads

officeholders = Resource(
    "officeholders", __name__, url_prefix="/v1/officeholders", description="Heads of RT and RW, and substitutes."
)


@officeholders.get("")
@allow("officer", "administrator")
@officeholders.arguments(OfficeholdersQuery, location="query")
@refusals(officeholders, 401, 403, 422, 503)
@officeholders.response(200, OfficeholderPage, example=examples.OFFICEHOLDERS)
@audit.shows("officeholder", purpose="list")
def list_officeholders(query: dict[str, Any]) -> dict[str, Any]:
    """Everybody who holds or held an office

    In the order in which they were entered."""
    with deps().db.transaction(caller().tenant) as tx:
        found = heads.listed_holders(deps(), tx, query)
    audit.concerns(*(f"officeholder:{one.id}" for one in found["items"]))
    return found


@officeholders.post("")
@allow("administrator")
@officeholders.arguments(NewOfficeholder, example=examples.NEW_OFFICEHOLDER)
@refusals(officeholders, 400, 401, 403, 409, 415, 422, 503)
@officeholders.response(201, OfficeholderOut, example=examples.OFFICEHOLDER)
def enter_officeholder(body: dict[str, Any]) -> Response:
    """Somebody takes office

    An RT or RW has one head at a time. Questions that lie with nobody go to him."""

    def work(tx: Tx) -> Answer:
        holder = heads.enter_holder(deps(), tx, caller().tenant, body)
        return answers.answer(OfficeholderOut, holder, 201, version=holder.version)

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@officeholders.patch("/<uuid:officeholder_id>")
@allow("administrator")
@officeholders.arguments(TermChange, example=examples.TERM_CHANGE)
@refusals(officeholders, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@officeholders.response(200, OfficeholderOut, example=examples.OFFICEHOLDER)
def change_term(body: dict[str, Any], officeholder_id: UUID) -> Response:
    """Sets the last day of a term

    From the day after, questions that are open with him go to whoever decides then."""

    def work(tx: Tx) -> Answer:
        holder = heads.end_term(deps(), tx, officeholder_id, body["to_date"], answers.check_if_match)
        return answers.answer(OfficeholderOut, holder, version=holder.version)

    with recorded(officeholder_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@officeholders.put("/<uuid:officeholder_id>/absence")
@allow("administrator", "officer")
@officeholders.arguments(Absence, example=examples.ABSENCE)
@refusals(officeholders, 400, 401, 403, 404, 412, 415, 422, 503)
@officeholders.response(200, OfficeholderOut, example=examples.OFFICEHOLDER)
def set_absence(body: dict[str, Any], officeholder_id: UUID) -> Response:
    """He is away, or back

    On those days the substitute decides, else the RW head; questions that are open with him go there."""
    with recorded(officeholder_id), deps().db.transaction(caller().tenant) as tx:
        holder = heads.set_absence(deps(), tx, officeholder_id, body["first"], body["until"], answers.check_if_match)
        answer = answers.answer(OfficeholderOut, holder, version=holder.version)
        audit.changed(tx, holder)
    return answer.response()


@officeholders.put("/own/absence")
@allow("rt_head", "rw_head")
@officeholders.arguments(Absence, example=examples.ABSENCE)
@refusals(officeholders, 400, 401, 403, 415, 422, 503)
@officeholders.response(200, OfficeholderOut, example=examples.OFFICEHOLDER)
def set_own_absence(body: dict[str, Any]) -> Response:
    """I am away, or back

    For the head of the RT or RW that the token names."""
    with deps().db.transaction(caller().tenant) as tx:
        holder = heads.set_own_absence(deps(), tx, caller(), body["first"], body["until"])
        audit.changed(tx, holder)
        answer = answers.answer(OfficeholderOut, holder, version=holder.version)
    return answer.response()
