"""By which of the two queues an office's events go: the first one, or the crowd's when it has much more to tell than
others.

Each office may tell so many events at once, and so many a second from then on. When it is over that, all that it tells
goes by the second queue of each consumer, where it stands in nobody's way, until it has been quiet. An office changes
its way only when what it sent by the other one has been taken out there, so that nothing of it is overtaken: neither
a case's next step nor what is about the same case under another subject. So a change takes a moment, for which its
next events wait in the outbox (at most `HELD`), or still go by the crowd (as long as it takes).

What is taken out is seen by the lengths of the queues: fewer are in there than were sent behind the office's last.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kit.bus.topology import CROWD_EXCHANGE, EXCHANGE, crowd_queue

AT_ONCE = 100
PER_SECOND = 5.0
EVERY = 0.25
"""Seconds between two looks at the queues."""
SETTLED = 2.0
"""Seconds for what a consumer took out, and may not have done yet: two batches of it."""
HELD = 10.0
"""Seconds that an office's events wait in the outbox at most: a service that is away stops nobody for longer."""


@dataclass
class _Office:
    left: float
    """How many it may still tell in the first queue, …"""
    at: float
    """… and when that was so."""
    exchange: str = EXCHANGE
    turning: float | None = None
    """Since when it waits for its way to the crowd to be free."""
    last: dict[str, int] = field(default_factory=dict)
    """By queue: how many had been sent there with this office's last, on the way that it is on."""
    out: float | None = None
    """When its last were first seen to be taken out."""
    resumed: bool = False
    """Another relay may have sent of it on either way."""


class Crowd:
    """Counts events by office, in the memory of the one relay that is active; `subscriptions` are the types that each
    queue is sent."""

    def __init__(
        self, subscriptions: Mapping[str, Iterable[str]] | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._now = now
        self._queues: dict[str, list[str]] = defaultdict(list)
        for queue, types in (subscriptions or {}).items():
            for event_type in types:
                self._queues[event_type].append(queue)
        self._all = list(subscriptions or {})
        self._offices: dict[str, _Office] = {}
        self._sent: Counter[str] = Counter()
        self._looked_at = float("-inf")

    def way(self, tenant: str) -> str | None:
        """The exchange by which the office's next event goes; None when that one has to wait for now, and all that
        follows."""
        office = self._office(tenant)
        if office.turning is not None:
            return None
        if office.left >= 1:
            office.left -= 1
        elif office.exchange == EXCHANGE:
            office.turning = self._now()
            return None
        return office.exchange

    def sent(self, tenant: str, event_type: str, exchange: str) -> None:
        """The broker has that event."""
        office = self._office(tenant)
        office.out = None
        for queue in self._queues.get(event_type, ()):
            name = _name(queue, exchange)
            self._sent[name] += 1
            office.last[name] = self._sent[name]

    def held(self) -> set[str]:
        """Offices of which nothing goes out now."""
        return {tenant for tenant, office in self._offices.items() if office.turning is not None}

    def asks(self) -> Sequence[str] | None:
        """Of which queues the lengths are wanted now; None where there is nothing to decide."""
        if self._now() - self._looked_at < EVERY:
            return None
        about = [office for office in self._offices.values() if self._wants_to_turn(office)]
        return sorted({queue for office in about for queue in office.last}) if about else None

    def looked(self, lengths: Mapping[str, int]) -> None:
        """How many waited in those queues, after all that was `sent`: offices turn that may."""
        self._looked_at = self._now()
        for office in self._offices.values():
            if self._wants_to_turn(office) and (self._is_through(office, lengths) or self._is_held_too_long(office)):
                self._turn(office)

    def resume(self, tenants: Iterable[str]) -> None:
        """Offices that another relay may have left with the crowd, or on their way there: they go there, and stay
        until its queues were empty."""
        for tenant in tenants:
            office = self._office(tenant)
            office.turning, office.resumed = self._now(), True
            office.last = dict.fromkeys(self._all, 0)

    def _turn(self, office: _Office) -> None:
        to_crowd = office.exchange == EXCHANGE
        before = [crowd_queue(queue) for queue in self._all] if to_crowd and office.resumed else []
        office.exchange = CROWD_EXCHANGE if to_crowd else EXCHANGE
        office.last = dict.fromkeys(before, 0)
        office.turning, office.out, office.resumed = None, None, False

    def forget(self) -> None:
        """Offices of which there is nothing to know: they may tell as many as if they had told nothing."""
        for tenant in list(self._offices):
            office = self._office(tenant)
            if office.exchange == EXCHANGE and office.turning is None and office.left >= AT_ONCE:
                del self._offices[tenant]

    def _office(self, tenant: str) -> _Office:
        now = self._now()
        office = self._offices.setdefault(tenant, _Office(AT_ONCE, now))
        self._refill(office)
        return office

    def _refill(self, office: _Office) -> None:
        now = self._now()
        office.left, office.at = min(AT_ONCE, office.left + (now - office.at) * PER_SECOND), now

    def _wants_to_turn(self, office: _Office) -> bool:
        if office.exchange == EXCHANGE:
            return office.turning is not None
        self._refill(office)
        return office.left >= AT_ONCE

    def _is_through(self, office: _Office, lengths: Mapping[str, int]) -> bool:
        """Seen twice, some time apart: a broker that chooses another leader says 0 of a queue."""
        if not office.last:
            return True
        if any(lengths.get(queue, self._sent[queue] + 1) > self._sent[queue] - n for queue, n in office.last.items()):
            return False
        if office.out is None:
            office.out = self._now()
        return self._now() - office.out >= SETTLED

    def _is_held_too_long(self, office: _Office) -> bool:
        return office.turning is not None and self._now() - office.turning >= HELD


def _name(queue: str, exchange: str) -> str:
    return crowd_queue(queue) if exchange == CROWD_EXCHANGE else queue
