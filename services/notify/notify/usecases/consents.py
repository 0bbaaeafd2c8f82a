"""Whether somebody may be written to on a channel: before each attempt, since he may say STOP meanwhile."""

from __future__ import annotations

from kit.db import Tx
from notify.deps import Deps
from notify.domain.agreeing import MEDIUM
from notify.domain.messages import Message
from notify.domain.stopping import CONFIRMED, medium
from notify.store import announcements, consents, contacts

ENDED, STOPPED = "announcements_ended", "announcement_stopped"


def unwanted(deps: Deps, tx: Tx, message: Message, channel: str) -> bool:
    """Whether a message must not go to its reader on this channel: as he was called when it was worded, and is now."""
    if message.message_class == "code" or message.template == CONFIRMED:
        return False
    contact = contacts.get(tx, deps.data_keys, message.contact_id) if message.contact_id else None
    called = {(message.person.get("phone"), message.person.get("user_id"))}
    called |= {(contact.phone, contact.user_id)} if contact else set()
    return any(stopped(deps, tx, message.kelurahan, channel, phone, user_id) for phone, user_id in called)


def stopped(deps: Deps, tx: Tx, kelurahan: str, channel: str, phone: str | None, user_id: str | None) -> bool:
    """By his number, by what the channel calls him, and by what is known of who has that number now."""
    of = [consents.marks(deps.own_key, phone, user_id)]
    known = contacts.with_phone(tx, deps.data_keys, kelurahan, phone) if phone else None
    if known is not None:
        of.append(consents.marks(deps.own_key, None, known.user_id))
    return not consents.wanted(tx, kelurahan, medium(channel), of)


def over(deps: Deps, tx: Tx, message: Message) -> str | None:
    """Why an announcement does not go out any more, looked at before each attempt; None where it does."""
    if message.announcement_id is None:
        return None
    if announcements.stopped(tx, message.announcement_id):
        return STOPPED
    of = [consents.marks(deps.own_key, message.person.get("phone"), message.person.get("user_id"))]
    return None if consents.wanted(tx, message.kelurahan, MEDIUM, of) else ENDED
