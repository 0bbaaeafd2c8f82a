"""`/saya`: one's own cases, wherever they are."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request

from intake.pages.names import service_name
from intake.store import applications as store
from intake.usecases import reading
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import page
from kit.pages.session import allow
from kit.paging import page as cut
from kit.paging import position

own_pages = Blueprint("own-pages", __name__)

_EACH = 20


@own_pages.get("/saya")
@allow("applicant", "rt_head", "rw_head")
@audit.shows("application", purpose="list")
def show_own() -> Response:
    """One's cases, the newest first."""
    parts, who = deps(), caller()
    query = {"status": None, "service": None}
    with parts.db.transaction(who.tenant) as tx:
        found = office(parts, tx, who.tenant)
        after = position(request.args.get("lanjut"), UUID)
        cases = store.of_owner(tx, parts.data_keys, who.subject, query, after, _EACH)
        shown = cut(cases, _EACH, lambda app: (app.id,))
        audit.concerns(*(app.id for app in shown["items"]))
        lines = reading.entries(parts, tx, shown["items"], who, found, parts.clock.now())
        names = [service_name(parts, tx, app) for app in shown["items"]]
    items = [line | {"service_name": name} for line, name in zip(lines, names, strict=True)]
    return page("own.html", cases=items, further=shown["next_cursor"], name=found.data["name"], roles=who.roles)
