"""Waiting for what happens elsewhere: bounded, and never a blind sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(look: Callable[[], Found], *, within: float = 15, every: float = 0.05, what: str = "") -> Found:
    """The first true answer of `look`. Fails when there is none within so many seconds."""
    ends = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > ends:
            raise AssertionError(f"not within {within:g} s: {what or look}")
        time.sleep(every)
