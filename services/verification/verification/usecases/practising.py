"""`LATIHAN`: an RT head tries it with a request that was made up. There is no case, nothing is decided,
and nobody is told."""

from __future__ import annotations

from verification.domain import replies, talks
from verification.domain.decisions import GRANT, REFUSAL_REASONS, REFUSE
from verification.domain.replies import OPTIONS, refusal_reason
from verification.domain.tasks import BRING_ORIGINAL, DOUBTFUL, GENUINE
from verification.usecases.turns import Turn
from verification.usecases.writing import options

_INTRODUCTION, _ATTESTATION = "introduction", "attestation"
_CODES = {_INTRODUCTION: [GRANT, REFUSE], _ATTESTATION: [GENUINE, DOUBTFUL, BRING_ORIGINAL]}


def begin(turn: Turn) -> None:
    """The made-up request for an introduction."""
    _ask(turn, "head_practice", _INTRODUCTION)


def go_on(turn: Turn, text: str) -> None:
    """What he answered is said back, with what it would have done."""
    at = turn.talk.said["at"]
    meant = replies.read(text, _CODES[at])
    if meant is None:
        turn.not_understood()
    elif at == _INTRODUCTION:
        reason = refusal_reason(meant.words) if meant.code == REFUSE else None
        said = f"{OPTIONS[meant.code].id} ({REFUSAL_REASONS[reason].id})" if reason else OPTIONS[meant.code].id
        _ask(turn, "head_practice_documents", _ATTESTATION, answer=said)
    else:
        turn.end()
        turn.say("head_practice_done", {"answer": OPTIONS[meant.code].id})


def _ask(turn: Turn, template: str, at: str, **values: str) -> None:
    titles = {code: OPTIONS[code].id for code in _CODES[at]}
    turn.ask(talks.PRACTICE, template, values, choices=options(None, titles), at=at)
