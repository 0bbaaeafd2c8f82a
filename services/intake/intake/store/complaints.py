"""Complaints and what happened to them. The row is what its entries make; both are written in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.history import By, Entry, State
from intake.domain.complaints.states import IN_OFFICE
from intake.store.applications import person_context
from kit.db import Row, Tx
from kit.due import Due
from kit.ids import new_id
from kit.sealed import Keyring

_STATE = [one.name for one in fields(State)]
_OWN = ("id", "kelurahan", "ticket", "owner", "person_id", "secret_hash", "next_at", "erased_at")
_SELECT = f"""
SELECT {", ".join(f"c.{name}" for name in (*_OWN, *_STATE))},
    (SELECT sealed FROM people WHERE people.id = c.person_id) AS sealed
FROM complaint c
"""
_INSERT = f"""
INSERT INTO complaint (id, kelurahan, ticket, owner, person_id, secret_hash, next_at, ordered_at, {", ".join(_STATE)})
VALUES (%(id)s, %(kelurahan)s, %(ticket)s, %(owner)s, %(person_id)s, %(secret_hash)s, %(next_at)s, %(ordered_at)s,
    {", ".join(f"%({name})s" for name in _STATE)})
"""
_UPDATE = f"""
UPDATE complaint SET {", ".join(f"{name} = %({name})s" for name in _STATE)}, next_at = %(next_at)s,
    ordered_at = %(ordered_at)s WHERE id = %(id)s
"""
_ENTRY = """
INSERT INTO complaint_entry (complaint_id, number, kelurahan, at, change, by_role, by_staff, data, words)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def secret_context(complaint_id: UUID) -> str:
    """What the hash of a secret is bound to."""
    return f"complaint:{complaint_id}"


def add(tx: Tx, keys: Keyring, complaint: Complaint, entry: Entry) -> None:
    """A new one with its first entry."""
    if complaint.person:
        complaint.person_id = new_id()
        sealed = keys.seal(complaint.person, person_context(complaint.person_id))
        tx.later(
            "INSERT INTO people (id, kelurahan, sealed) VALUES (%s, %s, %s)",
            [complaint.person_id, complaint.kelurahan, sealed],
        )
    own = {name: getattr(complaint, name) for name in ("id", "kelurahan", "ticket", "owner", "person_id",
                                                       "secret_hash")}  # fmt: skip
    tx.later(_INSERT, own | _written(complaint))
    _add_entry(tx, keys, complaint, entry)


def save(tx: Tx, keys: Keyring, complaint: Complaint, entry: Entry) -> None:
    """What an entry has made of it; the row is locked."""
    tx.later(_UPDATE, _written(complaint) | {"id": complaint.id})
    _add_entry(tx, keys, complaint, entry)


def save_next(tx: Tx, complaint: Complaint) -> None:
    """When something happens to it by itself; nothing that its readers see."""
    tx.later("UPDATE complaint SET next_at = %s WHERE id = %s", [complaint.next_at, complaint.id])


def _written(complaint: Complaint) -> dict[str, Any]:
    state = {name: getattr(complaint.state, name) for name in _STATE}
    pauses = [[at.isoformat() if at else None for at in pause] for pause in complaint.state.pauses]
    return state | {"pauses": Json(pauses), "ordered_at": complaint.state.ordered_at, "next_at": complaint.next_at}


def _words_context(complaint_id: UUID, number: int) -> str:
    return f"complaint:{complaint_id}:{number}"


def _add_entry(tx: Tx, keys: Keyring, complaint: Complaint, entry: Entry) -> None:
    words = keys.seal(entry.words, _words_context(complaint.id, entry.number)) if entry.words is not None else None
    tx.later(
        _ENTRY,
        [
            complaint.id, entry.number, complaint.kelurahan, entry.at, entry.change, entry.by.role, entry.by.staff,
            dict(entry.data), words,
        ],
    )  # fmt: skip


