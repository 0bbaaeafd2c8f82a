"""Somebody wrote: kept first, and then answered, in one transaction with all that it changes. What a message does, it
does once; whatever is in it, the conversation can go on after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from contracts.messages import Rules
from intake.deps import Deps
from intake.domain.conversation.state import MOST_SAID
from intake.domain.conversation.turns import CHAT, LINK, Heard, Turn
from intake.domain.errors import OfficeUnknown
from intake.store import conversations
from intake.store.applications import person_context
from intake.usecases.talking import complaining, understanding
from intake.usecases.talking.scene import Scene, scene
from kit.db import Tx
from kit.ids import new_id
from kit.objects import check_handed
from kit.problems import Problem

log = structlog.get_logger()

_NOT_OPENING = "-"


def message_received(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """What somebody sent us. Without a contact (as the release before told it) it is only kept. Raises Permanent for a
    file that is in no bucket whose objects are handed to us."""
    if data["recipient"] != "intake":
        return
    check_handed(data["file"], deps.settings.handed_buckets)
    if not _keep(deps, tx, data) or data["contact_id"] is None:
        return
    now = deps.clock.now()
    conversation = conversations.lock(tx, deps.data_keys, data["kelurahan"], data["contact_id"], now)
    try:
        at = scene(deps, tx, conversation, _heard(data))
    except OfficeUnknown:
        log.warning("a message for an office that is not here", kelurahan=data["kelurahan"])
        return
    _who(at, data)
    before = at.talk.case if at.talk.is_opening else _NOT_OPENING
    lost = at.lost()
    if (turn := _answer(at)) is not None:
        at.tell(turn)
    _note(at, data["message_id"], before, lost=lost)
    conversations.save(tx, deps.data_keys, conversation, now)


def _keep(deps: Deps, tx: Tx, data: dict[str, Any]) -> bool:
    """False for a message that is here already."""
    person_id = new_id()
    said = dict(data["person"] or {}) | {name: data[name] for name in ("file", "problem") if data[name]}
    sealed = deps.data_keys.seal(said, person_context(person_id))
    return conversations.keep_message(tx, data, sealed, person_id)


def _note(at: Scene, message_id: UUID, before: str | None, *, lost: bool) -> None:
    """Which case it was about. What is said while one is about to be opened is about that one, and about none of those
    that he has; what is `lost` is about none either. `before` is the case that was talked about when it came, if one
    was about to be opened then."""
    talk = at.talk
    if at.settled is not None:
        conversations.note_message(at.tx, message_id, at.settled, office=False)
        return
    was_opening = before != _NOT_OPENING
    opened = was_opening and not talk.is_opening and talk.case != before
    counts = opened or at.meant or not (was_opening or talk.is_opening)
    app = at.case() if counts and not lost else None
    conversations.note_message(at.tx, message_id, app.id if app else None, office=False)
    if opened and app is not None:
        for one in talk.said:
            conversations.note_message(at.tx, UUID(one), app.id, office=False)
    if not talk.is_opening:
        talk.said = []
    elif app is None:
        talk.said = [*talk.said, str(message_id)][-MOST_SAID:]


def _answer(at: Scene) -> Turn | None:
    """A refusal that nobody foresaw becomes its own sentence, and an officer sees the message, unless it is told for a
    complaint."""
    kept = at.talk.to_keep()
    try:
        with at.tx.attempt():
            return understanding.reply(at)
    except Problem as problem:
        log.warning("a turn was refused", slug=problem.slug)
        at.conversation.talk = at.talk.from_kept(kept)
        if complaining.hears(at):
            return complaining.refuse(at, problem)
        at.for_office()
        return understanding.refused_turn(at, problem)


def _heard(data: dict[str, Any]) -> Heard:
    person = data["person"] or {}
    return Heard(
        message_id=str(data["message_id"]), text=str(person.get("text") or ""), choice=person.get("choice"),
        kind=data["kind"], replies_to=str(data["replies_to"]) if data["replies_to"] else None, file=data["file"],
        problem=data["problem"], case=str(data["application_id"]) if data["application_id"] else None,
        announcement=data["announcement_id"] is not None,
    )  # fmt: skip


def _who(at: Scene, data: dict[str, Any]) -> None:
    """His name and number as notify knows them now, and what may be asked there. Without a number he has none: the one
    that he had may be somebody else's by now."""
    sender = (data["person"] or {}).get("from") or {}
    talk, rules = at.talk, data["rules"] or talk_rules(data["channel"])
    talk.name = str(sender.get("name") or talk.name or "")
    talk.phone = sender.get("phone")
    talk.rules = {name: rules[name] for name in ("documents_by", "letters_by", "numbers")}


def talk_rules(channel: str) -> dict[str, Any]:
    """Of a channel that did not say."""
    usual = Rules(CHAT if channel == "waha" else LINK, LINK, numbers=False)
    return {"documents_by": usual.documents_by, "letters_by": usual.letters_by, "numbers": usual.numbers}
