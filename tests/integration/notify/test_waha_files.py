"""A file that somebody sends by WAHA is fetched from WAHA itself, with its key, whatever address the event names."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kit.errors import Retryable
from kit.outgoing import Outgoing
from notify.media import NotHere
from notify.media.waha import WahaFiles
from tests.integration.notify.test_waha_receiving import message, post
from tests.support.post import free_port
from tests.support.services import InProcess
from tests.support.serving import serving

PHOTO = b"\xff\xd8\xff\xe0 contoh" * 100
PLACE = "/api/files/sukabangun/3EB0.jpeg"


class Gateway(ThreadingHTTPServer):
    """Has one file, for who knows the key."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.asked: list[tuple[str, str | None]] = []


class _Asked(BaseHTTPRequestHandler):
    server: Gateway

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["X-Api-Key"]))
        body = PHOTO if self.path == PLACE else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with serving(Gateway()) as there:
        yield there


def files(url: str) -> WahaFiles:
    return WahaFiles(Outgoing("", url), url, "kunci")


def told(url: str | None) -> dict[str, Any]:
    return {"id": None, "type": "image/jpeg", "sha256": None, "size": None, "name": "", "url": url}


def test_it_is_asked_for_at_the_configured_address_with_the_key(gateway: Gateway) -> None:
    got = files(f"http://127.0.0.1:{gateway.server_port}").fetch(told(f"http://evil.example{PLACE}"))
    assert (got.content, got.type) == (PHOTO, "image/jpeg") and gateway.asked == [(PLACE, "kunci")]


@pytest.mark.parametrize("url", [None, "", "http://localhost:3000/etc/passwd", "/api/files/sukabangun/weg.jpeg"])
def test_one_that_is_not_there_is_asked_for_again(gateway: Gateway, url: str | None) -> None:
    with pytest.raises(NotHere) as error:
        files(f"http://127.0.0.1:{gateway.server_port}").fetch(told(url))
    assert (error.value.problem, error.value.again) == ("gone", True)


def test_a_gateway_that_is_away_may_be_there_later() -> None:
    with pytest.raises(Retryable):
        files(f"http://127.0.0.1:{free_port()}").fetch(told(PLACE))


def test_from_the_event_to_the_service_with_its_bytes(notify: InProcess, gateway: Gateway) -> None:
    before = notify.deps.fetchers
    notify.deps.fetchers = {**before, "waha": files(f"http://127.0.0.1:{gateway.server_port}")}
    try:
        media = {"url": f"http://localhost:3000{PLACE}", "mimetype": "image/jpeg", "filename": None}
        assert post(notify, "message", message("KTP saya", hasMedia=True, media=media)).status_code == 200
        notify.work()
    finally:
        notify.deps.fetchers = before
    data = notify.told("message.received")[-1]["data"]
    assert (data["kind"], data["file"]["size"], data["file"]["type"]) == ("photo", len(PHOTO), "image/jpeg")
    assert data["file"]["bucket"] == notify.deps.settings.s3_bucket
