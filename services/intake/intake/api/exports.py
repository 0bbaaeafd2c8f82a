"""`/v1/applications/export`: cases of a period, for other systems."""

from __future__ import annotations

from typing import Any

from flask import Response

from contracts.bulk import PeriodQuery
from intake.usecases import exporting
from kit import audit
from kit.access import recorded
from kit.answers import deps
from kit.auth import allow, caller
from kit.exports import CSV, NDJSON, send_rows
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("exports", __name__, url_prefix="/v1/applications", description="Cases for other systems")


@blp.get("/export")
@allow("cases.read")
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, {"type": "string"}, content_type=NDJSON)
@blp.alt_response(200, schema={"type": "string"}, content_type=CSV)
@refusals(blp, 401, 403, 404, 406, 422)
@audit.shows_nobody("cases without the people in them")
def export_cases(query: dict[str, Any]) -> Response:
    """Cases that were first submitted in a period

    As lines of JSON (`application/x-ndjson`) or CSV (`text/csv`), by `Accept`, gzipped on request: of each case what
    the feed tells of it, as it stands now, office after office. However long: an answer that broke off goes on with the
    `cursor` of the last row that arrived. Of days that are over no row is missing and none is added."""
    with recorded(",".join(query["kelurahan"])):
        batches = exporting.cases(deps(), caller(), query)
    return send_rows(exporting.COLUMNS, batches, f"permohonan-{query['first']}-{query['last']}")
