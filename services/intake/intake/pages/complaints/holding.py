"""Whose complaint it is, as the browser knows: its secret in a sealed cookie for an hour, which only these pages are
sent, or the login. On a phone that many share nothing stays."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from kit.answers import deps
from kit.pages.session import known
from kit.sealed import CannotOpen

ADDRESS = "/keluhan"
_COOKIE = "__Secure-ticket"
_LASTS = 3600


def keep(response: Response, ticket: str, secret: str) -> Response:
    """Puts the secret of a complaint into the browser's hands; that of another one goes."""
    sealed = deps().data_keys.seal({"ticket": ticket, "secret": secret}, _COOKIE)
    response.set_cookie(
        _COOKIE, sealed, max_age=_LASTS, path=ADDRESS, secure=True, httponly=True, samesite="Lax"
    )  # fmt: skip
    return response


def forget(response: Response) -> Response:
    """Takes it out again."""
    response.delete_cookie(_COOKIE, path=ADDRESS, secure=True, httponly=True, samesite="Lax")
    return response


def secret_of(ticket: str) -> str | None:
    """The secret of this complaint, where the browser has it."""
    found: dict[str, Any]
    try:
        found = deps().data_keys.open(request.cookies.get(_COOKIE, ""), _COOKIE)
    except CannotOpen:
        return None
    return str(found["secret"]) if found.get("ticket") == ticket else None


def by(ticket: str) -> dict[str, Any]:
    """As the API is told whose it is: the secret where it is here, else nothing but the login."""
    known()
    return {"secret": secret_of(ticket)}
