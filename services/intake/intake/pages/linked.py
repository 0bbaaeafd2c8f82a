"""`/masuk/tautan/{secret}`: the link of a conversation. It shows a button, since programs look at links in messages by
themselves; the button lets somebody in, once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect

from intake.api.auth import DEAR, place_of
from intake.domain.accounts import PERSON, SESSIONS
from intake.domain.sign_in_errors import LinkRefused
from intake.usecases.talking import links
from kit import audit
from kit.answers import deps
from kit.auth import public
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import SIGN_IN, keep
from kit.problems import Unprocessable

linked_pages = Blueprint("linked-pages", __name__, url_prefix=SIGN_IN)


@linked_pages.get("/tautan/<secret>")
@public
@audit.shows_nobody("a button")
def show_link(secret: str, filled: Filled = NOTHING) -> Response:
    """The button, or where a new link is to be had."""
    holds = links.counts(deps(), secret)
    return page("linked.html", 200 if holds else 404, filled=filled, secret=secret, holds=holds)


@linked_pages.post("/tautan/<secret>")
@public(cost=DEAR)
@forms.keeps(show_link)
def come_in(secret: str) -> Any:
    """In, and on to what the case lacks. Raises Unprocessable for a link that was used meanwhile."""
    forms.typed()
    try:
        tokens, case = links.come_in(deps(), secret, place_of().device)
    except LinkRefused as refused:
        raise Unprocessable(refused.detail) from refused
    to = redirect(f"/saya/{case}/lanjut", 303)
    lasts = SESSIONS[PERSON].ends.total_seconds()
    return keep(to, tokens.access_token, tokens.refresh_token, lasts=lasts)  # type: ignore[arg-type]
