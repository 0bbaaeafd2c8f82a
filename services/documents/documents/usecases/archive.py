"""Letters for other systems: those of a period, and by their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from contracts.bulk import each_office
from contracts.reach import Reach, reach_of
from documents.deps import Deps
from documents.domain import archive
from documents.domain.numbers import letter_date
from documents.store import archive as store
from documents.store import copies, people
from kit.auth import Caller
from kit.db import EVERY_TENANT, Row, Tx
from kit.paging import plain, whole

MOST = 50
"""Letters of one number: of several series, which each count by themselves."""
COLUMNS = (*archive.COLUMNS, "cursor")


def reached(deps: Deps, reach: Reach) -> list[str]:
    """The codes of the offices that somebody may read."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        return reach.among(store.offices(tx))


def of_period(deps: Deps, who: Caller, query: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Batches of the numbers that bear a date of the period, office after office. Raises OutOfReach, Unprocessable for
    a cursor that is none."""
    reach = reach_of(who).narrowed(query["kelurahan"])

    def read(tx: Tx, _office: str, after: list[Any] | None, limit: int) -> list[Row]:
        rows = store.dated(tx, query["first"], query["last"], after, limit)
        return _entries(deps, tx, rows)

    found = each_office(
        deps.db, reached(deps, reach), query["cursor"], (date.fromisoformat, plain, whole), read,
        lambda row: (row["dated"].isoformat(), row["series"], row["n"]),
    )  # fmt: skip
    return ([row | {"cursor": cursor} for row, cursor in batch] for batch in found)


def by_number(deps: Deps, who: Caller, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The letters of an office that bear a number. Raises OutOfReach."""
    kelurahan = query["kelurahan"] or who.tenant
    reach_of(who).narrowed([kelurahan])
    with deps.db.transaction(kelurahan) as tx:
        rows = store.numbered(tx, query["year"], query["number"], query["register"], MOST)
        return [row | {"content_url": _address(row)} for row in _entries(deps, tx, rows)]


def _address(row: Row) -> str | None:
    """Where its PDF is, once there is one."""
    if row["issued_at"] is None:
        return None
    return f"/v1/letters/{row['letter_id']}/content?kelurahan={row['kelurahan']}"


def _entries(deps: Deps, tx: Tx, rows: Sequence[Row]) -> list[dict[str, Any]]:
    known = people.read_many(tx, deps.data_keys, {row["person_id"] for row in rows if row["person_id"]})
    zone = (copies.office(tx, tx.tenant) or {}).get("zone", "Asia/Jakarta")
    today = letter_date(deps.clock.now(), zone)
    return [archive.entry(row, known.get(row["person_id"]), today) for row in rows]
