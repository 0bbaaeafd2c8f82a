"""Cases of a period for other systems: of each what the public feed tells of it, as it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from contracts.bulk import each_office
from contracts.feed import PUBLIC, PublicCase
from contracts.reach import reach_of
from intake.deps import Deps
from intake.store import exports
from intake.usecases.offices import office, reached
from kit.auth import Caller
from kit.db import Row, Tx

_STANDS = PUBLIC["application.changed"]
COLUMNS = (*PublicCase().fields, "cursor")


def cases(deps: Deps, who: Caller, query: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Batches of cases that were first submitted in the period, office after office. Raises OutOfReach, Unprocessable
    for a cursor that is none."""
    reach = reach_of(who).narrowed(query["kelurahan"])

    def read(tx: Tx, kelurahan: str, after: list[Any] | None, limit: int) -> list[Row]:
        zone = office(deps, tx, kelurahan).zone
        begins = datetime.combine(query["first"], time(), zone)
        ends = datetime.combine(query["last"] + timedelta(days=1), time(), zone)
        return exports.submitted(tx, begins, ends, after, limit)

    found = each_office(
        deps.db, reached(deps, reach), query["cursor"], (moment, UUID), read,
        lambda row: (row["submitted_at"].isoformat(), row["id"]),
    )  # fmt: skip
    return ([_STANDS.told(row) | {"cursor": cursor} for row, cursor in batch] for batch in found)


def moment(text: Any) -> datetime:
    """A reader of cursors. Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a moment without its zone")
    return found
