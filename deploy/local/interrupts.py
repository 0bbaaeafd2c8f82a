"""Signals to the process that holds a stack: each ends it properly, and none cuts the ending off."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_POLITE = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def terminating_properly() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into SystemExit, so that what is open is closed on the way out.

    A handler that somebody else has set is left alone, and threads cannot set any.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [number for number in _POLITE if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _exit)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C and the like for a while that has a bound of its own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, *_POLITE)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
