"""Offices, their calendar, and the clock."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask import Response

from contracts.sandbox import is_sandbox
from intake.domain.errors import OfficeUnknown
from intake.offices import shipped_office
from intake.schemas.base import KELURAHAN, KELURAHAN_CODE
from intake.schemas.offices import CalendarOut, CalendarQuery, ClockIn, ClockOut, Office, OfficeList
from intake.store import offices as store
from intake.usecases import clock, offices, upkeep
from kit import audit
from kit.answers import answer, check_if_match, deps, etag
from kit.auth import allow, caller, public
from kit.db import EVERY_TENANT
from kit.language import language
from kit.openapi import refusals
from kit.problems import Unprocessable, Words
from kit.web import Resource

LONGEST = timedelta(days=400)
_EXAMPLE = dict(shipped_office(KELURAHAN))

blp = Resource("offices", __name__, url_prefix="/v1", description="Offices, their calendar, and the clock")


@blp.get("/offices")
@public
@blp.response(200, OfficeList)
@refusals(blp)
def list_offices() -> dict[str, Any]:
    """List offices

    Those that serve people: the one in which other systems are tried is not among them."""
    with deps().db.transaction(EVERY_TENANT) as tx:
        return {"items": [one for one in store.names(tx) if not is_sandbox(one["code"])]}


@blp.get("/offices/<kelurahan>")
@public
@blp.response(200, Office, example=_EXAMPLE)
@refusals(blp, 404)
def get_office(kelurahan: str) -> Any:
    """Show an office"""
    if not re.match(KELURAHAN_CODE, kelurahan):
        raise OfficeUnknown
    with deps().db.transaction(kelurahan) as tx:
        row = store.get(tx, kelurahan)
    if row is None:
        raise OfficeUnknown
    return row["data"], 200, {"ETag": etag(row["version"])}


@blp.put("/offices/<kelurahan>")
@allow("administrator")
@blp.arguments(Office, example=_EXAMPLE)
@blp.response(200, Office, example=_EXAMPLE)
@refusals(blp, 401, 403, 404, 412, 415, 422)
def put_office(body: dict[str, Any], kelurahan: str) -> Response:
    """Write an office

    The whole of it, in the shape that it is shown in. A new office begins with the shipped catalogue. When the
    calendar changes, running cases get their dates anew."""
    parts = deps()
    with parts.db.transaction(kelurahan) as tx:
        row = offices.write_office(parts, tx, caller(), kelurahan, body, check_if_match)
        made = answer(Office, row["data"], 200, version=row["version"])
        audit.changed(tx, object_id=kelurahan)
    return made.response()


@blp.get("/calendar")
@public
@blp.arguments(CalendarQuery, location="query")
@blp.response(200, CalendarOut)
@refusals(blp, 404, 422)
def get_calendar(query: dict[str, Any]) -> dict[str, Any]:
    """Show an office's days

    Worked or not, why, and from when to when: what a promise is counted by. At most 400 days."""
    if not timedelta() <= query["last"] - query["first"] <= LONGEST:
        said = Words("Paling banyak 400 hari, dari awal ke akhir.", "At most 400 days, from first to last.")
        raise Unprocessable(errors={"query": {"to": [said]}})
    parts = deps()
    with parts.db.transaction(query["kelurahan"]) as tx:
        found = offices.office(parts, tx, query["kelurahan"])
    return {
        "kelurahan": found.code,
        "zone": found.zone.key,
        "items": offices.days(found, query["first"], query["last"]),
        "warnings": [words.in_language(language()) for words in offices.warnings(found, query["first"], query["last"])],
    }


@blp.get("/clock")
@public
@blp.response(200, ClockOut)
@refusals(blp)
def get_clock() -> dict[str, Any]:
    """Show the business clock

    Machine time in production; a system for trying may be ahead."""
    return clock.shown(deps())


@blp.put("/clock")
@allow("administrator")
@blp.arguments(ClockIn)
@blp.response(200, ClockOut)
@refusals(blp, 401, 403, 409, 415, 422)
def put_clock(body: dict[str, Any]) -> dict[str, Any]:
    """Move the business clock forward

    In a system for trying only; back is 409 `clock-backwards`. What fell due meanwhile has happened, in its order and
    at its time, before this answers. Every process of every service follows within a
    second or two: `/health/ready` of each shows where it is."""
    parts = deps()
    with parts.db.transaction(EVERY_TENANT) as tx:
        moved = clock.put_clock(parts, tx, body["now"], caller().subject)
        audit.changed(tx)
    clock.follow(parts, moved["offset_seconds"])
    upkeep.catch_up(parts)
    return moved
