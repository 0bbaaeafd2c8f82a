"""`/v1/reports`: an office's months, for the office and, without what could tell of anybody, for everybody."""

from __future__ import annotations

import re
from typing import Any

from intake.api.base import on_record
from intake.domain.errors import NotYours, OfficeUnknown
from intake.schemas.base import KELURAHAN_CODE
from intake.schemas.reports import ReportOut, ReportQuery
from intake.usecases import figures, reports
from kit.answers import deps
from kit.auth import allow, caller, public
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("reports", __name__, url_prefix="/v1", description="Figures of an office by month")


@blp.get("/reports/<month>")
@allow(*reports.READERS, "reports.read")
@blp.arguments(ReportQuery, location="query")
@blp.response(200, ReportOut)
@refusals(blp, 401, 403, 404, 422)
def get_report(query: dict[str, Any], month: str) -> dict[str, Any]:
    """A month of the office

    Cases, share on time, working hours per step, the wait for RT heads, and what is late at this moment and with
    whom. Whoever is of a kecamatan or a city names the kelurahan, one of those below."""
    first = reports.first_of(month)
    try:
        return reports.of_office(deps(), caller(), query["kelurahan"] or caller().tenant, first)
    except NotYours as error:
        raise on_record(error) from error


@blp.get("/offices/<kelurahan>/reports/<month>")
@public
@blp.response(200, ReportOut)
@refusals(blp, 404)
def get_public_report(kelurahan: str, month: str) -> dict[str, Any]:
    """A month of an office, for everybody

    Without codes of cases, and without figures that fewer than five cases stand behind."""
    if not re.match(KELURAHAN_CODE, kelurahan):
        raise OfficeUnknown
    first = reports.first_of(month)
    with deps().db.transaction(kelurahan) as tx:
        return figures.report(deps(), tx, kelurahan, first, public=True)
