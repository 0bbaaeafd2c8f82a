"""Nine digits in one reply: the answer to the survey, by chat."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from intake.domain import survey as rules
from intake.domain.conversation.turns import Turn
from intake.domain.survey import Given, Wrong
from intake.store import conversations
from intake.store import surveys as store
from intake.usecases import surveys
from intake.usecases.talking.scene import Scene, refused
from kit.db import Row
from kit.problems import Problem, Words


@dataclass(frozen=True)
class Meant:
    """An answer, or what was to be one, and the survey that it is for."""

    said: Given | Wrong
    row: Row


def meant(at: Scene) -> Meant | None:
    """What somebody says to a survey: by quoting its invitation, or with nine digits as nothing else has them; None for
    all else. Digits that went wrong count where nothing else was asked."""
    heard, talk = at.heard, at.talk
    if heard.choice is not None or heard.file is not None or not heard.text.strip():
        return None
    whose = at.conversation.contact_id, talk.phone
    if heard.replies_to is not None and heard.case is not None:
        row = store.quoted(at.tx, at.deps.data_keys, UUID(heard.case), UUID(heard.replies_to), *whose)
        said = rules.in_chat(heard.text, quoted=True) if row else None
        return Meant(said, row) if row and said else None
    said = rules.in_chat(heard.text, quoted=False)
    if said is None or (said is rules.WRONG and talk.asked):
        return None
    rows = store.of_sender(at.tx, at.deps.data_keys, at.office.code, *whose, at.deps.clock.now())
    return Meant(said, rows[0]) if rows else None


def take(at: Scene, found: Meant) -> Turn | None:
    """Takes the answer; one that is none is told so once, and then is with the office. None of them stands beside his
    name, be it that it is not counted."""
    row, said = found.row, found.said
    at.settled = row["application_id"]
    at.talk.unclear = 0
    if rules.is_scored(at.heard.text):
        conversations.reword(at.tx, at.deps.data_keys, UUID(at.heard.message_id), rules.IN_PLACE)
    if isinstance(said, Wrong):
        return _wrong(at, row)
    try:
        with at.tx.attempt():
            surveys.answer(at.deps, at.tx, row, said, "chat")
    except Problem as problem:
        return Turn("talk_note", question=False).after(refused(problem))
    name = surveys.service_name(at.deps, at.tx, row)
    return Turn("talk_survey_thanks", {"service_name": Words(**name)}, question=False)


def _wrong(at: Scene, row: Row) -> Turn | None:
    if row["answered_at"] and rules.is_scored(at.heard.text):
        return Turn("talk_note", question=False).after(refused(rules.Answered()))
    closed = row["answered_at"] or surveys.is_over(at.deps, row)
    if closed or not store.corrected(at.tx, row["application_id"]):
        at.for_office()
        return None
    return Turn("talk_survey_again", question=False)
