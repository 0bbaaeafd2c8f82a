"""`/saya`: one's own cases, wherever they are."""

from __future__ import annotations

from flask import Blueprint, Response, request

from intake.usecases.listing import listed
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import page
from kit.pages.session import allow

own_pages = Blueprint("own-pages", __name__)

_EACH = 20


@own_pages.get("/saya")
@allow("applicant", "rt_head", "rw_head")
@audit.shows("application", purpose="list")
def show_own() -> Response:
    """One's cases, the newest first."""
    query = {"status": None, "service": None, "limit": _EACH, "cursor": request.args.get("lanjut") or None}
    cases = listed(deps(), caller(), query)
    audit.concerns(*(one["id"] for one in cases["items"]))
    return page("own.html", cases=cases["items"], further=cases["next_cursor"], name=cases["office_name"])
