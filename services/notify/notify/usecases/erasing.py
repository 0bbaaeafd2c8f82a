"""A case's data go: what was said to whom, what its people wrote, and what was known of the case."""

from __future__ import annotations

from contracts.erasing import Counts, ErasedCase, answered_with, count, job
from contracts.retention import kept_for
from kit.db import EVERY_TENANT, Tx
from notify.deps import Deps
from notify.store import copies, erasing

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
    if known is not None and known.recipient is not None and known.recipient.phone:
        written = erasing.erase_incoming(tx, deps.data_keys, known.recipient.phone, case.application_id, BATCH)
        if written.get("incoming"):
            return written
        contact = erasing.erase_contact(tx, deps.data_keys, known.recipient.phone, case.application_id)
        if contact:
            return contact
    return erasing.erase_copies(tx, case.application_id)


ERASING = job("notify", erase_batch, answered_with("erasure.done"))


def erase_old(deps: Deps) -> int:
    """What belongs to no case goes by its age, as each office says; how many messages."""
    total = 0
    with deps.db.transaction(EVERY_TENANT) as tx:
        offices = copies.retentions(tx)
    for kelurahan, said in offices.items():
        before = deps.clock.now() - kept_for({"retention": said}, "messages")
        for erase in (erasing.erase_old_messages, erasing.erase_old_incoming, erasing.erase_old_contacts):
            gone = BATCH
            while gone == BATCH:
                with deps.db.transaction(kelurahan) as tx:
                    gone = erase(tx, kelurahan, before, BATCH)
                total += gone
    return total
