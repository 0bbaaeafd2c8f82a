"""Eight clients in two processes: one process's interpreter lock would measure the client, not the server."""

from __future__ import annotations

import http.client
import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

from bench.measure import counted

PROCESSES, THREADS = 2, 4

Work = Callable[[], None]
Make = Callable[..., Work]
"""`make(client, *arguments)`: what one client does again and again; called anew for each round, before its time
begins, so that its connection is fresh. A function of a module, because it is named to other processes."""


class Clients:
    """Client processes that live through all rounds."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(PROCESSES):
            near, far = context.Pipe()
            process = context.Process(target=_serve, args=[far, number], daemon=True)
            process.start()
            far.close()
            self._pipes.append(near)
            self._processes.append(process)

    def per_second(self, make: Make, arguments: tuple[Any, ...], seconds: float) -> float:
        """How much all clients together do in a second. Raises RuntimeError with the first failure's text."""
        for pipe in self._pipes:
            pipe.send((make, arguments, seconds))
        for pipe in self._pipes:
            _answer(pipe)  # ready: connections are made
        began = time.monotonic()
        for pipe in self._pipes:
            pipe.send("go")
        done = sum(_answer(pipe) for pipe in self._pipes)
        return done / (time.monotonic() - began)

    def close(self) -> None:
        """Ends the processes."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(timeout=10)
            if process.is_alive():
                process.kill()


@contextmanager
def clients() -> Iterator[Clients]:
    """Clients, ended at the end."""
    made = Clients()
    try:
        yield made
    finally:
        made.close()


def _answer(pipe: Connection) -> int:
    if not pipe.poll(120):
        raise RuntimeError("a client did not answer within two minutes")
    answer = pipe.recv()
    if isinstance(answer, str):
        raise RuntimeError(answer)
    return int(answer)


def _serve(pipe: Connection, number: int) -> None:
    while True:
        try:
            make, arguments, seconds = pipe.recv()
            works = [make(number * THREADS + thread, *arguments) for thread in range(THREADS)]
            pipe.send(0)
            pipe.recv()
            pipe.send(counted(works, seconds))
        except EOFError:
            return
        except Exception:  # told to the parent, which raises it
            pipe.send(traceback.format_exc(limit=3))


class Caller:
    """One client's keep-alive connection."""

    def __init__(self, base_url: str, token: str = "") -> None:
        address = urlsplit(base_url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        self._connection.connect()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def post(self, path: str, body: bytes, kind: str, key: str) -> bytes:
        """The answer's body. Raises RuntimeError when it is not 2xx."""
        headers = self._headers | {"Content-Type": kind, "Idempotency-Key": key}
        self._connection.request("POST", path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{path}: {response.status} {content[:300]!r}")
        return content
