"""The guide for other systems, and the client's README, followed word by word on a whole system."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local import running
from deploy.local.stack import Stack
from pengantar_client import Event
from tests.support.guide import Reader

GUIDE, README = Path("docs/integrating.md"), Path("clients/python/README.md")
_EVENTS = Path(".local/try/events.db")


@pytest.fixture(scope="module")
def environment(stack: Stack) -> dict[str, str]:
    """Of a terminal in which the system is named, and has the office for trying."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDBOX", "true")
        for service in ("intake", "verification"):
            done = running.run(stack.name, service, ["migrate"])
            assert done.returncode == 0, done.stderr
    named = {"BASE_URL": stack.base_url, "TOKEN_KEY_FILE": str(stack.token_key_file), "ARGS": f"--stack {stack.name}"}
    return {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")} | named


@pytest.fixture(scope="module")
def guide(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    _EVENTS.unlink(missing_ok=True)
    reader = Reader(tmp_path_factory.mktemp("guide"), environment)
    try:
        yield reader
    finally:
        receiver = reader.known.get("receiver")
        if isinstance(receiver, subprocess.Popen):
            receiver.kill()
            receiver.wait()


def test_the_guide_leads_where_it_says(guide: Reader) -> None:
    guide.follow(GUIDE)
    for seen in (
        '"oldest"', "application.opened", "delivered 204", "issued", "genuine", "submitted promised", "KK submitted",
        "letter_id,application_id", "'result': 'changed'", "invalid", "not there, or not yours", "not-allowed-now",
        "'application.submitted'", "'letter.issued'", "filed",
    ):  # fmt: skip
        assert guide.said(seen), seen
    assert guide.said("Idempotency-Replayed: true") and guide.said("Ratelimit-Policy")


def test_the_readme_says_what_works(environment: dict[str, str], guide: Reader, tmp_path: Path) -> None:
    assert guide.printed, "the guide comes first"
    came: list[Event] = []
    given: dict[str, Any] = {
        "saved_position": lambda: 0, "shutting_down": lambda: bool(came), "remember": came.append,
        "save": lambda events, _position: came.extend(events), "order_number": lambda: "pesanan-1",
    }  # fmt: skip
    named = {
        "PENGANTAR_URL": guide.environment["BASE"], "CLIENT_ID": guide.environment["client_id"],
        "CLIENT_SECRET": guide.environment["client_secret"], "RESIDENT_TOKEN": guide.environment["RESIDENT"],
        "WEBHOOK_SECRET": guide.known["secret"],
    }  # fmt: skip
    reader = Reader(tmp_path, environment | named, given | {"__name__": "__console__"})
    reader.follow(README)
    assert came and all(one.kelurahan == "99.99.99.9999" for one in came)
    assert reader.known["received"](b"{}", {}) == 401
    assert reader.said("PENGANTAR_RT") and reader.said("404 tracking-code-unknown")
