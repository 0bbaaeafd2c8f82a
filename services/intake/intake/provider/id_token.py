"""An ID token: whether it says, now and to us, who it was that this browser sent to the provider (OpenID Connect Core
1.0, section 3.1.3.7). Times are the machine's."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError

from intake.domain.sign_in_errors import ProviderRefused
from intake.provider.keys import SigningKey

LEEWAY = 30
OLDEST = 600
"""Seconds: what clocks may differ, and how old a token may be that was made for a sign-in of ten minutes."""
_LONGEST_SUBJECT = 255
_DIGESTS = {"RS256": hashlib.sha256, "ES256": hashlib.sha256, "EdDSA": hashlib.sha512}

Keys = Callable[[bool], list[SigningKey]]
"""The provider's keys; `True`: read anew."""


@dataclass(frozen=True)
class Expected:
    """What the token has to name. `nonce_hash` is SHA-256 of the nonce."""

    issuer: str
    client_id: str
    algorithms: tuple[str, ...]
    nonce_hash: bytes


class Pinned(jws.JWSRegistry):
    """Takes the one algorithm that it is made with. Other headers than the known ones say nothing (RFC 7515 section 4),
    unless they are critical. Ed25519 goes by the name EdDSA, as providers still call it: joserfc warns each time that
    RFC 9864 has given it another."""

    def __init__(self, algorithm: str) -> None:
        super().__init__(algorithms=[algorithm], strict_check_header=False)

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


def checked(token: str, access_token: str | None, keys: Keys, expected: Expected, now: float) -> dict[str, Any]:
    """The claims. Raises ProviderRefused whatever is wrong with it, ProviderAway where there are no keys to be had."""
    header = _header(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in expected.algorithms:
        raise ProviderRefused("an algorithm that is not allowed")
    key = _key(keys, algorithm, kid)
    try:
        claims = jwt.decode(token, key.key, registry=Pinned(algorithm)).claims
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise ProviderRefused("a signature that is not right") from error
    _check_for_us(claims, expected)
    _check_times(claims, now)
    _check_nonce(claims, expected)
    _check_access_token(claims, access_token, algorithm)
    return claims


def _header(token: str) -> dict[str, Any]:
    try:
        return dict(jws.extract_compact(token.encode("ascii")).headers())
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise ProviderRefused("no token") from error


def _key(keys: Keys, algorithm: str, kid: Any) -> SigningKey:
    """The key that the token names; one that is not known may be new. Without a name it has to be the only one."""
    for anew in (False, True):
        found = [one for one in keys(anew) if one.algorithm == algorithm and kid in (None, one.kid)]
        if len(found) == 1:
            return found[0]
        if found:
            raise ProviderRefused("several keys for one token")
    raise ProviderRefused("a key that the provider does not show")


def _check_for_us(claims: dict[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise ProviderRefused("another issuer")
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in several:
        raise ProviderRefused("another audience")
    if claims.get("azp", None if len(several) > 1 else expected.client_id) != expected.client_id:
        raise ProviderRefused("another party")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.isascii() or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise ProviderRefused("no subject")


def _check_times(claims: dict[str, Any], now: float) -> None:
    expires, issued = _number(claims.get("exp")), _number(claims.get("iat"))
    if expires is None or not expires + LEEWAY > now:  # also what is not a number, as JSON's NaN
        raise ProviderRefused("it has expired")
    if issued is None or not now - OLDEST - LEEWAY <= issued <= now + LEEWAY:
        raise ProviderRefused("it was not made now")
    if (begins := claims.get("nbf")) is not None and not _at_most(_number(begins), now + LEEWAY):
        raise ProviderRefused("it does not hold yet")


def _check_nonce(claims: dict[str, Any], expected: Expected) -> None:
    nonce = claims.get("nonce")
    found = hashlib.sha256(nonce.encode("utf-8", "replace")).digest() if isinstance(nonce, str) else b""
    if not hmac.compare_digest(found, expected.nonce_hash):
        raise ProviderRefused("another nonce")


def _check_access_token(claims: dict[str, Any], access_token: str | None, algorithm: str) -> None:
    """`at_hash` is the left half of the access token's hash; where it is left out nothing is said."""
    said = claims.get("at_hash")
    if said is None:
        return
    digest = _DIGESTS[algorithm]((access_token or "").encode("utf-8", "replace")).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not isinstance(said, str) or not hmac.compare_digest(said.encode("utf-8", "replace"), half.encode()):
        raise ProviderRefused("another access token")


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _at_most(value: float | None, most: float) -> bool:
    return value is not None and value <= most
