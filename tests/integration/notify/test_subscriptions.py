"""Subscriptions over HTTP: what is taken and refused, whose they are, and what a machine is told that may less now."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from contracts import contract
from deploy.local.stack import Stack
from kit.auth import Caller
from kit.db import EVERY_TENANT, Database, Tx
from kit.ended import EndedAccess
from notify.domain import pushing as rounds
from notify.domain.subscriptions import MOST
from notify.usecases import pushing, subscriptions
from tests.integration.notify.pushes import ENV, Pushing, cases
from tests.integration.notify.story import KELURAHAN
from tests.support import whatsapp
from tests.support.receiver import Receiver, receiving
from tests.support.services import InProcess, in_process

URL = "https://acara.palembang.example/pengantar"


@pytest.fixture(scope="module")
def notify(parts: Stack) -> Iterator[InProcess]:
    with in_process(parts, "notify", SAMPLE_DATA="true", **whatsapp.ENV, **ENV) as service:
        yield service


@pytest.fixture
def push(notify: InProcess) -> Pushing:
    notify.rows("DELETE FROM subscription RETURNING id")
    return Pushing(notify)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as there:
        yield there


def made(push: Pushing, **more: Any) -> Any:
    answer = push.call("POST", "", json={"url": URL, "types": ["*"]} | more)
    assert answer.status_code == 201, answer.text
    return answer.json


def refused(push: Pushing, **more: Any) -> Any:
    answer = push.call("POST", "", json={"url": URL, "types": ["*"]} | more)
    assert answer.status_code == 422, answer.text
    return answer.json["errors"]["json"]


def test_the_secret_is_shown_when_it_is_made_and_never_again(push: Pushing) -> None:
    one = made(push)
    assert one["secret"].startswith("whsec_")
    for path in ("", f"/{one['id']}"):
        assert "whsec_" not in push.call("GET", path).text
    kept = push.notify.rows("SELECT s::text AS row FROM subscription s")[0]["row"]
    assert one["secret"] not in kept and one["secret"].removeprefix("whsec_") not in kept


def test_the_same_request_again_makes_no_second_one(push: Pushing) -> None:
    body, headers = {"url": URL, "types": ["*"]}, {"Idempotency-Key": "langganan-1"}
    first, again = (push.call("POST", "", json=body, headers=headers) for _ in range(2))
    assert first.json == again.json and again.headers["Idempotency-Replayed"] == "true"
    assert len(push.call("GET", "").json["items"]) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("url", "https://10.0.0.5/x"), ("url", "https://169.254.169.254/latest"), ("url", "https://localhost/x"),
     ("url", "acara"), ("types", ["officeholder.changed"]), ("types", []), ("types", ["application"]),
     ("places", ["Palembang"]), ("description", "a\nb"), ("after", -1)],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(push: Pushing, field: str, value: Any) -> None:
    assert list(refused(push, **{field: value})) == [field]


def test_production_takes_https_only(push: Pushing, monkeypatch: pytest.MonkeyPatch) -> None:
    made(push, url="http://acara.palembang.example/")
    monkeypatch.setattr(push.deps, "settings", replace(push.deps.settings, environment="production"))
    assert "https://" in refused(push, url="http://acara.palembang.example/")["url"][0]
    made(push)


def test_places_beyond_ones_reach_are_not_found_and_the_attempt_is_on_record(push: Pushing) -> None:
    answer = push.call("POST", "", json={"url": URL, "types": ["*"], "places": ["16.71.09"]})
    assert answer.status_code == 404
    assert push.notify.rows("SELECT route FROM refused_access ORDER BY id DESC LIMIT 1")[0]["route"].startswith("POST")
    assert made(push, places=[KELURAHAN])["places"] == [KELURAHAN]


def test_an_administrator_takes_offices_away_from_a_machine_and_gives_it_none(push: Pushing) -> None:
    machine = {"sub": "mesin-sempit", "tenant": "16.71", "within": [KELURAHAN, "16.71.09"]}
    wish = {"url": URL, "types": ["*"], "places": None}
    one = push.notify.call("POST", "/v1/subscriptions", "subscriptions.manage", who=machine, json=wish).json["id"]

    def places(asked: list[str] | None) -> Any:
        above = {"sub": "admin-kota", "tenant": "16.71"}
        answer = push.notify.call(
            "PATCH", f"/v1/subscriptions/{one}", "area_administrator", who=above, json={"places": asked}
        )
        return answer.json["places"] if answer.status_code == 200 else answer.status_code

    assert places(None) == [KELURAHAN, "16.71.09"], "all that he reads himself would go to the machine's address"
    assert places(["16.71.10"]) == 404
    assert places([KELURAHAN]) == [KELURAHAN]
    assert places(["16.71.09"]) == 404, "what was taken away only the machine asks for again"


def test_a_machine_sees_its_own_and_the_administrator_all_of_the_office(push: Pushing, notify: InProcess) -> None:
    one = made(push)
    path = f"/v1/subscriptions/{one['id']}"
    for role, sub, status in (
        ("subscriptions.manage", "mesin-lain", 404), ("administrator", "halimah", 200),
        ("subscriptions.manage", "mesin-kota", 200),
    ):  # fmt: skip
        assert notify.call("GET", path, role, who={"sub": sub}).status_code == status, sub
    listed = notify.call("GET", "/v1/subscriptions", "subscriptions.manage", who={"sub": "mesin-lain"})
    assert listed.json["items"] == []
    shown = notify.call("GET", "/notify/langganan", headers=_cookie("administrator"))
    assert "acara.palembang.example" in shown.text and "Berjalan" in shown.text


def _cookie(role: str) -> dict[str, str]:
    from kit.pages.session import ACCESS_COOKIE
    from tests.support.tokens import bearer

    token = bearer(role)["Authorization"].removeprefix("Bearer ")
    return {"Cookie": f"{ACCESS_COOKIE}={token}", "Accept": "text/html"}


def test_an_office_has_so_many_and_no_more(push: Pushing) -> None:
    for _ in range(MOST):
        made(push)
    answer = push.call("POST", "", json={"url": URL, "types": ["*"]})
    assert answer.status_code == 409 and answer.json["type"] == "urn:problem:subscriptions-many"
    first = push.call("GET", "").json["items"][0]["id"]
    assert push.call("DELETE", f"/{first}").status_code == 204
    made(push)


def test_what_ends_is_gone_at_once_and_its_log_follows_a_part_at_a_time(
    push: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the log is: the request waits for none of it."""
    monkeypatch.setattr(pushing, "_DELETED_AT_ONCE", 10)
    ended, other = made(push)["id"], made(push)["id"]
    for one in (ended, other):
        attempted(push, one, 25)
    assert push.call("DELETE", f"/{ended}").status_code == 204
    assert push.call("GET", f"/{ended}/deliveries").status_code == 404
    assert logged(push, ended) == 25
    assert "push-forget" in push.notify.work()
    assert (logged(push, ended), logged(push, other)) == (0, 25)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"outcome": "failed"}, "push_attempt_failed"),
        ({"outcome": "given_up"}, "push_attempt_failed"),
        ({"event_id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e51"}, "push_attempt_event"),
    ],
)
def test_what_is_asked_of_a_long_log_is_found_by_an_index(
    push: Pushing, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], index: str
) -> None:
    """Nothing is read that is not shown."""
    one = made(push)["id"]
    attempted(push, one, 5000)
    with Database(push.notify.settings.database_owner_url).transaction(EVERY_TENANT) as tx:
        tx.execute("ANALYZE push_attempt")
    statements: list[tuple[str, Any]] = []
    real = Tx.all
    monkeypatch.setattr(
        Tx, "all", lambda tx, sql, params=None: statements.append((sql, params)) or real(tx, sql, params)
    )
    assert push.call("GET", f"/{one}/deliveries", query_string=asked).status_code == 200
    [(sql, params)] = [known for known in statements if "FROM push_attempt" in known[0]]
    with push.deps.db.transaction(EVERY_TENANT) as tx:
        for way in ("seqscan", "bitmapscan"):  # as if there were many
            tx.execute(f"SET LOCAL enable_{way} = off")
        plan = "\n".join(str(row["QUERY PLAN"]) for row in real(tx, f"EXPLAIN (COSTS off) {sql}", params))
    assert f"using {index}" in plan, plan


