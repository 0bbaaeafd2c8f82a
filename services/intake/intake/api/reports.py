"""`/v1/reports`: an office's months, for the office and, without what could tell of anybody, for everybody."""

from __future__ import annotations

import re
from typing import Any

from intake.api.base import on_record
from intake.domain.errors import NotYours, OfficeUnknown
from intake.schemas.areas import AreaOut
from intake.schemas.base import KELURAHAN_CODE
from intake.schemas.public_figures import PublicReportOut
from intake.schemas.reports import ReportOut, ReportQuery
from intake.usecases import public_figures, reports
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

    Cases, share on time, working days until the letters and working hours per step, the wait for RT heads, complaints,
    and what is late at this moment and with whom. Whoever is of a kecamatan or a city names the kelurahan,
    one of those below."""
    first = reports.first_of(month)
    try:
        return reports.of_office(deps(), caller(), query["kelurahan"] or caller().tenant, first)
    except NotYours as error:
        raise on_record(error) from error


@blp.get("/reports/<month>/offices")
@allow("camat", "city", "reports.read")
@blp.response(200, AreaOut)
@refusals(blp, 401, 403, 404)
def get_reports_side_by_side(month: str) -> dict[str, Any]:
    """A month of all offices of a kecamatan or city

    Side by side, with the twelve months up to it, of each and of all together, and what is late at this moment and with
    whom. Of an office itself it is the one."""
    return reports.side_by_side(deps(), caller(), reports.first_of(month))


@blp.get("/offices/<kelurahan>/reports/<month>")
@public
@blp.response(200, PublicReportOut)
@refusals(blp, 404)
def get_public_report(kelurahan: str, month: str) -> dict[str, Any]:
    """A month of an office, for everybody

    Once the month is over, and without codes of cases. Of one to four cases nothing is said, nor of as many more as
    keep those from being told by what is shown beside them. With what the office issues and what it needs for that."""
    return public_month(kelurahan, month)


def public_month(kelurahan: str, month: str | None = None) -> dict[str, Any]:
    """A month for everybody, by itself the last one that is over. Raises OfficeUnknown, NoSuchMonth, MonthNotOver."""
    if not re.match(KELURAHAN_CODE, kelurahan):
        raise OfficeUnknown
    first = reports.first_of(month) if month else public_figures.last_month(deps(), kelurahan)
    return public_figures.of_month(deps(), kelurahan, first)
