"""The public feed: what of an event is told to other systems, and in which order.

An event gets a position only after the transaction that heard it has committed. Of one subject they stand in the order
of their `sequence`: what overtook its forerunner waits for it, but not for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from contracts import feed as public
from contracts.feed import PUBLIC, Envelope

PATIENCE = timedelta(seconds=60)
"""How long an event waits for the one before it about the same subject (machine time): what comes back after a failure
comes after 1, 5 and 30 seconds. What is later than that gets the position of its arrival, and no event is left out."""

WINDOW = 10_000
"""So many positions are looked at in one reading, however few of them are asked for."""

BETWEEN = frozenset({"deadline.approaching", "deadline.missed"})
"""Not public, but counted in the sequence of a subject that is."""


class Heard(Protocol):
    """An event as it is heard."""

    @property
    def id(self) -> UUID: ...
    @property
    def source(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def tenant(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


Subject = tuple[str, str]
"""(source, subject)."""


def counts(event_type: str) -> bool:
    """Whether events of this type are told to other systems, or counted among those that are."""
    return event_type in PUBLIC or event_type in BETWEEN


def envelope(event: Heard) -> Envelope | None:
    """What is told of an event, its position aside; None for one that only counts in its subject's sequence."""
    contract = PUBLIC.get(event.type)
    if contract is None:
        return None
    return public.envelope(
        contract, contract.told(event.data), id=str(event.id), subject=event.subject, time=event.time.isoformat(),
        kelurahan=event.tenant, sequence=event.sequence,
    )  # fmt: skip


@dataclass(frozen=True)
class Arrival:
    """Something heard that has no position yet; `number` is the order of arrival."""

    id: UUID
    number: int
    kelurahan: str
    source: str
    type: str
    subject: str
    sequence: int
    envelope: Envelope | None
    arrived_at: datetime

    @property
    def about(self) -> Subject:
        return self.source, self.subject


@dataclass(frozen=True)
class Row:
    """An event of the feed. `at` is when it got its position (machine time)."""

    position: int
    at: datetime
    id: UUID
    source: str
    type: str
    kelurahan: str
    subject: str
    sequence: int
    envelope: Envelope

    @property
    def event(self) -> Envelope:
        """What is told: a CloudEvent with its position."""
        return self.envelope | {"position": self.position}


@dataclass(frozen=True)
class Order:
    """What becomes of arrivals: these are told, in this order; these are done with; these wait. `last` is how far the
    subjects have come."""

    told: list[Arrival]
    done: list[Arrival]
    waiting: list[Arrival]
    last: dict[Subject, int]


def in_order(
    arrivals: Iterable[Arrival], last: Mapping[Subject, int], known: Iterable[tuple[Subject, int]], now: datetime
) -> Order:
    """Arrivals in the order in which they are told. `last` is the highest sequence of each subject so far, `known` are
    those of the sequences of `arrivals` that the feed has already: of what is told twice the first counts."""
    by_subject: dict[Subject, list[Arrival]] = {}
    for one in arrivals:
        by_subject.setdefault(one.about, []).append(one)
    seen, order = set(known), Order([], [], [], {})
    keyed: list[tuple[int, Arrival]] = []
    for about, of_it in by_subject.items():
        reached, turn = last.get(about, 0), 0
        of_it.sort(key=lambda one: (one.sequence, one.number))
        for place, one in enumerate(of_it):
            if one.sequence > reached + 1 and now < min(rest.arrived_at for rest in of_it[place:]) + PATIENCE:
                order.waiting.extend(of_it[place:])
                break
            order.done.append(one)
            if one.envelope is not None and (about, one.sequence) not in seen:
                turn = max(turn, one.number)
                keyed.append((turn, one))
                seen.add((about, one.sequence))
            reached = max(reached, one.sequence)
        order.last[about] = reached
    order.told.extend(one for _, one in sorted(keyed, key=lambda pair: pair[0]))
    return order


def types_of(patterns: Sequence[str]) -> list[str]:
    """The public types that are meant by `application.issued` or `application.*`; all where nothing is asked for.
    Raises ValueError for what means none."""
    found: list[str] = []
    for pattern in patterns:
        head = pattern.removesuffix("*")
        meant = [name for name in PUBLIC if name == pattern or (head.endswith(".") and name.startswith(head))]
        if not meant or (head != pattern and not head.endswith(".")):
            raise ValueError(pattern)
        found += meant
    return list(dict.fromkeys(found)) or list(PUBLIC)


def reached(position: int, newest: int, rows: Sequence[Row], most: int) -> int:
    """Where reading goes on that looked behind `position` for up to `most`, after `newest` was read: behind the last
    row where there may be more, else behind all that was looked at."""
    if rows and len(rows) >= most:
        return rows[-1].position
    return max(min(newest, position + WINDOW), rows[-1].position if rows else position)
