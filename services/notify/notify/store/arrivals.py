"""What channels' servers sent: as it came, and what is in it, in the order of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring

KEPT_DAYS = 7
"""Days that a request is kept when all that is in it was done."""
KEPT_HELD_DAYS = 90
"""Days that one is kept whose sender never said which office he means."""
KEPT_UNDONE_DAYS = 365
"""Days that one is kept of which something was set aside, for somebody to see to it."""


@dataclass(frozen=True)
class Found:
    """One thing in a request: whose it is ('*' where that is not known), what it waits behind, and by which mark its
    sender is found. `reason` is why it is set aside at once."""

    kelurahan: str
    line: str
    sender_mark: bytes | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Arrival:
    """One thing that came: where it stands in which request."""

    number: int
    webhook_id: UUID
    position: int
    channel: str
    received_at: datetime
    body: str


def keep(tx: Tx, keys: Keyring, channel: str, kelurahan: str, body: str, found: Sequence[Found]) -> None:
    """A request as it came, and what is in it."""
    webhook_id = new_id()
    tx.later(
        "INSERT INTO webhook (id, kelurahan, channel, sealed) VALUES (%s, %s, %s, %s)",
        [webhook_id, kelurahan, channel, keys.seal(body, context(webhook_id))],
    )
    for position, one in enumerate(found):
        tx.later(
            "INSERT INTO arrival (kelurahan, webhook_id, position, line, sender_mark, state, reason)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                one.kelurahan, webhook_id, position, one.line, one.sender_mark, "failed" if one.reason else "waits",
                one.reason,
            ],
        )  # fmt: skip


def context(webhook_id: UUID) -> str:
    """What a request is bound to."""
    return f"webhook:{webhook_id}"


_SELECT = (
    "SELECT a.number, a.webhook_id, a.position, w.channel, w.received_at, w.sealed FROM arrival a"
    " JOIN webhook w ON w.id = a.webhook_id"
)


def next_of(tx: Tx, keys: Keyring, line: str) -> Arrival | None:
    """What of a line comes next, locked."""
    row = tx.one(f"{_SELECT} WHERE a.line = %s AND a.state = 'waits' ORDER BY a.number LIMIT 1 FOR UPDATE OF a", [line])
    return None if row is None else _arrival(keys, row)


def waits(tx: Tx, line: str) -> bool:
    """Whether there is more in a line."""
    return bool(tx.value("SELECT true FROM arrival WHERE line = %s AND state = 'waits' LIMIT 1", [line]))


def done(tx: Tx, number: int) -> None:
    tx.later("UPDATE arrival SET state = 'done' WHERE number = %s", [number])


def hold(tx: Tx, number: int) -> None:
    """It waits until its sender has said which office he means."""
    tx.later("UPDATE arrival SET state = 'held' WHERE number = %s", [number])


def release(tx: Tx, line: str) -> int:
    """What was held goes on; how much."""
    return tx.execute("UPDATE arrival SET state = 'waits' WHERE line = %s AND state = 'held'", [line])


def fail_next(tx: Tx, line: str, reason: str) -> None:
    """What comes next in a line is set aside, so that what is behind it goes on."""
    tx.execute(
        "UPDATE arrival SET state = 'failed', reason = %s WHERE number = (SELECT number FROM arrival"
        " WHERE line = %s AND state = 'waits' ORDER BY number LIMIT 1)",
        [reason, line],
    )


def failed(tx: Tx, keys: Keyring, after: int, limit: int) -> list[Arrival]:
    """What was set aside, oldest first, locked."""
    rows = tx.all(
        f"{_SELECT} WHERE a.state = 'failed' AND a.number > %s ORDER BY a.number LIMIT %s FOR UPDATE OF a",
        [after, limit],
    )
    return [_arrival(keys, row) for row in rows]


def again(tx: Tx, number: int, kelurahan: str) -> str:
    """What was set aside is done after all, for this office; its line."""
    line: str = tx.value(
        "UPDATE arrival SET state = 'waits', reason = NULL, kelurahan = %s WHERE number = %s RETURNING line",
        [kelurahan, number],
    )
    return line


def prune(tx: Tx, limit: int) -> int:
    """Requests whose time is over; how many. Machine time."""
    return tx.execute(
        "DELETE FROM webhook WHERE id IN (SELECT w.id FROM webhook w"
        " WHERE w.received_at < clock_timestamp() - make_interval(days => %(kept)s)"
        " AND NOT EXISTS (SELECT FROM arrival a WHERE a.webhook_id = w.id AND a.state <> 'done'"
        " AND w.received_at >= clock_timestamp() - make_interval(days =>"
        " CASE a.state WHEN 'held' THEN %(held)s ELSE %(undone)s END))"
        " ORDER BY w.received_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
        {"kept": KEPT_DAYS, "held": KEPT_HELD_DAYS, "undone": KEPT_UNDONE_DAYS, "limit": limit},
    )


def undone(tx: Tx) -> list[Row]:
    """How much of each channel was set aside, or is held: channel, state, things."""
    return tx.all(
        "SELECT w.channel, a.state, count(*) AS things FROM arrival a JOIN webhook w ON w.id = a.webhook_id"
        " WHERE a.state IN ('failed', 'held') GROUP BY w.channel, a.state"
    )


def erase(tx: Tx, marks: Sequence[bytes], limit: int) -> int:
    """Requests in which somebody wrote; how many. What of his was set aside has no effect any more; a request in which
    something is still to have its effect, of his or of others, stays for as long as any."""
    his = {"marks": list(marks), "limit": limit}
    tx.execute("UPDATE arrival SET state = 'done' WHERE sender_mark = ANY(%(marks)s) AND state = 'failed'", his)
    return tx.execute(
        "DELETE FROM webhook WHERE id IN (SELECT w.id FROM webhook w WHERE EXISTS (SELECT FROM arrival a"
        " WHERE a.webhook_id = w.id AND a.sender_mark = ANY(%(marks)s)) AND NOT EXISTS (SELECT FROM arrival a"
        " WHERE a.webhook_id = w.id AND a.state <> 'done') LIMIT %(limit)s)",
        his,
    )


def _arrival(keys: Keyring, row: Row) -> Arrival:
    body = keys.open(row.pop("sealed"), context(row["webhook_id"]))
    return Arrival(**row, body=body)
