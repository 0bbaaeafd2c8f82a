"""Who is signed in to pages: an access token in a cookie that no script reads, and where to get the next one.

    @allow("clerk")         as `kit.auth.allow`; who has no token, or one that holds no more, is sent for one

The access token holds for minutes. A page that meets an old one sends the browser to CONTINUE, which knows the refresh
token (its cookie goes nowhere else), puts new cookies in its hands and sends it back: a form with all that was typed
(307 keeps the method and the body), so nobody notices. Where nothing holds any more, CONTINUE shows the sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

import jwt
from flask import Response, current_app, g, redirect, request

from kit.auth import STRANGER, Caller
from kit.problems import Forbidden, Unauthorized

ACCESS_COOKIE, REFRESH_COOKIE = "__Host-access", "__Secure-refresh"
SIGN_IN = "/masuk"
CONTINUE = f"{SIGN_IN}/lanjut"
"""Refresh tokens are sent to addresses under SIGN_IN only."""

View = TypeVar("View", bound=Callable[..., Any])


def allow(*roles: str) -> Callable[[View], View]:
    """Only callers with one of these roles, by their cookie. Raises Forbidden."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            gate = current_app.extensions["gate"]
            try:
                g.caller = gate.identify(request.cookies.get(ACCESS_COOKIE, ""))
            except Unauthorized:
                return sent_for_tokens()
            g.by_cookie = True
            if not g.caller.has(*roles):
                raise Forbidden
            if g.caller.claims.get(STRANGER) and request.method not in ("GET", "HEAD"):
                gate.strangers.check_caller(g.caller)
            return view(*args, **kwargs)

        checked.access = frozenset(roles)  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def known() -> Caller | None:
    """Who is signed in, on a page that is for anybody; None where nobody is, or his token holds no more."""
    token = request.cookies.get(ACCESS_COOKIE, "")
    if not token or g.get("by_cookie"):
        return g.get("caller")  # type: ignore[no-any-return]
    try:
        g.caller = current_app.extensions["gate"].identify(token)
    except Unauthorized:
        return None
    g.by_cookie = True
    return g.caller  # type: ignore[no-any-return]


def sent_for_tokens() -> Response:
    """To where there are new tokens, and back to this with the same method and body."""
    code = 303 if request.method in ("GET", "HEAD") else 307
    return redirect(f"{CONTINUE}?ke={quote(request.full_path.rstrip('?'))}", code)  # type: ignore[return-value]


def subject_of(token: str) -> str:
    """Whose token it says it is, though it may have ended: nothing is allowed for that. Empty where it says nothing."""
    try:
        said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return ""
    return str(said.get("sub", ""))


def keep(response: Response, access: str, refresh: str | None, *, lasts: float) -> Response:
    """Puts tokens into the browser's hands. `lasts`: seconds until nothing of it counts any more; the access token
    says itself when it ends."""
    common: dict[str, Any] = {"secure": True, "httponly": True, "samesite": "Lax", "max_age": int(lasts)}
    response.set_cookie(ACCESS_COOKIE, access, path="/", **common)
    if refresh is not None:
        response.set_cookie(REFRESH_COOKIE, refresh, path=SIGN_IN, **common)
    return response


def forget(response: Response) -> Response:
    """Takes them out again."""
    response.delete_cookie(ACCESS_COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    response.delete_cookie(REFRESH_COOKIE, path=SIGN_IN, secure=True, httponly=True, samesite="Lax")
    return response
