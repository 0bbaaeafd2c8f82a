"""Somebody sent something: taken once, for the one service that it is for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from contracts.surveying import INVITATION, nine_digits
from contracts.telling import tell
from kit import jobs
from kit.db import Tx
from kit.ids import new_id
from notify.deps import Deps
from notify.domain.contacts import Contact
from notify.domain.incoming import OURSELVES, THE_OFFICE, Answered, Sent, is_talk, recipient
from notify.store import contacts as known_contacts
from notify.store import copies, messages
from notify.store import incoming as store
from notify.store.incoming import Incoming
from notify.usecases import agreeing, answering, contacts, stopping

FETCH = "fetch_media"


def take(deps: Deps, tx: Tx, channel: str, kelurahan: str, sent: Sent) -> Incoming | None:
    """Keeps what somebody sent and tells the service that it is for; where a file belongs to it, once that is here.
    None when it was taken before."""
    if store.known(tx, channel, sent.provider_id):
        return None
    contact = contacts.whose(
        deps, tx, kelurahan, channel, phone=sent.phone, user_id=sent.user_id, name=sent.name, at=sent.at
    )  # its row is locked from here on: of two workers with the same, the second finds what the first has kept
    if store.known(tx, channel, sent.provider_id):
        return None
    known_contacts.wrote(tx, contact.id, sent.at, sent.number_id)
    said_to_us = stopping.taken(deps, tx, contact, channel, sent.text) or agreeing.taken(deps, tx, contact, sent.text)
    if said_to_us and sent.media is None:  # a file goes where it belongs, whatever word stands under it
        return keep(deps, tx, contact, channel, sent, OURSELVES)
    answered = _answered(deps, tx, channel, sent)
    if answering.by_the_office(deps, contact) and is_talk(sent, answered):
        return keep(deps, tx, contact, channel, sent, THE_OFFICE)
    found = keep(deps, tx, contact, channel, sent, _recipient(deps, tx, contact, sent, answered), answered)
    if found is not None and sent.media is None:
        tell_received(deps, tx, found)
    elif found is not None:
        jobs.add(tx, FETCH, kelurahan, {"incoming_id": str(found.id)})
    return found


def keep(
    deps: Deps, tx: Tx, contact: Contact, channel: str, sent: Sent, to: str, answered: Answered | None = None
) -> Incoming | None:
    """What somebody sent, and which service it goes to; None when it was kept before."""
    now = deps.clock.now()
    found = Incoming(
        id=new_id(), kelurahan=contact.kelurahan, channel=channel, recipient=to, received_at=now,
        contact_id=contact.id, kind=sent.kind, replies_to=answered.message_id if answered else None,
        person={
            "name": contact.name, "phone": contact.phone, "text": sent.text, "choice": sent.choice,
            "provider_id": sent.provider_id, "media": asdict(sent.media) if sent.media else None,
        },
    )  # fmt: skip
    if sent.media is None:
        found.told_at = now
    else:
        found.file_key = f"incoming/{found.id}"
    return found if store.add(tx, deps.data_keys, found, sent.provider_id) else None


def tell_received(deps: Deps, tx: Tx, one: Incoming) -> None:
    """The service that it is for hears of it."""
    person, about = one.person, messages.case_of(tx, one.replies_to) if one.replies_to else None
    tell(
        tx, deps.event_keys, "message.received", subject=one.id, tenant=one.kelurahan, time=deps.clock.now(),
        data={
            "message_id": one.id, "kelurahan": one.kelurahan, "channel": one.channel, "recipient": one.recipient,
            "received_at": one.received_at, "contact_id": one.contact_id, "kind": one.kind,
            "replies_to": one.replies_to, "application_id": about,
            "announcement_id": messages.announcement_of(tx, one.replies_to) if one.replies_to else None,
            "file": one.file, "problem": one.problem,
            "rules": asdict(deps.settings.rules(one.channel)),
        },
        person={
            "from": {"name": person["name"], "phone": person["phone"]}, "text": person["text"],
            "choice": person["choice"],
        },
    )  # fmt: skip


def _answered(deps: Deps, tx: Tx, channel: str, sent: Sent) -> Answered | None:
    """The message of ours that he answered, where he said so and we know it."""
    if not sent.replies_to:
        return None
    message = messages.by_provider(tx, deps.data_keys, channel, sent.replies_to)
    return None if message is None else Answered(message.id, message.requested_by)


def _recipient(deps: Deps, tx: Tx, contact: Contact, sent: Sent, answered: Answered | None) -> str:
    now = deps.clock.now()
    heads = contact.phone is not None and _heads(deps, tx, contact.kelurahan, contact.phone, now)
    return recipient(sent.text, answered=answered, heads=heads, asked=_asked(deps, tx, contact, sent, now))


def _asked(deps: Deps, tx: Tx, contact: Contact, sent: Sent, now: datetime) -> str | None:
    """The service whose question his words answer, where he does not say which: the newest. Nine digits are for the
    survey if he was invited to one, and nothing else is: a `ya` or `1` answers what was asked before it."""
    keys = deps.data_keys
    if nine_digits(sent.text) is not None and (who := messages.asked_last(tx, keys, contact, now, only=INVITATION)):
        return who
    return messages.asked_last(tx, keys, contact, now, besides=INVITATION)


def _heads(deps: Deps, tx: Tx, kelurahan: str, phone: str, now: datetime) -> bool:
    """Whether the number is that of somebody who heads an RT or RW today, or stands in for him."""
    office = copies.office(tx, kelurahan)
    return office is not None and copies.heads(tx, deps.data_keys, kelurahan, phone, office.today(now))
