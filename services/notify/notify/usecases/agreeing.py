"""Somebody wants to be told announcements, or has enough of them: kept with his words and what he was shown before, and
confirmed once."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from kit.problems import NotFound
from notify.deps import Deps
from notify.domain import agreeing as rules
from notify.domain.agreeing import AGREED, ASK, ENDED, MEDIUM, Said
from notify.domain.contacts import Contact
from notify.domain.copies import Recipient
from notify.store import consents, contacts, copies
from notify.texts import source
from notify.usecases.sending import put_out

BY_OFFICE = "(dicatat petugas kelurahan)"
"""In the place of his words, where somebody of the office wrote down what he said."""


def taken(deps: Deps, tx: Tx, contact: Contact, text: str) -> bool:
    """Whether what he wrote is about announcements: it is dealt with then and goes to no service. What he has said
    before he may say again, which is confirmed and kept no second time. The contact is locked."""
    said = rules.said(text)
    if said is None:
        return False
    if said.what == "ask":
        _answer(deps, tx, contact, ASK)
        return True
    place = _place(deps, tx, contact.kelurahan, said)
    _keep(deps, tx, contact, text, wanted=said.what == "yes", place=place)
    _answer(deps, tx, contact, AGREED if said.what == "yes" else ENDED, place)
    return True


def end(deps: Deps, tx: Tx, contact_id: UUID, check: Callable[[int], None]) -> Contact:
    """He told the office that he wants none. Raises NotFound, and what `check` does."""
    contact = contacts.get(tx, deps.data_keys, contact_id, lock=True)
    if contact is None:
        raise NotFound
    check(contact.version)
    _keep(deps, tx, contact, BY_OFFICE, wanted=False)
    return contact


def wording() -> str:
    """Which words he is shown before he agrees: another one whenever they change."""
    return sha256(source(ASK, "id").encode()).hexdigest()[:12]


def _keep(
    deps: Deps, tx: Tx, contact: Contact, text: str, *, wanted: bool, place: tuple[str, str] | None = None
) -> None:
    marks = consents.marks(deps.own_key, contact.phone, contact.user_id)
    if place is None and consents.said(tx, contact.kelurahan, MEDIUM, [marks]) is wanted:
        return
    person = {"name": contact.name, "phone": contact.phone, "user_id": contact.user_id, "text": text}
    consents.add(
        tx, deps.data_keys, contact.kelurahan, MEDIUM, contact.id, marks, wanted=wanted, at=deps.clock.now(),
        person=person, wording=wording() if wanted else None, place=place,
    )  # fmt: skip


def _place(deps: Deps, tx: Tx, kelurahan: str, said: Said) -> tuple[str, str] | None:
    """The RW and RT that he named, where there is one such; an RT without its RW counts where one alone has that
    number."""
    office = copies.office(tx, kelurahan)
    if said.rt is None or office is None:
        return None
    known = [
        place for place in copies.places(tx, kelurahan, office.today(deps.clock.now()))
        if place[1] == said.rt and said.rw in (None, place[0])
    ]  # fmt: skip
    return known[0] if len(known) == 1 else None


def _answer(deps: Deps, tx: Tx, contact: Contact, template: str, place: tuple[str, str] | None = None) -> None:
    office = copies.office(tx, contact.kelurahan)
    values = {
        "office_name": office.name if office else contact.kelurahan,
        "place": f"RT {place[1]} RW {place[0]}" if place else "",
    }  # fmt: skip
    to = Recipient(contact.name, contact.phone, "id", contact.id, contact.user_id)
    put_out(deps, tx, new_id(), contact.kelurahan, template, to, values, message_class="answer")
