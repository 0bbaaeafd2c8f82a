"""A subscription in memory: a feed, what is held, and a receiver that answers as it is told, by a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from notify.domain.pushing import EVENT, Item, Outcome, Outcomes, Random, Round, Schedule, one_for_all, settle
from notify.domain.signatures import new_secret
from notify.domain.subscriptions import Subscription
from notify.settings import USUAL_GAPS

NOW = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
SCHEDULE = Schedule(tuple(map(float, USUAL_GAPS)), timedelta(days=3))
TURN = timedelta(seconds=0.5)
BATCH = 5
HELD_MOST = 1000

Answer = Callable[[Item, datetime], int | None]


def subscription(**more: Any) -> Subscription:
    usual = {
        "id": uuid4(), "kelurahan": "16.71", "owner": "mesin", "url": "https://a.example/", "description": "",
        "types": ["*"], "places": ["16.71"], "secrets": [new_secret()], "state": "active", "position": 0,
        "due_at": NOW, "created_at": NOW,
    }  # fmt: skip
    return Subscription(**usual | more)


def item(position: int, case: str = "a", attempts: int = 0) -> Item:
    return Item(EVENT, UUID(int=position), "application.changed", case, {}, position, attempts)


def outcome(status: int | None, after: float = 0, now: datetime = NOW, **more: Any) -> Outcome:
    reason = None if status and status < 300 else f"{status}"
    return Outcome(now + timedelta(seconds=after), 10, status, reason, **more)


def middle(low: float, high: float) -> float:
    return (low + high) / 2


def after(one: Subscription, told: Round, *statuses: int | None, now: datetime = NOW) -> Any:
    """What follows from a round whose attempts came to this, one after another."""
    outcomes = {
        each.key: outcome(status, n) for n, (each, status) in enumerate(zip(told.items, statuses, strict=False))
    }
    return settle(one, told, outcomes, SCHEDULE, now, middle)


class Attempt(NamedTuple):
    at: datetime
    item: Item
    status: int | None

    @property
    def taken(self) -> bool:
        return self.status == 204


class World:
    """Rounds as the use case gathers them and the pusher sends them, case by case."""

    def __init__(self, cases: Sequence[str] = (), random: Random = middle) -> None:
        self.feed, self.arrived = list[Item](), list[datetime]()
        self.one, self.held = subscription(), dict[int, tuple[Item, datetime | None]]()
        self.attempts, self.now, self.random = list[Attempt](), NOW, random
        self.rested = 0
        for case in cases:
            self.happens(case)

    def happens(self, case: str, at: datetime = NOW) -> Item:
        """The next event of the feed, which is there from `at` on; none of before it comes later."""
        made = item(len(self.feed) + 1, case)
        self.feed.append(made)
        self.arrived.append(at)
        return made

    def live(self, answer: Answer, until: datetime) -> None:
        """Rounds whenever there is something to do."""
        while self.now < until:
            firsts = [self.held[position][1] or NOW for position in self._firsts().values()]
            waits = self.one.position < self._newest() or any(at <= self.now for at in firsts)
            if self.one.due_at <= self.now and waits:
                self.round(answer)
                self.now += TURN
            else:
                moments = [at for at in (self.one.due_at, *firsts, *self.arrived, until) if at > self.now]
                self.now = max(min(moments), self.now + TURN)

    def round(self, answer: Answer) -> None:
        """One round."""
        told = self._one() if self.one.rests else self._many()
        left = settle(self.one, told, self._send(told, answer), SCHEDULE, self.now, self.random)
        for position in left.done:
            del self.held[position]
        self.held |= {each.position or 0: (each, at) for each, at in left.kept}
        self.rested += self.one.due_at > self.now

    def _many(self) -> Round:
        held = self._due(BATCH)
        rows, reached = self._read(BATCH - len(held))
        cases = self._firsts()
        fresh = [one for one in rows if one.case not in cases]
        return Round(held, fresh, [one for one in rows if one.case in cases], reached=reached)

    def _one(self) -> Round:
        rows, reached = self._read(BATCH)
        fresh, behind, reached = one_for_all(rows, self._firsts(), reached)
        held = [] if fresh or reached < self._newest() else self._due(1)
        return Round(held, fresh, behind, reached=reached)

    def _read(self, most: int) -> tuple[list[Item], int]:
        most = min(most, HELD_MOST - len(self.held))
        if most <= 0:
            return [], self.one.position
        rows = self.feed[self.one.position : self._newest()][:most]
        return rows, rows[-1].position or 0 if rows else self._newest()

    def _newest(self) -> int:
        return sum(at <= self.now for at in self.arrived)

    def _due(self, most: int) -> list[Item]:
        due = {case for case, first in self._firsts().items() if (self.held[first][1] or NOW) <= self.now}
        return [self.held[p][0] for p in sorted(self.held) if self.held[p][0].case in due][:most]

    def _firsts(self) -> dict[str, int]:
        """Of each case of which something is held, the first position."""
        return {each.case: position for position, (each, _) in sorted(self.held.items(), reverse=True)}

    def _send(self, told: Round, answer: Answer) -> Outcomes:
        outcomes, stopped, over = Outcomes(), set[str](), False
        for each in told.items:
            if over or each.case in stopped:
                continue
            made = outcome(answer(each, self.now), len(outcomes) / 1000, self.now)
            outcomes[each.key] = made
            self.attempts.append(Attempt(self.now, each, made.status))
            if not made.delivered:
                stopped.add(each.case)
                over = made.of_receiver
        return outcomes