def get(tx: Tx, keys: Keyring, complaint_id: UUID) -> Complaint | None:
    row = tx.one(f"{_SELECT} WHERE c.id = %s", [complaint_id])
    return _read(row, keys) if row else None


def lock(tx: Tx, keys: Keyring, complaint_id: UUID) -> Complaint | None:
    row = tx.one(f"{_SELECT} WHERE c.id = %s FOR UPDATE", [complaint_id])
    return _read(row, keys) if row else None


def by_ticket(tx: Tx, keys: Keyring, ticket: str) -> Complaint | None:
    row = tx.one(f"{_SELECT} WHERE c.ticket = %s", [ticket])
    return _read(row, keys) if row else None


def history(tx: Tx, keys: Keyring, complaint_id: UUID) -> list[Entry]:
    """All its entries, oldest first. Words of an erased one are gone."""
    rows = tx.all(
        "SELECT number, at, change, by_role, by_staff, data, words FROM complaint_entry WHERE complaint_id = %s"
        " ORDER BY number",
        [complaint_id],
    )
    return [
        Entry(
            row["number"], row["at"], row["change"], By(row["by_role"], row["by_staff"]), row["data"],
            keys.open(row["words"], _words_context(complaint_id, row["number"])) if row["words"] else None,
        )
        for row in rows
    ]  # fmt: skip


def of_case(tx: Tx, keys: Keyring, application_id: UUID) -> list[Complaint]:
    """Those that are about a case, oldest first."""
    return _all(tx, keys, "WHERE c.application_id = %s ORDER BY c.id", [application_id])


def of_owner(
    tx: Tx, keys: Keyring, kelurahan: str, owner: str, after: Sequence[Any] | None, limit: int
) -> list[Complaint]:
    """A login's own, the newest first, up to `limit + 1`."""
    (place,) = after or (None,)
    return _all(
        tx, keys, "WHERE c.kelurahan = %s AND c.owner = %s AND (%s::uuid IS NULL OR c.id < %s::uuid)"
        " ORDER BY c.id DESC LIMIT %s", [kelurahan, owner, place, place, limit + 1],
    )  # fmt: skip


_DESK = """
WHERE c.kelurahan = ANY(%(codes)s) AND (c.about, c.level) IN %(about)s
AND ((%(status)s::text IS NULL AND c.status IN ('filed', 'checked')) OR c.status = %(status)s)
AND (%(service)s::text IS NULL OR c.service = %(service)s) AND (%(step)s::text IS NULL OR c.step = %(step)s)
AND (%(application_id)s::uuid IS NULL
    OR (c.application_id = %(application_id)s AND c.confidentiality = 'open'))
AND (%(kind)s::text IS NULL OR c.kind = %(kind)s)
AND (%(assigned_to)s::text IS NULL OR c.assigned_to = %(assigned_to)s)
AND (c.about_staff IS NULL OR c.about_staff <> %(account)s)
AND c.erased_at IS NULL AND (NOT %(late)s OR (c.ordered_at < %(now)s AND c.status IN ('filed', 'checked')))
AND (%(at)s::timestamptz IS NULL OR (c.ordered_at, c.id) > (%(at)s::timestamptz, %(id)s::uuid))
"""
_IN_ORDER = "ORDER BY c.ordered_at, c.id LIMIT %(limit)s"


def desk(tx: Tx, keys: Keyring, chosen: dict[str, Any], after: Sequence[Any] | None, limit: int) -> list[Complaint]:
    """What a desk handles, by when it is due, up to `limit + 1`: of these offices (`codes`) and of `about`, pairs of
    whom it is about and its level; without `status` what lies with the office."""
    at, complaint_id = after or (None, None)
    about = tuple(chosen["about"]) or (("", ""),)
    asked = chosen | {"about": about, "at": at, "id": complaint_id, "limit": limit + 1}
    return _all(tx, keys, f"{_DESK}{_IN_ORDER}", asked)


