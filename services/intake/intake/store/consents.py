"""Codes on their way to somebody's own phone: one of a kind per case, as a keyed hash. Their time is the machine's."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from intake.domain.case import Application
from intake.domain.consent import BETWEEN_CODES, CODE_HOLDS, MOST_SENT, MOST_TRIES
from kit.db import Tx

# Sent anew it replaces the one before; how many were sent is forgotten after a day.
_PUT = """
INSERT INTO consent_code AS c (application_id, purpose, kelurahan, code_hash, sent_at, expires_at)
VALUES (%(id)s, %(purpose)s, %(kelurahan)s, %(hash)s, clock_timestamp(), clock_timestamp() + %(holds)s)
ON CONFLICT (application_id, purpose) DO UPDATE SET code_hash = EXCLUDED.code_hash, tries = 0,
    sent = CASE WHEN c.sent_at < clock_timestamp() - interval '1 day' THEN 1 ELSE c.sent + 1 END,
    sent_at = EXCLUDED.sent_at, expires_at = EXCLUDED.expires_at
"""


def wait(tx: Tx, application_id: UUID, purpose: str) -> timedelta | None:
    """How long until another code may be sent; None when it may now. The case is locked."""
    row = tx.one(
        "SELECT sent, clock_timestamp() - sent_at AS since FROM consent_code WHERE application_id = %s"
        " AND purpose = %s",
        [application_id, purpose],
    )
    if row is None:
        return None
    rest: timedelta = (timedelta(days=1) if row["sent"] >= MOST_SENT else BETWEEN_CODES) - row["since"]
    return rest if rest > timedelta() else None


def put(tx: Tx, app: Application, purpose: str, code_hash: bytes) -> None:
    tx.later(
        _PUT,
        {"id": app.id, "purpose": purpose, "kelurahan": app.kelurahan, "hash": code_hash, "holds": CODE_HOLDS},
    )


def take_try(tx: Tx, application_id: UUID, purpose: str) -> bytes | None:
    """Counts a try, and then says what to compare with; None when there is nothing, or not any more."""
    found = tx.value(
        "UPDATE consent_code SET tries = tries + 1 WHERE application_id = %s AND purpose = %s AND tries < %s"
        " AND expires_at > clock_timestamp() RETURNING code_hash",
        [application_id, purpose, MOST_TRIES],
    )
    return None if found is None else bytes(found)


def forget(tx: Tx, application_id: UUID) -> None:
    """What was decided needs no codes any more; that some were sent stays."""
    tx.later("UPDATE consent_code SET expires_at = sent_at WHERE application_id = %s", [application_id])
