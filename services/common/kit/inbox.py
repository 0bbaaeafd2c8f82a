"""A second delivery has no effect: the event's id is kept in the transaction of its effect."""

from __future__ import annotations

from uuid import UUID

from kit.db import Tx


def first_time(tx: Tx, event_id: UUID, tenant: str) -> bool:
    """Records the event and makes rows of `tenant` visible; False when its effect is already here."""
    tx.tenant = tenant
    seen = tx.value(
        "SELECT set_config('app.tenant', %s, true);"
        "INSERT INTO inbox (event_id) VALUES (%s) ON CONFLICT DO NOTHING RETURNING 1",
        [tenant, event_id],
    )
    return seen is not None


def begin_again(tx: Tx, event_id: UUID) -> int:
    """Counts one more start of a redelivered event; how many there were."""
    return int(
        tx.value(
            "INSERT INTO inbox_attempt (event_id, attempts) VALUES (%s, 1) ON CONFLICT (event_id)"
            " DO UPDATE SET attempts = inbox_attempt.attempts + 1, last_at = clock_timestamp() RETURNING attempts",
            [event_id],
        )
    )
