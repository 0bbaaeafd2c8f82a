"""Sessions and their refresh tokens, of which only hashes are kept. Times are the machine's."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from uuid import UUID

from intake.domain.accounts import Session
from kit.db import Row, Tx

_COLUMNS = ", ".join(one.name for one in fields(Session))
_GOES_ON = "ended_at IS NULL AND ends_at > clock_timestamp() AND rests_until > clock_timestamp()"


@dataclass(frozen=True)
class Presented:
    """A refresh token that somebody sent: of which session, and for how long it has been another's turn."""

    session: Session
    used_since: timedelta | None
    goes_on: bool


def add(tx: Tx, session: Session, refresh_hash: bytes) -> None:
    tx.execute(
        "INSERT INTO session (id, account_id, kelurahan, device, began_at, used_at, rests_until, ends_at, refresh_hash)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [session.id, session.account_id, session.kelurahan, session.device, session.began_at, session.used_at,
         session.rests_until, session.ends_at, refresh_hash],
    )  # fmt: skip


def presented(tx: Tx, refresh_hash: bytes) -> Presented | None:
    """The session of a refresh token of any office, locked, whether the token is the present one or was used before."""
    row = tx.one(
        f"SELECT {_COLUMNS}, {_GOES_ON} AS goes_on, NULL::interval AS used_since FROM session"
        " WHERE refresh_hash = %s FOR UPDATE",
        [refresh_hash],
    )
    if row is None:
        row = tx.one(
            f"SELECT {', '.join(f's.{one.name}' for one in fields(Session))}, {_GOES_ON} AS goes_on,"
            " clock_timestamp() - u.used_at AS used_since FROM used_refresh u JOIN session s ON s.id = u.session_id"
            " WHERE u.hash = %s FOR UPDATE OF s",
            [refresh_hash],
        )
    if row is None:
        return None
    goes_on, used_since = bool(row.pop("goes_on")), row.pop("used_since")
    return Presented(Session(**row), used_since, goes_on)


def present_hash(tx: Tx, session_id: UUID) -> bytes:
    """Of the refresh token that is the session's now. The session is locked."""
    return bytes(tx.value("SELECT refresh_hash FROM session WHERE id = %s", [session_id]))


def refresh(tx: Tx, session_id: UUID, new_hash: bytes, rests: timedelta) -> None:
    """The present token is used; `new_hash` is the next one's. The session is locked."""
    tx.execute(
        "INSERT INTO used_refresh (hash, session_id, kelurahan, used_at)"
        " SELECT refresh_hash, id, kelurahan, clock_timestamp() FROM session WHERE id = %s",
        [session_id],
    )
    tx.execute(
        "UPDATE session SET refresh_hash = %s, used_at = clock_timestamp(), rests_until = clock_timestamp() + %s"
        " WHERE id = %s",
        [new_hash, rests, session_id],
    )


def of_account(tx: Tx, account_id: UUID) -> list[Session]:
    """Those that go on, the latest used first."""
    rows: list[Row] = tx.all(
        f"SELECT {_COLUMNS} FROM session WHERE account_id = %s AND {_GOES_ON} ORDER BY used_at DESC LIMIT 100",
        [account_id],
    )
    return [Session(**row) for row in rows]


def end(tx: Tx, account_id: UUID, why: str, session_id: UUID | None = None, but: UUID | None = None) -> list[UUID]:
    """Ends one session of an account, or all (`but` one); which were ended."""
    rows = tx.all(
        "UPDATE session SET ended_at = clock_timestamp(), ended_why = %(why)s WHERE account_id = %(account)s"
        " AND ended_at IS NULL AND (%(one)s::uuid IS NULL OR id = %(one)s) AND id IS DISTINCT FROM %(but)s::uuid"
        " RETURNING id",
        {"account": account_id, "why": why, "one": session_id, "but": but},
    )
    return [row["id"] for row in rows]


def forget(tx: Tx, account_id: UUID) -> None:
    """All that an account ever had, with their used tokens."""
    tx.later("DELETE FROM session WHERE account_id = %s", [account_id])


def prune(tx: Tx, after: timedelta, most: int) -> int:
    """Forgets sessions that ended or ran out so long ago, with their used tokens; how many."""
    return tx.execute(
        "DELETE FROM session WHERE id = ANY(ARRAY(SELECT id FROM session WHERE least(coalesce(ended_at, 'infinity'),"
        " rests_until, ends_at) < clock_timestamp() - %s LIMIT %s))",
        [after, most],
    )
