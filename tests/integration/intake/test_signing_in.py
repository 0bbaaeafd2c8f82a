"""Coming in: codes to phones, passwords with an app, machines' keys; sessions that are renewed, listed and ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import jwt
import pyotp
import pytest

from contracts import contract
from intake.domain.accounts import GRACE, STAFF, username_of
from intake.store import accounts
from intake.usecases import sessions, signing_in
from kit import rates
from kit.ids import new_id
from kit.rates import Rate
from tests.access.tokens import look_anew
from tests.integration.intake import cast
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI, PUBLIC_JWKS

PASSWORD = "perahu hijau di bawah jembatan"
ANDROID = "Mozilla/5.0 (Linux; Android 14)"


@pytest.fixture(autouse=True)
def nobody_was_here(intake: InProcess) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")


@pytest.fixture
def phone() -> str:
    return f"+62812{new_id().int % 10**8:08d}"


def call(intake: InProcess, method: str, path: str, token: str | None = None, **more: Any) -> Any:
    headers = more.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
    return intake.client().open(path, method=method, headers=headers, **more)


def slug(answer: Any) -> str:
    assert answer.mimetype == "application/problem+json", answer.text
    return str(answer.json["type"].removeprefix("urn:problem:"))


def ask_code(intake: InProcess, phone: str, kelurahan: str = BUKIT_SANGKAL, **more: Any) -> Any:
    return call(intake, "POST", "/v1/auth/codes", json={"kelurahan": kelurahan, "phone": phone}, **more)


@dataclass(frozen=True)
class Sent:
    """A code that came to a phone, and the id that was answered to who asked for it."""

    id: str
    code: str

    @property
    def wrong(self) -> Sent:
        return replace(self, code=other(self.code))


def sent_code(intake: InProcess, phone: str, **more: Any) -> Sent:
    answer = ask_code(intake, phone, **more)
    assert answer.status_code == 202, answer.text
    return Sent(answer.json["code_id"], last_code(intake))


def last_code(intake: InProcess) -> str:
    told = [one for one in intake.told("message.requested") if one["data"]["template"] == "sign_in_code"]
    return str(told[-1]["data"]["person"]["values"]["code"])


def by_code(intake: InProcess, phone: str, sent: Sent, address: str = "203.0.113.1") -> Any:
    body = {"kelurahan": BUKIT_SANGKAL, "phone": phone, "code_id": sent.id, "code": sent.code}
    return call(intake, "POST", "/v1/auth/sessions", json=body, **from_address(address, **{"User-Agent": ANDROID}))


def signed_in(intake: InProcess, phone: str) -> dict[str, Any]:
    answer = by_code(intake, phone, sent_code(intake, phone))
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def refreshed(intake: InProcess, refresh_token: str) -> Any:
    return call(intake, "POST", "/v1/auth/refresh", json={"refresh_token": refresh_token})


def claims(tokens: dict[str, Any]) -> dict[str, Any]:
    key = jwt.PyJWK(json.loads(PUBLIC_JWKS)["keys"][0]).key
    return dict(jwt.decode(tokens["access_token"], key, algorithms=["EdDSA"], audience="pengantar"))


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


# --- by phone -------------------------------------------------------------------------------------------------------


def test_a_code_to_the_phone_lets_its_owner_in_as_the_same_person_each_time(intake: InProcess, phone: str) -> None:
    first, again = signed_in(intake, phone), signed_in(intake, phone.replace("+62", "0"))
    assert first["account_id"] == again["account_id"] and first["session_id"] != again["session_id"]
    said = claims(first)
    assert said["roles"] == ["applicant"] and said["tenant"] == BUKIT_SANGKAL and said["exp"] - int(said["iat"]) == 300
    assert call(intake, "GET", "/v1/applications", first["access_token"]).status_code == 200


def test_the_code_goes_by_message_and_dies_with_its_five_minutes(intake: InProcess, phone: str) -> None:
    sent = sent_code(intake, phone)
    told = intake.told("message.requested")[-1]["data"]
    assert told["message_class"] == "code" and told["person"]["to"]["phone"] == phone
    assert told["expires_at"] - intake.clock.now() == timedelta(minutes=5)
    shown = json.dumps({name: str(told[name]) for name in told if name != "person"})
    assert sent.code not in shown and sent.id not in json.dumps(told, default=str), "the id goes to who asked alone"
    assert sent.id not in str(intake.rows("SELECT * FROM sent_code"))
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE sent_code SET expires_at = clock_timestamp()")
    assert slug(by_code(intake, phone, sent)) == "sign-in-refused"
    sessions.prune(intake.deps)
    assert intake.rows("SELECT * FROM sent_code") == []


def test_a_code_counts_once_and_after_five_wrong_ones_not_at_all(intake: InProcess, phone: str) -> None:
    sent = sent_code(intake, phone)
    for _ in range(4):
        assert slug(by_code(intake, phone, sent.wrong)) == "sign-in-refused"
    assert by_code(intake, phone, sent).status_code == 201
    assert by_code(intake, phone, sent).status_code == 401
    sent = sent_code(intake, phone)
    for n in range(5):
        by_code(intake, phone, sent.wrong, f"203.0.113.{n + 2}")  # from wherever they come
    assert slug(by_code(intake, phone, sent)) == "sign-in-refused"


def test_a_stranger_who_knows_the_number_takes_nothing_from_its_owner(intake: InProcess, phone: str) -> None:
    sent, there = sent_code(intake, phone), "198.51.100.66"
    made_up = Sent("x" * len(sent.id), sent.code)
    assert [by_code(intake, phone, made_up, there).status_code for _ in range(11)] == [401] * 10 + [429]
    asked = sent_code(intake, phone)  # a code that he has sent to the owner, with an id of his own
    assert asked.id != sent.id
    crossed = [Sent(asked.id, sent.code), Sent(sent.id, asked.code)]
    if asked.code != sent.code:
        assert [by_code(intake, phone, one, "198.51.100.67").status_code for one in crossed] == [401, 401]
    assert by_code(intake, phone, sent).status_code == 201, "neither his tries nor his code did anything to it"
    assert by_code(intake, phone, asked).status_code == 201, "and whoever had both would have come in by that one"


def test_a_code_does_not_count_without_its_id(intake: InProcess, phone: str) -> None:
    sent = sent_code(intake, phone)
    assert len(sent.id) >= 22, "of six bits each"
    body = {"kelurahan": BUKIT_SANGKAL, "phone": phone, "code": sent.code}
    assert call(intake, "POST", "/v1/auth/sessions", json=body).status_code == 422
    assert by_code(intake, phone, sent).status_code == 201


def test_one_code_sent_twenty_times_at_once_opens_one_session(intake: InProcess, phone: str) -> None:
    sent = sent_code(intake, phone)
    with ThreadPoolExecutor(8) as pool:
        answers = [one.status_code for one in pool.map(lambda _: by_code(intake, phone, sent), range(5))]
    assert answers.count(201) == 1 and set(answers) <= {201, 401}


def test_another_phones_code_and_another_offices_code_are_none(intake: InProcess, phone: str) -> None:
    sent = sent_code(intake, phone)
    assert by_code(intake, f"+62813{phone[-8:]}", sent).status_code == 401
    body = {"kelurahan": KALIDONI, "phone": phone, "code_id": sent.id, "code": sent.code}
    assert call(intake, "POST", "/v1/auth/sessions", json=body).status_code == 401
    assert by_code(intake, phone, sent).status_code == 201


def test_the_answer_is_the_same_for_known_and_unknown_numbers(intake: InProcess, phone: str) -> None:
    signed_in(intake, phone)
    known, unknown = ask_code(intake, phone), ask_code(intake, f"+62813{phone[-8:]}")
    assert {(one.status_code, one.json["expires_in"]) for one in (known, unknown)} == {(202, 300)}
    ids = [one.json.pop("code_id") for one in (known, unknown)]
    assert known.json.keys() == unknown.json.keys() and len(ids[0]) == len(ids[1]) and ids[0] != ids[1]
    tried = [Sent(code_id, "000000") for code_id in (ids[0], "nobody was ever handed this")]
    wrong = [by_code(intake, number, sent) for number in (phone, f"+62814{phone[-8:]}") for sent in tried]
    assert [answer.json["type"] for answer in wrong] == ["urn:problem:sign-in-refused"] * 4


def test_a_phone_gets_three_codes_in_a_quarter_of_an_hour_whoever_asks(intake: InProcess, phone: str) -> None:
    assert [ask_code(intake, phone).status_code for _ in range(4)] == [202, 202, 202, 429]
    refused = ask_code(intake, phone)
    assert slug(refused) == "too-many-requests" and 200 < int(refused.headers["Retry-After"]) <= 300
    assert ask_code(intake, f"+62813{phone[-8:]}").status_code == 202


def test_what_is_no_mobile_number_or_no_office_is_said(intake: InProcess) -> None:
    answer = ask_code(intake, "0711 350 350")
    assert answer.status_code == 422 and "phone" in answer.json["errors"]["json"]
    assert slug(ask_code(intake, "081271000071", "99.99.99.9999")) == "office-unknown"


# --- limits by address ----------------------------------------------------------------------------------------------


@pytest.fixture
def counted(intake: InProcess, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    gate = intake.app.extensions["gate"]
    strangers = gate.strangers
    monkeypatch.setattr(strangers, "_by_address", Rate("address", 30, 60))
    monkeypatch.setattr(strangers, "_by_caller", Rate("caller", 3, 60))
    return intake


def from_address(address: str, **more: str) -> dict[str, Any]:
    return {"headers": {"X-Forwarded-For": address} | more}


def test_two_phones_behind_one_address_are_not_one_person(counted: InProcess, phone: str) -> None:
    there = from_address("203.0.113.7")
    for number in (phone, f"+62813{phone[-8:]}", f"+62814{phone[-8:]}"):
        body = {"kelurahan": BUKIT_SANGKAL, "phone": number}
        assert call(counted, "POST", "/v1/auth/codes", json=body, **there).status_code == 202


def test_an_address_that_asks_without_end_is_told_to_wait_and_others_are_not(counted: InProcess) -> None:
    there = from_address("203.0.113.8")
    answers = [call(counted, "GET", "/v1/offices", **there) for _ in range(31)]
    assert [answer.status_code for answer in answers[:29]] == [200] * 29 and answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert call(counted, "GET", "/v1/offices", **from_address("203.0.113.9")).status_code == 200
    assert call(counted, "GET", "/health/live", **there).status_code == 200


def test_only_the_last_address_of_the_gateway_counts(counted: InProcess) -> None:
    for n in range(30):
        call(counted, "GET", "/v1/offices", **from_address(f"198.51.100.{n}, 203.0.113.10"))
    assert call(counted, "GET", "/v1/offices", **from_address("198.51.100.200, 203.0.113.10")).status_code == 429
    address = counted.app.extensions["gate"].strangers.address
    asked = type("Asked", (), {"remote_addr": "203.0.113.11", "headers": {"X-Forwarded-For": "198.51.100.1"}})
    assert address(asked) == "203.0.113.11", "a peer that is not the gateway says nothing of others"
    asked.remote_addr, asked.headers = "127.0.0.1", {"X-Forwarded-For": "2001:db8:1:2:3:4:5:6"}
    assert address(asked) == "2001:db8:1:2::/64"


def test_who_let_himself_in_changes_so_much_in_a_minute_and_reads_on(counted: InProcess, phone: str) -> None:
    tokens = signed_in(counted, phone)
    tries = [call(counted, "POST", "/v1/applications", tokens["access_token"], json={}) for _ in range(4)]
    assert [answer.status_code for answer in tries] == [422, 422, 422, 429]
    assert call(counted, "GET", "/v1/applications", tokens["access_token"]).status_code == 200


# --- sessions -------------------------------------------------------------------------------------------------------


def test_a_refresh_token_counts_once_and_one_in_two_hands_ends_the_session(intake: InProcess, phone: str) -> None:
    tokens = signed_in(intake, phone)
    second = refreshed(intake, tokens["refresh_token"]).json
    assert claims(second)["sid"] == claims(tokens)["sid"]
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE used_refresh SET used_at = used_at - %s", [GRACE])
    assert slug(refreshed(intake, tokens["refresh_token"])) == "session-ended"
    assert slug(refreshed(intake, second["refresh_token"])) == "session-ended", "it ends for both"
    told = intake.told("access.changed")[-1]["data"]
    assert (str(told["account_id"]), str(told["session_id"])) == (tokens["account_id"], tokens["session_id"])
    look_anew(intake)
    assert call(intake, "GET", "/v1/applications", second["access_token"]).status_code == 401


def test_an_answer_that_was_lost_on_its_way_signs_nobody_out(intake: InProcess, phone: str) -> None:
    tokens = signed_in(intake, phone)
    refreshed(intake, tokens["refresh_token"])
    again = refreshed(intake, tokens["refresh_token"])
    assert again.status_code == 200 and refreshed(intake, again.json["refresh_token"]).status_code == 200


def test_refreshing_at_once_leaves_tokens_that_work(intake: InProcess, phone: str) -> None:
    tokens = signed_in(intake, phone)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: refreshed(intake, tokens["refresh_token"]), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    [token] = {answer.json["refresh_token"] for answer in answers}
    with intake.deps.db.transaction("*") as tx:  # whichever answer came last, its token is the present one
        tx.execute("UPDATE used_refresh SET used_at = used_at - %s", [GRACE])
    assert refreshed(intake, token).status_code == 200


def test_a_former_token_of_a_moment_ago_leads_to_the_present_one(intake: InProcess, phone: str) -> None:
    first = signed_in(intake, phone)["refresh_token"]
    third = refreshed(intake, refreshed(intake, first).json["refresh_token"]).json["refresh_token"]
    assert refreshed(intake, first).json["refresh_token"] == third


def test_sessions_are_listed_and_ended_by_their_owner_alone(intake: InProcess, phone: str) -> None:
    here, there = signed_in(intake, phone), signed_in(intake, phone)
    stranger = signed_in(intake, f"+62813{phone[-8:]}")
    listed = call(intake, "GET", "/v1/auth/sessions", here["access_token"]).json["items"]
    assert {one["id"]: one["current"] for one in listed} == {here["session_id"]: True, there["session_id"]: False}
    assert {one["device"] for one in listed} == {"Android"}
    path = f"/v1/auth/sessions/{there['session_id']}"
    assert call(intake, "DELETE", path, stranger["access_token"]).status_code == 404
    assert call(intake, "DELETE", path, here["access_token"]).status_code == 204
    assert call(intake, "DELETE", path, here["access_token"]).status_code == 404
    look_anew(intake)
    assert call(intake, "GET", "/v1/auth/sessions", there["access_token"]).status_code == 401
    assert refreshed(intake, there["refresh_token"]).status_code == 401
    assert call(intake, "DELETE", "/v1/auth/sessions/current", here["access_token"]).status_code == 204
    look_anew(intake)
    assert call(intake, "GET", "/v1/auth/sessions", here["access_token"]).status_code == 401


def test_signing_out_everywhere_ends_all_and_who_comes_back_is_let_in(intake: InProcess, phone: str) -> None:
    one, two = signed_in(intake, phone), signed_in(intake, phone)
    assert call(intake, "DELETE", "/v1/auth/sessions", one["access_token"]).status_code == 204
    look_anew(intake)
    assert {refreshed(intake, tokens["refresh_token"]).status_code for tokens in (one, two)} == {401}
    assert call(intake, "GET", "/v1/auth/sessions", two["access_token"]).status_code == 401
    back = signed_in(intake, phone)
    assert call(intake, "GET", "/v1/auth/sessions", back["access_token"]).status_code == 200


def test_a_session_that_rests_too_long_is_over(intake: InProcess, phone: str) -> None:
    tokens = signed_in(intake, phone)
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE session SET rests_until = clock_timestamp() WHERE id = %s", [tokens["session_id"]])
    assert refreshed(intake, tokens["refresh_token"]).status_code == 401


# --- heads of RT and RW ---------------------------------------------------------------------------------------------


def officeholder(intake: InProcess, phone: str, sequence: int = 1, **changed: Any) -> str:
    data = contract("officeholder.changed").example | {"officeholder_id": str(new_id())} | changed
    data["person"] = {"name": "M. Yusuf Effendi", "phone": phone}
    intake.feed("officeholder.changed", data, subject=data["officeholder_id"], sequence=sequence)
    return str(data["officeholder_id"])


def test_who_heads_an_rt_has_that_role_from_the_first_day_to_the_last(intake: InProcess, phone: str) -> None:
    today = intake.clock.now().date()
    who = officeholder(intake, phone, from_date=str(today), to_date=str(today))
    tokens = signed_in(intake, phone)
    assert tokens["roles"] == ["applicant", "rt_head"] and (claims(tokens)["rt"], claims(tokens)["rw"]) == (
        "023",
        "005",
    )
    before = intake.clock.at
    try:
        intake.clock.at = before.replace(hour=16, minute=58)  # 23:58 in Palembang
        last = refreshed(intake, tokens["refresh_token"]).json
        assert last["roles"] == ["applicant", "rt_head"] and last["expires_in"] == 120
        intake.clock.at = before.replace(hour=17)
        assert refreshed(intake, last["refresh_token"]).json["roles"] == ["applicant"]
    finally:
        intake.clock.at = before
    assert who


def test_a_term_that_is_cut_short_ends_tokens_at_once(intake: InProcess, phone: str) -> None:
    who = officeholder(intake, phone)
    tokens = signed_in(intake, phone)
    assert "rt_head" in tokens["roles"]
    yesterday = str((intake.clock.now() - timedelta(days=1)).date())
    officeholder(intake, phone, 2, officeholder_id=who, to_date=yesterday)
    look_anew(intake)
    assert call(intake, "GET", "/v1/auth/sessions", tokens["access_token"]).status_code == 401
    renewed = refreshed(intake, tokens["refresh_token"]).json
    assert renewed["roles"] == ["applicant"]
    assert call(intake, "GET", "/v1/auth/sessions", renewed["access_token"]).status_code == 200


def test_a_substitute_and_another_offices_head_have_no_role(intake: InProcess, phone: str) -> None:
    officeholder(intake, phone, role="substitute")
    assert signed_in(intake, phone)["roles"] == ["applicant"]


# --- staff ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(intake: InProcess) -> Iterator[dict[str, Any]]:
    yield employ(intake, ["administrator"])


def invite(intake: InProcess, roles: list[str], username: str | None = None, **who: Any) -> Any:
    body = {"name": "Nyimas Halimah", "username": username or f"u{new_id().hex[-12:]}", "roles": roles}
    return intake.call("POST", "/v1/staff", "administrator", who=who, json=body)


def employ(intake: InProcess, roles: list[str], **who: Any) -> dict[str, Any]:
    """Invited, accepted: {id, username, totp}."""
    made = invite(intake, roles, **who)
    assert made.status_code == 201, made.text
    seen = call(intake, "POST", "/v1/auth/invitations", json={"invitation": made.json["invitation"]}).json
    totp = pyotp.parse_uri(seen["totp_uri"])
    body = {"invitation": made.json["invitation"], "password": PASSWORD, "totp": totp.now()}
    accepted = call(intake, "POST", "/v1/auth/invitations/acceptance", json=body)
    assert accepted.status_code == 204, accepted.text
    return made.json | {"secret": seen["totp_secret"], "office": seen["office"]}


def code_of(intake: InProcess, who: dict[str, Any]) -> str:
    """What the app shows now; codes that were used count again, as half a minute is long for a test."""
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE account SET totp_step = 0 WHERE id = %s", [who["id"]])
    return pyotp.TOTP(who["secret"]).now()


def by_password(
    intake: InProcess,
    who: dict[str, Any],
    password: str = PASSWORD,
    totp: str | None = None,
    there: str = "203.0.113.1",
) -> Any:
    body = {"office": who["office"], "username": who["username"], "password": password}
    body |= {"totp": totp or code_of(intake, who)}
    return call(intake, "POST", "/v1/auth/sessions/staff", json=body, **from_address(there))


def test_staff_come_in_with_name_password_and_app(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    tokens = by_password(intake, who)
    assert tokens.status_code == 201 and tokens.json["roles"] == ["officer"]
    assert call(intake, "GET", "/v1/applications", tokens.json["access_token"]).status_code == 200
    assert call(intake, "GET", "/v1/staff", tokens.json["access_token"]).status_code == 403


def test_an_apps_code_counts_once(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    code = code_of(intake, who)
    assert by_password(intake, who, totp=code).status_code == 201
    assert slug(by_password(intake, who, totp=code)) == "sign-in-refused"


def test_a_wrong_name_password_or_code_is_the_same_refusal(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    wrong = [
        by_password(intake, who, "perahu merah di bawah jembatan"),
        by_password(intake, who, totp="000000"),
        by_password(intake, who | {"username": "nobody"}),
        by_password(intake, who | {"office": KALIDONI}),
    ]
    assert [(answer.status_code, answer.json["type"], answer.json["detail"]) for answer in wrong] == [
        (401, "urn:problem:sign-in-refused", wrong[0].json["detail"])
    ] * 4
    assert by_password(intake, who).status_code == 201


def test_a_name_bears_five_tries_from_one_place_in_a_quarter_of_an_hour_known_or_not(intake: InProcess) -> None:
    known, unknown = employ(intake, ["officer"]), {"office": BUKIT_SANGKAL, "username": "nobody", "secret": "A" * 32}
    for who in (known, unknown | {"id": str(new_id())}):
        tries = [by_password(intake, who, "salah sama sekali").status_code for _ in range(6)]
        assert tries == [401] * 5 + [429]
    assert by_password(intake, known).status_code == 429


def test_who_knows_a_name_cannot_lock_its_owner_out(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    for place in range(10):
        there = f"198.51.100.{place}"
        tries = [by_password(intake, who, "salah sama sekali", there=there).status_code for _ in range(6)]
        assert tries == [401] * 5 + [429]
    assert by_password(intake, who).status_code == 201


def test_a_crowd_that_guesses_a_name_is_slowed_down(intake: InProcess) -> None:
    with intake.deps.db.transaction("*") as tx:
        one = [rates.take(tx, intake.deps.fingerprints, signing_in.PASSWORDS_OF_NAME, "a name") for _ in range(61)]
    assert one[:60] == [None] * 60 and 0 < float(one[60] or 0) <= 1


def guesses(intake: InProcess, there: str, many: int) -> list[int]:
    nobody = {"office": BUKIT_SANGKAL, "id": str(new_id()), "secret": "A" * 32}
    return [
        by_password(intake, nobody | {"username": f"nobody-{n}"}, "salah", totp="000000", there=there).status_code
        for n in range(many)
    ]


def test_an_address_that_guessed_sixty_times_is_not_listened_to_for_a_while_and_others_are(
    counted: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted.app.extensions["gate"].strangers, "_by_address", Rate("address", 10**6, 60))
    who, there = employ(counted, ["officer"]), "198.51.100.70"
    assert guesses(counted, there, 59) == [401] * 59
    assert by_password(counted, who, there=there).status_code == 201, "looking uses nothing up, nor does who comes in"
    assert guesses(counted, there, 2) == [401, 429]
    with monkeypatch.context() as patch:
        patch.setattr(signing_in.passwords, "is_right", None)  # nothing is tried any more, not even what is right
        waiting = by_password(counted, who, totp="000000", there=there)
    assert waiting.status_code == 429 and 1 <= int(waiting.headers["Retry-After"]) <= 60
    assert by_password(counted, who).status_code != 429


def test_whoever_waits_because_of_a_crowd_has_his_own_tries_left(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    known = accounts.known_by(intake.deps.fingerprints, STAFF, username_of(who["username"]))
    crowd = replace(signing_in.PASSWORDS_OF_NAME, within=6e9)  # so much that nothing comes back during this test
    with intake.deps.db.transaction("*") as tx:
        assert rates.take(tx, intake.deps.fingerprints, crowd, f"{who['office']}/{known.hex()}") is None
    assert [by_password(intake, who, there="203.0.113.1").status_code for _ in range(6)] == [429] * 6
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE rate SET full_at = clock_timestamp() WHERE full_at > clock_timestamp() + interval '1 day'")
    assert by_password(intake, who, there="203.0.113.1").status_code == 201


def test_who_has_the_password_guesses_the_apps_code_no_faster_from_many_places(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    for place in range(5):
        assert slug(by_password(intake, who, totp="000000", there=f"198.51.100.{place}")) == "sign-in-refused"
    refused = by_password(intake, who)
    assert slug(refused) == "sign-in-refused", "nor is he told that the password was right"
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")
    assert by_password(intake, who).status_code == 201


@pytest.mark.parametrize("password", ["pendek", "aaaaaaaaaaaaaaaa", "password12345", "qwertyuiop123", "halimahhalimah"])
def test_a_password_that_is_easily_guessed_is_refused(intake: InProcess, password: str) -> None:
    made = invite(intake, ["officer"]).json
    seen = call(intake, "POST", "/v1/auth/invitations", json={"invitation": made["invitation"]}).json
    body = {"invitation": made["invitation"], "password": password, "totp": pyotp.TOTP(seen["totp_secret"]).now()}
    assert slug(call(intake, "POST", "/v1/auth/invitations/acceptance", json=body)) == "password-too-weak"
    body["password"] = PASSWORD
    assert call(intake, "POST", "/v1/auth/invitations/acceptance", json=body).status_code == 204


def test_an_invitation_counts_once_and_for_three_days(intake: InProcess) -> None:
    made = invite(intake, ["officer"]).json
    seen = call(intake, "POST", "/v1/auth/invitations", json={"invitation": made["invitation"]})
    body = {"invitation": made["invitation"], "password": PASSWORD}
    app = pyotp.TOTP(seen.json["totp_secret"])
    wrong = call(intake, "POST", "/v1/auth/invitations/acceptance", json=body | {"totp": other(app.now())})
    assert slug(wrong) == "code-not-right"
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE account SET invitation_until = clock_timestamp() WHERE id = %s", [made["id"]])
    late = call(intake, "POST", "/v1/auth/invitations/acceptance", json=body | {"totp": app.now()})
    assert slug(late) == "invitation-not-found"
    again = intake.call("POST", f"/v1/staff/{made['id']}/invitation", "administrator", json={}).json
    seen = call(intake, "POST", "/v1/auth/invitations", json={"invitation": again["invitation"]}).json
    body = {"invitation": again["invitation"], "password": PASSWORD, "totp": pyotp.TOTP(seen["totp_secret"]).now()}
    assert call(intake, "POST", "/v1/auth/invitations/acceptance", json=body).status_code == 204
    assert slug(call(intake, "POST", "/v1/auth/invitations/acceptance", json=body)) == "invitation-not-found"


def test_other_roles_count_at_once_in_all_services(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    tokens = by_password(intake, who).json
    path = f"/v1/staff/{who['id']}"
    changed = intake.call("PUT", path, "administrator", json={"name": "Nyimas Halimah, S.E.", "roles": ["lurah"]})
    assert changed.status_code == 200 and changed.json["roles"] == ["lurah"]
    told = intake.told("access.changed")[-1]["data"]
    assert (str(told["account_id"]), told["session_id"]) == (who["id"], None)
    look_anew(intake)
    assert call(intake, "GET", "/v1/applications", tokens["access_token"]).status_code == 401
    renewed = refreshed(intake, tokens["refresh_token"]).json
    assert renewed["roles"] == ["lurah"]
    assert call(intake, "GET", "/v1/auth/sessions", renewed["access_token"]).status_code == 200


def test_roles_that_were_read_before_a_change_and_signed_after_it_do_not_count(
    intake: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However late: within the same second, or in the next one, when its time says that it was made after the end."""
    who = employ(intake, ["officer"])
    tokens = by_password(intake, who).json
    issue, change = signing_in.issue, {"name": "Nyimas Halimah", "roles": ["lurah"]}

    def late(*given: Any) -> Any:
        assert intake.call("PUT", f"/v1/staff/{who['id']}", "administrator", json=change).status_code == 200
        return issue(*given)

    monkeypatch.setattr(signing_in, "issue", late)
    stale = refreshed(intake, tokens["refresh_token"]).json
    monkeypatch.undo()
    told = intake.told("access.changed")[-1]["data"]
    assert stale["roles"] == ["officer"] and claims(stale)["iat"] > told["ended_at"].timestamp()
    assert claims(stale)["epoch"] == told["epoch"] - 1
    look_anew(intake)
    assert call(intake, "GET", "/v1/auth/sessions", stale["access_token"]).status_code == 401
    renewed = refreshed(intake, stale["refresh_token"]).json
    assert renewed["roles"] == ["lurah"] and claims(renewed)["epoch"] == told["epoch"]
    assert call(intake, "GET", "/v1/auth/sessions", renewed["access_token"]).status_code == 200


