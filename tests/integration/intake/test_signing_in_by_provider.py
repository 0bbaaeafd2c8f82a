"""Staff come in with the city's account: a stand-in for its provider, with real keys over real sockets."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from flask.testing import FlaskClient

from intake.domain.provider_roles import parsed
from intake.domain.sign_in_errors import ProviderAway
from intake.provider import client as provider_client
from intake.provider import kept
from intake.provider.client import Client, Provider
from kit.outgoing import Limits
from kit.rates import Rate
from tests.access.tokens import look_anew
from tests.support import oidc
from tests.support.oidc import OFFICER, Person, StandIn
from tests.support.services import InProcess
from tests.support.serving import serving
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI, PUBLIC_JWKS

RULE = json.dumps({
    "claim": ["groups"],
    "values": {
        OFFICER: {"office": BUKIT_SANGKAL, "roles": ["officer"]},
        "pengantar-lurah": {"office": BUKIT_SANGKAL, "roles": ["lurah", "signer"]},
        "pengantar-kalidoni": {"office": KALIDONI, "roles": ["officer"]},
        "pengantar-camat": {"office": "16.71.10", "roles": ["camat"]},
    },
})  # fmt: skip
START, CALLBACK = "/v1/auth/oidc", "/v1/auth/oidc/callback"
Fault = Callable[[StandIn], None]


@pytest.fixture
def city(intake: InProcess) -> Iterator[StandIn]:
    """The provider, configured in a service that has not asked it anything yet."""
    with serving(StandIn()) as running:
        intake.deps.provider = provider(running)
        yield running
    intake.deps.provider = None
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")
        tx.execute("DELETE FROM provider_sign_in")


def provider(city: StandIn, *algorithms: str, issuer: str = "", allowed: str = "") -> Provider:
    back = f"http://127.0.0.1:8080{CALLBACK}"
    return Provider(
        Client(issuer or city.issuer, oidc.CLIENT, oidc.SECRET, algorithms or ("RS256",), parsed(RULE), back), allowed
    )


@pytest.fixture
def person() -> Person:
    return Person(f"pegawai-{time.monotonic_ns()}")


def begun(browser: FlaskClient) -> str:
    answer = browser.get(START)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def back(browser: FlaskClient, city: StandIn, person: Person) -> Any:
    """All of it in one browser: there, and back again."""
    return returned(browser, city.browse(begun(browser), person))


def returned(browser: FlaskClient, way_back: str) -> Any:
    found = urlsplit(way_back)
    return browser.get(f"{found.path}?{found.query}", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0)"})


def signed_in(intake: InProcess, city: StandIn, person: Person) -> dict[str, Any]:
    answer = back(intake.client(), city, person)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def slug(answer: Any) -> str:
    assert answer.mimetype == "application/problem+json", answer.text
    return str(answer.json["type"].removeprefix("urn:problem:"))


def call(intake: InProcess, path: str, tokens: dict[str, Any]) -> Any:
    return intake.client().get(path, headers={"Authorization": f"Bearer {tokens['access_token']}"})


def refreshed(intake: InProcess, tokens: dict[str, Any]) -> Any:
    return intake.client().post("/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})


def accounts_of(intake: InProcess) -> int:
    return int(intake.rows("SELECT count(*) AS n FROM account WHERE made_by = 'provider'")[0]["n"])


# --- the way -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_the_citys_account_lets_its_person_in_with_the_roles_of_its_groups(
    intake: InProcess, city: StandIn, person: Person, algorithm: str
) -> None:
    city.rotate(algorithm)
    intake.deps.provider = provider(city, algorithm)
    first, again = signed_in(intake, city, person), signed_in(intake, city, person)
    assert first["account_id"] == again["account_id"] and first["session_id"] != again["session_id"]
    assert (first["kelurahan"], first["roles"]) == (BUKIT_SANGKAL, ["officer"])
    said = jwt.decode(first["access_token"], jwt.PyJWK(json.loads(PUBLIC_JWKS)["keys"][0]).key,
                      algorithms=["EdDSA"], audience="pengantar")  # fmt: skip
    assert (said["roles"], said["tenant"], said["exp"] - int(said["iat"])) == (["officer"], BUKIT_SANGKAL, 300)
    assert call(intake, "/v1/applications", first).status_code == 200
    assert refreshed(intake, again).json["roles"] == ["officer"]
    [session, *_] = call(intake, "/v1/auth/sessions", first).json["items"]
    assert session["device"] == "Windows"


def test_groups_add_up_and_those_of_other_systems_give_nothing(
    intake: InProcess, city: StandIn, person: Person
) -> None:
    person.groups = ["pengantar-lurah", "absensi", OFFICER, 7, None]
    assert signed_in(intake, city, person)["roles"] == ["lurah", "officer", "signer"]
    person.groups = "pengantar-camat"
    tokens = signed_in(intake, city, person)
    assert (tokens["kelurahan"], tokens["roles"]) == ("16.71.10", ["camat"])


@pytest.mark.parametrize("groups", [["absensi"], [], "", None, 7, {"pengantar-loket": True}, [["pengantar-loket"]]])
def test_who_has_no_known_group_is_told_whom_to_ask_and_has_no_account(
    intake: InProcess, city: StandIn, person: Person, groups: Any
) -> None:
    before = accounts_of(intake)
    answer = back(intake.client(), city, replace(person, groups=groups))
    assert (answer.status_code, slug(answer)) == (403, "no-role-here") and "kelompok" in answer.json["detail"]
    assert accounts_of(intake) == before
    assert signed_in(intake, city, person)["roles"] == ["officer"]


def test_groups_of_two_offices_are_refused_by_name(intake: InProcess, city: StandIn, person: Person) -> None:
    answer = back(intake.client(), city, replace(person, groups=[OFFICER, "pengantar-kalidoni"]))
    assert slug(answer) == "several-offices" and BUKIT_SANGKAL in answer.json["detail"]


def test_roles_are_those_of_today_and_sessions_with_others_end(
    intake: InProcess, city: StandIn, person: Person
) -> None:
    before = signed_in(intake, city, person)
    same = signed_in(intake, city, person)
    assert refreshed(intake, before).status_code == 200, "the same roles: the other device goes on"
    person.groups = ["pengantar-lurah"]
    now = signed_in(intake, city, person)
    assert now["account_id"] == same["account_id"] and now["roles"] == ["lurah", "signer"]
    look_anew(intake)
    assert call(intake, "/v1/applications", same).status_code == 401
    assert call(intake, "/v1/applications", now).status_code == 200
    assert refreshed(intake, same).status_code == 401


def test_who_moves_to_another_office_or_has_none_is_signed_out_of_the_former(
    intake: InProcess, city: StandIn, person: Person
) -> None:
    here = signed_in(intake, city, person)
    person.groups = ["pengantar-kalidoni"]
    there = signed_in(intake, city, person)
    assert there["kelurahan"] == KALIDONI and there["account_id"] != here["account_id"]
    assert refreshed(intake, here).status_code == 401
    person.groups = ["absensi"]
    assert slug(back(intake.client(), city, person)) == "no-role-here"
    assert refreshed(intake, there).status_code == 401


def test_an_account_that_was_closed_here_stays_closed(intake: InProcess, city: StandIn, person: Person) -> None:
    tokens = signed_in(intake, city, person)
    path = f"/v1/staff/{tokens['account_id']}"
    assert intake.call("DELETE", path, "administrator").status_code == 204
    answer = back(intake.client(), city, person)
    assert (answer.status_code, slug(answer)) == (403, "closed-here")
    assert refreshed(intake, tokens).status_code == 401
    assert signed_in(intake, city, Person(f"{person.subject}-lain"))["roles"] == ["officer"]


def test_such_an_account_gets_no_password_and_its_roles_come_from_the_city_alone(
    intake: InProcess, city: StandIn, person: Person
) -> None:
    path = f"/v1/staff/{signed_in(intake, city, person)['account_id']}"
    assert intake.call("GET", path, "administrator").json["username"] == person.subject
    invited = intake.call("POST", f"{path}/invitation", "administrator", json={})
    assert (invited.status_code, slug(invited)) == (409, "comes-by-provider")
    body = {"name": "Halimah", "roles": ["administrator"]}
    assert slug(intake.call("PUT", path, "administrator", json=body)) == "comes-by-provider"
    named = intake.call("PUT", path, "administrator", json=body | {"roles": ["officer"]})
    assert named.status_code == 200


def test_a_user_name_is_never_the_citys_account(intake: InProcess, city: StandIn, person: Person) -> None:
    body = {"office": BUKIT_SANGKAL, "username": person.subject, "password": "x", "totp": "000000"}
    signed_in(intake, city, person)
    assert intake.client().post("/v1/auth/sessions/staff", json=body).status_code == 401
    invited = {"name": "Lain", "username": person.subject, "roles": ["officer"]}
    assert intake.call("POST", "/v1/staff", "administrator", json=invited).status_code == 201


def test_first_sign_ins_at_once_make_one_account(intake: InProcess, city: StandIn, person: Person) -> None:
    before = accounts_of(intake)
    with ThreadPoolExecutor(6) as pool:
        tokens = list(pool.map(lambda _: signed_in(intake, city, person), range(6)))
    assert len({one["account_id"] for one in tokens}) == 1 and accounts_of(intake) == before + 1


def test_each_sign_in_is_in_the_audit(intake: InProcess, city: StandIn, person: Person) -> None:
    tokens = signed_in(intake, city, person)
    [row] = intake.audit("provider.finish")[-1:]
    assert (row["caller"], row["tenant"]) == (tokens["account_id"], BUKIT_SANGKAL)
    assert row["details"]["began"] == tokens["session_id"]
    assert person.subject not in str(row) and person.name not in str(row)


# --- state, cookie, code -----------------------------------------------------------------------------------------


def test_the_cookie_is_for_this_host_and_no_script(intake: InProcess, city: StandIn, monkeypatch: Any) -> None:
    said = intake.client().get(START).headers["Set-Cookie"]
    assert said.startswith("sign-in=") and "Secure" not in said
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(said.split("; "))
    monkeypatch.setattr(intake.deps, "settings", replace(intake.settings, public_url="https://pengantar.example"))
    said = intake.client().get(START).headers["Set-Cookie"]
    assert said.startswith("__Host-sign-in=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= set(said.split("; ")) and "Domain" not in said


def test_what_comes_back_counts_once(intake: InProcess, city: StandIn, person: Person) -> None:
    browser = intake.client()
    way_back = city.browse(begun(browser), person)
    cookie = browser.get_cookie("sign-in")
    assert cookie is not None and returned(browser, way_back).status_code == 200
    assert browser.get_cookie("sign-in") is None
    browser.set_cookie("sign-in", cookie.value)
    assert slug(returned(browser, way_back)) == "sign-in-not-begun"
    assert city.asked["token"] == 1


def test_a_code_that_was_used_is_refused_by_the_provider(intake: InProcess, city: StandIn, person: Person) -> None:
    browser = intake.client()
    used = parse_qs(urlsplit(city.browse(begun(browser), person)).query)["code"][0]
    city.codes.pop(used)
    state = parse_qs(urlsplit(begun(browser)).query)["state"][0]
    assert slug(returned(browser, f"{CALLBACK}?code={used}&state={state}")) == "provider-refused"


def test_somebody_elses_answer_is_refused_and_stays_good_for_its_own_browser(
    intake: InProcess, city: StandIn, person: Person
) -> None:
    """Neither does a link make a victim work in the attacker's account, nor a stolen address let a thief in."""
    own, other = intake.client(), intake.client()
    way_back = city.browse(begun(own), person)
    begun(other)
    assert slug(returned(other, way_back)) == "sign-in-not-begun"
    assert slug(returned(intake.client(), way_back)) == "sign-in-not-begun", "without any cookie"
    assert city.asked["token"] == 0
    assert returned(own, way_back).status_code == 200


