"""Every answer of every service, good or bad, tells the browser to run, frame and pass on nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule

from kit import safety
from tests.architecture.code import ROOT, SERVICES, app_of

SAMPLES = {"uuid": str(uuid4()), "int": "1", "path": "swagger-ui.css", "default": "x"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def lacking(headers: Any) -> list[str]:
    """The headers of the rule that an answer does not carry."""
    missing = [name for name in safety.HEADERS if name not in headers]
    policy = headers.get("Content-Security-Policy", "")
    return missing + ([] if "default-src 'none'" in policy and "frame-ancestors 'none'" in policy else ["policy"])


def requests_of(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted(set(METHODS) & set(rule.methods or ())):
            yield method, _filled(rule)


def _filled(rule: Rule) -> str:
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: SAMPLES.get(found[1] or "default", "x"), rule.rule)


@pytest.fixture(params=SERVICES)
def app(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Flask:
    found = app_of(request.param)
    monkeypatch.setitem(found.config, "PROPAGATE_EXCEPTIONS", False)
    return found


def test_every_route_answers_with_them_whatever_it_answers(app: Flask) -> None:
    """Without any part behind the service: 2xx where none is needed, 401 without a token, 4xx and 5xx else."""
    client, wrong, seen = app.test_client(), {}, set()
    for method, path in requests_of(app):
        answer = client.open(path, method=method)
        seen.add(answer.status_code // 100)
        if lacking(answer.headers):
            wrong[f"{method} {path} {answer.status_code}"] = lacking(answer.headers)
    assert wrong == {}
    assert {2, 4} <= seen


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/health/live", 405), ("GET", "/boom", 500)]
)
def test_refusals_and_failures_carry_them(app: Flask, method: str, path: str, status: int) -> None:
    def boom() -> str:
        raise RuntimeError("broken on purpose")

    view = app.view_functions["docs"]
    app.view_functions["docs"] = boom
    try:
        asked = f"/{app.name}/docs" if path == "/boom" else path
        answer = app.test_client().open(asked, method=method)
    finally:
        app.view_functions["docs"] = view
    assert answer.status_code == status
    assert lacking(answer.headers) == []
    assert answer.headers["Content-Security-Policy"] == safety.NOTHING


def test_nothing_is_kept_by_a_browser_unless_the_route_says_so(app: Flask) -> None:
    answer = app.test_client().get("/health/live")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    kept = app.test_client().get(f"/{app.name}/docs/swagger-ui.css").headers["Cache-Control"]
    assert "max-age=3600" in kept


def test_no_request_is_sent_back_by_trace(app: Flask) -> None:
    answer = app.test_client().open(f"/{app.name}/docs", method="TRACE", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 405 and b"Bearer" not in answer.data


def test_a_route_keeps_what_it_sets_itself(app: Flask) -> None:
    answer = app.test_client().get(f"/{app.name}/docs")
    assert answer.headers["Content-Security-Policy"] == safety.DOCUMENTATION != safety.PAGE


def test_the_page_about_the_api_needs_nothing_that_its_policy_forbids(app: Flask) -> None:
    client = app.test_client()
    page = client.get(f"/{app.name}/docs").get_data(as_text=True)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    assert scripts and all("src=" in attributes and not body.strip() for attributes, body in scripts), "inline script"
    assert not re.search(r"\son\w+=|<style|style=|<base|<iframe|<object", page)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(loaded) == 3 and all(path.startswith(f"/{app.name}/docs/") for path in loaded)
    for path in loaded:
        answer = client.get(path)
        assert answer.status_code == 200 and lacking(answer.headers) == []
        assert answer.mimetype in ("text/javascript", "text/css"), "nosniff would not let it run"
    style = client.get(f"/{app.name}/docs/swagger-ui.css").get_data(as_text=True)
    assert {address.split(":")[0] for address in re.findall(r"url\(\W?([^)]{4,8})", style)} == {"data"}
    assert "@import" not in style


def test_the_gateway_says_the_same_with_its_own_answers() -> None:
    text = (ROOT / "deploy" / "gateway" / "Caddyfile").read_text("utf-8")
    for name, value in (safety.HEADERS | {"Content-Security-Policy": safety.NOTHING}).items():
        assert re.search(rf'^\s+\?{name} "?{re.escape(value)}"?$', text, re.MULTILINE), name
    assert re.search(r"header @encrypted Strict-Transport-Security \"max-age=\d{8,}; includeSubDomains\"", text)
    assert "-Server" in text and "-Via" in text
