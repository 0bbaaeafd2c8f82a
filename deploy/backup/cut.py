"""One moment of four databases: snapshots that were compared, so that nobody has heard what nobody has said.

Each database has a session of its own that holds a snapshot while the dumps are made. They begin one after the other,
within milliseconds; should a service have applied an event in between that its producer's snapshot does not hold, all
begin anew. Then whatever a consumer knows its producer knows, and what it does not know yet lies in the outboxes.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

from deploy.backup.installation import Installation, StepFailed
from deploy.setup.secrets import SERVICES

TRIES = 50
_END = "--end--"
_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSELECT pg_export_snapshot();\n"


class Session:
    """A connection that lasts, through psql: in a container there is no other way to the server."""

    def __init__(self, installation: Installation, database: str) -> None:
        command = installation.postgres("psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database)
        self._psql = subprocess.Popen(
            command.words, env=dict(command.environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._psql.kill()
        self._psql.communicate()

    def ask(self, text: str) -> list[list[str]]:
        """The rows of what the SQL answers. Raises StepFailed."""
        self.tell(text)
        return self.hear()

    def tell(self, text: str) -> None:
        """Sends SQL and waits for nothing."""
        assert self._psql.stdin
        try:
            self._psql.stdin.write(f"{text}\n\\echo {_END}\n")
            self._psql.stdin.flush()
        except BrokenPipeError:
            self._failed()

    def hear(self) -> list[list[str]]:
        """The rows of what was told last."""
        assert self._psql.stdout
        rows = []
        while (line := self._psql.stdout.readline()) != f"{_END}\n":
            if not line:
                self._failed()
            rows.append(line.rstrip("\n").split("\t"))
        return rows

    def _failed(self) -> None:
        assert self._psql.stderr
        said = self._psql.stderr.read()
        raise StepFailed(f"psql ended: {said[-1000:].strip()}")


@dataclass(frozen=True)
class Cut:
    """The sessions that hold the snapshots, and these by service."""

    taken_at: datetime
    sessions: dict[str, Session]
    snapshots: dict[str, str]


@contextmanager
def of(installation: Installation) -> Iterator[Cut]:
    """The four snapshots, for as long as the block lasts. Raises StepFailed when none fit."""
    with ExitStack() as stack:
        sessions = {service: stack.enter_context(Session(installation, service)) for service in SERVICES}
        for attempt in range(TRIES):
            [[began]] = sessions[SERVICES[0]].ask("SELECT extract(epoch FROM clock_timestamp());")
            snapshots = _begin(sessions)
            if not unsaid(sessions, began):
                yield Cut(datetime.fromtimestamp(float(began), UTC), sessions, snapshots)
                return
            for session in sessions.values():
                session.ask("ROLLBACK;")
            time.sleep(0.05 * (attempt % 7))
    raise StepFailed(
        f"The services tell each other so much that no common moment was found in {TRIES} tries: try later."
    )


def _begin(sessions: dict[str, Session]) -> dict[str, str]:
    for session in sessions.values():
        session.tell(_BEGIN)
    return {service: session.hear()[-1][0] for service, session in sessions.items()}


def unsaid(sessions: dict[str, Session], began: str) -> list[str]:
    """Events that somebody heard since `began` and that no snapshot's outbox holds."""
    heard = f"SELECT event_id FROM inbox WHERE received_at >= to_timestamp({began});"
    ids = {row[0] for session in sessions.values() for row in session.ask(heard)}
    if not ids:
        return []
    listed = ", ".join(f"'{one}'" for one in sorted(ids))
    among = f"SELECT event_id FROM outbox WHERE event_id IN ({listed});"
    said = {row[0] for session in sessions.values() for row in session.ask(among)}
    return sorted(ids - said)


def rows_of(ask: Callable[[str], list[list[str]]]) -> dict[str, int]:
    """How many rows each table has, in the snapshot of the session."""
    tables = [row[0] for row in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1;")]
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM public.\"{table}\"" for table in tables)
    return {table: int(count) for table, count in ask(f"{counts};")}