def attempted(push: Pushing, subscription: str, number: int) -> None:
    """So many attempts that succeeded stand in its log."""
    push.notify.rows(
        "INSERT INTO push_attempt (id, subscription_id, kelurahan, at, kind, event_id, type, outcome, ms)"
        " SELECT gen_random_uuid(), %s, %s, clock_timestamp(), 'event', gen_random_uuid(), 'letter.issued',"
        " 'delivered', 9 FROM generate_series(1, %s) RETURNING id",
        [subscription, KELURAHAN, number],
    )


def logged(push: Pushing, subscription: str) -> int:
    return len(push.notify.rows("SELECT id FROM push_attempt WHERE subscription_id = %s", [subscription]))


def test_lists_go_on_after_the_last_that_was_seen(push: Pushing) -> None:
    ids = [made(push)["id"] for _ in range(3)]
    first = push.call("GET", "?limit=2").json
    rest = push.call("GET", f"?limit=2&cursor={first['next_cursor']}").json
    assert [one["id"] for one in first["items"] + rest["items"]] == ids and rest["next_cursor"] is None


def test_a_change_honours_the_version_that_was_seen(push: Pushing) -> None:
    one = made(push)
    changed = push.call("PATCH", f"/{one['id']}", json={"types": ["letter.*"]}, headers={"If-Match": '"1"'})
    assert changed.json["types"] == ["letter.*"] and changed.headers["ETag"] == '"2"'
    late = push.call("PATCH", f"/{one['id']}", json={"types": ["*"]}, headers={"If-Match": '"1"'})
    assert late.status_code == 412


