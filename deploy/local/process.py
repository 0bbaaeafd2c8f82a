"""One running program: its start, its whole process tree, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.places import Account, is_root

MARK = "PENGANTAR_STACK"  # in the environment of all that a stack starts, so that none is ever lost


class PartError(Exception):
    """A part did not start or did not become ready; the text ends with its last words."""


@dataclass
class Running:
    """A program that was started, in a session and process group of its own."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0

    @property
    def pid(self) -> int:
        """The process id of its first process."""
        return self.popen.pid

    def alive(self) -> bool:
        """Whether its first process still runs."""
        return self.popen.poll() is None

    def tree(self) -> list[psutil.Process]:
        """Every process that descends from it, itself first."""
        try:
            first = psutil.Process(self.pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def send(self, number: signal.Signals) -> None:
        """Send a signal to each process of the tree."""
        send_all(self.tree(), number)

    def freeze(self, within: float = 5.0) -> None:
        """Stop every process of the tree where it is, children that were born meanwhile included."""
        deadline = time.monotonic() + within
        while moving := [each for each in self.tree() if is_alive(each) and not is_frozen(each)]:
            if time.monotonic() > deadline:
                raise PartError(f"{self.name} could not be frozen within {within:.0f} s")
            send_all(moving, signal.SIGSTOP)
            time.sleep(0.01)

    def kill(self) -> None:
        """End the whole tree at once, as a power cut would."""
        kill_all(self.tree())
        self.popen.wait()

    def stop(self) -> None:
        """Ask it to end, wait, and end by force what is still there after its time."""
        tree = self.tree()
        send_all(tree, signal.SIGCONT)  # a frozen process could not obey
        if self.alive():
            self.popen.send_signal(self.stop_signal)
        try:
            self.popen.wait(self.stop_within)
        except subprocess.TimeoutExpired:
            tree = self.tree()
        kill_all(tree)
        self.popen.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        return tail(self.log, lines)


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    account: Account,
    environment: Mapping[str, str],
    folder: Path,
    log: Path,
    stack: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    stop_within: float = 10.0,
    steps_back: bool = False,
) -> Running:
    """Start a program in the background; what it prints is appended to `log`. One that `steps_back` gets what the
    others leave of the processors."""
    with open(log, "ab") as output:
        popen = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**environment, MARK: str(stack)},
            start_new_session=True,  # so that Ctrl-C reaches us alone and we decide the order
            user=account.uid if is_root() else None,
            group=account.gid if is_root() else None,
            extra_groups=[] if is_root() else None,
            umask=0o077,
        )
    if steps_back:
        _step_back(popen.pid)
    return Running(name, popen, log, stop_signal, stop_within)


def _step_back(pid: int) -> None:
    """Where Linux shares the processors among sessions, niceness counts within a session only, and each program here
    has one of its own. The kernel takes no two such wishes of one user within 0.1 s."""
    wish = Path(f"/proc/{pid}/autogroup")
    for _ in range(10):
        try:
            wish.write_text("10", "ascii")
            return
        except FileNotFoundError:  # another kernel, or it has ended already
            return
        except OSError:
            time.sleep(0.05)


def run(
    command: Sequence[str | Path],
    *,
    account: Account,
    environment: Mapping[str, str],
    folder: Path,
    log: Path,
    stack: Path,
    within: float = 120.0,
) -> None:
    """Run a program to its end; raise PartError with its last words if it fails."""
    name = Path(str(command[0])).name
    running = start(name, command, account=account, environment=environment, folder=folder, log=log, stack=stack)
    try:
        code = running.popen.wait(within)
    except subprocess.TimeoutExpired:
        raise PartError(f"{name} did not end within {within:.0f} s:\n{running.last_words()}") from None
    finally:
        running.kill()
    if code:
        raise PartError(f"{name} failed with exit code {code}:\n{running.last_words()}")


def wait_ready(running: Running, ready: Callable[[], bool], within: float) -> None:
    """Wait until the program answers as it should; fail at once if it ends before that."""
    deadline = time.monotonic() + within
    while not ready():
        if not running.alive():
            raise PartError(f"{running.name} ended while starting:\n{running.last_words()}")
        if time.monotonic() > deadline:
            raise PartError(f"{running.name} is not ready after {within:.0f} s:\n{running.last_words()}")
        time.sleep(0.05)


def send_all(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def kill_all(processes: Sequence[psutil.Process], within: float = 10.0) -> None:
    """End all of them by force, and wait until they are gone."""
    send_all(processes, signal.SIGKILL)
    # Zombies of ours count as gone: their own Popen collects them.
    deadline = time.monotonic() + within
    while any(map(is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still does anything."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_frozen(process: psutil.Process) -> bool:
    """Whether a process was stopped where it is."""
    try:
        return bool(process.status() == psutil.STATUS_STOPPED)
    except psutil.NoSuchProcess:
        return False


def tail(log: Path, lines: int) -> str:
    """The last lines of a log."""
    try:
        with open(log, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 16384))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return f"(no log at {log})"
    return "\n".join([f"({log})", *text.splitlines()[-lines:]])
