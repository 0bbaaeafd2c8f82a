"""How far a conversation is. Kept sealed; read tolerantly, so that what another release kept never stops one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

MOST_TURNS = 40
OPENING, MENU, OFFICE, COMPLAINT = "open:", "menu:", "office:", "complaint:"
"""What is asked begins with this where it is about no case."""
MOST_SAID = 100
MOST_SAMPLES = 60
MOST_WAITING = 20
"""Photos that wait to be sorted; what comes besides is with the office."""


@dataclass
class Talk:
    """`answers` are those of a case that is not opened yet, and `said` the ids of the messages that were about it;
    `case` is the one that the talk is about now (id as text), `asked` what was asked last, `asked_of` of which case,
    `options` what could be chosen then, as it was shown; `about` says which case each message of ours was about,
    `questions` what each asked; `parked` is the question that waits while he writes to the office or about another
    case; `photos` wait for their place, `later` are papers that he has not at hand, `unclear` counts what was not
    understood in a row, `sends` are cases that go in by themselves as soon as the introduction is there, `samples` are
    papers of which he has the sample picture, `gone` counts in a row what he sent and did not reach us,
    `complaint` is what was said of one that is not filed yet, and the id of one that is talked about."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: str = ""
    asked_of: str | None = None
    options: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
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
    samples: list[str] = field(default_factory=list)
    gone: int = 0
    rules: dict[str, Any] = field(default_factory=dict)
    news: list[list[str]] = field(default_factory=list)
    complaint: dict[str, Any] = field(default_factory=dict)
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

    def shows_sample(self, code: str) -> bool:
        """Whether he has not seen what a photo of this paper should look like; from now on he has."""
        if code in self.samples:
            return False
        self.samples = [*self.samples, code][-MOST_SAMPLES:]
        return True

    def asks_again(self) -> bool:
        """Whether what did not reach us is asked for once more: once, until something came."""
        self.gone += 1
        return self.gone == 1

    @property
    def is_opening(self) -> bool:
        """Whether a case is about to be opened, be it that he writes to the office just now."""
        return self.asked.startswith(OPENING) or (self.asked == OFFICE and self.parked.startswith(OPENING))

    @property
    def is_of_case(self) -> bool:
        """Whether what was asked is about a case."""
        return bool(self.asked) and not self.asked.startswith((OPENING, MENU, OFFICE, COMPLAINT))

    def is_elsewhere(self, case: str) -> bool:
        """Whether he is at something else than this case: what is asked of it now would take an answer that is not
        for it."""
        return (
            self.is_opening or self.asked.startswith((MENU, COMPLAINT)) or (self.is_of_case and self.asked_of != case)
        )

    def told_question(self, options: list[str], case: str | None) -> None:
        """A question went out. What it is about is what the talk is about now."""
        self.options = options
        if case is not None and self.is_of_case:
            self.case = self.asked_of = case

    def forget(self, case: str) -> None:
        """A case is erased: its photos with their captions, what was to be said of it, and that it was talked about."""
        self.photos = [photo for photo in self.photos if photo.get("case") != case]
        self.news = [one for one in self.news if one[2:] != [case]]
        self.about = {message: about for message, about in self.about.items() if about != case}
        self.sends = [one for one in self.sends if one != case]
        self.options = [one for one in self.options if one != case]
        self.questions = {message: asked for message, asked in self.questions.items() if message in self.about}
        if self.is_of_case and self.asked_of == case:
            self.asked = ""
        self.asked_of = None if self.asked_of == case else self.asked_of
        self.case = None if self.case == case else self.case
        self.complaint = {name: value for name, value in self.complaint.items() if value != case}

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
