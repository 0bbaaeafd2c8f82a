"""What comes in and what goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kit.problems import Words

LINK, CHAT = "link", "chat"


@dataclass(frozen=True)
class Heard:
    """What somebody sent: his words, the option that he pressed, the message of ours that he answered and the case
    that it was about, a file or why it is not there; `announcement`: what he answered was one of the office."""

    message_id: str
    text: str = ""
    choice: str | None = None
    kind: str = "text"
    replies_to: str | None = None
    case: str | None = None
    file: Mapping[str, Any] | None = None
    problem: str | None = None
    announcement: bool = False


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen by its digit, its button or its words."""

    id: str
    title: Words
    words: tuple[str, ...] = ()
    description: Words = Words("", "")

    @property
    def named(self) -> tuple[str, ...]:
        return (self.title.id, self.title.en, *self.words)

    def option(self, language: str) -> dict[str, str]:
        """As a message has it; channels cut it down to what they can show."""
        return {
            "id": self.id, "title": self.title.in_language(language)[:60],
            "description": self.description.in_language(language)[:72],
        }  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """An answer of ours: a text with its values (`Words` are put into the talk's language), what can be chosen, and
    whether it is a question that stays open. `case` is the id of the case that it is about, `sample` the paper
    whose sample picture goes with it when it is asked for the first time."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    question: bool = True
    case: str | None = None
    sample: str | None = None

    def after(self, *said: Words | None) -> Turn:
        """The same with sentences in front of it."""
        before = [one for one in said if one is not None]
        return replace(self, values={**self.values, "before": [*before, *self.values.get("before", [])]})
