"""What is held for a subscription, and the log of what was sent to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id
from notify.domain.pushing import EVENT, Item, Outcome
from notify.domain.subscriptions import Subscription

_DUE = """
WITH first AS (SELECT DISTINCT ON (case_key) case_key, next_at FROM push_held WHERE subscription_id = %(id)s
               ORDER BY case_key, position)
SELECT h.position, h.case_key, h.event, h.attempts FROM push_held h JOIN first USING (case_key)
WHERE h.subscription_id = %(id)s AND coalesce(first.next_at, '-infinity') <= %(now)s ORDER BY h.position LIMIT %(limit)s
"""
_NEXT = """
SELECT min(coalesce(next_at, '-infinity')) AS at FROM (
    SELECT DISTINCT ON (case_key) next_at FROM push_held WHERE subscription_id = %(id)s
    ORDER BY case_key, position) AS first
"""
_SHOWN = "id, at, kind, event_id, type, position, outcome, status, reason, ms"


def due(tx: Tx, subscription_id: UUID, now: datetime, limit: int) -> list[Item]:
    """What is held of cases whose turn it is, in the order of the feed."""
    rows = tx.all(_DUE, {"id": subscription_id, "now": now, "limit": limit})
    return [
        Item(EVENT, UUID(row["event"]["id"]), row["event"]["type"], row["case_key"], row["event"], row["position"],
             row["attempts"])
        for row in rows
    ]  # fmt: skip


def cases(tx: Tx, subscription_id: UUID) -> dict[str, int]:
    """The cases of which something is held, and how much."""
    rows = tx.all(
        "SELECT case_key, count(*) AS events FROM push_held WHERE subscription_id = %s GROUP BY case_key",
        [subscription_id],
    )
    return {row["case_key"]: row["events"] for row in rows}


def held(tx: Tx, subscription_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How much is held for each."""
    rows = tx.all(
        "SELECT subscription_id, count(*) AS events FROM push_held WHERE subscription_id = ANY(%s)"
        " GROUP BY subscription_id",
        [list(subscription_ids)],
    )
    return {row["subscription_id"]: row["events"] for row in rows}


def next_due(tx: Tx, subscription_id: UUID, now: datetime) -> datetime | None:
    """When the next of what is held has its turn; None where nothing is held."""
    found: datetime | None = tx.value(
        f"SELECT greatest(at, %(now)s) FROM ({_NEXT}) AS next WHERE at IS NOT NULL", {"id": subscription_id, "now": now}
    )
    return found


def hold(tx: Tx, subscription: Subscription, kept: Sequence[tuple[Item, datetime | None]]) -> None:
    """Holds these from now on."""
    if kept:
        tx.execute_many(
            "INSERT INTO push_held (subscription_id, kelurahan, position, case_key, event, attempts, next_at) VALUES %s"
            " ON CONFLICT (subscription_id, position) DO NOTHING",
            [
                [
                    subscription.id, subscription.kelurahan, item.position, item.case,
                    json.dumps(item.event, ensure_ascii=False), item.attempts, next_at,
                ]
                for item, next_at in kept
            ],
        )  # fmt: skip


def release(tx: Tx, subscription_id: UUID, positions: Sequence[int]) -> None:
    """These were delivered, or given up."""
    if positions:
        tx.later(
            "DELETE FROM push_held WHERE subscription_id = %s AND position = ANY(%s)",
            [subscription_id, list(positions)],
        )


def put_off(tx: Tx, subscription_id: UUID, kept: Sequence[tuple[Item, datetime | None]]) -> None:
    """These are held on, where they still are: with what changed."""
    for item, next_at in kept:
        tx.later(
            "UPDATE push_held SET attempts = %s, next_at = %s WHERE subscription_id = %s AND position = %s",
            [item.attempts, next_at, subscription_id, item.position],
        )


def let_go(tx: Tx, subscription_id: UUID, places: Sequence[str]) -> None:
    """What is held of kelurahan outside these places is not sent any more."""
    tx.later(
        "DELETE FROM push_held WHERE subscription_id = %s AND NOT (event->>'kelurahan' = ANY(%s)"
        " OR event->>'kelurahan' LIKE ANY(%s))",
        [subscription_id, list(places), [f"{code}.%" for code in places]],
    )


def hasten(tx: Tx, subscription_id: UUID, now: datetime) -> None:
    """Whatever is held for it is tried as soon as it can be."""
    tx.later(
        "UPDATE push_held SET next_at = %s WHERE subscription_id = %s AND next_at > %s", [now, subscription_id, now]
    )


def log(tx: Tx, subscription: Subscription, attempts: Iterable[tuple[Item, str, Outcome]]) -> None:
    """Keeps attempts."""
    rows: list[list[Any]] = [
        [
            new_id(), subscription.id, subscription.kelurahan, outcome.at, item.kind, item.event_id, item.type,
            item.position, said, outcome.status, outcome.reason, outcome.ms,
        ]
        for item, said, outcome in sorted(attempts, key=lambda one: one[2].at)
    ]  # fmt: skip
    if rows:
        tx.execute_many(
            "INSERT INTO push_attempt (id, subscription_id, kelurahan, at, kind, event_id, type, position, outcome,"
            " status, reason, ms) VALUES %s",
            rows,
        )


def attempts(
    tx: Tx, subscription_id: UUID, outcome: str | None, event_id: UUID | None, before: UUID | None, limit: int
) -> list[Row]:
    """The log, newest first."""
    return tx.all(
        f"SELECT {_SHOWN} FROM push_attempt WHERE subscription_id = %(id)s"
        " AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)"
        " AND (%(event_id)s::uuid IS NULL OR event_id = %(event_id)s)"
        " AND (%(before)s::uuid IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s",
        {"id": subscription_id, "outcome": outcome, "event_id": event_id, "before": before, "limit": limit},
    )


def forget(tx: Tx, subscription_id: UUID, limit: int) -> int:
    """Deletes the log of one that ended; how much of up to `limit`."""
    return tx.execute(
        "DELETE FROM push_attempt WHERE id = ANY(ARRAY(SELECT id FROM push_attempt WHERE subscription_id = %s"
        " LIMIT %s))",
        [subscription_id, limit],
    )


def prune(tx: Tx, before: datetime, limit: int) -> int:
    """Deletes of the log what is older; how much of up to `limit`."""
    return tx.execute(
        "DELETE FROM push_attempt WHERE id = ANY(ARRAY(SELECT id FROM push_attempt WHERE at < %s LIMIT %s))",
        [before, limit],
    )