def test_it_can_begin_with_all_that_the_feed_keeps(push: Pushing, receiver: Receiver) -> None:
    event_id = push.happens(cases(1)[0])
    push.subscribe(receiver, after=0)
    push.turns()
    assert event_id in receiver.ids


def test_a_machine_that_is_closed_or_restricted_is_told_no_more_than_it_may_read(
    push: Pushing, receiver: Receiver
) -> None:
    machine, area = str(uuid4()), "16.71"
    one = _subscribed(push, receiver, machine, area)
    _access(push, machine, area, ["subscriptions.manage"], ["16.71.10"])
    inside = push.happens(cases(1)[0])
    push.happens(cases(1)[0], kelurahan="16.71.09.1004")
    push.turns()
    assert receiver.ids == [inside]
    _access(push, machine, area, [], [])
    push.happens(cases(1)[0])
    push.turns()
    assert receiver.ids == [inside] and push.stands(one).state == "paused"


@pytest.mark.parametrize("told", [[], ["subscriptions.manage"]])
def test_a_token_of_before_makes_and_widens_nothing_once_its_end_was_heard(
    push: Pushing, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """What a web process knows of ends may be half a second old; the transaction that writes asks anew."""
    monkeypatch.setattr(EndedAccess, "check", lambda *_: None)
    machine, area, body = str(uuid4()), "16.71", {"url": URL, "types": ["*"]}
    before, since = ({"sub": machine, "tenant": area, "epoch": epoch} for epoch in (1, 2))

    def call(method: str, path: str, who: dict[str, Any], given: dict[str, Any] = body) -> Any:
        path = f"/v1/subscriptions{path}"
        return push.notify.call(method, path, "subscriptions.manage", who=who, json=given)

    one = call("POST", "", before).json["id"]
    _access(push, machine, area, told, ["16.71.10"])
    for path in ("", f"/{one}/resume", f"/{one}/secret", f"/{one}/test"):
        assert call("POST", path, before, {} if path else body).status_code == 401, path
    assert call("PATCH", f"/{one}", before, {"places": None}).status_code == 401
    assert push.stands(one).places == (["16.71.10"] if told else [])
    assert call("POST", "", {"sub": str(uuid4()), "tenant": area, "epoch": 1}).status_code == 201
    assert call("POST", "", since | {"within": ["16.71.10"]}).json["places"] == ["16.71.10"]


def test_an_end_and_a_wish_at_the_same_moment_wait_for_each_other(push: Pushing) -> None:
    """Whichever commits first: the subscription is not there, or it was narrowed."""
    machine, area = str(uuid4()), "16.71"
    who = Caller(machine, frozenset({"subscriptions.manage"}), area, {"iat": 0, "epoch": 1})
    wish = {"url": URL, "types": ["*"], "places": None, "description": "", "after": None}
    made, waited = threading.Event(), threading.Event()

    def narrow() -> None:
        made.wait(10)
        _access(push, machine, area, ["subscriptions.manage"], ["16.71.10"])
        waited.set()

    ending = threading.Thread(target=narrow)
    ending.start()
    with push.deps.db.transaction(area) as tx:
        one = subscriptions.make(push.deps, tx, who, wish)
        tx.value("SELECT 1")
        made.set()
        assert not waited.wait(0.5)
    ending.join(10)
    assert push.stands(str(one.id)).places == ["16.71.10"]


def test_what_is_held_for_places_that_were_lost_is_not_sent(push: Pushing, receiver: Receiver) -> None:
    machine, area = str(uuid4()), "16.71"
    _subscribed(push, receiver, machine, area)
    receiver.answers = lambda event: 422 if event["sequence"] == 1 else 204
    lost, kept, fine = cases(3)
    push.happens(lost, kelurahan="16.71.09.1004")
    push.happens(lost, kelurahan="16.71.09.1004")
    wanted = [push.happens(kept), push.happens(kept)]
    push.happens(fine)
    fresh = push.happens(fine)
    push.turns()
    assert receiver.ids == [] and push.notify.rows("SELECT count(*) AS n FROM push_held")[0]["n"] == 6
    _access(push, machine, area, ["subscriptions.manage"], ["16.71.10"])
    receiver.answers = 204
    push.later(minutes=10)
    push.turns()
    assert {*wanted, fresh} < set(receiver.ids)
    assert {event["kelurahan"] for event in receiver.seen} == {KELURAHAN}
    assert push.notify.rows("SELECT position FROM push_held") == []


def test_what_was_on_its_way_when_a_place_was_lost_is_not_held_afterwards(push: Pushing, receiver: Receiver) -> None:
    machine, area = str(uuid4()), "16.71"
    one = _subscribed(push, receiver, machine, area)

    def refuse(_event: Any) -> int:
        _access(push, machine, area, ["subscriptions.manage"], ["16.71.10"])
        return 422

    receiver.answers = refuse
    push.happens(cases(1)[0], kelurahan="16.71.09.1004")
    push.turns()
    assert len(push.notify.rows("SELECT id FROM push_attempt WHERE subscription_id = %s", [one])) == 1
    assert push.notify.rows("SELECT position FROM push_held") == []


def test_without_places_it_is_not_resumed_and_with_some_it_has_what_it_missed(
    push: Pushing, receiver: Receiver
) -> None:
    machine = str(uuid4())
    subscription = _subscribed(push, receiver, machine, KELURAHAN)
    _access(push, machine, KELURAHAN, [], [])
    missed = push.happens(cases(1)[0])
    since = {"sub": machine, "tenant": KELURAHAN, "epoch": 2}

    def call(method: str, path: str, given: dict[str, Any]) -> Any:
        path = f"/v1/subscriptions/{subscription}{path}"
        return push.notify.call(method, path, "subscriptions.manage", who=since, json=given)

    refused = call("POST", "/resume", {})
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:subscription-without-places")
    assert push.stands(subscription).state == "paused"
    page = push.notify.call("GET", f"/notify/langganan/{subscription}", headers=_cookie("administrator"))
    assert "tidak punya wilayah lagi" in page.text and "Coba kirim lagi sekarang" not in page.text
    call("PATCH", "", {"places": None})
    assert call("POST", "/resume", {}).json["state"] == "active"
    push.turns()
    assert receiver.ids == [missed]


def test_a_pause_while_a_round_is_under_way_keeps_its_reason(push: Pushing, receiver: Receiver) -> None:
    machine = str(uuid4())
    subscription = _subscribed(push, receiver, machine, KELURAHAN)

    def take(_event: Any) -> int:
        _access(push, machine, KELURAHAN, [], [])
        return 204

    receiver.answers = take
    push.happens(cases(1)[0])
    push.turns()
    stands = push.stands(subscription)
    assert (stands.state, stands.reason) == ("paused", "owner")


def test_from_the_beginning_is_from_the_oldest_that_is_kept(push: Pushing, receiver: Receiver) -> None:
    push.happens(cases(1)[0])
    push.notify.rows("UPDATE feed_head SET oldest = position RETURNING position")
    try:
        subscription = push.subscribe(receiver, after=0)
        push.turns()
        assert len(receiver.ids) == 1
        assert push.call("GET", f"/{subscription}").json["missed"] is None
    finally:
        push.notify.rows("UPDATE feed_head SET oldest = 1 RETURNING position")


def test_what_went_with_the_oldest_before_it_was_sent_is_said(push: Pushing, receiver: Receiver) -> None:
    subscription, case = push.subscribe(receiver), cases(1)[0]
    before = push.stands(subscription).position
    for _ in range(3):
        push.happens(case)
    push.notify.rows("UPDATE feed_head SET oldest = position RETURNING position")
    try:
        push.turns()
        shown = push.call("GET", f"/{subscription}").json
        assert shown["missed"] == {"after": before, "until": before + 2}
        page = push.notify.call("GET", f"/notify/langganan/{subscription}", headers=_cookie("administrator"))
        assert "tidak disimpan lagi" in page.text
        assert push.call("POST", f"/{subscription}/resume", json={}).json["missed"] is None
    finally:
        push.notify.rows("UPDATE feed_head SET oldest = 1 RETURNING position")


def test_with_no_room_for_more_it_waits_until_what_is_held_has_its_turn(
    push: Pushing, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "HELD_MOST", 2)
    monkeypatch.setattr(pushing, "HELD_MOST", 2)
    push.subscribe(receiver)
    receiver.answers = 422
    some = cases(4)
    for case in some:
        push.happens(case)
    push.turns()
    assert push.notify.rows("SELECT count(*) AS n FROM push_held")[0]["n"] == 2
    assert pushing.hand_out(push.deps) == 0, "there is nothing that it could do"
    receiver.answers = 204
    push.later(minutes=10)
    push.turns()
    assert len(receiver.ids) == 4


def _subscribed(push: Pushing, receiver: Receiver, machine: str, tenant: str) -> str:
    """A machine's subscription to everything that it may read; its id. Its token is of before any end."""
    who = {"sub": machine, "tenant": tenant, "epoch": 1}
    body = {"url": receiver.url, "types": ["*"]}
    answer = push.notify.call("POST", "/v1/subscriptions", "subscriptions.manage", who=who, json=body)
    assert answer.status_code == 201, answer.text
    receiver.secrets = [answer.json["secret"]]
    return str(answer.json["id"])


def _access(push: Pushing, machine: str, office: str, roles: list[str], within: list[str]) -> None:
    data = contract("access.changed").example | {
        "account_id": machine, "office": office, "session_id": None, "roles": roles, "within": within, "epoch": 2,
    }  # fmt: skip
    push.notify.feed("access.changed", data, subject=machine, tenant=office)


def test_another_address_is_tried_at_once_and_gets_what_the_one_before_did_not(
    push: Pushing, receiver: Receiver
) -> None:
    subscription = push.subscribe(receiver)
    secrets = receiver.secrets
    receiver.answers = 500
    event_id = push.happens(cases(1)[0])
    push.turns()
    with receiving(secrets=secrets) as other:
        push.call("PATCH", f"/{subscription}", json={"url": other.url})
        push.turns()
        assert other.ids == [event_id]
