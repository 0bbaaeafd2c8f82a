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
from notify.domain.stopping import CONFIRMED, RESUMED, medium, wish
from notify.store import consents, copies
from notify.usecases.consents import stopped
from notify.usecases.sending import put_out


def taken(deps: Deps, tx: Tx, contact: Contact, channel: str, text: str) -> bool:
    """Whether what he wrote is STOP, or MULAI after it: it is dealt with then and goes to no service. STOP again says
    nothing more; MULAI of somebody who never stopped is a word like any other. The contact is locked."""
    asked = wish(text)
    if asked is None:
        return False
    silent = stopped(deps, tx, contact.kelurahan, channel, contact.phone, contact.user_id)
    if asked == "resume" and not silent:
        return False
    if (asked == "stop") != silent:
        _keep(deps, tx, contact, channel, text, wanted=asked == "resume")
        _confirm(deps, tx, contact, CONFIRMED if asked == "stop" else RESUMED)
    return True


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
