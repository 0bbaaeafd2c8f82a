"""Somebody helps: the person whose case it is agrees, from his own phone, on paper, or by somebody's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import in_case, on_record
from intake.api.examples import APPLICATION
from intake.domain.case import Actor
from intake.domain.consent import AGREE, CODE, REVOKE
from intake.domain.errors import NotYours
from intake.schemas.base import Nothing
from intake.schemas.cases import ApplicationOut
from intake.schemas.consent import (
    Agreement,
    CodeWanted,
    Consent,
    Revocation,
    RevocationByCode,
    RevocationCodeWanted,
)
from intake.usecases import consent, reading
from kit import audit
from kit.answers import Answer, answer, deps, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("consent", __name__, url_prefix="/v1/applications", description="How a person agrees to being helped")


@blp.post("/<uuid:application_id>/consent/codes")
@allow("applicant", "officer")
@blp.arguments(CodeWanted, example={"phone": "0812-7100-0071"})
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422, 429)
def send_code(body: dict[str, Any], application_id: UUID) -> Response:
    """Ask the applicant to agree, by a code to the own phone

    Not the helper's phone. The code holds for 24 hours and five tries; another can be sent after a minute, five a
    day: before that it is 429 with `Retry-After`."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: consent.send_code(parts, tx, app, actor, body["phone"]),
    )


@blp.post("/<uuid:application_id>/consent")
@allow("applicant", "officer")
@blp.arguments(Consent, example={"method": "code", "code": "482913", "messages_to": "helper"})
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def record_consent(body: dict[str, Any], application_id: UUID) -> Response:
    """Record that the applicant agrees to being helped

    With the `code` that the applicant tells the helper or an officer; or an officer heard it from the applicant
    (`in_person`) or from the RT head (`rt_head_word`). A signed paper is sent as a file instead, for
    `SURAT_PERSETUJUAN`. `messages_to` is where the applicant wants messages. The last word counts."""
    held = _try(application_id) if body["method"] == CODE else None
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: consent.record(parts, tx, app, actor, body, held),
    )


@blp.post("/consents")
@allow("applicant")
@blp.arguments(Agreement, example={"tracking_code": "PGT-7K3M9-XW2RB", "code": "482913", "messages_to": "owner"})
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def agree(body: dict[str, Any]) -> Response:
    """Agree to being helped, with one's own login

    By the code that came to the own phone. From then on the case is seen here too, and the consent is ended without
    a code."""
    parts, who = deps(), caller()
    held = consent.take_try(parts, who.tenant, body["tracking_code"], AGREE)

    def work(tx: Tx) -> Answer:
        app = consent.case_for(parts, tx, body["tracking_code"])
        consent.agree(parts, tx, who, app, body, held)
        audit.concerns(app.id)
        shown = reading.view(parts, tx, app, Actor.towards(who.subject, who.roles, app))
        return answer(ApplicationOut, shown, 200, version=app.version)

    return once(parts.db, parts.data_keys, who, who.tenant, body, work)


@blp.post("/<uuid:application_id>/consent/revocation")
@allow("applicant", "officer")
@blp.arguments(Revocation, example={"phone": "0812-7100-0071"})
@blp.response(200, ApplicationOut, example=APPLICATION | {"waiting_for": "applicant"})
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def revoke(body: dict[str, Any], application_id: UUID) -> Response:
    """End the consent

    The applicant with the own login, or an officer whom the applicant tells so, until the letters are issued. The
    helper sees and does nothing more; the applicant goes on, with the code that comes to the own phone where the
    case is not on the own login yet (see `claims`)."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: consent.revoke(parts, tx, app, actor, body),
    )


@blp.post("/consents/revocation/codes")
@allow("applicant")
@blp.arguments(RevocationCodeWanted, example={"tracking_code": "PGT-7K3M9-XW2RB", "phone": "0812-7100-0071"})
@blp.response(202, Nothing)
@refusals(blp, 401, 403, 409, 415, 422)
def send_revocation_code(body: dict[str, Any]) -> Response:
    """Ask for a code to end the consent

    To the phone from which the applicant agreed, once a minute and five times a day. The answer is the same whether
    it is that phone or not."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        consent.send_revocation_code(parts, tx, body["tracking_code"], body["phone"])
        return Answer(202, {})

    return once(parts.db, parts.data_keys, who, who.tenant, body, work)


@blp.post("/consents/revocation")
@allow("applicant")
@blp.arguments(RevocationByCode, example={"tracking_code": "PGT-7K3M9-XW2RB", "code": "482913"})
@blp.response(200, ApplicationOut, example=APPLICATION | {"waiting_for": "applicant"})
@refusals(blp, 401, 403, 404, 409, 415, 422)
def revoke_by_code(body: dict[str, Any]) -> Response:
    """End the consent with the code from the own phone

    The case is the caller's from then on."""
    parts, who = deps(), caller()
    held = consent.take_try(parts, who.tenant, body["tracking_code"], REVOKE, by=who.subject)

    def work(tx: Tx) -> Answer:
        app = consent.case_for(parts, tx, body["tracking_code"])
        consent.revoke_by_code(parts, tx, who, app, body["code"], held)
        audit.concerns(app.id)
        shown = reading.view(parts, tx, app, Actor.towards(who.subject, who.roles, app))
        return answer(ApplicationOut, shown, 200, version=app.version)

    return once(parts.db, parts.data_keys, who, who.tenant, body, work)


def _try(application_id: UUID) -> bytes | None:
    try:
        return consent.take_try_in_case(deps(), caller(), application_id)
    except NotYours as error:
        raise on_record(error) from error
