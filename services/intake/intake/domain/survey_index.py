"""The index of the survey, computed exactly: the sum of the nine means, each weighing a ninth, on a scale of 25 to 100.
All fours are 100.00; with the rounded weight 0.111 of many handbooks they would be 99.9."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from intake.domain.survey import ELEMENTS, SCORES
from kit.problems import Words

WEIGHT = Fraction(1, len(ELEMENTS))
SCALE = 25
MINIMUM = 30
"""Of fewer answers no index is published: chance would say more than the people, and somebody might be told from it."""

BANDS: tuple[tuple[str, Decimal, Words], ...] = (
    ("A", Decimal("88.31"), Words("Sangat baik", "Very good")),
    ("B", Decimal("76.61"), Words("Baik", "Good")),
    ("C", Decimal("65.00"), Words("Kurang baik", "Not so good")),
    ("D", Decimal("25.00"), Words("Tidak baik", "Not good")),
)
"""Where each begins, on values of two places."""


@dataclass
class Tally:
    """How many gave each score to each element, and how many were asked."""

    counts: list[list[int]] = field(default_factory=lambda: [[0] * len(SCORES) for _ in ELEMENTS])
    asked: int = 0

    def add(self, element: int, score: int, answers: int) -> None:
        """`element` from 1 to 9."""
        self.counts[element - 1][score - 1] += answers

    @property
    def answers(self) -> int:
        """How many answered: everybody answers every element."""
        return sum(self.counts[0])

    def means(self) -> list[Fraction]:
        """Of each element. Raises ZeroDivisionError where nobody answered."""
        return [
            Fraction(sum(score * many for score, many in zip(SCORES, row, strict=True)), sum(row))
            for row in self.counts
        ]

    def index(self) -> Fraction:
        """From 25 to 100. Raises ZeroDivisionError where nobody answered."""
        return sum((mean * WEIGHT for mean in self.means()), Fraction()) * SCALE


def tallies(rows: Iterable[Mapping[str, Any]], asked: Iterable[Mapping[str, Any]]) -> dict[str, Tally]:
    """By service, from {service, element, score, answers} and {service, asked}."""
    found: dict[str, Tally] = {}
    for row in rows:
        found.setdefault(row["service"], Tally()).add(row["element"], row["score"], row["answers"])
    for row in asked:
        found.setdefault(row["service"], Tally()).asked += row["asked"]
    return found


def together(parts: Iterable[Tally]) -> Tally:
    """Several as one."""
    whole = Tally()
    for part in parts:
        whole.asked += part.asked
        whole.counts = [
            [one + other for one, other in zip(*rows, strict=True)]
            for rows in zip(whole.counts, part.counts, strict=True)
        ]
    return whole


def rounded(value: Fraction) -> Decimal:
    """Two places, a half up."""
    return Decimal((2 * value.numerator * 100 + value.denominator) // (2 * value.denominator)).scaleb(-2)


def band_of(value: Decimal) -> str:
    """A, B, C or D of a value of two places."""
    return next(code for code, begins, _ in BANDS if value >= begins)


def words_of(band: str) -> Words:
    """What a band is called."""
    return next(said for code, _, said in BANDS if code == band)


def sample_of(people: int) -> int:
    """How many answers speak for so many people: Krejcie and Morgan, which the regulation's table follows (chi square
    3.841, error 5 %), a half up."""
    chi, spread, error = Fraction(3841, 1000), Fraction(1, 4), Fraction(1, 400)
    if people < 1:
        return 0
    found = chi * people * spread / (error * (people - 1) + chi * spread)
    return int(found + Fraction(1, 2))


def enough(parts: Mapping[str, Tally]) -> set[str]:
    """The services whose index can be published beside that of all of them: of the others together nothing may be left
    that so few stand behind, so that nobody takes what is published from the whole."""
    shown = sorted((code for code, part in parts.items() if part.answers >= MINIMUM), key=lambda c: parts[c].answers)
    hidden = sum(part.answers for code, part in parts.items() if code not in shown)
    while shown and 0 < hidden < MINIMUM:
        hidden += parts[shown.pop(0)].answers
    return set(shown)


def year_told(months: Iterable[int]) -> bool:
    """Whether a year can be published beside its months, from the number of answers in each: of those months of which
    nothing is published, so few must not be left that taking the others from the year would tell of them. Services are
    published of months alone: months and services of one year, crossed, would tell of few again."""
    hidden = sum(answers for answers in months if answers < MINIMUM)
    return not 0 < hidden < MINIMUM


def figures(tally: Tally, *, shown: bool, public: bool) -> dict[str, Any]:
    """What is said of a tally; without an index and means where there are too few answers, and for everybody without
    their number either."""
    said: dict[str, Any] = {
        "asked": tally.asked if shown or not public else None,
        "answers": tally.answers if shown or not public else None,
        "sample": sample_of(tally.asked), "enough": shown, "index": None, "band": None, "elements": [],
    }  # fmt: skip
    if public and not shown:
        said["sample"] = None
    if not shown:
        return said
    value = rounded(tally.index())
    return said | {"index": value, "band": band_of(value), "elements": _elements(tally.means())}


def _elements(means: Sequence[Fraction]) -> list[dict[str, Any]]:
    return [
        {
            "element": element.code, "name": element.name._asdict(), "mean": rounded(mean),
            "value": rounded(mean * SCALE), "band": band_of(rounded(mean * SCALE)),
        }
        for element, mean in zip(ELEMENTS, means, strict=True)
    ]  # fmt: skip
