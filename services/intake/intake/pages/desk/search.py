"""`/intake/cari`: a case is found by what people name; nothing of it stands in the address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from intake.schemas.applications import LookUp
from intake.usecases import listing
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow

search_pages = Blueprint("search-pages", __name__, url_prefix="/intake/cari")


@search_pages.get("")
@allow("officer", "lurah")
@audit.shows_nobody("a form")
def show_search(filled: Filled = NOTHING) -> Response:
    """Where code, number, NIK or phone are typed."""
    return page("desk/search.html", filled=filled, found=None, typed={}, name=_office_name())


@search_pages.post("")
@allow("officer", "lurah")
@audit.changes_nothing
@audit.shows("application", purpose="search")
@forms.keeps(show_search)
def search() -> Any:
    """The cases with all that was given, the newest first."""
    typed = {name: value.strip() for name, value in forms.typed().items() if value.strip()}
    found = listing.found(deps(), caller(), forms.load(LookUp(), typed))
    audit.concerns(*(one["id"] for one in found))
    return page("desk/search.html", found=found, typed=typed, name=_office_name())


def _office_name() -> str:
    parts, who = deps(), caller()
    with parts.db.transaction(who.tenant) as tx:
        return str(office(parts, tx, who.tenant).data["name"])
