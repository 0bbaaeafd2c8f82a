"""Who is calling: bearer tokens (JWT, EdDSA only), and the roles that a route lets in.

    @allow("clerk", "head")         these roles, within their own office
    @public                         anybody, without a token

Every route carries one of the two; a test reads `view.access` from the live routes. Token expiry is machine time.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from flask import current_app, g, request

from kit.db import EVERY_TENANT
from kit.problems import Forbidden, Unauthorized

AUDIENCE = ISSUER = "pengantar"
PUBLIC = "public"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Caller:
    """Who is calling. `tenant` is the office; `claims` has what the role brings besides."""

    subject: str
    roles: frozenset[str]
    tenant: str
    claims: dict[str, Any]

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


class TokenReader:
    """Checks tokens against the issuer's public keys (JWKS text)."""

    def __init__(self, jwks: str) -> None:
        self._keys = {key["kid"]: jwt.PyJWK(key).key for key in json.loads(jwks)["keys"]}

    def read(self, token: str) -> Caller:
        """The caller. Raises Unauthorized whatever is wrong with the token."""
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
                leeway=5,
            )
            roles = claims["roles"]
            if not isinstance(roles, list) or not isinstance(claims["tenant"], str):
                raise Unauthorized
            if claims["tenant"] == EVERY_TENANT:  # row-level security would be off for all that he asks
                raise Unauthorized
            return Caller(claims["sub"], frozenset(roles), claims["tenant"], claims)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise Unauthorized from error


def make_token(private_key_pem: str, claims: dict[str, Any]) -> str:
    """A signed token; `claims` has sub, roles, tenant, iat and exp. The key's id is its thumbprint (RFC 7638)."""
    key = load_pem_private_key(private_key_pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("tokens are signed with an Ed25519 key")
    claims = claims | {"aud": AUDIENCE, "iss": ISSUER}
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": public_jwk(key)["kid"]})


def public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    """The public half as a JWK with its thumbprint as `kid`."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    required = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True).encode()
    return required | {"kid": _base64url(hashlib.sha256(canonical).digest()), "use": "sig", "alg": "EdDSA"}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def caller() -> Caller:
    """Who is calling the current route. Raises Unauthorized on a public route without a token."""
    found: Caller | None = g.get("caller")
    if found is None:
        raise Unauthorized
    return found


def allow(*roles: str) -> Callable[[View], View]:
    """Only callers with one of these roles."""

    def decorator(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            g.caller = _identify()
            if not g.caller.has(*roles):
                raise Forbidden
            return view(*args, **kwargs)

        checked.access = frozenset(roles)  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorator


def public(view: View) -> View:
    """Anybody may call this; a token that is sent all the same is read."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if request.headers.get("Authorization"):
            g.caller = _identify()
        return view(*args, **kwargs)

    checked.access = frozenset({PUBLIC})  # type: ignore[attr-defined]
    return checked  # type: ignore[return-value]


def _identify() -> Caller:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized
    reader: TokenReader = current_app.extensions["tokens"]
    return reader.read(token.strip())
