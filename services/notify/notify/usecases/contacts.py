"""Knowing who writes: by what the channel calls him first, by his number else."""

from __future__ import annotations

from datetime import datetime

from kit.db import Tx
from kit.errors import Retryable
from notify.deps import Deps
from notify.domain.contacts import Contact, known_as
from notify.domain.incoming import Moved
from notify.domain.stopping import medium
from notify.store import consents, contacts
from notify.usecases.consents import stopped


def whose(
    deps: Deps, tx: Tx, kelurahan: str, channel: str, *, phone: str | None, user_id: str | None = None, name: str = "",
    at: datetime | None = None,
) -> Contact:  # fmt: skip
    """The contact that a message came from, locked, with what it tells of him; made where nobody is known. A number
    that somebody else had before is taken from him: channels give numbers out anew. What was sent (`at`) before
    something else that is known already tells nothing new. Raises Retryable."""
    for _attempt in range(2):
        contact = contacts.by_user(tx, deps.data_keys, kelurahan, user_id) if user_id else None
        before = contacts.by_phone(tx, deps.data_keys, kelurahan, phone) if phone else None
        if before is not None and before.id != (contact.id if contact else None):
            if contact is None and (user_id is None or before.may_be_called(user_id)):
                contact = before
            elif before.wrote_after(at):
                phone = None
            else:
                _without_number(deps, tx, before)
        if contact is not None and contact.wrote_after(at):
            return contact
        if contact is not None:
            return _kept(deps, tx, contact, channel, known_as(contact, phone, user_id, name))
        person = {"name": name, "phone": phone, "user_id": user_id}
        contacts.add(tx, deps.data_keys, kelurahan, channel, person, deps.clock.now())
    raise Retryable("somebody else writes with the same number at this moment")


def _without_number(deps: Deps, tx: Tx, contact: Contact) -> None:
    contact.person = contact.person | {"phone": None}
    contacts.save(tx, deps.data_keys, contact)


def _kept(deps: Deps, tx: Tx, contact: Contact, channel: str, person: dict[str, str | None]) -> Contact:
    if (person, channel) != (contact.person, contact.channel):
        contact.person, contact.channel = person, channel
        contacts.save(tx, deps.data_keys, contact)
    return contact


def moved(deps: Deps, tx: Tx, kelurahan: str, told: Moved) -> None:
    """Somebody has another number, or is called otherwise: his contact follows. Who is called otherwise has another
    number; where none is told, the one that we know is not his any more. Where the new name is known as somebody
    already (he wrote before the news came), the two stay two: only a code makes them one."""
    contact = contacts.by_user(tx, deps.data_keys, kelurahan, told.user_id) if told.user_id else None
    if contact is None and told.phone:
        contact = contacts.by_phone(tx, deps.data_keys, kelurahan, told.phone)
    if contact is None:
        return
    new_user, new_phone = told.new_user_id, told.new_phone
    named = contacts.by_user(tx, deps.data_keys, kelurahan, new_user) if new_user else None
    if named is not None and named.id != contact.id:
        return
    before = contacts.by_phone(tx, deps.data_keys, kelurahan, new_phone) if new_phone else None
    if before is not None and before.id != contact.id:
        _without_number(deps, tx, before)
    silent = stopped(deps, tx, kelurahan, contact.channel, contact.phone, contact.user_id)
    person = known_as(contact, new_phone, new_user, "")
    if new_user and new_user != contact.user_id and not (new_phone or told.phone):
        person["phone"] = None
    _kept(deps, tx, contact, contact.channel, person)
    if silent:
        his = consents.marks(deps.own_key, contact.phone, contact.user_id)
        consents.mark(tx, kelurahan, medium(contact.channel), his, wanted=False, at=deps.clock.now())
