"""How events are sent to another system: what an answer means, when the next attempt is made, and what a round of
attempts leaves behind.

Whose fault a failure is decides what it holds up: an event that the receiver refuses holds up its own case only, and
shows that the receiver is there; a receiver that is away, overloaded or misconfigured is left alone as a whole, with
growing gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from notify.domain.subscriptions import ACTIVE, GONE, PUSHED, SUSPENDED, Missed, Replay, Subscription

EVENT, REPLAY, TEST = ("event", "replay", "test")
DELIVERED, FAILED, GIVEN_UP = ("delivered", "failed", "given_up")

BATCH = 50
"""Events of one round."""
HELD_MOST = 1000
"""Events of one subscription that are held because of others of their cases; with so many it reads no further."""
LANES = 4
"""Requests to one receiver at the same time."""
REFUSED_IN_A_ROW = 5
"""So many events refused one after another, and none taken between, are the receiver's fault. Each counts once: that it
is refused again says nothing new of the receiver."""
SLOW_MS = 1000
"""Who takes longer on average shares threads with others like it."""
JITTER = (0.8, 1.2)
LONGEST_WAIT = timedelta(days=1)

_ITS_OWN_FAULT = frozenset({400, 409, 413, 414, 415, 422})
"""Answers that are about this event, and say nothing of others."""

Random = Callable[[float, float], float]


@dataclass(frozen=True)
class Item:
    """An event to be sent. `attempts` were made before."""

    kind: str
    event_id: UUID
    type: str
    case: str
    event: dict[str, Any] = field(repr=False)
    position: int | None = None
    attempts: int = 0

    @property
    def key(self) -> tuple[str, int | None]:
        return self.kind, self.position


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt: the answer's status if there was one, and else why not. `wait`: seconds that the
    receiver asked for."""

    at: datetime
    ms: int
    status: int | None = None
    reason: str | None = None
    wait: float | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410

    @property
    def of_receiver(self) -> bool:
        """A failure that would meet any other event as well."""
        return not self.delivered and self.status not in _ITS_OWN_FAULT


@dataclass(frozen=True)
class Schedule:
    """Seconds between attempts, one after another (the last for all later ones), and for how long it may fail before
    it is suspended."""

    gaps: tuple[float, ...]
    suspend_after: timedelta

    def gap(self, failures: int, random: Random) -> timedelta:
        """Until the attempt after so many failed ones."""
        seconds = self.gaps[min(max(failures, 1), len(self.gaps)) - 1]
        return timedelta(seconds=seconds * random(*JITTER))

    def over(self, attempts: int) -> bool:
        """Whether an event that was refused so often is given up."""
        return attempts > len(self.gaps)


@dataclass(frozen=True)
class Round:
    """What one round takes up: `held` events whose turn it is, `fresh` ones of the feed with those `behind` held ones
    of their cases, and those that go out again. `reached` is the position up to which the feed was looked through,
    `oldest` the first that was still there after that."""

    held: Sequence[Item] = ()
    fresh: Sequence[Item] = ()
    behind: Sequence[Item] = ()
    again: Sequence[Item] = ()
    reached: int = 0
    again_reached: int = 0
    oldest: int = 0

    @property
    def items(self) -> list[Item]:
        return [*self.held, *self.fresh, *self.again]


def one_for_all(items: Sequence[Item], cases: Collection[str], reached: int) -> tuple[list[Item], list[Item], int]:
    """Which event tries while a subscription rests: the first of the feed that is of none of the `cases` of which
    something is held, since what is held was refused. Gives it, what lies before it, and how far that is; `reached` is
    how far the feed was looked through for `items`."""
    for number, item in enumerate(items):
        if item.case not in cases:
            return [item], list(items[:number]), item.position or 0
    return [], list(items), reached


Outcomes = dict[tuple[str, int | None], Outcome]


@dataclass(frozen=True)
class Left:
    """What a round changes about what is held: positions that are done, and events that are held from now on (or on),
    with when each has its turn (None: as soon as it is the first of its case); and the attempts, for the log."""

    done: list[int]
    kept: list[tuple[Item, datetime | None]]
    attempts: list[tuple[Item, str, Outcome]]


def settle(
    subscription: Subscription, told: Round, outcomes: Outcomes, schedule: Schedule, now: datetime, random: Random
) -> Left:
    """What follows from a round, for the subscription (which is changed) and for what is held."""
    left = Left([], [], [])
    for item in told.items:
        if outcome := outcomes.get(item.key):
            left.attempts.append((item, _said(item, outcome, schedule), outcome))
    _settle_held(told, outcomes, schedule, now, random, left)
    subscription.missed = _missed(subscription, told.oldest)
    subscription.position = max(subscription.position, _settle_fresh(told, outcomes, schedule, now, random, left))
    subscription.replay = _replay_after(subscription.replay, told, outcomes)
    stand(subscription, [(item, outcome) for item, _, outcome in left.attempts], schedule, now, random)
    return left


def rest_without_room(subscription: Subscription, held: int) -> None:
    """With so much held nothing new is taken up: its turn is that of what is held."""
    if held >= HELD_MOST and subscription.replay is None and subscription.held_due_at is not None:
        subscription.due_at = max(subscription.due_at, subscription.held_due_at)


def _missed(subscription: Subscription, oldest: int) -> Missed | None:
    """With what went out of the feed before it was sent."""
    if subscription.position + 1 >= oldest:
        return subscription.missed
    return Missed(subscription.missed.after if subscription.missed else subscription.position, oldest - 1)


