"""Machines are counted by what they ask, and told what is left; nobody else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Response

from kit import health
from kit.auth import allow
from kit.db import Database
from kit.ids import new_id
from kit.sealed import Keyring, new_key
from kit.service import Deps
from kit.web import Resource, create_app
from tests.support.services import StoppedClock
from tests.support.tokens import bearer, open_gate

blp = Resource("things", __name__, url_prefix="/v1/things")
SMALL = "x" * 100
PIECE = b"y" * 100_000
REQUESTS, BYTES = 5, 2_000_000


@blp.get("")
@allow("officer")
def small() -> Response:
    """A small answer."""
    return Response(SMALL)


@blp.get("/long")
@allow("officer")
def long() -> Response:
    """One of 3 MB, whose length is not known before."""
    return Response(PIECE for _ in range(30))


@pytest.fixture(scope="module")
def client(runtime_url: str) -> Iterator[Any]:
    db, ring = Database(runtime_url, pool_size=5), Keyring(new_key("k1"))
    app = create_app(
        "things", [blp], deps=Deps(None, db, StoppedClock(), ring, ring),
        gate=open_gate(db, ring, requests=REQUESTS, of_bytes=BYTES), readiness=lambda: health.Report(True, {}),
        title="Things", description="For trying.",
    )  # fmt: skip
    yield app.test_client()
    db.close()


def ask(client: Any, sub: str, path: str = "", **claims: Any) -> Any:
    return client.get(f"/v1/things{path}", headers=bearer("officer", sub=sub, **claims))


def left(answer: Any, policy: str) -> int:
    found = re.search(rf'"{policy}";r=(\d+);t=\d+', answer.headers["RateLimit"])
    assert found
    return int(found[1])


def test_a_machine_is_stopped_at_its_requests_of_a_minute_and_told_when_to_come_again(client: Any) -> None:
    who = str(new_id())
    answers = [ask(client, who, quota={}) for _ in range(REQUESTS + 1)]
    assert [one.status_code for one in answers] == [200] * REQUESTS + [429]
    assert [left(one, "minute") for one in answers[:2]] == [REQUESTS - 1, REQUESTS - 2]
    refused = answers[-1]
    assert refused.json["type"] == "urn:problem:quota-exceeded" and refused.json["violated-policies"] == ["minute"]
    waits = int(re.search(r'"minute";r=0;t=(\d+)', refused.headers["RateLimit"])[1])  # type: ignore[index]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60 / REQUESTS + 1
    assert waits <= int(refused.headers["Retry-After"])
    assert refused.headers["RateLimit-Policy"] == '"minute";q=5;w=60, "day";q=2000000;w=86400;qu="content-bytes"'


def test_another_machine_and_everybody_who_is_none_go_on(client: Any) -> None:
    who = str(new_id())
    for _ in range(REQUESTS + 1):
        last = ask(client, who, quota={})
    assert last.status_code == 429
    assert ask(client, str(new_id()), quota={}).status_code == 200
    officers = [ask(client, who) for _ in range(2 * REQUESTS)]
    assert {one.status_code for one in officers} == {200}
    assert not any("RateLimit" in one.headers for one in officers)


def test_an_administrators_numbers_count_in_place_of_the_usual(client: Any) -> None:
    who = str(new_id())
    answers = [ask(client, who, quota={"requests": 2}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    more = [ask(client, str(new_id()), quota={"requests": 50}) for _ in range(1)]
    assert left(more[0], "minute") == 49


def test_an_answer_that_was_begun_is_finished_and_what_was_too_much_is_waited_for(client: Any) -> None:
    who = str(new_id())
    first = ask(client, who, "/long", quota={})
    assert len(first.data) == 3_000_000
    refused = ask(client, who, quota={})
    assert refused.status_code == 429 and refused.json["violated-policies"] == ["day"]
    assert left(refused, "day") == 0 and left(refused, "minute") == REQUESTS - 2
    assert 3600 < int(refused.headers["Retry-After"]) <= 86_400
    assert ask(client, str(new_id()), "/long", quota={"bytes": 20_000_000}).status_code == 200


def test_small_answers_are_counted_once_they_are_many(client: Any) -> None:
    who = str(new_id())
    quota = {"requests": 6000, "bytes": 1_000_000}
    for _ in range(4):
        assert ask(client, who, quota=quota).status_code == 200
    assert left(ask(client, who, quota=quota), "day") == 1_000_000, "400 bytes are not worth a write"
    assert len(ask(client, who, "/long", quota=quota).data) == 3_000_000
    assert ask(client, who, quota=quota).status_code == 429