def count_desk(tx: Tx, chosen: dict[str, Any], most: int) -> int:
    """How many of the same, counted no further than one more than `most`."""
    about = tuple(chosen["about"]) or (("", ""),)
    asked = chosen | {"about": about, "at": None, "id": None, "limit": most + 1}
    return int(tx.value(f"SELECT count(*) FROM (SELECT FROM complaint c {_DESK} LIMIT %(limit)s) AS counted", asked))


def late(tx: Tx, kelurahan: str, now: datetime, most: int, about: Sequence[tuple[str, str]], account: str) -> int:
    """How many of an office are late, counted no further than one more than `most`: of `about`, pairs of whom it is
    about and its level, and not about this account."""
    return int(
        tx.value(
            "SELECT count(*) FROM (SELECT FROM complaint WHERE kelurahan = %s AND status IN %s AND ordered_at < %s"
            " AND (about, level) IN %s AND (about_staff IS NULL OR about_staff <> %s) AND erased_at IS NULL"
            " LIMIT %s) AS counted",
            [kelurahan, IN_OFFICE, now, tuple(about) or (("", ""),), account, most + 1],
        )
    )


def tally(tx: Tx, kelurahan: str, service: str | None, since: datetime, most: int, about: Sequence[str]) -> list[Row]:
    """{service, step, kind, status, result, number} of what was filed since about these, of the newest `most`."""
    return tx.all(
        "SELECT service, step, kind, status, result, count(*)::int AS number FROM (SELECT service, step, kind, status,"
        " result FROM complaint WHERE kelurahan = %(kelurahan)s AND filed_at >= %(since)s"
        " AND about = ANY(%(about)s)"
        " AND (%(service)s::text IS NULL OR service = %(service)s) ORDER BY filed_at DESC LIMIT %(most)s) AS newest"
        " GROUP BY service, step, kind, status, result ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3, 4, 5",
        {"kelurahan": kelurahan, "service": service, "since": since, "most": most, "about": list(about)},  # fmt: skip
    )


def filed_between(
    tx: Tx, keys: Keyring, period: tuple[datetime, datetime], about: Sequence[str], after: Sequence[Any] | None,
    limit: int,
) -> list[Complaint]:  # fmt: skip
    """Those of the transaction's office that were filed in a period about these, in that order, after the place of the
    last."""
    at, complaint_id = after or (None, None)
    return _all(
        tx, keys, "WHERE c.kelurahan = %s AND c.filed_at >= %s AND c.filed_at < %s"
        " AND c.about = ANY(%s) AND (%s::timestamptz IS NULL OR (c.filed_at, c.id) > (%s::timestamptz, %s::uuid))"
        " ORDER BY c.filed_at, c.id LIMIT %s", [tx.tenant, *period, list(about), at, at, complaint_id, limit],
    )  # fmt: skip


def due(tx: Tx, now: datetime, after: Due | None, limit: int) -> list[Due]:
    """What something is to happen to by now; the earliest first."""
    at, complaint_id = after or (None, None)
    rows = tx.all(
        "SELECT next_at, id FROM complaint WHERE next_at <= %(now)s"
        " AND (%(at)s::timestamptz IS NULL OR (next_at, id) > (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY next_at, id LIMIT %(limit)s",
        {"now": now, "at": at, "id": complaint_id, "limit": limit},
    )
    return [(row["next_at"], row["id"]) for row in rows]


def lock_open(tx: Tx, keys: Keyring, kelurahan: str, after: UUID | None, limit: int) -> list[Complaint]:
    """An office's that are not closed, locked, by id."""
    return _all(
        tx, keys, "WHERE c.kelurahan = %s AND c.status <> 'closed' AND c.erased_at IS NULL"
        " AND (%s::uuid IS NULL OR c.id > %s::uuid)"
        " ORDER BY c.id LIMIT %s FOR UPDATE", [kelurahan, after, after, limit],
    )  # fmt: skip


