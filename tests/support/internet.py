"""A small internet on loopback: names, the public addresses behind them, and servers that answer for these."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from urllib3.util import connection as wire

PUBLIC = "93.184.215.14"
Conversation = Callable[[socket.socket, bytes], None]


class Internet:
    """`names` says what each look-up of a name finds, one after another (the last for all later ones); `routes` where a
    public address really is; `looked_up` and `connected` what was asked."""

    def __init__(self) -> None:
        self.names: dict[str, list[Sequence[str]]] = {}
        self.routes: dict[str, int] = {}
        self.looked_up: list[str] = []
        self.connected: list[str] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        look_up, connect = socket.getaddrinfo, wire.create_connection

        def getaddrinfo(host: str, port: int, *args: Any, **more: Any) -> Any:
            if host not in self.names:
                return look_up(host, port, *args, **more)
            self.looked_up.append(host)
            answers = self.names[host]
            found = answers.pop(0) if len(answers) > 1 else answers[0]
            family = {True: socket.AF_INET6, False: socket.AF_INET}
            return [(family[":" in one], socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

        def create_connection(address: tuple[str, int], *args: Any, **more: Any) -> socket.socket:
            host, port = address
            self.connected.append(host)
            if host in self.routes:
                host, port = "127.0.0.1", self.routes[host]
            return connect((host, port), *args, **more)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(wire, "create_connection", create_connection)


class Server:
    """Speaks as `talk` says with whoever connects; `asked` are the requests that came."""

    def __init__(self, talk: Conversation, context: ssl.SSLContext | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.asked: list[bytes] = []
        self.sent = 0
        self._talk, self._context, self._over = talk, context, threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                taken, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(taken,), daemon=True).start()

    def _one(self, taken: socket.socket) -> None:
        try:
            with self._context.wrap_socket(taken, server_side=True) if self._context else taken as line:
                line.settimeout(10)
                head = b""
                while not _is_whole(head):
                    piece = line.recv(65_536)
                    if not piece:
                        return
                    head += piece
                self.asked.append(head)
                self._talk(line, head)
        except OSError:
            pass  # who asked has gone, which most of these conversations are about

    def close(self) -> None:
        self._over.set()
        self._listener.close()


def _is_whole(request: bytes) -> bool:
    """Head and body may come apart."""
    head, ends, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(ends) and len(body) >= int(length[1] if length else 0)


@contextmanager
def server(talk: Conversation, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    there = Server(talk, context)
    try:
        yield there
    finally:
        there.close()


def says(body: bytes, status: str = "200 OK", *headers: str) -> Conversation:
    """One answer, whole."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""])
    return lambda line, _asked: line.sendall(head.encode() + body)


def tls(folder: Path, certificate: bytes, key: bytes) -> ssl.SSLContext:
    """A server's side, with this certificate."""
    file = folder / "server.pem"
    file.write_bytes(certificate + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
