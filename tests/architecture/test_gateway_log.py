"""What the gateway writes down of an address says where somebody was, and never by which secret he got there."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.architecture.code import ROOT, SERVICES, app_of

SECRET = "RAHASIA-7K3M"
SECRETS = ("token", "secret", "ticket")
"""How routes call a part of their address that lets in whoever knows it."""
TRACKED = ("/lacak/<code>", "/v1/track/<code>")


def written(uri: str) -> str:
    """What the log has of an address, by the filter as it stands in the gateway's configuration."""
    text = (ROOT / "deploy" / "gateway" / "Caddyfile").read_text("utf-8")
    [(pattern, left)] = re.findall(r'request>uri regexp "(.+)" "(.+)"', text)
    return re.sub(pattern, left.replace("$1", r"\1"), uri)


@pytest.fixture(params=SERVICES)
def app(request: pytest.FixtureRequest) -> Flask:
    return app_of(request.param)


def test_no_address_that_lets_somebody_in_is_written_down(app: Flask) -> None:
    shown = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule in TRACKED or rule.arguments & set(SECRETS)
        if SECRET in written(re.sub(r"<(?:\w+:)?\w+>", SECRET, rule.rule))
    ]
    assert shown == []


@pytest.mark.parametrize(
    ("uri", "left"),
    [
        ("/keluhan/7K3M-9P2Q", "/keluhan/"), ("/keluhan/7K3M-9P2Q/tambah?x=1", "/keluhan/"),
        ("/v1/complaints/tickets/7K3M-9P2Q/view", "/v1/complaints/tickets/"), ("/t/abc?x=1", "/t/"),
        ("/masuk/tautan/abc", "/masuk/tautan/"), ("/v1/applications?phone=0812", "/v1/applications"),
    ],
)  # fmt: skip
def test_what_stands_behind_and_in_the_question_is_cut_off(uri: str, left: str) -> None:
    assert written(uri) == left


@pytest.mark.parametrize(
    "uri", ["/keluhan", "/intake/keluhan", "/v1/complaints", "/v1/applications/0198a6f2", "/masuk", "/angka/16.71.10"]
)
def test_other_addresses_are_written_down_whole(uri: str) -> None:
    assert written(uri) == uri
