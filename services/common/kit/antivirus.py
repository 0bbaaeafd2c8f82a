"""A virus scanner that speaks clamd's protocol: what it finds, or that nobody knows.

    None              clean: the scanner has read every byte and said so
    a name            what it found
    ScannerSilent     retryable: it is not there, does not answer in time, breaks off, or says anything else

Only the one sentence that means "clean" means it. Whoever asks keeps the file back until it was said.

The command is `zINSTREAM`: pieces with their length in front, an empty one at the end; one answer, which ends with NUL.
Where one file got no such answer, `zPING` tells whose fault it is: while the scanner answers it, only that file waits.
A scanner that does not, or that came to no end with several files in a row, is left alone for a while, and everything
waits.
"""

from __future__ import annotations

import re
import select
import socket
import struct
import threading
import time
from contextlib import suppress
from typing import BinaryIO
from urllib.parse import urlsplit

from kit.errors import Retryable
from kit.metrics import ANTIVIRUS_SCANS, ANTIVIRUS_UP

CONNECT_SECONDS = 5.0
SCAN_SECONDS = 60.0
PING_SECONDS = 5.0
REST_SECONDS = 15.0
"""So long nobody asks a scanner that is silent: it would hold every worker's thread for a minute each time."""
FILES_IN_A_ROW = 3
"""So many different files without an answer, and none with one between, are the scanner's fault and not theirs."""
MOST_BYTES = 30_000_000
_PIECE = 64 * 1024
_MOST_OF_AN_ANSWER = 1024
_CLEAN = b"stream: OK\0"
_ALIVE = b"PONG\0"
_FOUND = re.compile(rb"stream: ([\x21-\x7e]{1,200}) FOUND\0")
_ERROR = re.compile(rb"[\x20-\x7e]{1,500}ERROR\0")


class ScannerSilent(Retryable):
    """Nobody knows whether it is clean."""


class Antivirus:
    """A scanner at `host:port` or `unix:/path`. Threads may share it; each scan has a connection of its own."""

    def __init__(
        self,
        address: str,
        *,
        seconds: float = SCAN_SECONDS,
        rest: float = REST_SECONDS,
        most: int = MOST_BYTES,
        ping: float = PING_SECONDS,
    ) -> None:
        self._address = parsed(address)
        self._seconds, self._rest, self._most, self._ping = seconds, rest, most, ping
        self._asked_again_at = 0.0
        self._in_vain: set[str] = set()
        self._lock = threading.Lock()

    def scan(self, stream: BinaryIO, name: str = "") -> str | None:
        """What is found in the stream, read from where it stands; by `name` the same file is known again. Raises
        ScannerSilent."""
        self._wait_for_rest()
        try:
            found = self._asked(stream)
        except ScannerSilent:
            self._failed(name)
            raise
        except OSError as error:
            self._failed(name)
            raise ScannerSilent(f"antivirus: {type(error).__name__}") from error
        with self._lock:
            self._in_vain.clear()
        ANTIVIRUS_UP.set(1)
        ANTIVIRUS_SCANS.labels("found" if found else "clean").inc()
        return found

    def _wait_for_rest(self) -> None:
        with self._lock:
            left = self._asked_again_at - time.monotonic()
        if left > 0:
            raise ScannerSilent("antivirus: it did not answer a moment ago", after=left)

    def _failed(self, name: str) -> None:
        """Others wait only where it was the scanner's fault, not this file's."""
        ANTIVIRUS_SCANS.labels("failed").inc()
        alive = self._answers()
        with self._lock:
            self._in_vain.add(name)
            at_work = alive and len(self._in_vain) < FILES_IN_A_ROW
            if not at_work:
                self._in_vain.clear()
                self._asked_again_at = time.monotonic() + self._rest
        ANTIVIRUS_UP.set(at_work)

    def _answers(self) -> bool:
        """Whether the scanner is there and at work."""
        ends = time.monotonic() + self._ping
        try:
            with self._connected() as connection:
                _within(connection, ends).sendall(b"zPING\0")
                return _answer(connection, ends) == _ALIVE
        except OSError:
            return False

    def _asked(self, stream: BinaryIO) -> str | None:
        ends = time.monotonic() + self._seconds
        with self._connected() as connection:
            whole = self._send(connection, stream, ends)
            answer = _answer(connection, ends)
        if answer == _CLEAN and whole:
            return None
        if match := _FOUND.fullmatch(answer):
            return match[1].decode("ascii")
        raise ScannerSilent(f"antivirus: {_said(answer)}")

    def _connected(self) -> socket.socket:
        if isinstance(self._address, tuple):
            return socket.create_connection(self._address, timeout=CONNECT_SECONDS)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(self._address)
        except BaseException:
            connection.close()
            raise
        return connection

    def _send(self, connection: socket.socket, stream: BinaryIO, ends: float) -> bool:
        """Whether all of it was taken: a scanner that has enough says so early, and hangs up."""
        sent = 0
        try:
            _within(connection, ends).sendall(b"zINSTREAM\0")
            while piece := stream.read(_PIECE):
                sent += len(piece)
                if sent > self._most:
                    raise ScannerSilent(f"antivirus: more than {self._most} bytes are not sent")
                _within(connection, ends).sendall(struct.pack(">I", len(piece)) + piece)
            if select.select([connection], [], [], 0)[0]:
                return False
            _within(connection, ends).sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True


def parsed(address: str) -> tuple[str, int] | str:
    """Host and port, or the path of a socket. Raises ValueError."""
    if address.startswith("unix:/"):
        return address.removeprefix("unix:")
    where = urlsplit(f"//{address}")
    if not where.hostname or not where.port or where.path or where.query or where.username:
        raise ValueError("must be host:port or unix:/path")
    return where.hostname, where.port


def _within(connection: socket.socket, ends: float) -> socket.socket:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
    return connection


def _answer(connection: socket.socket, ends: float) -> bytes:
    """Up to its NUL, or all until the scanner hung up, or until it is too long to be one."""
    said = b""
    with suppress(ConnectionResetError):
        while b"\0" not in said and len(said) <= _MOST_OF_AN_ANSWER:
            piece = _within(connection, ends).recv(_MOST_OF_AN_ANSWER)
            if not piece:
                break
            said += piece
    return said


def _said(answer: bytes) -> str:
    """For the log: clamd's own errors are told, anything else is not repeated."""
    if not answer:
        return "it hung up without an answer"
    return answer.rstrip(b"\0").decode("ascii") if _ERROR.fullmatch(answer) else "its answer is none of clamd's"
