"""Who wants a medium's messages, word by word, in the order of their ids, which no clock of an office changes; what is
left of it after an erasure is a bare mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id
from kit.own_key import OwnKey
from kit.sealed import Keyring
from notify.domain.agreeing import MEDIUM
from notify.store import people

Marks = dict[str, bytes | None]

_HIS = (
    "kelurahan = %(kelurahan)s AND medium = %(medium)s"
    " AND (phone_mark = ANY(%(phone_marks)s) OR user_mark = ANY(%(user_marks)s))"
)


def marks(key: OwnKey, phone: str | None, user_id: str | None) -> Marks:
    """By which somebody is found without his number being kept."""
    return {
        "phone_mark": key.blind_index(phone, "phone") if phone else None,
        "user_mark": key.blind_index(user_id, "user") if user_id else None,
    }


def refusing(tx: Tx, kelurahan: str, medium: str, of: Sequence[Marks]) -> set[bytes]:
    """The marks, of these, whose last word was that they want nothing."""
    rows = tx.all(
        "SELECT DISTINCT ON (mark) mark, wanted FROM (SELECT phone_mark AS mark, wanted, id FROM contact_consent WHERE"
        " kelurahan = %(kelurahan)s AND medium = %(medium)s AND phone_mark = ANY(%(phone_marks)s) UNION ALL"
        " SELECT user_mark, wanted, id FROM contact_consent WHERE kelurahan = %(kelurahan)s AND medium = %(medium)s"
        " AND user_mark = ANY(%(user_marks)s)) AS said ORDER BY mark, id DESC",
        _whose(kelurahan, medium, of),
    )
    return {bytes(row["mark"]) for row in rows if not row["wanted"]}


def said(tx: Tx, kelurahan: str, medium: str, of: Sequence[Marks]) -> bool | None:
    """His last word, None where he never said anything."""
    found: bool | None = tx.value(
        f"SELECT wanted FROM contact_consent WHERE {_HIS} ORDER BY id DESC LIMIT 1", _whose(kelurahan, medium, of)
    )
    return found


def wanted(tx: Tx, kelurahan: str, medium: str, of: Sequence[Marks]) -> bool:
    """Whether he may be written to: his last word was not that he wants nothing."""
    return said(tx, kelurahan, medium, of) is not False


def add(
    tx: Tx, keys: Keyring, kelurahan: str, medium: str, contact_id: UUID, of: Marks,
    *, wanted: bool, at: datetime, person: dict[str, Any], wording: str | None = None,
    place: tuple[str, str] | None = None,
) -> None:  # fmt: skip
    """His word, and in which words; `wording` is what he was shown before, `place` the RW and RT that he named. Who is
    written to again leaves no bare mark of an earlier no."""
    person_id = people.keep(tx, keys, kelurahan, person, phone=person.get("phone") or None)
    if wanted:
        tx.execute(f"DELETE FROM contact_consent WHERE {_HIS} AND contact_id IS NULL", _whose(kelurahan, medium, [of]))
    tx.execute(
        "INSERT INTO contact_consent (id, kelurahan, medium, wanted, at, contact_id, person_id, phone_mark, user_mark,"
        " wording, rw, rt) VALUES (%(id)s, %(kelurahan)s, %(medium)s, %(wanted)s, %(at)s, %(contact_id)s,"
        " %(person_id)s, %(phone_mark)s, %(user_mark)s, %(wording)s, %(rw)s, %(rt)s)",
        of | {
            "id": new_id(), "kelurahan": kelurahan, "medium": medium, "wanted": wanted, "at": at,
            "contact_id": contact_id, "person_id": person_id, "wording": wording,
            "rw": place[0] if place else None, "rt": place[1] if place else None,
        },
    )  # fmt: skip


def mark(tx: Tx, kelurahan: str, medium: str, of: Marks, *, wanted: bool, at: datetime) -> None:
    """The same of somebody whom the office does not know: a bare mark, or none any more."""
    tx.execute(f"DELETE FROM contact_consent WHERE {_HIS} AND contact_id IS NULL", _whose(kelurahan, medium, [of]))
    if not wanted:
        tx.execute(
            "INSERT INTO contact_consent (id, kelurahan, medium, wanted, at, phone_mark, user_mark) VALUES (%(id)s,"
            " %(kelurahan)s, %(medium)s, false, %(at)s, %(phone_mark)s, %(user_mark)s)",
            of | {"id": new_id(), "kelurahan": kelurahan, "medium": medium, "at": at},
        )


def last(tx: Tx, keys: Keyring, after: UUID | None, limit: int) -> list[Row]:
    """{contact_id, kelurahan, medium, wanted, at, person} of the last words of contacts, one for each medium. Whether
    somebody wants announcements is nobody's affair but ours."""
    rows = tx.all(
        "SELECT DISTINCT ON (w.contact_id, w.medium) w.contact_id, w.kelurahan, w.medium, w.wanted, w.at, c.person_id,"
        " p.sealed FROM (SELECT id, person_id FROM contact c WHERE (%(after)s::uuid IS NULL OR c.id > %(after)s)"
        " AND EXISTS (SELECT FROM contact_consent w WHERE w.contact_id = c.id AND w.medium <> %(ours)s) ORDER BY c.id"
        " LIMIT %(limit)s) c JOIN contact_consent w ON w.contact_id = c.id AND w.medium <> %(ours)s"
        " JOIN people p ON p.id = c.person_id"
        " ORDER BY w.contact_id, w.medium, w.id DESC",
        {"after": after, "limit": limit, "ours": MEDIUM},
    )
    for row in rows:
        row["person"] = keys.open(row.pop("sealed"), people.context(row.pop("person_id")))
    return rows


def of_phone(tx: Tx, keys: Keyring, kelurahan: str, phone: str) -> list[Row]:
    """{medium, wanted, at, wording, text} of every word that was said from a number, oldest first."""
    rows = tx.all(
        "SELECT c.medium, c.wanted, c.at, c.wording, c.person_id, p.sealed FROM contact_consent c"
        " JOIN people p ON p.id = c.person_id WHERE c.kelurahan = %s AND p.phone_index = ANY(%s) ORDER BY c.id",
        [kelurahan, people.phone_indexes(keys, phone)],
    )
    for row in rows:
        row["text"] = keys.open(row.pop("sealed"), people.context(row.pop("person_id"))).get("text")
    return rows


def forget_words(tx: Tx, contact_ids: Sequence[UUID]) -> list[UUID]:
    """The contacts are erased: of each stays a bare mark where his last word was no. Gives the people to forget."""
    gone = tx.all(
        "DELETE FROM contact_consent c WHERE contact_id = ANY(%s) AND (wanted OR EXISTS (SELECT FROM contact_consent n"
        " WHERE n.contact_id = c.contact_id AND n.medium = c.medium AND n.id > c.id))"
        " RETURNING person_id",
        [list(contact_ids)],
    )
    bare = tx.all(
        "WITH was AS (SELECT id, person_id FROM contact_consent WHERE contact_id = ANY(%s) FOR UPDATE)"
        " UPDATE contact_consent c SET contact_id = NULL, person_id = NULL FROM was WHERE c.id = was.id"
        " RETURNING was.person_id",
        [list(contact_ids)],
    )
    return [row["person_id"] for row in [*gone, *bare] if row["person_id"] is not None]


def _whose(kelurahan: str, medium: str, of: Sequence[Marks]) -> dict[str, Any]:
    return {"kelurahan": kelurahan, "medium": medium} | {
        f"{name}s": [mark for one in of if (mark := one[name]) is not None] for name in ("phone_mark", "user_mark")
    }
