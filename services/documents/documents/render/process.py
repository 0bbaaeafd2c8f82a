"""One child process, seen from the pool."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from documents.render import wire

_PACKAGES = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0


class ChildDied(Exception):
    """The child ended before it answered."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: seconds for one document, bytes of address space."""

    timeout: float
    memory: int


class Child:
    """A running child; owned by one thread at a time."""

    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket, limits: Limits) -> None:
        self._process = process
        self._channel = channel
        self._limits = limits
        self._ready = False

    @classmethod
    def start(cls, layouts: Path, fonts: Path, limits: Limits) -> Self:
        """Start a child; it gets ready while the caller goes on."""
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = (theirs.fileno(), layouts, fonts, limits.memory, limits.timeout + 2)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "documents.render.child", *map(str, arguments)],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
            )
        return cls(process, ours, limits)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Wait until the child has loaded typst and the fonts; ChildDied if it never does."""
        if not self._ready:
            self._receive(time.monotonic() + _START_SECONDS)
            self._ready = True

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Send a request and wait for its frame; TimeoutError or ChildDied leave a child that must be killed."""
        self.wait_ready()
        deadline = time.monotonic() + self._limits.timeout
        self._channel.settimeout(self._limits.timeout)
        try:
            wire.send(self._channel, wire.RENDER, request)
        except ConnectionError as error:
            raise ChildDied from error
        return self._receive(deadline)

    def stop(self, seconds: float) -> None:
        """Close the channel, which ends the child; kill it if it does not end in time."""
        self._channel.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the child now."""
        self._process.kill()
        self._process.wait()
        self._channel.close()

    def _receive(self, deadline: float) -> tuple[bytes, bytes]:
        self._channel.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            return wire.receive(self._channel)
        except (EOFError, ConnectionError) as error:
            raise ChildDied from error


def _environment() -> dict[str, str]:
    """Nothing of the service's own environment, which holds secrets."""
    path = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH", ""))))
    return {"PYTHONPATH": path, "PATH": os.defpath, "LC_ALL": "C.UTF-8", "RAYON_NUM_THREADS": "1"}
