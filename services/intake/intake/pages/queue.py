"""`/intake/antrean`: what lies in the office, the most urgent first; its filters live in the address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from intake.pages.names import service_name
from intake.schemas.applications import ApplicationQuery
from intake.store import applications as store
from intake.usecases import reading
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.session import allow
from kit.paging import page as cut
from kit.paging import position

queue_pages = Blueprint("queue-pages", __name__, url_prefix="/intake/antrean")


@queue_pages.get("")
@allow("officer", "lurah")
@audit.shows("application", purpose="list")
def show_queue() -> Response:
    """The office's queue by promised date: what is late stands first."""
    parts, who = deps(), caller()
    chosen = {name: value for name, value in request.args.items() if value}
    query: dict[str, Any] = forms.load(ApplicationQuery(), chosen)
    limit, now = query["limit"], parts.clock.now()
    with parts.db.transaction(who.tenant) as tx:
        found = office(parts, tx, who.tenant)
        after = position(query["cursor"], datetime.fromisoformat, UUID)
        cases = cut(store.queue(tx, parts.data_keys, query, after, limit, now), limit, lambda app: (app.due_at, app.id))
        audit.concerns(*(app.id for app in cases["items"]))
        lines = reading.entries(parts, tx, cases["items"], who, found, now)
        names = [service_name(parts, tx, app) for app in cases["items"]]
    shown = [line | {"service_name": name} for line, name in zip(lines, names, strict=True)]
    return page("queue.html", cases=shown, further=cases["next_cursor"], chosen=chosen, name=found.data["name"])
