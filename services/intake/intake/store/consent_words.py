"""What a person agreed to or withdrew, word by word."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id


def add(tx: Tx, kelurahan: str, application_id: UUID, kind: str, word: dict[str, Any], at: datetime, by: str) -> None:
    tx.later(
        "INSERT INTO consent_word (id, kelurahan, application_id, kind, given, text_version, at, by_role)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [new_id(), kelurahan, application_id, kind, word["given"], word["text_version"], at, by],
    )


def last_of(tx: Tx, application_id: UUID) -> dict[str, Row]:
    """{given, text_version, at, by_role} of the last word of each kind."""
    rows = tx.all(
        "SELECT DISTINCT ON (kind) kind, given, text_version, at, by_role FROM consent_word WHERE application_id = %s"
        " ORDER BY kind, id DESC",
        [application_id],
    )
    return {row["kind"]: row for row in rows}


def every(tx: Tx, application_id: UUID) -> list[Row]:
    """{kind, given, text_version, at, by_role}, oldest first."""
    return tx.all(
        "SELECT kind, given, text_version, at, by_role FROM consent_word WHERE application_id = %s ORDER BY id",
        [application_id],
    )
