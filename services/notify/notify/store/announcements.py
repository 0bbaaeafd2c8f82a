"""Announcements, whom each was sent to, and whom one is for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.sealed import Keyring
from notify.domain.agreeing import MEDIUM
from notify.domain.announcements import Announcement, Phase
from notify.domain.contacts import Contact
from notify.store import people

_COLUMNS = [field.name for field in fields(Announcement) if field.name != "person"]
_CHANGING = tuple(
    name for name in _COLUMNS if name not in ("id", "kelurahan", "person_id", "written_by", "created_at", "version")
)
_SELECT = (
    f"SELECT {', '.join(f'a.{name}' for name in _COLUMNS)}, p.sealed FROM announcement a"
    " JOIN people p ON p.id = a.person_id"
)


def add(tx: Tx, keys: Keyring, one: Announcement) -> None:
    one.person_id = people.keep(tx, keys, one.kelurahan, one.person)
    tx.later(
        f"INSERT INTO announcement ({', '.join(_COLUMNS)}) VALUES ({', '.join(f'%({name})s' for name in _COLUMNS)})",
        _values(one, _COLUMNS),
    )


def save(tx: Tx, keys: Keyring, one: Announcement, *, words: bool = False) -> None:
    """Writes one that was read with a lock; its `words` too, where they changed."""
    if words and one.person_id is not None:
        people.change(tx, keys, one.person_id, one.person)
    one.version = tx.value(
        f"UPDATE announcement SET {', '.join(f'{name} = %({name})s' for name in _CHANGING)}, version = version + 1"
        " WHERE id = %(id)s RETURNING version",
        _values(one, ("id", *_CHANGING)),
    )


def get(tx: Tx, keys: Keyring, announcement_id: UUID, *, lock: bool = False) -> Announcement | None:
    row = tx.one(f"{_SELECT} WHERE a.id = %s{' FOR UPDATE OF a, p' if lock else ''}", [announcement_id])
    return None if row is None else _read(keys, row)


def listed(tx: Tx, keys: Keyring, kelurahan: str, before: UUID | None, limit: int) -> list[Announcement]:
    """The office's, the newest first."""
    rows = tx.all(
        f"{_SELECT} WHERE a.kelurahan = %(kelurahan)s AND (%(before)s::uuid IS NULL OR a.id < %(before)s)"
        " ORDER BY a.id DESC LIMIT %(limit)s",
        {"kelurahan": kelurahan, "before": before, "limit": limit},
    )
    return [_read(keys, row) for row in rows]


def stopped(tx: Tx, announcement_id: UUID) -> bool:
    """Whether somebody stopped it."""
    return bool(tx.value("SELECT status = 'stopped' FROM announcement WHERE id = %s", [announcement_id]))


# --- whom it is for ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """Somebody whom an announcement is for; `at` is his place in the list. `since`: how long ago he wrote to us."""

    at: UUID
    person: Mapping[str, Any]
    contact: Contact | None
    since: timedelta | None


_WANTED_PLACE = (
    "(%(places)s::jsonb IS NULL OR EXISTS (SELECT FROM jsonb_to_recordset(%(places)s::jsonb) AS w (rw text, rt text)"
    " WHERE w.rw = h.rw AND (w.rt IS NULL OR w.rt = h.rt)))"
)
_CONTACT = [field.name for field in fields(Contact) if field.name != "person"]
_OF_CONTACT = ", ".join(f"c.{name} AS c_{name}" for name in _CONTACT) + (
    ", cp.sealed AS c_sealed, clock_timestamp() - c.last_in_at AS since"
)
_LISTS: Mapping[Phase, str] = {
    # One for each RT: its head, or who stands in for him where there is none.
    "heads": (
        f"SELECT h.id AS at, p.id AS p_id, p.sealed AS p_sealed, {_OF_CONTACT} FROM (SELECT DISTINCT ON (rw, rt) id,"
        " rw, rt, person_id FROM officeholder WHERE kelurahan = %(kelurahan)s AND rt IS NOT NULL AND from_date <="
        " %(today)s AND (to_date IS NULL OR to_date >= %(today)s) AND role IN ('rt_head', 'substitute')"
        " ORDER BY rw, rt, role, from_date DESC, id) h JOIN people p ON p.id = h.person_id"
        " LEFT JOIN contact c ON c.kelurahan = p.kelurahan AND c.phone_index = p.phone_index"
        f" LEFT JOIN people cp ON cp.id = c.person_id WHERE {_WANTED_PLACE}"
        " AND (%(after)s::uuid IS NULL OR h.id > %(after)s) ORDER BY h.id LIMIT %(limit)s"
    ),
    "agreed": (
        f"SELECT c.id AS at, NULL::uuid AS p_id, NULL::text AS p_sealed, {_OF_CONTACT} FROM (SELECT DISTINCT ON"
        " (contact_id) contact_id, wanted, rw, rt FROM contact_consent WHERE kelurahan = %(kelurahan)s"
        f" AND medium = '{MEDIUM}' AND contact_id IS NOT NULL AND (%(after)s::uuid IS NULL OR contact_id > %(after)s)"
        " ORDER BY contact_id, id DESC) h JOIN contact c ON c.id = h.contact_id JOIN people cp ON cp.id = c.person_id"
        f" WHERE h.wanted AND {_WANTED_PLACE} ORDER BY c.id LIMIT %(limit)s"
    ),
}  # fmt: skip


