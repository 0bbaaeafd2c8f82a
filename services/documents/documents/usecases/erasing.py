"""A case's data go: drafts, forms, bundles, hand-overs, who was in it. Letters that took a number stay for the archive,
with their line in the book and what is printed on them; their owner can still read them."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.erasing import Counts, ErasedCase, answered_with, count, job, look_again
from documents.deps import Deps
from documents.store import erasing
from documents.usecases import objects
from kit.db import Row


def erase_batch(deps: Deps, case: ErasedCase) -> Counts:
    """All of it, objects first: a case has a handful. What is put meanwhile is looked for again later, under the names
    of all that the case had when its rows went."""
    of = erasing.Of(case.application_id, case.introduction_id)
    with deps.db.transaction(case.kelurahan) as tx:
        rows = erasing.objects_of(tx, of)
    under, but = _names(case, rows)
    gone = sum(deps.objects.delete_under(deps.settings.s3_bucket, one, but) for one in under)
    with deps.db.transaction(case.kelurahan) as tx:
        erasing.hold(tx, of)
        under, but = _names(case, erasing.objects_of(tx, of))
        counts = erasing.erase(tx, of)
        if any(counts.values()):
            look_again(tx, case, under, but)
        return count(tx, case, counts | {"object": gone})


def _names(case: ErasedCase, rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """How the names of the case's objects begin, and which of these stay: of a letter that stays what was issued."""
    under = [
        one
        for row in rows
        for one in (
            [objects.of_bundle(case.kelurahan, row["bundle_id"])]
            if row["bundle_id"]
            else objects.all_of(case.kelurahan, row["letter_id"])
        )
    ]
    return under, [row["key"] for row in rows if row["stays"] and row["key"]]


ERASING = job("documents", erase_batch, answered_with("erasure.done"))
