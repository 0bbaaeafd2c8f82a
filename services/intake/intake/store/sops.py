"""Drafts of SOPs, the record of their changes, and services that are not offered any more."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id

_DRAFT = "id, kelurahan, service, based_on, data, changed_at, changed_by, version"


def add_draft(
    tx: Tx, kelurahan: str, service: str, based_on: int | None, data: dict[str, Any], at: datetime, by: str
) -> UUID | None:
    """The new draft, or None when the service has one."""
    found: UUID | None = tx.value(
        "INSERT INTO sop_draft (id, kelurahan, service, based_on, data, changed_at, changed_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (kelurahan, service) DO NOTHING RETURNING id",
        [new_id(), kelurahan, service, based_on, data, at, by],
    )
    return found


def draft(tx: Tx, draft_id: UUID, *, lock: bool = False) -> Row | None:
    return tx.one(f"SELECT {_DRAFT} FROM sop_draft WHERE id = %s{' FOR UPDATE' if lock else ''}", [draft_id])


def draft_of(tx: Tx, kelurahan: str, service: str) -> UUID | None:
    found: UUID | None = tx.value(
        "SELECT id FROM sop_draft WHERE kelurahan = %s AND service = %s", [kelurahan, service]
    )
    return found


def drafts(tx: Tx, kelurahan: str) -> list[Row]:
    """By service; a kelurahan has a few dozen at most."""
    return tx.all(f"SELECT {_DRAFT} FROM sop_draft WHERE kelurahan = %s ORDER BY service", [kelurahan])


def change_draft(tx: Tx, draft_id: UUID, data: dict[str, Any], at: datetime, by: str) -> None:
    tx.execute(
        "UPDATE sop_draft SET data = %s, changed_at = %s, changed_by = %s, version = version + 1 WHERE id = %s",
        [data, at, by, draft_id],
    )


def drop_draft(tx: Tx, draft_id: UUID) -> None:
    tx.execute("DELETE FROM sop_draft WHERE id = %s", [draft_id])


def versions(tx: Tx, kelurahan: str, service: str) -> list[Row]:
    """{version, effective_from, data}, the newest first."""
    return tx.all(
        "SELECT version, effective_from, data FROM sop WHERE kelurahan = %s AND service = %s ORDER BY version DESC",
        [kelurahan, service],
    )


def services(tx: Tx, kelurahan: str) -> list[str]:
    """Codes of all services that were ever published."""
    return [row["service"] for row in tx.all("SELECT DISTINCT service FROM sop WHERE kelurahan = %s", [kelurahan])]


def retire(tx: Tx, kelurahan: str, service: str, day: date, up_to: int) -> None:
    """The versions up to that one are offered no more from that day on; a later one is, from its own day on."""
    tx.execute(
        "INSERT INTO sop_retirement (kelurahan, service, from_date, up_to) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (kelurahan, service) DO UPDATE SET from_date = EXCLUDED.from_date, up_to = EXCLUDED.up_to",
        [kelurahan, service, day, up_to],
    )


def retirements(tx: Tx, kelurahan: str | None = None, service: str | None = None) -> dict[tuple[str, str], Row]:
    """{from_date, up_to} by (kelurahan, service); of all of them where none is named."""
    rows = tx.all(
        "SELECT kelurahan, service, from_date, up_to FROM sop_retirement"
        " WHERE (%(kelurahan)s IS NULL OR kelurahan = %(kelurahan)s)"
        " AND (%(service)s IS NULL OR service = %(service)s)",
        {"kelurahan": kelurahan, "service": service},
    )
    return {(row["kelurahan"], row["service"]): row for row in rows}


def was_ever_here(tx: Tx, kelurahan: str, service: str) -> bool:
    """Whether the office has had a draft or version of it: what was given up is not brought again."""
    return bool(
        tx.value("SELECT true FROM sop_change WHERE kelurahan = %s AND service = %s LIMIT 1", [kelurahan, service])
    )


def record(
    tx: Tx, kelurahan: str, service: str, at: datetime, by: tuple[str, str], action: str, version: int | None,
    parts: list[str],
) -> None:  # fmt: skip
    """A line of who changed what; `by` is (role, account)."""
    tx.execute(
        "INSERT INTO sop_change (id, kelurahan, service, at, by_role, by_account, action, version, parts)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, to_jsonb(%s::text[]))",
        [new_id(), kelurahan, service, at, *by, action, version, parts],
    )


def changes(tx: Tx, kelurahan: str, service: str, limit: int = 200) -> list[Row]:
    return tx.all(
        "SELECT at, by_role, by_account, action, version, parts FROM sop_change"
        " WHERE kelurahan = %s AND service = %s ORDER BY id DESC LIMIT %s",
        [kelurahan, service, limit],
    )