def readers(
    tx: Tx, keys: Keyring, one: Announcement, phase: Phase, today: date, after: UUID | None, limit: int
) -> list[Listed]:
    """Some of those whom it is for, in the order of a list in which they are behind `after`."""
    rows = tx.all(
        _LISTS[phase],
        _values(one, ("kelurahan", "places")) | {"today": today, "after": after, "limit": limit},
    )
    return [_listed(keys, row) for row in rows]


def take(tx: Tx, one: Announcement, messages: Mapping[bytes, UUID]) -> set[UUID]:
    """Which of these messages (by the mark of whom they go to) are the first of this announcement to somebody."""
    rows = tx.all(
        "INSERT INTO announcement_recipient (announcement_id, mark, kelurahan, message_id) SELECT %s, r.mark, %s,"
        " r.message_id FROM unnest(%s::bytea[], %s::uuid[]) AS r (mark, message_id) ON CONFLICT DO NOTHING"
        " RETURNING message_id",
        [one.id, one.kelurahan, list(messages), list(messages.values())],
    )
    return {row["message_id"] for row in rows}


# --- how far it is ----------------------------------------------------------------------------------------------------


def end_waiting(tx: Tx, announcement_id: UUID, at: datetime, limit: int) -> int:
    """Some of its messages of which nothing went out end here; how many."""
    return tx.execute(
        "UPDATE message SET status = 'expired', failure = 'announcement_stopped', settled_at = %s, waits_until = NULL,"
        " held = false, version = version + 1 WHERE id IN (SELECT id FROM message WHERE announcement_id = %s"
        " AND status = 'accepted' AND underway IS NULL AND part = 0 ORDER BY number LIMIT %s FOR UPDATE SKIP LOCKED)",
        [at, announcement_id, limit],
    )


def unsettled(tx: Tx, after: UUID | None, limit: int) -> list[Row]:
    """{id, kelurahan, status, sent_at} of those whose messages are still looked at, behind `after`."""
    return tx.all(
        "SELECT id, kelurahan, status, sent_at FROM announcement WHERE NOT settled AND status <> 'draft'"
        " AND (%(after)s::uuid IS NULL OR id > %(after)s) ORDER BY id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )


def waits(tx: Tx, announcement_id: UUID) -> bool:
    """Whether any of its messages has not gone out yet, and may still do so."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT FROM message WHERE announcement_id = %s AND status = 'accepted')", [announcement_id]
        )
    )


def by_status(tx: Tx, announcement_id: UUID) -> dict[str, int]:
    """How many of its messages stand how."""
    rows = tx.all(
        "SELECT status, count(*)::int AS messages FROM message WHERE announcement_id = %s GROUP BY status",
        [announcement_id],
    )
    return {row["status"]: row["messages"] for row in rows}


def counted(tx: Tx, announcement_id: UUID, counts: Mapping[str, int], *, settled: bool) -> None:
    """Not a change that anybody made: its version stays. Nothing is written where it stands so already."""
    tx.execute(
        "UPDATE announcement SET counts = %(counts)s, settled = %(settled)s WHERE id = %(id)s"
        " AND (counts, settled) IS DISTINCT FROM (%(counts)s::jsonb, %(settled)s)",
        {"counts": dict(counts), "settled": settled, "id": announcement_id},
    )


def estimated(tx: Tx, announcement_id: UUID, revision: int, estimate: Mapping[str, Any]) -> None:
    """What it takes, unless it was written anew meanwhile."""
    tx.execute(
        "UPDATE announcement SET estimate = %s WHERE id = %s AND revision = %s AND status = 'draft'",
        [dict(estimate), announcement_id, revision],
    )


def old(tx: Tx, kelurahan: str, before: datetime, limit: int) -> list[Row]:
    """{id, person_id} of the office's from before, none that is going out."""
    return tx.all(
        "SELECT id, person_id FROM announcement WHERE kelurahan = %s AND created_at < %s AND (settled OR"
        " status = 'draft') ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED",
        [kelurahan, before, limit],
    )


def erase(tx: Tx, rows: Sequence[Row]) -> None:
    """With whom they were sent to, and their words."""
    tx.execute("DELETE FROM announcement WHERE id = ANY(%s)", [[row["id"] for row in rows]])
    tx.execute("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])


def _values(one: Announcement, names: Sequence[str]) -> dict[str, Any]:
    """A list is none of the database's, but JSON."""
    found = {name: getattr(one, name) for name in names}
    if found.get("places") is not None:
        found["places"] = json.dumps(found["places"])
    return found


def _listed(keys: Keyring, row: Row) -> Listed:
    contact = None
    if row["c_id"] is not None:
        person = keys.open(row["c_sealed"], people.context(row["c_person_id"]))
        contact = Contact(**{name: row[f"c_{name}"] for name in _CONTACT}, person=person)
    known = keys.open(row["p_sealed"], people.context(row["p_id"])) if row["p_id"] else {}
    return Listed(row["at"], known, contact, row["since"])


def _read(keys: Keyring, row: Row) -> Announcement:
    person = keys.open(row.pop("sealed"), people.context(row["person_id"]))
    return Announcement(**row, person=person)
