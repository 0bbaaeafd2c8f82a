"""`/v1/officeholders/enrolments`: the printable sheets by which heads enrol their own phones."""

from __future__ import annotations

from importlib import resources
from typing import Any

from flask import Response, render_template_string

from contracts.enrolment import WORD
from kit import audit
from kit.auth import allow, caller
from kit.openapi import refusals
from kit.web import Resource
from verification.api.common import deps
from verification.schemas.heads import EnrolmentQuery
from verification.store import copies
from verification.usecases import enrolling
from verification.usecases.enrolling import Sheet

enrolments = Resource(
    "enrolments", __name__, url_prefix="/v1/officeholders/enrolments", description="Sheets by which heads enrol."
)

_ROLES = {"rt_head": "Ketua", "substitute": "Wakil ketua", "rw_head": "Ketua"}


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
        page = _page(sheets, copies.office_name(tx, tenant) or tenant, copies.office_phone(tx, tenant))
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy}
    return Response(page, 200, headers, content_type="text/html; charset=utf-8")


def _page(sheets: list[Sheet], office: str, phone: str | None) -> str:
    template = resources.files("verification.pages").joinpath("enrolment.html").read_text("utf-8")
    shown = [vars(one) | {"role": _ROLES[one.holder.role], "until": f"{one.last_day:%d-%m-%Y}"} for one in sheets]
    return render_template_string(template, sheets=shown, office=office, phone=phone, word=WORD)
