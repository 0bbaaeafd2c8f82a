"""The WhatsApp simulator in this process, and somebody who receives its webhooks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.whatsapp_simulator.app import create_app
from deploy.whatsapp_simulator.client import Phone, Simulator
from deploy.whatsapp_simulator.deliveries import signature
from deploy.whatsapp_simulator.settings import Settings
from tests.support.eventually import eventually
from tests.support.serving import serving

TOKEN, APP_SECRET, VERIFY_TOKEN = "token-of-tests", "app-secret-of-tests", "verify-token-of-tests"


class Webhook(ThreadingHTTPServer):
    """`got` are the bodies that came, whatever was answered; `answers` what the next are answered with, then 200."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.got: list[dict[str, Any]] = []
        self.raw: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        self.verify_token = VERIFY_TOKEN

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/webhook"

    def messages(self) -> list[dict[str, Any]]:
        """Every message in every webhook."""
        return [one for value in self.values() for one in value.get("messages", [])]

    def statuses(self) -> list[dict[str, Any]]:
        """Every receipt in every webhook."""
        return [one for value in self.values() for one in value.get("statuses", [])]

    def values(self) -> list[dict[str, Any]]:
        """The value of every change."""
        return [change["value"] for body in self.got for entry in body["entry"] for change in entry["changes"]]


class _Receiver(BaseHTTPRequestHandler):
    server: Webhook

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        right = query.get("hub.mode") == "subscribe" and query.get("hub.verify_token") == self.server.verify_token
        self._answer(200 if right else 403, query.get("hub.challenge", "").encode() if right else b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.raw.append((body, self.headers["X-Hub-Signature-256"]))
        self.server.got.append(json.loads(body))
        self._answer(self.server.answers.pop(0) if self.server.answers else 200, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Says nothing."""


@dataclass
class Trial:
    """A simulator that runs, a business that hears of it, and what the business can call."""

    url: str
    webhook: Webhook
    settings: Settings
    parts: Any
    simulator: Simulator = field(init=False)

    def __post_init__(self) -> None:
        self.simulator = Simulator(self.url)
        self.number_id = next(iter(self.settings.numbers))

    def phone(self, number: str = "0812 7100 0072", name: str = "Nur'aini") -> Phone:
        return self.simulator.phone(number, name)

    def send(self, body: dict[str, Any], token: str = TOKEN, number_id: str = "") -> requests.Response:
        """What a business sends."""
        whole = {"messaging_product": "whatsapp", "to": "6281271000072"} | body
        headers = {"Authorization": f"Bearer {token}"}
        where = f"{self.url}/v26.0/{number_id or self.number_id}/messages"
        return requests.post(where, json=whole, headers=headers, timeout=10)

    def say(self, text: str = "Halo, Ibu.", **more: Any) -> requests.Response:
        """A plain text to Nur'aini."""
        return self.send({"type": "text", "text": {"body": text}} | more)

    def get(self, path: str, token: str = TOKEN) -> requests.Response:
        url = path if path.startswith("http") else f"{self.url}{path}"
        return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)

    def stop_clock(self, later: float = 0.0) -> None:
        """The world's clock stands, so many seconds later."""
        now = self.parts.world.now() + later
        self.parts.world.now = lambda: now

    def signed_right(self) -> bool:
        """Whether every webhook carried the signature of its bytes."""
        return all(signature(APP_SECRET, body) == given for body, given in self.webhook.raw)


@contextmanager
def simulated(**switches: Any) -> Iterator[Trial]:
    """A simulator on a loopback port, whose webhooks reach somebody."""
    with serving(Webhook()) as webhook:
        holder = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Quiet)
        listen = f"127.0.0.1:{holder.server_port}"
        settings = Settings(TOKEN, APP_SECRET, VERIFY_TOKEN, listen=listen, webhook_url=webhook.url)
        holder.app = create_app(settings)
        parts = holder.app.extensions["simulator"]
        parts.switches.turn({"first_retry": 0.1, **switches})
        thread = threading.Thread(target=holder.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        parts.deliveries.start()
        try:
            eventually(lambda: parts.deliveries.webhook["verified"], what="the handshake")
            yield Trial(f"http://{listen}", webhook, settings, parts)
        finally:
            parts.deliveries.stop()
            holder.shutdown()
            thread.join()
            holder.server_close()
