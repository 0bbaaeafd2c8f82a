"""A second delivery has no effect: the event's id is kept in the transaction of its effect."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kit.db import Tx


def take_new(tx: Tx, event_ids: Sequence[UUID]) -> set[UUID]:
    """Records the events; those whose effect is not here yet."""
    rows = tx.all(
        "INSERT INTO inbox (event_id) SELECT DISTINCT unnest(%s::uuid[]) ORDER BY 1"
        " ON CONFLICT DO NOTHING RETURNING event_id",
        [list(event_ids)],
    )
    return {row["event_id"] for row in rows}


def begin_again(tx: Tx, event_id: UUID) -> int:
    """Counts one more start of a redelivered event; how many there were."""
    return int(
        tx.value(
            "INSERT INTO inbox_attempt (event_id, attempts) VALUES (%s, 1) ON CONFLICT (event_id)"
            " DO UPDATE SET attempts = inbox_attempt.attempts + 1, last_at = clock_timestamp() RETURNING attempts",
            [event_id],
        )
    )
