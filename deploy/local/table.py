"""The running programs of a stack by name, and what can be done to each."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from deploy.local.ledger import Ledger
from deploy.local.process import PartError, Running


class Table:
    """Starts programs under a name and ends them; once closed, nothing more is started."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._guard = threading.RLock()
        self._running = dict[str, Running]()
        self._wanted = set[str]()
        self._closed = False

    def launch(self, name: str, start: Callable[[], Running]) -> Running:
        """Start a program; from now on it should be running."""
        with self._guard:
            if self._closed:
                raise PartError(f"{name} was not started: the stack is being stopped.")
            known = self._running.get(name)
            if known and known.alive():
                raise PartError(f"{name} is running already.")
            running = self._running[name] = start()
            self._wanted.add(name)
            return running

    def relaunch(self, name: str, start: Callable[[], Running]) -> bool:
        """Start a program that died, unless it was stopped on purpose meanwhile."""
        with self._guard:
            if self._closed or name not in self._wanted or self._running[name].alive():
                return False
            self._running[name] = start()
            return True

    def get(self, name: str) -> Running:
        """A program by its name."""
        with self._guard:
            if name not in self._running:
                raise KeyError(f"{name} was never started; there are {', '.join(sorted(self._running))}")
            return self._running[name]

    def all(self) -> dict[str, Running]:
        """Every program that was started and not stopped on purpose."""
        with self._guard:
            return {name: running for name, running in self._running.items() if name in self._wanted}

    def dead(self) -> list[str]:
        """What should run and does not."""
        return [name for name, running in self.all().items() if not running.alive()]

    def kill(self, name: str) -> None:
        """End a program at once, with all its processes; it stays down until it is launched again."""
        self._unwant(name)
        self.get(name).kill()
        self._ledger.remove(name)

    def stop(self, name: str) -> None:
        """End a program properly; it stays down until it is launched again."""
        self._unwant(name)
        self.get(name).stop()
        self._ledger.remove(name)

    def freeze(self, name: str) -> None:
        """Let a program hang: it is there, holds its connections and does nothing."""
        self.get(name).freeze()

    def thaw(self, name: str) -> None:
        """Let a frozen program go on."""
        self.get(name).send(signal.SIGCONT)

    def close(self, order: Iterable[Iterable[str]]) -> None:
        """Stop everything: group after group, the programs of a group at once, the unnamed last."""
        with self._guard:
            self._closed = True
            left = set(self._running)
        for group in [*map(set, order), set(left)]:
            with ThreadPoolExecutor(max_workers=len(group) or 1) as pool:
                list(pool.map(self.stop, sorted(group & left)))
            left -= group

    def _unwant(self, name: str) -> None:
        with self._guard:
            self._wanted.discard(name)
