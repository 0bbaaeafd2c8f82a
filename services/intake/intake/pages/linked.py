"""`/masuk/tautan/{secret}`: the link of a conversation. It shows a button, since programs look at links in messages by
themselves; the button lets somebody in, once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from intake.api.auth import DEAR, place_of
from intake.domain.accounts import PERSON, SESSIONS
from intake.domain.sign_in_errors import LinkRefused
from intake.usecases.talking import links
from kit import audit
from kit.answers import deps
from kit.auth import public
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import ACCESS_COOKIE, SIGN_IN, keep, subject_of
from kit.problems import Unprocessable, Words

linked_pages = Blueprint("linked-pages", __name__, url_prefix=SIGN_IN)


_TICK = Words("Centang kotak ini untuk melanjutkan.", "Tick this box to go on.")


@linked_pages.get("/tautan/<secret>")
@public
@audit.shows_nobody("a button")
def show_link(secret: str, filled: Filled = NOTHING) -> Response:
    """The button, or where a new link is to be had."""
    whom = links.bearer(deps(), secret)
    other = whom is not None and _is_another(whom)
    return page("linked.html", 200 if whom else 404, filled=filled, secret=secret, whom=whom, other=other)


def _is_another(whom: links.Bearer) -> bool:
    """Whether somebody else came in with this browser before."""
    return subject_of(request.cookies.get(ACCESS_COOKIE, "")) not in ("", str(whom.account_id))


@linked_pages.post("/tautan/<secret>")
@public(cost=DEAR)
@forms.keeps(show_link)
def come_in(secret: str) -> Any:
    """In, and on to what the case lacks. Raises Unprocessable for a link that was used meanwhile, and where somebody
    else is signed in and it was not said that he shall be no more."""
    agreed = forms.typed().get("ganti") == "true"
    whom = links.bearer(deps(), secret)
    if whom is not None and _is_another(whom) and not agreed:
        raise Unprocessable(errors={"json": {"ganti": [_TICK]}})
    try:
        tokens, case = links.come_in(deps(), secret, place_of().device)
    except LinkRefused as refused:
        raise Unprocessable(refused.detail) from refused
    to = redirect(f"/saya/{case}/lanjut", 303)
    lasts = SESSIONS[PERSON].ends.total_seconds()
    return keep(to, tokens.access_token, tokens.refresh_token, lasts=lasts)  # type: ignore[arg-type]
