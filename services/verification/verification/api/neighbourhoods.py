"""`/v1/neighbourhoods`: the RTs of a kelurahan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from contracts.places import IdentityError, normalise_rt, normalise_rw
from kit import answers, paging
from kit.auth import allow, caller
from kit.openapi import refusals
from kit.problems import Unprocessable, Words
from kit.web import Resource
from verification.api import examples
from verification.api.common import deps
from verification.schemas.heads import NeighbourhoodOut, NeighbourhoodPage, NeighbourhoodsQuery
from verification.schemas.shapes import RtNumber, RwNumber
from verification.store import heads as store
from verification.usecases import heads

neighbourhoods = Resource("neighbourhoods", __name__, url_prefix="/v1/neighbourhoods", description="RW and RT.")


@neighbourhoods.get("")
@allow("officer", "administrator")
@neighbourhoods.arguments(NeighbourhoodsQuery, location="query")
@refusals(neighbourhoods, 401, 403, 422, 503)
@neighbourhoods.response(200, NeighbourhoodPage, example=examples.NEIGHBOURHOODS)
def list_neighbourhoods(query: dict[str, Any]) -> dict[str, Any]:
    """The RTs of the kelurahan

    With who decides for each today: its head, else the substitute, else the head of the RW."""
    after = paging.position(query["cursor"], paging.plain, paging.plain)
    with deps().db.transaction(caller().tenant) as tx:
        rows = store.neighbourhoods(tx, rw=query["rw"], after=after, limit=query["limit"] + 1)
        views = heads.neighbourhood_views(deps(), tx, caller().tenant, rows)
    return paging.page(views, query["limit"], lambda row: (row["rw"], row["rt"]))


@neighbourhoods.put("/<rw>/<rt>")
@allow("administrator")
@refusals(neighbourhoods, 401, 403, 422, 503)
@neighbourhoods.response(200, NeighbourhoodOut, example=examples.NEIGHBOURHOOD)
@neighbourhoods.alt_response(201, schema=NeighbourhoodOut, example=examples.NEIGHBOURHOOD, description="It is new.")
def put_neighbourhood(rw: str, rt: str) -> Response:
    """Registers an RT

    There is nothing to send: its place is its key. Doing it again changes nothing."""
    rw, rt = _number("rw", rw, normalise_rw, RwNumber.refused), _number("rt", rt, normalise_rt, RtNumber.refused)
    with deps().db.transaction(caller().tenant) as tx:
        place, new = heads.put_neighbourhood(deps(), tx, caller().tenant, rw, rt)
        view = heads.neighbourhood_views(deps(), tx, caller().tenant, [place])[0]
        answer = answers.answer(NeighbourhoodOut, view, 201 if new else 200, version=place.version)
    return answer.response()


def _number(name: str, text: str, rule: Callable[[str], str], refused: Words) -> str:
    try:
        return rule(text)
    except IdentityError as error:
        raise Unprocessable(errors={"path": {name: [refused]}}) from error
