"""The demo, played inside a test, with something done to the stack on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import cast, papers, report
from deploy.demo.client import Person
from deploy.demo.play import Demo
from deploy.local.stack import Stack

START = {"CLOCK_START": "2026-08-14T07:00:00+07:00", "SAMPLE_DATA": "true"}


@contextmanager
def whole_stack(name: str) -> Iterator[Stack]:
    """A fresh stack with all services, its clock at the demo's Friday."""
    with Stack(name, environment=START, quiet=True) as stack:
        yield stack


def photographs() -> dict[str, Path]:
    return papers.make_all(cast.photographs(), Path(".local") / "papers")


def play(stack: Stack, out: Path, monkeypatch: pytest.MonkeyPatch,
         at_call: dict[int, Callable[[], None]] | None = None) -> list[dict[str, Any]]:  # fmt: skip
    """Plays all cases. `at_call` names the HTTP calls (counted from 1) at which something happens beside them."""
    monkeypatch.setattr(report, "OUT", out)
    acts = [threading.Thread(target=act) for act in (at_call or {}).values()]
    waiting = dict(zip((at_call or {}).keys(), acts, strict=True))
    calls = 0
    real = Person._call

    def counted(self: Person, method: str, path: str, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls in waiting:
            waiting[calls].start()
        return real(self, method, path, **more)

    monkeypatch.setattr(Person, "_call", counted)
    key = stack.token_key_file.read_text("ascii")
    demo = Demo(stack.base_url, key, photographs(), cast.STORIES, say=lambda _line: None)
    demo.play()
    for act in acts:
        if act.ident is not None:
            act.join(timeout=200)
    return report.collect(demo)
