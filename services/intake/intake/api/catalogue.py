"""The published catalogue."""

from __future__ import annotations

import re
from typing import Any

from intake.catalogue import shipped_catalogue
from intake.domain.errors import NoSuchService
from intake.schemas.base import SERVICE_CODE
from intake.schemas.catalogue import CatalogueQuery, ServiceList, ServiceOut
from intake.store import offices as store
from intake.usecases.offices import office
from kit.answers import deps
from kit.auth import public
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("services", __name__, url_prefix="/v1/services", description="What the office does for people")


@blp.get("")
@public
@blp.arguments(CatalogueQuery, location="query")
@blp.response(200, ServiceList)
@refusals(blp, 404, 422)
def list_services(query: dict[str, Any]) -> dict[str, Any]:
    """List an office's services"""
    parts, kelurahan = deps(), query["kelurahan"]
    with parts.db.transaction(kelurahan) as tx:
        found = office(parts, tx, kelurahan)
        return {"items": store.catalogue(tx, kelurahan, found.today(parts.clock.now()))}


@blp.get("/<code>")
@public
@blp.arguments(CatalogueQuery, location="query")
@blp.response(200, ServiceOut, example=shipped_catalogue()[0])
@refusals(blp, 404, 422)
def get_service(query: dict[str, Any], code: str) -> dict[str, Any]:
    """Show a service

    Requirements, procedure, time, cost, product, next step, and how to complain."""
    if not re.match(SERVICE_CODE, code):
        raise NoSuchService
    parts, kelurahan = deps(), query["kelurahan"]
    with parts.db.transaction(kelurahan) as tx:
        found = office(parts, tx, kelurahan)
        data = store.sop_on(tx, kelurahan, code, found.today(parts.clock.now()))
    if data is None:
        raise NoSuchService
    return data | {"introduction_days": found.introduction_days}
