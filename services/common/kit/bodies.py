"""Bodies of requests that never come: who stops sending, or sends a byte now and then, keeps a thread only so long.

A body may take GRACE seconds and, beyond them, its size at RATE. One watcher in each process looks at all bodies under
way each second and closes the way in of those that are late; their request ends with 408.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import IO, Any

from kit.problems import Problem, Words

GRACE = 30.0
RATE = 2_000.0
"""Bytes a second: a tenth of what the slowest village network gives."""
PIECE = 32 * 1024
"""Read at a time. It only counts once it is whole: at RATE it must take less than GRACE."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class TooSlowABody(Problem):
    """The request's body did not come in time."""

    status, slug = 408, "request-timeout"
    title = Words("Kiriman terlalu lambat", "The request came too slowly")
    detail = Words(
        "Sambungan terputus-putus. Coba lagi saat sinyal lebih baik.",
        "The connection kept stopping. Please try again with a better signal.",
    )


class Body(io.RawIOBase):
    """A request's body as it is read. Raises TooSlowABody once it is late."""

    def __init__(self, body: IO[bytes], wire: socket.socket) -> None:
        self._body, self._wire = body, wire
        self._began, self._read = time.monotonic(), 0
        self.late = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """The next piece."""
        try:
            data = self._body.read(min(len(buffer), PIECE))
        except Exception as error:
            if self.late:
                raise TooSlowABody from error
            raise
        if self.late:
            raise TooSlowABody
        buffer[: len(data)] = data
        self._read += len(data)
        return len(data)

    def end_if_late(self, now: float) -> None:
        """Closes the way in, so that who reads wakes up."""
        if now > self._began + GRACE + self._read / RATE:
            self.late = True
            with suppress(OSError):  # gone already
                self._wire.shutdown(socket.SHUT_RD)


class Watcher:
    """The thread that looks at them; it begins with the first body of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bodies: set[Body] = set()
        self._thread: threading.Thread | None = None

    def add(self, body: Body) -> None:
        """From now on."""
        with self._lock:
            self._bodies.add(body)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="bodies", daemon=True)
                self._thread.start()

    def remove(self, body: Body) -> None:
        """It was read, or nobody reads it any more."""
        with self._lock:
            self._bodies.discard(body)

    def _watch(self) -> None:
        while True:
            time.sleep(1)
            now = time.monotonic()
            with self._lock:
                for body in self._bodies:
                    body.end_if_late(now)


def watched(application: Wsgi) -> Wsgi:
    """The application, with every body under watch while it is called; outside gunicorn it is left as it is."""
    watcher = Watcher()

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        wire = environ.get("gunicorn.socket")
        if wire is None or environ.get("CONTENT_LENGTH", "0") in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return application(environ, start_response)
        body = Body(environ["wsgi.input"], wire)
        environ["wsgi.input"] = body
        watcher.add(body)
        try:
            return application(environ, start_response)
        finally:
            watcher.remove(body)

    return call
