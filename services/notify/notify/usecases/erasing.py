"""A case's data go: what was said to whom, what its people wrote and sent, and what was known of the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from contracts.erasing import Counts, ErasedCase, answered_with, count, job, look_again
from contracts.retention import kept_for
from kit.db import EVERY_TENANT, Row, Tx
from notify.deps import Deps
from notify.domain.copies import Recipient
from notify.store import contacts, copies, erasing, people
from notify.usecases import spreading
from notify.usecases.webhooks import sender_mark

BATCH = 200


def erase_batch(deps: Deps, case: ErasedCase) -> Counts:
    """Some messages, then what was written, then the rest."""
    with deps.db.transaction(case.kelurahan) as tx:
        return count(tx, case, _some(deps, tx, case))


def _some(deps: Deps, tx: Tx, case: ErasedCase) -> Counts:
    known = copies.case(tx, deps.data_keys, case.application_id)
    found = erasing.erase_messages(tx, case.application_id, BATCH)
    if found["message"]:
        return found
    if known is not None and known.recipient is not None and (gone := _of_person(deps, tx, case, known.recipient)):
        return gone
    return erasing.erase_copies(tx, case.application_id)


def _of_person(deps: Deps, tx: Tx, case: ErasedCase, to: Recipient) -> Counts:
    """What its person wrote and sent, how it came, and who he was here; found by his number and by who he is in chat,
    since either may be missing."""
    contact = contacts.get(tx, deps.data_keys, to.contact_id) if to.contact_id else None
    if contact is None and to.phone:
        contact = contacts.with_phone(tx, deps.data_keys, case.kelurahan, to.phone)
    phones = {phone for phone in (to.phone, contact.phone if contact else None) if phone}
    indexes = [index for phone in sorted(phones) for index in people.phone_indexes(deps.data_keys, phone)]
    whose = erasing.Whose(indexes, contact.id if contact else None)
    if rows := erasing.incoming_of(tx, whose, case.application_id, BATCH):
        return _without_files(deps, tx, rows, case)
    marks = [sender_mark(deps, phone, None) for phone in sorted(phones)]
    marks += [sender_mark(deps, None, contact.user_id)] if contact else []
    if gone := erasing.erase_sender(tx, whose, [mark for mark in marks if mark], case, BATCH):
        return {"webhook": gone}
    return erasing.erase_contact(tx, whose, case.application_id)


def _without_files(deps: Deps, tx: Tx, rows: list[Row], case: ErasedCase | None = None) -> Counts:
    """What people wrote, the files that came with it first. What is being fetched at this moment may come after that:
    whoever fetches it takes it away, and we look there again."""
    places = [row["file_key"] for row in rows if row["file_key"]]
    for place in places:
        deps.objects.delete(deps.settings.s3_bucket, place)
    if case is not None and places:
        look_again(tx, case, places)
    return erasing.erase_incoming(tx, [row["id"] for row in rows]) | ({"object": len(places)} if places else {})


ERASING = job("notify", erase_batch, answered_with("erasure.done"))


def erase_old(deps: Deps) -> int:
    """What belongs to no case goes by its age, as each office says; how many messages."""
    total = 0
    with deps.db.transaction(EVERY_TENANT) as tx:
        offices = copies.retentions(tx)
    for kelurahan, said in offices.items():
        before = deps.clock.now() - kept_for({"retention": said}, "messages")
        old = (
            erasing.erase_old_messages, _incoming(deps), erasing.erase_old_contacts, erasing.erase_old_officeholders,
            partial(spreading.erase_old, deps),
        )  # fmt: skip
        for erase in old:
            gone = BATCH
            while gone == BATCH:
                with deps.db.transaction(kelurahan) as tx:
                    gone = erase(tx, kelurahan, before, BATCH)
                total += gone
    return total


def _incoming(deps: Deps) -> Callable[[Tx, str, datetime, int], int]:
    def erase(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
        rows = erasing.old_incoming(tx, kelurahan, before, most)
        _without_files(deps, tx, rows)
        return len(rows)

    return erase
