"""Bearer tokens for tests, signed with a key of the tests' own."""

from __future__ import annotations

import json
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kit.auth import TokenReader, make_token, public_jwk
from kit.ended import EndedAccess
from kit.gate import Gate
from kit.own_key import OwnKey
from kit.quotas import Quotas
from kit.strangers import Strangers, networks

BUKIT_SANGKAL = "16.71.10.1001"
KALIDONI = "16.71.10.1002"

_KEY = Ed25519PrivateKey.generate()
PRIVATE_PEM = _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC_JWKS = json.dumps({"keys": [public_jwk(_KEY)]})


def open_gate(
    db: Any, keys: Any, by_address: float = 0, by_caller: float = 0, requests: int = 0, of_bytes: int = 0
) -> Gate:
    """What requests of a test meet first; strangers and machines are counted where a test wants it."""
    counting = OwnKey(db, keys, "rate")
    strangers = Strangers(db, counting, by_address, by_caller, networks("127.0.0.0/8"))
    return Gate(TokenReader(lambda: PUBLIC_JWKS), EndedAccess(db), strangers, Quotas(db, counting, requests, of_bytes))


def token(role: str, *, sub: str | None = None, tenant: str = BUKIT_SANGKAL, seconds: int = 7200, **claims: Any) -> str:
    """A token for one role; more claims (rt, rw) by name. Some are made long before the test that sends them runs."""
    now = int(time.time())
    head = {"sub": sub or f"{role}-1", "roles": [role], "tenant": tenant, "iat": now, "exp": now + seconds}
    return make_token(PRIVATE_PEM, head | claims)


def bearer(role: str, **more: Any) -> dict[str, str]:
    """The header that a caller of this role sends."""
    return {"Authorization": f"Bearer {token(role, **more)}"}