def _said(item: Item, outcome: Outcome, schedule: Schedule) -> str:
    if outcome.delivered:
        return DELIVERED
    refused = item.kind == EVENT and not outcome.of_receiver
    return GIVEN_UP if refused and schedule.over(item.attempts + 1) else FAILED


def _settle_held(
    told: Round, outcomes: Outcomes, schedule: Schedule, now: datetime, random: Random, left: Left
) -> None:
    for item in told.held:
        outcome = outcomes.get(item.key)
        if outcome is None or (outcome.of_receiver and not outcome.delivered):
            continue  # it stands where it stood: that the receiver is away is not counted against it
        _one(item, outcome, schedule, now, random, left, held=True)


def _settle_fresh(
    told: Round, outcomes: Outcomes, schedule: Schedule, now: datetime, random: Random, left: Left
) -> int:
    """Events behind the last that came to something stay in the feed; those before it that did not are held. Gives the
    position."""
    settled = [item.position or 0 for item in told.fresh if _came_to_something(outcomes.get(item.key))]
    untouched = [item.position or 0 for item in told.fresh if not _came_to_something(outcomes.get(item.key))]
    if not untouched:
        top = told.reached
    elif settled:
        top = max(settled)
    else:
        top = min(untouched) - 1
    for item in told.fresh:
        outcome = outcomes.get(item.key)
        if (item.position or 0) > top:
            continue
        if outcome is not None and _came_to_something(outcome):
            _one(item, outcome, schedule, now, random, left, held=False)
        else:
            left.kept.append((item, None))
    left.kept.extend((item, None) for item in told.behind if (item.position or 0) <= top)
    return top


def _came_to_something(outcome: Outcome | None) -> bool:
    return outcome is not None and (outcome.delivered or not outcome.of_receiver)


def _one(
    item: Item, outcome: Outcome, schedule: Schedule, now: datetime, random: Random, left: Left, *, held: bool
) -> None:
    attempts = item.attempts + 1
    if outcome.delivered or schedule.over(attempts):
        if held and item.position is not None:
            left.done.append(item.position)
    else:
        left.kept.append((replace(item, attempts=attempts), now + schedule.gap(attempts, random)))


def _replay_after(replay: Replay | None, told: Round, outcomes: Outcomes) -> Replay | None:
    """How far it has come: up to the first that did not go out since the receiver is away; None at its end."""
    if replay is None or not told.again_reached:
        return replay
    waiting = [item.position or 0 for item in told.again if not _came_to_something(outcomes.get(item.key))]
    after = min(waiting) - 1 if waiting else told.again_reached
    return None if after >= replay.until else Replay(after, replay.until)


def stand(
    subscription: Subscription,
    attempts: Sequence[tuple[Item, Outcome]],
    schedule: Schedule,
    now: datetime,
    random: Random,
) -> None:
    """How a subscription stands after these attempts, in their order: what was taken wipes out what failed before.
    Where somebody has stopped it meanwhile it stands as he left it."""
    if subscription.state not in PUSHED:
        return
    most = max(REFUSED_IN_A_ROW, subscription.refused + 1)
    for item, outcome in sorted(attempts, key=lambda one: one[1].at):
        if outcome.delivered:
            subscription.refused = subscription.rests = 0
            subscription.failing_since = subscription.reason = None
            continue
        subscription.failing_since = subscription.failing_since or now
        subscription.reason = outcome.reason
        if not outcome.of_receiver:
            _refused(subscription, item, most)
    _rest(subscription, attempts, schedule, now, random)
    outcomes = [outcome for _, outcome in attempts]
    _change_state(subscription, outcomes, schedule, now)
    if outcomes:
        away = any(not one.delivered and one.of_receiver for one in outcomes)
        subscription.quick = not away and sum(one.ms for one in outcomes) / len(outcomes) <= SLOW_MS


def _refused(subscription: Subscription, item: Item, most: int) -> None:
    """The receiver is there, so that the rests of an outage are over; those for what it refuses are not. A round of
    many counts up to five, and from there on as one."""
    subscription.refused = min(most, subscription.refused + (item.attempts == 0))
    subscription.rests = max(0, subscription.refused + 1 - REFUSED_IN_A_ROW)


def _rest(
    subscription: Subscription,
    attempts: Sequence[tuple[Item, Outcome]],
    schedule: Schedule,
    now: datetime,
    random: Random,
) -> None:
    subscription.due_at = now
    away = [one for _, one in attempts if not one.delivered and one.of_receiver]
    refused = [one for item, one in attempts if not one.delivered and not one.of_receiver and item.attempts == 0]
    if away:
        subscription.rests += 1
    elif not (refused and subscription.rests):
        return
    asked = timedelta(seconds=max((one.wait or 0 for one in away), default=0))
    subscription.due_at = now + max(schedule.gap(subscription.rests, random), min(asked, LONGEST_WAIT))
    subscription.failing_since = subscription.failing_since or now
    subscription.reason = (away or refused)[-1].reason


def _change_state(subscription: Subscription, outcomes: Sequence[Outcome], schedule: Schedule, now: datetime) -> None:
    before, since = subscription.state, subscription.failing_since
    if any(one.gone for one in outcomes):
        subscription.state = GONE
    elif since is None:
        subscription.state = ACTIVE
    elif now - since >= schedule.suspend_after:
        subscription.state = SUSPENDED
    subscription.version += subscription.state != before
