"""`/lacak/{code}`: how a case stands, for anybody who has its code. The address is printed and never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request

from intake.api.track import tracked
from intake.schemas.cases import TrackOut
from intake.usecases.reading import CodeUnknown
from kit import audit
from kit.auth import public
from kit.openapi import refusals
from kit.pages import page, wanted
from kit.web import Resource

lacak = Resource("lacak", __name__, url_prefix="/lacak", description="The address that is printed beside the code")
track_pages = Blueprint("track-pages", __name__)


@lacak.get("/<code>")
@public
@lacak.response(200, TrackOut)
@refusals(lacak, 404)
@audit.shows_nobody("names nobody")
def track_printed(code: str) -> Any:
    """Track a case, at the address that is printed

    Browsers are answered with a page."""
    if not wanted():
        return tracked(code)
    try:
        case = tracked(code)
    except CodeUnknown as problem:
        return page("track_form.html", problem.status, code=code, unknown=True)
    return page("track.html", case=case, milestones=list(milestones(case["timeline"])))


@track_pages.get("/lacak")
@public
@audit.shows_nobody("a form")
def track_form() -> Response:
    """Where a code is typed."""
    code = request.args.get("kode", "").strip()
    if code:
        return redirect(f"/lacak/{quote(code, safe='')}", 303)  # type: ignore[return-value]
    return page("track_form.html", code="", unknown=False)


def milestones(lines: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines at which the case came to another status."""
    before = None
    for line in lines:
        if line["status"] != before:
            yield line
        before = line["status"]
