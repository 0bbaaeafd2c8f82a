"""Plots as SVG, drawn on the server: bars and lines. Here is where everything lies; `plot.html` draws it.

    bars([("KK", (12, 9))])                one row for each thing, one bar for each series
    lines(["Jul", "Agu"], [(12, 9)])       one line for each series

Series are told apart by pattern, dash and mark, so that they are in black and white; a number stands at each bar. They
are as wide as a phone, and grow with the screen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kit.pages.dates import number

WIDTH = 360
_NUMBER = 62
"""Room for the number at the end of a bar."""
_NAME, _BAR, _BETWEEN = 20, 16, 10
_LEFT, _RIGHT, _TOP, _BOTTOM, _PLOT = 34, 6, 12, 24, 130
_INSIDE = 10
"""Between the ends of the lines and those of the scale, for half of a name under the last point."""
_MOST_NAMES = 12

Value = float | None


@dataclass(frozen=True)
class Bar:
    """A series' bar in a row; `said` stands at its end."""

    y: int
    width: float
    series: int
    said: str

    @property
    def baseline(self) -> int:
        return self.y + 12

    @property
    def end(self) -> float:
        return self.width + 6


@dataclass(frozen=True)
class Row:
    name: str
    baseline: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Bars:
    height: int
    rows: tuple[Row, ...]
    width: int = WIDTH
    thick: int = _BAR


def bars(rows: Sequence[tuple[str, Sequence[Value]]], *, most: float | None = None, said: str = "{}") -> Bars:
    """Rows one below the other. `most` is as long as the room is (else the greatest value is); `said` puts the
    number into words, as "{} %". Of None there is no bar, and a dash."""
    top = most or max((value or 0 for _, values in rows for value in values), default=0) or 1
    made, y = [], 0
    for name, values in rows:
        found = []
        for series, value in enumerate(values):
            width = round((value or 0) / top * (WIDTH - _NUMBER), 1)
            words = "–" if value is None else said.format(number(value))
            found.append(Bar(y + _NAME + series * _BAR, width, series, words))
        made.append(Row(name, y + 14, tuple(found)))
        y += _NAME + len(values) * _BAR + _BETWEEN
    return Bars(max(y, 1), tuple(made))


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    said: str


@dataclass(frozen=True)
class Line:
    """A series: its points, and the parts of the line between those that are there."""

    series: int
    points: tuple[Point, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Tick:
    at: float
    said: str


@dataclass(frozen=True)
class Lines:
    lines: tuple[Line, ...]
    values: tuple[Tick, ...]
    names: tuple[Tick, ...]
    height: int = _TOP + _PLOT + _BOTTOM
    width: int = WIDTH
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    floor: int = _TOP + _PLOT


def lines(names: Sequence[str], series: Sequence[Sequence[Value]], *, most: float | None = None) -> Lines:
    """Lines over the same `names`, from nothing up to `most` or a round number above all values."""
    top = most or _round_up(max((value or 0 for values in series for value in values), default=0))
    apart = (WIDTH - _LEFT - _RIGHT - 2 * _INSIDE) / max(len(names) - 1, 1)

    def point(place: int, value: float) -> Point:
        return Point(
            round(_LEFT + _INSIDE + place * apart, 1), round(_TOP + _PLOT * (1 - value / top), 1), number(value)
        )

    every = math.ceil(len(names) / _MOST_NAMES)
    return Lines(
        tuple(_line(place, values, point) for place, values in enumerate(series)),
        tuple(Tick(point(0, part * top).y, number(part * top)) for part in (0, 0.5, 1)),
        tuple(Tick(point(place, 0).x, name) for place, name in enumerate(names) if place % every == 0),
    )


def _line(series: int, values: Sequence[Value], point: Callable[[int, float], Point]) -> Line:
    points: list[Point] = []
    paths: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            paths.append([])
            continue
        found = point(place, value)
        points.append(found)
        paths[-1].append(f"{found.x},{found.y}")
    return Line(series, tuple(points), tuple(" ".join(path) for path in paths if len(path) > 1))


def _round_up(value: float) -> float:
    """The next of 2, 4, 6, 8, 10, 20, 40, …: half of it is a whole number too."""
    step = 10 ** max(math.floor(math.log10(value)), 0) if value > 0 else 1
    return next(float(times * step) for times in (2, 4, 6, 8, 10, 20) if value <= times * step)
