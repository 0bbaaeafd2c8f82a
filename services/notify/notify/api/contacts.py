"""`/v1/contacts`: who writes to the office, and whom it answers itself."""

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
from notify.api import examples
from notify.api.common import deps
from notify.schemas import ContactOut, ContactPage, ContactsQuery, Nothing
from notify.usecases import agreeing, answering

blp = Resource("contacts", __name__, url_prefix="/v1/contacts", description="Who writes to the office.")


@blp.get("")
@allow("officer", "administrator")
@blp.arguments(ContactsQuery, location="query")
@refusals(blp, 401, 403, 422, 503)
@blp.response(200, ContactPage, example=examples.CONTACTS)
@audit.shows("contact", purpose="list")
def list_contacts(query: dict[str, Any]) -> dict[str, Any]:
    """Whom the office answers itself, who wants no messages, or who wants announcements"""
    with deps().db.transaction(caller().tenant) as tx:
        found = answering.listed(deps(), tx, query)
    audit.concerns(*(f"contact:{one['id']}" for one in found["items"]))
    return found


@blp.post("/<uuid:contact_id>/resume")
@allow("officer", "administrator")
@blp.arguments(Nothing, example={})
@refusals(blp, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@blp.response(200, ContactOut, example=examples.LEFT_TO_US)
def leave_to_us(body: dict[str, Any], contact_id: UUID) -> Response:
    """Leaves somebody to the conversation again

    Whoever wrote to him from the office's phone has answered enough; `/bot`, written there, does the same."""

    def work(tx: Tx) -> Answer:
        contact = answering.resume(deps(), tx, contact_id, answers.check_if_match)
        return answers.answer(ContactOut, answering.shown(contact), version=contact.version)

    with recorded(contact_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@blp.post("/<uuid:contact_id>/end-announcements")
@allow("officer", "administrator")
@blp.arguments(Nothing, example={})
@refusals(blp, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@blp.response(200, ContactOut, example=examples.LEFT_TO_US)
def end_announcements(body: dict[str, Any], contact_id: UUID) -> Response:
    """Somebody told the office that he wants no more announcements

    `INFO STOP`, sent by himself, does the same. Only he can ask for them."""

    def work(tx: Tx) -> Answer:
        contact = agreeing.end(deps(), tx, contact_id, answers.check_if_match)
        return answers.answer(ContactOut, answering.shown(contact), version=contact.version)

    with recorded(contact_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
