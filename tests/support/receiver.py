"""Another system's end of our webhooks: checks what comes with the library that it would use, and can be away, slow,
hanging or wrong."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Receiver:
    """`answers` says the status for an event (or a status for all). `seen` are the events in the order in which they
    were taken; `asked` counts all requests by id. `hangs` lets a request wait until it is released."""

    port: int = 0
    secrets: list[str] = field(default_factory=list)
    answers: Callable[[dict[str, Any]], int] | int = 204
    delay: float = 0.0
    more: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seen: list[dict[str, Any]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    headers: list[dict[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    hangs: bool = False
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/acara"

    def up(self) -> Receiver:
        """Listens; after it was down at the port that it had."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def down(self) -> None:
        """Nobody listens at its port."""
        self.released.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.seen]

    def take(self, headers: dict[str, str], body: bytes) -> int:
        with self._lock:
            self.asked[headers["webhook-id"]] += 1
            self.headers.append(headers)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.hangs:
                self.released.wait(30)
            time.sleep(self.delay)
            for secret in self.secrets:
                Webhook(secret).verify(body, headers)
            event = json.loads(body)
            status = self.answers(event) if callable(self.answers) else self.answers
            with self._lock:
                if 200 <= status < 300:
                    self.seen.append(event)
            return status
        except Exception as error:
            self.wrong.append(repr(error))
            return 401
        finally:
            with self._lock:
                self.at_once -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
                self.send_response(status)
                for name, value in receiver.more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.body)))
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        return Handler


@contextmanager
def receiving(**how: Any) -> Iterator[Receiver]:
    """One that listens."""
    there = Receiver(**how).up()
    try:
        yield there
    finally:
        there.down()
