"""All that is kept about a person's case, for himself to take along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import on_record, within_case
from intake.domain.case import Actor, Application
from intake.domain.errors import NotYours
from intake.schemas.base import Nothing
from intake.schemas.record import RecordLinkOut, RecordOut, RecordQuery
from intake.usecases import reading, records
from kit import audit
from kit.answers import Answer, answer, deps
from kit.auth import allow, caller, public
from kit.db import EVERY_TENANT, Tx
from kit.downloads import attachment
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("record", __name__, url_prefix="/v1/applications", description="All that is kept about a case")


@blp.post("/<uuid:application_id>/record")
@allow("applicant", "officer")
@blp.arguments(Nothing, example={})
@blp.response(202, RecordOut)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def ask_record(body: dict[str, Any], application_id: UUID) -> Response:
    """Ask for all that is kept about a case

    By the person himself, or an officer on his behalf: one ZIP with JSON of each part of the system, who touched the
    case, his scans and letters; without other people's data. What he complained of, wrote, and answered to the survey
    is in it only when he asks himself, and an officer cannot fetch that one. Within 3 × 24 hours, as a rule within a
    minute."""
    return _in_case(application_id, body, 202, RecordOut, records.ask)


@blp.get("/<uuid:application_id>/record")
@allow("applicant", "officer")
@blp.response(200, RecordOut)
@refusals(blp, 401, 403, 404)
def show_record(application_id: UUID) -> dict[str, Any]:
    """How that stands

    It can be fetched for seven days, by a link (`POST …/record/links`)."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            app, actor = reading.find(parts, tx, who, application_id)
            records.check_himself(actor)
            return records.status(parts, tx, app, actor)
    except NotYours as error:
        raise on_record(error) from error


@blp.post("/<uuid:application_id>/record/links")
@allow("applicant", "officer")
@blp.arguments(Nothing, example={})
@blp.response(201, RecordLinkOut)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def make_record_link(body: dict[str, Any], application_id: UUID) -> Response:
    """Make a link that fetches it

    For five minutes; a link that was made before opens nothing any more."""
    return _in_case(application_id, body, 201, RecordLinkOut, records.make_link)


@blp.get("/<uuid:application_id>/record/content")
@public
@blp.arguments(RecordQuery, location="query")
@blp.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
@refusals(blp, 404, 422)
@audit.shows("record")
def read_record(query: dict[str, Any], application_id: UUID) -> Response:
    """Fetch it, by its link"""
    parts = deps()
    with parts.db.transaction(EVERY_TENANT) as tx:
        row = records.by_link(tx, application_id, query["link"])
    audit.concerns(application_id, tenant=row["kelurahan"], reader="link", object_id=row["id"], purpose="record")
    content = parts.objects.get(parts.settings.s3_bucket, row["key"])
    response = Response(content, mimetype=records.ZIP, direct_passthrough=True)
    response.headers.update(attachment(f"data-{application_id}.zip"))
    response.headers["Content-Length"] = str(row["size"])
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_case(application_id: UUID, body: Any, status: int, shape: Any, act: Any) -> Response:
    def work(tx: Tx, app: Application, actor: Actor) -> Answer:
        return answer(shape, act(deps(), tx, app, actor), status)

    return within_case(application_id, body, work)
