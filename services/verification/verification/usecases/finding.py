"""Which question somebody speaks of, and whether it is his to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts import written
from kit.db import Tx
from verification.deps import Deps
from verification.domain import sentences, talks
from verification.domain.errors import TaskClosed
from verification.domain.heads import Officeholder
from verification.domain.talks import Talk
from verification.domain.tasks import ATTESTATION, STATEMENT, Task
from verification.store import heads, messages, people
from verification.store import tasks as store
from verification.usecases import answering, asking
from verification.usecases.turns import Access, Turn
from verification.usecases.writing import Option, about

MOST_LISTED = 10
"""Lines of a list in a message."""
THIS, EARLIER = "this", "earlier"
_EARLIER = {
    talks.PERSON: "Surat pengantar baru", talks.PURPOSE: "Surat pengantar baru", talks.CHECK: "Surat pengantar baru",
    talks.UNTIL: "Hari tidak di tempat", talks.PRACTICE: "Latihan",
}  # fmt: skip


def holders_of(deps: Deps, tx: Tx, kelurahan: str, phone: str, day: date) -> tuple[list[Officeholder], bool]:
    """Who holds an office with that number on that day, having confirmed it himself; and whether there is one who has
    not."""
    ids = messages.holders_with_phone(tx, deps.data_keys, kelurahan, phone)
    serving = [one for one in heads.holders_by_id(tx, deps.data_keys, ids).values() if one.serves(day)]
    confirmed = [one for one in serving if one.phone_confirmed_at is not None]
    return confirmed, len(confirmed) < len(serving)


def named(turn: Turn) -> tuple[UUID | None, str | None]:
    """The question that is named by what was pressed or replied to, and the option that was pressed."""
    task_id, code = _pressed(turn.heard.choice or "")
    if task_id is None and turn.heard.replies_to is not None:
        task_id = messages.task_of_message(turn.tx, turn.heard.replies_to)
    return task_id, code


def _pressed(choice: str) -> tuple[UUID | None, str | None]:
    """`<question>:<option>`, or an option alone."""
    mark, colon, code = choice.partition(":")
    if not colon:
        return None, choice or None
    try:
        return UUID(mark), code
    except ValueError:
        return None, None


def access(turn: Turn, task_id: UUID) -> Access | None:
    """His way to a question: a link that was sent to his number and opens it still. None where it is not his."""
    task = store.get(turn.tx, task_id)
    if task is None or (task.kind == STATEMENT and not _is_witness(turn, task)):
        return None
    link = messages.open_link(turn.tx, task.id, [one.id for one in turn.holders], turn.deps.clock.now())
    if link is None:
        return None
    return Access(task, link, next((one for one in turn.holders if one.id == link.officeholder_id), None))


def _is_witness(turn: Turn, task: Task) -> bool:
    known = people.read(turn.tx, turn.deps.data_keys, [task.witness_id])
    phone = known[task.witness_id].get("phone") if task.witness_id in known else None
    return phone is not None and phone == turn.heard.sender.person.get("phone")


def own_questions(turn: Turn) -> list[Access]:
    """What waits for his answer."""
    asked = [task for task in turn.statements if task.outcome is None]
    return _accesses(turn, [*store.open_with_any(turn.tx, [one.id for one in turn.holders]), *asked])


def answered(turn: Turn) -> list[Access]:
    """What he has answered as a neighbour, and may change while the case is looked at."""
    return _accesses(turn, [task for task in turn.statements if task.outcome is not None])


def _accesses(turn: Turn, tasks: Sequence[Task]) -> list[Access]:
    found = (access(turn, task.id) for task in tasks[:MOST_LISTED])
    return [one for one in found if one is not None]


def answer_open(turn: Turn) -> UUID | None:
    """His words are for the one open question that they can answer; of several he is asked which one he means, and of
    one that came while he said the same of another."""
    open_ones = own_questions(turn)
    text = turn.heard.text
    meant = [one for one in open_ones if answering.reads(turn, one, text)]
    if len(meant) == 1 and not _may_be_unseen(turn, meant[0]):
        answering.reply(turn, meant[0], text)
        return meant[0].task.id
    if meant:
        ask_which(turn, meant, text)
        return None
    if len(open_ones) == 1:
        answering.reply(turn, open_ones[0], text)
        return open_ones[0].task.id
    turn.not_understood()
    return None


def asked_since(turn: Turn) -> list[Access]:
    """What was sent to him after his last words, besides the question that his step is about."""
    found = [one for one in own_questions(turn) if one.task.id != turn.talk.task_id]
    ids, holders = [one.task.id for one in found], [one.id for one in turn.holders]
    since = messages.asked_since(turn.tx, ids, holders, turn.talk.changed_at)
    return [one for one in found if one.task.id in since]


def _may_be_unseen(turn: Turn, one: Access) -> bool:
    repeated = turn.talk.repeats(one.task.kind, turn.heard.text, turn.deps.clock.now())
    return repeated and one.task.id in {found.task.id for found in asked_since(turn)}


def ask_which(turn: Turn, found: Sequence[Access], text: str, earlier: Talk | None = None) -> None:
    """About whom he speaks. With his words kept for the one that he names; without any, it is shown to him. `earlier`
    is the step that he was at, where questions came since."""
    template = "head_which" if text else "head_tasks"
    choices, tasks = [_line(turn, one) for one in found], [str(one.task.id) for one in found]
    said: dict[str, Any] = {"words": text}
    if earlier is not None:
        about_it = access(turn, earlier.task_id) if earlier.task_id else None
        title = _line(turn, about_it)["title"] if about_it else _EARLIER.get(earlier.step or "", "Pertanyaan tadi")
        choices, tasks = [{"id": EARLIER, "title": title, "description": ""}, *choices], [EARLIER, *tasks]
        said |= {"earlier": {"step": earlier.step, "said": dict(earlier.said)}}
    turn.ask(talks.WHICH, template, choices=choices, tasks=tasks, **said)
    bare = {"template": template, "values": {}, "options": []}  # names stay with the questions, and go with them
    kept = dict(turn.talk.said) | {"asked": bare}
    turn.talk = replace(turn.talk, said=kept, task_id=earlier.task_id if earlier else None)


def ask_which_again(turn: Turn) -> None:
    """The same list once more, of what is still his."""
    said = turn.talk.said
    tasks = (access(turn, UUID(one)) for one in said["tasks"] if one != EARLIER)
    before = said.get("earlier")
    earlier = replace(turn.talk, step=before["step"], said=before["said"]) if before else None
    ask_which(turn, [one for one in tasks if one is not None], said.get("words") or "", earlier)


def _line(turn: Turn, one: Access) -> Option:
    name = (about(turn.deps, turn.tx, one.task).get("applicant") or {}).get("name") or "-"
    kind = "berkas" if one.task.kind == ATTESTATION else "keterangan" if one.task.kind == STATEMENT else "pengantar"
    return {"id": f"{one.task.id}:{THIS}", "title": f"{name} ({kind})", "description": ""}


def which_given(turn: Turn, text: str) -> None:
    """He names the question by its digit, or goes on to answer."""
    tasks = turn.talk.said["tasks"]
    number = None if sentences.is_question(text) else written.number(text, len(tasks))
    if text == EARLIER or (number and tasks[number - 1] == EARLIER):
        _back_to_it(turn)
        return
    found = access(turn, UUID(tasks[number - 1])) if number else None
    if found is not None:
        picked(turn, found)
    elif number:
        turn.end()
        turn.refused(TaskClosed())
    else:
        turn.end()
        answer_open(turn)


def _back_to_it(turn: Turn) -> None:
    """He goes on with the step that he was at: it is asked once more."""
    earlier = turn.talk.said.get("earlier")
    if earlier is None:
        turn.end()
        turn.not_understood()
        return
    turn.talk = turn.talk.at(earlier["step"], turn.talk.task_id, **earlier["said"])
    turn.ask_again(access(turn, turn.talk.task_id) if turn.talk.task_id else None)


def picked(turn: Turn, found: Access) -> None:
    """The question that he meant: what he wrote is its answer, or it is shown to him."""
    words = turn.talk.said.get("words") if turn.talk.step == talks.WHICH else None
    turn.end()
    if words:
        answering.reply(turn, found, words)
    else:
        show(turn, found)


def show(turn: Turn, found: Access) -> None:
    """The question again, with a fresh link to its page, where the documents are."""
    task, holder = found.task, found.holder
    if not task.open:
        answering.reply(turn, found, "")
    elif holder is not None:
        asking.send_link(turn.deps, turn.tx, task, holder, asked_by=turn.heard.sender)
    elif task.witness_id is not None:
        witness = people.read(turn.tx, turn.deps.data_keys, [task.witness_id])[task.witness_id]
        asking.send_statement_link(turn.deps, turn.tx, task, witness, asked_by=turn.heard.sender)
        turn.talk = turn.talk.at(talks.SHOWN, task.id)  # an answer of his is changed by what he writes next
