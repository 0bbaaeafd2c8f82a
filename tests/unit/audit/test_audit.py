"""The audit fails for a known vulnerability that nobody accepted, and says aloud what it knows nothing of."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploy.audit.__main__ import LOCKS, report
from deploy.audit.registry import Known, Release, ask, locked
from deploy.audit.reviewed import Accepted, NotReviewed, accepted
from deploy.local.places import CHECKOUT
from tests.support.serving import serving

TODAY = date(2026, 11, 26)
HOLE = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "summary": "reads past the end", "fixed_in": ["1.1"]}
SOUND, HOLED, OLD, GONE = (Release(name, "1.0") for name in ("sound", "holed", "old", "gone"))
REASON = "only reached by a function that we never call"
ALL = [SOUND, HOLED, OLD, GONE]


class Registry(BaseHTTPRequestHandler):
    """Keeps metadata of each release of `holed`, and of the newest of the others."""

    def do_GET(self) -> None:
        told: dict[str, Any] = {
            "/pypi/holed/1.0/json": {"info": {"version": "1.0"}, "vulnerabilities": [HOLE, HOLE | {"withdrawn": "x"}]},
            "/pypi/sound/json": {"info": {"version": "1.0"}, "vulnerabilities": []},
            "/pypi/old/json": {"info": {"version": "2.0"}, "vulnerabilities": []},
        }
        body = json.dumps(told.get(self.path, {})).encode()
        self.send_response(200 if self.path in told else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def known() -> Iterator[Known]:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Registry)) as there:
        yield ask(f"http://127.0.0.1:{there.server_address[1]}", ALL)


def entry(**more: Any) -> Accepted:
    return Accepted(**({"id": "CVE-2026-1", "package": "holed", "reason": REASON, "until": date(2026, 12, 31)} | more))


def test_a_known_vulnerability_fails_and_is_named_with_what_mends_it(known: Known) -> None:
    text, status = report(known, ALL, [], TODAY)
    assert status == 1
    assert re.search(r"VULNERABLE holed 1\.0: CVE-2026-1, PYSEC-2026-1: reads past the end .*1\.1", text)
    assert text.count("VULNERABLE") == 1


@pytest.mark.parametrize(
    ("accepted_ones", "status"),
    [
        ([entry()], 0),
        ([entry(id="PYSEC-2026-1")], 0),
        ([entry(until=TODAY)], 0),
        ([entry(until=date(2026, 11, 25))], 1),
        ([entry(package="sound")], 1),
        ([entry(id="CVE-2026-2")], 1),
    ],
)
def test_an_entry_that_was_reviewed_covers_it_until_its_day(
    known: Known, accepted_ones: list[Accepted], status: int
) -> None:
    assert report(known, ALL, accepted_ones, TODAY)[1] == status


def test_what_the_registry_knows_nothing_of_is_said_aloud(known: Known) -> None:
    text, _ = report(known, ALL, [entry()], TODAY)
    assert "*** NOT AUDITED" in text and "old 1.0" in text and "gone 1.0" in text
    assert "2 of 4 locked packages checked" in text
    assert "NOT AUDITED" not in report(Known(known.found, {}), ALL, [entry()], TODAY)[0]


def test_an_entry_that_covers_nothing_is_to_be_removed() -> None:
    assert "remove it" in report(Known([], {}), [SOUND], [entry()], TODAY)[0]


def test_a_registry_that_is_away_stops_nobody_and_is_named() -> None:
    began = time.monotonic()
    told = ask("http://127.0.0.1:9", ALL)
    text, status = report(told, ALL, [], TODAY)
    assert status == 0 and "*** NOT AUDITED" in text and "0 of 4" in text
    assert time.monotonic() - began < 20


def test_every_locked_package_is_asked_about() -> None:
    releases = {one.name for one in locked(file for pattern in LOCKS for file in CHECKOUT.glob(pattern))}
    assert {"flask", "urllib3", "pyhanko", "pytest"} <= releases
    assert len(releases) > 100


@pytest.mark.parametrize("text", ["reason = 'x'", "reason = 'long enough to be followed'\nuntil = 'soon'"])
def test_an_entry_without_a_reason_and_a_date_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "accepted.toml").write_text(f"[[accepted]]\nid = 'X'\npackage = 'y'\n{text}\n")
    with pytest.raises(NotReviewed):
        accepted(tmp_path / "accepted.toml")


def test_the_entries_that_we_keep_can_be_read() -> None:
    assert isinstance(accepted(), list)
