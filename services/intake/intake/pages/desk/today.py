"""`/intake/hari-ini`: the officer's day: what is late, what is due, what waits for whom, each with its first lines."""

from __future__ import annotations

from flask import Blueprint, Response

from intake.usecases import desk
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import page
from kit.pages.session import allow

today_pages = Blueprint("today-pages", __name__, url_prefix="/intake/hari-ini")


@today_pages.get("")
@allow("officer", "lurah")
@audit.shows("application", purpose="list")
def show_today() -> Response:
    """Numbers, and the first of each."""
    found = desk.today(deps(), caller())
    audit.concerns(*(one["id"] for part in found["lists"].values() for one in part["items"]))
    for part in found["lists"].values():
        part["query"] = {name: str(value).lower() for name, value in part["query"].items()}
    return page("desk/today.html", **found)
