"""Tokens that must not be believed, each made from the claims of the very caller who would be let in.

A new fault is one line in FAULTS.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from kit import ended
from kit.auth import AUDIENCE, ISSUER, public_jwk
from kit.db import EVERY_TENANT, Tx
from tests.access.people import Caller, Pair
from tests.support.services import InProcess
from tests.support.tokens import PRIVATE_PEM

Claims = dict[str, Any]
Forge = Callable[[Claims], str]

_KEY = cast(Ed25519PrivateKey, load_pem_private_key(PRIVATE_PEM.encode(), None))
_STRANGERS_KEY = Ed25519PrivateKey.generate()
_KID = public_jwk(_KEY)["kid"]
_PUBLIC = _KEY.public_key()


def _coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def _token(claims: Claims, sign: Callable[[bytes], bytes], **header: str) -> str:
    """By hand: a library would refuse to make most of them."""
    head = {"alg": "EdDSA", "typ": "JWT", "kid": _KID} | header
    text = ".".join(_coded(json.dumps(part).encode()) for part in (head, claims))
    return f"{text}.{_coded(sign(text.encode()))}"


def signed(claims: Claims) -> str:
    """As the issuer makes them."""
    return _token(claims, _KEY.sign)


def _hmac_with(secret: bytes) -> Forge:
    return lambda claims: _token(claims, lambda text: hmac.new(secret, text, hashlib.sha256).digest(), alg="HS256")


def _without(name: str) -> Forge:
    return lambda claims: signed({key: value for key, value in claims.items() if key != name})


def _tampered(claims: Claims) -> str:
    """Signed for somebody else of no power, then made out to this caller."""
    _head, _payload, signature = signed(claims | {"sub": "nobody", "roles": ["applicant"]}).split(".")
    head, payload, _signature = signed(claims).split(".")
    return f"{head}.{payload}.{signature}"


ENDED_SESSION = "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31"


def _of_before(claims: Claims) -> Claims:
    """It was made two hours ago, and its time is not up."""
    return {"iat": claims["iat"] - 7200}


_RAW = _PUBLIC.public_bytes(Encoding.Raw, PublicFormat.Raw)
_PEM = _PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

FAULTS: dict[str, Forge] = {
    "expired": lambda claims: signed(claims | {"exp": claims["iat"] + 30}),  # made after its account's end, see below
    "without expiry": _without("exp"),
    "for another audience": lambda claims: signed(claims | {"aud": "somebody-else"}),
    "by another issuer": lambda claims: signed(claims | {"iss": "somebody-else"}),
    "alg none": lambda claims: _token(claims, lambda _text: b"", alg="none"),
    "signed by another key": lambda claims: _token(claims, _STRANGERS_KEY.sign),
    "signed by an unknown key": lambda claims: _token(
        claims, _STRANGERS_KEY.sign, kid=public_jwk(_STRANGERS_KEY)["kid"]
    ),
    "HS256 with the public key": _hmac_with(_RAW),
    "HS256 with the public key's PEM": _hmac_with(_PEM),
    "tampered": _tampered,
    "for every office": lambda claims: signed(claims | {"tenant": EVERY_TENANT}),
    "not a token": lambda _claims: "abc.def.ghi",
    "of a session that was ended": lambda claims: signed(claims | {"sid": ENDED_SESSION} | _of_before(claims)),
    "of before its account's end": lambda claims: signed(claims | _of_before(claims)),
}


def end_before_now(tx: Tx, *subs: str) -> None:
    """Tokens of these accounts that were made until two minutes ago count no more; those that are made now do."""
    ended_at = datetime.now(UTC) - timedelta(minutes=2)
    for sub in subs:
        ended.keep(tx, ended.account_key(sub), ended_at)
    ended.keep(tx, ended.session_key(ENDED_SESSION), ended_at)


def look_anew(service: InProcess) -> None:
    """The service's process sees at once which accesses have ended."""
    service.app.extensions["gate"].ended._looked = float("-inf")


def bearer(caller: Caller | Pair, fault: str | None = None) -> dict[str, str]:
    """The header of this caller, with a token that holds or with one that has this fault."""
    return {"Authorization": f"Bearer {_kept(caller.roles, json.dumps(caller.claims, sort_keys=True), fault)}"}


@cache
def _kept(roles: tuple[str, ...], claims: str, fault: str | None) -> str:
    """One run sends each of them a hundred times."""
    now = int(time.time())
    head = {"roles": list(roles), "iat": now - 60, "exp": now + 3600, "aud": AUDIENCE, "iss": ISSUER}
    return (FAULTS[fault] if fault else signed)(head | json.loads(claims))
