"""`/v1/officeholders/masterdata`: RTs and who heads them, as the city sends them."""

from __future__ import annotations

from typing import Any

from contracts.masterdata import WRITERS, MasterDataQuery, report
from contracts.reach import OutOfReach
from kit import audit
from kit.access import refuse
from kit.auth import allow, caller
from kit.language import language
from kit.openapi import refusals
from kit.problems import translated
from kit.web import Resource
from verification.api import examples
from verification.api.common import deps
from verification.schemas.masterdata import MasterData, MasterDataReport
from verification.usecases import masterdata as usecase

masterdata = Resource(
    "masterdata", __name__, url_prefix="/v1/officeholders/masterdata", description="Master data from the city"
)


@masterdata.put("")
@allow(*WRITERS)
@masterdata.arguments(MasterDataQuery, location="query")
@masterdata.arguments(MasterData, example=examples.MASTER_DATA)
@refusals(masterdata, 401, 403, 404, 415, 422, 503)
@masterdata.response(200, MasterDataReport, example=examples.MASTER_DATA_REPORT)
@audit.by_each
def put_master_data(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Write RTs and who heads them

    Of as many offices as you like of those below you. What is there already is left as it is, another last day of a
    term is taken (null: none), and what is left out stays. The same document again changes nothing. One that cannot be
    taken is `wrong` in the report and says why, the others are taken. Offices and calendars go to
    `PUT /v1/masterdata`."""
    try:
        items = usecase.take(deps(), caller(), body["neighbourhoods"], body["officeholders"], dry_run=query["dry_run"])
    except OutOfReach as error:
        raise refuse(deps().db, caller(), "PUT /v1/officeholders/masterdata", error.code) from error
    return dict(translated(report(items, dry_run=query["dry_run"]), language()))
