"""The demo, played inside a test, with something done to the stack on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import cast, papers, report
from deploy.demo.client import Person
from deploy.demo.play import Demo
from deploy.local.stack import Stack

START = {"CLOCK_START": "2026-08-14T07:00:00+07:00", "SAMPLE_DATA": "true"}
# Requests of the demo that change something. Only these are counted: how often it asks whether something has
# happened depends on the machine's speed, and moments drawn from a seed have to be the same ones tomorrow.
DEEDS = 57
_PATIENCE = 300

Act = Callable[[], None]


@contextmanager
def whole_stack(name: str) -> Iterator[Stack]:
    """A fresh stack with all services, its clock at the demo's Friday."""
    with Stack(name, environment=START, quiet=True) as stack:
        yield stack


def photographs() -> dict[str, Path]:
    return papers.make_all(cast.photographs(), Path(".local") / "papers")


def play(
    stack: Stack, out: Path, monkeypatch: pytest.MonkeyPatch, acts: Mapping[int, Act] | None = None
) -> list[dict[str, Any]]:
    """Plays all cases. `acts` says what happens beside which of the demo's deeds (counted from 1)."""
    monkeypatch.setattr(report, "OUT", out)
    key = stack.token_key_file.read_text("ascii")
    demo = Demo(stack.base_url, key, photographs(), cast.STORIES, say=lambda _line: None)
    with _Trouble(acts or {}) as trouble:
        _count(monkeypatch, trouble)
        demo.play()
        trouble.end()
    return report.collect(demo)


class _Trouble:
    """Does each act in a thread beside the deed that it belongs to; the next deed with one waits for the last."""

    def __init__(self, acts: Mapping[int, Act]) -> None:
        self._acts = dict(acts)
        self._deeds = 0
        self._under_way: Future[None] | None = None
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> _Trouble:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def deed(self) -> None:
        """The demo is about to do something."""
        self._deeds += 1
        if act := self._acts.pop(self._deeds, None):
            self._wait()
            self._under_way = self._thread.submit(act)

    def end(self) -> None:
        """The demo is over: every act has to have happened, or the test has tried less than it says."""
        self._wait()
        assert not self._acts, f"no such deeds: {sorted(self._acts)} of {self._deeds}"
        assert self._deeds == DEEDS, f"the demo has {self._deeds} deeds now"

    def _wait(self) -> None:
        if self._under_way:
            self._under_way.result(_PATIENCE)


def _count(monkeypatch: pytest.MonkeyPatch, trouble: _Trouble) -> None:
    real = Person._call

    def counted(self: Person, method: str, path: str, **more: Any) -> Any:
        if method != "GET" and not path.endswith("/search"):
            trouble.deed()
        return real(self, method, path, **more)

    monkeypatch.setattr(Person, "_call", counted)
