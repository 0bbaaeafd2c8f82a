"""What a machine may ask of a service: so many requests a minute, and so many bytes of answers a day.

A machine's token says that it is one, and where an administrator gave it other numbers than every machine has, those
(`kit.auth.QUOTA`): nothing has to be looked up. Requests are counted before they are done. Bytes are known afterwards:
an answer that was begun is finished, and what it was too much has to be waited for, a day at most. They are counted in
pieces, so that small answers cost no write each; a process that is killed forgets less than a piece of each machine's.

The answers say what is left, in the fields of draft-ietf-httpapi-ratelimit-headers-11.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Response, current_app, g

from kit.auth import QUOTA, Caller
from kit.db import EVERY_TENANT, Database, DatabaseUnavailable, Tx
from kit.own_key import OwnKey
from kit.problems import TooManyRequests, Words
from kit.rates import Rate, Standing, charge, counted, standing

MINUTE, DAY = "minute", "day"
REQUESTS, BYTES = "requests", "bytes"
MOST_REQUESTS = 60_000
MOST_BYTES = 1_000_000_000_000
_WINDOWS = {MINUTE: 60, DAY: 86_400}
_PIECE = 256 * 1024
_SAID = {
    MINUTE: Words("Terlalu banyak permintaan dalam semenit.", "Too many requests within a minute."),
    DAY: Words("Jatah data sehari sudah habis.", "What may be read in a day is used up."),
}

log = structlog.get_logger()


class QuotaExceeded(TooManyRequests):
    """A machine asks for more than it may; `violated-policies` names the rule."""

    slug = "quota-exceeded"

    def __init__(self, policy: str, seconds: float) -> None:
        super().__init__(seconds, _SAID[policy])
        self.more = {"violated-policies": [policy]}


@dataclass(frozen=True)
class _Asked:
    """A request of a machine: what it may ask, and how that stands."""

    who: str
    rates: dict[str, Rate]
    stands: dict[str, Standing]


class Quotas:
    """`requests` a minute and `bytes` a day are every machine's; 0 counts nothing, for trying only."""

    def __init__(self, db: Database, keys: OwnKey, requests: int, of_bytes: int) -> None:
        self._db, self._keys = db, keys
        self._usual = {REQUESTS: requests, BYTES: of_bytes}
        self._lock = threading.Lock()
        self._uncounted: dict[str, int] = {}

    def begin(self, who: Caller) -> None:
        """Counts a request of a machine; of anybody else nothing. Raises QuotaExceeded."""
        own = who.claims.get(QUOTA)
        if not isinstance(own, dict):
            return
        rates = self._rates(own)
        with self._db.transaction(EVERY_TENANT) as tx:
            stands = {name: self._stands(tx, name, rate, who.subject) for name, rate in rates.items()}
        g.quota = _Asked(who.subject, rates, stands)
        for name, stand in stands.items():
            if stand.wait > 0:
                raise QuotaExceeded(name, stand.wait)

    def finish(self, response: Response) -> Response:
        """After a request: says how its quotas stand, and counts the answer."""
        asked: _Asked | None = g.get("quota")
        if asked is None or not asked.rates:
            return response
        response.headers["RateLimit-Policy"] = ", ".join(_policy(rate) for rate in asked.rates.values())
        response.headers["RateLimit"] = ", ".join(_limit(name, stand) for name, stand in asked.stands.items())
        rate = asked.rates.get(DAY)
        if rate is not None and response.status_code < 400:
            self._count_answer(response, asked.who, rate)
        return response

    def _rates(self, own: dict[str, Any]) -> dict[str, Rate]:
        most = {name: own.get(name, usual) for name, usual in self._usual.items()}
        found = {MINUTE: Rate(MINUTE, most[REQUESTS], 60), DAY: Rate(DAY, most[BYTES], 86_400)}
        return {name: rate for name, rate in found.items() if rate.most}

    def _stands(self, tx: Tx, name: str, rate: Rate, who: str) -> Standing:
        return (counted if name == MINUTE else standing)(tx, self._keys, rate, who)

    def _count_answer(self, response: Response, who: str, rate: Rate) -> None:
        size = response.content_length
        if size is None and not response.is_streamed:
            size = response.calculate_content_length()
        if size is not None:
            self._count(who, rate, size)
        else:
            response.response = _Counted(response.response, lambda passed: self._count(who, rate, passed))

    def _count(self, who: str, rate: Rate, size: int) -> None:
        with self._lock:
            held = self._uncounted.pop(who, 0) + size
            if held < _PIECE:
                self._uncounted[who] = held
                return
        try:
            with self._db.transaction(EVERY_TENANT) as tx:
                charge(tx, self._keys, rate, who, held)
        except DatabaseUnavailable as error:  # the answer is on its way: it is counted with the next
            log.warning("an answer could not be counted yet", reason=type(error).__name__)
            with self._lock:
                self._uncounted[who] = self._uncounted.get(who, 0) + held


class _Counted:
    """An answer of unknown length, counted as it passes."""

    def __init__(self, pieces: Iterable[Any], count: Any) -> None:
        self._pieces, self._count = pieces, count

    def __iter__(self) -> Iterator[Any]:
        for piece in self._pieces:
            self._count(len(piece))
            yield piece

    def close(self) -> None:
        if hasattr(self._pieces, "close"):
            self._pieces.close()


def finish(response: Response) -> Response:
    """`Quotas.finish` of this application."""
    gate = current_app.extensions["gate"]
    finished: Response = gate.quotas.finish(response)
    return finished


def _policy(rate: Rate) -> str:
    unit = ';qu="content-bytes"' if rate.name == DAY else ""
    return f'"{rate.name}";q={int(rate.most)};w={_WINDOWS[rate.name]}{unit}'


def _limit(name: str, stand: Standing) -> str:
    seconds = stand.wait if stand.wait > 0 else stand.full_in
    return f'"{name}";r={max(0, int(stand.left))};t={max(0, math.ceil(seconds))}'
