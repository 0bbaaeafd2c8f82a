"""Keeps a copy of all cases and letters in an SQLite file, for a dashboard or an archive: `python mirror.py cases.db`.

    PENGANTAR_URL  PENGANTAR_CLIENT_ID  PENGANTAR_CLIENT_SECRET
    of a machine with the scopes `cases.read`, `letters.read` and `events.read`

Begun with nothing, it fetches what was submitted and issued in the last year and then follows what happens. What it
knows and how far it has read are one transaction: it may be killed at any moment, and goes on from there when it is
started again. Where its place in the feed is gone, because it was away for longer than the feed is kept, it fetches
everything once more.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pengantar_client import Client, Event, MachineKey, Patience, PositionLost

SCHEMA = """
CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS state (
    source TEXT NOT NULL, subject TEXT NOT NULL, sequence INTEGER NOT NULL, told_by TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (source, subject));
"""
KEEP = """
INSERT INTO state VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, subject) DO UPDATE
    SET sequence = excluded.sequence, told_by = excluded.told_by, data = excluded.data
    WHERE excluded.sequence > state.sequence
"""
INTAKE, DOCUMENTS = "/intake", "/documents"
TOLD = {"issued": "letter.issued", "void": "letter.voided"}
PERIOD = timedelta(days=365)


class Mirror:
    """The newest that is known of each case and letter."""

    def __init__(self, client: Client, kept: Path, limit: int = 200) -> None:
        self._client, self._limit = client, limit
        self.db = sqlite3.connect(kept, timeout=20, isolation_level=None)
        self.db.executescript(SCHEMA)

    @property
    def position(self) -> int | None:
        """The last position of the feed that is in here; None before everything was fetched."""
        found = self.db.execute("SELECT position FROM place").fetchone()
        return found[0] if found else None

    def fetch_everything(self) -> None:
        """First the end of the feed is noted, then the rest is fetched: what happens meanwhile is heard again."""
        newest = self._client.feed.positions().newest
        today = date.fromisoformat(self._client.api.get("/v1/clock")["now"][:10]) + timedelta(days=1)
        with self._transaction():
            self.db.execute("DELETE FROM state")
            for row in self._client.bulk.cases(today - PERIOD, today):
                # The row has no sequence: anything that is heard of the case from here on is at least as new.
                self._keep(INTAKE, row["application_id"], 0, f"application.{row['status']}", dict(row))
            for letter in self._client.bulk.letters(today - PERIOD, today):
                if letter["letter_id"] and letter["issued_at"]:
                    self._keep(DOCUMENTS, letter["letter_id"], 0, TOLD[letter["status"]], dict(letter))
            self.db.execute("INSERT OR REPLACE INTO place VALUES (1, ?)", [newest])

    def follow(self, wait: int = 20) -> None:
        """Reads on, for ever. Raises PositionLost."""
        for batch in self._client.feed.follow(self.position or 0, limit=self._limit, wait=wait):
            self._take(batch.events, batch.position)

    def step(self, wait: int = 0) -> int:
        """Reads on once: how many events came. Raises PositionLost."""
        batch = self._client.feed.read(self.position or 0, limit=self._limit, wait=wait)
        self._take(batch.events, batch.position)
        return len(batch.events)

    def state(self, of: str) -> dict[str, dict[str, Any]]:
        """What it knows of subjects of a kind (`application`, `letter`): {subject: data, and the type that said so}."""
        rows = self.db.execute("SELECT subject, told_by, data FROM state WHERE told_by LIKE ?", [f"{of}.%"])
        return {subject: json.loads(data) | {"told_by": told_by} for subject, told_by, data in rows}

    def keep_events(self, events: Sequence[Event]) -> None:
        """Of each subject the newest; within the transaction that keeps the position, too."""
        for event in events:
            self._keep(event.source, event.subject, event.sequence or 0, event.type, dict(event.data))

    def _take(self, events: Sequence[Event], position: int) -> None:
        with self._transaction():
            self.keep_events(events)
            self.db.execute("INSERT OR REPLACE INTO place VALUES (1, ?)", [position])

    def _keep(self, source: str, subject: str, sequence: int, told_by: str, data: dict[str, object]) -> None:
        self.db.execute(KEEP, [source, subject, sequence, told_by, json.dumps(data)])

    def _transaction(self) -> sqlite3.Connection:
        self.db.execute("BEGIN IMMEDIATE")
        return self.db  # as a context it commits, or takes everything back


def main(kept: Path) -> None:
    """Mirrors until it is ended. While the system is away it waits."""
    key = MachineKey(os.environ["PENGANTAR_CLIENT_ID"], os.environ["PENGANTAR_CLIENT_SECRET"])
    client = Client(os.environ["PENGANTAR_URL"], key, patience=Patience(seconds=float("inf")))
    mirror = Mirror(client, kept)
    while True:
        if mirror.position is None:
            mirror.fetch_everything()
        try:
            mirror.follow()
        except PositionLost:
            mirror.fetch_everything()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
