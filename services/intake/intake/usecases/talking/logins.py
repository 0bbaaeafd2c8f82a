"""The login of who writes: the one that a code to his phone opens, so that pages show him the same cases.

Numbers are given out anew, so a login that a contact has is his alone: it goes with him, and whoever has his old number
now begins with one of his own. Which contact has it stands in the login, since a conversation is forgotten earlier."""

from __future__ import annotations

from uuid import UUID

from intake.deps import Deps
from intake.domain.accounts import ACTIVE, APPLICANT, PERSON, Account
from intake.store import accounts
from intake.store.conversations import Conversation
from intake.usecases.access import account_ended, sessions_ended
from kit.db import Tx
from kit.ids import new_id

CONTACT = "contact"


def of(deps: Deps, tx: Tx, conversation: Conversation, *, wrote: bool, make: bool = False) -> Account | None:
    """None where there is none yet, or it counts no more. Unless he `wrote` just now, what is kept of his number may be
    old, and nothing is done by it."""
    if not wrote:
        found = accounts.get(tx, deps.data_keys, conversation.account_id) if conversation.account_id else None
        return found if found and found.state == ACTIVE else None
    held, phone = conversation.account_id, conversation.talk.phone
    found = accounts.get(tx, deps.data_keys, held) if held else None
    if found is None:
        found = _his(deps, tx, conversation, phone)
    elif found.state == ACTIVE and found.person.get("phone") != phone:
        found = _follows(deps, tx, conversation, found.id, phone)
    if found is None and make:
        found = _new(deps, tx, conversation, phone)
    if found is None or found.state != ACTIVE:
        return None
    conversation.account_id = found.id
    return found


def _fingerprint(deps: Deps, contact_id: UUID | str, phone: str | None) -> bytes:
    """By his phone; of somebody whose channel does not tell it, by who he is there."""
    return accounts.known_by(deps.fingerprints, PERSON, phone or f"contact:{contact_id}")


def _his(deps: Deps, tx: Tx, conversation: Conversation, phone: str | None) -> Account | None:
    """The one of his number, unless it belongs to who had the number before: that one goes out of the way."""
    found = accounts.known(tx, deps.data_keys, PERSON, _fingerprint(deps, conversation.contact_id, phone))
    found = accounts.get(tx, deps.data_keys, found.id, lock=True) if found else None
    if found is None:
        return None
    whose = found.person.setdefault(CONTACT, str(conversation.contact_id))
    if whose != str(conversation.contact_id):
        _named(deps, tx, found, None)
        return None
    accounts.save(tx, deps.data_keys, found)
    return found


def _follows(deps: Deps, tx: Tx, conversation: Conversation, account_id: UUID, phone: str | None) -> Account | None:
    """He has another number, or none that we know: his login goes by what he has now. Where pages made one for the new
    number already, the two stay two."""
    found = accounts.get(tx, deps.data_keys, account_id, lock=True)
    if found is None:
        return None
    other = accounts.known(tx, deps.data_keys, PERSON, _fingerprint(deps, conversation.contact_id, phone))
    if other is not None and other.id != account_id:
        if other.person.get(CONTACT) in (None, found.person[CONTACT]):
            phone = None
        else:  # of who had this number before
            _his(deps, tx, conversation, phone)
    if found.person.get("phone") != phone:
        _named(deps, tx, found, phone)
    return found


def _named(deps: Deps, tx: Tx, account: Account, phone: str | None) -> None:
    """A locked login goes by another name. Whoever has the old number is in it no more, nor comes in."""
    before, account.person["phone"] = account.person.get("phone"), phone
    known = _fingerprint(deps, account.person[CONTACT], phone)
    accounts.rename(tx, account.id, known)
    accounts.save(tx, deps.data_keys, account)
    accounts.hold_posts(tx, known)
    if before is not None:
        sessions_ended(deps, tx, account, "ended")
        account_ended(deps, tx, account)


def _new(deps: Deps, tx: Tx, conversation: Conversation, phone: str | None) -> Account | None:
    known = _fingerprint(deps, conversation.contact_id, phone)
    account = Account(
        new_id(), conversation.kelurahan, PERSON, new_id(), [APPLICANT], ACTIVE, None, 0, None, deps.clock.now(),
        "self", 1, {"name": "", "phone": phone, CONTACT: str(conversation.contact_id)},
    )  # fmt: skip
    if not accounts.add(tx, deps.data_keys, account, known):  # by a sign-in at this instant
        return _his(deps, tx, conversation, phone)
    accounts.hold_posts(tx, known)
    return account
