"""Interleaved rounds of several sides, and what is said of them."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Side = Callable[[], float]


@dataclass
class Result:
    """One ratio: both sides' figures of each round, taken in one run. Without a goal it is only told."""

    name: str
    unit: str
    goal: float | None
    ours: list[float]
    other: list[float]
    floor: float | None = None
    """What our own figure shall reach besides the ratio."""
    notes: list[str] = field(default_factory=list)
    at_most: bool = False
    """The goal is not to be passed; of times that no round compares one by one, the ratio is that of the medians."""

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios: what disturbs one round disturbs both of its sides."""
        if self.at_most:
            return statistics.median(self.ours) / statistics.median(self.other)
        return statistics.median(a / b for a, b in zip(self.ours, self.other, strict=True))

    @property
    def reached(self) -> bool | None:
        """Whether the goal, and the floor where there is one, is reached; None without a goal."""
        if self.goal is None:
            return None
        if self.at_most:
            return self.ratio <= self.goal
        return self.ratio >= self.goal and (self.floor is None or statistics.median(self.ours) >= self.floor)

    def lines(self) -> list[str]:
        """The figures beside the goal, then the notes."""
        ours, other = statistics.median(self.ours), statistics.median(self.other)
        first = f"{self.name}: {ours:,.1f} {self.unit} ÷ {other:,.1f} = {self.ratio:.2f}{self._verdict()}"
        return [first, *(f"    {note}" for note in self.notes)]

    def _verdict(self) -> str:
        if self.goal is None:
            return ""
        goal = f"goal {'≤' if self.at_most else '≥'} {self.goal:g}" + (f" and ≥ {self.floor:g}/s" if self.floor else "")
        return f"   {goal}: {'reached' if self.reached else 'NOT reached'}"

    def as_json(self) -> dict[str, Any]:
        """For out/bench.json: medians, and every round."""
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": statistics.median(self.ours),
            "other": statistics.median(self.other),
            "ratio": self.ratio,
            "goal": self.goal,
            "floor": self.floor,
            "reached": self.reached,
            "rounds": {"ours": self.ours, "other": self.other}
            if self.at_most
            else [list(pair) for pair in zip(self.ours, self.other, strict=True)],
            "notes": self.notes,
        }


@dataclass
class Figures:
    """What is measured without another side and without a goal: each figure of each round."""

    name: str
    unit: str
    rounds: dict[str, list[float]]
    notes: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The medians, then the notes."""
        told = ", ".join(f"{what} {statistics.median(figures):,.1f}" for what, figures in self.rounds.items())
        return [f"{self.name}: {told} {self.unit}", *(f"    {note}" for note in self.notes)]

    def as_json(self) -> dict[str, Any]:
        """For out/bench.json: medians, and every round."""
        medians = {what: statistics.median(figures) for what, figures in self.rounds.items()}
        return {"name": self.name, "unit": self.unit, "medians": medians, "rounds": self.rounds, "notes": self.notes}


def interleave(sides: Sequence[Side], rounds: int) -> list[list[float]]:
    """A B C A B C …: the figures of each side. The caller has warmed them up."""
    table = [[side() for side in sides] for _ in range(rounds)]
    return [list(column) for column in zip(*table, strict=True)]


def counted(works: Sequence[Callable[[], None]], seconds: float) -> int:
    """How often all `works` together are done within so many seconds, each in a thread of its own. A failure ends it
    and is raised."""
    ends = time.monotonic() + seconds
    counts = [0] * len(works)
    failures: list[Exception] = []

    def run(number: int) -> None:
        try:
            while time.monotonic() < ends and not failures:
                works[number]()
                counts[number] += 1
        except Exception as error:  # raised below, by the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts)


def per_second(work: Callable[[], None], seconds: float, threads: int = 1) -> float:
    """How often `work` is done in a second by so many threads of this process."""
    began = time.monotonic()
    done = counted([work] * threads, seconds)
    return done / (time.monotonic() - began)
