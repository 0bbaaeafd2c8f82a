"""The public feed: what is heard goes in, and gets its place once it is committed.

Arrivals are put into the transaction of an event's effect, and where that fails into one of their own: what others are
told does not wait for what we cannot do or word. One sequencer, whichever worker locks the head of the feed
at that moment, gives positions to what is committed: a transaction that commits late is placed late, and whoever has
read up to a position has missed nothing before it.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from kit.bus.envelope import Received
from kit.db import EVERY_TENANT, DatabaseUnavailable, Tx
from kit.service import Handler
from notify import metrics
from notify.deps import Deps
from notify.domain import feed as rules
from notify.store import feed as store

AHEAD = 2
"""Partitions that upkeep makes before they are needed; whoever gives positions makes some only where it did not."""

log = structlog.get_logger()


def kept(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """The same handlers; what they hear, and other systems may know, is kept for the feed as well."""
    return {name: _keeping(handler) if rules.counts(name) else handler for name, handler in handlers.items()}


def _keeping(handler: Handler) -> Handler:
    def handle(deps: Deps, tx: Tx, event: Received) -> None:
        told = rules.envelope(event)
        try:
            handler(deps, tx, event)
            store.arrive(tx, event, told)  # which runs what the effect has put off, and fails with it
        except DatabaseUnavailable:
            raise  # nobody's fault: the event waits, and so does the feed
        except Exception:
            _arrive_alone(deps, event, told)
            raise

    return handle


def _arrive_alone(deps: Deps, event: Received, told: rules.Envelope | None) -> None:
    """Beside the transaction of the effect, which comes to nothing. It may have come this way before."""
    with deps.db.transaction(event.tenant) as tx:
        store.arrive(tx, event, told)


def give_positions(deps: Deps) -> int:
    """Gives positions to all that is committed and need not wait; to how many events. Nothing where another worker is
    at it."""
    total = 0
    while (placed := _next_batch(deps)) is not None:
        total += placed
    return total


def _next_batch(deps: Deps) -> int | None:
    """How many events of the next batch were placed; None when there was none."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        head = store.lock(tx)
        arrivals = store.waiting(tx) if head is not None else []
        if head is None or not arrivals:
            return None
        reached = store.last_of(tx, {one.about for one in arrivals})
        again = [one for one in arrivals if one.sequence <= reached.get(one.about, 0)]
        order = rules.in_order(arrivals, reached, store.known(tx, again), store.machine_time(tx))
        if head.position + len(order.told) >= head.room:
            store.make_room(tx, AHEAD)
        if order.told:
            store.append(tx, order.told, head.position)
        store.settle(tx, order.done, order.last)
        store.hold(tx, order.waiting)
    metrics.FEED_PLACED.inc(len(order.told))
    return len(order.told)


def look_after(deps: Deps) -> None:
    """Room for what comes, and no more than what is to be kept; how far the sequencer is behind, as a gauge."""
    days = deps.settings.feed_days
    with deps.db.transaction(EVERY_TENANT) as tx:
        store.make_room(tx, AHEAD)
    with deps.db.transaction(EVERY_TENANT) as tx:
        dropped = store.drop_old(tx, days)
    forgotten = 1000
    while forgotten == 1000:
        with deps.db.transaction(EVERY_TENANT) as tx:
            forgotten = store.forget_subjects(tx, days)
    if dropped:
        log.info("old parts of the feed were dropped", count=dropped)


def measure(deps: Deps) -> None:
    """How far the giving of positions is behind, and what was given last."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        metrics.FEED_BEHIND.set(store.oldest_wait(tx))
        metrics.FEED_POSITION.set(store.newest(tx))
