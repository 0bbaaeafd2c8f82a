"""When a request is sent again: only where that cannot do anything twice, with growing gaps, and not for ever."""

from __future__ import annotations

import random
from dataclasses import dataclass

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
"""The same twice is the same as once; anything else needs an Idempotency-Key."""
_AWAY = frozenset({502, 503, 504})
_STILL_RUNNING = "idempotency-key-in-use"


@dataclass(frozen=True)
class Patience:
    """For so many `seconds` a request is sent again (infinite: until there is an answer), first after `first_gap`,
    then after twice as long each time up to `longest_gap`; each somewhat shorter by chance, so that many who failed
    at once do not come back at once."""

    seconds: float = 60.0
    first_gap: float = 0.2
    longest_gap: float = 5.0

    def gap(self, repetitions: int) -> float:
        """Seconds before the next attempt, after so many repetitions."""
        grown = min(self.longest_gap, self.first_gap * 2.0 ** min(repetitions, 30))
        return grown * random.uniform(0.5, 1.0)


def may_be_repeated(method: str, keyed: bool) -> bool:
    """Whether a request of which nobody knows what it did may be sent again."""
    return keyed or method in IDEMPOTENT


def is_worth_repeating(status: int, slug: str, repeatable: bool) -> bool:
    """Whether an answer means: later. What was too much was not begun, so that it may be asked again in any case."""
    return status == 429 or (repeatable and (status in _AWAY or slug == _STILL_RUNNING))
