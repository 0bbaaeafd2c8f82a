"""A reason in somebody's own words is read back to him before it counts; what is none leaves the step, and he is asked
his question anew."""

from __future__ import annotations

from typing import Any

from contracts import written
from verification.domain import replies, sentences, talks
from verification.domain.tasks import unanswered
from verification.store import tasks as store
from verification.usecases.taking import applicant
from verification.usecases.turns import Access, Turn
from verification.usecases.writing import Option, about, options, options_of

RIGHT, WRONG = "right", "wrong"


def options_for(turn: Turn, access: Access) -> list[Option]:
    """How he can answer the question."""
    files = len(unanswered(store.files(turn.tx, access.task.id)))
    return options_of(access.task, files, about(turn.deps, turn.tx, access.task), access.holder)


def ask_anew(turn: Turn, access: Access) -> None:
    """Nothing of the step counts, and the question stands as it did before."""
    turn.end()
    turn.say("head_again", applicant(turn, access), access=access, choices=options_for(turn, access), waits=True)


def reason_of(turn: Turn, access: Access, text: str) -> str | None:
    """The reason that he wrote; None where it is none, and he was told."""
    if sentences.gives_no_reason(text):
        ask_anew(turn, access)
        return None
    words = replies.note(text)
    if not words:
        turn.not_understood()
    return words or None


def read_back(turn: Turn, access: Access, code: str, words: str, *, documents: str = "", **said: Any) -> None:
    """What he answers and why, for him to say that it is right."""
    turn.ask(
        talks.READ_BACK, "head_reason_check",
        {"answer": replies.OPTIONS[code].id, "documents": documents, "note": words}, access=access,
        choices=options(access.task.id, {RIGHT: "Ya, benar", WRONG: "Bukan"}), code=code, words=words, **said,
    )  # fmt: skip


def is_right(turn: Turn, access: Access, text: str) -> bool:
    """Whether what was read back is right. Where he says no he is asked anew; where he says neither he is told."""
    number = None if sentences.is_question(text) else written.number(text, 2)
    if text == RIGHT or number == 1 or sentences.agrees(text):
        return True
    if text == WRONG or number == 2 or written.yes_or_no(text) is False or sentences.takes_back(text):
        ask_anew(turn, access)
    else:
        turn.not_understood()
    return False
