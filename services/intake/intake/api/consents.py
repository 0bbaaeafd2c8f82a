"""What a person agrees to apart from the legal basis of his letter: each by itself, and withdrawn as easily."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from contracts.consent import KINDS
from intake.api.base import on_record, within_case
from intake.domain.case import Actor, Application
from intake.domain.errors import NotYours
from intake.schemas.consents import ConsentsOut, ConsentWord
from intake.usecases import consents, reading
from kit import audit
from kit.answers import Answer, answer, deps
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.problems import NotFound
from kit.web import Resource

blp = Resource("consents", __name__, url_prefix="/v1/applications", description="What a person agrees to")


@blp.get("/<uuid:application_id>/consents")
@allow("applicant", "officer", "lurah")
@blp.response(200, ConsentsOut)
@refusals(blp, 401, 403, 404)
@audit.shows_nobody("kinds, texts of ours, and whether he agrees")
def list_consents(application_id: UUID) -> dict[str, Any]:
    """What the applicant agreed to

    Messages by WhatsApp, a courier, what neighbours see: with the text that he was shown, and when."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            app, _actor = reading.find(parts, tx, who, application_id)
            return consents.view(parts, tx, app)
    except NotYours as error:
        raise on_record(error) from error


@blp.put("/<uuid:application_id>/consents/<kind>")
@allow("applicant", "officer")
@blp.arguments(ConsentWord, example={"given": False, "text_version": 1})
@blp.response(200, ConsentsOut)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def say_consent(body: dict[str, Any], application_id: UUID, kind: str) -> Response:
    """Agree to something, or withdraw it

    `kind` is `messages`, `courier` or `neighbours`. Withdrawn, it stops at once: messages that wait are not sent, a
    courier gets nothing, neighbours are not asked and open questions to them end."""
    if kind not in KINDS:
        raise NotFound

    def work(tx: Tx, app: Application, actor: Actor) -> Answer:
        consents.say(deps(), tx, app, actor, kind, body)
        return answer(ConsentsOut, consents.view(deps(), tx, app))

    return within_case(application_id, body, work)
