"""A system of the city's that follows the feed: what it knows and how far it has read are one transaction of its own.

    python -m tests.support.follower BASE_URL TOKEN_FILE DATABASE

It may be killed at any moment; begun again it goes on from where it stood, and a new one begins from nothing.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clients.python.examples.mirror import Mirror
from pengantar_client import Bearer, Client, Event, Patience
from tests.support.eventually import eventually

_SEEN = """
CREATE TABLE IF NOT EXISTS seen (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
    source TEXT NOT NULL, subject TEXT NOT NULL, sequence INTEGER NOT NULL);
"""
_QUICK = Patience(seconds=float("inf"), first_gap=0.3, longest_gap=0.3)


class Follower(Mirror):
    """The mirror of the client's examples, which also remembers what it was told; each thing once, or it fails."""

    def __init__(self, base_url: str, token: str, kept: Path) -> None:
        super().__init__(Client(base_url, Bearer(token), patience=_QUICK), kept, limit=7)
        self.db.executescript(_SEEN)

    def keep_events(self, events: Sequence[Event]) -> None:
        told = [(one.position, one.id, one.type, one.source, one.subject, one.sequence) for one in events]
        self.db.executemany("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?)", told)
        super().keep_events(events)

    def seen(self) -> list[tuple[int, str, str, int]]:
        """(position, source, subject, sequence) of all that came, in order."""
        return self.db.execute("SELECT position, source, subject, sequence FROM seen ORDER BY position").fetchall()


@contextmanager
def killed_at_random(base_url: str, token: str, folder: Path, *, longest: float = 4) -> Iterator[Path]:
    """A follower as a process of its own, killed again and again after `longest` seconds at the most; where it keeps
    what it knows."""
    kept, token_file, ended = folder / "follower.db", folder / "follower.token", threading.Event()
    token_file.write_text(token, "ascii")
    chance, lives = random.Random(20260814), list[int]()

    def keep_killing() -> None:
        while not ended.is_set():
            command = [sys.executable, "-m", "tests.support.follower", base_url, str(token_file), str(kept)]
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            ended.wait(chance.uniform(0.3, longest))
            process.send_signal(signal.SIGKILL)
            process.wait()
            lives.append(process.pid)

    thread = threading.Thread(target=keep_killing)
    thread.start()
    try:
        yield kept
        eventually(lambda: len(lives) > 3, within=60, what="it was killed some times")
    finally:
        ended.set()
        thread.join(30)


def main(base_url: str, token_file: str, kept: str) -> None:
    """Follows until it is killed; what cannot be reached is asked again."""
    Follower(base_url, Path(token_file).read_text("ascii"), Path(kept)).follow(wait=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
