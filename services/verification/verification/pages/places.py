"""`/verification/wilayah`: the RTs of the kelurahan and who heads them; whole tables in and out."""

from __future__ import annotations

import tempfile
from typing import Any

from flask import Blueprint, Response, request

from kit import answers, audit
from kit.answers import Answer, once
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import NotFound, Words
from kit.spool import Spool
from kit.uploads import UploadLimits, received_file
from verification.api.common import deps
from verification.schemas.heads import NeighbourhoodOut, NeighbourhoodsQuery
from verification.schemas.table import (
    COLUMNS,
    MOST_BYTES,
    NEEDED,
    ImportOut,
    ImportQuery,
    Place,
    read_table,
    write_table,
)
from verification.store import copies
from verification.usecases import heads, importing

PLACES = "/verification/wilayah"

place_pages = Blueprint("place-pages", __name__, url_prefix=PLACES)

_LIMITS = UploadLimits(file=MOST_BYTES, fields=5, field=1_000, in_memory=MOST_BYTES + 1)
_SPOOL = Spool(tempfile.gettempdir(), limit=16 * MOST_BYTES)
"""Nothing is ever put there: a table stays in memory. It bounds how many are read at once."""
_EACH = 200
_SAVED = Words("RT tersimpan.", "The RT is saved.")


@place_pages.get("")
@allow("administrator", "officer")
@audit.shows_nobody("who holds an office is public; the name, no number")
def show_places(filled: Filled = NOTHING) -> Response:
    """The RTs by RW, with who decides for each today."""
    asked = {name: request.args[word] for word, name in (("rw", "rw"), ("lanjut", "cursor")) if request.args.get(word)}
    tenant = caller().tenant
    query = forms.load(NeighbourhoodsQuery(), asked | {"limit": _EACH})
    with deps().db.transaction(tenant) as tx:
        found = heads.listed_places(deps(), tx, tenant, query)
        name = copies.office_name(tx, tenant) or tenant
    return page(
        "places.html", filled=filled, neighbourhoods=found["items"], further=found["next_cursor"], chosen=asked,
        name=name, changes=caller().has("administrator"),
    )  # fmt: skip


@place_pages.post("")
@allow("administrator")
@forms.keeps(show_places)
def register() -> Any:
    """Registers an RT; one that is there stays as it is."""
    typed = forms.typed()
    place = forms.load(Place(), {name: typed[name] for name in ("rw", "rt") if typed.get(name, "").strip()})
    tenant = caller().tenant

    def work(tx: Tx) -> Answer:
        kept, new = heads.put_neighbourhood(deps(), tx, tenant, place["rw"], place["rt"])
        view = heads.neighbourhood_views(deps(), tx, tenant, [kept])[0]
        return answers.answer(NeighbourhoodOut, view, 201 if new else 200, version=kept.version)

    once(deps().db, deps().data_keys, caller(), tenant, place, work)
    return forms.done(f"{PLACES}/{place['rw']}/{place['rt']}", _SAVED)


@place_pages.get("/<rw>/<rt>")
@allow("administrator", "officer")
@audit.shows("officeholder", purpose="list")
def show_place(rw: str, rt: str) -> Response:
    """One RT: who decides for it today, and everybody who holds or held an office there."""
    tenant = caller().tenant
    with deps().db.transaction(tenant) as tx:
        place = heads.find_place(deps(), tx, tenant, rw, rt)
        if place is None:
            raise NotFound
        query = {"rw": rw, "rt": rt, "cursor": None, "limit": _EACH}
        holders = heads.listed_holders(deps(), tx, query)["items"]
        name = copies.office_name(tx, tenant) or tenant
    audit.concerns(*(f"officeholder:{one.id}" for one in holders))
    return page("place.html", place=place, holders=holders, name=name, changes=caller().has("administrator"))


@place_pages.get("/impor")
@allow("administrator")
@audit.shows_nobody("a form, and what is wrong with lines of a file")
def show_import(filled: Filled = NOTHING, report: Any = None) -> Response:
    """Where a table is handed in, and what became of its lines."""
    with deps().db.transaction(caller().tenant) as tx:
        name = copies.office_name(tx, caller().tenant) or caller().tenant
    return page("import.html", filled=filled, report=report, columns=COLUMNS, needed=NEEDED, name=name)


@place_pages.post("/impor")
@allow("administrator")
@audit.shows_nobody("what became of each line, by its number")
@forms.keeps(show_import)
def import_table() -> Any:
    """Takes a table whole or not at all; or only looks what it would do."""
    with received_file(request, _LIMITS, _SPOOL) as upload:
        forms.check_ours(upload.fields)
        asked = {"dry_run": upload.fields["dry_run"]} if "dry_run" in upload.fields else {}
        query = forms.load(ImportQuery(), asked)
        lines = read_table(upload.stream.read())

    def work(tx: Tx) -> Answer:
        items = importing.import_table(deps(), tx, caller().tenant, lines, dry_run=query["dry_run"])
        return answers.answer(ImportOut, {"dry_run": query["dry_run"], "items": items})

    told = [query["dry_run"], [[line.kelurahan, dict(line.values)] for line in lines]]
    made = once(deps().db, deps().data_keys, caller(), caller().tenant, told, work).get_json()
    if query["dry_run"]:
        return show_import(report=made["items"])
    results = [one["result"] for one in made["items"]]
    new, changed, same = (results.count(one) for one in (importing.ADDED, importing.CHANGED, importing.UNCHANGED))
    return forms.done(
        PLACES,
        Words(
            f"Tabel tersimpan: {new} baris baru, {changed} berubah, {same} sudah ada.",
            f"The table is saved: {new} new lines, {changed} changed, {same} were there already.",
        ),
    )


@place_pages.get("/ekspor")
@allow("administrator")
@audit.shows("officeholder", purpose="table")
def export_table() -> Response:
    """The same table as a file: it can be changed in a spreadsheet and handed in again."""
    with deps().db.transaction(caller().tenant) as tx:
        rows = importing.export_table(deps(), tx, caller().tenant)
    audit.concerns()  # everybody who holds or held an office
    headers = {"Cache-Control": "no-store", "Content-Disposition": "attachment; filename=wilayah.csv"}
    return Response(write_table(rows), 200, headers, content_type="text/csv; charset=utf-8")
