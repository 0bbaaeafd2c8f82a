"""A real worker for what the tests send, and somebody who watches what it and its children use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from tests.support.services import InProcess
from tests.support.tokens import PUBLIC_JWKS


@dataclass
class Watched:
    """A worker's process, and how large it and the children that decode became, in bytes."""

    process: subprocess.Popen[bytes]
    children: dict[int, int] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def own(self) -> int:
        """The worker's own peak."""
        return _peak(self.process.pid)

    @property
    def largest_child(self) -> int:
        """Of those seen since `forget`: the worker's, and those of this process, which is the web of these tests."""
        return max(self.children.values(), default=0)

    def forget(self) -> None:
        self.children.clear()

    def watch(self) -> None:
        while not self._stopped.wait(0.01):
            for pid in filter(_decodes, _descendants({self.process.pid, os.getpid()})):
                self.children[pid] = max(self.children.get(pid, 0), _peak(pid))

    def stop(self) -> None:
        self._stopped.set()


def _decodes(pid: int) -> bool:
    """Whether it is one of the sandbox's: the tests' parts are children of this process too."""
    with suppress(OSError):
        return b"intake.pictures.child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _peak(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    return 0


def _descendants(roots: set[int]) -> set[int]:
    found, todo = set[int](), list(roots)
    while todo:
        pid = todo.pop()
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                children = {int(child) for child in (task / "children").read_text("ascii").split()}
                todo += children - found
                found |= children
    return found


@contextmanager
def working(parts: Stack, **environment: str) -> Iterator[Watched]:
    """`python -m intake jobs` on the tests' database, in a process of its own."""
    chosen = {**os.environ, **parts.env("intake"), "TOKEN_PUBLIC_KEYS": PUBLIC_JWKS, "SAMPLE_DATA": "true"}
    chosen |= {"WORKER_LISTEN": "127.0.0.1:0", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | environment
    chosen.pop("TOKEN_PUBLIC_KEYS_FILE", None)
    process = subprocess.Popen([sys.executable, "-m", "intake", "jobs"], env=chosen, stdout=subprocess.DEVNULL)
    watched = Watched(process)
    thread = threading.Thread(target=watched.watch, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        watched.stop()
        thread.join()
        process.send_signal(signal.SIGTERM)
        process.wait(40)


@pytest.fixture(scope="module")
def worker(parts: Stack, intake: InProcess) -> Iterator[Watched]:
    intake.clock.at = datetime.now(UTC)  # the worker's clock is the machine's; drafts of August would have expired
    with working(parts) as watched:
        yield watched
