"""Who writes, what it is about, and which step takes it: the way of every message from an RT head or a neighbour.

1. a code of a printed sheet enrols him            2. a button, or a reply to a message of ours, names its question
3. a word such as `tugas`, `pengantar`, `cuti`     4. the step that his conversation is at
5. the one question that is open with him; of several he is asked which
Whatever it was is kept beside its question, for the office too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from contracts.enrolment import code_in
from kit.db import Tx
from verification.deps import Deps
from verification.domain import absences, originals, talks
from verification.domain.tasks import wanted_originals
from verification.store import conversations, messages
from verification.store import tasks as store
from verification.usecases import answering, beginning, enrolling, finding, judging, leaving, practising, reasons
from verification.usecases.telling import today
from verification.usecases.turns import Access, Heard, Turn
from verification.usecases.writing import Sender, answer

ABOUT_A_QUESTION: Mapping[str, Callable[[Turn, Access, str], None]] = {
    talks.REASON: answering.reason_given,
    talks.NOTE: answering.note_given,
    talks.DOCUMENTS: judging.documents_given,
    talks.DOUBT: judging.doubt_given,
    talks.NEIGHBOUR: judging.neighbour_given,
    talks.READ_BACK: answering.read_back_given,
    talks.SEEN: judging.seen_given,
    talks.SHOWN: answering.reply,
}
BY_ITSELF: Mapping[str, Callable[[Turn, str], None]] = {
    talks.PERSON: beginning.person_given,
    talks.PURPOSE: beginning.purpose_given,
    talks.CHECK: beginning.checked,
    talks.AWAY: leaving.checked,
    talks.UNTIL: leaving.until_given,
    talks.PRACTICE: practising.go_on,
    talks.WHICH: finding.which_given,
}


def take(deps: Deps, tx: Tx, data: Mapping[str, Any], person: Mapping[str, Any]) -> None:
    """Somebody wrote to us. One turn of his at a time; nothing that he writes raises."""
    sender = Sender(data["contact_id"], data["message_id"], dict(person.get("from") or {}))
    text = str(person.get("text") or "")
    code = code_in(text)
    if code and sender.person.get("phone"):
        enrolling.enrol(deps, tx, data["kelurahan"], sender, code)
        return
    if code and sender.contact_id is not None:
        answer(deps, tx, data["kelurahan"], sender, "head_number_hidden", {})
        return
    if sender.contact_id is None:
        _keep_only(deps, tx, data, sender)
        return
    now = deps.clock.now()
    heard = Heard(data["kelurahan"], sender, text, person.get("choice"), data["replies_to"])
    talk = conversations.locked(tx, deps.data_keys, heard.kelurahan, sender.contact_id, now).fresh(now)
    turn = Turn(deps, tx, heard, talk, today(deps, tx, heard.kelurahan))
    about = _speak(turn)
    messages.add_incoming(tx, deps.data_keys, dict(data), about)
    if not turn.puzzled:
        turn.talk = replace(turn.talk, puzzled_at=None)
    conversations.save(tx, deps.data_keys, turn.talk, deps.clock.now())  # after all that was sent to him by this


def _keep_only(deps: Deps, tx: Tx, data: Mapping[str, Any], sender: Sender) -> None:
    """What an earlier release of notify tells has no contact: kept beside the newest question, as it was then."""
    phone = sender.person.get("phone")
    holders = messages.holders_with_phone(tx, deps.data_keys, data["kelurahan"], phone) if phone else []
    newest = store.open_with_any(tx, holders)[-1:]
    messages.add_incoming(tx, deps.data_keys, dict(data), newest[0].id if newest else None)


def _speak(turn: Turn) -> UUID | None:
    """Does what he says; the question that it was about."""
    unconfirmed = _recognise(turn)
    task_id, code = finding.named(turn)
    asked = finding.access(turn, task_id) if task_id else None
    if asked is not None and asked.task.id not in {task.id for task in turn.statements} and asked.holder is None:
        turn.statements = [*turn.statements, asked.task]
    if (task_id and asked is None) or not (turn.holders or turn.statements):
        turn.not_his("head_not_enrolled" if unconfirmed else "head_not_yours")
        return None
    if asked is not None and code is not None:
        _press(turn, asked, code)
        return asked.task.id
    return _write(turn, asked, code or turn.heard.text)


def _recognise(turn: Turn) -> bool:
    """As whom he may speak, by the number that he has now: who lost it has lost what it could decide. Whether an office
    has his number that he has not confirmed."""
    phone = turn.heard.sender.person.get("phone")
    if not phone:
        return False
    found = finding.holders_of(turn.deps, turn.tx, turn.heard.kelurahan, phone, turn.day)
    turn.holders, unconfirmed = found
    turn.statements = store.statements_with(turn.tx, turn.deps.data_keys, turn.heard.kelurahan, phone)
    return unconfirmed


def _press(turn: Turn, asked: Access, code: str) -> None:
    """A button, of whichever message of ours."""
    handler = ABOUT_A_QUESTION.get(turn.talk.step or "") if turn.talk.task_id == asked.task.id else None
    if code == finding.THIS:
        finding.picked(turn, asked)
    elif handler is not None and _is_of_step(turn, code) and (asked.task.open or turn.talk.step == talks.SEEN):
        handler(turn, asked, code)
    elif not asked.task.open:
        answering.reply(turn, asked, turn.heard.text)
    else:
        answering.choose(turn, asked, code)


def _is_of_step(turn: Turn, code: str) -> bool:
    """Whether the button belongs to the step that he is at, and not to the question itself."""
    return code in (reasons.RIGHT, reasons.WRONG) if turn.talk.step in talks.YES_OR_NO else code.isdecimal()


def _write(turn: Turn, asked: Access | None, text: str) -> UUID | None:
    """Words: for a question that he replied to, a step that he is at, or by themselves."""
    step = turn.talk.step
    if asked is not None and asked.task.id != turn.talk.task_id:
        step = None
    if _by_its_word(turn, asked, talks.command(text, free=step in talks.FREE), text):
        return asked.task.id if asked else None
    if step is not None and asked is None and (newer := finding.asked_since(turn)):
        _which_now(turn, newer, text)
        return None
    if step in ABOUT_A_QUESTION and turn.talk.task_id is not None:
        return _go_on(turn, step or "", turn.talk.task_id, text)
    if asked is not None:
        answering.reply(turn, asked, text)
        return asked.task.id
    if step in BY_ITSELF:
        BY_ITSELF[step or ""](turn, text)
        return None
    return _saw_originals(turn, text) or finding.answer_open(turn)


def _which_now(turn: Turn, newer: Sequence[Access], text: str) -> None:
    """Questions came since he was asked something: his words may be for either."""
    if turn.talk.step == talks.WHICH:
        finding.ask_which(turn, finding.own_questions(turn), turn.talk.said.get("words") or "")
    else:
        finding.ask_which(turn, newer, text, earlier=turn.talk)


def _go_on(turn: Turn, step: str, task_id: UUID, text: str) -> UUID | None:
    """The next words about a question that takes several."""
    found = finding.access(turn, task_id)
    if found is None or not (found.task.open or step == talks.SEEN):
        turn.end()
        if found is None:
            turn.not_his("head_not_yours")
        else:
            answering.reply(turn, found, text)
    else:
        ABOUT_A_QUESTION[step](turn, found, text)
    return found.task.id if found else None


def _saw_originals(turn: Turn, text: str) -> UUID | None:
    """He has seen the originals that he asked for last."""
    sure = originals.says_seen(text)
    if not sure and (not originals.speaks_of_them(text) or finding.own_questions(turn)):
        return None
    newest = store.newest_for_original(turn.tx, [one.id for one in turn.holders])
    found = finding.access(turn, newest.id) if newest else None
    if found is None or not wanted_originals(found.task, store.files(turn.tx, found.task.id)):
        return None
    answering.reply(turn, found, text)
    return found.task.id


def _by_its_word(turn: Turn, asked: Access | None, word: str | None, text: str) -> bool:
    """Whether it was one of the words that mean the same at any time."""
    if word == talks.STOP:
        at_a_step = turn.talk.step is not None and turn.talk.step != talks.SHOWN
        turn.end()
        turn.say("head_stopped" if at_a_step else "head_stands")
    elif word == talks.REPEAT and turn.talk.step == talks.WHICH:
        finding.ask_which_again(turn)
    elif word == talks.REPEAT and turn.talk.said.get("asked"):
        turn.ask_again()
    elif word in (talks.SHOW, talks.REPEAT):
        _show(turn, asked)
    elif turn.holders and not (turn.talk.step in talks.FREE and word is None):
        return _of_a_head(turn, asked, word, text)
    elif word == talks.HELP:
        turn.say("neighbour_help")
    else:
        return False
    return True


def _of_a_head(turn: Turn, asked: Access | None, word: str | None, text: str) -> bool:
    by_itself = word is None and asked is None and turn.talk.step is None
    if word == talks.ABSENT:
        leaving.away(turn, text)
    elif by_itself and absences.says_away(text):
        leaving.propose(turn, text)
    elif by_itself and absences.says_back(text):
        leaving.back(turn)
    elif asked is not None or word is None:
        return False
    elif word == talks.TASKS:
        _list(turn)
    elif word == talks.INTRODUCE:
        beginning.begin(turn, text)
    elif word == talks.PRACTISE:
        practising.begin(turn)
    elif word == talks.HELP:
        turn.say("head_help")
    return True


def _show(turn: Turn, asked: Access | None) -> None:
    """The question that he replied to again, else the one that is open; of several he is asked which."""
    turn.end()
    if asked is not None:
        finding.show(turn, asked)
    else:
        _list(turn)


def _list(turn: Turn) -> None:
    """What waits for him: one is shown at once."""
    open_ones = finding.own_questions(turn) or finding.answered(turn)
    turn.end()
    if len(open_ones) == 1:
        finding.show(turn, open_ones[0])
    elif open_ones:
        finding.ask_which(turn, open_ones, "")
    else:
        turn.say("head_no_tasks")
