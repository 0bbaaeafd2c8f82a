"""`/v1/reports`: an office's months, for the office and, without what could tell of anybody, for everybody."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import request

from intake.domain.accounts import is_within
from intake.domain.errors import NoSuchMonth, OfficeUnknown
from intake.schemas.base import KELURAHAN_CODE
from intake.schemas.reports import ReportOut, ReportQuery
from intake.usecases import figures
from kit.access import refuse
from kit.answers import deps
from kit.auth import allow, caller, public
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("reports", __name__, url_prefix="/v1", description="Figures of an office by month")


def _first(month: str) -> date:
    if not re.match(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", month):
        raise NoSuchMonth
    return date.fromisoformat(f"{month}-01")


@blp.get("/reports/<month>")
@allow("officer", "lurah", "administrator", "camat", "city", "reports.read")
@blp.arguments(ReportQuery, location="query")
@blp.response(200, ReportOut)
@refusals(blp, 401, 403, 404, 422)
def get_report(query: dict[str, Any], month: str) -> dict[str, Any]:
    """A month of the office

    Cases, share on time, working hours per step, the wait for RT heads, and what is late at this moment and with
    whom. Whoever is of a kecamatan or a city names the kelurahan, one of those below."""
    first, kelurahan = _first(month), query["kelurahan"] or caller().tenant
    if not is_within(kelurahan, caller().tenant) or not re.match(KELURAHAN_CODE, kelurahan):
        raise refuse(deps().db, caller(), f"{request.method} {request.url_rule}", kelurahan)
    with deps().db.transaction(kelurahan) as tx:
        return figures.report(deps(), tx, kelurahan, first, public=False)


@blp.get("/offices/<kelurahan>/reports/<month>")
@public
@blp.response(200, ReportOut)
@refusals(blp, 404)
def get_public_report(kelurahan: str, month: str) -> dict[str, Any]:
    """A month of an office, for everybody

    Without codes of cases, and without figures that fewer than five cases stand behind."""
    if not re.match(KELURAHAN_CODE, kelurahan):
        raise OfficeUnknown
    first = _first(month)
    with deps().db.transaction(kelurahan) as tx:
        return figures.report(deps(), tx, kelurahan, first, public=True)
