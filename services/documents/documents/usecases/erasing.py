"""A case's data go: drafts, forms, bundles, hand-overs, who was in it. Letters that took a number stay for the archive,
with their line in the book and what is printed on them; their owner can still read them."""

from __future__ import annotations

from contracts.erasing import Counts, ErasedCase, answered_with, count, job
from documents.deps import Deps
from documents.store import erasing


def erase_batch(deps: Deps, case: ErasedCase) -> Counts:
    """All of it, objects first: a case has a handful."""
    of = erasing.Of(case.application_id, case.introduction_id)
    with deps.db.transaction(case.kelurahan) as tx:
        rows = erasing.objects_of(tx, of)
    gone = 0
    for row in rows:
        names = ("bundles",) if row["bundle_id"] else ("drafts", "sheets") if row["stays"] else (
            "drafts", "sheets", "letters")  # fmt: skip
        for name in names:
            prefix = f"{case.kelurahan}/{name}/{row['bundle_id'] or row['letter_id']}/"
            gone += deps.objects.delete_under(deps.settings.s3_bucket, prefix)
    with deps.db.transaction(case.kelurahan) as tx:
        return count(tx, case, erasing.erase(tx, of) | {"object": gone})


ERASING = job("documents", erase_batch, answered_with("erasure.done"))
