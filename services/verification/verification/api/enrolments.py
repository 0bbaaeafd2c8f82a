"""`/v1/officeholders/enrolments`: the printable sheets by which heads enrol their own phones."""

from __future__ import annotations

from typing import Any

from flask import Response

from kit import audit
from kit.auth import allow, caller
from kit.openapi import refusals
from kit.web import Resource
from verification.api.common import deps
from verification.pages.sheets import sheets_page
from verification.schemas.heads import EnrolmentQuery
from verification.store import copies
from verification.usecases import enrolling

enrolments = Resource(
    "enrolments", __name__, url_prefix="/v1/officeholders/enrolments", description="Sheets by which heads enrol."
)


@enrolments.post("")
@allow("administrator")
@enrolments.arguments(EnrolmentQuery, location="query")
@refusals(enrolments, 401, 403, 422, 503)
@enrolments.response(200, {"type": "string"}, content_type="text/html", example="<!doctype html>…")
@audit.shows("officeholder", purpose="print")
def print_enrolments(query: dict[str, Any]) -> Response:
    """Sheets to be printed, one for each head

    Each with a code that the head sends once from his own phone. Heads whose number is confirmed are left out; printing
    again gives the same codes while they count."""
    tenant = caller().tenant
    with deps().db.transaction(tenant) as tx:
        sheets = enrolling.print_codes(deps(), tx, tenant, query["rw"], query["rt"])
        audit.concerns(*(f"officeholder:{one.holder.id}" for one in sheets))
        audit.changed(tx)
        return sheets_page(sheets, copies.office_name(tx, tenant) or tenant, copies.office_phone(tx, tenant))
