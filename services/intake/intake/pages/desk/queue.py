"""`/intake/antrean`: what lies in the office, the most urgent first; its filters live in the address."""

from __future__ import annotations

from flask import Blueprint, Response, request

from intake.schemas.applications import ApplicationQuery
from intake.store import offices as store
from intake.usecases.listing import listed
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.session import allow

queue_pages = Blueprint("queue-pages", __name__, url_prefix="/intake/antrean")


@queue_pages.get("")
@allow("officer", "lurah")
@audit.shows("application", purpose="list")
def show_queue() -> Response:
    """The office's queue by promised date: what is late stands first."""
    chosen = {name: value for name, value in request.args.items() if value}
    parts, who = deps(), caller()
    cases = listed(parts, who, forms.load(ApplicationQuery(), chosen))
    audit.concerns(*(one["id"] for one in cases["items"]))
    with parts.db.transaction(who.tenant) as tx:
        services = store.catalogue(tx, who.tenant, office(parts, tx, who.tenant).today(parts.clock.now()))
    filters = {name: value for name, value in chosen.items() if name not in ("cursor", "limit")}
    return page(
        "desk/queue.html",
        cases=cases["items"],
        further=cases["next_cursor"],
        chosen=chosen,
        filters=filters,
        services=services,
        name=cases["office_name"],
    )
