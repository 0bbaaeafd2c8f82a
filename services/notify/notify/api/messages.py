"""`/v1/messages`: what people were sent, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.paging import PageQuery
from kit.web import Resource
from notify.api import examples
from notify.api.common import deps
from notify.schemas import (
    CostsOut,
    CostsQuery,
    Incoming,
    IncomingOut,
    MessageOut,
    MessagePage,
    MessagesQuery,
    Nothing,
    ReceivedPage,
    Search,
)
from notify.usecases import costs, reading

blp = Resource("messages", __name__, url_prefix="/v1/messages", description="Messages to people and from them.")


@blp.get("")
@allow("officer", "administrator")
@blp.arguments(MessagesQuery, location="query")
@refusals(blp, 401, 403, 422, 503)
@blp.response(200, MessagePage, example=examples.MESSAGES)
@audit.shows("message", purpose="list")
def list_messages(query: dict[str, Any]) -> dict[str, Any]:
    """Messages of the office, of one case, or with one status

    In the order of their making. Only an administrator sees the links and codes in them."""
    with deps().db.transaction(caller().tenant) as tx:
        return reading.listed(deps(), tx, caller(), query)


@blp.get("/costs")
@allow("administrator", "lurah")
@blp.arguments(CostsQuery, location="query")
@refusals(blp, 401, 403, 422, 503)
@blp.response(200, CostsOut, example=examples.COSTS)
@audit.shows_nobody("sums of an office")
def read_costs(query: dict[str, Any]) -> dict[str, Any]:
    """What the office's messages of a month cost

    Counted as they go out, by the prices in the settings."""
    month = date.fromisoformat(f"{query['month']}-01") if query["month"] else None
    with deps().db.transaction(caller().tenant) as tx:
        return costs.of_month(deps(), tx, caller().tenant, month)


@blp.get("/<uuid:message_id>")
@allow("officer", "administrator")
@refusals(blp, 401, 403, 404, 503)
@blp.response(200, MessageOut, example=examples.MESSAGE)
@audit.shows("message")
def get_message(message_id: UUID) -> Any:
    """One message"""
    with recorded(message_id), deps().db.transaction(caller().tenant) as tx:
        message = reading.find(deps(), tx, caller(), message_id)
    audit.concerns(message.application_id)
    return reading.shown(deps(), message, caller()), 200, {"ETag": answers.etag(message.version)}


@blp.post("/<uuid:message_id>/retry")
@allow("officer", "administrator")
@blp.arguments(Nothing, example={})
@refusals(blp, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@blp.response(200, MessageOut, example=examples.FAILED_AGAIN)
def retry_message(body: dict[str, Any], message_id: UUID) -> Response:
    """Sends a message that failed once more"""

    def work(tx: Tx) -> Answer:
        message = reading.send_again(deps(), tx, caller(), message_id, answers.check_if_match)
        return answers.answer(MessageOut, reading.shown(deps(), message, caller()), version=message.version)

    with recorded(message_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@blp.post("/search")
@allow("administrator")
@blp.arguments(Search, example=examples.SEARCH)
@refusals(blp, 400, 401, 403, 415, 422, 503)
@blp.response(200, MessagePage, example=examples.MESSAGES)
@audit.changes_nothing
@audit.shows("message", purpose="search")
def search_messages(body: dict[str, Any]) -> dict[str, Any]:
    """What a number was sent, newest first

    Changes nothing; it is a POST because a phone number has no place in an address."""
    with deps().db.transaction(caller().tenant) as tx:
        return reading.sent_to(deps(), tx, caller(), body)


@blp.get("/incoming")
@allow("officer", "administrator")
@blp.arguments(PageQuery, location="query")
@refusals(blp, 401, 403, 422, 503)
@blp.response(200, ReceivedPage, example=examples.RECEIVED)
@audit.shows("incoming", purpose="list")
def list_incoming(query: dict[str, Any]) -> dict[str, Any]:
    """What people wrote to the office, newest first

    Names and numbers are masked; who deals with each is said. The words are there where that is the office itself
    (`office`, while one of its staff answers): those of a conversation are in `/v1/conversations` of the service."""
    audit.concerns()
    with deps().db.transaction(caller().tenant) as tx:
        return reading.received(deps(), tx, query)


@blp.post("/incoming")
@allow("administrator")
@blp.arguments(Incoming, example=examples.INCOMING)
@refusals(blp, 400, 401, 403, 409, 415, 422, 503)
@blp.response(201, IncomingOut, example=examples.TAKEN_IN)
def take_in(body: dict[str, Any]) -> Response:
    """Enters what somebody wrote, where the channel is the mailbox

    It goes to the service whose question to that number is the newest open one; else what heads of an RT write goes to
    verification, and all else to intake."""

    def work(tx: Tx) -> Answer:
        taken = reading.take_in(deps(), tx, caller().tenant, body["phone"], body["text"])
        return answers.answer(IncomingOut, taken, 201)

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
