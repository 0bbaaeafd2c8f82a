"""Conversations with applicants: one row per contact, and what people wrote.

The state lies in `people`, and both rows are locked: of a row that is only joined, whoever waited for the lock would
get what stood there before he waited."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from intake.domain.conversation.state import Talk
from intake.store.applications import person_context
from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring

_SELECT = """
SELECT c.kelurahan, c.contact_id, c.person_id, c.account_id, c.cases, p.sealed
FROM conversation c JOIN people p ON p.id = c.person_id
"""


@dataclass
class Conversation:
    """Somebody who writes, how far he is, his login if he has one, and the cases that he talks about."""

    kelurahan: str
    contact_id: UUID
    person_id: UUID
    account_id: UUID | None
    cases: list[UUID]
    talk: Talk = field(default_factory=Talk)

    def knows(self, application_id: UUID) -> None:
        if application_id not in self.cases:
            self.cases = [*self.cases, application_id]


def lock(tx: Tx, keys: Keyring, kelurahan: str, contact_id: UUID, now: datetime) -> Conversation:
    """The contact's conversation, made where there is none. Whoever comes second waits: one turn at a time."""
    found = _locked(tx, keys, kelurahan, contact_id)
    if found is not None:
        return found
    person_id = new_id()
    tx.later(
        "INSERT INTO people (id, kelurahan, sealed) VALUES (%s, %s, %s)",
        [person_id, kelurahan, keys.seal(Talk().to_keep(), person_context(person_id))],
    )
    made = tx.execute(
        "INSERT INTO conversation (kelurahan, contact_id, person_id, changed_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [kelurahan, contact_id, person_id, now],
    )
    if not made:  # by another message at this instant, which is waited for
        tx.later("DELETE FROM people WHERE id = %s", [person_id])
    found = _locked(tx, keys, kelurahan, contact_id)
    assert found is not None
    return found


def lock_of_case(tx: Tx, keys: Keyring, application_id: UUID) -> list[Conversation]:
    """Those that have to do with a case, locked. A case is locked after its conversation, never before."""
    rows = tx.all(
        f"{_SELECT} WHERE c.cases @> ARRAY[%s]::uuid[] ORDER BY c.contact_id FOR UPDATE OF c, p", [application_id]
    )
    return [_from_row(keys, row) for row in rows]


def has_case(tx: Tx, application_id: UUID) -> bool:
    """Whether somebody talks with us about a case."""
    return bool(tx.value("SELECT EXISTS (SELECT FROM conversation WHERE cases @> ARRAY[%s]::uuid[])", [application_id]))


def save(tx: Tx, keys: Keyring, one: Conversation, now: datetime) -> None:
    tx.later(
        "UPDATE conversation SET account_id = %s, cases = %s::uuid[], changed_at = %s WHERE kelurahan = %s"
        " AND contact_id = %s",
        [one.account_id, one.cases, now, one.kelurahan, one.contact_id],
    )
    keep_talk(tx, keys, one)


def keep_talk(tx: Tx, keys: Keyring, one: Conversation) -> None:
    """What stands in it, without having been taken up again."""
    tx.later(
        "UPDATE people SET sealed = %s WHERE id = %s",
        [keys.seal(one.talk.to_keep(), person_context(one.person_id)), one.person_id],
    )


def _locked(tx: Tx, keys: Keyring, kelurahan: str, contact_id: UUID) -> Conversation | None:
    row = tx.one(f"{_SELECT} WHERE c.kelurahan = %s AND c.contact_id = %s FOR UPDATE OF c, p", [kelurahan, contact_id])
    return _from_row(keys, row) if row else None


def _from_row(keys: Keyring, row: Row) -> Conversation:
    talk = Talk.from_kept(keys.open(row.pop("sealed"), person_context(row["person_id"])))
    return Conversation(**row, talk=talk)


# --- what people wrote ------------------------------------------------------------------------------------------------


