"""`/intake/keluhan`: complaints, wishes and questions at the desk of who handles them; of a camat or the city what came
up to them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from intake.api.complaints_desk import HANDLERS
from intake.domain.accounts import is_office
from intake.pages.offices import own_page
from intake.schemas.complaints import ComplaintQuery
from intake.store import offices as store
from intake.usecases.complaining import reading
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.language import language
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Unprocessable

complaint_desk_pages = Blueprint("complaint-desk-pages", __name__, url_prefix="/intake/keluhan")

_NONE: dict[str, Any] = {"items": [], "next_cursor": None}


@complaint_desk_pages.get("")
@allow(*HANDLERS)
@audit.shows_nobody("no names, and nothing that was written")
def show_desk() -> Response:
    """What the caller handles, by when it is due: what is late stands first."""
    chosen = {name: value for name, value in request.args.items() if value}
    try:
        found = reading.desk(deps(), caller(), forms.load(ComplaintQuery(), chosen))
    except Unprocessable as problem:  # typed into a filter
        return _desk_page(chosen, _NONE, forms.wrong(problem, request.args))
    return _desk_page(chosen, found)


def _desk_page(chosen: dict[str, str], found: dict[str, Any], filled: Filled = NOTHING) -> Response:
    filters = {name: value for name, value in chosen.items() if name not in ("cursor", "limit")}
    response = own_page(
        "desk/complaints.html", filled=filled, items=found["items"], further=found["next_cursor"], chosen=chosen,
        filters=filters, services=_services(), above=not is_office(caller().tenant),
    )  # fmt: skip
    response.status_code = filled.status or 200
    return response


def _services() -> list[tuple[str, str]]:
    """(code, name) of the office's; a kecamatan or city has none."""
    parts, code = deps(), caller().tenant
    if not is_office(code):
        return []
    with parts.db.transaction(code) as tx:
        found = store.catalogue(tx, code, office(parts, tx, code).today(parts.clock.now()))
    return [(one["service"], one["name"][language()]) for one in found]
