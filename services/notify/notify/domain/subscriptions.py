"""Other systems that events are sent to: what they want, where they are, and how they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from contracts.places import is_below
from kit.addresses import PUBLIC, judged
from notify.domain.signatures import Secret

ACTIVE, PAUSED, SUSPENDED, GONE = STATES = ("active", "paused", "suspended", "gone")
"""`paused` by hand; `suspended` since it failed too long, and tried now and then; `gone`: it answered 410."""
PUSHED = (ACTIVE, SUSPENDED)
"""In these something is sent."""
EVERYTHING = "*"
MOST = 20
"""Subscriptions of one office, kecamatan or city."""
LONGEST_URL = 500
OWNER = "owner"
"""Why it stands still: who made it may not be told any more."""

_INSIDE_NAMES = (".local", ".localhost", ".internal", ".home.arpa")

Allowed = Collection[tuple[str, int | None]]
"""Hosts on the inside that the operator lets events go to, with a port or with any."""


@dataclass(frozen=True)
class Replay:
    """Events behind `after`, up to `until`, go out again."""

    after: int
    until: int


@dataclass(frozen=True)
class Missed:
    """Of the events behind `after`, up to `until`, it did not get any that were for it: the feed keeps them no more."""

    after: int
    until: int


@dataclass
class Subscription:
    """Where events go, and how far they have come: all up to `position` were delivered or are held. Since something was
    taken: `refused` are the events that it refused, and `rests` is how often it was left alone for what ails it now."""

    id: UUID
    kelurahan: str
    owner: str
    url: str = field(repr=False)
    description: str
    types: list[str]
    places: list[str]
    secrets: list[Secret] = field(repr=False)
    state: str
    position: int
    due_at: datetime
    created_at: datetime
    refused: int = 0
    rests: int = 0
    failing_since: datetime | None = None
    reason: str | None = None
    held_due_at: datetime | None = None
    quick: bool = True
    replay: Replay | None = None
    missed: Missed | None = None
    version: int = 1

    def covers(self, code: str) -> bool:
        """Whether it is told of this kelurahan."""
        return any(is_below(code, place) for place in self.places)

    def begin_anew(self, now: datetime) -> None:
        """As if nothing had failed: it is tried at once, from where it stands."""
        self.state, self.refused, self.rests = ACTIVE, 0, 0
        self.failing_since, self.reason, self.due_at = None, None, now

    def owner_reads(self, within: Sequence[str] | None, now: datetime) -> None:
        """Its owner may read these offices only by now (None: none at all): no others are told of, and where none is
        left, nothing is sent until somebody who may names some and resumes it."""
        self.places = [] if within is None else still_read(self.places, within)
        self.due_at = now
        if not self.places:
            self.state, self.reason = PAUSED, OWNER
        self.version += 1

    def changed(self, now: datetime, given: dict[str, Any]) -> None:
        """With other wishes from now on; at another address it begins anew, unless somebody has paused it."""
        moved = given.get("url", self.url) != self.url
        for name, value in given.items():
            setattr(self, name, value)
        if moved and self.state != PAUSED:
            self.begin_anew(now)


def expand(patterns: Iterable[str], known: Sequence[str]) -> list[str]:
    """The event types that patterns stand for: `letter.issued`, `application.*`, `*`; in the order of `known`. A type
    that a later release adds is under its wildcard by itself."""
    wanted = list(patterns)
    return [one for one in known if any(_matches(pattern, one) for pattern in wanted)]


def unknown(patterns: Iterable[str], known: Sequence[str]) -> list[str]:
    """Patterns that stand for no event at all."""
    return [pattern for pattern in patterns if not any(_matches(pattern, one) for one in known)]


def _matches(pattern: str, event_type: str) -> bool:
    if pattern == EVERYTHING:
        return True
    if pattern.endswith(".*"):
        return event_type.startswith(pattern[:-1])
    return pattern == event_type


def still_read(places: Sequence[str], within: Sequence[str]) -> list[str]:
    """Of places, what lies within these (none: all may be read): a place itself, or the parts of it."""
    if not within:
        return list(places)
    kept = [place for place in places if any(is_below(place, top) for top in within)]
    parts = [top for top in within if any(is_below(top, place) for place in places)]
    return list(dict.fromkeys([*kept, *parts]))


def wrong_url(url: str, allowed: Allowed, *, plain: bool) -> str | None:
    """Why events cannot go to an address: `form`, `https` or `inside`; None for one that will do. What a name leads to
    is judged anew each time something is sent; here only what can be read off. `plain`: http will do."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "form"
    host = (parts.hostname or "").rstrip(".")
    if (
        parts.scheme not in ("https", "http")
        or not host
        or "@" in parts.netloc
        or parts.fragment
        or not _printable(url)
    ):
        return "form"
    if parts.scheme == "http" and not plain:
        return "https"
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    listed = (host, None) in allowed or (host, port) in allowed
    return None if listed or _outside(host) else "inside"


def _printable(url: str) -> bool:
    return len(url) <= LONGEST_URL and url.isascii() and url.isprintable() and not re.search(r"[\s\\]", url)


def _outside(host: str) -> bool:
    try:
        return judged(host) == PUBLIC
    except ValueError:
        return "." in host and not host.endswith(_INSIDE_NAMES) and not host.rpartition(".")[2].isdigit()


def case_of(event: dict[str, Any]) -> str:
    """What an event must keep its order with: its case, else what it is about."""
    data = event.get("data") or {}
    return str(data.get("application_id") or event.get("subject") or event["id"])