def keep_message(tx: Tx, data: dict[str, Any], sealed: str, person_id: UUID) -> bool:
    """What somebody sent; his words lie with the other personal data. False when it is here already."""
    kept = tx.value(
        "WITH known AS (SELECT FROM incoming_message WHERE id = %(message_id)s), person AS ("
        "INSERT INTO people (id, kelurahan, sealed) SELECT %(person_id)s, %(kelurahan)s, %(sealed)s"
        " WHERE NOT EXISTS (SELECT FROM known))"
        " INSERT INTO incoming_message (id, kelurahan, channel, received_at, person_id, contact_id, kind)"
        " SELECT %(message_id)s, %(kelurahan)s, %(channel)s, %(received_at)s, %(person_id)s, %(contact_id)s, %(kind)s"
        " WHERE NOT EXISTS (SELECT FROM known) RETURNING 1",
        data | {"person_id": person_id, "sealed": sealed},
    )
    return kept is not None


def reword(tx: Tx, keys: Keyring, message_id: UUID, text: str) -> None:
    """Other words in the place of those that somebody wrote, which are kept elsewhere."""
    row = tx.one(
        "SELECT p.id, p.sealed FROM incoming_message m JOIN people p ON p.id = m.person_id WHERE m.id = %s",
        [message_id],
    )
    if row is not None:
        kept = keys.open(row["sealed"], person_context(row["id"])) | {"text": text}
        tx.later("UPDATE people SET sealed = %s WHERE id = %s", [keys.seal(kept, person_context(row["id"])), row["id"]])


def note_message(tx: Tx, message_id: UUID, application_id: UUID | None, *, office: bool) -> None:
    """Which case a message is about, and whether a person has to answer it."""
    tx.later(
        "UPDATE incoming_message SET application_id = coalesce(%s, application_id), office = office OR %s"
        " WHERE id = %s",
        [application_id, office, message_id],
    )


def part_with_message(tx: Tx, message_id: UUID) -> None:
    """What somebody sent is kept elsewhere, and nothing of it here any more."""
    tx.later(
        "WITH gone AS (DELETE FROM incoming_message WHERE id = %s RETURNING person_id)"
        " DELETE FROM people WHERE id IN (SELECT person_id FROM gone)",
        [message_id],
    )


