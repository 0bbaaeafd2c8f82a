"""One turn of a conversation: what was heard, from whom, where the conversation stands, and what is said back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.problems import Problem, Words
from verification.deps import Deps
from verification.domain.heads import Officeholder
from verification.domain.talks import Talk
from verification.domain.tasks import Task
from verification.store.messages import Link
from verification.usecases.writing import Option, Sender, answer


@dataclass(frozen=True)
class Heard:
    """What somebody sent. `choice` is the option that he pressed, `replies_to` the message of ours that he answered."""

    kelurahan: str
    sender: Sender
    text: str = field(repr=False)
    choice: str | None = None
    replies_to: UUID | None = None


@dataclass(frozen=True)
class Access:
    """A question that he may answer: by the link that was sent to him, as that officeholder or (None) a neighbour."""

    task: Task
    link: Link
    holder: Officeholder | None

    @property
    def holder_id(self) -> UUID | None:
        return self.holder.id if self.holder else None


@dataclass
class Turn:
    """`holders` are the offices that his number holds today, `statements` what he is asked as a neighbour."""

    deps: Deps
    tx: Tx
    heard: Heard
    talk: Talk
    day: date
    holders: Sequence[Officeholder] = ()
    statements: Sequence[Task] = ()
    puzzled: bool = False

    @property
    def own(self) -> Officeholder | None:
        """The office that he begins something with: of an RT before that of the RW."""
        return next(iter(sorted(self.holders, key=lambda one: (one.role == "rw_head", one.role))), None)

    def say(
        self, template: str, values: Mapping[str, Any] | None = None, *, access: Access | None = None,
        choices: Sequence[Option] = (), waits: bool = False,
    ) -> None:  # fmt: skip
        """Answers him."""
        named = {"head_name": self.own.name} if self.own else {}
        answer(
            self.deps, self.tx, self.heard.kelurahan, self.heard.sender, template, named | dict(values or {}),
            choices=choices, waits=waits, task=access.task if access else None,
            holder_id=access.holder_id if access else None,
        )  # fmt: skip

    def ask(
        self, step: str, template: str, values: Mapping[str, Any] | None = None, *, access: Access | None = None,
        choices: Sequence[Option] = (), **said: Any,
    ) -> None:  # fmt: skip
        """Asks him something: his next words are the answer to it."""
        asked = {"template": template, "values": dict(values or {}), "options": list(choices)}
        self.talk = self.talk.at(step, access.task.id if access else None, **said, asked=asked)
        self.say(template, values, access=access, choices=choices, waits=True)

    def ask_again(self, access: Access | None = None) -> None:
        """The same question once more."""
        asked = self.talk.said["asked"]
        self.say(asked["template"], asked["values"], access=access, choices=asked["options"], waits=True)

    def end(self) -> None:
        """Nothing more is asked."""
        self.talk = self.talk.at(None)

    def not_understood(self, choices: Sequence[Option] = ()) -> None:
        """He is told what he can write; once, until something was understood or an hour has passed."""
        self.puzzled = True
        if not self.talk.may_be_told(self.deps.clock.now()):
            return
        self.talk = replace(self.talk, puzzled_at=self.deps.clock.now())
        asked = self.talk.said.get("asked") or {}
        template = "head_unclear" if self.holders else "neighbour_unclear"
        self.say(template, {"options": ""}, choices=choices or asked.get("options") or (), waits=bool(self.talk.step))

    def not_his(self, template: str) -> None:
        """He is told that he cannot answer this; once, as for what is not understood."""
        self.puzzled = True
        if self.talk.may_be_told(self.deps.clock.now()):
            self.talk = replace(self.talk, puzzled_at=self.deps.clock.now())
            self.say(template)

    def refused(self, problem: Problem, access: Access | None = None) -> None:
        """What he wants cannot be: he is told why."""
        self.say("head_problem", {"problem": sentence(problem)}, access=access)


def sentence(problem: Problem) -> str:
    """What a refusal says: of the first field that is wrong, else of all of it."""
    found = _first_words(problem.errors)
    return (found or problem.detail).id


def _first_words(value: Any) -> Words | None:
    if isinstance(value, Words):
        return value
    inner = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    return next((words for one in inner if (words := _first_words(one)) is not None), None)
