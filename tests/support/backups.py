"""Backing up and restoring as an operator does: by the command, with a passphrase in a file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import places
from deploy.local.stack import Stack
from tests.support.playing import START


class Operator:
    """Somebody with a passphrase and a folder for backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "backups"
        self.phrase = folder / "passphrase"
        self.phrase.write_text("kunci cadangan yang panjang\n")
        self.phrase.chmod(0o600)

    def run(self, *arguments: str, phrase: bool = True) -> subprocess.CompletedProcess[str]:
        """`python -m deploy.backup …`, to its end."""
        environment = {key: value for key, value in os.environ.items() if key != "BACKUP_PASSPHRASE_FILE"}
        if phrase:
            environment["BACKUP_PASSPHRASE_FILE"] = str(self.phrase)
        command = [sys.executable, "-m", "deploy.backup", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)

    def take(self, stack: Stack) -> Path:
        """A backup of a running stack."""
        done = self.run("take", str(self.folder), "--stack", stack.name)
        assert done.returncode == 0, done.stderr
        return max(self.folder.iterdir())

    def restore(self, source: Path, stack: str, *more: str) -> subprocess.CompletedProcess[str]:
        """Into a stack that is stopped."""
        return self.run("restore", str(source), "--stack", stack, "--nothing-erased", *more)


@contextmanager
def restored(name: str) -> Iterator[Stack]:
    """A stack as a restore left it, started; nothing of it is left afterwards."""
    try:
        with Stack(name, environment=START, quiet=True, keep=True) as stack:
            yield stack
    finally:
        forget(name)


def forget(name: str) -> None:
    """Data and secrets of a stack that is stopped: what a lost machine takes with it."""
    folder = places.stack_folder(places.base_folder(), name)
    for part in ("data", "secrets"):
        places.empty(folder / part)
