"""WAHA is asked for what a phone can do, and what it answers decides what is done next."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest

from kit.outgoing import Outgoing as Http
from notify.channels import Outgoing
from notify.channels.waha import Waha
from notify.domain.channels import RULES
from notify.domain.failures import NotSent, Unclear
from tests.support.post import free_port
from tests.support.services import InProcess
from tests.support.serving import serving

KELURAHAN = "16.71.10.1001"


class Gateway(ThreadingHTTPServer):
    """Keeps what it was asked; answers as `status` and `told` say."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.asked: list[tuple[str, str | None, dict[str, Any]]] = []
        self.status, self.told = 201, json.dumps({"id": "true_6281271000072@c.us_3EB0AAAA"}).encode()


class _Asked(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["X-Api-Key"], body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.told)))
        self.end_headers()
        self.wfile.write(self.server.told)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with serving(Gateway()) as there:
        yield there


@pytest.fixture
def waha(notify: InProcess, gateway: Gateway) -> Waha:
    url = f"http://127.0.0.1:{gateway.server_port}"
    return Waha(Http("", url), notify.deps.objects, url, "kunci", {"sukabangun": (KELURAHAN,)}, RULES["waha"])


def a_message(**more: Any) -> Outgoing:
    values: dict[str, Any] = {
        "id": uuid4(), "phone": "+6281271000072", "text": "Halo, é dan @ 🙏", "template": "submitted", "language": "id",
        "message_class": "notice", "sender": "sukabangun",
    }  # fmt: skip
    return Outgoing(**values | more)


def test_a_text_goes_to_the_number_by_the_session_of_the_office(waha: Waha, gateway: Gateway) -> None:
    assert waha.sender(KELURAHAN) == "sukabangun" and waha.sender("16.71.10.1002") is None
    assert waha.send(a_message()).provider_id == "3EB0AAAA"
    [(path, key, body)] = gateway.asked
    assert (path, key) == ("/api/sendText", "kunci")
    assert (body["session"], body["chatId"], body["text"]) == ("sukabangun", "6281271000072@c.us", "Halo, é dan @ 🙏")


def test_who_has_no_number_there_is_called_by_his_name(waha: Waha, gateway: Gateway) -> None:
    waha.send(a_message(phone=None, user_id="1720@lid"))
    assert gateway.asked[0][2]["chatId"] == "1720@lid"
    assert waha.reaches({"user_id": "1720@lid"}) and not waha.reaches({"user_id": "ID.1a2b"})
    with pytest.raises(NotSent) as told:
        waha.send(a_message(phone=None, user_id="ID.1a2b"))
    assert told.value.remedy == "elsewhere"


@pytest.mark.parametrize(("type_", "verb"), [("application/pdf", "sendFile"), ("image/jpeg", "sendImage")])
def test_a_file_goes_with_its_words(notify: InProcess, waha: Waha, gateway: Gateway, type_: str, verb: str) -> None:
    bytes_, key = b"contoh" * 1000, f"incoming/{uuid4()}"
    sha256, bucket = hashlib.sha256(bytes_).hexdigest(), notify.deps.settings.s3_bucket
    notify.deps.objects.put(bucket, key, io.BytesIO(bytes_), len(bytes_), type_, sha256)
    file = {"bucket": bucket, "key": key, "sha256": sha256, "size": len(bytes_), "type": type_, "name": "surat"}
    waha.send(a_message(kind="file", file=file))
    [(path, _key, body)] = gateway.asked
    assert path == f"/api/{verb}" and body["caption"] == "Halo, é dan @ 🙏"
    assert base64.b64decode(body["file"]["data"]) == bytes_ and body["file"]["mimetype"] == type_


@pytest.mark.parametrize(
    ("status", "remedy"), [(401, "park"), (404, "park"), (422, "park"), (400, "wrong"), (500, "retry"), (429, "retry")]
)
def test_what_it_answers_decides_what_helps(waha: Waha, gateway: Gateway, status: int, remedy: str) -> None:
    gateway.status = status
    with pytest.raises(NotSent) as told:
        waha.send(a_message())
    assert told.value.remedy == remedy


def test_an_answer_that_names_nothing_leaves_it_open(waha: Waha, gateway: Gateway) -> None:
    gateway.told = b"ok"
    with pytest.raises(Unclear):
        waha.send(a_message())


def test_a_gateway_that_is_not_there_may_be_later(notify: InProcess) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    waha = Waha(Http("", url), notify.deps.objects, url, "kunci", {}, RULES["waha"])
    with pytest.raises(NotSent) as told:
        waha.send(a_message())
    assert told.value.remedy == "retry"
