"""What a person may take along: the messages to the case's contact, and what he wrote. What went to RT heads and
neighbours and came from them is theirs, and so is what a helper wrote (UU PDP 27/2022 Art. 33)."""

from __future__ import annotations

from typing import Any

from contracts.providing import Asked, Part, job
from kit.db import Tx
from notify.deps import Deps
from notify.domain.copies import Case, Recipient
from notify.domain.messages import OF_COMPLAINTS, Message
from notify.store import consents, contacts, copies, messages
from notify.store import incoming as received

MOST = 1000
"""Messages of a case that go into its record, the oldest first, and of what was written; how many were left out is
said."""


def collect(deps: Deps, tx: Tx, asked: Asked) -> Part:
    """The messages of a case to its person, and what he wrote to the office; for himself alone what he wrote, which
    may be a complaint or an answer to the survey, and what was said to him about complaints."""
    case = copies.case(tx, deps.data_keys, asked.application_id)
    if case is None or case.recipient is None:
        return Part(
            {"messages": [], "left_out": 0, "wishes": [], "written": [], "written_left_out": 0, "announcements": []}, []
        )
    found = messages.listed(
        tx, deps.data_keys, application_id=asked.application_id, after=None, position=None, limit=10 * MOST,
        besides=() if asked.himself else OF_COMPLAINTS,
    )  # fmt: skip
    his = [message for _number, message in found if _his(message, case.recipient)]
    shown = [
        {
            "at": message.created_at.isoformat(), "about": message.template, "channel": message.channel,
            "status": message.status, "text": message.person.get("text"),
        }
        for message in his[:MOST]
    ]  # fmt: skip
    kept = {"messages": shown, "left_out": len(his) - len(shown), "wishes": _wishes(deps, tx, case)}
    written = _written(deps, tx, case) if asked.himself else {}
    return Part(kept | written | _announcements(deps, tx, case), [])


def _announcements(deps: Deps, tx: Tx, case: Case) -> dict[str, Any]:
    """What the office announced to him, whatever about."""
    phone = case.recipient.phone if case.recipient and case.to_contact else None
    found = messages.announced_to(tx, deps.data_keys, case.kelurahan, phone, MOST) if phone else []
    shown = [
        {"at": one.created_at.isoformat(), "status": one.status, "text": one.person.get("text")} for one in found
    ]  # fmt: skip
    return {"announcements": shown}


def _written(deps: Deps, tx: Tx, case: Case) -> dict[str, Any]:
    """What the case's contact wrote to the office, whatever about: there is no telling it apart by cases."""
    to = case.recipient if case.to_contact else None
    if to is None:
        return {"written": [], "written_left_out": 0}
    known = contacts.with_phone(tx, deps.data_keys, case.kelurahan, to.phone) if to.phone else None
    contact_id = to.contact_id or (known.id if known else None)
    found = received.of_person(tx, deps.data_keys, case.kelurahan, contact_id, to.phone, 10 * MOST)
    shown = [
        {
            "at": one.received_at.isoformat(), "channel": one.channel, "kind": one.kind, "text": one.person["text"],
            "with_file": one.file_key is not None,
        }
        for one in found[:MOST]
    ]  # fmt: skip
    return {"written": shown, "written_left_out": len(found) - len(shown)}


def _wishes(deps: Deps, tx: Tx, case: Case) -> list[dict[str, Any]]:
    """What he said of messages to his number, in his words."""
    phone = case.recipient.phone if case.recipient else None
    said = consents.of_phone(tx, deps.data_keys, case.kelurahan, phone) if phone else []
    return [one | {"at": one["at"].isoformat()} for one in said]


def _his(message: Message, to: Recipient) -> bool:
    """Whether it went to him, by his number or by how he writes in chat."""
    if to.contact_id is not None and message.contact_id == to.contact_id:
        return True
    return to.phone is not None and message.person["phone"] == to.phone


PROVIDING = job("record.provided", collect)
