"""Somebody wants no more messages on WhatsApp, or has them again: kept with his words, told to the services that have
to do without them, and confirmed once. Nothing goes to him there from then on, in whatever role he is written to, but
codes: those he asks for at the moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.telling import tell
from kit.db import EVERY_TENANT, Tx
from kit.ids import new_id
from notify.deps import Deps
from notify.domain.contacts import Contact
from notify.domain.copies import Recipient
from notify.domain.incoming import Sent
from notify.domain.stopping import CONFIRMED, RESUMED, medium, wish
from notify.store import consents, contacts, copies
from notify.usecases.consents import stopped
from notify.usecases.sending import put_out

_BATCH = 200


def taken(deps: Deps, tx: Tx, contact: Contact, channel: str, text: str, *, confirmed: bool = True) -> bool:
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
        if confirmed:
            _confirm(deps, tx, contact, CONFIRMED if asked == "stop" else RESUMED)
    return True


def also(deps: Deps, tx: Tx, kelurahan: str, channel: str, sent: Sent) -> None:
    """He said so to a number that this office shares: it holds here as well, also where nobody knows him."""
    known = contacts.by_user(tx, deps.data_keys, kelurahan, sent.user_id) if sent.user_id else None
    if known is None and sent.phone:
        known = contacts.by_phone(tx, deps.data_keys, kelurahan, sent.phone)
    if known is not None:
        taken(deps, tx, known, channel, sent.text, confirmed=False)
        return
    marks, wanted = consents.marks(deps.own_key, sent.phone, sent.user_id), wish(sent.text) == "resume"
    consents.mark(tx, kelurahan, medium(channel), marks, wanted=wanted, at=deps.clock.now())


def _keep(deps: Deps, tx: Tx, contact: Contact, channel: str, text: str, *, wanted: bool) -> None:
    now = deps.clock.now()
    person = {"name": contact.name, "phone": contact.phone, "user_id": contact.user_id, "text": text}
    consents.add(
        tx, deps.data_keys, contact.kelurahan, medium(channel), contact.id,
        consents.marks(deps.own_key, contact.phone, contact.user_id), wanted=wanted, at=now, person=person,
    )  # fmt: skip
    _tell(deps, tx, contact.id, contact.kelurahan, medium(channel), person, wanted=wanted, at=now)


def _tell(
    deps: Deps,
    tx: Tx,
    contact_id: UUID,
    kelurahan: str,
    of: str,
    person: Mapping[str, Any],
    *,
    wanted: bool,
    at: datetime,
) -> None:
    tell(
        tx, deps.event_keys, "contact.changed", subject=contact_id, tenant=kelurahan, time=deps.clock.now(),
        data={
            "contact_id": contact_id, "kelurahan": kelurahan, "channel": of, "wanted": wanted, "changed_at": at,
        },
        person={"name": person.get("name") or "", "phone": person.get("phone")},
    )  # fmt: skip


def tell_again(deps: Deps) -> int:
    """Who wants messages and who does not, for a service that was added or restored; how many were told."""
    told, after = 0, None
    while True:
        with deps.db.transaction(EVERY_TENANT) as tx:
            rows = consents.last(tx, deps.data_keys, after, _BATCH)
            for row in rows:
                about = (row["contact_id"], row["kelurahan"], row["medium"], row["person"])
                _tell(deps, tx, *about, wanted=row["wanted"], at=row["at"])
        if not rows:
            return told
        told, after = told + len(rows), rows[-1]["contact_id"]


def _confirm(deps: Deps, tx: Tx, contact: Contact, template: str) -> None:
    office = copies.office(tx, contact.kelurahan)
    values = {
        "office_name": office.name if office else contact.kelurahan, "office_phone": office.phone if office else "",
    }  # fmt: skip
    to = Recipient(contact.name, contact.phone, "id", contact.id, contact.user_id)
    put_out(deps, tx, new_id(), contact.kelurahan, template, to, values, message_class="answer")
