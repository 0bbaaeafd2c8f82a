"""A server that answers as a test says, one request after the other, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.serving import serving


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Says:
    """An answer. `breaks`: in pieces, and the connection is cut before the last one."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    breaks: bool = False

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


HANGS_UP = None
"""In place of an answer: the connection is closed without one."""
Line = Says | None | Callable[[Asked], "Says | None"]


class Scripted:
    """`script` is what it answers, in order; its last line again and again."""

    def __init__(self, script: list[Line]) -> None:
        self.script, self.asked = list(script), list[Asked]()
        self.url = ""

    def answer(self, asked: Asked) -> Says | None:
        self.asked.append(asked)
        line = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return line(asked) if callable(line) else line


@contextmanager
def scripted(*script: Line) -> Iterator[Scripted]:
    """One that listens."""
    server = Scripted(list(script))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            says = server.answer(Asked(self.command, self.path, headers, body))
            if says is None:
                self.close_connection = True
                return
            self.send_response(says.status)
            for name, value in says.headers.items():
                self.send_header(name, value)
            if says.breaks:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(b"%x\r\n%b\r\n" % (len(says.content), says.content))
                self.close_connection = True
                return
            self.send_header("Content-Length", str(len(says.content)))
            self.end_headers()
            self.wfile.write(says.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as listening:
        server.url = f"http://127.0.0.1:{listening.server_port}"
        yield server
