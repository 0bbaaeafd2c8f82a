"""One child process, seen from the pool."""

import math
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
_END_SECONDS = 1.0


class ChildDied(Exception):
    """The child ended before it answered; `by` is the signal, if it was one."""

    def __init__(self, by: int = 0) -> None:
        super().__init__()
        self.by = by


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: seconds for one document, bytes of address space, bytes of an answer."""

    timeout: float
    memory: int
    answer: int = 2**28


class Child:
    """A running child; owned by one thread at a time."""

    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket, limits: Limits) -> None:
        self._process = process
        self._channel = channel
        self._limits = limits
        self._ready = False

    @classmethod
    def start(cls, module: str, arguments: tuple[object, ...], limits: Limits) -> Self:
        """Start a child; it gets ready while the caller goes on.

        It runs `module` with the channel's descriptor, the bytes of memory and the seconds of CPU time that it may use
        for a document, then `arguments`."""
        ours, theirs = socket.socketpair()
        with theirs:
            words = (theirs.fileno(), limits.memory, math.ceil(limits.timeout + 2), *arguments)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, *map(str, words)],
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
        """Wait until the child has loaded what it works with; ChildDied if it never does."""
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
            raise self._died() from error
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
        try:
            return wire.receive(self._channel, deadline, self._limits.answer)
        except (EOFError, ConnectionError) as error:
            raise self._died() from error

    def _died(self) -> ChildDied:
        """What it died of; a child whose channel is gone ends at once."""
        try:
            return ChildDied(max(0, -self._process.wait(_END_SECONDS)))
        except subprocess.TimeoutExpired:
            return ChildDied()


def _environment() -> dict[str, str]:
    """Nothing of the service's own environment, which holds secrets."""
    path = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH", ""))))
    return {"PYTHONPATH": path, "PATH": os.defpath, "LC_ALL": "C.UTF-8", "RAYON_NUM_THREADS": "1"}
