"""Subscriptions over HTTP: what is taken and refused, whose they are, and what a machine is told that may less now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from contracts import contract
from deploy.local.stack import Stack
from notify.domain.subscriptions import MOST
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
    subscribed = {"url": receiver.url, "types": ["*"]}
    who = {"sub": machine, "tenant": area}
    one = push.notify.call("POST", "/v1/subscriptions", "subscriptions.manage", who=who, json=subscribed).json
    receiver.secrets = [one["secret"]]
    _access(push, machine, area, ["subscriptions.manage"], ["16.71.10"])
    inside = push.happens(cases(1)[0])
    push.happens(cases(1)[0], kelurahan="16.71.09.1004")
    push.turns()
    assert receiver.ids == [inside]
    _access(push, machine, area, [], [])
    push.happens(cases(1)[0])
    push.turns()
    assert receiver.ids == [inside] and push.stands(one["id"]).state == "paused"


def _access(push: Pushing, machine: str, office: str, roles: list[str], within: list[str]) -> None:
    data = contract("access.changed").example | {
        "account_id": machine, "office": office, "session_id": None, "roles": roles, "within": within,
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
