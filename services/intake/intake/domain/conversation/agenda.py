"""What a case lacks, and of that the one thing to be asked next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from intake.domain.conversation.turns import CHAT

DOCUMENT, FIELD, PAGES, AGREEMENT, INTRODUCTION, ORIGINAL, SUMMARY = (
    "document", "field", "pages", "agreement", "introduction", "original", "summary",
)  # fmt: skip


@dataclass(frozen=True)
class Lacks:
    """What is open in a case. `documents`: files that are missing or were returned; `fields` and `numbers`: what can be
    asked in words, the latter only where numbers may; `rows`: what can only be answered on a page; `originals`: what is
    to be shown; `introduction`: its state where the service wants one and it is not there, else None."""

    documents: Sequence[str] = ()
    fields: Sequence[str] = ()
    numbers: Sequence[str] = ()
    rows: Sequence[str] = ()
    agreement: bool = False
    originals: Sequence[str] = ()
    introduction: str | None = None

    @property
    def anything(self) -> bool:
        """Whether the person himself has something to do."""
        return bool(self.documents or self.fields or self.numbers or self.rows or self.agreement)


@dataclass(frozen=True)
class Next:
    """`kind` is one of this module's words; `code` the document or field."""

    kind: str
    code: str = ""

    @property
    def asked(self) -> str:
        """As the state of a talk keeps it."""
        return f"{self.kind}:{self.code}"

    @classmethod
    def read(cls, asked: str) -> Next:
        kind, _, code = asked.partition(":")
        return cls(kind, code)


def next_of(lacks: Lacks, rules: dict[str, Any], later: Sequence[str] = ()) -> Next:
    """What is asked next, by the rules of the channel: where documents come by link, everything is done on pages. What
    somebody put off comes after the rest."""
    if lacks.anything and rules.get("documents_by") != CHAT:
        return Next(PAGES)
    numbers = list(lacks.numbers) if rules.get("numbers") else []
    ready = [code for code in lacks.documents if code not in later]
    if ready:
        return Next(DOCUMENT, ready[0])
    if lacks.agreement:
        return Next(AGREEMENT)
    if numbers or lacks.fields:
        return Next(FIELD, [*numbers, *lacks.fields][0])
    if lacks.documents:
        return Next(DOCUMENT, lacks.documents[0])
    if lacks.rows or lacks.numbers:
        return Next(PAGES)
    if lacks.introduction in ("none", "refused"):
        return Next(INTRODUCTION)
    if lacks.originals:
        return Next(ORIGINAL)
    return Next(SUMMARY)
