"""Who touched a case, for the person whose case it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from intake.api.base import on_record
from intake.domain.applications import RESIDENT
from intake.domain.errors import NotYours
from intake.schemas.accesses import AccessPage
from intake.store import accesses as store
from intake.usecases import accesses, reading
from kit import audit
from kit.answers import deps
from kit.auth import allow, caller
from kit.openapi import refusals
from kit.paging import PageQuery, page, position
from kit.web import Resource

blp = Resource("accesses", __name__, url_prefix="/v1/applications", description="Who touched a case")


@blp.get("/<uuid:application_id>/accesses")
@allow("applicant", "officer", "lurah")
@blp.arguments(PageQuery, location="query")
@blp.response(200, AccessPage)
@refusals(blp, 401, 403, 404, 422)
@audit.shows_nobody("roles and offices, and the lurah's name, which is published")
def list_accesses(query: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """Who read or changed something of a case

    In all parts of the system, the latest first, some seconds after it happened: by role and office, and the same
    reader and thing within an hour as one. What the person did himself is not listed."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            app, actor = reading.find(parts, tx, who, application_id)
            after = position(query["cursor"], datetime.fromisoformat, UUID)
            rows = store.of_case(tx, application_id, after, query["limit"], himself=RESIDENT in actor.roles)
            found = page(rows, query["limit"], lambda row: (row["last_at"], row["id"]))
            return found | {"items": accesses.shown(parts, tx, app, found["items"])}
    except NotYours as error:
        raise on_record(error) from error
