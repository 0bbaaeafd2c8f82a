"""A person's data go: what goes, what stays and why, and the proof."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import on_record
from intake.domain.errors import NotYours
from intake.schemas.base import Nothing
from intake.schemas.erasure import ErasureOut
from intake.usecases import erasing
from kit.answers import Answer, answer, deps, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("erasure", __name__, url_prefix="/v1/applications", description="A person's data go")


@blp.post("/<uuid:application_id>/erasure")
@allow("applicant", "officer")
@blp.arguments(Nothing, example={})
@blp.response(202, ErasureOut)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def request_erasure(body: dict[str, Any], application_id: UUID) -> Response:
    """Ask for the erasure of an ended case's data

    By the person himself, or by an officer on his behalf; an open case is withdrawn first. Within 3 × 24 hours, as a
    rule within a minute; ask at the same address how it stands. Asked again nothing more is done."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        shown = erasing.request(parts, tx, who, application_id)
        return answer(ErasureOut, shown, 202, Location=f"/v1/applications/{application_id}/erasure")

    try:
        return once(parts.db, parts.data_keys, who, who.tenant, body, work)
    except NotYours as error:
        raise on_record(error) from error


@blp.get("/<uuid:application_id>/erasure")
@allow("applicant", "officer", "lurah")
@blp.response(200, ErasureOut)
@refusals(blp, 401, 403, 404)
def show_erasure(application_id: UUID) -> dict[str, Any]:
    """How a case's erasure stands

    Also before it: what will go and stay, and until when the case is kept. After it: the proof."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            return erasing.look(parts, tx, who, application_id)
    except NotYours as error:
        raise on_record(error) from error
