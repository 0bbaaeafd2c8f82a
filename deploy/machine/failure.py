"""The one error of the set-up, and what it says while it works."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


class SetupError(Exception):
    """The set-up cannot go on; the text says what a person can do."""


def say(text: str) -> None:
    """Tell what is being done, since some of it takes a minute."""
    sys.stderr.write(f"setup: {text}\n")
    sys.stderr.flush()


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    """Run a command whose output matters only if it fails."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd="/",  # Python would take modules from a folder that it is started in
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetupError(f"{words[0]} cannot be run: {error}") from error
    if done.returncode:
        raise SetupError(f"This failed with exit code {done.returncode}: {' '.join(words)}\n{done.stdout[-4000:]}")
