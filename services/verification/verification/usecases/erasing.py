"""A case's data go: the questions about it and what was answered. The RT head's letter is documents' to keep."""

from __future__ import annotations

from contracts.erasing import Counts, ErasedCase, answered_with, count, job
from contracts.retention import kept_for
from kit.db import EVERY_TENANT
from verification.deps import Deps
from verification.store import copies, erasing

BATCH = 100


def erase_batch(deps: Deps, case: ErasedCase) -> Counts:
    """Some of the case's questions; its copy with the last of them."""
    with deps.db.transaction(case.kelurahan) as tx:
        found = erasing.erase_tasks(tx, case.application_id, case.introduction_id, BATCH)
        return count(tx, case, found or erasing.erase_copy(tx, case.application_id))


ERASING = job("verification", erase_batch, answered_with("erasure.done"))


def erase_old(deps: Deps) -> int:
    """What people wrote beside no question, and conversations that ended, go by their age, as each office says; how
    much."""
    total = 0
    with deps.db.transaction(EVERY_TENANT) as tx:
        offices = copies.retentions(tx)
    for kelurahan, said in offices.items():
        before = deps.clock.now() - kept_for({"retention": said}, "messages")
        for erase in (erasing.erase_incoming, erasing.erase_conversations):
            gone = BATCH
            while gone == BATCH:
                with deps.db.transaction(kelurahan) as tx:
                    gone = erase(tx, kelurahan, before, BATCH)
                total += gone
    return total
