"""A system of the city's that follows the feed: what it knows and how far it has read are one transaction of its own.

    python -m tests.support.follower BASE_URL TOKEN_FILE DATABASE

It may be killed at any moment; begun again it goes on from where it stood, and a new one begins from nothing.
"""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

_SCHEMA = """
CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
INSERT OR IGNORE INTO place VALUES (1, 0);
CREATE TABLE IF NOT EXISTS state (
    source TEXT NOT NULL, subject TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (source, subject));
CREATE TABLE IF NOT EXISTS seen (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
    source TEXT NOT NULL, subject TEXT NOT NULL, sequence INTEGER NOT NULL);
"""
_KEEP = """
INSERT INTO state VALUES (:source, :subject, :sequence, :type, :data) ON CONFLICT (source, subject) DO UPDATE
    SET sequence = excluded.sequence, type = excluded.type, data = excluded.data
    WHERE excluded.sequence > state.sequence
"""


class Follower:
    """Knows what it kept; reads on by `step`."""

    def __init__(self, base_url: str, token: str, kept: Path) -> None:
        self._url, self._headers = f"{base_url}/v1/events", {"Authorization": f"Bearer {token}"}
        self._db = sqlite3.connect(kept, timeout=20, isolation_level=None)
        self._db.executescript(_SCHEMA)

    def step(self, wait: int = 2) -> int:
        """Reads on once; how many events came. Raises requests.RequestException."""
        query: dict[str, str | int] = {"after": self.position, "limit": 7, "wait": wait}
        answer = requests.get(self._url, query, headers=self._headers, timeout=wait + 20)
        answer.raise_for_status()
        events = answer.json()
        self._db.execute("BEGIN IMMEDIATE")
        for event in events:
            told = event | {"data": json.dumps(event["data"])}
            self._db.execute("INSERT INTO seen VALUES (:position, :id, :type, :source, :subject, :sequence)", told)
            self._db.execute(_KEEP, told)
        self._db.execute("UPDATE place SET position = ?", [int(answer.headers["Next-Position"])])
        self._db.execute("COMMIT")
        return len(events)

    @property
    def position(self) -> int:
        """The last position that it has read."""
        return int(self._db.execute("SELECT position FROM place").fetchone()[0])

    def state(self, of: str) -> dict[str, dict[str, Any]]:
        """What it knows of subjects of a kind (`application`, `letter`): {subject: data, and the type that said so}."""
        rows = self._db.execute("SELECT subject, type, data FROM state WHERE type LIKE ?", [f"{of}.%"])
        return {subject: json.loads(data) | {"told_by": kind} for subject, kind, data in rows}

    def seen(self) -> list[tuple[int, str, str, int]]:
        """(position, source, subject, sequence) of all that came, in order."""
        return self._db.execute("SELECT position, source, subject, sequence FROM seen ORDER BY position").fetchall()


@contextmanager
def killed_at_random(base_url: str, token: str, folder: Path, seed: int = 20260814) -> Iterator[Path]:
    """A follower as a process of its own, killed again and again; where it keeps what it knows."""
    kept, token_file, ended = folder / "follower.db", folder / "follower.token", threading.Event()
    token_file.write_text(token, "ascii")
    chance, lives = random.Random(seed), list[int]()

    def keep_killing() -> None:
        while not ended.is_set():
            command = [sys.executable, "-m", "tests.support.follower", base_url, str(token_file), str(kept)]
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            ended.wait(chance.uniform(0.3, 4))
            process.send_signal(signal.SIGKILL)
            process.wait()
            lives.append(process.pid)

    thread = threading.Thread(target=keep_killing)
    thread.start()
    try:
        yield kept
    finally:
        ended.set()
        thread.join(30)
    assert len(lives) > 3, "it was hardly ever killed"


def main(base_url: str, token_file: str, kept: str) -> None:
    """Follows until it is killed; what cannot be reached is asked again."""
    follower = Follower(base_url, Path(token_file).read_text("ascii"), Path(kept))
    while True:
        try:
            follower.step()
        except requests.RequestException:
            time.sleep(0.3)


if __name__ == "__main__":
    main(*sys.argv[1:])
