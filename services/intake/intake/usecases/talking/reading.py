"""What waits for a person of the office, and the conversation around it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.errors import NotYours
from intake.store import conversations as store
from intake.usecases.offices import office
from kit.db import Row, Tx
from kit.paging import page, position

MOST_SAID = 50


def waiting(deps: Deps, tx: Tx, query: dict[str, Any]) -> dict[str, Any]:
    """A page of messages that nobody has answered yet, the oldest first. Raises Unprocessable for a cursor that is
    none."""
    after = position(query["cursor"], datetime.fromisoformat, UUID)
    rows = store.for_office(tx, deps.data_keys, (after[0], after[1]) if after else None, query["limit"])
    shown = page(rows, query["limit"], lambda row: (row["received_at"], row["id"]))
    zone = office(deps, tx, tx.tenant).zone
    return shown | {"items": [_line(row, zone) for row in shown["items"]]}


def whole(deps: Deps, tx: Tx, message_id: UUID) -> dict[str, Any]:
    """A message with what its sender said around it, the newest first. Raises NotYours."""
    row = find(deps, tx, message_id)
    zone = office(deps, tx, tx.tenant).zone
    said = store.of_contact(tx, deps.data_keys, row["contact_id"], MOST_SAID) if row["contact_id"] else [row]
    return _line(row, zone) | {"said": [_said(one, zone) for one in said]}


def find(deps: Deps, tx: Tx, message_id: UUID) -> Row:
    """Raises NotYours."""
    row = store.message(tx, deps.data_keys, message_id)
    if row is None:
        raise NotYours(message_id)
    return row


def answered(deps: Deps, tx: Tx, message_id: UUID, by: str) -> dict[str, Any]:
    """Somebody of the office has seen to it; said again it is so already. Raises NotYours."""
    find(deps, tx, message_id)
    store.done(tx, message_id, by, deps.clock.now())
    return whole(deps, tx, message_id)


def _line(row: Row, zone: Any) -> dict[str, Any]:
    said = row["said"]
    sender = said.get("from") or {}
    return _said(row, zone) | {
        "channel": row["channel"], "name": sender.get("name") or "", "phone": sender.get("phone"),
        "application_id": row["application_id"], "tracking_code": row["tracking_code"],
        "file": f"/v1/conversations/{row['id']}/file" if said.get("file") else None,
    }  # fmt: skip


def _said(row: Row, zone: Any) -> dict[str, Any]:
    return {
        "id": row["id"], "received_at": row["received_at"].astimezone(zone), "kind": row["kind"],
        "text": row["said"].get("text") or "",
    }  # fmt: skip
