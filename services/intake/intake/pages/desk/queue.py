"""`/intake/antrean`: what lies in the office, the most urgent first; its filters live in the address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from intake.schemas.applications import ApplicationQuery
from intake.store import offices as store
from intake.usecases.listing import listed
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Unprocessable

_NO_CASES: dict[str, Any] = {"items": [], "next_cursor": None}

queue_pages = Blueprint("queue-pages", __name__, url_prefix="/intake/antrean")


@queue_pages.get("")
@allow("officer", "lurah")
@audit.shows("application", purpose="list")
def show_queue() -> Response:
    """The office's queue by promised date: what is late stands first."""
    chosen = {name: value for name, value in request.args.items() if value}
    try:
        cases = listed(deps(), caller(), forms.load(ApplicationQuery(), chosen))
    except Unprocessable as problem:  # typed into a filter
        return _queue_page(chosen, _NO_CASES, forms.wrong(problem, request.args))
    audit.concerns(*(one["id"] for one in cases["items"]))
    return _queue_page(chosen, cases)


def _queue_page(chosen: dict[str, str], cases: dict[str, Any], filled: Filled = NOTHING) -> Response:
    parts, who = deps(), caller()
    with parts.db.transaction(who.tenant) as tx:
        found = office(parts, tx, who.tenant)
        services = store.catalogue(tx, who.tenant, found.today(parts.clock.now()))
    filters = {name: value for name, value in chosen.items() if name not in ("cursor", "limit")}
    return page(
        "desk/queue.html",
        filled.status or 200,
        filled=filled,
        cases=cases["items"],
        further=cases["next_cursor"],
        chosen=chosen,
        filters=filters,
        services=services,
        name=found.data["name"],
    )
