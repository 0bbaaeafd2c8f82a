"""Master data from the city: who may send it, and what both services that take a part of it answer.

intake takes offices with their calendars, verification RTs and who heads them; neither calls the other. Each takes a
document as often as it is sent: what is as it says stays, what differs is changed, and what cannot be taken is named,
while the rest is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from contracts.reach import OutOfReach, Reach

SCOPE = "masterdata.write"
WRITERS = ("administrator", "area_administrator", SCOPE)
"""Of an office for itself; of a kecamatan or city, people and machines, for all below it."""
RESULTS = ADDED, CHANGED, UNCHANGED, WRONG = ("added", "changed", "unchanged", "wrong")


def check_reach(reach: Reach, codes: Iterable[str]) -> None:
    """Nobody sends anything for an office that is not his. Raises OutOfReach, which names the first."""
    for code in codes:
        if not reach.covers(code):
            raise OutOfReach(code)


def report(items: Sequence[Mapping[str, Any]], *, dry_run: bool) -> dict[str, Any]:
    """What became of the items, and how many of each."""
    found = Counter(item["result"] for item in items)
    return {"dry_run": dry_run, "counts": {result: found[result] for result in RESULTS}, "items": list(items)}


def _count(description: str, example: int) -> fields.Integer:
    return fields.Integer(metadata={"description": description, "example": example})


def result() -> fields.String:
    """What became of an item."""
    return fields.String(
        validate=validate.OneOf(RESULTS), metadata={"description": "What was done, or would be.", "example": ADDED}
    )


def errors() -> fields.Dict:
    """By field, what keeps an item from being taken."""
    return fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Of a wrong one: by field, what is wrong.", "example": {}},
    )


class MasterDataQuery(Schema):
    """How it is to be taken."""

    class Meta:
        unknown = RAISE

    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Only look what would happen.", "example": True}
    )


class Counts(Schema):
    """How many items of each result."""

    added = _count("New.", 106)
    changed = _count("Another value than before.", 1)
    unchanged = _count("As they were.", 0)
    wrong = _count("Not taken; `errors` says why.", 0)


class Report(Schema):
    """What an import did."""

    dry_run = fields.Boolean(metadata={"description": "Nothing was written.", "example": False})
    counts = fields.Nested(Counts)
