"""Staff come in with the city's account (OpenID Connect)."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request
from werkzeug.http import dump_cookie

from intake.api.auth import DEAR
from intake.domain.accounts import AT_PROVIDER, device_of
from intake.schemas import auth as shapes
from intake.usecases import signing_in_by_provider as by_provider
from kit.answers import deps
from kit.auth import public
from kit.openapi import refusals
from kit.web import Resource

_LONGEST = 2000

blp = Resource("provider", __name__, url_prefix="/v1/auth/oidc", description="Signing in with the city's account")


@blp.get("")
@public(cost=DEAR)
@blp.response(303, description="On to the provider; a cookie binds the sign-in to this browser for ten minutes.")
@refusals(blp, 404)
def begin() -> Any:
    """Go to the city's sign-in

    For staff, by a browser: a link, no call in the background. One sign-in at a time: the latest begun counts."""
    begun = by_provider.begin(deps())
    response = redirect(begun.way_there, 303, Response)
    response.headers["Set-Cookie"] = _cookie(begun.secret, AT_PROVIDER.total_seconds())
    return response


@blp.get("/callback")
@public(cost=DEAR)
@blp.doc(
    parameters=[
        {"in": "query", "name": name, "description": said, "schema": {"type": "string", "maxLength": _LONGEST}}
        for name, said in (
            ("state", "What the provider was sent there with."), ("code", "For the tokens; it counts once."),
            ("error", "Why the provider lets nobody in."), ("iss", "The provider (RFC 9207)."),
        )
    ]
)  # fmt: skip
@blp.response(200, shapes.TokensOut, example=shapes.EXAMPLE | {"roles": ["officer"]})
@refusals(blp, 401, 403, 404)
def finish() -> Any:
    """Come back from the city's sign-in

    Where the provider sends the browser. Parameters of the address that are not listed are passed over, as RFC 6749
    asks. The roles are those of the provider's groups at this moment."""
    returned = by_provider.Returned(request.cookies.get(_name(), ""), *map(_given, ("state", "code", "error", "iss")))
    tokens = by_provider.finish(deps(), returned, device_of(request.headers.get("User-Agent", "")))
    return tokens, 200, {"Set-Cookie": _cookie("", 0)}


def _given(name: str) -> str:
    """A parameter of the address; one that is longer than any is as good as none."""
    value = request.args.get(name, "")
    return value if len(value) <= _LONGEST else ""


def _name() -> str:
    """With TLS a name that browsers give to nobody but this host."""
    return "__Host-sign-in" if _with_tls() else "sign-in"


def _cookie(secret: str, seconds: float) -> str:
    """Lax: the provider's redirect is a navigation to us, and has to bring it."""
    return dump_cookie(
        _name(), secret, max_age=int(seconds), path="/", secure=_with_tls(), httponly=True, samesite="Lax"
    )  # fmt: skip


def _with_tls() -> bool:
    return bool(deps().settings.public_url.startswith("https://"))
