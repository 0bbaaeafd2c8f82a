"""Surveys after finished cases: invitations, answers, and the counts that the index is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from intake.store.applications import person_context
from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring

_HIS = "(s.contact_id = %(contact)s OR (s.contact_id IS NULL AND a.phone_index = ANY(%(phone)s)))"
_COLUMNS = "s.application_id, s.kelurahan, s.service, s.message_id, s.expires_at, s.corrected, s.answered_at"


def invite(tx: Tx, row: Row, month: date) -> bool:
    """Keeps an invitation and counts it; False for a case that has one."""
    added = tx.execute(
        "INSERT INTO survey (application_id, kelurahan, service, token_hash, contact_id, message_id, invited_at,"
        " expires_at) VALUES (%(application_id)s, %(kelurahan)s, %(service)s, %(token_hash)s, %(contact_id)s,"
        " %(message_id)s, %(invited_at)s, %(expires_at)s) ON CONFLICT DO NOTHING",
        row,
    )
    if added:
        tx.later(
            "INSERT INTO survey_asked (kelurahan, month, service, asked) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (kelurahan, month, service) DO UPDATE SET asked = survey_asked.asked + 1",
            [row["kelurahan"], month, row["service"]],
        )
    return bool(added)


def is_invited(tx: Tx, application_id: UUID) -> bool:
    return bool(tx.value("SELECT EXISTS (SELECT FROM survey WHERE application_id = %s)", [application_id]))


def sop_version(tx: Tx, application_id: UUID) -> int:
    """The version of its service that an invited case went by."""
    return int(tx.value("SELECT sop_version FROM application WHERE id = %s", [application_id]))


def by_token(tx: Tx, token_hash: bytes) -> Row | None:
    """{application_id, kelurahan, service, message_id, expires_at, corrected, answered_at} of a link, whatever became
    of it."""
    return tx.one(f"SELECT {_COLUMNS} FROM survey s WHERE s.token_hash = %s", [token_hash])


def of_sender(tx: Tx, keys: Keyring, kelurahan: str, contact_id: UUID, phone: str | None, now: datetime) -> list[Row]:
    """The same of those whose time is not over, sent to him as who wrote before, or to his number: those that wait for
    an answer first, and the newest of them."""
    return tx.all(
        f"SELECT {_COLUMNS} FROM survey s JOIN application a ON a.id = s.application_id WHERE s.kelurahan = %(office)s"
        f" AND s.expires_at > %(now)s AND {_HIS}"
        " ORDER BY s.answered_at IS NOT NULL, s.invited_at DESC, s.application_id",
        _his(keys, contact_id, phone) | {"office": kelurahan, "now": now},
    )


def quoted(
    tx: Tx, keys: Keyring, application_id: UUID, message_id: UUID, contact_id: UUID, phone: str | None
) -> Row | None:
    """The same of a case, whatever became of it, if this message was its invitation and went to him."""
    return tx.one(
        f"SELECT {_COLUMNS} FROM survey s JOIN application a ON a.id = s.application_id"
        f" WHERE s.application_id = %(case)s AND s.message_id = %(message)s AND {_HIS}",
        _his(keys, contact_id, phone) | {"case": application_id, "message": message_id},
    )


def _his(keys: Keyring, contact_id: UUID, phone: str | None) -> dict[str, Any]:
    return {"contact": contact_id, "phone": keys.blind_indexes(phone, "phone") if phone else []}


def corrected(tx: Tx, application_id: UUID) -> bool:
    """Marks that he was told how to answer; False where that was said before."""
    return bool(
        tx.execute("UPDATE survey SET corrected = true WHERE application_id = %s AND NOT corrected", [application_id])
    )


def answer(
    tx: Tx, keys: Keyring, row: Row, scores: Sequence[int], comment: str | None, way: str, at: datetime, month: date
) -> bool:
    """Keeps the answer of a case and counts it, once; False where there is one, or the case is erased. Of two at once
    the second waits for the first. The comment's id is one of its month and no more: from when it was written, or in
    which order, whose case it was could be found."""
    person_id = new_id(datetime(month.year, month.month, month.day, tzinfo=UTC)) if comment else None
    if person_id is not None:
        tx.later(
            "INSERT INTO people (id, kelurahan, sealed) VALUES (%s, %s, %s)",
            [person_id, row["kelurahan"], keys.seal({"comment": comment}, person_context(person_id))],
        )
    kept = tx.execute(
        "UPDATE survey SET answered_at = %s, way = %s, scores = %s::smallint[], person_id = %s"
        " WHERE application_id = %s AND answered_at IS NULL",
        [at, way, list(scores), person_id, row["application_id"]],
    )
    if not kept:
        tx.later("DELETE FROM people WHERE id = %s", [person_id])
        return False
    tx.later(
        "INSERT INTO survey_count (kelurahan, month, service, element, score, answers)"
        " SELECT %s, %s, %s, given.element, given.score, 1"
        " FROM unnest(%s::smallint[]) WITH ORDINALITY AS given (score, element) ORDER BY given.element"
        " ON CONFLICT (kelurahan, month, service, element, score) DO UPDATE SET answers = survey_count.answers + 1",
        [row["kelurahan"], month, row["service"], list(scores)],
    )
    return True


def counts(tx: Tx, codes: Sequence[str], first: date, last: date) -> list[Row]:
    """{kelurahan, service, element, score, answers} of the months from the first to the last."""
    return tx.all(
        "SELECT kelurahan, service, element, score, sum(answers)::int AS answers FROM survey_count"
        " WHERE kelurahan = ANY(%s) AND month BETWEEN %s AND %s GROUP BY kelurahan, service, element, score",
        [list(codes), first, last],
    )


def answers_by_month(tx: Tx, kelurahan: str, first: date, last: date) -> list[int]:
    """How many answered in each of these months."""
    rows = tx.all(
        "SELECT sum(answers)::int AS answers FROM survey_count"
        " WHERE kelurahan = %s AND month BETWEEN %s AND %s AND element = 1 GROUP BY month",
        [kelurahan, first, last],
    )
    return [row["answers"] for row in rows]


def asked(tx: Tx, codes: Sequence[str], first: date, last: date) -> list[Row]:
    """{kelurahan, service, asked} of the months from the first to the last."""
    return tx.all(
        "SELECT kelurahan, service, sum(asked)::int AS asked FROM survey_asked"
        " WHERE kelurahan = ANY(%s) AND month BETWEEN %s AND %s GROUP BY kelurahan, service",
        [list(codes), first, last],
    )


def comments(tx: Tx, keys: Keyring, after: UUID | None, limit: int) -> list[Row]:
    """{id, application_id, service, answered_at, comment} of the transaction's office, the newest month
    first, `limit + 1`; `id` is the comment's own, from which nobody comes to the case."""
    rows = tx.all(
        "SELECT s.person_id AS id, s.application_id, s.service, s.answered_at, s.person_id, p.sealed FROM survey s"
        " JOIN people p ON p.id = s.person_id WHERE s.kelurahan = %(office)s AND s.person_id IS NOT NULL"
        " AND (%(after)s::uuid IS NULL OR s.person_id < %(after)s::uuid) ORDER BY s.person_id DESC LIMIT %(limit)s",
        {"office": tx.tenant, "after": after, "limit": limit + 1},
    )
    return [_opened(keys, row) for row in rows]


def of_case(tx: Tx, keys: Keyring, application_id: UUID) -> Row | None:
    """{invited_at, expires_at, answered_at, way, scores, comment}"""
    row = tx.one(
        "SELECT s.invited_at, s.expires_at, s.answered_at, s.way, s.scores, s.person_id, p.sealed FROM survey s"
        " LEFT JOIN people p ON p.id = s.person_id WHERE s.application_id = %s",
        [application_id],
    )
    return _opened(keys, row) if row else None


def forget_of_case(tx: Tx, application_id: UUID) -> int:
    """For a case that is erased: invitation, answer and comment. What was counted stays."""
    rows = tx.all("DELETE FROM survey WHERE application_id = %s RETURNING person_id", [application_id])
    tx.later("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows if row["person_id"]]])
    return len(rows)


def _opened(keys: Keyring, row: Row) -> Row:
    sealed: Any = row.pop("sealed")
    kept = keys.open(sealed, person_context(row["person_id"])) if sealed else {}
    row.pop("person_id")
    return row | {"comment": kept.get("comment")}
