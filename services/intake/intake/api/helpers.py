"""Who opens cases for others, for the office's eyes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from intake.schemas.helpers import HelperPage
from intake.store import helpers as store
from intake.usecases import helpers
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import allow, caller
from kit.openapi import refusals
from kit.paging import PageQuery, page, position
from kit.web import Resource

blp = Resource("helpers", __name__, url_prefix="/v1/applications", description="Who opens cases for others")


@blp.get("/helpers")
@allow("officer", "lurah")
@blp.arguments(PageQuery, location="query")
@blp.response(200, HelperPage)
@refusals(blp, 401, 403, 422)
@audit.shows("helper", purpose="list")
def list_helpers(query: dict[str, Any]) -> dict[str, Any]:
    """List helpers

    Whoever opened a case for somebody else, with how many there were and how many today; the latest first. Somebody
    with a login is one line whatever phone he names; who came to the counter is known by his phone."""
    parts, who = deps(), caller()
    with parts.db.transaction(who.tenant) as tx:
        found = office(parts, tx, who.tenant)
        after = position(query["cursor"], datetime.fromisoformat, UUID)
        rows = store.listed(tx, parts.data_keys, after, query["limit"])
    audit.concerns(*(f"helper:{row['id']}" for row in rows))
    shown = page(rows, query["limit"], lambda row: (row["last_at"], row["id"]))
    now = parts.clock.now()
    return shown | {"items": [helpers.shown(found, now, row) for row in shown["items"]]}