def test_anothers_code_under_the_own_state_is_refused(intake: InProcess, city: StandIn, person: Person) -> None:
    """PKCE: a code is bound to the browser that asked for it."""
    thief, victim = intake.client(), intake.client()
    stolen = parse_qs(urlsplit(city.browse(begun(victim), person)).query)["code"][0]
    state = parse_qs(urlsplit(begun(thief)).query)["state"][0]
    assert slug(returned(thief, f"{CALLBACK}?code={stolen}&state={state}")) == "provider-refused"
    assert (city.asked["token"], city.handed) == (1, 0), "already by the provider, to whom the verifier says nothing"


def test_a_sign_in_holds_for_ten_minutes(intake: InProcess, city: StandIn, person: Person) -> None:
    browser = intake.client()
    way_back = city.browse(begun(browser), person)
    [row] = intake.rows(
        "SELECT expires_at - clock_timestamp() AS left FROM provider_sign_in ORDER BY expires_at DESC LIMIT 1"
    )
    assert 590 < row["left"].total_seconds() <= 600
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE provider_sign_in SET expires_at = clock_timestamp()")
    assert slug(returned(browser, way_back)) == "sign-in-not-begun"
    from intake.usecases import sessions

    sessions.prune(intake.deps)
    assert intake.rows("SELECT * FROM provider_sign_in") == []


