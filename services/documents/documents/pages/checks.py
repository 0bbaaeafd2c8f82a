"""`/periksa`: by a letter's code, as its QR leads there, and by its PDF. For anyone."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request

from documents.api import examples
from documents.api.checks import LIMITS, PDF
from documents.api.common import deps
from documents.domain.check_errors import NotAPdf
from documents.domain.errors import CheckUnknown
from documents.schemas.letters import CheckOut
from documents.usecases import checking, reading
from kit import audit
from kit.auth import public
from kit.openapi import refusals
from kit.pages import page, wanted
from kit.pages.forms import NOTHING, Filled, keeps
from kit.uploads import received_file
from kit.web import Resource

printed = Resource("periksa", __name__, url_prefix="/periksa", description="The address in a letter's QR code.")
check_pages = Blueprint("check-pages", __name__)


@printed.get("/<token>")
@public
@refusals(printed, 404, 503)
@printed.response(200, CheckOut, example=examples.CHECK)
@audit.shows_nobody("the name is masked")
def check_printed(token: str) -> Any:
    """The same, under the address that letters print

    This is where the QR code leads. Browsers are answered with a page."""
    if not wanted():
        return reading.check(deps(), token)
    try:
        return page("check.html", check=reading.check(deps(), token))
    except CheckUnknown as problem:
        return page("check.html", problem.status, check=None)


@check_pages.get("/periksa")
@public
@audit.shows_nobody("a form")
def check_form(filled: Filled = NOTHING) -> Response:
    """Where a code is typed or a PDF is handed in."""
    code = request.args.get("kode", "").strip()
    if code:
        return redirect(f"/periksa/{quote(code, safe='')}", 303)  # type: ignore[return-value]
    return page("check_form.html", filled=filled)


@check_pages.post("/periksa")
@public(cost=20)
@audit.changes_nothing
@audit.shows_nobody("the name is masked")
@keeps(check_form)
def check_pdf() -> Any:
    """The PDF's bytes beside those of all letters. It is not kept."""
    parts = deps()
    with received_file(request, LIMITS, parts.spool, plain=(PDF,)) as upload:
        if not upload.size:
            raise NotAPdf
        found = checking.check_file(parts, upload.stream, upload.sha256)
    return page("check_file.html", found=found, check=found["letter"])
