"""The public feed in the database: arrivals without a position, and events with one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kit.bus.envelope import Received
from kit.db import EVERY_TENANT, Tx
from notify.domain.feed import PATIENCE, WINDOW, Arrival, Envelope, Row, Subject

BATCH = 500

_ARRIVE = """
INSERT INTO feed_arrival (id, kelurahan, source, type, subject, sequence, envelope) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (id) DO NOTHING
"""
# Whoever waits is looked at again when his time is over, or when something of his subject comes.
_WAITING = f"""
WITH next AS (
    (SELECT source, subject FROM feed_arrival WHERE waits_until IS NULL ORDER BY number LIMIT {BATCH})
    UNION
    (SELECT source, subject FROM feed_arrival WHERE waits_until <= clock_timestamp()
      ORDER BY waits_until LIMIT {BATCH}))
SELECT id, number, kelurahan, source, type, subject, sequence, envelope, arrived_at
FROM feed_arrival JOIN next USING (source, subject) ORDER BY number
"""
_AFTER = """
SELECT position, at, id, source, type, kelurahan, subject, sequence, envelope FROM feed_event
WHERE position > %(position)s AND position <= %(last)s AND type = ANY(%(types)s)
    AND (kelurahan = ANY(%(codes)s) OR kelurahan LIKE ANY(%(below)s))
ORDER BY position LIMIT %(most)s
"""


class Head(NamedTuple):
    """The last position that was given, and the first for which no partition is there."""

    position: int
    room: int


# --- reading ----------------------------------------------------------------------------------------------------------


def newest(tx: Tx) -> int:
    """The last position that was given, to whichever office's event; 0 before the first."""
    return _head(tx, "position")


def oldest(tx: Tx) -> int:
    """The first position that is still kept (or will be, where none was given yet)."""
    return _head(tx, "oldest")


def is_lost(tx: Tx, position: int) -> bool:
    """Whether a restore leapt over a position: whoever read up to it may have what is not there any more."""
    return bool(_of_all(tx, "SELECT EXISTS (SELECT FROM feed_leap WHERE after < %s AND %s < upto)", position, position))


def _head(tx: Tx, column: str) -> int:
    return int(_of_all(tx, f"SELECT {column} FROM feed_head"))


def _of_all(tx: Tx, asked: str, *values: int) -> Any:
    """From what is no single office's."""
    tenant = tx.tenant
    tx.use_tenant(EVERY_TENANT)
    found = tx.value(asked, values)
    tx.use_tenant(tenant)
    return found


def after(tx: Tx, position: int, *, most: int, types: Sequence[str], under: Sequence[str]) -> list[Row]:
    """Events behind a position, in order: of these types, of the kelurahan with these codes or below kecamatan and
    cities with these codes. It looks no further than `WINDOW` positions: `domain.feed.reached` says where to go on,
    given what `newest` said before."""
    rows = tx.all(
        _AFTER,
        {
            "position": position,
            "last": position + WINDOW,
            "types": list(types),
            "most": most,
            "codes": list(under),
            "below": [f"{code}.%" for code in under],
        },
    )
    return [Row(**row) for row in rows]


def before(tx: Tx, instant: datetime) -> int:
    """The position of the last event that came into the feed before an instant (machine time), by halving: they came
    in the order of positions, of which a restore leaves out many. The one before the oldest where none did."""
    low, high = oldest(tx) - 1, newest(tx)
    while low < high:
        middle = (low + high + 1) // 2
        found = tx.one("SELECT position, at FROM feed_event WHERE position >= %s ORDER BY position LIMIT 1", [middle])
        if found is not None and found["at"] < instant:
            low = int(found["position"])
        else:
            high = middle - 1
    return low


# --- what comes in ----------------------------------------------------------------------------------------------------


def arrive(tx: Tx, event: Received, told: Envelope | None) -> None:
    """Keeps what was heard, in the transaction that hears it. Runs now, behind what was given to `later`: what fails of
    that, fails here."""
    tx.execute(
        _ARRIVE,
        [
            event.id, event.tenant, event.source, event.type, event.subject, event.sequence,
            None if told is None else json.dumps(told, ensure_ascii=False),
        ],
    )  # fmt: skip


# --- giving positions -------------------------------------------------------------------------------------------------


def lock(tx: Tx) -> Head | None:
    """The head of the feed, locked until the end of the transaction; None while another gives positions."""
    found = tx.one("SELECT position, room FROM feed_head FOR UPDATE SKIP LOCKED")
    return None if found is None else Head(found["position"], found["room"])