def test_state_nonce_cookie_and_verifier_lie_nowhere_as_they_are(
    intake: InProcess, city: StandIn, person: Person
) -> None:
    browser = intake.client()
    asked = parse_qs(urlsplit(begun(browser)).query)
    cookie = browser.get_cookie("sign-in")
    assert cookie is not None
    kept_text = str(intake.rows("SELECT * FROM provider_sign_in"))
    assert hashlib.sha256(asked["state"][0].encode()).digest() in [
        bytes(row["state_hash"]) for row in intake.rows("SELECT state_hash FROM provider_sign_in")
    ]
    for secret in (asked["state"][0], asked["nonce"][0], cookie.value):
        assert secret not in kept_text and secret.encode().hex() not in kept_text


@pytest.mark.parametrize("query", ["", "?state=x", "?code=x", "?state=x&code=y&more=z", f"?state={'x' * 9000}&code=y"])
def test_whatever_else_comes_to_the_callback_is_refused(intake: InProcess, city: StandIn, query: str) -> None:
    browser = intake.client()
    begun(browser)
    assert slug(browser.get(f"{CALLBACK}{query}")) == "sign-in-not-begun"


@pytest.mark.parametrize("more", ["error=access_denied&error_description=Rahasia", "code=c&iss=https://lain.example"])
def test_an_error_or_another_issuer_that_comes_back_is_refused(intake: InProcess, city: StandIn, more: str) -> None:
    browser = intake.client()
    state = parse_qs(urlsplit(begun(browser)).query)["state"][0]
    answer = returned(browser, f"{CALLBACK}?state={state}&{more}")
    assert slug(answer) == "provider-refused" and "Rahasia" not in answer.text
    assert city.asked["token"] == 0


