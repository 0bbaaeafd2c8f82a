"""`/v1/events`: what happened in cases, letters and complaints, in one order, for other systems."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from flask import Response

from contracts.reach import OutOfReach
from kit import audit
from kit.access import recorded
from kit.auth import allow, caller
from kit.openapi import refusals
from kit.web import Resource
from notify.api import examples
from notify.api.common import deps
from notify.schemas.feed import BATCH, FeedQuery, PositionsOut, PublicEventOut
from notify.usecases import following

READERS = ("camat", "city", "events.read")

blp = Resource("events", __name__, url_prefix="/v1/events", description="What happened, for other systems to follow.")


@blp.get("")
@allow(*READERS)
@blp.arguments(FeedQuery, location="query")
@refusals(blp, 401, 403, 404, 409, 410, 422)
@blp.response(
    200, PublicEventOut(many=True), content_type=BATCH, example=examples.EVENTS, headers=examples.EVENT_HEADERS
)
@audit.shows_nobody("the feed has nothing of a person")
def list_events(query: dict[str, Any]) -> Response:
    """Events behind a position, in order

    A CloudEvents batch: each has its `position`, which counts from 1 over all offices, without a gap but for the leap
    of a restore. The next request asks for what is behind `Next-Position`, which may have moved although nothing was
    found. Of two events about one subject the one with the higher `sequence` counts. `wait` keeps the answer back until
    there is something."""
    who = caller()
    try:
        asked = following.asked_for(who, query)
    except OutOfReach as error:
        with recorded(error.code):
            raise
    found = following.follow(deps(), who, asked, query["wait"])
    body = json.dumps([row.event for row in found.rows], ensure_ascii=False, separators=(",", ":"))
    return Response(body, mimetype=BATCH, headers=_headers(query, found))


def _headers(query: dict[str, Any], found: following.Found) -> dict[str, str]:
    same = {name: ",".join(query[name]) for name in ("types", "kelurahan") if query[name]}
    onward = {"after": found.goes_on, "limit": query["limit"], "wait": query["wait"]} | same
    return {
        "Next-Position": str(found.goes_on),
        "Newest-Position": str(found.newest),
        "Link": f'</v1/events?{urlencode(onward, safe=",*")}>; rel="next"',
    }


@blp.get("/positions")
@allow(*READERS)
@refusals(blp, 401, 403)
@blp.response(200, PositionsOut, example=examples.POSITIONS)
@audit.shows_nobody("two numbers")
def read_positions() -> dict[str, int]:
    """The oldest and the newest position

    Whoever begins with all data notes `newest` first, fetches the data, and then follows the feed from there."""
    with deps().db.transaction(caller().tenant) as tx:
        return following.positions(tx)
