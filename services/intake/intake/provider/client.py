"""Talking to the provider, through `kit.outgoing`: its own description, its keys, and a code for tokens."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from intake.domain.provider_roles import RoleRule
from intake.domain.sign_in_errors import ProviderAway, ProviderRefused
from intake.provider.kept import Kept
from intake.provider.keys import SigningKey, signing_keys
from kit.outgoing import Answer, Failed, Limits, Outgoing

READING = Limits(within=5, largest=256 * 1024)
EXCHANGING = Limits(within=10, largest=64 * 1024)
_LONGEST_ADDRESS = 2000
_DESCRIPTION = "/.well-known/openid-configuration"
_SCOPE = "openid profile"


@dataclass(frozen=True)
class Client:
    """What the operator configured. `redirect_uri` is where browsers come back to."""

    issuer: str
    client_id: str
    client_secret: str
    algorithms: tuple[str, ...]
    rule: RoleRule
    redirect_uri: str


@dataclass(frozen=True)
class Description:
    """What the provider says of itself; `basic`: it takes the client's secret as HTTP basic authentication."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    basic: bool


@dataclass(frozen=True)
class Handed:
    """What the provider hands over for a code."""

    id_token: str
    access_token: str | None


class Provider:
    """One provider; descriptions and keys are kept by each process for ten minutes."""

    def __init__(self, client: Client, allowed: str = "") -> None:
        self.client = client
        self._http = Outgoing(allowed, client.issuer)
        self._description = Kept(self._read_description)
        self._keys = Kept(self._read_keys)

    def ready(self) -> None:
        """Whether it can be asked at all. Raises ProviderAway."""
        self._description.get()
        self._keys.get()

    def keys(self, anew: bool = False) -> list[SigningKey]:
        """Raises ProviderAway."""
        return self._keys.again() if anew else self._keys.get()

    def way_there(self, state: str, nonce: str, verifier: str) -> str:
        """The address for the browser (RFC 6749 section 4.1.1, PKCE by RFC 7636). Raises ProviderAway."""
        there = self._description.get().authorization_endpoint
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code", "client_id": self.client.client_id, "redirect_uri": self.client.redirect_uri,
            "scope": _SCOPE, "state": state, "nonce": nonce, "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }  # fmt: skip
        return f"{there}{'&' if '?' in there else '?'}{urlencode(asked)}"

    def exchange(self, code: str, verifier: str) -> Handed:
        """Tokens for a code, which the provider takes once. Raises ProviderRefused, ProviderAway."""
        description, client = self._description.get(), self.client
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.redirect_uri,
                "code_verifier": verifier}  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if description.basic:
            pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": client.client_id, "client_secret": client.client_secret}
        answer = self._asked("POST", description.token_endpoint, EXCHANGING, urlencode(form).encode(), headers)
        said = _json(answer)
        if answer.status == 400 and said.get("error") == "invalid_grant":
            raise ProviderRefused("the provider does not take the code")
        if answer.status != 200 or not isinstance(said.get("id_token"), str):
            raise ProviderAway(f"no token, status {answer.status}")
        access_token = said.get("access_token")
        return Handed(said["id_token"], access_token if isinstance(access_token, str) else None)

    def _read_description(self) -> Description:
        issuer = self.client.issuer
        said = self._read(issuer.rstrip("/") + _DESCRIPTION)
        if said.get("issuer") != issuer:
            raise ProviderAway("its description is of another issuer")
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not isinstance(methods, list) or not {"client_secret_basic", "client_secret_post"} & set(map(str, methods)):
            raise ProviderAway("it takes no client secret")
        return Description(
            _endpoint(issuer, said, "authorization_endpoint"), _endpoint(issuer, said, "token_endpoint"),
            _endpoint(issuer, said, "jwks_uri"), "client_secret_basic" in methods,
        )  # fmt: skip

    def _read_keys(self) -> list[SigningKey]:
        try:
            return signing_keys(self._read(self._description.get().jwks_uri), self.client.algorithms)
        except ValueError as error:
            raise ProviderAway("its keys cannot be read") from error

    def _read(self, url: str) -> dict[str, Any]:
        answer = self._asked("GET", url, READING, None, {"Accept": "application/json"})
        if answer.status != 200:
            raise ProviderAway(f"status {answer.status}")
        return _json(answer)

    def _asked(self, method: str, url: str, limits: Limits, body: bytes | None, headers: dict[str, str]) -> Answer:
        try:
            return self._http.send(method, url, limits, body=body, headers=headers)
        except Failed as error:
            raise ProviderAway(error.reason) from error


def _endpoint(issuer: str, said: dict[str, Any], name: str) -> str:
    """An address of the description: no weaker than the issuer's own. Raises ProviderAway."""
    address = said.get(name)
    if not isinstance(address, str) or len(address) > _LONGEST_ADDRESS or not address.isascii():
        raise ProviderAway(f"no {name}")
    try:
        found = urlsplit(address)
        right = bool(found.hostname) and found.scheme in {"https", urlsplit(issuer).scheme}
    except ValueError:
        right = False
    if not right or "@" in found.netloc or found.fragment or not address.isprintable() or " " in address:
        raise ProviderAway(f"its {name} is no address for us")
    return address


def _json(answer: Answer) -> dict[str, Any]:
    """An object. Raises ProviderAway."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise ProviderAway(f"no JSON, status {answer.status}") from error
    if not isinstance(said, dict):
        raise ProviderAway(f"no object, status {answer.status}")
    return said
