"""What people wrote and only a person can answer, for the office's eyes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import in_office, recording
from intake.schemas.base import Nothing
from intake.schemas.conversations import ConversationOut, MessagePage
from intake.usecases.talking import reading
from kit import audit
from kit.answers import Answer, answer, deps
from kit.auth import allow, caller
from kit.db import Row, Tx
from kit.openapi import refusals
from kit.paging import PageQuery
from kit.problems import NotFound
from kit.web import Resource

blp = Resource("conversations", __name__, url_prefix="/v1/conversations", description="What people wrote")


@blp.get("")
@allow("officer", "lurah")
@blp.arguments(PageQuery, location="query")
@blp.response(200, MessagePage)
@refusals(blp, 401, 403, 422)
@audit.shows("message", purpose="list")
def list_messages(query: dict[str, Any]) -> dict[str, Any]:
    """List messages that wait for a person

    Voice messages, calls for help, and what no conversation understood; the oldest first."""
    with deps().db.transaction(caller().tenant) as tx:
        shown = reading.waiting(deps(), tx, query)
    audit.concerns(*(row["application_id"] or f"message:{row['id']}" for row in shown["items"]))
    return shown


@blp.get("/<uuid:message_id>")
@allow("officer", "lurah")
@blp.response(200, ConversationOut)
@refusals(blp, 401, 403, 404)
@audit.shows("message")
def show_message(message_id: UUID) -> dict[str, Any]:
    """Show a message and the conversation around it"""
    with recording(), deps().db.transaction(caller().tenant) as tx:
        shown = reading.whole(deps(), tx, message_id)
    audit.concerns(shown["application_id"] or f"message:{message_id}")
    return shown


@blp.get("/<uuid:message_id>/file")
@allow("officer", "lurah")
@blp.response(200, content_type="application/octet-stream")
@refusals(blp, 401, 403, 404)
@audit.shows("message")
def read_file(message_id: UUID) -> Response:
    """Read a message's file

    A voice message, or what was sent where no case takes it. It is handed over as a download, whatever it is."""
    with recording(), deps().db.transaction(caller().tenant) as tx:
        row = reading.find(deps(), tx, message_id)
    audit.concerns(row["application_id"] or f"message:{message_id}")
    return handed_over(row)


def handed_over(row: Row) -> Response:
    """The file of a message as a download. Raises NotFound where it has none."""
    file = row["said"].get("file")
    if not file:
        raise NotFound
    content = deps().objects.get(file["bucket"], file["key"])
    response = Response(content, mimetype="application/octet-stream", direct_passthrough=True)  # type: ignore[arg-type]
    response.headers["Content-Length"] = str(content.stat.size)
    response.headers["Content-Disposition"] = "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response


@blp.post("/<uuid:message_id>/answer")
@allow("officer", "lurah")
@blp.arguments(Nothing)
@blp.response(200, ConversationOut)
@refusals(blp, 400, 401, 403, 404, 409, 415, 422)
def mark_answered(body: dict[str, Any], message_id: UUID) -> Response:
    """Say that a message was answered

    By telephone, at the counter, or from the office's own WhatsApp: it leaves the list."""

    def work(tx: Tx) -> Answer:
        shown = reading.answered(deps(), tx, message_id, caller().subject)
        audit.concerns(shown["application_id"] or f"message:{message_id}")
        return answer(ConversationOut, shown, 200)

    return in_office(body, work)
