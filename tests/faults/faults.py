"""Things that go wrong, as functions to be called beside a running demo."""

from __future__ import annotations

import time
from collections.abc import Callable

from deploy.local.stack import Stack


def killing(stack: Stack, service: str, role: str, *, after: float = 0, away: float = 1.5) -> Callable[[], None]:
    """SIGKILL a process with all its children a moment `after` the deed began; it is back `away` seconds later.

    The sleeps here are the faults themselves, not a wait for something.
    """

    def act() -> None:
        time.sleep(after)
        stack.kill(service, role)
        time.sleep(away)
        stack.start(service, role)

    return act


def stopping(stack: Stack, part: str, seconds: float) -> Callable[[], None]:
    """A part is killed and comes back after so long."""

    def act() -> None:
        stack.kill_part(part)
        time.sleep(seconds)
        stack.start_part(part)

    return act


def freezing(stack: Stack, part: str, seconds: float) -> Callable[[], None]:
    """A part answers nothing for so long (SIGSTOP), its connections open all the while."""

    def act() -> None:
        stack.freeze(part)
        time.sleep(seconds)
        stack.thaw(part)

    return act
