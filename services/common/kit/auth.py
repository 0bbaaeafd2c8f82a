"""Who is calling: bearer tokens (JWT, EdDSA only), and the roles that a route lets in.

    @allow("clerk", "head")         these roles, within their own office
    @public                         anybody, without a token
    @public(cost=10)                the same, and counts for ten towards the limit of an address

Every route carries one of them; a test reads `view.access` from the live routes. Token expiry is machine time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar

import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from flask import current_app, g, request

from kit.db import EVERY_TENANT
from kit.problems import Forbidden, Unauthorized

AUDIENCE = ISSUER = "pengantar"
PUBLIC = "public"
KEYS_READ_EVERY = 10.0
KEYS_READ_AT_MOST = 1.0
"""Seconds: whoever sends tokens with made-up keys makes us read no oftener."""
STRANGER = "stranger"
"""The claim of somebody who let himself in, as anybody can: what he changes is counted."""
QUOTA = "quota"
"""The claim of a machine, whose requests are counted: what it may ask where that is its own (see `kit.quotas`)."""
EPOCH = "epoch"
"""The claim that counts how often an account's tokens were ended before this one (see `kit.ended`)."""

log = structlog.get_logger()

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
    """Checks tokens against the issuer's public keys (JWKS text). They are read again every ten seconds, and at once
    for a key that is not known yet: so keys come and go without a restart."""

    def __init__(self, jwks: Callable[[], str]) -> None:
        self._jwks = jwks
        self._keys: dict[str, Any] = {}
        self._read_at = 0.0
        self._reading = threading.Lock()
        self._read_keys()

    def _key(self, kid: str) -> Any:
        if self._is_old(kid):
            with self._reading:  # whoever comes meanwhile with a new key waits for it, and is not refused
                if self._is_old(kid):
                    self._read_keys()
        return self._keys[kid]

    def _is_old(self, kid: str) -> bool:
        """Before the end of a reading it is as old as before it, so that nobody passes by on what it replaces."""
        since = time.monotonic() - self._read_at
        return since > KEYS_READ_EVERY or (kid not in self._keys and since > KEYS_READ_AT_MOST)

    def _read_keys(self) -> None:
        """A file that is away at this moment changes nothing: it is read again the next time."""
        try:
            self._keys = {key["kid"]: jwt.PyJWK(key).key for key in json.loads(self._jwks())["keys"]}
        except (OSError, ValueError, KeyError, jwt.PyJWTError) as error:
            if not self._keys:
                raise
            log.warning("the keys that check tokens cannot be read", reason=type(error).__name__)
        finally:
            self._read_at = time.monotonic()

    def read(self, token: str) -> Caller:
        """The caller. Raises Unauthorized whatever is wrong with the token."""
        try:
            key = self._key(jwt.get_unverified_header(token)["kid"])
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


class TokenWriter:
    """Signs tokens with the issuer's private key (PEM), which is read again every ten seconds: a new one put in its
    place signs from then on, without a restart."""

    def __init__(self, private_key_pem: Callable[[], str]) -> None:
        self._pem = private_key_pem
        self._key: tuple[Ed25519PrivateKey, str] | None = None
        self._read_at = 0.0

    def sign(self, claims: dict[str, Any]) -> str:
        """A token; `claims` has sub, roles, tenant, iat and exp."""
        if self._key is None or time.monotonic() - self._read_at > KEYS_READ_EVERY:
            self._read_at = time.monotonic()
            try:
                self._key = _signing_key(self._pem())
            except (OSError, ValueError) as error:  # away at this moment: the key before still counts
                if self._key is None:
                    raise
                log.warning("the key that signs tokens cannot be read", reason=type(error).__name__)
        return _signed(*self._key, claims)


def make_token(private_key_pem: str, claims: dict[str, Any]) -> str:
    """A signed token; `claims` has sub, roles, tenant, iat and exp. The key's id is its thumbprint (RFC 7638)."""
    return _signed(*_signing_key(private_key_pem), claims)


def _signing_key(private_key_pem: str) -> tuple[Ed25519PrivateKey, str]:
    key = load_pem_private_key(private_key_pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("tokens are signed with an Ed25519 key")
    return key, public_jwk(key)["kid"]


def _signed(key: Ed25519PrivateKey, kid: str, claims: dict[str, Any]) -> str:
    return jwt.encode(claims | {"aud": AUDIENCE, "iss": ISSUER}, key, algorithm="EdDSA", headers={"kid": kid})


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
            if g.caller.claims.get(STRANGER) and request.method not in ("GET", "HEAD"):
                current_app.extensions["gate"].strangers.check_caller(g.caller)
            return view(*args, **kwargs)

        checked.access = frozenset(roles)  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorator


def public(view: View | None = None, *, cost: float = 1) -> Any:
    """Anybody may call this, `cost` towards the limit of his address; a token that is sent all the same is read."""
    if view is None:
        return partial(public, cost=cost)

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        current_app.extensions["gate"].strangers.check_address(request, cost)
        if request.headers.get("Authorization"):
            g.caller = _identify()
        return view(*args, **kwargs)

    checked.access = frozenset({PUBLIC})  # type: ignore[attr-defined]
    return checked


def _identify() -> Caller:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized
    found: Caller = current_app.extensions["gate"].identify(token.strip())
    return found
