"""Which events go by the crowd's queue: those of an office that has much more to tell at once than others.

Each office may tell so many events at once, and so many a second from then on. What begins beyond that goes by the
second queue of each consumer, so that it stands in nobody's way; what is about one subject stays on the way that it
began with, so that it keeps its order.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

AT_ONCE = 100
PER_SECOND = 5.0
REMEMBERED = 20_000
"""Subjects whose way is known, of all offices: those that were told of last."""


@dataclass
class Crowd:
    """Counts events by office, in the memory of the one relay that is active."""

    now: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By office: how many it may still tell in the first queue, and when that was so."""
    _ways: OrderedDict[tuple[str, str], bool] = field(default_factory=OrderedDict)

    def takes(self, tenant: str, subject: str) -> bool:
        """Counts one event of the office about that subject: whether it goes by the crowd's queue."""
        crowded = not self._has_room(tenant)
        way = self._ways.pop((tenant, subject), crowded)
        self._ways[tenant, subject] = way
        if len(self._ways) > REMEMBERED:
            self._ways.popitem(last=False)
        return way

    def forget(self) -> None:
        """Offices that may tell as many again as if they had told nothing."""
        now = self.now()
        self._left = {
            tenant: (left, at) for tenant, (left, at) in self._left.items() if left + (now - at) * PER_SECOND < AT_ONCE
        }

    def _has_room(self, tenant: str) -> bool:
        now = self.now()
        left, at = self._left.get(tenant, (AT_ONCE, now))
        left = min(AT_ONCE, left + (now - at) * PER_SECOND)
        self._left[tenant] = (max(left - 1, 0), now)
        return left >= 1
