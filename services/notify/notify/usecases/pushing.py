"""Sending the feed's events to other systems: who has a turn, one round of it, and what is measured and forgotten."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from contracts.feed import PUBLIC
from kit import jobs
from kit.db import EVERY_TENANT, Tx
from notify import metrics
from notify.deps import Deps
from notify.domain.feed import Row, reached
from notify.domain.pushing import (
    BATCH,
    EVENT,
    HELD_MOST,
    REPLAY,
    Item,
    Outcomes,
    Round,
    one_for_all,
    rest_without_room,
    settle,
)
from notify.domain.subscriptions import PUSHED, STATES, Subscription, case_of, expand
from notify.store import deliveries, feed
from notify.store import subscriptions as store

PUSH, PUSH_SLOW = KINDS = ("push", "push-slow")
"""Who answers fast and who does not have threads of their own: nobody waits for a stranger's slow server."""
FORGET = "push-forget"
TYPES = tuple(PUBLIC)
LOG_DAYS = 30
"""Days that the log of attempts is kept."""
_DUE_AT_ONCE = 500
_DELETED_AT_ONCE = 1000

log = structlog.get_logger()


def hand_out(deps: Deps) -> int:
    """Asks for a round for everybody whom something can be sent to now; how many."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        if not store.alone(tx):
            return 0
        due = store.due(tx, feed.newest(tx), deps.machine.now(), KINDS, _DUE_AT_ONCE)
        for row in due:
            _ask(tx, row["id"], row["kelurahan"], quick=row["quick"])
    return len(due)


def _ask(tx: Tx, subscription_id: UUID, kelurahan: str, *, quick: bool) -> None:
    kind = PUSH if quick else PUSH_SLOW
    jobs.add(tx, kind, kelurahan, {"subscription_id": str(subscription_id)}, key=str(subscription_id))


def push(deps: Deps, job: jobs.Job) -> None:
    """One round for a subscription: what its turn has come for is sent, and what follows is kept in one transaction
    with the end of the job. A worker that dies between sends again what it sent, under the same ids."""
    subscription_id = UUID(job.payload["subscription_id"])
    with deps.db.transaction(EVERY_TENANT) as tx:
        known = store.get(tx, deps.data_keys, subscription_id)
        if known is None or known.state not in PUSHED:
            jobs.finish(tx, job)
            return
        told = _round(deps, tx, known)
    outcomes = deps.pusher.send_all(known, told.items)
    with deps.db.transaction(EVERY_TENANT) as tx:
        subscription = store.get(tx, deps.data_keys, subscription_id, lock=True)
        if subscription is not None:
            _keep(deps, tx, subscription, told, outcomes)
        jobs.finish(tx, job)
        if subscription is not None and _goes_on(deps, subscription, outcomes):
            _ask(tx, subscription.id, subscription.kelurahan, quick=subscription.quick)


def _round(deps: Deps, tx: Tx, known: Subscription) -> Round:
    """What is sent now."""
    cases = deliveries.cases(tx, known.id)
    room = HELD_MOST - sum(cases.values())
    return _one(deps, tx, known, cases, room) if known.rests else _many(deps, tx, known, cases, room)


def _many(deps: Deps, tx: Tx, known: Subscription, cases: Collection[str], room: int) -> Round:
    held = deliveries.due(tx, known.id, deps.machine.now(), BATCH)
    room = min(BATCH - len(held), room)
    items, place, oldest = _fresh(tx, known, room)
    behind = [item for item in items if item.case in cases]
    fresh = [item for item in items if item.case not in cases]
    again, again_place = _again(tx, known, BATCH - len(held) - len(fresh))
    return Round(held, fresh, behind, again, place, again_place, oldest)


def _one(deps: Deps, tx: Tx, known: Subscription, cases: Collection[str], room: int) -> Round:
    """The receiver failed last, and one event finds out whether it is back. Something that it refused before finds out
    least: it tries where the feed has nothing else, once all of that was looked through."""
    newest = feed.newest(tx)
    items, place, oldest = _fresh(tx, known, min(BATCH, room))
    fresh, behind, place = one_for_all(items, cases, place)
    if fresh or (room > 0 and place < newest):
        return Round((), fresh, behind, reached=place, oldest=oldest)
    again, again_place = _again(tx, known, 1)
    held = [] if again else deliveries.due(tx, known.id, deps.machine.now(), 1)
    return Round(held, fresh, behind, again, place, again_place, oldest)


def _fresh(tx: Tx, known: Subscription, room: int) -> tuple[list[Item], int, int]:
    """Events of the feed that there is room for, how far it was looked through for them, and the oldest that it has."""
    rows, place = _read(tx, known, known.position, room)
    return [_item(EVENT, row) for row in rows], place, _oldest(tx, known) if room > 0 else 0


def _read(tx: Tx, known: Subscription, position: int, most: int) -> tuple[list[Row], int]:
    """Events behind a position, and how far the feed was looked through for them."""
    if most <= 0:
        return [], position
    newest = feed.newest(tx)
    rows = feed.after(tx, position, most=most, types=expand(known.types, TYPES), under=known.places)
    return rows, reached(position, newest, rows, most)


def _oldest(tx: Tx, known: Subscription) -> int:
    """The oldest that is kept, asked for after the events: old ones may have gone while they were read."""
    found = feed.oldest(tx)
    if known.position + 1 < found:
        log.error("events went with the feed's oldest before a subscription had them", subscription=str(known.id))
    return found


def _again(tx: Tx, known: Subscription, most: int) -> tuple[list[Item], int]:
    if known.replay is None or most <= 0:
        return [], 0
    rows, place = _read(tx, known, known.replay.after, most)
    return [_item(REPLAY, row) for row in rows if row.position <= known.replay.until], place


def _item(kind: str, row: Row) -> Item:
    return Item(kind, row.id, row.type, case_of(row.event), row.event, row.position)


def _keep(deps: Deps, tx: Tx, subscription: Subscription, told: Round, outcomes: Outcomes) -> None:
    now, before = deps.machine.now(), subscription.state
    left = settle(subscription, told, outcomes, deps.settings.push_schedule, now, random.uniform)
    deliveries.release(tx, subscription.id, left.done)
    held = {item.position for item in told.held}
    deliveries.put_off(tx, subscription.id, [one for one in left.kept if one[0].position in held])
    deliveries.hold(tx, subscription, [one for one in left.kept if _is_new(subscription, one[0], held)])
    deliveries.log(tx, subscription, left.attempts)
    subscription.held_due_at = deliveries.next_due(tx, subscription.id, now)
    rest_without_room(subscription, deliveries.held(tx, [subscription.id]).get(subscription.id, 0))
    store.save(tx, deps.data_keys, subscription)
    for _, said, _ in left.attempts:
        metrics.PUSHED.labels(said).inc()
    if subscription.state != before:
        log.warning("a subscription changed its state", subscription=str(subscription.id), before=before,
                    state=subscription.state, reason=subscription.reason)  # fmt: skip


def _is_new(subscription: Subscription, item: Item, held: Collection[int | None]) -> bool:
    """Whether it is held from now on: not where it was lost to the subscription while it was sent."""
    return item.position not in held and subscription.covers(item.event["kelurahan"])


def _goes_on(deps: Deps, subscription: Subscription, outcomes: Outcomes) -> bool:
    """Whether there is most likely more for it: it need not wait until work is handed out again."""
    return subscription.state in PUSHED and len(outcomes) >= BATCH and subscription.due_at <= deps.machine.now()


def measure(deps: Deps) -> None:
    """Sets the gauges: how many stand how, and how far the last of each state is behind."""
    counts, behind, ages = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, float](float)
    with deps.db.transaction(EVERY_TENANT) as tx:
        newest, now = feed.newest(tx), deps.machine.now()
        for row in store.standing(tx):
            state = "failing" if row["failing"] and row["state"] == "active" else row["state"]
            counts[state] += 1
            behind[state] = max(behind[state], newest - row["position"])
            if row["position"] < newest:
                ages[state] = max(ages[state], _age(tx, row["position"], row["types"], row["places"], now.timestamp()))
    for state in (*STATES, "failing"):
        metrics.SUBSCRIPTIONS.labels(state).set(counts[state])
        metrics.PUSH_BEHIND.labels(state).set(behind[state])
        metrics.PUSH_LAG.labels(state).set(ages[state])


def _age(tx: Tx, position: int, types: Sequence[str], places: Sequence[str], now: float) -> float:
    """Seconds that the first event behind a position has waited; 0 where there is none for it."""
    rows = feed.after(tx, position, most=1, types=expand(types, TYPES), under=places)
    return max(0.0, now - rows[0].at.timestamp()) if rows else 0.0


def prune(deps: Deps) -> None:
    """Forgets old attempts."""
    before, deleted = deps.machine.now() - timedelta(days=LOG_DAYS), _DELETED_AT_ONCE
    while deleted == _DELETED_AT_ONCE:
        with deps.db.transaction(EVERY_TENANT) as tx:
            deleted = deliveries.prune(tx, before, _DELETED_AT_ONCE)


def forget(deps: Deps, job: jobs.Job) -> None:
    """A subscription ended, and its log follows, a batch at a time. Nothing is added to it any more: whoever logs an
    attempt has the subscription locked."""
    subscription_id, deleted = UUID(job.payload["subscription_id"]), _DELETED_AT_ONCE
    while deleted == _DELETED_AT_ONCE:
        with deps.db.transaction(job.tenant) as tx:
            deleted = deliveries.forget(tx, subscription_id, _DELETED_AT_ONCE)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
