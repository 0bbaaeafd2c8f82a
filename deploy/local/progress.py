"""What a start shows while it works: a line for each part that is ready, and what is waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status


class Progress:
    """Shows the steps of a start; quiet where nobody looks, such as in a test run."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet, highlight=False)
        self._under_way = dict[str, float]()
        self._guard = threading.Lock()
        self._status: Status | None = None

    @contextmanager
    def phase(self, title: str) -> Iterator[None]:
        """Several steps at once, under one title."""
        began = time.monotonic()
        with self._console.status(title) as self._status:
            yield
        self._status = None
        self._console.print(f"[green]✓[/] {title} [dim]{time.monotonic() - began:.1f} s[/]")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step of a phase."""
        began = time.monotonic()
        self._change(name, began)
        try:
            yield
        except BaseException:
            self._change(name, None)
            raise
        self._change(name, None)
        self._console.print(f"  [green]✓[/] {name} [dim]{time.monotonic() - began:.1f} s[/]")

    def note(self, text: str) -> None:
        """Something worth knowing."""
        self._console.print(f"[yellow]![/] {text}", soft_wrap=True)

    def _change(self, name: str, began: float | None) -> None:
        with self._guard:
            if began is None:
                self._under_way.pop(name, None)
            else:
                self._under_way[name] = began
            if self._status:
                self._status.update("waiting for " + ", ".join(self._under_way))
