"""The ledger of erasures: what was asked for, and what each service says it has erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from intake.domain.erasure import Line
from kit.db import EVERY_TENANT, Database, Row, Tx

_LEDGER = "application_id, introduction_id, kelurahan, why, requested_at, due_at, done_at"
_PAGE = 1000


def line(tx: Tx, application_id: UUID) -> Line | None:
    """What there is of a case, whether it is erased or not."""
    row = tx.one(
        "SELECT id, kelurahan, status, owner, resident, helper, coalesce(status_since, changed_at) AS ended_at,"
        " submitted_at, erased_at FROM application WHERE id = %s",
        [application_id],
    )
    return Line(**row) if row else None


# Cases that ended so before, the longest first, and were not asked to be erased yet.
_OVER = """
SELECT id, introduction_id FROM application a WHERE kelurahan = %(kelurahan)s AND status = ANY(%(statuses)s)
    AND erased_at IS NULL AND (submitted_at IS NOT NULL) = %(submitted)s
    AND coalesce(status_since, changed_at) < %(before)s AND {told}
    AND NOT EXISTS (SELECT FROM erasure e WHERE e.application_id = a.id)
ORDER BY coalesce(status_since, changed_at), id LIMIT %(limit)s
"""


# That the message was asked for is not enough: a release of notify that does not know it sets it aside.
_TOLD = """erasure_told_at <= %(told)s AND coalesce(
        (SELECT at FROM message_outcome m WHERE m.message_id = a.erasure_message_id) <= %(told)s,
        erasure_told_at <= %(unheard)s)"""


def over(
    tx: Tx, kelurahan: str, outcome: tuple[Sequence[str], bool], before: datetime,
    told: tuple[datetime, datetime], limit: int
) -> list[Row]:  # fmt: skip
    """{id, introduction_id} of cases that ended so before, and whose persons were told before the first of `told`, or
    where nobody has said what became of the message, before the second. The longest first."""
    asked = _asked(kelurahan, outcome, before, limit)
    return tx.all(_OVER.format(told=_TOLD), asked | {"told": told[0], "unheard": told[1]})


def untold(
    tx: Tx, kelurahan: str, outcome: tuple[Sequence[str], bool], before: datetime, limit: int
) -> list[Row]:  # fmt: skip
    """{id, introduction_id} of cases that ended so before, and whose persons were not told yet that they will go."""
    return tx.all(_OVER.format(told="erasure_told_at IS NULL"), _asked(kelurahan, outcome, before, limit))


def _asked(kelurahan: str, outcome: tuple[Sequence[str], bool], before: datetime, limit: int) -> dict[str, Any]:
    statuses, submitted = outcome
    return {
        "kelurahan": kelurahan, "statuses": list(statuses), "submitted": submitted, "before": before, "limit": limit,
    }  # fmt: skip


def told(tx: Tx, application_id: UUID, at: datetime, message_id: UUID | None) -> None:
    """The person is told by this message; None where there is no phone."""
    tx.later(
        "UPDATE application SET erasure_told_at = %s, erasure_message_id = %s WHERE id = %s",
        [at, message_id, application_id],
    )


def is_told(tx: Tx, application_id: UUID) -> bool:
    return bool(tx.value("SELECT erasure_told_at IS NOT NULL FROM application WHERE id = %s", [application_id]))


def alone(tx: Tx, kelurahan: str, outcome: str | None, before: datetime, limit: int) -> list[UUID]:
    """Introductions that ended so before and became no case, the longest first, and were not asked to be erased yet."""
    rows = tx.all(
        "SELECT t.introduction_id FROM task t WHERE kelurahan = %s AND kind = 'introduction' AND application_id IS NULL"
        " AND status <> 'open' AND outcome IS NOT DISTINCT FROM %s AND coalesce(closed_at, kept_at) < %s"
        " AND NOT EXISTS (SELECT FROM application a WHERE a.introduction_id = t.introduction_id)"
        " AND NOT EXISTS (SELECT FROM erasure e WHERE e.application_id = t.introduction_id)"
        " ORDER BY coalesce(closed_at, kept_at), id LIMIT %s",
        [kelurahan, outcome, before, limit],
    )
    return [row["introduction_id"] for row in rows]


_HIS = "(owner = %(login)s OR resident = %(login)s OR helper = %(login)s)"


def open_of(tx: Tx, login: str) -> bool:
    """Whether this login has a case that has not ended, as the person or as a helper."""
    return bool(
        tx.value(
            f"SELECT EXISTS (SELECT FROM application WHERE kelurahan = %(office)s AND {_HIS}"
            " AND status NOT IN ('completed', 'rejected', 'withdrawn', 'expired'))",
            {"office": tx.tenant, "login": login},
        )
    )


def kept_of(tx: Tx, login: str) -> list[Row]:
    """{id, introduction_id} of the ended cases of the person himself that are kept."""
    return tx.all(
        "SELECT id, introduction_id FROM application WHERE kelurahan = %(office)s AND erased_at IS NULL"
        " AND (resident = %(login)s OR (owner = %(login)s AND helper IS DISTINCT FROM %(login)s)) ORDER BY id",
        {"office": tx.tenant, "login": login},
    )


def put(tx: Tx, row: Row) -> None:
    """Asked for, or asked for again: then every service answers anew."""
    tx.later("DELETE FROM erasure_part WHERE application_id = %(application_id)s", row)
    tx.later(
        f"INSERT INTO erasure ({_LEDGER}) VALUES (%(application_id)s, %(introduction_id)s, %(kelurahan)s, %(why)s,"
        " %(requested_at)s, %(due_at)s, NULL) ON CONFLICT (application_id) DO UPDATE SET done_at = NULL",
        row,
    )


def get(tx: Tx, application_id: UUID) -> Row | None:
    return tx.one(f"SELECT {_LEDGER} FROM erasure WHERE application_id = %s", [application_id])


def parts(tx: Tx, application_id: UUID) -> list[Row]:
    """{service, counts, done_at}, as they came."""
    return tx.all(
        "SELECT service, counts, done_at FROM erasure_part WHERE application_id = %s ORDER BY done_at, service",
        [application_id],
    )


def part_done(tx: Tx, application_id: UUID, service: str, counts: dict[str, int], at: datetime, of: int) -> bool:
    """Keeps what a service has erased; with the last of so many services the erasure is done. False for one that
    nobody has asked for."""
    asked = tx.one("SELECT kelurahan FROM erasure WHERE application_id = %s FOR UPDATE", [application_id])
    if asked is None:
        return False
    tx.later(
        "INSERT INTO erasure_part (application_id, service, kelurahan, counts, done_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (application_id, service) DO UPDATE SET counts = EXCLUDED.counts, done_at = EXCLUDED.done_at",
        [application_id, service, asked["kelurahan"], counts, at],
    )
    tx.later(
        "UPDATE erasure SET done_at = %(at)s WHERE application_id = %(id)s AND done_at IS NULL"
        " AND (SELECT count(*) FROM erasure_part WHERE application_id = %(id)s) = %(of)s",
        {"at": at, "id": application_id, "of": of},
    )
    return True


def pending(tx: Tx, ids: Sequence[UUID]) -> int:
    """How many of these are not done yet."""
    return int(tx.value("SELECT count(*) FROM erasure WHERE application_id = ANY(%s) AND done_at IS NULL", [list(ids)]))


def since(db: Database, moment: datetime | None) -> Iterator[Row]:
    """The whole ledger, or what was asked for from then on, a page at a time."""
    after: tuple[datetime, UUID] | None = None
    while True:
        asked: dict[str, Any] = {"since": moment, "limit": _PAGE}
        asked |= {"at": after[0], "id": after[1]} if after else {"at": None, "id": None}
        with db.transaction(EVERY_TENANT) as tx:
            rows = tx.all(
                f"SELECT {_LEDGER} FROM erasure WHERE (%(since)s::timestamptz IS NULL OR requested_at >= %(since)s)"
                " AND (%(at)s::timestamptz IS NULL OR (requested_at, application_id) > (%(at)s, %(id)s::uuid))"
                " ORDER BY requested_at, application_id LIMIT %(limit)s",
                asked,
            )
        yield from rows
        if len(rows) < _PAGE:
            return
        after = (rows[-1]["requested_at"], rows[-1]["application_id"])
