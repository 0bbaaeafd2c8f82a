"""A case's data go: what was said to whom, what its people wrote and sent, and what was known of the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from contracts.erasing import Counts, ErasedCase, answered_with, count, job, look_again
from contracts.retention import kept_for
from kit.db import EVERY_TENANT, Row, Tx
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
        phone = known.recipient.phone
        rows = erasing.incoming_of(tx, deps.data_keys, phone, case.application_id, BATCH)
        if rows:
            return _without_files(deps, tx, rows, case)
        mark = deps.own_key.blind_index(phone, "phone")
        if gone := erasing.erase_sender(tx, deps.data_keys, phone, mark, case, BATCH):
            return {"webhook": gone}
        if contact := erasing.erase_contact(tx, deps.data_keys, phone, case.application_id):
            return contact
    return erasing.erase_copies(tx, case.application_id)


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
        old = (erasing.erase_old_messages, _incoming(deps), erasing.erase_old_contacts, erasing.erase_old_officeholders)
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
