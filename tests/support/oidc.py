"""Stands in for the city's identity provider, on a loopback port: OpenID Connect with real keys, and with every fault.

`browse` plays the person in front of it: it takes the address that the browser was sent to, and gives the one that the
browser is sent back to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from intake.provider.id_token import Pinned

CLIENT, SECRET = "pengantar", "rahasia & panjang: 100%"
OFFICER = "pengantar-loket"
MAKERS: dict[str, Callable[[dict[str, Any]], Key]] = {
    "RS256": lambda said: RSAKey.generate_key(2048, said),
    "ES256": lambda said: ECKey.generate_key("P-256", said),
    "EdDSA": lambda said: OKPKey.generate_key("Ed25519", said),
}


@dataclass
class Person:
    """Somebody with an account of the city; `claims` come on top of all others."""

    subject: str
    groups: Any = field(default_factory=lambda: [OFFICER])
    name: str = "Nyimas Halimah"
    claims: dict[str, Any] = field(default_factory=dict)


class StandIn(ThreadingHTTPServer):
    """`behave` says for each path what is wrong with it: slow, drip, huge, broken, rubbish; `said` changes what the
    description says, `sign` how tokens are signed. `asked` counts requests by path,
    `handed` the tokens that were given."""

    daemon_threads = True

    def __init__(self, algorithm: str = "RS256") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behave: dict[str, str] = {}
        self.said: dict[str, Any] = {}
        self.asked: Counter[str] = Counter()
        self.handed = 0
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.codes: dict[str, tuple[Person, dict[str, str]]] = {}
        self.rotate(algorithm)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/kota"

    def rotate(self, algorithm: str = "RS256") -> None:
        """Another key, and the one before is shown no more."""
        self.algorithm = algorithm
        self.key = MAKERS[algorithm]({"kid": secrets.token_hex(4), "use": "sig", "alg": algorithm})

    def signed(self, claims: dict[str, Any], key: Key | None = None, **header: Any) -> str:
        chosen = key or self.key
        protected = {"alg": self.algorithm, "kid": chosen.kid} | header
        return jws.serialize_compact(protected, json.dumps(claims).encode(), chosen, registry=Pinned(protected["alg"]))

    def unsigned(self, claims: dict[str, Any]) -> str:
        return f"{_part({'alg': 'none', 'kid': self.key.kid})}.{_part(claims)}."

    def by_secret(self, claims: dict[str, Any], secret: bytes, kid: str | None) -> str:
        """HS256, made by hand: joserfc refuses to take a public key for a secret, as somebody does who has read it."""
        signed = f"{_part({'alg': 'HS256', 'kid': kid})}.{_part(claims)}"
        return f"{signed}.{_text(hmac.digest(secret, signed.encode(), 'sha256'))}"

    def by_public_key(self, claims: dict[str, Any]) -> str:
        return self.by_secret(claims, self.key.as_pem(private=False), self.key.kid)

    def browse(self, way_there: str, person: Person) -> str:
        """The address that the browser comes back to. Raises AssertionError where the request is not right."""
        found = urlsplit(way_there)
        asked = {name: values[0] for name, values in parse_qs(found.query).items()}
        assert way_there.startswith(f"{self.issuer}/auth?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT) and "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
        code = secrets.token_urlsafe(16)
        self.codes[code] = (person, asked)
        back = {"code": code, "state": asked["state"], "iss": self.issuer, "session_state": "of-no-use"}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def tokens(self, form: dict[str, str], authorization: str | None) -> tuple[int, dict[str, Any]]:
        """For a code: once, to our client, with the right verifier."""
        if authorization != basic():
            return 401, {"error": "invalid_client"}
        person, asked = self.codes.pop(form.get("code", ""), (None, dict[str, str]()))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if person is None or _text(digest) != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        self.handed += 1
        access_token, now = secrets.token_urlsafe(16), int(time.time())
        kind = hashlib.sha512 if self.algorithm == "EdDSA" else hashlib.sha256
        half = kind(access_token.encode()).digest()
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": person.subject, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "groups": person.groups, "name": person.name,
            "preferred_username": person.subject, "at_hash": _text(half[: len(half) // 2]),
        } | person.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": access_token, "token_type": "Bearer", "id_token": self.sign(claims)}

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"], "id_token_signing_alg_values_supported": ["RS256"],
        } | self.said  # fmt: skip

    def key_set(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False), {"kty": "oct", "k": "AAAA", "kid": "secret"}]}


def basic() -> str:
    """What our client authenticates with (RFC 6749 section 2.3.1)."""
    pair = urlencode({CLIENT: SECRET}).replace("=", ":")
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _part(said: dict[str, Any]) -> str:
    return _text(json.dumps(said).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        known = {"/kota/.well-known/openid-configuration": self.server.description, "/kota/keys": self.server.key_set}
        self._answered(lambda: (200, known[self.path]()) if self.path in known else (404, {}))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answered(lambda: self.server.tokens(form, self.headers["Authorization"]))

    def _answered(self, work: Callable[[], tuple[int, dict[str, Any]]]) -> None:
        place = self.path.rpartition("/")[2]
        self.server.asked[place] += 1
        behave = self.server.behave.get(place, "")
        if behave == "drip":
            return self._drip()
        if behave == "broken":
            return self._answer(500, b"{}")
        if behave == "rubbish":
            return self._answer(200, b"<html>sedang dirawat</html>")
        if behave == "huge":
            return self._answer(200, b'{"issuer": "' + b"x" * 1_000_000 + b'"}')
        if behave == "moved":
            return self._answer(302, b"", Location=f"{self.server.issuer}/elsewhere")
        status, said = work()
        return self._answer(status, json.dumps(said).encode())

    def _drip(self) -> None:
        """An answer that comes a byte at a time and would take minutes."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(1000):
                self.wfile.write(b" ")
                time.sleep(0.2)
        except OSError:
            self.close_connection = True

    def _answer(self, status: int, told: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(told))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(told)
        except OSError:  # whoever asked has had enough
            self.close_connection = True
