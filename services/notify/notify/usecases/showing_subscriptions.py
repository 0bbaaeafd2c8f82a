"""Subscriptions as they are shown, and the log of what was sent to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kit import paging
from kit.auth import Caller
from kit.db import Tx
from notify.deps import Deps
from notify.domain.signatures import in_force
from notify.domain.subscriptions import PUSHED, Subscription
from notify.store import deliveries, feed
from notify.store import subscriptions as store
from notify.usecases.subscriptions import find, owner_of


def listed(deps: Deps, tx: Tx, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of those that are his."""
    place = paging.position(query["cursor"], UUID)
    found = store.listed(tx, deps.data_keys, owner_of(who), place[0] if place else None, query["limit"] + 1)
    return paging.page(_several(deps, tx, found), query["limit"], lambda one: (one["id"],))


def shown(deps: Deps, tx: Tx, one: Subscription, *, secret: bool = False) -> dict[str, Any]:
    """One of them; with its secret, where it was made in this moment."""
    [made] = _several(deps, tx, [one])
    return made | ({"secret": one.secrets[0].text} if secret else {})


def log(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, query: dict[str, Any]) -> dict[str, Any]:
    """A page of its log, the newest first. Raises NotFound."""
    find(deps, tx, who, subscription_id)
    place = paging.position(query["cursor"], UUID)
    rows = deliveries.attempts(
        tx, subscription_id, query["outcome"], query["event_id"], place[0] if place else None, query["limit"] + 1
    )
    return paging.page(rows, query["limit"], lambda row: (row["id"],))


def _several(deps: Deps, tx: Tx, found: Sequence[Subscription]) -> list[dict[str, Any]]:
    newest, held = feed.newest(tx), deliveries.held(tx, [one.id for one in found])
    return [_one(one, newest, held.get(one.id, 0)) | _times(deps, one) for one in found]


def _one(one: Subscription, newest: int, held: int) -> dict[str, Any]:
    return {
        name: getattr(one, name)
        for name in ("id", "url", "types", "places", "description", "owner", "state", "position", "failing_since",
                     "reason", "replay", "missed", "created_at", "version")
    } | {"behind": max(0, newest - one.position), "held": held}  # fmt: skip


def _times(deps: Deps, one: Subscription) -> dict[str, Any]:
    now = deps.machine.now()
    waits = one.state in PUSHED and one.due_at > now
    replaced = [secret.until for secret in in_force(one.secrets, now)[1:]]
    return {"next_attempt_at": one.due_at if waits else None, "secret_until": replaced[0] if replaced else None}
