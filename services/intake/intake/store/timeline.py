"""What happened to a case, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from intake.domain.case import Actor, Application
from kit.db import Row, Tx


def add(tx: Tx, app: Application, at: datetime, event: str, actor: Actor, note: str | None = None) -> None:
    """A line about something that did not change the case's row."""
    tx.later(
        "INSERT INTO timeline (kelurahan, application_id, at, status, event, by_role, by_staff, note)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [app.kelurahan, app.id, at, app.status, event, actor.word, actor.staff, note],
    )


def of_cases(tx: Tx, ids: Sequence[UUID]) -> list[Row]:
    """{application_id, at, status, event, note} of these, oldest first."""
    return tx.all(
        "SELECT application_id, at, status, event, note FROM timeline WHERE application_id = ANY(%s) ORDER BY id",
        [list(ids)],
    )


def of_case(tx: Tx, application_id: UUID) -> list[Row]:
    """{at, status, event, by_role, by_staff, note}, oldest first."""
    return tx.all(
        "SELECT at, status, event, by_role, by_staff, note FROM timeline WHERE application_id = %s ORDER BY id",
        [application_id],
    )
