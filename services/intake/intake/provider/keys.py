"""The provider's public keys (JWKS, RFC 7517): those that may sign an ID token, by an algorithm allowed here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

ALGORITHMS = ("RS256", "ES256", "EdDSA")
"""What can be allowed: signatures whose key is public. Never `none`, never HS*."""
MOST = 100
_SMALLEST_RSA = 2048


@dataclass(frozen=True)
class SigningKey:
    kid: str | None
    algorithm: str
    key: Key


def signing_keys(document: Any, algorithms: Iterable[str]) -> list[SigningKey]:
    """The usable keys of a key set; others in it are passed over, as RFC 7517 section 5 asks. Raises ValueError where
    it is none."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or len(keys) > MOST:
        raise ValueError("no key set")
    found = (_signing_key(key) for key in keys if isinstance(key, dict))
    return [one for one in found if one is not None and one.algorithm in set(algorithms)]


def _signing_key(said: dict[str, Any]) -> SigningKey | None:
    algorithm, kid = _algorithm(said), said.get("kid")
    if algorithm is None or said.get("use", "sig") != "sig" or said.get("alg", algorithm) != algorithm:
        return None
    if kid is not None and not isinstance(kid, str):
        return None
    kind: Any = {"RS256": RSAKey, "ES256": ECKey, "EdDSA": OKPKey}[algorithm]
    try:
        key = kind.import_key({name: said[name] for name in ("kty", "crv", "n", "e", "x", "y") if name in said})
        if algorithm == "RS256" and key.public_key.key_size < _SMALLEST_RSA:
            return None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return SigningKey(kid, algorithm, key)


def _algorithm(said: dict[str, Any]) -> str | None:
    """The one algorithm for which this kind of key is good here."""
    kinds = {("RSA", None): "RS256", ("EC", "P-256"): "ES256", ("OKP", "Ed25519"): "EdDSA"}
    kty, crv = said.get("kty"), said.get("crv")
    return kinds.get((kty, crv)) if isinstance(kty, str) and isinstance(crv, str | None) else None
