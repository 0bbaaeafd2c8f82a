"""Starts again what died by itself, more slowly each time it dies soon."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_LOOK_EVERY = 0.2
_LONGEST_PAUSE = 10.0
_STEADY_AFTER = 30.0


@dataclass
class _Patience:
    """How long to wait before the next attempt for one process."""

    pause: float = 0.5
    died_at: float = 0.0
    started_at: float = 0.0

    def note_death(self, now: float) -> None:
        lived_long = self.started_at and now - self.started_at > _STEADY_AFTER
        self.pause = 0.5 if lived_long or not self.started_at else min(self.pause * 2, _LONGEST_PAUSE)
        self.died_at = now

    def is_over(self, now: float) -> bool:
        return now - self.died_at >= self.pause


class Supervisor:
    """Watches in a thread of its own; `dead` names what should run and does not, `restart` starts one."""

    def __init__(self, dead: Callable[[], list[str]], restart: Callable[[str], None]) -> None:
        self._dead = dead
        self._restart = restart
        self._patience = dict[str, _Patience]()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer; returns when no restart is under way."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        seen_dead = set[str]()
        while not self._ended.wait(_LOOK_EVERY):
            dead = set(self._dead())
            now = time.monotonic()
            for name in dead - seen_dead:
                self._patience.setdefault(name, _Patience()).note_death(now)
            seen_dead = dead
            for name in [name for name in dead if self._patience[name].is_over(now)]:
                self._restart(name)
                self._patience[name].started_at = time.monotonic()
                seen_dead.discard(name)
