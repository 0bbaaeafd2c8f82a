"""Things that go wrong, as functions to be called beside a running demo."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from deploy.local.stack import Stack

_one_at_a_time = threading.Lock()


def killing(stack: Stack, service: str, role: str, pause: float = 1.5) -> Callable[[], None]:
    """SIGKILL the process with all its children; it is started again after a pause. When its next moment comes
    before it is back, that waits."""

    def act() -> None:
        with _one_at_a_time:
            stack.kill(service, role)
            time.sleep(pause)  # how long it stays away is the fault itself
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
