"""`/v1/neighbourhoods`: the RTs of a kelurahan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from contracts.places import IdentityError, normalise_rt, normalise_rw
from kit import answers, audit
from kit.answers import Answer
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.problems import TooLarge, Unprocessable, UnsupportedMediaType, Words
from kit.web import Resource
from verification.api import examples
from verification.api.common import deps
from verification.schemas.heads import NeighbourhoodOut, NeighbourhoodPage, NeighbourhoodsQuery
from verification.schemas.shapes import RtNumber, RwNumber
from verification.schemas.table import MOST_BYTES, ImportOut, ImportQuery, read_table, write_table
from verification.usecases import heads, importing

neighbourhoods = Resource("neighbourhoods", __name__, url_prefix="/v1/neighbourhoods", description="RW and RT.")


@neighbourhoods.get("")
@allow("officer", "administrator")
@neighbourhoods.arguments(NeighbourhoodsQuery, location="query")
@refusals(neighbourhoods, 401, 403, 422, 503)
@neighbourhoods.response(200, NeighbourhoodPage, example=examples.NEIGHBOURHOODS)
@audit.shows_nobody("who holds an office is public; the name, no number")
def list_neighbourhoods(query: dict[str, Any]) -> dict[str, Any]:
    """The RTs of the kelurahan

    With who decides for each today: its head, else the substitute, else the head of the RW."""
    with deps().db.transaction(caller().tenant) as tx:
        return heads.listed_places(deps(), tx, caller().tenant, query)


@neighbourhoods.post("/import")
@allow("administrator")
@neighbourhoods.arguments(ImportQuery, location="query")
@neighbourhoods.doc(
    requestBody={
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}, "example": examples.TABLE}},
    }
)
@refusals(neighbourhoods, 401, 403, 409, 413, 415, 422, 503)
@neighbourhoods.response(200, ImportOut, example=examples.IMPORTED)
def import_neighbourhoods(query: dict[str, Any]) -> Response:
    """Takes a table of RTs and their heads

    CSV in UTF-8 (see `GET /v1/neighbourhoods/export` for the columns), whole or not at all: 422 `table-wrong` names
    each wrong line. What is there already is left as it is, so that the same file may be sent again."""
    lines = read_table(_csv_body())

    def work(tx: Tx) -> Answer:
        items = importing.import_table(deps(), tx, caller().tenant, lines, dry_run=query["dry_run"])
        return answers.answer(ImportOut, {"dry_run": query["dry_run"], "items": items})

    asked = [query["dry_run"], [[line.kelurahan, dict(line.values)] for line in lines]]
    return answers.once(deps().db, deps().data_keys, caller(), caller().tenant, asked, work)


def _csv_body() -> bytes:
    if request.mimetype not in ("text/csv", "application/csv", "application/vnd.ms-excel"):
        raise UnsupportedMediaType(Words("Kirim tabel sebagai text/csv.", "Send the table as text/csv."))
    content = request.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge(Words("Tabel paling besar 1 MB.", "A table may have at most 1 MB."))
    return content


@neighbourhoods.get("/export")
@allow("administrator")
@refusals(neighbourhoods, 401, 403, 503)
@neighbourhoods.response(200, {"type": "string"}, content_type="text/csv", example=examples.TABLE)
@audit.shows("officeholder", purpose="table")
def export_neighbourhoods() -> Response:
    """The RTs and their heads as a table

    With everybody who holds or held an office: it can be changed in a spreadsheet and sent to `import`."""
    with deps().db.transaction(caller().tenant) as tx:
        rows = importing.export_table(deps(), tx, caller().tenant)
    audit.concerns()  # everybody who holds or held an office
    return Response(write_table(rows), 200, {"Cache-Control": "no-store"}, content_type="text/csv; charset=utf-8")


@neighbourhoods.put("/<rw>/<rt>")
@allow("administrator")
@refusals(neighbourhoods, 401, 403, 404, 422, 503)
@neighbourhoods.response(200, NeighbourhoodOut, example=examples.NEIGHBOURHOOD)
@neighbourhoods.alt_response(201, schema=NeighbourhoodOut, example=examples.NEIGHBOURHOOD, description="It is new.")
def put_neighbourhood(rw: str, rt: str) -> Response:
    """Registers an RT

    There is nothing to send: its place is its key. Doing it again changes nothing."""
    rw, rt = _number("rw", rw, normalise_rw, RwNumber.refused), _number("rt", rt, normalise_rt, RtNumber.refused)
    with deps().db.transaction(caller().tenant) as tx:
        place, new = heads.put_neighbourhood(deps(), tx, caller().tenant, rw, rt)
        audit.changed(tx, place, status=201 if new else 200)
        view = heads.neighbourhood_views(deps(), tx, caller().tenant, [place])[0]
        answer = answers.answer(NeighbourhoodOut, view, 201 if new else 200, version=place.version)
    return answer.response()


def _number(name: str, text: str, rule: Callable[[str], str], refused: Words) -> str:
    try:
        return rule(text)
    except IdentityError as error:
        raise Unprocessable(errors={"path": {name: [refused]}}) from error
