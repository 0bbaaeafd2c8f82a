"""A person of the office answers somebody himself, from the app on the phone that has the office's number: what he
wrote there comes back to us as an echo, and we are silent towards that person until told, or for twelve hours.

Meanwhile his words are kept for the office, which has them on its phone, and go to no conversation: a "ya" to an
officer is none to us. What he sends as a file, and what he presses or answers of ours, goes where it belongs. Answers
of ours are held back; notices and codes go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from kit import paging
from kit.db import Tx
from kit.problems import NotFound
from notify.deps import Deps
from notify.domain.answering import is_over
from notify.domain.contacts import Contact
from notify.domain.incoming import Echo
from notify.domain.messages import Message, masked_name, masked_phone
from notify.store import contacts as store
from notify.store import messages
from notify.usecases import contacts

FOR = timedelta(hours=12)
HELD_BACK = "office_answers"

log = structlog.get_logger()


def hears(deps: Deps, tx: Tx, channel: str, kelurahan: str, echo: Echo) -> None:
    """Somebody of the office wrote to this person. News of it that comes late or twice changes nothing."""
    if echo.provider_id and messages.by_provider(tx, deps.data_keys, channel, echo.provider_id) is not None:
        return
    contact = _whose(deps, tx, channel, kelurahan, echo)
    if contact is None:
        return
    left = FOR - store.since(tx, echo.at)
    if left <= timedelta(0):
        return
    until = None if is_over(echo.text) else deps.clock.now() + left
    if store.answered(tx, contact, until, echo.at):
        log.info("the office answers by itself" if until else "the office leaves it to us", contact=str(contact.id))


def _whose(deps: Deps, tx: Tx, channel: str, kelurahan: str, echo: Echo) -> Contact | None:
    """Whom he wrote to; where several offices share the number only who is known."""
    found = store.by_user(tx, deps.data_keys, kelurahan, echo.to_user_id) if echo.to_user_id else None
    if found is None and echo.to_phone:
        found = store.by_phone(tx, deps.data_keys, kelurahan, echo.to_phone)
    if found is None and len(deps.settings.offices[channel].get(echo.number_id, ())) == 1:
        found = contacts.whose(deps, tx, kelurahan, channel, phone=echo.to_phone, user_id=echo.to_user_id)
    return found


def by_the_office(deps: Deps, contact: Contact) -> bool:
    """Whether the office answers this person at this moment."""
    return contact.answered_until is not None and contact.answered_until > deps.clock.now()


def held_back(deps: Deps, tx: Tx, message: Message) -> bool:
    """Whether a message is an answer of ours to somebody whom the office answers itself."""
    if message.message_class != "answer" or message.requested_by is None or message.contact_id is None:
        return False
    contact = store.get(tx, deps.data_keys, message.contact_id)
    return contact is not None and by_the_office(deps, contact)


def resume(deps: Deps, tx: Tx, contact_id: UUID, check: Callable[[int], None]) -> Contact:
    """The office leaves it to us again; said twice it changes nothing more. Raises NotFound, and what `check` does."""
    contact = store.get(tx, deps.data_keys, contact_id, lock=True)
    if contact is None:
        raise NotFound
    check(contact.version)
    if contact.answered_until is not None:
        store.resume(tx, contact)
    return contact


def listed(deps: Deps, tx: Tx, query: Mapping[str, Any]) -> dict[str, Any]:
    """A page of contacts. `query` has state, cursor and limit. Raises Unprocessable for a cursor that is none."""
    [after] = paging.position(query["cursor"], UUID) or [None]
    rows = store.listed(tx, deps.data_keys, query["state"], deps.clock.now(), after, query["limit"] + 1)
    found = paging.page(rows, query["limit"], lambda contact: (contact.id,))
    return found | {"items": [shown(contact) for contact in found["items"]]}


def shown(contact: Contact) -> dict[str, Any]:
    """As an officer may see it."""
    named = ("id", "channel", "answered_until", "version")
    return {name: getattr(contact, name) for name in named} | {
        "who": f"{masked_name(contact.name)} {masked_phone(contact.phone)}".strip()
    }
