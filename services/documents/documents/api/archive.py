"""`/v1/letters/export` and `/v1/letters/by-number`: letters for other systems and archives."""

from __future__ import annotations

from typing import Any

from flask import Response

from contracts.bulk import PeriodQuery
from documents.api.common import deps
from documents.api.letters import letters
from documents.schemas.archive import FoundLetters, NumberQuery
from documents.usecases import archive, reading
from kit import audit
from kit.access import recorded
from kit.auth import allow, caller
from kit.exports import CSV, NDJSON, send_rows
from kit.openapi import refusals


@letters.get("/export")
@allow(reading.ARCHIVE)
@letters.arguments(PeriodQuery, location="query")
@refusals(letters, 401, 403, 404, 406, 422)
@letters.response(200, {"type": "string"}, content_type=NDJSON)
@letters.alt_response(200, schema={"type": "string"}, content_type=CSV)
@audit.shows_nobody("numbers and what became of them")
def export_letters(query: dict[str, Any]) -> Response:
    """Letters that bear a date of a period

    As lines of JSON (`application/x-ndjson`) or CSV (`text/csv`), by `Accept`, gzipped on request: each number of the
    book with what became of its letter, office after office. However long: an answer that broke off goes on with the
    `cursor` of the last row that arrived. Of days that are over no row is missing and none is added."""
    with recorded(",".join(query["kelurahan"])):
        batches = archive.of_period(deps(), caller(), query)
    return send_rows(archive.COLUMNS, batches, f"surat-{query['first']}-{query['last']}")


@letters.get("/by-number")
@allow(reading.ARCHIVE)
@letters.arguments(NumberQuery, location="query")
@refusals(letters, 401, 403, 404, 422)
@letters.response(200, FoundLetters)
@audit.shows("letter", purpose="archive")
def find_by_number(query: dict[str, Any]) -> dict[str, Any]:
    """Letters by their number

    For archives: what is known of the letters of an office that bear this number, and where their PDFs are. Kept on
    record as a reading."""
    with recorded(query["kelurahan"]):
        found = archive.by_number(deps(), caller(), query)
    office = query["kelurahan"] or caller().tenant
    audit.concerns(*(one["application_id"] for one in found), tenant=office)
    return {"items": found}
