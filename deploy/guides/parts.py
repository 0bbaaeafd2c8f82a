"""What a guide is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from notify.catalogue import example

LANGUAGE = "id"


@dataclass(frozen=True)
class Bubble:
    """A message as its reader gets it, or some of its paragraphs, counted from 0; and what he answers, if he does."""

    message: str
    paragraphs: tuple[int, ...] = ()
    answer: str = ""

    def data(self) -> Mapping[str, Any]:
        """Raises KeyError for a message without an example, IndexError for a paragraph that it has not."""
        said = example(self.message, LANGUAGE).strip().split("\n\n")
        places = self.paragraphs or tuple(range(len(said)))
        return {
            "said": "\n\n".join(said[place] for place in places),
            "before": places[0] > 0,
            "after": places[-1] < len(said) - 1,
            "answer": self.answer,
        }


@dataclass(frozen=True)
class Shot:
    """A part of a page's picture in `docs/pages`: left, top, right, bottom in its pixels."""

    page: str
    part: tuple[int, int, int, int]
    about: str


@dataclass(frozen=True)
class Step:
    """One thing to do. In `text`, `[Terima]` is a button or a page, `*tugas*` a word to be sent."""

    title: str
    text: str
    shows: Bubble | Shot | None = None


@dataclass(frozen=True)
class Guide:
    """One A4. `remember` stands in a box below."""

    name: str
    title: str
    lead: str
    steps: tuple[Step, ...]
    remember: tuple[str, ...] = field(default=())
