"""From an event to a message: what others ask for, and what we tell the applicant by our own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from kit.bus.envelope import Received
from kit.db import Tx
from kit.errors import Permanent, Retryable
from kit.ids import new_id
from notify.deps import Deps
from notify.domain.copies import Case, Recipient
from notify.domain.messages import OF_COMPLAINTS, REPEATED_WITHIN
from notify.domain.notices import NOTICES, READY, Facts, notice_for
from notify.store import contacts, copies, incoming, messages
from notify.texts import render
from notify.usecases.sending import put_out
from notify.usecases.ways import Way, choose

ADDED = dict.fromkeys(
    (
        "options",
        "applicant_address",
        "helper_name",
        "documents",
        "question",
        "office_phone",
        "complaints",
        "understood",
        "visited",
    ),
    "",
)
"""Values that a request of the release before does not have yet: the lines that they fill are left out."""
LETTERS_WITHIN = timedelta(hours=2)
"""A letter arrives so long after the hand-over at the latest; a repetition waits ten minutes at most."""

log = structlog.get_logger()


KEPT_ELSEWHERE = {**dict.fromkeys(OF_COMPLAINTS, "(pengaduan)"), "talk_survey_thanks": "(jawaban survei)"}
"""By how the template of an answer begins: what then stands in the place of the words that it answers. intake has
those, a survey's and an anonymous complaint's without a name."""


def requested(deps: Deps, tx: Tx, event: Received) -> None:
    """A link, a code or an answer that another service wants to be sent."""
    data, person = event.data, event.data.get("person") or {}
    if messages.exists(tx, data["message_id"]):
        return
    to = recipient(deps, tx, data["contact_id"], person.get("to") or {})
    case = copies.case(tx, deps.data_keys, data["application_id"], lock=False) if data["application_id"] else None
    if case is not None and case.unwanted(to.phone, data["message_class"]):
        log.info("a message that its reader wants no more", template=data["template"], application=str(case.id))
        return
    words = next((said for begins, said in KEPT_ELSEWHERE.items() if data["template"].startswith(begins)), None)
    if words is not None and data["replies_to"]:
        incoming.reword(tx, deps.data_keys, data["replies_to"], words)
    values = ADDED | {"name": to.name} | (person.get("values") or {})
    put_out(
        deps, tx, data["message_id"], data["kelurahan"], data["template"], to, values,
        application_id=data["application_id"], message_class=data["message_class"], requested_by=event.source,
        expires_at=data["expires_at"], options=person.get("options") or (), file=data["file"],
    )  # fmt: skip


def notice(deps: Deps, tx: Tx, event: Received, application_id: UUID | None) -> None:
    """Tells the applicant what the table says of this event, if it says anything. Raises Retryable when the case,
    the office or the service has not arrived yet."""
    if application_id is None or not NOTICES[event.type]:
        return
    case = copies.case(tx, deps.data_keys, application_id)
    if case is None:
        raise Retryable("the case has not arrived yet")
    to = case.recipient
    if to is None:
        log.info("nobody can be told", about=event.type, application=str(application_id))
        return
    if case.unwanted(to.phone, "notice"):
        log.info("a notice that its reader wants no more", about=event.type, application=str(application_id))
        return
    way = choose(deps, tx, case.kelurahan, to)
    facts = _facts(deps, tx, event.data, case, to, way)
    found = notice_for(event.type, facts)
    if found is not None:
        _put_out_once(deps, tx, case, to, way, *found, files=_letters(facts, way) if found[0] in READY else ())


def wait_for_letters(deps: Deps, tx: Tx, data: Mapping[str, Any]) -> None:
    """Raises Retryable while a letter of the hand-over has not arrived, for so long as it may be under way: a letter
    is told once, and what of it was lost (with the broker) must not keep back that the papers are ready."""
    missing = copies.letters_missing(tx, data["letters"])
    if not missing:
        return
    if deps.clock.now() - data["at"] < LETTERS_WITHIN:
        raise Retryable("a letter of the hand-over has not arrived yet")
    log.warning("papers are ready of which a letter never arrived", handover=str(data["handover_id"]), count=missing)


def _letters(facts: Facts, way: Way) -> list[dict[str, Any]]:
    """The letters that go along in a chat, where the channel's rules say so."""
    if way.channel.rules.letters_by != "chat":
        return []
    return [dict(letter.file) | {"name": letter.file_name} for letter in facts.letters if letter.file]


def _facts(deps: Deps, tx: Tx, data: dict[str, Any], case: Case, to: Recipient, way: Way) -> Facts:
    office = copies.office(tx, case.kelurahan)
    sop = copies.sop(tx, case.kelurahan, case.service, case.sop_version)
    if office is None or sop is None:
        raise Retryable("the office or its service has not arrived yet")
    letters = copies.letters(tx, case.id)
    return Facts(data, case, office, sop, letters, to, deps.clock.now(), deps.settings.public_url,
                 in_chat="chat" in way.channel.capabilities)  # fmt: skip


def _put_out_once(
    deps: Deps, tx: Tx, case: Case, to: Recipient, way: Way, template: str, values: dict[str, Any], *,
    files: Sequence[Mapping[str, Any]] = (),
) -> None:  # fmt: skip
    """The same words about the same case are not repeated within a day. The case's row is locked. Of several files the
    first goes with the words, each other one with its name."""
    said = messages.contents(deps.data_keys, to.address, render(template, to.language, values))
    if messages.said_already(tx, case.id, template, said, deps.clock.now() - REPEATED_WITHIN):
        log.info("told already", template=template, application=str(case.id))
        return
    file = files[0] if files else None
    put_out(deps, tx, new_id(), case.kelurahan, template, to, values, application_id=case.id, file=file, way=way)
    for more in files[1:]:
        said_of_it = {"file_name": more["name"]}
        put_out(
            deps, tx, new_id(), case.kelurahan, "channel_further_letter", to, said_of_it, application_id=case.id,
            file=more, way=way,
        )  # fmt: skip


def recipient(deps: Deps, tx: Tx, contact_id: UUID | None, to: dict[str, Any]) -> Recipient:
    """Who is meant: who wrote before as he is known now, else the number. Raises Permanent when that is nobody."""
    language = "en" if to.get("language") == "en" else "id"
    contact = contacts.get(tx, deps.data_keys, contact_id) if contact_id else None
    if contact is not None:
        name, email = to.get("name") or contact.name, to.get("email") or None
        return Recipient(name, contact.phone, language, contact.id, contact.user_id, email)
    if not to.get("phone") and not to.get("email"):
        raise Permanent("a message was requested for nobody")
    return Recipient(to.get("name") or "", to.get("phone"), language, email=to.get("email") or None)
