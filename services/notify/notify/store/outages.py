"""Numbers of ours that nothing goes out from; a row for each office that such a number speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.db import Row, Tx

_RECORD = """
INSERT INTO outage AS o (kelurahan, channel, sender, parked, reason, probe_at)
SELECT kelurahan, %(channel)s, %(sender)s, %(parked)s, %(reason)s,
    clock_timestamp() + make_interval(secs => %(probe)s)
FROM unnest(%(offices)s) AS kelurahan
ON CONFLICT (channel, sender, kelurahan) DO UPDATE SET parked = true, reason = excluded.reason,
    since = excluded.since, probe_at = excluded.probe_at WHERE excluded.parked AND NOT o.parked
RETURNING 1
"""


@dataclass(frozen=True)
class Outage:
    """Since when nothing goes out, why, and whether all of it is held back (`parked`). `lasts` by now."""

    channel: str
    parked: bool
    reason: str
    since: datetime
    lasts: timedelta


def record(
    tx: Tx, offices: Sequence[str], channel: str, sender: str, *, parked: bool, reason: str, probe: float
) -> bool:
    """Notes it for all offices of the number; False when it was known."""
    given = {"offices": list(offices), "channel": channel, "sender": sender, "parked": parked, "reason": reason[:200]}
    return bool(tx.all(_RECORD, given | {"probe": probe}))


def of(tx: Tx, kelurahan: str, channel: str, sender: str) -> Outage | None:
    """What is known of an office's number."""
    row = tx.one(
        "SELECT channel, parked, reason, since, clock_timestamp() - since AS lasts FROM outage"
        " WHERE channel = %s AND sender = %s AND kelurahan = %s",
        [channel, sender, kelurahan],
    )
    return None if row is None else Outage(**row)


def of_office(tx: Tx, kelurahan: str) -> list[Outage]:
    """All of an office, the longest first."""
    rows = tx.all(
        "SELECT channel, parked, reason, since, clock_timestamp() - since AS lasts FROM outage WHERE kelurahan = %s"
        " ORDER BY since",
        [kelurahan],
    )
    return [Outage(**row) for row in rows]


def probing(tx: Tx, kelurahan: str, channel: str, sender: str, every: float) -> bool:
    """Whether the one attempt that is let through now is the caller's."""
    return bool(
        tx.execute(
            "UPDATE outage SET probe_at = clock_timestamp() + make_interval(secs => %s) WHERE channel = %s"
            " AND sender = %s AND kelurahan = %s AND probe_at <= clock_timestamp()",
            [every, channel, sender, kelurahan],
        )
    )


def over(tx: Tx, channel: str, sender: str) -> list[str]:
    """It goes out again; the offices that had waited."""
    rows = tx.all("DELETE FROM outage WHERE channel = %s AND sender = %s RETURNING kelurahan", [channel, sender])
    return [row["kelurahan"] for row in rows]


def counted(tx: Tx) -> list[Row]:
    """How many numbers of each channel are out: channel, parked, numbers."""
    return tx.all("SELECT channel, parked, count(DISTINCT sender) AS numbers FROM outage GROUP BY channel, parked")
