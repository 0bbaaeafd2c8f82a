"""What every service inherits: problem documents, limits, idempotency, preconditions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg2
import pytest
from flask import Flask

from deploy.local.stack import Stack
from kit.sealed import new_key
from tests.support import toy
from tests.support.tokens import bearer, token

OFFICER = bearer("officer")
OFFICIAL = {"headers": OFFICER}
JSON = "application/json"
MEDIA = "unsupported-media-type"


@pytest.fixture(scope="module")
def app(runtime_url: str, parts: Stack) -> Flask:
    with psycopg2.connect(parts.database_url("notify", "owner")) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE toy (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
    return toy.toy_app(runtime_url, new_key("k1"))


def toys(app: Flask) -> int:
    with app.extensions["deps"].db.transaction("*") as tx:
        return int(tx.value("SELECT count(*) FROM toy"))


def problem(response: Any, status: int, slug: str) -> dict[str, Any]:
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    body: dict[str, Any] = response.get_json()
    assert (body["type"], body["status"]) == (f"urn:problem:{slug}", status)
    assert body["title"] and body["detail"] and body["instance"].startswith("urn:request:")
    return body


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "slug"),
    [
        ("GET", "/nowhere", {}, 404, "not-found"),
        ("GET", "/v1/toys/a%00b", OFFICIAL, 404, "not-found"),
        ("DELETE", "/v1/toys", {}, 405, "method-not-allowed"),
        ("POST", "/v1/toys", {"json": {"name": "x"}}, 401, "unauthorized"),
        ("POST", "/v1/toys", {"json": {"name": "x"}, "headers": bearer("applicant")}, 403, "forbidden"),
        ("POST", "/v1/toys", {"data": "{", "content_type": JSON, **OFFICIAL}, 400, "bad-request"),
        ("POST", "/v1/toys", {"data": b"\xff", "content_type": JSON, **OFFICIAL}, 400, "bad-request"),
        ("POST", "/v1/toys", {"data": "[" * 90000, "content_type": JSON, **OFFICIAL}, 400, "bad-request"),
        ("POST", "/v1/toys", {"data": r'{"name": "\ud800"}', "content_type": JSON, **OFFICIAL}, 400, "bad-request"),
        ("POST", "/v1/toys", {"data": "9" * 5_000, "content_type": JSON, **OFFICIAL}, 400, "bad-request"),
        ("POST", "/v1/toys", {"data": "name=x", "content_type": "text/plain", **OFFICIAL}, 415, MEDIA),
        ("POST", "/v1/toys", {"json": {}, **OFFICIAL}, 422, "invalid"),
        ("POST", "/v1/toys", {"json": [], **OFFICIAL}, 422, "invalid"),
        ("POST", "/v1/toys", {"json": {"name": "x", "more": 1}, **OFFICIAL}, 422, "invalid"),
        ("POST", "/v1/toys", {"json": {"name": "x", "parts": [{"more": 1}]}, **OFFICIAL}, 422, "invalid"),
        ("GET", "/v1/toys?size=3", {}, 422, "invalid"),
        ("POST", "/v1/toys", {"data": "x" * 1_000_001, "content_type": JSON, **OFFICIAL}, 413, "too-large"),
        ("GET", "/v1/toys/broken", {}, 500, "internal-error"),
    ],
)  # fmt: skip
def test_what_is_wrong_becomes_a_problem_document_and_changes_nothing(
    app: Flask, method: str, path: str, more: dict[str, Any], status: int, slug: str
) -> None:
    before = toys(app)
    problem(app.test_client().open(path, method=method, **more), status, slug)
    assert toys(app) == before


def test_the_twin_that_is_right_is_accepted(app: Flask) -> None:
    before = toys(app)
    made = app.test_client().post("/v1/toys", json={"name": "x", "parts": [{"colour": "red"}]}, headers=OFFICER)
    assert (made.status_code, made.headers["ETag"], toys(app)) == (201, '"1"', before + 1)


def test_a_sign_that_json_writes_in_two_halves_is_taken_whole(app: Flask) -> None:
    made = app.test_client().post("/v1/toys", data=r'{"name": "\ud83d\ude00"}', content_type=JSON, headers=OFFICER)
    assert made.status_code == 201


def test_a_problem_is_told_in_indonesian_unless_english_is_asked_for(app: Flask) -> None:
    client = app.test_client()
    assert problem(client.get("/nowhere"), 404, "not-found")["title"] == "Tidak ditemukan"
    english = client.get("/nowhere", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert problem(english, 404, "not-found")["title"] == "Not found"
    assert english.headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x.y.z", "Basic abc", f"Bearer {token('officer', seconds=-60)}",
     f"Bearer {token('officer')[:-4]}AAAA", "Bearer eyJhbGciOiJub25lIiwia2lkIjoidGVzdCJ9.e30."],
)  # fmt: skip
def test_a_token_that_is_not_right_is_401(app: Flask, header: str) -> None:
    response = app.test_client().post("/v1/toys", json={"name": "x"}, headers={"Authorization": header})
    problem(response, 401, "unauthorized")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_the_same_key_and_request_gets_the_first_answer_again(app: Flask) -> None:
    headers = OFFICER | {"Idempotency-Key": "key-1"}
    client = app.test_client()
    first = client.post("/v1/toys", json={"name": "Nur'aini"}, headers=headers)
    before = toys(app)
    again = client.post("/v1/toys", json={"name": "Nur'aini"}, headers=headers)
    assert (again.status_code, again.data, again.headers["ETag"]) == (201, first.data, first.headers["ETag"])
    assert (again.headers["Idempotency-Replayed"], toys(app)) == ("true", before)


def test_the_same_key_for_another_request_is_422(app: Flask) -> None:
    headers = OFFICER | {"Idempotency-Key": "key-2"}
    client = app.test_client()
    assert client.post("/v1/toys", json={"name": "a"}, headers=headers).status_code == 201
    problem(client.post("/v1/toys", json={"name": "b"}, headers=headers), 422, "idempotency-key-reused")


def test_a_key_belongs_to_its_caller(app: Flask) -> None:
    client = app.test_client()
    key = {"Idempotency-Key": "key-3"}
    one = client.post("/v1/toys", json={"name": "a"}, headers=OFFICER | key)
    other = client.post("/v1/toys", json={"name": "a"}, headers=bearer("officer", sub="another") | key)
    assert one.data != other.data


def test_a_key_that_is_in_use_is_409_until_the_first_has_ended(app: Flask) -> None:
    headers = OFFICER | {"Idempotency-Key": "key-4"}

    def send() -> Any:
        return app.test_client().post("/v1/toys", json={"name": "a"}, headers=headers)

    toy.working.clear()
    toy.gate.clear()
    try:
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(send)
            try:
                assert toy.working.wait(10)
                problem(send(), 409, "idempotency-key-in-use")
            finally:
                toy.gate.set()
            made = first.result(timeout=10).data
            assert send().data == made
    finally:
        toy.gate.set()


def test_fifty_at_once_with_one_key_have_one_effect(app: Flask) -> None:
    before = toys(app)
    headers = OFFICER | {"Idempotency-Key": "key-50"}

    def send(_number: int) -> int:
        return int(app.test_client().post("/v1/toys", json={"name": "a"}, headers=headers).status_code)

    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(send, range(50)))
    assert toys(app) == before + 1
    assert set(statuses) <= {201, 409, 503} and 201 in statuses


@pytest.mark.parametrize("key", ["", "x" * 129, "a b", "é"])
def test_a_key_that_is_none_is_422(app: Flask, key: str) -> None:
    response = app.test_client().post("/v1/toys", json={"name": "a"}, headers=OFFICER | {"Idempotency-Key": key})
    problem(response, 422, "idempotency-key-invalid")


def test_if_match_is_honoured_when_it_is_sent(app: Flask) -> None:
    client = app.test_client()
    assert client.put("/v1/toys/1", json={"name": "a"}, headers=OFFICER).status_code == 200
    assert client.put("/v1/toys/1", json={"name": "a"}, headers=OFFICER | {"If-Match": '"3"'}).headers["ETag"] == '"4"'
    stale = client.put("/v1/toys/1", json={"name": "a"}, headers=OFFICER | {"If-Match": '"2"'})
    problem(stale, 412, "precondition-failed")


def test_a_database_that_is_away_is_503_with_retry_after_and_then_all_is_well(app: Flask, parts: Stack) -> None:
    client = app.test_client()
    parts.kill_part("postgres")
    try:
        response = client.post("/v1/toys", json={"name": "a"}, headers=OFFICER)
    finally:
        parts.start_part("postgres")
    problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0
    statuses = [client.post("/v1/toys", json={"name": "a"}, headers=OFFICER).status_code for _ in range(25)]
    assert statuses[-1] == 201


def test_the_documentation_is_served_without_any_other_host(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/toys/docs").text
    assert "http://" not in page and "https://" not in page
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert client.get(f"/toys/docs/{asset}").status_code == 200
    assert client.get("/toys/openapi.json").get_json()["openapi"] == "3.1.0"
