"""Taking away what intake keeps of a case. Of the case itself stays a line without its person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from intake.store import accounts, conversations, corrections, records, surveys
from intake.store.applications import person_context
from kit.db import Row, Tx
from kit.sealed import Keyring

# What hangs on the case by its id, besides files. The figures' lines, the survey's counts and the
# list of accesses stay.
_OF_CASE = ("timeline", "consent_code", "consent_word", "case_letter", "case_handover", "task", "message_outcome")

_LINE = """
UPDATE application SET person_id = NULL, erased_at = %(at)s, nik_index = NULL, phone_index = NULL,
    introduction_note = NULL, verification_note = NULL, returned_items = '[]', decision_reason = NULL,
    sent_back_reason = NULL, waived = '{}', claim_hash = NULL, helper_id = NULL, next_warning_at = NULL,
    version = version + 1
WHERE id = %(id)s
"""


def files(tx: Tx, application_id: UUID, most: int) -> list[Row]:
    """{id, key, view_key} of some of its files, or of a complaint's photos, whatever became of them."""
    return tx.all(
        "SELECT id, key, view_key FROM file WHERE application_id = %(id)s OR complaint_id = %(id)s ORDER BY id"
        " LIMIT %(most)s",
        {"id": application_id, "most": most},
    )


def forget_files(tx: Tx, ids: list[UUID]) -> int:
    """Their rows, and the links to them; who read them stays."""
    tx.later("DELETE FROM file_link WHERE file_id = ANY(%s)", [ids])
    return tx.execute("DELETE FROM file WHERE id = ANY(%s)", [ids])


def forget_case(tx: Tx, application_id: UUID, today: date, at: datetime) -> dict[str, int]:
    """Everything else; nothing when that was done before."""
    row = tx.one(
        "SELECT person_id, helper_id FROM application WHERE id = %s AND person_id IS NOT NULL FOR UPDATE",
        [application_id],
    )
    if row is None:
        return {}
    counts = {name: tx.execute(f"DELETE FROM {name} WHERE application_id = %s", [application_id]) for name in _OF_CASE}
    tx.execute(_LINE, {"id": application_id, "at": at})
    counts["correction"] = corrections.forget_of_case(tx, application_id)
    counts["survey"] = surveys.forget_of_case(tx, application_id)
    counts["record"] = records.forget_of_case(tx, application_id)
    counts["people"] = tx.execute("DELETE FROM people WHERE id = %s", [row["person_id"]])
    counts["helper"] = _forget_helper(tx, row["helper_id"], today)
    return counts | {"application": 1}


def forget_introduction(tx: Tx, introduction_id: UUID) -> dict[str, int]:
    """What is known of an introduction that became no case; of its letter the register's line is documents' to keep."""
    asked = [introduction_id]
    return {
        "task": tx.execute("DELETE FROM task WHERE introduction_id = %s AND application_id IS NULL", asked),
        "case_letter": tx.execute(
            "DELETE FROM case_letter WHERE introduction_id = %s AND application_id IS NULL", asked
        ),
    }


def _forget_helper(tx: Tx, helper_id: UUID | None, today: date) -> int:
    """Who helped in no other case that is kept, and today in none, is not known any more."""
    rows = tx.all(
        "DELETE FROM helper h WHERE id = %s AND day < %s AND NOT EXISTS"
        " (SELECT FROM application a WHERE a.helper_id = h.id) RETURNING person_id",
        [helper_id, today],
    )
    tx.later("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])
    return len(rows)


def has_other_case(tx: Tx, keys: Keyring, kelurahan: str, phone: str, application_id: UUID) -> bool:
    """Whether the number is the contact of another case that is kept."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT FROM application WHERE kelurahan = %s AND phone_index = ANY(%s) AND id <> %s)",
            [kelurahan, keys.blind_indexes(phone, "phone"), application_id],
        )
    )


def forget_written(tx: Tx, keys: Keyring, kelurahan: str, since: datetime, phone: str, most: int) -> int:
    """What came from a number since then; how many messages. Only their sealed part says from whom they are."""
    after: Row | None = None
    count = 0
    while True:
        rows = _written(tx, kelurahan, since, after, most)
        mine = [row for row in rows if _sender(keys, row) == phone]
        count += _forget_messages(tx, mine)
        if len(rows) < most:
            return count
        after = rows[-1]


def forget_talked(tx: Tx, application_id: UUID) -> int:
    """What was written about the case, and with it conversations that were about nothing else; how many messages."""
    _, contacts = conversations.forget_of_case(tx, application_id)
    rows = tx.all(
        "SELECT id, person_id FROM incoming_message WHERE application_id = %s OR contact_id = ANY(%s::uuid[])",
        [application_id, contacts],
    )
    return _forget_messages(tx, rows)


def _written(tx: Tx, kelurahan: str, since: datetime, after: Row | None, most: int) -> list[Row]:
    asked: dict[str, Any] = {"kelurahan": kelurahan, "since": since, "most": most, "at": None, "id": None}
    if after is not None:
        asked |= {"at": after["received_at"], "id": after["id"]}
    return tx.all(
        "SELECT m.id, m.received_at, m.person_id, p.sealed FROM incoming_message m JOIN people p ON p.id = m.person_id"
        " WHERE m.kelurahan = %(kelurahan)s AND m.received_at >= %(since)s"
        " AND (%(at)s::timestamptz IS NULL OR (m.received_at, m.id) > (%(at)s, %(id)s::uuid))"
        " ORDER BY m.received_at, m.id LIMIT %(most)s",
        asked,
    )


def _sender(keys: Keyring, row: Row) -> str | None:
    found: str | None = ((keys.open(row["sealed"], person_context(row["person_id"])) or {}).get("from") or {}).get(
        "phone"
    )
    return found


def old_messages(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """What people wrote before; how many messages went."""
    rows = tx.all(
        "SELECT id, person_id FROM incoming_message WHERE kelurahan = %s AND received_at < %s ORDER BY received_at"
        " LIMIT %s FOR UPDATE SKIP LOCKED",
        [kelurahan, before, most],
    )
    return _forget_messages(tx, rows)


def old_outcomes(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """What became of messages about no case, from before."""
    return tx.execute(
        "DELETE FROM message_outcome WHERE message_id IN (SELECT message_id FROM message_outcome WHERE kelurahan = %s"
        " AND application_id IS NULL AND at < %s ORDER BY at LIMIT %s)",
        [kelurahan, before, most],
    )


OLD: tuple[Callable[[Tx, str, datetime, int], int], ...] = (
    old_messages, old_outcomes, conversations.forget_old, accounts.forget_names,
)  # fmt: skip


def _forget_messages(tx: Tx, rows: list[Row]) -> int:
    gone = tx.execute("DELETE FROM incoming_message WHERE id = ANY(%s)", [[row["id"] for row in rows]])
    tx.later("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])
    return gone