def test_a_closed_account_lets_nobody_in_and_its_sessions_end(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    tokens = by_password(intake, who).json
    assert intake.call("DELETE", f"/v1/staff/{who['id']}", "administrator").status_code == 204
    look_anew(intake)
    assert call(intake, "GET", "/v1/applications", tokens["access_token"]).status_code == 401
    assert refreshed(intake, tokens["refresh_token"]).status_code == 401
    assert by_password(intake, who).status_code == 401
    assert slug(intake.call("POST", f"/v1/staff/{who['id']}/invitation", "administrator", json={})) == "account-closed"


def test_the_last_administrator_stays_one(intake: InProcess) -> None:
    there = {"tenant": KALIDONI}
    one, two = employ(intake, ["administrator"], **there), employ(intake, ["administrator", "officer"], **there)
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda who: intake.call("DELETE", f"/v1/staff/{who['id']}", "administrator", who=there), (one, two)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    left = one if answers[0].status_code == 409 else two
    body = {"name": "Kms. Saleh", "roles": ["officer"]}
    refused = intake.call("PUT", f"/v1/staff/{left['id']}", "administrator", who=there, json=body)
    assert slug(refused) == "last-administrator"


def test_an_administrator_sees_and_changes_the_own_office_only(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    there = {"tenant": KALIDONI}
    for method, path, body in (
        ("GET", f"/v1/staff/{who['id']}", None), ("DELETE", f"/v1/staff/{who['id']}", None),
        ("PUT", f"/v1/staff/{who['id']}", {"name": "x", "roles": ["officer"]}),
        ("POST", f"/v1/staff/{who['id']}/invitation", {}),
    ):  # fmt: skip
        assert intake.call(method, path, "administrator", who=there, json=body).status_code == 404
    listed = intake.call("GET", "/v1/staff?limit=200", "administrator", who=there).json["items"]
    assert who["id"] not in {one["id"] for one in listed}
    mine = intake.call("GET", "/v1/staff?limit=200", "administrator").json["items"]
    assert who["id"] in {one["id"] for one in mine}


def test_an_office_gives_its_own_roles_and_a_kecamatan_its_own(intake: InProcess) -> None:
    assert slug(invite(intake, ["camat"])) == "role-not-here"
    camat = employ(intake, ["camat"], tenant="16.71.10")
    tokens = by_password(intake, camat).json
    assert tokens["kelurahan"] == "16.71.10" and tokens["roles"] == ["camat"]
    month = f"/v1/reports/2026-08?kelurahan={BUKIT_SANGKAL}"
    assert call(intake, "GET", month, tokens["access_token"]).status_code == 200
    assert call(intake, "GET", "/v1/reports/2026-08?kelurahan=16.71.11.1001", tokens["access_token"]).status_code == 404
    assert call(intake, "GET", "/v1/reports/2026-08", tokens["access_token"]).status_code == 404
    assert intake.call("GET", month, "officer", who={"tenant": KALIDONI}).status_code == 404


def test_one_changes_the_own_password_and_other_sessions_end(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    one, two = by_password(intake, who).json, by_password(intake, who).json
    body = {"current": PASSWORD, "password": "empat kuda makan jagung rebus", "totp": code_of(intake, who)}
    wrong = call(intake, "PUT", "/v1/auth/password", one["access_token"], json=body | {"current": "bukan ini"})
    assert slug(wrong) == "sign-in-refused"
    body["totp"] = code_of(intake, who)
    assert call(intake, "PUT", "/v1/auth/password", one["access_token"], json=body).status_code == 204
    assert refreshed(intake, two["refresh_token"]).status_code == 401
    assert refreshed(intake, one["refresh_token"]).status_code == 200
    assert by_password(intake, who).status_code == 401
    assert by_password(intake, who, "empat kuda makan jagung rebus").status_code == 201


def test_a_user_name_is_taken_once_in_whatever_letters(intake: InProcess) -> None:
    name = f"u{new_id().hex[-12:]}"
    assert invite(intake, ["officer"], name).status_code == 201
    assert slug(invite(intake, ["officer"], name.upper())) == "name-taken"


# --- machines -------------------------------------------------------------------------------------------------------


def machine(intake: InProcess, **more: Any) -> dict[str, Any]:
    body = {"name": f"Dasbor {new_id()}", "scopes": ["reports.read"]} | more
    made = intake.call("POST", "/v1/staff/machines", "administrator", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json)


def by_key(intake: InProcess, made: dict[str, Any], secret: str | None = None, **more: Any) -> Any:
    body = {"client_id": made["id"], "client_secret": secret or made["client_secret"]} | more
    return call(intake, "POST", "/v1/auth/machines", json=body)


def test_a_machine_gets_a_token_for_its_scopes_alone(intake: InProcess) -> None:
    made = machine(intake)
    tokens = by_key(intake, made)
    assert tokens.status_code == 201 and tokens.json["refresh_token"] is None
    assert call(intake, "GET", "/v1/reports/2026-08", tokens.json["access_token"]).status_code == 200
    assert call(intake, "GET", "/v1/applications", tokens.json["access_token"]).status_code == 403
    assert slug(by_key(intake, made, "wrong")) == "sign-in-refused"
    assert slug(by_key(intake, made | {"id": str(new_id())})) == "sign-in-refused"


def test_a_key_is_changed_with_an_overlap_and_ended_at_once(intake: InProcess) -> None:
    made = machine(intake)
    path = f"/v1/staff/machines/{made['id']}/keys"
    newer = intake.call("POST", path, "administrator", json={}).json
    assert by_key(intake, made).status_code == 201 and by_key(intake, newer).status_code == 201
    tokens = by_key(intake, made).json
    [first, second] = sorted(newer["keys"], key=lambda key: key["made_at"])
    assert intake.call("DELETE", f"{path}/{first['id']}", "administrator").status_code == 204
    assert by_key(intake, made).status_code == 401 and by_key(intake, newer).status_code == 201
    look_anew(intake)
    assert call(intake, "GET", "/v1/reports/2026-08", tokens["access_token"]).status_code == 401
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE machine_key SET ends_at = clock_timestamp() WHERE id = %s", [second["id"]])
    assert by_key(intake, newer).status_code == 401


def test_a_machine_says_in_its_token_where_it_was_restricted_to_and_what_it_may_ask(intake: InProcess) -> None:
    made = machine(intake, within=[BUKIT_SANGKAL], quota={"requests": 7})
    assert (made["within"], made["quota"]) == ([BUKIT_SANGKAL], {"requests": 7})
    said = claims(by_key(intake, made).json)
    [kept] = intake.rows("SELECT roles, scopes FROM account WHERE id = %s", [made["id"]])
    assert kept["roles"] == [] and kept["scopes"], (
        "a release that knows no `within` makes no token that may do anything"
    )
    assert (said["within"], said["quota"]) == ([BUKIT_SANGKAL], {"requests": 7})
    free = claims(by_key(intake, machine(intake)).json)
    assert "within" not in free and free["quota"] == {}


def test_a_machine_is_restricted_to_places_below_who_lets_it_in(intake: InProcess) -> None:
    for place in ("16.71.10", "16.71.09.1001", "16.71.10.1002", "Kalidoni", "*"):
        body = {"name": f"Dasbor {new_id()}", "scopes": ["cases.read"], "within": [place]}
        assert slug(intake.call("POST", "/v1/staff/machines", "administrator", json=body)) == "place-not-here"


def test_what_a_machine_may_is_changed_and_its_former_tokens_count_no_more(intake: InProcess) -> None:
    made = machine(intake)
    former, path = by_key(intake, made).json["access_token"], f"/v1/staff/machines/{made['id']}"
    change = {"scopes": ["cases.read"], "within": [BUKIT_SANGKAL], "quota": {"bytes": 5_000_000}}
    assert slug(intake.call("PUT", path, "administrator", json=change | {"scopes": ["everything"]})) == "invalid"
    assert call(intake, "GET", "/v1/reports/2026-08", former).status_code == 200
    changed = intake.call("PUT", path, "administrator", json=change)
    assert changed.status_code == 200 and changed.json["scopes"] == ["cases.read"]
    look_anew(intake)
    assert call(intake, "GET", "/v1/reports/2026-08", former).status_code == 401
    said = claims(by_key(intake, made).json)
    assert (said["roles"], said["within"], said["quota"]) == (["cases.read"], [BUKIT_SANGKAL], {"bytes": 5_000_000})


def test_keys_and_invitations_lie_nowhere_as_they_are(intake: InProcess) -> None:
    made, invited = machine(intake), invite(intake, ["officer"]).json
    tables = [row["t"] for row in intake.rows("SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public'")]
    for table in tables:
        text = str(intake.rows(f"SELECT t::text FROM {table} t"))
        assert made["client_secret"] not in text and invited["invitation"] not in text, table


# --- keys that sign -------------------------------------------------------------------------------------------------


def test_public_keys_can_be_had_by_whoever_wants_to_check_a_token(intake: InProcess, monkeypatch: Any) -> None:
    monkeypatch.setenv("TOKEN_PUBLIC_KEYS", PUBLIC_JWKS)
    assert call(intake, "GET", "/v1/auth/keys").json == json.loads(PUBLIC_JWKS)


def test_an_operator_makes_the_first_administrator_by_a_command(
    intake: InProcess, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from intake import first_administrator

    monkeypatch.setattr(first_administrator.Settings, "read", lambda: intake.settings)
    assert first_administrator.main(["16.71", "walikota", "H.", "Abdul", "Somad"]) == 0
    invitation = capsys.readouterr().out.strip().splitlines()[-1]
    seen = call(intake, "POST", "/v1/auth/invitations", json={"invitation": invitation}).json
    assert (seen["office"], seen["roles"]) == ("16.71", ["area_administrator"])
    assert first_administrator.main(["16.71", "walikota", "Lain"]) == 1


def test_whoever_gives_his_account_up_leaves_no_phone_and_no_session(intake: InProcess, phone: str) -> None:
    tokens = signed_in(intake, phone)
    subject = jwt.decode(tokens["access_token"], options={"verify_signature": False})["sub"]
    [account] = intake.rows("SELECT id, person_id FROM account WHERE id = %s", [subject])
    assert call(intake, "DELETE", "/v1/auth/account", tokens["access_token"]).status_code == 204
    assert intake.rows("SELECT 1 AS one FROM account WHERE id = %s", [account["id"]]) == []
    assert intake.rows("SELECT 1 AS one FROM people WHERE id = %s", [account["person_id"]]) == []
    assert intake.rows("SELECT 1 AS one FROM session WHERE account_id = %s", [account["id"]]) == []
    assert slug(call(intake, "POST", "/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})) == (
        "session-ended"
    )
    assert [one["data"]["account_id"] for one in intake.told("access.changed")].count(account["id"]) >= 1
    again = signed_in(intake, phone)
    assert again["access_token"] != tokens["access_token"], "he may come again, as somebody new"


def test_an_account_is_not_given_up_while_a_case_of_it_is_open_and_takes_ended_ones_along(
    intake: InProcess, phone: str
) -> None:
    token = signed_in(intake, phone)["access_token"]
    case = call(intake, "POST", "/v1/applications", token, json=cast.body()).json["id"]
    refused = call(intake, "DELETE", "/v1/auth/account", token)
    assert (refused.status_code, slug(refused)) == (409, "cases-still-open")
    ended = call(intake, "POST", f"/v1/applications/{case}/withdrawal", token, json={"reason": "tidak jadi"})
    assert ended.status_code == 200
    assert call(intake, "DELETE", "/v1/auth/account", token).status_code == 204
    intake.work()
    [line] = intake.rows("SELECT person_id, erased_at FROM application WHERE id = %s", [case])
    assert line["person_id"] is None and line["erased_at"]