# --- the ID token ------------------------------------------------------------------------------------------------

NOW = time.time()
BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "made-up"}, "no nonce": {"nonce": None}, "another audience": {"aud": "lain"},
    "no audience": {"aud": None}, "another issuer": {"iss": "https://lain.example"}, "no issuer": {"iss": None},
    "two audiences and no party": {"aud": [oidc.CLIENT, "lain"]}, "another party": {"azp": "lain"},
    "two audiences, another party": {"aud": [oidc.CLIENT, "lain"], "azp": "lain"},
    "expired": {"exp": NOW - 40}, "no expiry": {"exp": None}, "expiry as text": {"exp": "9999999999"},
    "expiry is no number": {"exp": float("nan")}, "made long ago": {"iat": NOW - 3600}, "no time": {"iat": None},
    "made in the future": {"iat": NOW + 3600}, "not yet": {"nbf": NOW + 3600}, "no subject": {"sub": None},
    "an empty subject": {"sub": ""}, "a subject that is no text": {"sub": 7}, "an endless subject": {"sub": "x" * 256},
    "half a letter as subject": {"sub": "\ud800"}, "half a letter as nonce": {"nonce": "\ud800"},
    "half a letter for the access token": {"at_hash": "\ud800"},
    "another access token": {"at_hash": "AAAA"}, "no text for it": {"at_hash": 7},
}  # fmt: skip
GOOD_CLAIMS: dict[str, dict[str, Any]] = {
    "the clock is a little ahead": {"iat": +20, "nbf": +20}, "several audiences, our party":
    {"aud": [oidc.CLIENT, "lain"], "azp": oidc.CLIENT}, "a list of one": {"aud": [oidc.CLIENT]},
    "nothing of the access token": {"at_hash": None}, "our party": {"azp": oidc.CLIENT},
}  # fmt: skip


