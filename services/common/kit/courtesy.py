"""Whoever has much to do gives way while others have something to do, and goes on at once when they have not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED = 3.0
"""Seconds for which others count as being at work after what they did last."""
TIMES = 2.0
LONGEST = 0.3


@dataclass
class Courtesy:
    """What two threads know of each other: one `came`, the other asks how long it is to `rest`."""

    now: Callable[[], float] = time.monotonic
    _at: float | None = None

    def came(self) -> None:
        """Somebody who is not to wait did something."""
        self._at = self.now()

    def rest(self, worked: float) -> float:
        """Seconds that whoever worked so long leaves to others: none where nobody came lately."""
        if self._at is None or self.now() - self._at > REMEMBERED:
            return 0.0
        return min(worked * TIMES, LONGEST)
