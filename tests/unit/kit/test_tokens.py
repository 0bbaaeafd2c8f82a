"""A token opens a service only when our issuer's key signed exactly it, for us, and for now."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from kit.auth import AUDIENCE, ISSUER, TokenReader, public_jwk
from kit.problems import Unauthorized
from tests.support.tokens import PRIVATE_PEM, PUBLIC_JWKS, token

KEY = load_pem_private_key(PRIVATE_PEM.encode(), password=None)
OTHER = Ed25519PrivateKey.generate()
READER = TokenReader(lambda: PUBLIC_JWKS)
KID = json.loads(PUBLIC_JWKS)["keys"][0]["kid"]


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    sound = {"sub": "officer-1", "roles": ["officer"], "tenant": "16.71.10.1001", "aud": AUDIENCE, "iss": ISSUER}
    return {**sound, "iat": now, "exp": now + 300} | changed


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in claims().items() if key != name}


def signed(body: dict[str, Any], key: Any = KEY, algorithm: str = "EdDSA", **head: Any) -> str:
    return jwt.encode(body, key, algorithm=algorithm, headers={"kid": KID} | head)


def unsigned(algorithm: str) -> str:
    parts = ({"alg": algorithm, "typ": "JWT", "kid": KID}, claims())
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def bent(text: str) -> str:
    """The same with other roles and the old signature."""
    head, _, signature = text.split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(roles=["administrator"])).encode()).decode().rstrip("=")
    return ".".join((head, body, signature))


def test_a_sound_token_tells_who_calls() -> None:
    caller = READER.read(signed(claims()))
    assert (caller.subject, caller.roles, caller.tenant) == ("officer-1", {"officer"}, "16.71.10.1001")


PAST = int(time.time()) - 60
REFUSED = {
    "expired": signed(claims(exp=PAST)),
    "for another audience": signed(claims(aud="somebody-else")),
    "by another issuer": signed(claims(iss="somebody-else")),
    "another's key under our key's id": signed(claims(), OTHER),
    "another's key with its own id": signed(claims(), OTHER, kid=public_jwk(OTHER)["kid"]),
    "another's key in the token itself": signed(claims(), OTHER, kid=public_jwk(OTHER)["kid"], jwk=public_jwk(OTHER)),
    "another's key by address": signed(claims(), OTHER, jku="https://keys.example/jwks.json"),
    "changed after it was signed": bent(signed(claims())),
    "alg none": unsigned("none"),
    "alg NONE": unsigned("NONE"),
    "the public key as a secret": signed(claims(), json.loads(PUBLIC_JWKS)["keys"][0]["x"], "HS256"),
    "no expiry": signed(without("exp")),
    "no audience": signed(without("aud")),
    "no subject": signed(without("sub")),
    "no office": signed(without("tenant")),
    "roles that are no list": signed(claims(roles="officer")),
    "no key's id": jwt.encode(claims(), KEY, algorithm="EdDSA"),
    "no token": "officer-1",
    "nothing": "",
}


@pytest.mark.parametrize("what", REFUSED)
def test_every_other_token_is_nobody(what: str) -> None:
    with pytest.raises(Unauthorized):
        READER.read(REFUSED[what])


def test_each_of_several_keys_is_taken_while_it_is_listed() -> None:
    listed = json.dumps({"keys": [*json.loads(PUBLIC_JWKS)["keys"], public_jwk(OTHER)]})
    both = TokenReader(lambda: listed)
    assert both.read(token("officer")).has("officer")
    assert both.read(signed(claims(), OTHER, kid=public_jwk(OTHER)["kid"])).has("officer")


def test_a_new_key_that_many_bring_at_once_is_waited_for_by_all() -> None:
    new = {"keys": [public_jwk(OTHER)]}
    listed = [PUBLIC_JWKS]

    def slowly() -> str:
        time.sleep(0.2)
        return listed[0]

    reader = TokenReader(slowly)
    listed[0] = json.dumps(new)
    reader._read_at -= 11  # as long as it was not asked, it has not looked
    brought = [signed(claims(), OTHER, kid=public_jwk(OTHER)["kid"])] * 8
    with ThreadPoolExecutor(len(brought)) as crowd:
        assert all(caller.has("officer") for caller in crowd.map(reader.read, brought))
