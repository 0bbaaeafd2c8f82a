"""Voiding a letter, and what the end of a case means for its letters."""

from __future__ import annotations

from documents.deps import Deps
from documents.domain.cases import SIGNABLE, Application
from documents.domain.errors import NothingToVoid
from documents.domain.letters import Letter
from documents.store import handovers, letters
from documents.usecases import drafting, objects
from documents.usecases.telling import tell_handover, tell_voided
from kit.db import Tx


def end_case(deps: Deps, tx: Tx, application: Application) -> None:
    """A case that was withdrawn, rejected or expired: letters of the office with a number become void for all to see,
    drafts are cancelled, the hand-over stops. The RT head's introduction is his own and stays, and a form that was
    handed out is paper that others have signed."""
    reason = f"application_{application.status}"
    for letter in letters.of_case(tx, application.id):
        if letter.may("cancel"):
            drafting.cancel(tx, letter)
        elif letter.may("void") and not letter.form:
            mark_void(deps, tx, letter, "system", reason)
    stop_handover(deps, tx, application, reason)


def void(deps: Deps, tx: Tx, letter: Letter, application: Application | None, by: str, reason: str) -> None:
    """A letter is void from now on; where its case goes on, a new one is drawn up. Raises NothingToVoid."""
    if letter.form:
        raise NothingToVoid
    mark_void(deps, tx, letter, by, reason)
    if application is None or letter.introduces:
        return
    if application.status in SIGNABLE:
        stop_handover(deps, tx, application, "letter_voided")
        drafting.draw_up(deps, tx, application)


def mark_void(deps: Deps, tx: Tx, letter: Letter, by: str, reason: str) -> None:
    """The letter keeps its number and its line in the book, and shows who voided it, when and why."""
    letter.do("void")
    objects.remove_later(tx, letter.kelurahan, letter.preview_key)
    objects.remove_later(tx, letter.kelurahan, letter.prepared_key)
    letter.preview_key = letter.prepared_key = None
    letter.voided_at, letter.voided_by, letter.void_reason = deps.clock.now(), by, reason
    letters.save(tx, letter)
    tell_voided(deps, tx, letter)


def stop_handover(deps: Deps, tx: Tx, application: Application, reason: str) -> None:
    handover = handovers.open_of_case(tx, deps.data_keys, application.id)
    if handover is None:
        return
    handover.do("stop", deps.clock.now())
    handover.reason = reason
    handovers.save(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)
