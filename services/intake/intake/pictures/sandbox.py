"""Decoders of strangers' files run in a child process with limits, which knows no secret and dies alone.

    this process ──control socket──▶ template (`child`, decoders loaded, single thread)
         │                               │ forks one child for each task: limits, work, answer, exit
         └────────── answer socket ──────┘ (files are handed over as descriptors)

The template is a fresh Python without our environment, started at the first task: none of our threads,
connections and secrets are in it. A fork of it costs milliseconds, where a new Python would cost a tenth of a
second. Every file is decoded in a process of its own, so that nothing of one can reach the next.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from shutil import copyfileobj
from typing import BinaryIO

from kit.problems import Unavailable, Words

Answer = dict[str, object]
_MOST_OF_AN_ANSWER = 8192
_STARTED = b"+"
# Isolated from the environment, but with our own way to the packages.
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from intake.pictures.child import main; main()"


class SandboxDied(Exception):
    """The child died at the file: over a limit, or by a fault of the decoder."""


class SandboxLost(Unavailable):
    """The template does not start or answer; that says nothing about the file."""

    slug = "file-check-unavailable"
    title = Words("Pemeriksaan berkas sedang terganggu", "Files cannot be checked at this moment")


@dataclass(frozen=True)
class Allowance:
    """What one task may use. `memory` is address space over what the template has, in bytes."""

    memory: int = 1_024 * 1024 * 1024
    seconds: int = 20  # of processor time
    patience: int = 60  # seconds of the clock: on a busy machine a good photo waits for its turn
    output: int = 64_000_000
    nice: int = 0


class Sandbox:
    """Runs tasks of `child`. Threads may share it; nothing starts before the first task."""

    def __init__(self, allowance: Allowance = Allowance()) -> None:
        self._allowance = allowance
        self._lock = threading.Lock()
        self._template: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def run(self, task: str, source: BinaryIO, target: BinaryIO | None = None, **options: object) -> Answer:
        """Run one task over the whole of `source`; what it makes goes into `target`, from its beginning."""
        message = json.dumps({"task": task, "options": options, **asdict(self._allowance)}).encode()
        with _readable(source) as read_fd:
            write_fd = target.fileno() if target is not None else read_fd
            try:
                answer = self._ask(message, read_fd, write_fd)
            except (SandboxDied, SandboxLost):
                # Somebody may have killed either from outside; a file at fault will do it again.
                answer = self._ask(message, read_fd, write_fd)
        if "lost" in answer:
            raise SandboxLost(f"sandbox could not write: {answer['lost']}")
        return answer

    @property
    def template_pid(self) -> int | None:
        """The template's process, once there is one."""
        return self._template.pid if self._template is not None else None

    def close(self) -> None:
        """Stop the template. The next task starts another."""
        with self._lock:
            self._stop()

    def _ask(self, message: bytes, read_fd: int, write_fd: int) -> Answer:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            with theirs:
                self._send(message, [read_fd, write_fd, theirs.fileno()])
            ours.settimeout(self._allowance.patience + 5)  # the child's own alarm comes first
            try:
                started, answer = ours.recv(1), ours.recv(_MOST_OF_AN_ANSWER)
            except (TimeoutError, ConnectionError) as error:
                self.close()
                raise SandboxLost("sandbox silent") from error
        if started != _STARTED:
            self.close()
            raise SandboxLost("sandbox did not start")
        if not answer:
            raise SandboxDied
        found: Answer = json.loads(answer)
        return found

    def _send(self, message: bytes, descriptors: list[int]) -> None:
        with self._lock:
            for attempt in (1, 2):
                try:
                    socket.send_fds(self._connected(), [message], descriptors)
                    return
                except ConnectionError as error:  # the template was killed
                    self._stop()
                    if attempt == 2:
                        raise SandboxLost("sandbox does not start") from error

    def _connected(self) -> socket.socket:
        if self._control is None or self._owner != os.getpid():
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._owner = os.getpid()
            with theirs:
                self._template = subprocess.Popen[bytes](
                    [sys.executable, "-I", "-c", _PROGRAM, *filter(None, sys.path)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
                )
        return self._control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._template is not None and self._owner == os.getpid():
            self._template.kill()
            self._template.wait()
        self._control = self._template = None


@cache
def the_sandbox() -> Sandbox:
    """The sandbox of this process."""
    return Sandbox()


@contextmanager
def _readable(source: BinaryIO) -> Iterator[int]:
    """A descriptor of our own for `source` that can only be read, with a position of its own."""
    with _on_disk(source) as file:
        fd = os.open(f"/proc/self/fd/{file.fileno()}", os.O_RDONLY)
        try:
            yield fd
        finally:
            os.close(fd)


@contextmanager
def _on_disk(source: BinaryIO) -> Iterator[BinaryIO]:
    try:
        source.fileno()
    except OSError:  # a BytesIO has none
        with tempfile.TemporaryFile() as file:
            source.seek(0)
            copyfileobj(source, file)
            file.flush()
            yield file
    else:
        source.flush()
        yield source
