"""Somebody wants no more messages on WhatsApp, or has them again: kept with his words, told to the services that have
to do without them, and confirmed once. Nothing goes to him there from then on, in whatever role he is written to, but
codes: those he asks for at the moment."""

from __future__ import annotations

from contracts.telling import tell
from kit.db import Tx
from kit.ids import new_id
from notify.deps import Deps
from notify.domain.contacts import Contact
from notify.domain.copies import Recipient
from notify.domain.messages import Message
from notify.domain.stopping import CONFIRMED, RESUMED, medium, wish
from notify.store import consents, contacts, copies
from notify.usecases.sending import put_out


def taken(deps: Deps, tx: Tx, contact: Contact, channel: str, text: str) -> bool:
    """Whether what he wrote is STOP, or MULAI after it: it is dealt with then and goes to no service. STOP again says
    nothing more; MULAI of somebody who never stopped is a word like any other. The contact is locked."""
    asked = wish(text)
    if asked is None:
        return False
    stopped = _stopped(deps, tx, contact.kelurahan, channel, contact.phone, contact.user_id)
    if asked == "resume" and not stopped:
        return False
    if (asked == "stop") != stopped:
        _keep(deps, tx, contact, channel, text, wanted=asked == "resume")
        _confirm(deps, tx, contact, CONFIRMED if asked == "stop" else RESUMED)
    return True


def unwanted(deps: Deps, tx: Tx, message: Message, channel: str) -> bool:
    """Whether a message must not go to its reader on this channel."""
    if message.message_class == "code" or message.template == CONFIRMED:
        return False
    person = message.person
    return _stopped(deps, tx, message.kelurahan, channel, person.get("phone"), person.get("user_id"))


def _stopped(deps: Deps, tx: Tx, kelurahan: str, channel: str, phone: str | None, user_id: str | None) -> bool:
    """By his number, and by all that is known of who has that number now."""
    of = [consents.marks(deps.own_key, phone, user_id)]
    known = contacts.by_phone(tx, deps.data_keys, kelurahan, phone, lock=False) if phone else None
    if known is not None:
        of.append(consents.marks(deps.own_key, None, known.user_id))
    return not consents.wanted(tx, kelurahan, medium(channel), of)


def _keep(deps: Deps, tx: Tx, contact: Contact, channel: str, text: str, *, wanted: bool) -> None:
    now = deps.clock.now()
    person = {"name": contact.name, "phone": contact.phone, "user_id": contact.user_id, "text": text}
    consents.add(
        tx, deps.data_keys, contact.kelurahan, medium(channel), contact.id,
        consents.marks(deps.own_key, contact.phone, contact.user_id), wanted=wanted, at=now, person=person,
    )  # fmt: skip
    tell(
        tx, deps.event_keys, "contact.changed", subject=contact.id, tenant=contact.kelurahan, time=now,
        data={
            "contact_id": contact.id, "kelurahan": contact.kelurahan, "channel": medium(channel), "wanted": wanted,
            "changed_at": now,
        },
        person={"name": contact.name, "phone": contact.phone},
    )  # fmt: skip


def _confirm(deps: Deps, tx: Tx, contact: Contact, template: str) -> None:
    office = copies.office(tx, contact.kelurahan)
    values = {
        "office_name": office.name if office else contact.kelurahan, "office_phone": office.phone if office else "",
    }  # fmt: skip
    to = Recipient(contact.name, contact.phone, "id", contact.id, contact.user_id)
    put_out(deps, tx, new_id(), contact.kelurahan, template, to, values, message_class="answer")
