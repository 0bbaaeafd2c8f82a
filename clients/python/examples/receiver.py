"""Takes webhooks: `PENGANTAR_WEBHOOK_SECRET=whsec_… python receiver.py 9900 events.db`.

Checks who sent it, keeps it, answers 204 at once, and works afterwards (here: nothing but a line). An event that comes
twice is kept once, and of a case an older state never takes the place of a newer one.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from pengantar_client import Event, WebhookRefused, Webhooks

SCHEMA = """
CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, type TEXT NOT NULL, source TEXT NOT NULL, subject TEXT NOT NULL,
    sequence INTEGER, data TEXT NOT NULL);
CREATE VIEW IF NOT EXISTS newest AS
    SELECT source, subject, max(sequence) AS sequence, type, data FROM event GROUP BY source, subject;
"""
LARGEST = 1_000_000


def take(db: sqlite3.Connection, event: Event) -> bool:
    """Keeps it; whether it is new."""
    row = [event.id, event.type, event.source, event.subject, event.sequence, json.dumps(dict(event.data))]
    with db:
        return bool(db.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?)", row).rowcount)


def serve(port: int, kept: Path, webhooks: Webhooks) -> None:
    """Until it is ended."""
    db = sqlite3.connect(kept)
    db.executescript(SCHEMA)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST))
            try:
                event = webhooks.event(body, dict(self.headers.items()))
            except WebhookRefused as error:
                self.log_message("refused: %s", error)
                self._answer(401)
                return
            new = event.is_test or take(db, event)
            self._answer(204)
            self.log_message("%s %s%s", event.type, event.subject, "" if new else " (again)")

        def _answer(self, status: int) -> None:
            self.send_response_only(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    HTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), Webhooks(os.environ["PENGANTAR_WEBHOOK_SECRET"]))
