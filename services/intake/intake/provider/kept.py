"""What was read from the provider, kept for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from intake.domain.sign_in_errors import ProviderAway

Value = TypeVar("Value")

HOLDS = 600.0
RESTS = 10.0
"""Seconds: how long something counts, and how soon after a reading it is read again at most, whoever wishes it."""
GIVES_UP = 5.0
"""So long after a reading that failed nobody tries: a crowd does not wait one behind the other."""


class Kept(Generic[Value]):
    """Read at first use and again when it is old, by one thread at a time."""

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._value: Value | None = None
        self._read_at = self._failed_at = float("-inf")

    def get(self) -> Value:
        """Raises ProviderAway."""
        return self._newer_than(HOLDS)

    def again(self) -> Value:
        """Read anew, since something is missing in it, unless that was just done. Raises ProviderAway."""
        return self._newer_than(RESTS)

    def _newer_than(self, seconds: float) -> Value:
        if (there := self._there(seconds)) is not None:
            return there
        with self._lock:
            if (there := self._there(seconds)) is not None:
                return there
            if time.monotonic() - self._failed_at < GIVES_UP:
                raise ProviderAway("it did not answer a moment ago", after=GIVES_UP)
            try:
                value = self._read()
            except ProviderAway:
                self._failed_at = time.monotonic()
                raise
            self._value, self._read_at = value, time.monotonic()
            return value

    def _there(self, seconds: float) -> Value | None:
        return self._value if time.monotonic() - self._read_at < seconds else None
