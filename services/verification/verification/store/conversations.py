"""Where conversations stand: one row for each contact, sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.sealed import Keyring
from verification.domain.talks import Talk


def _context(contact_id: UUID) -> str:
    return f"conversation:{contact_id}"


def locked(tx: Tx, keys: Keyring, kelurahan: str, contact_id: UUID, now: datetime) -> Talk:
    """The conversation with this contact, begun where there was none; another turn of his waits until we commit."""
    sealed = keys.seal(_plain(Talk(contact_id, kelurahan, now)), _context(contact_id))
    tx.execute(
        "INSERT INTO conversation (contact_id, kelurahan, sealed, changed_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [contact_id, kelurahan, sealed, now],
    )
    row = tx.one("SELECT task_id, sealed, changed_at FROM conversation WHERE contact_id = %s FOR UPDATE", [contact_id])
    if row is None:
        raise RuntimeError("a conversation with somebody of another office")
    kept = keys.open(row["sealed"], _context(contact_id))
    puzzled = kept.get("puzzled_at")
    return Talk(
        contact_id, kelurahan, row["changed_at"], row["task_id"], kept.get("step"),
        kept.get("said") or {}, datetime.fromisoformat(puzzled) if puzzled else None,
        kept.get("decided") or {},
    )  # fmt: skip


def save(tx: Tx, keys: Keyring, talk: Talk, now: datetime) -> None:
    """Writes a conversation that is locked."""
    tx.execute(
        "UPDATE conversation SET task_id = %s, sealed = %s, changed_at = %s WHERE contact_id = %s",
        [talk.task_id, keys.seal(_plain(talk), _context(talk.contact_id)), now, talk.contact_id],
    )


def _plain(talk: Talk) -> dict[str, Any]:
    puzzled = talk.puzzled_at.isoformat() if talk.puzzled_at else None
    said, decided = dict(talk.said), dict(talk.decided)
    return {"step": talk.step, "said": said, "puzzled_at": puzzled, "decided": decided}
