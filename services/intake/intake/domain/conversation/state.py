"""How far a conversation is. Kept sealed; read tolerantly, so that what another release kept never stops one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

MOST_TURNS = 40
MOST_WAITING = 20
"""Photos that wait to be sorted; what comes besides is with the office."""


@dataclass
class Talk:
    """`answers` are those of a case that is not opened yet; `case` is the one that the talk is about now (id as text),
    `asked` what of it was asked last; `about` says which case each message of ours was about, `questions` what each
    asked; `parked` is the question that waits while he writes to the office or about another case; `photos` wait for
    their place, `later` are papers that he has not at hand, `unclear` counts what was not understood in a row, `sends`
    are cases that go in by themselves as soon as the introduction is there."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: str = ""
    case: str | None = None
    about: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    parked: str = ""
    photos: list[dict[str, Any]] = field(default_factory=list)
    burst: int = 0
    later: list[str] = field(default_factory=list)
    language: str = "id"
    noticed: bool = False
    unclear: int = 0
    sends: list[str] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    news: list[list[str]] = field(default_factory=list)
    name: str = ""
    phone: str | None = None

    @classmethod
    def from_kept(cls, kept: Any) -> Talk:
        """What was kept, as far as it is of its kind."""
        if not isinstance(kept, Mapping):
            return cls()
        usual = cls()
        return cls(**{
            one.name: kept[one.name]
            for one in fields(cls)
            if one.name in kept and _like(kept[one.name], getattr(usual, one.name))
        })  # fmt: skip

    def to_keep(self) -> dict[str, Any]:
        return asdict(self)

    def told_about(self, message_id: str, case: str | None, *, question: bool) -> None:
        """Remembers which case a message of ours was about, and what it asked, of the last ones."""
        if question and self.asked:
            self.questions[message_id] = self.asked
            self.questions = dict(list(self.questions.items())[-MOST_TURNS:])
        if case is not None:
            self.about[message_id] = case
            self.about = dict(list(self.about.items())[-MOST_TURNS:])

    def begin_anew(self) -> None:
        """Nothing is asked; what is kept of cases stays."""
        self.answers, self.asked, self.parked = {}, "", ""

    def park(self, instead: str) -> None:
        """What is asked waits, and something else has his words."""
        if self.asked != instead:
            self.parked, self.asked = self.asked, instead

    def resume(self, instead: str) -> None:
        """What waited is asked again, where something else had his words."""
        if self.asked == instead:
            self.asked, self.parked = self.parked, ""


def _like(value: Any, usual: Any) -> bool:
    return value is None or isinstance(value, str) if usual is None else isinstance(value, type(usual))
