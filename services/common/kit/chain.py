"""One hash chain per office over the audit: rows are sealed after their commit, and a broken link is found again.

    link n:  hash(n) = SHA-256( hash(n-1) ‖ canonical row with its position n ),   hash(0) = 32 zero bytes

Positions have no gap. The order is that of the sealing, not of the ids: a row whose transaction commits late is sealed
late. The head's row lock lets one worker at a time seal an office's rows, so that a chain never forks. The database
itself moves the head with the rows, and takes no others than those that come right behind it (`kit/migrations/0005`).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from kit.db import EVERY_TENANT, Database, Row, Tx
from kit.metrics import AUDIT_SEALED
from kit.problems import Unavailable

EVERY = 1.0
BATCH = 1000
FIRST = bytes(32)
MOST_COUNTED = 10_000

COLUMNS = (
    "id", "tenant", "at", "caller", "roles", "session", "token", "action", "kind", "object", "about", "purpose",
    "request", "details",
)  # fmt: skip
_READ = ", ".join(COLUMNS)

# Looks first: ON CONFLICT alone would wait for whoever has the row.
_BEGIN = """
INSERT INTO audit_head (tenant, position, hash) SELECT %(tenant)s, 0, %(first)s
WHERE NOT EXISTS (SELECT FROM audit_head WHERE tenant = %(tenant)s) ON CONFLICT DO NOTHING
"""

Told = Callable[[Tx, list[Row]], None]
"""What a service does with rows that were sealed, in the transaction that sealed them."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Tail:
    """What is not sealed yet: how many rows (at most MOST_COUNTED are counted), and the age of the oldest."""

    rows: int
    seconds: float


@dataclass(frozen=True)
class Verdict:
    """What a walk along a chain found. `broken` names the first link that does not hold."""

    tenant: str
    position: int
    head: str
    broken: str | None = None


def link(before: bytes, position: int, row: Row) -> bytes:
    """The hash of a row at its place."""
    return hashlib.sha256(before + canonical(position, row)).digest()


def canonical(position: int, row: Row) -> bytes:
    """The bytes that stand for a row: its values in the order of COLUMNS, the same whoever reads them."""
    values = [row[name] for name in COLUMNS]
    values[COLUMNS.index("at")] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps([position, *values], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def run(db: Database, stopped: threading.Event, told: Told | None = None) -> None:
    """Seals every second until stopped; what an outage left lying is sealed after it."""
    while not stopped.wait(EVERY):
        try:
            seal_all(db, told)
        except Unavailable as error:
            log.warning("the audit waits to be sealed", reason=error.reason)
        except Exception:  # one round that fails must not end the sealing; the age of the tail shows it
            log.exception("the audit was not sealed")


def seal_all(db: Database, told: Told | None = None) -> int:
    """Seals what is committed, in all offices; how many rows. Raises Unavailable."""
    with db.transaction(EVERY_TENANT) as tx:
        tenants = [row["tenant"] for row in tx.all("SELECT DISTINCT tenant FROM audit WHERE position IS NULL")]
    total = 0
    for tenant in tenants:
        sealed = BATCH
        while sealed == BATCH:
            with db.transaction(tenant) as tx:
                sealed = seal(tx, tenant, told)
            total += sealed
    AUDIT_SEALED.inc(total)
    return total


def seal(tx: Tx, tenant: str, told: Told | None = None) -> int:
    """Adds the next rows of an office to its chain; how many. 0 while another worker is at it."""
    tx.later(_BEGIN, {"tenant": tenant, "first": FIRST})
    head = tx.one("SELECT position, hash FROM audit_head WHERE tenant = %s FOR UPDATE SKIP LOCKED", [tenant])
    if head is None:
        return 0
    rows = tx.all(
        f"SELECT {_READ} FROM audit WHERE tenant = %s AND position IS NULL ORDER BY id LIMIT {BATCH}", [tenant]
    )
    if not rows:
        return 0
    links = list(_links(head["position"], bytes(head["hash"]), rows))
    tx.execute_many(
        "UPDATE audit SET position = new.position, hash = new.hash, sealed_at = clock_timestamp()"
        " FROM (VALUES %s) AS new (id, position, hash) WHERE audit.id = new.id",
        links,
    )
    if told is not None:
        told(tx, rows)
    return len(rows)


def _links(position: int, before: bytes, rows: Iterable[Row]) -> Iterator[tuple[int, int, bytes]]:
    for number, row in enumerate(rows, position + 1):
        before = link(before, number, row)
        yield row["id"], number, before


def tail(db: Database) -> Tail:
    """How far the sealing is behind. Raises Unavailable."""
    with db.transaction(EVERY_TENANT) as tx:
        row = tx.one(
            "SELECT count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0) AS seconds"
            f" FROM (SELECT at FROM audit WHERE position IS NULL LIMIT {MOST_COUNTED}) AS waiting"
        )
    return Tail(row["rows"], round(float(row["seconds"]), 1)) if row else Tail(0, 0.0)


def chains(db: Database) -> list[str]:
    """The offices that have a chain, or rows that should have one."""
    with db.transaction(EVERY_TENANT) as tx:
        return [
            row["tenant"]
            for row in tx.all("SELECT tenant FROM audit_head UNION SELECT tenant FROM audit ORDER BY tenant")
        ]


def verify(db: Database, tenant: str, kept: tuple[int, str] | None = None) -> Verdict:
    """Walks an office's chain from its first link. `kept`: position and hash of a head that was kept elsewhere, which
    must still be part of it. Raises Unavailable."""
    position, before, seen = 0, FIRST, kept is None
    with db.transaction(EVERY_TENANT) as tx:
        head = tx.one("SELECT position, hash FROM audit_head WHERE tenant = %s", [tenant])
    while rows := _sealed(db, tenant, position):
        for row in rows:
            if (broken := _broken(row, position, before)) is not None:
                return Verdict(tenant, position, before.hex(), broken)
            position, before = row["position"], bytes(row["hash"])
            if kept and kept[0] == position and kept[1] != before.hex():
                return Verdict(tenant, position, before.hex(), f"link {position} is not the one that was kept")
            seen = seen or (kept is not None and kept[0] == position)
    return Verdict(tenant, position, before.hex(), _end(head, position, before, kept if not seen else None))


def _end(head: Row | None, position: int, before: bytes, unseen: tuple[int, str] | None) -> str | None:
    """What is wrong with the end of a chain whose links hold. Rows may have been sealed since the head was read."""
    if (head is None and position) or (head is not None and head["position"] > position):
        return f"link {position + 1} is gone, and what came after it"
    if head is not None and head["position"] == position and bytes(head["hash"]) != before:
        return f"link {position} is not the one that the head names"
    return f"link {unseen[0]}, which was kept, is gone" if unseen else None


def _broken(row: Row, position: int, before: bytes) -> str | None:
    if row["position"] != position + 1:
        return f"link {position + 1} is gone; the next one there is {row['position']} (row {row['id']})"
    if link(before, row["position"], row) != bytes(row["hash"]):
        return f"link {row['position']} does not hold: row {row['id']} of {_when(row['at'])} is not what was sealed"
    return None


def _sealed(db: Database, tenant: str, after: int) -> list[Row]:
    with db.transaction(EVERY_TENANT) as tx:
        return tx.all(
            f"SELECT {_READ}, position, hash FROM audit WHERE tenant = %s AND position > %s"
            f" ORDER BY position LIMIT {BATCH}",
            [tenant, after],
        )


def _when(at: Any) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if isinstance(at, datetime) else str(at)
