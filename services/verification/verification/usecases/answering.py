"""What somebody answers to a question about an introduction, or as a neighbour; what is about documents goes on in
`judging`."""

from __future__ import annotations

from typing import Any

from contracts import written
from verification.domain import originals, replies, sentences, talks
from verification.domain.decisions import ACKNOWLEDGE, GRANT, REFUSAL_REASONS, REFUSE, VERDICT_NAMES
from verification.domain.errors import TaskClosed
from verification.domain.replies import GRANT_AGREED, GRANT_GENUINE
from verification.domain.statements import ANSWER_NAMES, CONFIRM, DECLINE, OBJECT
from verification.domain.tasks import ATTESTATION, GENUINE, STATEMENT, unanswered, wanted_originals
from verification.store import tasks as store
from verification.usecases.judging import ask_seen, doubt, judge, see_originals
from verification.usecases.reasons import is_right, options_for, read_back, reason_of
from verification.usecases.taking import applicant, confirm, take
from verification.usecases.turns import Access, Turn
from verification.usecases.writing import about, helped, options


def reply(turn: Turn, access: Access, text: str) -> None:
    """His own words about a question."""
    task = access.task
    if not task.open:
        _about_closed(turn, access, text)
        return
    meant = replies.read(text, _codes(turn, access))
    if meant is None:
        turn.not_understood(options_for(turn, access))
        return
    choose(turn, access, meant.code, meant.words)


def reads(turn: Turn, access: Access, text: str) -> bool:
    """Whether the words say something about this question."""
    return replies.read(text, _codes(turn, access)) is not None


def choose(turn: Turn, access: Access, code: str, words: str = "") -> None:
    """The option that he means, with what he wrote besides. One that this question does not have is not understood."""
    if code in REFUSAL_REASONS:
        _refuse(turn, access, code, words)
    elif code == REFUSE:
        named = replies.refusal_reason(words)
        if words and named is None:
            read_back(turn, access, REFUSE, words, reason="other")
        else:
            _refuse(turn, access, named, words)
    elif code in (GRANT, GRANT_AGREED, GRANT_GENUINE):
        _grant(turn, access, code)
    elif code == ACKNOWLEDGE:
        if take(turn, access, {"decision": ACKNOWLEDGE}):
            confirm(turn, access, "head_acknowledged")
    elif code in VERDICT_NAMES:
        judge(turn, access, code, words)
    elif code in (CONFIRM, OBJECT, DECLINE):
        state(turn, access, code, words)
    else:
        turn.not_understood(options_for(turn, access))


def _grant(turn: Turn, access: Access, code: str) -> None:
    sent: dict[str, Any] = {"decision": GRANT}
    if code == GRANT_AGREED:
        sent["owner_agrees"] = True
    if code == GRANT_GENUINE:
        files = unanswered(store.files(turn.tx, access.task.id))
        sent["verdicts"] = [{"file_id": file.file_id, "verdict": GENUINE} for file in files]
    if take(turn, access, sent):
        confirm(turn, access, "head_granted", straight=True)


def _refuse(turn: Turn, access: Access, reason: str | None, words: str) -> None:
    if reason is None:
        titles = {code: name.id for code, name in REFUSAL_REASONS.items()}
        turn.ask(
            talks.REASON, "head_reason", applicant(turn, access), access=access,
            choices=options(access.task.id, titles),
        )  # fmt: skip
    elif reason == "other" and not words:
        turn.ask(talks.NOTE, "head_note", access=access)
    elif take(turn, access, {"decision": REFUSE, "reason": reason, "note": words or None}):
        confirm(turn, access, "head_refused", {"reason": REFUSAL_REASONS[reason].id, "note": words})


def reason_given(turn: Turn, access: Access, text: str) -> None:
    """Why he refuses: one of the list, or his own words."""
    titles = {code: [name.id, name.en] for code, name in REFUSAL_REASONS.items()}
    chosen = None if sentences.is_question(text) else written.choice(text, titles)
    if chosen:
        _refuse(turn, access, chosen, "")
    else:
        note_given(turn, access, text)


def note_given(turn: Turn, access: Access, text: str) -> None:
    """The sentence that goes with a refusal, or with a neighbour's objection."""
    words = reason_of(turn, access, text)
    if words is None:
        return
    if access.task.kind == STATEMENT:
        state(turn, access, OBJECT, words)
    else:
        read_back(turn, access, REFUSE, words, reason=replies.refusal_reason(text) or "other")


def read_back_given(turn: Turn, access: Access, text: str) -> None:
    """He says whether his answer and its reason are right."""
    said = turn.talk.said
    if not is_right(turn, access, text):
        return
    if said["code"] == REFUSE:
        _refuse(turn, access, said["reason"], said["words"])
    elif said["code"] == OBJECT:
        _stated(turn, access, OBJECT, said["words"])
    else:
        doubt(turn, access, said["files"], said["words"])


def state(turn: Turn, access: Access, code: str, words: str = "") -> None:
    """What a neighbour says."""
    if code != OBJECT:
        _stated(turn, access, code, words)
    elif words:
        read_back(turn, access, OBJECT, words)
    else:
        turn.ask(talks.NOTE, "neighbour_why", access=access)


def _stated(turn: Turn, access: Access, code: str, words: str) -> None:
    if take(turn, access, {"decision": code, "note": words or None}):
        turn.say("neighbour_recorded", {"answer": ANSWER_NAMES[code].id, "note": words}, access=access)


def _about_closed(turn: Turn, access: Access, text: str) -> None:
    """What is closed is closed; but originals that he asked for he may have seen since."""
    wanted = wanted_originals(access.task, store.files(turn.tx, access.task.id))
    if wanted and originals.says_seen(text):
        see_originals(turn, access, wanted)
    elif wanted and originals.speaks_of_them(text):
        ask_seen(turn, access, wanted)
    else:
        turn.refused(TaskClosed(), access)


def _codes(turn: Turn, access: Access) -> list[str]:
    task = access.task
    files = 0 if task.kind in (ATTESTATION, STATEMENT) else len(unanswered(store.files(turn.tx, task.id)))
    return replies.offered(task, files=files, helped=helped(about(turn.deps, turn.tx, task), access.holder))
