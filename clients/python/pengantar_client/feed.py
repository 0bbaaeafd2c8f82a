"""What happened, in one order: read behind a position, and followed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pengantar_client.api import Api
from pengantar_client.events import Event

_AT_ONCE = 1.0
"""Seconds: an empty answer that is quicker although it was to wait comes from a system in which many wait already."""


class Positions(NamedTuple):
    """The ends of the feed."""

    oldest: int
    newest: int


@dataclass(frozen=True)
class Batch:
    """What came. Keep `position` in the transaction in which you keep what you made of the events: then you may be
    killed at any moment, and go on from there. It may move although nothing came."""

    events: Sequence[Event]
    position: int
    newest: int
    """The end of the feed when this was read."""


class Feed:
    """Scope `events.read`. `types` are such as `letter.issued` and `application.*`; `kelurahan` codes of offices,
    kecamatan or cities; nothing named: all that the caller may read."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def positions(self) -> Positions:
        """Where the feed begins and ends now. Note `newest` before you fetch everything in bulk."""
        found = self._api.get("/v1/events/positions")
        return Positions(found["oldest"], found["newest"])

    def read(
        self, after: int, *, types: Sequence[str] = (), kelurahan: Sequence[str] = (), limit: int = 200, wait: int = 0
    ) -> Batch:
        """What is behind a position, at most `limit` (500). Where nothing is there, the answer takes up to `wait`
        seconds (30). Raises PositionGone, PositionUnknown."""
        query = {
            "after": after, "limit": limit, "wait": wait,
            "types": ",".join(types) or None, "kelurahan": ",".join(kelurahan) or None,
        }  # fmt: skip
        answer = self._api.call("GET", "/v1/events", query=query, longer=wait)
        reached, newest = (int(answer.headers[name]) for name in ("Next-Position", "Newest-Position"))
        return Batch([Event.read(raw) for raw in answer.json()], reached, newest)

    def follow(
        self, after: int, *, types: Sequence[str] = (), kelurahan: Sequence[str] = (), limit: int = 200, wait: int = 20
    ) -> Iterator[Batch]:
        """Reads on for ever, a batch each time, an empty one after `wait` seconds without anything: then you may
        stop, or do something else. Raises PositionGone, PositionUnknown, and after the client's patience Unreachable,
        Failing, TooMuch; begin again behind the position that you kept."""
        position = after
        while True:
            begun = time.monotonic()
            batch = self.read(position, types=types, kelurahan=kelurahan, limit=limit, wait=wait)
            position = batch.position
            yield batch
            if wait and not batch.events and time.monotonic() - begun < _AT_ONCE:
                time.sleep(_AT_ONCE)
