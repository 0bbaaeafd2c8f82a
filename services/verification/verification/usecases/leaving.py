"""An RT head says that he is away, or back: `sedang di luar kota sampai Senin`, `cuti 3 hari`, `kembali`."""

from __future__ import annotations

from datetime import date

from contracts import written, written_days
from kit import audit
from kit.problems import Problem
from verification.domain import absences, sentences, talks
from verification.domain.absences import Away
from verification.domain.words import long_day
from verification.usecases import heads
from verification.usecases.turns import Turn
from verification.usecases.writing import options


def away(turn: Turn, text: str) -> None:
    """He is away; asked until when where he did not say."""
    found = absences.period(text, turn.day)
    if found.until is None:
        turn.ask(talks.UNTIL, "head_away_until")
    else:
        _set(turn, found)


def propose(turn: Turn, text: str) -> None:
    """He seems to say that he is away: asked before it is set."""
    found = absences.period(text, turn.day)
    if found.until is None:
        turn.ask(talks.UNTIL, "head_away_until")
        return
    first = found.first or turn.day
    turn.ask(
        talks.AWAY, "head_away_check", {"first": long_day(first), "until": long_day(found.until)},
        choices=options(None, {"yes": "Ya, benar", "no": "Bukan"}),
        first=first.isoformat(), until=found.until.isoformat(),
    )  # fmt: skip


def checked(turn: Turn, text: str) -> None:
    """He says whether he is away."""
    said, number = turn.talk.said, None if sentences.is_question(text) else written.number(text, 2)
    if text == "yes" or number == 1 or sentences.agrees(text):
        _set(turn, Away(date.fromisoformat(said["first"]), date.fromisoformat(said["until"])))
    elif text == "no" or number == 2 or written.yes_or_no(text) is False:
        turn.end()
        turn.say("head_stopped")
    else:
        turn.not_understood()


def until_given(turn: Turn, text: str) -> None:
    """Until when."""
    found = absences.period(text, turn.day)
    if found.until is None and (day := written_days.day(text, turn.day)):
        found = Away(None, day)
    if found.until is None:
        turn.not_understood()
        return
    alone = found.first == found.until and "sampai" not in text.casefold()
    _set(turn, Away(None, found.until) if alone else found)


def back(turn: Turn) -> None:
    """He is there again."""
    turn.end()
    if _absent_in_all(turn, Away(None, None)):
        turn.say("head_back")


def _set(turn: Turn, found: Away) -> None:
    turn.end()
    if not _absent_in_all(turn, found):
        return
    assert found.until is not None and turn.own is not None
    instead = heads.stand_in(turn.deps, turn.tx, turn.own)
    turn.say(
        "head_away",
        {"first": long_day(found.first or turn.day), "until": long_day(found.until),
         "instead": instead.name if instead else "petugas kelurahan"},
    )  # fmt: skip


def _absent_in_all(turn: Turn, found: Away) -> bool:
    """In every office that he holds; whether that could be."""
    first = (found.first or turn.day) if found.until else None
    try:
        with turn.tx.attempt():
            for holder in sorted(turn.holders, key=lambda one: one.id):
                heads.set_absence(turn.deps, turn.tx, holder.id, first, found.until)
                audit.changed(turn.tx, holder, who=f"officeholder:{holder.id}", via="message", what="absence")
    except Problem as problem:
        turn.refused(problem)
        return False
    return True
