"""Staff come in with the city's account: sent to the provider, and taken in when they come back with its word.

What has to come back is kept as hashes, and bound to the browser by a cookie. The verifier of PKCE is made of that
cookie and a key of ours, so that neither the browser nor the database can do without the other.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from intake.deps import Deps
from intake.domain.accounts import ACTIVE, AT_PROVIDER, STAFF, Account
from intake.domain.provider_roles import Given
from intake.domain.sign_in_errors import (
    ClosedHere,
    NoProvider,
    NoRoleHere,
    NotBegunHere,
    ProviderRefused,
    SeveralOffices,
)
from intake.provider.client import Provider
from intake.provider.id_token import Expected, checked
from intake.store import accounts, provider_sign_ins
from intake.usecases.access import sessions_ended
from intake.usecases.tokens import Tokens, begin_session, hash_of, new_secret
from kit.db import EVERY_TENANT, Tx
from kit.ids import new_id
from kit.problems import Forbidden

_LONGEST = 100

log = structlog.get_logger()


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and the secret that it keeps until it comes back."""

    way_there: str
    secret: str


@dataclass(frozen=True)
class Returned:
    """What a browser comes back with: the cookie's secret, and what the provider put into the address (RFC 6749
    section 4.1.2, RFC 9207)."""

    secret: str
    state: str
    code: str
    error: str
    issuer: str


def begin(deps: Deps) -> Begun:
    """A sign-in of this browser. Raises NoProvider, ProviderAway, which leave nothing behind."""
    provider = _provider(deps)
    provider.ready()
    state, nonce, secret = new_secret(), new_secret(), new_secret()
    way_there = provider.way_there(state, nonce, _verifier(deps, secret, state))
    with deps.db.transaction(EVERY_TENANT) as tx:
        provider_sign_ins.begin(tx, hash_of(state), hash_of(secret), hash_of(nonce), AT_PROVIDER)
    return Begun(way_there, secret)


def finish(deps: Deps, returned: Returned, device: str) -> Tokens:
    """The first time makes the account. Raises NoProvider, NotBegunHere, ProviderRefused, ProviderAway, NoRoleHere,
    SeveralOffices, ClosedHere."""
    provider = _provider(deps)
    provider.ready()  # before anything is used up
    with deps.db.transaction(EVERY_TENANT) as tx:  # of its own: it counts once whatever comes after it
        nonce_hash = provider_sign_ins.take(tx, hash_of(returned.state), hash_of(returned.secret))
    if nonce_hash is None:
        raise NotBegunHere
    try:
        claims = _claims(deps, provider, returned, nonce_hash)
    except ProviderRefused as error:
        log.warning("a sign-in by the provider was refused", reason=error.reason)
        raise
    given, refused = _given(provider, claims)
    with deps.db.transaction(EVERY_TENANT) as tx:
        known = accounts.known_by_provider(deps.fingerprints, provider.client.issuer, claims["sub"])
        account = _account(deps, tx, known, given, _person(provider.client.issuer, claims))
        if given is not None and account is not None and account.state == ACTIVE:
            return begin_session(deps, tx, account, device)
    raise refused or ClosedHere  # after the commit, which keeps that he is signed out where he has no role any more


def _given(provider: Provider, claims: dict[str, Any]) -> tuple[Given | None, Forbidden | None]:
    try:
        return provider.client.rule.given(claims), None
    except (NoRoleHere, SeveralOffices) as refused:
        return None, refused


def _claims(deps: Deps, provider: Provider, returned: Returned, nonce_hash: bytes) -> dict[str, Any]:
    client = provider.client
    if returned.issuer not in ("", client.issuer):
        raise ProviderRefused("the answer is of another issuer")
    if returned.error or not returned.code:
        raise ProviderRefused("the provider let nobody in")
    handed = provider.exchange(returned.code, _verifier(deps, returned.secret, returned.state))
    expected = Expected(client.issuer, client.client_id, client.algorithms, nonce_hash)
    return checked(handed.id_token, handed.access_token, provider.keys, expected, time.time())


def _account(deps: Deps, tx: Tx, known: bytes, given: Given | None, person: dict[str, Any]) -> Account | None:
    """The person's account in the office that the claims name, with the roles that they name; locked. Whoever has been
    in another office is signed out there."""
    there = _of_person(deps, tx, known)
    if given is not None and given.office not in there:
        made = Account(
            new_id(), given.office, STAFF, new_id(), list(given.roles), ACTIVE, None, 0, None, datetime.now(UTC),
            "provider", 1, person,
        )  # fmt: skip
        accounts.add(tx, deps.data_keys, made, known)  # unless another sign-in did, this instant
        there = _of_person(deps, tx, known)
    for office, account in there.items():
        if given is None or office != given.office:
            sessions_ended(deps, tx, account, "ended")
    if given is None:
        return None
    tx.use_tenant(given.office)
    account = there[given.office]
    if account.state == ACTIVE:
        _renew(deps, tx, account, list(given.roles), person)
    return account


def _of_person(deps: Deps, tx: Tx, known: bytes) -> dict[str, Account]:
    return {one.kelurahan: one for one in accounts.of_everywhere(tx, deps.data_keys, STAFF, known)}


def _renew(deps: Deps, tx: Tx, account: Account, roles: list[str], person: dict[str, Any]) -> None:
    """As the claims say today. Sessions with other roles end: a refresh would go on with what the claims no longer
    give on the other device."""
    if account.roles != roles:
        sessions_ended(deps, tx, account, "ended")
    if (account.roles, account.person) != (roles, person):
        account.roles, account.person = roles, person
        accounts.save(tx, deps.data_keys, account)


def _person(issuer: str, claims: dict[str, Any]) -> dict[str, Any]:
    username = _text(claims.get("preferred_username")) or _text(claims["sub"])
    return {"name": _text(claims.get("name")) or username, "username": username, "issuer": issuer}


def _text(value: Any) -> str:
    """What can be shown in one line."""
    return "".join(one for one in value if one.isprintable()).strip()[:_LONGEST] if isinstance(value, str) else ""


def _provider(deps: Deps) -> Provider:
    if deps.provider is None:
        raise NoProvider
    return deps.provider


def _verifier(deps: Deps, secret: str, state: str) -> str:
    """43 characters (RFC 7636 section 4.1)."""
    made = deps.fingerprints.blind_index(f"{secret}:{state}", "provider-verifier")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
