"""Interleaved rounds of two sides, and clients that keep both busy."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

CLIENTS = 8


@dataclass(frozen=True)
class Result:
    """One ratio with both sides' figures per second, each a median over the rounds."""

    name: str
    ours: float
    other: float
    ratio: float
    goal: float
    unit: str

    def line(self) -> str:
        verdict = "reached" if self.ratio >= self.goal else "not reached"
        return (
            f"{self.name}: {self.ours:,.1f} {self.unit} ÷ {self.other:,.1f} = {self.ratio:.2f}"
            f"   goal ≥ {self.goal:g}: {verdict}"
        )


def interleave(
    name: str, ours: Callable[[], float], other: Callable[[], float], *, rounds: int, goal: float, unit: str
) -> Result:
    """A B A B …: the median of the rounds' ratios; the first round of each warms up and is not counted."""
    ours(), other()
    pairs = [(ours(), other()) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    mine, others = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Result(name, mine, others, ratio, goal, unit)


def per_second(work: Callable[[int], None], seconds: float, clients: int = CLIENTS) -> float:
    """How often `work(client)` is done in a second by so many threads at once, for so long. A failure ends it."""
    ends = time.monotonic() + seconds
    counts = [0] * clients
    failures: list[BaseException] = []

    def run(client: int) -> None:
        try:
            while time.monotonic() < ends and not failures:
                work(client)
                counts[client] += 1
        except Exception as error:
            failures.append(error)

    began = time.monotonic()
    threads = [threading.Thread(target=run, args=[client]) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / (time.monotonic() - began)


class Caller:
    """Keep-alive connections to one host, one per client."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        address = urlsplit(base_url)
        self._connections = [
            http.client.HTTPConnection(address.hostname or "", address.port, timeout=30) for _ in range(CLIENTS)
        ]
        self._headers = headers

    def post(self, client: int, path: str, body: bytes, **headers: str) -> bytes:
        """The answer's body. Raises when it is not 2xx."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = self._connections[client]
        connection.request("POST", path, body, self._headers | named)
        response = connection.getresponse()
        content = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{path}: {response.status} {content[:300]!r}")
        return content
