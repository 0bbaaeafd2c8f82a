"""Links into tasks, the messages that carry them, and what people wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.sealed import Keyring
from verification.store import people


@dataclass(frozen=True)
class Link:
    """A way into a task until a day: for one officeholder, or for the neighbour who is asked."""

    kelurahan: str
    task_id: UUID
    officeholder_id: UUID | None
    expires_at: datetime
    phone_index: bytes | None = None
    id: UUID | None = None


def add_link(tx: Tx, token_hash: bytes, link: Link) -> None:
    tx.execute(
        "INSERT INTO link (token_hash, kelurahan, task_id, officeholder_id, expires_at, phone_index)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [token_hash, link.kelurahan, link.task_id, link.officeholder_id, link.expires_at, link.phone_index],
    )


def link(tx: Tx, token_hash: bytes) -> Link | None:
    """By the hash of its token, whichever office it belongs to: the transaction sees all of them."""
    row = tx.one(
        "SELECT kelurahan, task_id, officeholder_id, expires_at, phone_index, id FROM link WHERE token_hash = %s",
        [token_hash],
    )
    return Link(**row | {"phone_index": row["phone_index"] and bytes(row["phone_index"])}) if row else None


def holds(tx: Tx, found: Link, now: datetime) -> bool:
    """Whether the link that was found a moment ago still opens its task, whose row is locked by now."""
    return bool(tx.value("SELECT true FROM link WHERE id = %s AND expires_at > %s", [found.id, now]))


def links_of(tx: Tx, task_id: UUID) -> list[Row]:
    """{id, officeholder_id, to_role, made_at, expires_at, withdrawn_at} of all links into a task, oldest first."""
    return tx.all(
        "SELECT l.id, officeholder_id, coalesce(o.role, 'witness') AS to_role, made_at, expires_at, withdrawn_at"
        " FROM link l LEFT JOIN officeholder o ON o.id = l.officeholder_id WHERE task_id = %s ORDER BY made_at, l.id",
        [task_id],
    )


def task_of_link(tx: Tx, link_id: UUID) -> UUID | None:
    found: UUID | None = tx.value("SELECT task_id FROM link WHERE id = %s", [link_id])
    return found


# Whoever looks at the expiry alone, as the previous release does, finds it long over.
_WITHDRAW = "UPDATE link SET withdrawn_at = %(now)s, expires_at = 'epoch' WHERE withdrawn_at IS NULL"


_HIS = "task_id = %(task)s AND officeholder_id IS NOT DISTINCT FROM %(of)s"


def withdraw_links_of(tx: Tx, task_id: UUID, of: UUID | None, now: datetime) -> int:
    """None of his links into a task opens it any more (None: the neighbour's); how many of them were left."""
    return tx.execute(f"{_WITHDRAW} AND {_HIS}", {"now": now, "task": task_id, "of": of})


def had_link(tx: Tx, task_id: UUID, of: UUID | None) -> bool:
    """Whether he ever had one, withdrawn or not."""
    return bool(tx.value(f"SELECT EXISTS (SELECT FROM link WHERE {_HIS})", {"task": task_id, "of": of}))


def withdraw_link(tx: Tx, link_id: UUID, now: datetime) -> bool:
    """False when that was done before."""
    return tx.execute(f"{_WITHDRAW} AND id = %(id)s", {"now": now, "id": link_id}) == 1


def end_links_of(tx: Tx, holder_id: UUID) -> None:
    """Whoever has a link that was sent to the officeholder cannot use it any more."""
    tx.execute("DELETE FROM link WHERE officeholder_id = %s", [holder_id])


def add_message(
    tx: Tx, message_id: UUID, kelurahan: str, task_id: UUID, holder_id: UUID | None, template: str, at: datetime
) -> None:
    tx.execute(
        "INSERT INTO message (id, kelurahan, task_id, officeholder_id, template, requested_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [message_id, kelurahan, task_id, holder_id, template, at],
    )


def settle(tx: Tx, data: dict[str, Any], status: str) -> bool:
    """Keeps what became of a message: what was delivered stays delivered. False when it is none of ours."""
    return bool(
        tx.execute(
            "UPDATE message SET status = %(status)s, channel = %(channel)s, reason = %(reason)s, settled_at = %(at)s"
            " WHERE id = %(message_id)s AND status <> 'delivered'",
            data | {"status": status},
        )
        or tx.value("SELECT true FROM message WHERE id = %s", [data["message_id"]])
    )


def messages_of(tx: Tx, task_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    if task_ids:
        rows = tx.all(
            "SELECT task_id, m.id, template, m.status, channel, m.reason, requested_at, settled_at,"
            " coalesce(o.role, 'witness') AS to_role"
            " FROM message m LEFT JOIN officeholder o ON o.id = m.officeholder_id"
            " WHERE task_id = ANY(%s) ORDER BY m.id",
            [list(task_ids)],
        )
        for row in rows:
            found.setdefault(row.pop("task_id"), []).append(row)
    return found


def task_of_message(tx: Tx, message_id: UUID) -> UUID | None:
    """The question that a message of ours was about."""
    found: UUID | None = tx.value("SELECT task_id FROM message WHERE id = %s", [message_id])
    return found


def asked_since(tx: Tx, task_ids: Sequence[UUID], holder_ids: Sequence[UUID], at: datetime) -> list[UUID]:
    """Those of these questions that were sent to one of these holders, or to a neighbour, after that instant."""
    rows = tx.all(
        "SELECT DISTINCT task_id FROM message WHERE task_id = ANY(%s) AND requested_at > %s"
        " AND (officeholder_id = ANY(%s) OR officeholder_id IS NULL)"
        " AND (template LIKE '%%\\_request' OR template LIKE '%%\\_reminder')",
        [list(task_ids), at, list(holder_ids)],
    )
    return [row["task_id"] for row in rows]


def open_link(tx: Tx, task_id: UUID, holder_ids: Sequence[UUID], now: datetime) -> Link | None:
    """The newest link into a task that still opens it and was sent to one of these; to the neighbour where the question
    is his."""
    row = tx.one(
        "SELECT l.kelurahan, l.task_id, l.officeholder_id, l.expires_at, l.phone_index, l.id FROM link l"
        " JOIN task t ON t.id = l.task_id WHERE l.task_id = %(task)s AND l.expires_at > %(now)s"
        " AND (l.officeholder_id = ANY(%(holders)s) OR (t.kind = 'statement' AND l.officeholder_id IS NULL))"
        " ORDER BY l.made_at DESC, l.id LIMIT 1",
        {"task": task_id, "holders": list(holder_ids), "now": now},
    )
    return Link(**row | {"phone_index": row["phone_index"] and bytes(row["phone_index"])}) if row else None


def told_before(tx: Tx, application_id: UUID | None, holder_id: UUID, templates: Sequence[str]) -> bool:
    """Whether he had one of these messages about the case before."""
    return application_id is not None and bool(
        tx.value(
            "SELECT EXISTS (SELECT FROM message m JOIN task t ON t.id = m.task_id WHERE t.application_id = %s"
            " AND m.officeholder_id = %s AND m.template = ANY(%s))",
            [application_id, holder_id, list(templates)],
        )
    )


def holders_with_phone(tx: Tx, keys: Keyring, kelurahan: str, phone: str) -> list[UUID]:
    rows = tx.all(
        "SELECT o.id FROM officeholder o JOIN people p ON p.id = o.person_id"
        " WHERE p.kelurahan = %s AND p.phone_index = ANY(%s)",
        [kelurahan, people.phone_indexes(keys, phone)],
    )
    return [row["id"] for row in rows]


def add_incoming(tx: Tx, keys: Keyring, data: dict[str, Any], task_id: UUID | None) -> None:
    """Keeps what somebody wrote, once."""
    if tx.value("SELECT true FROM incoming WHERE id = %s", [data["message_id"]]):
        return
    person_id = people.keep(tx, keys, data["kelurahan"], data["person"] or {})
    tx.execute(
        "INSERT INTO incoming (id, kelurahan, task_id, person_id, channel, received_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [data["message_id"], data["kelurahan"], task_id, person_id, data["channel"], data["received_at"]],
    )
