"""Stands in for the Cloud API's sending side, on a loopback port: takes messages and media, and fails as it is told to.

`answers` come first, one for each message: an error's code, `slow` (no answer in time, and it was carried), `cut` (the
connection ends, and it was carried), `502`, `200` (a yes that names nothing). `always` comes when there are none.
"""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

TOKEN = "token-contoh"
_STATUS = {190: 401, 368: 403, 80007: 429, 130429: 429, 131000: 500, 131016: 500, 132001: 404}


class Gateway(ThreadingHTTPServer):
    """`taken` are the messages that it carried, `asked` all that were asked for, `media` what was uploaded, by id;
    `times` when each was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Any] = []
        self.always: Any = None
        self.asked: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.media: dict[str, bytes] = {}
        self.headers: list[Any] = []
        self.paths: list[str] = []
        self.times: list[float] = []
        self.numbers = count(1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v26.0"

    def wamid(self, number: int) -> str:
        return f"wamid.KELUAR{self.server_address[1]}{number:06d}"


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.headers.append(dict(self.headers))
        self.server.paths.append(self.path)
        if self.path.endswith("/media"):
            media = f"media-{next(self.server.numbers)}"
            self.server.media[media] = body
            return self._answer(200, {"id": media})
        message = json.loads(body)
        self.server.asked.append(message)
        self.server.times.append(time.monotonic())
        said = self.server.answers.pop(0) if self.server.answers else self.server.always
        if isinstance(said, int) and said not in (200, 502):
            error = {"code": said, "message": f"(#{said}) sorry, {message.get('to')}", "type": "OAuthException"}
            return self._answer(_STATUS.get(said, 400), {"error": error})
        if said == 502:
            return self._answer(502, "<html>Bad Gateway</html>")
        self.server.taken.append(message)
        if said == "slow":
            time.sleep(1.5)
        if said == "cut":
            return self.connection.close()
        if said == 200:
            return self._answer(200, {})
        wamid = self.server.wamid(len(self.server.taken))
        return self._answer(200, {"messaging_product": "whatsapp", "messages": [{"id": wamid}]})

    def _answer(self, status: int, body: Any) -> None:
        told = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)
        except OSError:
            self.close_connection = True
