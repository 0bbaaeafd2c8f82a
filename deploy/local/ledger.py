"""What a stack has running, on disk, so that a start that crashed leaves nothing behind.

A process id alone proves nothing, since ids are used again: the time of its start goes with it.
The window between a start and its note is covered by the mark in the process's environment.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

import psutil

from deploy.local.process import MARK, Running, is_alive, kill_all, send_all


class StackBusyError(Exception):
    """Somebody else has this stack running."""


class Lock:
    """Holds a stack for one starter; the system lets go of it when that process ends, however it ends."""

    def __init__(self, stack: Path) -> None:
        self._path = stack / "lock"
        self._file = -1

    def __enter__(self) -> Lock:
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._path.read_text("utf-8").strip() or "another process"
            os.close(self._file)
            raise StackBusyError(
                f"The stack '{self._path.parent.name}' is in use by {holder}. Stop it first."
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"process {os.getpid()} ({' '.join(sys.argv)[:200]})\n".encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)


class Ledger:
    """The running processes of a stack, kept in `running.json`."""

    def __init__(self, stack: Path) -> None:
        self._stack = stack
        self._file = stack / "running.json"
        self._entries = dict[str, dict[str, int]]()
        self._guard = threading.Lock()

    def add(self, running: Running) -> None:
        """Note a process that was just started."""
        try:
            entry = {"pid": running.pid, "born": _birth(running.pid), "signal": int(running.stop_signal)}
        except OSError:
            return  # it ended already; whoever waits for it will say so
        with self._guard:
            self._entries[running.name] = entry
            self._write()

    def remove(self, name: str) -> None:
        """Note that a process is gone."""
        with self._guard:
            self._entries.pop(name, None)
            self._write()

    def sweep(self, within: float = 10.0) -> list[str]:
        """End what an earlier start left running; return the names. Only the lock's holder may do this."""
        left = self._left_behind()
        trees = {process: process.children(recursive=True) for process, _ in left}
        every = {process for process, _ in left}.union(*trees.values())
        names = sorted({_name(process) for process in every})
        send_all(every, signal.SIGCONT)
        for process, number in left:
            send_all([process], number)
        deadline = time.monotonic() + within
        while any(map(is_alive, every)) and time.monotonic() < deadline:
            time.sleep(0.05)
        kill_all(list(every))
        self._file.unlink(missing_ok=True)
        return names

    def _left_behind(self) -> list[tuple[psutil.Process, signal.Signals]]:
        noted = self._noted()
        marked = {process: signal.SIGTERM for process in psutil.process_iter() if self._is_marked(process)}
        return list((marked | noted).items())

    def _noted(self) -> dict[psutil.Process, signal.Signals]:
        found = dict[psutil.Process, signal.Signals]()
        for entry in _read(self._file):
            try:
                if _birth(entry["pid"]) == entry["born"]:
                    found[psutil.Process(entry["pid"])] = signal.Signals(entry["signal"])
            except (OSError, psutil.NoSuchProcess, KeyError):
                continue
        return found

    def _is_marked(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(MARK) == str(self._stack) and is_alive(process)
        except (psutil.Error, OSError):
            return False  # gone, a kernel thread, or not ours to look at, hence not ours

    def _write(self) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(list(self._entries.values())), "ascii")
        draft.replace(self._file)


def _birth(pid: int) -> int:
    """When a process was started, in ticks since the machine's: unlike the time of day, it is never set anew."""
    return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19])


def _read(file: Path) -> list[dict[str, int]]:
    try:
        entries = json.loads(file.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return []
    return entries if isinstance(entries, list) else []


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return "a process"
