"""A stand-in for clamd, over a real socket: it understands INSTREAM and PING, finds EICAR, and can misbehave in every
way. `lost` is a scanner at work that comes to no end with what it is sent; a silent one does not even answer PING."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.hostile import EICAR

MODES = ("well", "silent", "lost", "slow", "nonsense", "limit", "gone", "hurried", "chatty")


class Clamd:
    """What it does now (`mode`), and how many streams it was sent."""

    def __init__(self, server: socketserver.BaseServer) -> None:
        self.mode = "well"
        self.limit = 1_000
        self.streams = self.pings = 0
        self.server = server
        self.stopped = threading.Event()

    @property
    def address(self) -> str:
        where: Any = self.server.server_address
        return f"unix:{where}" if isinstance(where, str) else f"{where[0]}:{where[1]}"


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        clamd: Clamd = self.server.clamd  # type: ignore[attr-defined]
        connection: socket.socket = self.request
        connection.settimeout(30)
        if clamd.mode == "gone":
            return
        command = self._command()
        if command == b"zPING\0" and clamd.mode != "silent":
            clamd.pings += 1
            connection.sendall(b"PONG\0")
        if command != b"zINSTREAM\0":
            return
        clamd.streams += 1
        if clamd.mode == "hurried":  # says so before it has read anything
            connection.sendall(b"stream: OK\0")
            connection.shutdown(socket.SHUT_RDWR)
            return
        content = self._content(clamd)
        if content is not None:
            self._answer(clamd, content)

    def _content(self, clamd: Clamd) -> bytes | None:
        content = b""
        while length := struct.unpack(">I", self._read(4))[0]:
            content += self._read(length)
            if clamd.mode == "limit" and len(content) > clamd.limit:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return None
        return content

    def _answer(self, clamd: Clamd, content: bytes) -> None:
        if clamd.mode in ("silent", "lost"):
            clamd.stopped.wait(30)
            return
        found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
        said = {"nonsense": b"stream: OK, more or less\0", "chatty": b"stream: OK " * 1000}.get(clamd.mode)
        answer = said or b"stream: " + found + b"\0"
        for at in range(len(answer)):
            self.request.sendall(answer[at : at + 1] if clamd.mode == "slow" else answer[at:])
            if clamd.mode != "slow":
                return
            time.sleep(0.02)

    def _command(self) -> bytes:
        said = b""
        while not said.endswith(b"\0"):
            said += self._read(1)
        return said

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.request.recv(size - len(data))
            if not piece:
                raise ConnectionError("the client hung up")
            data += piece
        return data


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are part of the tests."""


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """The same."""


@contextmanager
def clamd(path: Path | None = None) -> Iterator[Clamd]:
    """Listens until the end of the block, on loopback or at `path`."""
    server: socketserver.BaseServer = _Unix(str(path), _Handler) if path else _Tcp(("127.0.0.1", 0), _Handler)
    found = Clamd(server)
    server.clamd = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