def machine_time(tx: Tx) -> datetime:
    """By the database's clock, which says when things arrived."""
    found: datetime = tx.value("SELECT clock_timestamp()")
    return found


def waiting(tx: Tx) -> list[Arrival]:
    """Arrivals that can be looked at now, with all others about the same subjects, in the order of their arrival."""
    return [Arrival(**row) for row in tx.all(_WAITING)]


def last_of(tx: Tx, subjects: Iterable[Subject]) -> dict[Subject, int]:
    """How far these subjects have come in the feed."""
    rows = tx.all(
        "SELECT source, subject, sequence FROM feed_subject WHERE (source, subject) IN"
        " (SELECT * FROM unnest(%s::text[], %s::text[]))",
        _columns(subjects),
    )
    return {(row["source"], row["subject"]): row["sequence"] for row in rows}


def known(tx: Tx, arrivals: Sequence[Arrival]) -> set[tuple[Subject, int]]:
    """Which of these the feed has already, by subject and sequence."""
    if not arrivals:
        return set()
    rows = tx.all(
        "SELECT source, subject, sequence FROM feed_event WHERE (source, subject, sequence) IN"
        " (SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]))",
        [*_columns([one.about for one in arrivals]), [one.sequence for one in arrivals]],
    )
    return {((row["source"], row["subject"]), row["sequence"]) for row in rows}


def append(tx: Tx, told: Sequence[Arrival], position: int) -> None:
    """Gives these the positions behind `position`, in this order."""
    tx.execute_many(
        "INSERT INTO feed_event (position, id, source, type, kelurahan, subject, sequence, envelope) VALUES %s",
        [
            [
                number, one.id, one.source, one.type, one.kelurahan, one.subject, one.sequence,
                json.dumps(one.envelope, ensure_ascii=False),
            ]
            for number, one in enumerate(told, position + 1)
        ],
    )  # fmt: skip
    tx.later("UPDATE feed_head SET position = %s", [position + len(told)])


def settle(tx: Tx, done: Sequence[Arrival], last: dict[Subject, int]) -> None:
    """These need not be looked at again; their subjects have come so far."""
    offices = {one.about: one.kelurahan for one in done}
    if not done:
        return
    tx.execute_many(
        "INSERT INTO feed_subject (source, subject, kelurahan, sequence) VALUES %s ON CONFLICT (source, subject)"
        " DO UPDATE SET sequence = greatest(feed_subject.sequence, excluded.sequence), at = clock_timestamp()",
        [[*about, office, last[about]] for about, office in offices.items()],
    )
    tx.later("DELETE FROM feed_arrival WHERE id = ANY(%s)", [[one.id for one in done]])


def hold(tx: Tx, arrivals: Sequence[Arrival]) -> None:
    """These wait for what comes before them."""
    if arrivals:
        tx.later(
            "UPDATE feed_arrival SET waits_until = arrived_at + make_interval(secs => %s)"
            " WHERE id = ANY(%s) AND waits_until IS NULL",
            [PATIENCE.total_seconds(), [one.id for one in arrivals]],
        )


def _columns(subjects: Iterable[Subject]) -> list[list[str]]:
    pairs = list(subjects)
    return [[source for source, _ in pairs], [subject for _, subject in pairs]]


# --- upkeep -----------------------------------------------------------------------------------------------------------


def make_room(tx: Tx, ahead: int) -> int:
    """Partitions for what comes next; how many were made."""
    return int(tx.value("SELECT feed_make_room(%s)", [ahead]))


def drop_old(tx: Tx, days: int) -> int:
    """Drops partitions whose events are all older than so many days (30 at least); how many."""
    return int(tx.value("SELECT feed_drop_old(%s)", [days]))


def forget_subjects(tx: Tx, days: int) -> int:
    """Forgets how far subjects had come of which nothing was heard for so long; how many of up to 1,000."""
    return tx.execute(
        "DELETE FROM feed_subject WHERE ctid = ANY(ARRAY(SELECT ctid FROM feed_subject"
        " WHERE at < clock_timestamp() - make_interval(days => %s) LIMIT 1000))",
        [days],
    )


def oldest_wait(tx: Tx) -> float:
    """For how many seconds something has waited for its position that need wait for nothing else."""
    found = tx.value(
        "SELECT extract(epoch FROM clock_timestamp() - min(coalesce(waits_until, arrived_at))) FROM feed_arrival"
        " WHERE waits_until IS NULL OR waits_until <= clock_timestamp()"
    )
    return float(found or 0)