@pytest.mark.parametrize("claims", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    intake: InProcess, city: StandIn, person: Person, claims: dict[str, Any]
) -> None:
    before = accounts_of(intake)
    answer = back(intake.client(), city, replace(person, claims=claims))
    assert (answer.status_code, slug(answer)) == (401, "provider-refused")
    assert accounts_of(intake) == before
    assert signed_in(intake, city, person)


@pytest.mark.parametrize("claims", GOOD_CLAIMS.values(), ids=GOOD_CLAIMS)
def test_what_the_standard_allows_is_taken(
    intake: InProcess, city: StandIn, person: Person, claims: dict[str, Any]
) -> None:
    now = time.time()  # not that of when the tests were collected
    claims = {name: now + said if name in ("iat", "nbf") else said for name, said in claims.items()}
    assert signed_in(intake, city, replace(person, claims=claims))


def _broken(city: StandIn, claims: dict[str, Any]) -> str:
    head, body, signature = city.signed(claims).split(".")
    return f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


SIGNED: dict[str, Callable[[StandIn, dict[str, Any]], str]] = {
    "none": StandIn.unsigned,
    "HS256 with the public key": StandIn.by_public_key,
    "another key under the known name": lambda city, claims: city.signed(
        claims, oidc.MAKERS["RS256"]({"kid": city.key.kid})
    ),
    "a key that is not shown": lambda city, claims: city.signed(claims, oidc.MAKERS["RS256"]({"kid": "lain"})),
    "an algorithm that is not configured": lambda city, claims: city.signed(
        claims, oidc.MAKERS["ES256"]({"kid": city.key.kid}), alg="ES256"
    ),
    "the secret that stands in the key set": lambda city, claims: city.by_secret(claims, bytes(3), "secret"),
    "a key that it brings along": lambda city, claims: _with_own_key(city, claims),
    "something critical that we do not know": lambda city, claims: jwt.encode(
        claims, city.key.private_key, "RS256", {"kid": city.key.kid, "crit": ["lain"], "lain": "x"}
    ),
    "a broken signature": _broken,
    "no token": lambda _city, _claims: "bukan.token",
    "an encrypted one": lambda _city, _claims: "a.b.c.d.e",
    "letters beyond ASCII": lambda city, claims: city.signed(claims) + "é",
}


def _with_own_key(city: StandIn, claims: dict[str, Any]) -> str:
    own = oidc.MAKERS["RS256"]({"kid": "lain"})
    return city.signed(claims, own, jwk=own.as_dict(private=False))


@pytest.mark.parametrize("sign", SIGNED.values(), ids=SIGNED)
def test_only_a_key_of_the_provider_with_the_pinned_algorithm_counts(
    intake: InProcess, city: StandIn, person: Person, sign: Any
) -> None:
    city.sign = lambda claims: sign(city, claims)
    answer = back(intake.client(), city, person)
    assert (answer.status_code, slug(answer)) == (401, "provider-refused")
    city.sign = city.signed
    assert signed_in(intake, city, person)