def for_office(tx: Tx, keys: Keyring, after: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """{id, received_at, channel, kind, application_id, tracking_code, said} of what waits for a person, the oldest
    first, `limit + 1` of them. `said` is what was sealed of it."""
    at, message_id = after or (None, None)
    rows = tx.all(
        "SELECT m.id, m.received_at, m.channel, m.kind, m.contact_id, m.application_id, a.tracking_code, m.person_id,"
        " p.sealed FROM incoming_message m JOIN people p ON p.id = m.person_id"
        " LEFT JOIN application a ON a.id = m.application_id"
        " WHERE m.kelurahan = %(office)s AND m.office AND m.done_at IS NULL"
        " AND (%(at)s::timestamptz IS NULL OR (m.received_at, m.id) > (%(at)s, %(id)s::uuid))"
        " ORDER BY m.received_at, m.id LIMIT %(limit)s",
        {"office": tx.tenant, "at": at, "id": message_id, "limit": limit + 1},
    )
    return [_opened(keys, row) for row in rows]


def message(tx: Tx, keys: Keyring, message_id: UUID) -> Row | None:
    """One message, of the transaction's office."""
    row = tx.one(
        "SELECT m.id, m.received_at, m.channel, m.kind, m.contact_id, m.application_id, a.tracking_code, m.person_id,"
        " p.sealed FROM incoming_message m JOIN people p ON p.id = m.person_id"
        " LEFT JOIN application a ON a.id = m.application_id WHERE m.id = %s AND m.kelurahan = %s",
        [message_id, tx.tenant],
    )
    return _opened(keys, row) if row else None


def of_contact(tx: Tx, keys: Keyring, contact_id: UUID, limit: int) -> list[Row]:
    """The last messages of somebody, the newest first."""
    rows = tx.all(
        "SELECT m.id, m.received_at, m.kind, m.person_id, p.sealed FROM incoming_message m JOIN people p"
        " ON p.id = m.person_id WHERE m.contact_id = %s ORDER BY m.received_at DESC, m.id DESC LIMIT %s",
        [contact_id, limit],
    )
    return [_opened(keys, row) for row in rows]


def of_case(tx: Tx, keys: Keyring, application_id: UUID) -> list[Row]:
    """What was written about a case, the oldest first."""
    rows = tx.all(
        "SELECT m.id, m.received_at, m.kind, m.person_id, p.sealed FROM incoming_message m JOIN people p"
        " ON p.id = m.person_id WHERE m.application_id = %s ORDER BY m.received_at, m.id",
        [application_id],
    )
    return [_opened(keys, row) for row in rows]


def done(tx: Tx, message_id: UUID, by: str, now: datetime) -> bool:
    """Somebody of the office has answered. False where nobody has to."""
    return bool(
        tx.execute(
            "UPDATE incoming_message SET done_at = %s, done_by = %s WHERE id = %s AND office AND done_at IS NULL",
            [now, by, message_id],
        )
    )


def _opened(keys: Keyring, row: Row) -> Row:
    return row | {"said": keys.open(row.pop("sealed"), person_context(row["person_id"])) or {}}


# --- links that let somebody in ---------------------------------------------------------------------------------------


def put_link(
    tx: Tx, token_hash: bytes, kelurahan: str, account_id: UUID, application_id: UUID, holds: timedelta
) -> None:
    """One of an account counts at a time: those before it end."""
    drop_links(tx, account_id)
    tx.later(
        "INSERT INTO sign_in_link (token_hash, kelurahan, account_id, application_id, expires_at)"
        " VALUES (%s, %s, %s, %s, clock_timestamp() + %s)",
        [token_hash, kelurahan, account_id, application_id, holds],
    )


def drop_links(tx: Tx, account_id: UUID) -> None:
    tx.later("DELETE FROM sign_in_link WHERE account_id = %s", [account_id])


def link(tx: Tx, token_hash: bytes) -> Row | None:
    """{kelurahan, account_id, application_id} of a link that still counts."""
    return tx.one(
        "SELECT kelurahan, account_id, application_id FROM sign_in_link"
        " WHERE token_hash = %s AND expires_at > clock_timestamp()",
        [token_hash],
    )


def take_link(tx: Tx, token_hash: bytes) -> Row | None:
    """{kelurahan, account_id, application_id} of a link that counted until now, once."""
    return tx.one(
        "DELETE FROM sign_in_link WHERE token_hash = %s AND expires_at > clock_timestamp()"
        " RETURNING kelurahan, account_id, application_id",
        [token_hash],
    )


def prune_links(tx: Tx) -> None:
    tx.later("DELETE FROM sign_in_link WHERE expires_at < clock_timestamp()")


# --- forgetting -------------------------------------------------------------------------------------------------------


def forget_of_case(tx: Tx, application_id: UUID) -> tuple[int, list[UUID]]:
    """How many conversations about the case went, and whose. Of one that has other cases too, `Talk.forget` takes what
    stands in it of this one."""
    tx.later("DELETE FROM sign_in_link WHERE application_id = %s", [application_id])
    rows = tx.all(
        "DELETE FROM conversation WHERE cases = ARRAY[%s]::uuid[] RETURNING person_id, contact_id", [application_id]
    )
    tx.later("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])
    tx.later(
        "UPDATE conversation SET cases = array_remove(cases, %s::uuid) WHERE cases @> ARRAY[%s]::uuid[]",
        [application_id, application_id],
    )
    return len(rows), [row["contact_id"] for row in rows]


def forget_of_account(tx: Tx, account_id: UUID) -> None:
    """An account goes, and so does what was talked with it, and what its contact wrote about no case."""
    drop_links(tx, account_id)
    rows = tx.all("DELETE FROM conversation WHERE account_id = %s RETURNING person_id, contact_id", [account_id])
    rows += tx.all(
        "DELETE FROM incoming_message WHERE contact_id = ANY(%s::uuid[]) AND application_id IS NULL"
        " RETURNING person_id",
        [[row["contact_id"] for row in rows]],
    )
    tx.later("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])


def forget_old(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """Those that nobody took up again since; how many went."""
    rows = tx.all(
        "DELETE FROM conversation WHERE (kelurahan, contact_id) IN (SELECT kelurahan, contact_id FROM conversation"
        " WHERE kelurahan = %s AND changed_at < %s ORDER BY changed_at LIMIT %s FOR UPDATE SKIP LOCKED)"
        " RETURNING person_id",
        [kelurahan, before, most],
    )
    tx.later("DELETE FROM people WHERE id = ANY(%s)", [[row["person_id"] for row in rows]])
    return len(rows)
