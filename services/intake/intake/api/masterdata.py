"""`/v1/masterdata`: offices and their calendars, as the city sends them."""

from __future__ import annotations

from typing import Any

from contracts.masterdata import WRITERS, MasterDataQuery, report
from contracts.reach import OutOfReach
from intake.schemas.base import KELURAHAN
from intake.schemas.masterdata import MasterData, MasterDataReport
from intake.usecases import masterdata
from kit import audit
from kit.access import refuse
from kit.answers import deps
from kit.auth import allow, caller
from kit.language import language
from kit.openapi import refusals
from kit.problems import translated
from kit.web import Resource

blp = Resource("masterdata", __name__, url_prefix="/v1/masterdata", description="Master data from the city")

_EXAMPLE = {
    "offices": [
        {
            "code": KELURAHAN,
            "calendar": {"holidays_added": [{"date": "2026-06-17", "name": "Hari jadi kota", "cuti_bersama": False}]},
        }
    ]
}


@blp.put("")
@allow(*WRITERS)
@blp.arguments(MasterDataQuery, location="query")
@blp.arguments(MasterData, example=_EXAMPLE)
@blp.response(200, MasterDataReport)
@refusals(blp, 401, 403, 404, 415, 422)
@audit.by_each
def put_master_data(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Write offices and their calendars

    As many as you like of those below you. What is left out stays as it is; a new office begins with the shipped hours
    and catalogue, and what it could not know of itself is in its `made_up`. The same document again changes nothing.
    Each office is taken by itself: one that cannot be is `wrong` in the report and says why, the others are taken. RTs
    and who heads them go to `PUT /v1/officeholders/masterdata`."""
    try:
        items = masterdata.take(deps(), caller(), body["offices"], dry_run=query["dry_run"])
    except OutOfReach as error:
        raise refuse(deps().db, caller(), "PUT /v1/masterdata", error.code) from error
    return dict(translated(report(items, dry_run=query["dry_run"]), language()))