def test_keys_change_while_we_run(
    intake: InProcess, city: StandIn, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = city.key
    assert signed_in(intake, city, person)
    for _ in range(3):
        signed_in(intake, city, person)
    assert (city.asked["keys"], city.asked["openid-configuration"]) == (1, 1), "kept"
    monkeypatch.setattr(kept, "RESTS", 0.0)
    city.rotate()
    assert signed_in(intake, city, person), "a name that is not known is looked up at once"
    assert city.asked["keys"] == 2
    city.sign = lambda claims: city.signed(claims, former)
    assert slug(back(intake.client(), city, person)) == "provider-refused", "the former key is gone"
    assert slug(back(intake.client(), city, person)) == "provider-refused"
    assert city.asked["keys"] == 4
    monkeypatch.undo()
    assert slug(back(intake.client(), city, person)) == "provider-refused"
    assert city.asked["keys"] == 4, "made-up names make us read no oftener"


def test_a_key_that_was_taken_back_counts_no_longer_than_ten_minutes(
    intake: InProcess, city: StandIn, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signed_in(intake, city, person) and kept.HOLDS == 600
    former = city.key
    city.rotate()
    city.sign = lambda claims: city.signed(claims, former)
    assert signed_in(intake, city, person)
    monkeypatch.setattr(kept, "HOLDS", 0.0)
    assert slug(back(intake.client(), city, person)) == "provider-refused"


def test_a_token_without_a_keys_name_is_taken_where_there_is_one_key(
    intake: InProcess, city: StandIn, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.sign = lambda claims: oidc.jws.serialize_compact(
        {"alg": "RS256"}, json.dumps(claims).encode(), city.key, algorithms=["RS256"]
    )
    assert signed_in(intake, city, person)
    one = city.key_set()["keys"]
    other = oidc.MAKERS["RS256"]({"kid": "lain"}).as_dict(private=False)
    monkeypatch.setattr(city, "key_set", lambda: {"keys": [*one, other]})
    intake.deps.provider = provider(city)
    assert slug(back(intake.client(), city, person)) == "provider-refused"


# --- the provider is away, or strange ------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_client, "READING", Limits(within=0.5, largest=256 * 1024))
    monkeypatch.setattr(provider_client, "EXCHANGING", Limits(within=0.5, largest=64 * 1024))
    monkeypatch.setattr(kept, "GIVES_UP", 0.0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("place", ["openid-configuration", "keys", "token"])
@pytest.mark.parametrize("behave", ["drip", "broken", "rubbish", "huge", "moved"])
def test_a_provider_that_does_not_answer_well_is_503_and_nothing_is_half_done(
    intake: InProcess, city: StandIn, person: Person, place: str, behave: str
) -> None:
    before, browser = accounts_of(intake), intake.client()
    city.behave[place] = behave
    if place == "token":
        answer = back(browser, city, person)
    else:
        answer = browser.get(START)
        assert intake.rows("SELECT * FROM provider_sign_in") == [] and "Set-Cookie" not in answer.headers
    assert (answer.status_code, slug(answer)) == (503, "provider-away") and int(answer.headers["Retry-After"]) >= 1
    assert accounts_of(intake) == before and city.asked["elsewhere"] == 0
    city.behave.clear()
    assert back(browser, city, person).status_code == 200


def test_a_provider_that_is_gone_is_503_and_the_sign_in_is_still_good_when_it_is_back(
    intake: InProcess, city: StandIn, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that has not asked it yet comes first."""
    browser = intake.client()
    way_back = city.browse(begun(browser), person)
    there, intake.deps.provider = intake.deps.provider, provider(city, issuer="http://127.0.0.1:9/kota")
    answer = returned(browser, way_back)
    assert (answer.status_code, slug(answer)) == (503, "provider-away")
    intake.deps.provider = there
    assert returned(browser, way_back).status_code == 200


@pytest.mark.usefixtures("impatient")
def test_a_crowd_does_not_wait_one_behind_the_other(
    intake: InProcess, city: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "GIVES_UP", 5.0)
    city.behave["openid-configuration"] = "drip"
    before = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: intake.client().get(START).status_code, range(8)))
    assert answers == [503] * 8 and time.monotonic() - before < 2.5
    assert city.asked["openid-configuration"] == 1


STRANGE: dict[str, tuple[str, Any]] = {
    "another issuer": ("issuer", "http://127.0.0.1/kota"), "none": ("issuer", None),
    "a private token endpoint": ("token_endpoint", "http://10.1.2.3/token"),
    "the machines' own": ("token_endpoint", "http://169.254.169.254/latest"),
    "another port of the host": ("jwks_uri", "http://127.0.0.1:9/keys"), "a file": ("jwks_uri", "file:///etc/passwd"),
    "a user in front": ("token_endpoint", "http://a:b@127.0.0.1/token"), "no host": ("token_endpoint", "http:///token"),
    "a script": ("authorization_endpoint", "javascript:alert(1)"), "no text": ("authorization_endpoint", 7),
    "another line": ("authorization_endpoint", "http://127.0.0.1/\r\nSet-Cookie: a=b"),
    "a fragment": ("authorization_endpoint", "http://127.0.0.1/#a"), "endless": ("jwks_uri", f"http://a/{'x' * 3000}"),
    "no secret is taken": ("token_endpoint_auth_methods_supported", ["private_key_jwt"]),
}  # fmt: skip


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("said", STRANGE.values(), ids=STRANGE)
def test_a_description_that_leads_elsewhere_is_not_followed(
    intake: InProcess, city: StandIn, person: Person, said: tuple[str, Any]
) -> None:
    city.said = dict([said])
    answer = intake.client().get(START)
    if answer.status_code == 303:  # the token endpoint is asked with the code only
        answer = back(intake.client(), city, person)
    assert (answer.status_code, slug(answer)) == (503, "provider-away")
    assert city.asked["token"] == 0
    city.said = {}
    intake.deps.provider = provider(city)
    assert signed_in(intake, city, person)


def test_an_issuer_with_tls_names_no_address_without() -> None:
    said = {"jwks_uri": "http://93.184.215.14/keys"}
    with pytest.raises(ProviderAway):
        provider_client._endpoint("https://93.184.215.14", said, "jwks_uri")
    assert provider_client._endpoint("http://127.0.0.1", said, "jwks_uri")


def test_an_endpoint_inside_that_the_operator_names_is_asked(intake: InProcess, city: StandIn, person: Person) -> None:
    with serving(StandIn()) as inside:
        inside.codes = city.codes
        inside.sign, inside.key = city.signed, city.key
        city.said = {"token_endpoint": f"{inside.issuer}/token"}
        person.claims = {"iss": city.issuer}
        assert slug(back(intake.client(), city, person)) == "provider-away"
        intake.deps.provider = provider(city, allowed=f"127.0.0.1:{inside.server_address[1]}")
        assert signed_in(intake, city, person)
        assert inside.asked["token"] == 1


def test_a_secret_goes_into_the_form_where_the_provider_wants_it_there(
    intake: InProcess, city: StandIn, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.said = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    by_header, seen = city.tokens, []

    def by_form(form: dict[str, str], authorization: str | None) -> tuple[int, dict[str, Any]]:
        seen.append((form["client_id"], form["client_secret"], authorization))
        return by_header(form, oidc.basic())

    monkeypatch.setattr(city, "tokens", by_form)
    assert signed_in(intake, city, person)
    assert seen == [(oidc.CLIENT, oidc.SECRET, None)]


def test_a_client_that_the_provider_does_not_know_is_our_mistake_and_not_the_persons(
    intake: InProcess, city: StandIn, person: Person
) -> None:
    there = intake.deps.provider
    intake.deps.provider = Provider(replace(there.client, client_secret="salah"))
    assert slug(back(intake.client(), city, person)) == "provider-away"


# --- around --------------------------------------------------------------------------------------------------------


def test_without_a_provider_it_is_404_with_another_way(intake: InProcess) -> None:
    intake.deps.provider = None
    for path in (START, f"{CALLBACK}?state=x&code=y"):
        answer = intake.client().get(path)
        assert (answer.status_code, slug(answer)) == (404, "provider-not-set") and "kata sandi" in answer.json["detail"]


def test_an_address_begins_and_ends_only_so_many_in_a_minute(
    intake: InProcess, city: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake.app.extensions["gate"].strangers, "_by_address", Rate("address", 30, 60))
    there = {"X-Forwarded-For": "203.0.113.77"}
    answers = [intake.client().get(START, headers=there) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert intake.client().get(CALLBACK, headers=there).status_code == 429
    assert intake.client().get(START, headers={"X-Forwarded-For": "203.0.113.78"}).status_code == 303


def test_no_log_has_what_the_provider_says_of_the_person(
    intake: InProcess, city: StandIn, person: Person, caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = signed_in(intake, city, person)
    back(intake.client(), city, replace(person, claims={"nonce": "made-up"}))
    said = caplog.text + "".join(capsys.readouterr())
    for secret in (person.subject, person.name, tokens["access_token"], oidc.SECRET):
        assert secret not in said
