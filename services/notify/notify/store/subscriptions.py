"""Subscriptions of other systems, and how far each has come. Its instants are machine time, and handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.sealed import Keyring
from notify.domain.signatures import Secret
from notify.domain.subscriptions import PUSHED, Missed, Replay, Subscription

_PLAIN = (
    "id", "kelurahan", "owner", "url", "description", "types", "places", "state", "position", "refused", "rests",
    "failing_since", "reason", "due_at", "held_due_at", "quick", "created_at", "version",
)  # fmt: skip
_COLUMNS = (*_PLAIN, "sealed", "replay_after", "replay_until", "missed_after", "missed_until")
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM subscription"
_CHANGING = tuple(name for name in _COLUMNS if name not in ("id", "kelurahan", "owner", "created_at"))


def get(tx: Tx, keys: Keyring, subscription_id: UUID, *, lock: bool = False) -> Subscription | None:
    row = tx.one(f"{_SELECT} WHERE id = %s{' FOR UPDATE' if lock else ''}", [subscription_id])
    return None if row is None else _read(keys, row)


def listed(tx: Tx, keys: Keyring, owner: str | None, after: UUID | None, limit: int) -> list[Subscription]:
    """Those of the transaction's office, kecamatan or city, by their making; of one owner only, if said."""
    rows = tx.all(
        f"{_SELECT} WHERE kelurahan = %(code)s AND (%(owner)s::text IS NULL OR owner = %(owner)s)"
        " AND (%(after)s::uuid IS NULL OR id > %(after)s) ORDER BY id LIMIT %(limit)s",
        {"code": tx.tenant, "owner": owner, "after": after, "limit": limit},
    )
    return [_read(keys, row) for row in rows]


def of_owner(tx: Tx, keys: Keyring, owner: str) -> list[Subscription]:
    """All that somebody made, locked."""
    return [_read(keys, row) for row in tx.all(f"{_SELECT} WHERE owner = %s ORDER BY id FOR UPDATE", [owner])]


def reach(tx: Tx, most: int) -> bool:
    """Whether the transaction's office, kecamatan or city has so many. Whoever asks next waits for this transaction, so
    that two at once do not both find room."""
    tx.later("SELECT pg_advisory_xact_lock(hashtextextended('subscriptions ' || %s, 0))", [tx.tenant])
    rows = tx.all("SELECT id FROM subscription WHERE kelurahan = %s LIMIT %s", [tx.tenant, most])
    return len(rows) >= most


def add(tx: Tx, keys: Keyring, subscription: Subscription) -> None:
    values = _values(keys, subscription) | {
        "id": subscription.id, "kelurahan": subscription.kelurahan, "owner": subscription.owner,
        "created_at": subscription.created_at,
    }  # fmt: skip
    names = ", ".join(f"%({name})s" for name in _COLUMNS)
    tx.later(f"INSERT INTO subscription ({', '.join(_COLUMNS)}) VALUES ({names})", values)


def save(tx: Tx, keys: Keyring, subscription: Subscription) -> None:
    """As it is now. Its version grows only where a person's wish or the state changed, by whoever changes that."""
    changes = ", ".join(f"{name} = %({name})s" for name in _CHANGING)
    tx.later(
        f"UPDATE subscription SET {changes} WHERE id = %(id)s", _values(keys, subscription) | {"id": subscription.id}
    )


def end(tx: Tx, subscription_id: UUID) -> None:
    """It is gone, with what was held for it; its log is not."""
    tx.execute("DELETE FROM subscription WHERE id = %s", [subscription_id])


def due(tx: Tx, newest: int, now: datetime, busy: Sequence[str], limit: int) -> list[Row]:
    """{id, kelurahan, quick} of those that something may be sent to now, the longest waiting first, but for those for
    which a job of one of these kinds is there."""
    return tx.all(
        "SELECT s.id, s.kelurahan, s.quick FROM subscription s WHERE s.state = ANY(%(states)s) AND s.due_at <= %(now)s"
        " AND (s.position < %(newest)s OR s.replay_until IS NOT NULL OR s.held_due_at <= %(now)s)"
        " AND NOT EXISTS (SELECT FROM job WHERE job.kind = ANY(%(busy)s) AND job.key = s.id::text"
        " AND job.state <> 'dead') ORDER BY s.due_at LIMIT %(limit)s",
        {"states": list(PUSHED), "newest": newest, "now": now, "busy": list(busy), "limit": limit},
    )


def alone(tx: Tx) -> bool:
    """Whether this transaction is the only one that hands out work: two would begin the same round twice."""
    return bool(tx.value("SELECT pg_try_advisory_xact_lock(hashtextextended('push', 0))"))


def standing(tx: Tx) -> list[Row]:
    """{state, position, types, places, failing} of all, for the gauges."""
    return tx.all(
        "SELECT state, position, types, places, failing_since IS NOT NULL AS failing FROM subscription ORDER BY id"
    )


def _read(keys: Keyring, row: Row) -> Subscription:
    kept = keys.open(row["sealed"], _context(row["id"]))
    replay = Replay(row["replay_after"], row["replay_until"]) if row["replay_until"] is not None else None
    missed = Missed(row["missed_after"], row["missed_until"]) if row["missed_until"] is not None else None
    secrets = [Secret.read(one) for one in kept["secrets"]]
    return Subscription(**{name: row[name] for name in _PLAIN}, secrets=secrets, replay=replay, missed=missed)


def _values(keys: Keyring, subscription: Subscription) -> dict[str, Any]:
    kept = {"secrets": [one.kept() for one in subscription.secrets]}
    replay, missed = subscription.replay, subscription.missed
    return {name: getattr(subscription, name) for name in _PLAIN} | {
        "sealed": keys.seal(kept, _context(subscription.id)),
        "replay_after": replay.after if replay else None,
        "replay_until": replay.until if replay else None,
        "missed_after": missed.after if missed else None,
        "missed_until": missed.until if missed else None,
    }


def _context(subscription_id: UUID) -> str:
    return f"subscription:{subscription_id}"