def batch(tx: Tx, keys: Keyring, after: UUID | None, limit: int) -> list[Complaint]:
    """Any that is kept, locked, by id: to tell its state again."""
    return _all(
        tx, keys, "WHERE c.erased_at IS NULL AND (%s::uuid IS NULL OR c.id > %s::uuid) ORDER BY c.id LIMIT %s"
        " FOR UPDATE", [after, after, limit],
    )  # fmt: skip


def exists(tx: Tx, complaint_id: UUID) -> bool:
    """Whether this is the id of one, erased or not."""
    return bool(tx.value("SELECT EXISTS (SELECT FROM complaint WHERE id = %s)", [complaint_id]))


def over(tx: Tx, kelurahan: str, before: datetime, limit: int) -> list[Row]:
    """{id} of closed ones whose time is over and of which nobody has asked for the erasure."""
    return tx.all(
        "SELECT id FROM complaint c WHERE kelurahan = %s AND status = 'closed' AND erased_at IS NULL AND closed_at < %s"
        " AND NOT EXISTS (SELECT FROM erasure e WHERE e.application_id = c.id) ORDER BY closed_at LIMIT %s",
        [kelurahan, before, limit],
    )


def closed_of(tx: Tx, kelurahan: str, owner: str) -> list[UUID]:
    """Closed ones of a login that are kept."""
    rows = tx.all(
        "SELECT id FROM complaint WHERE kelurahan = %s AND owner = %s AND status = 'closed' AND erased_at IS NULL",
        [kelurahan, owner],
    )
    return [row["id"] for row in rows]


def part_with(tx: Tx, kelurahan: str, owner: str) -> None:
    """They are no login's any more."""
    tx.later("UPDATE complaint SET owner = NULL WHERE kelurahan = %s AND owner = %s", [kelurahan, owner])


def forget(tx: Tx, complaint_id: UUID, at: datetime) -> dict[str, int]:
    """Takes away who filed it, which case it was about, what was written, and how it is gone on with; of the rest stays
    a line without anybody. Nothing when that was done before."""
    rows = tx.all(
        "WITH old AS (SELECT id, person_id FROM complaint WHERE id = %(id)s AND erased_at IS NULL FOR UPDATE)"
        " UPDATE complaint c SET person_id = NULL, owner = NULL, application_id = NULL, secret_hash = NULL,"
        " next_at = NULL, erased_at = %(at)s FROM old WHERE c.id = old.id RETURNING old.person_id",
        {"id": complaint_id, "at": at},
    )
    if not rows:
        return {}
    people = tx.execute("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])
    words = tx.execute(
        "UPDATE complaint_entry SET words = NULL WHERE complaint_id = %s AND words IS NOT NULL", [complaint_id]
    )
    tx.later(
        "UPDATE complaint_entry SET data = jsonb_set(data, '{application_id}', 'null')"
        " WHERE complaint_id = %s AND data ? 'application_id'",
        [complaint_id],
    )
    outcomes = tx.execute("DELETE FROM message_outcome WHERE application_id = %s", [complaint_id])
    return {"complaint": 1, "people": people, "words": words, "message_outcome": outcomes}


def _all(tx: Tx, keys: Keyring, where: str, values: Any) -> list[Complaint]:
    return list(_opened(tx.all(f"{_SELECT} {where}", values), keys))


def _opened(rows: Iterable[Row], keys: Keyring) -> Iterable[Complaint]:
    return (_read(row, keys) for row in rows)


def _read(row: Row, keys: Keyring) -> Complaint:
    state = {name: row[name] for name in _STATE}
    pauses = tuple(
        (datetime.fromisoformat(begins), datetime.fromisoformat(ends) if ends else None)
        for begins, ends in row["pauses"]
    )
    application_id = str(row["application_id"]) if row["application_id"] else None
    sealed, secret = row["sealed"], row["secret_hash"]
    return Complaint(
        **{name: row[name] for name in _OWN} | {"secret_hash": bytes(secret) if secret else None},
        state=State(**state | {"pauses": pauses, "application_id": application_id}),
        person=keys.open(sealed, person_context(row["person_id"])) if sealed else {},
    )
