"""Requests that wait until there is something new: some at a time, none with a database connection.

    waiting = Waiting(look, most=16)
    waiting.until(known, 20)        True as soon as there is more than is known; False after 20 seconds, or at once
                                    where enough are waiting already

All that wait in a process look together, a few times a second: one more of them costs a thread and no query. Where a
look fails, it has failed for all of them: none waits for a silent database behind another.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

EVERY = 0.25


class Waiting:
    """`look()` says how far things have come, a number that only grows. It may raise: whoever waits gets that."""

    def __init__(self, look: Callable[[], int], *, most: int, every: float = EVERY) -> None:
        self._look = look
        self._every = every
        self._room = threading.BoundedSemaphore(most) if most else None
        self._looking = threading.Lock()
        self._seen = 0
        self._failure: Exception | None = None
        self._looked_at = float("-inf")

    def until(self, known: int, seconds: float) -> bool:
        """Whether things came further than `known` within so many seconds. False at once where too many wait
        already."""
        if seconds <= 0 or self._room is None or not self._room.acquire(blocking=False):
            return False
        try:
            ends = time.monotonic() + seconds
            while self._newest() <= known:
                left = ends - time.monotonic()
                if left <= 0:
                    return False
                time.sleep(min(self._every, left))
            return True
        finally:
            self._room.release()

    def _newest(self) -> int:
        with self._looking:
            if time.monotonic() - self._looked_at >= self._every:
                self._look_now()
            if self._failure is not None:
                raise self._failure.with_traceback(None)
            return self._seen

    def _look_now(self) -> None:
        self._failure = None
        try:
            self._seen = self._look()
        except Exception as error:  # kept for everybody, who are all told of it
            self._failure = error
        finally:
            self._looked_at = time.monotonic()
