"""Who read or changed what of a case, by the hour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from intake.domain.accesses import Held
from kit.db import Row, Tx
from kit.ids import new_id

_COLUMNS = (
    "kelurahan", "application_id", "service", "reader", "role", "office", "did", "kind", "object", "purpose", "hour",
    "times", "first_at", "last_at",
)  # fmt: skip
_KEEP = f"""
INSERT INTO access (id, {", ".join(_COLUMNS)}) VALUES %s
ON CONFLICT (application_id, service, reader, role, office, did, kind, object, purpose, hour) DO UPDATE SET
    times = access.times + EXCLUDED.times, first_at = least(access.first_at, EXCLUDED.first_at),
    last_at = greatest(access.last_at, EXCLUDED.last_at)
"""


_HIS_ALONE = ("comment",)
"""Kinds of which the person alone is told: who else saw which case was read with a page of comments would know whose
they are."""


def held(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Held]:
    """Whose cases these are; one that is not here is left out."""
    rows = tx.all(
        "SELECT id, kelurahan, owner, resident, helper FROM application WHERE id = ANY(%s)", [sorted(set(ids))]
    )
    return {row["id"]: Held(row["kelurahan"], row["owner"], row["resident"], row["helper"]) for row in rows}


def whose(tx: Tx, ids: Iterable[UUID]) -> list[Row]:
    """Tracking code, person and logins of cases, for whoever has to tell the people."""
    return tx.all(
        "SELECT id, kelurahan, tracking_code, person_id, owner, resident, helper FROM application WHERE id = ANY(%s)"
        " ORDER BY id",
        [sorted(set(ids))],
    )


def keep(tx: Tx, rows: list[Row]) -> None:
    """Adds to what is counted already. No two of the rows are of one key."""
    if rows:
        tx.execute_many(_KEEP, [[new_id(), *(row[name] for name in _COLUMNS)] for row in rows])


def of_case(tx: Tx, application_id: UUID, after: list[Any] | None, limit: int, *, himself: bool) -> list[Row]:
    """The latest first, `limit + 1` of them; for the person himself, or for who else may know of them."""
    besides = [] if himself else list(_HIS_ALONE)
    params: dict[str, Any] = {"case": application_id, "limit": limit + 1, "besides": besides}
    beyond = ""
    if after:
        beyond = "AND (last_at, id) < (%(last)s::timestamptz, %(id)s::uuid)"
        params |= {"last": after[0], "id": after[1]}
    return tx.all(
        f"SELECT id, {', '.join(_COLUMNS)} FROM access WHERE application_id = %(case)s"
        f" AND kind <> ALL(%(besides)s::text[]) {beyond}"
        " ORDER BY last_at DESC, id DESC LIMIT %(limit)s",
        params,
    )
