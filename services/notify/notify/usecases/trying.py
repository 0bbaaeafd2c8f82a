"""The test button: one event that is made up, sent at once and once, signed as all others are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kit import jobs
from kit.db import EVERY_TENANT, Tx
from kit.ids import new_id
from notify.deps import Deps
from notify.domain.pushing import DELIVERED, FAILED, TEST, Item
from notify.domain.subscriptions import Subscription
from notify.store import deliveries
from notify.store import subscriptions as store

TRY = "push-test"
TYPE = "subscription.tested"
"""Of no case; a receiver answers 2xx and forgets it."""


def ask(tx: Tx, subscription: Subscription) -> UUID:
    """Asks for one to be sent; its id."""
    event_id = new_id()
    payload = {"subscription_id": str(subscription.id), "event_id": str(event_id)}
    jobs.add(tx, TRY, subscription.kelurahan, payload)
    return event_id


def send(deps: Deps, job: jobs.Job) -> None:
    """Sends it, and keeps what became of it. How the subscription stands is not changed: whoever reads the log decides
    to resume it."""
    subscription_id, event_id = UUID(job.payload["subscription_id"]), UUID(job.payload["event_id"])
    with deps.db.transaction(EVERY_TENANT) as tx:
        known = store.get(tx, deps.data_keys, subscription_id)
    if known is not None:
        item = Item(TEST, event_id, TYPE, str(event_id), _event(deps, known, event_id))
        outcome = deps.pusher.send(known, item)
    with deps.db.transaction(EVERY_TENANT) as tx:
        if known is not None and store.get(tx, deps.data_keys, subscription_id, lock=True) is not None:
            deliveries.log(tx, known, [(item, DELIVERED if outcome.delivered else FAILED, outcome)])
        jobs.finish(tx, job)


def _event(deps: Deps, subscription: Subscription, event_id: UUID) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": str(event_id), "source": "/notify", "type": TYPE, "subject": str(subscription.id),
        "time": deps.clock.now().isoformat(), "datacontenttype": "application/json", "dataversion": 1,
        "data": {"subscription_id": str(subscription.id)},
    }  # fmt: skip
