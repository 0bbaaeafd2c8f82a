"""Taking everything of a case away, and what belongs to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.erasing import ErasedCase
from kit.db import EVERY_TENANT, Row, Tx
from notify.store import arrivals, consents


def erase_messages(tx: Tx, application_id: UUID, most: int) -> dict[str, int]:
    """Some of the messages about a case, with whom they went to; how many."""
    rows = tx.all(
        "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE application_id = %s ORDER BY number LIMIT %s"
        " FOR UPDATE) RETURNING person_id",
        [application_id, most],
    )
    return {"message": len(rows), "people": _forget(tx, [row["person_id"] for row in rows])}


@dataclass(frozen=True)
class Whose:
    """A case's person as he is found: by his number, and by who he is in chat."""

    indexes: list[bytes]
    contact_id: UUID | None


def incoming_of(tx: Tx, whose: Whose, application_id: UUID, most: int) -> list[Row]:
    """Some of what somebody wrote (id, file_key), unless he is asked or told about another case too: then that goes by
    its age, or with the other case."""
    if _in_another_case(tx, whose, application_id):
        return []
    return tx.all(
        "SELECT i.id, i.file_key FROM incoming i JOIN people p ON p.id = i.person_id WHERE p.phone_index = ANY(%s)"
        " UNION SELECT id, file_key FROM incoming WHERE contact_id = %s ORDER BY id LIMIT %s",
        [whose.indexes, whose.contact_id, most],
    )


def erase_incoming(tx: Tx, ids: list[UUID]) -> dict[str, int]:
    """What people wrote, whose files are gone already; how much."""
    rows = tx.all("DELETE FROM incoming WHERE id = ANY(%s) RETURNING person_id", [ids])
    return {"incoming": len(rows), "people": _forget(tx, [row["person_id"] for row in rows])}


def erase_sender(tx: Tx, whose: Whose, marks: Sequence[bytes], case: ErasedCase, most: int) -> int:
    """Requests in which he wrote, and which office he meant; how many. They too stay for another case. One request may
    be for several offices, so that all of them are looked at."""
    if _in_another_case(tx, whose, case.application_id):
        return 0
    tx.use_tenant(EVERY_TENANT)
    senders = tx.execute("DELETE FROM shared_sender WHERE sender_mark = ANY(%s)", [list(marks)])
    gone = arrivals.erase(tx, marks, most) + senders
    tx.use_tenant(case.kelurahan)
    return gone


def erase_contact(tx: Tx, whose: Whose, application_id: UUID) -> dict[str, int]:
    """Who wrote, unless he is in another case too."""
    if _in_another_case(tx, whose, application_id):
        return {}
    rows = tx.all(
        "DELETE FROM contact WHERE phone_index = ANY(%s) OR id = %s RETURNING id, person_id",
        [whose.indexes, whose.contact_id],
    )
    return {"contact": len(rows), "people": _forget_contacts(tx, rows)} if rows else {}


def _in_another_case(tx: Tx, whose: Whose, application_id: UUID) -> bool:
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT FROM message m JOIN people p ON p.id = m.person_id WHERE p.phone_index = ANY(%s)"
            " AND m.application_id <> %s)"
            " OR EXISTS (SELECT FROM message WHERE contact_id = %s AND application_id <> %s)",
            [whose.indexes, application_id, whose.contact_id, application_id],
        )
    )


def erase_copies(tx: Tx, application_id: UUID) -> dict[str, int]:
    """What was known of the case, its contact and its letters."""
    rows = tx.all("DELETE FROM application WHERE id = %s RETURNING person_id", [application_id])
    letters = tx.execute("DELETE FROM letter WHERE application_id = %s", [application_id])
    return {
        "application": len(rows), "letter": letters, "people": _forget(tx, [row["person_id"] for row in rows])
    }  # fmt: skip


def erase_old_messages(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """Messages about no case from before; how many."""
    rows = tx.all(
        "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE kelurahan = %s AND application_id IS NULL"
        " AND created_at < %s ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING person_id",
        [kelurahan, before, most],
    )
    _forget(tx, [row["person_id"] for row in rows])
    return len(rows)


def old_incoming(tx: Tx, kelurahan: str, before: datetime, most: int) -> list[Row]:
    """Some of what people wrote before (id, file_key)."""
    return tx.all(
        "SELECT id, file_key FROM incoming WHERE kelurahan = %s AND received_at < %s ORDER BY received_at LIMIT %s",
        [kelurahan, before, most],
    )


def erase_old_officeholders(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """Who headed an RT or RW until before; how many."""
    rows = tx.all(
        "DELETE FROM officeholder WHERE id IN (SELECT id FROM officeholder WHERE kelurahan = %s AND to_date < %s"
        " ORDER BY to_date LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING person_id",
        [kelurahan, before, most],
    )
    _forget(tx, [row["person_id"] for row in rows])
    return len(rows)


def erase_old_contacts(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """Who wrote to us or was written to before, and never since; how many."""
    rows = tx.all(
        "DELETE FROM contact WHERE id IN (SELECT c.id FROM contact c WHERE c.kelurahan = %s AND c.created_at < %s"
        " AND NOT EXISTS (SELECT FROM incoming i WHERE i.contact_id = c.id)"
        " AND NOT EXISTS (SELECT FROM message m WHERE m.contact_id = c.id)"
        " ORDER BY c.created_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id, person_id",
        [kelurahan, before, most],
    )
    _forget_contacts(tx, rows)
    return len(rows)


def _forget_contacts(tx: Tx, rows: list[Row]) -> int:
    """With the words in which they wanted messages or did not."""
    words = consents.forget_words(tx, [row["id"] for row in rows])
    return _forget(tx, [*words, *(row["person_id"] for row in rows)])


def _forget(tx: Tx, ids: list[UUID]) -> int:
    return tx.execute("DELETE FROM people WHERE id = ANY(%s)", [ids])
