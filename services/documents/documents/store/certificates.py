"""Signers' certificates: what is known of them, and the wrong passphrases that were tried."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

from documents.domain.signing import LOCKED, TRIES, Certificate
from kit.db import Tx

_COLUMNS = [field.name for field in fields(Certificate)]
_KEPT = [name for name in _COLUMNS if name not in ("tries", "locked_until")]

_PUT = f"""
INSERT INTO certificate ({", ".join(_KEPT)}) VALUES ({", ".join(f"%({name})s" for name in _KEPT)})
ON CONFLICT (kelurahan, account) DO UPDATE SET
{", ".join(f"{name} = excluded.{name}" for name in _KEPT if name not in ("id", "kelurahan", "account", "person_id"))}
"""


def of_account(tx: Tx, account: str, *, lock: bool = False) -> Certificate | None:
    row = tx.one(
        f"SELECT {', '.join(_COLUMNS)} FROM certificate WHERE kelurahan = %s AND account = %s"
        f"{' FOR UPDATE' if lock else ''}",
        [tx.tenant, account],
    )
    return None if row is None else Certificate(**row)


def lock_account(tx: Tx, account: str) -> Certificate | None:
    """The account's certificate, where nobody puts or drops another until the commit; also where there is none yet."""
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [f"certificate:{tx.tenant}:{account}"])
    return of_account(tx, account, lock=True)


def put(tx: Tx, certificate: Certificate) -> None:
    """Keeps it in place of the account's former one. What was tried on that still counts, or guessing would be free."""
    tx.execute(_PUT, {name: getattr(certificate, name) for name in _KEPT})


def drop(tx: Tx, certificate: Certificate) -> None:
    tx.execute("DELETE FROM certificate WHERE id = %s", [certificate.id])
    tx.execute("DELETE FROM people WHERE id = %s", [certificate.person_id])


def is_locked(tx: Tx, certificate_id: UUID) -> bool:
    """By machine time: a moved clock must not open it."""
    return bool(tx.value("SELECT locked_until > clock_timestamp() FROM certificate WHERE id = %s", [certificate_id]))


def count_wrong(tx: Tx, certificate_id: UUID) -> None:
    """One more wrong passphrase; the last of TRIES locks the certificate."""
    tx.execute(
        "UPDATE certificate SET tries = CASE WHEN tries + 1 >= %(most)s THEN 0 ELSE tries + 1 END,"
        " locked_until = CASE WHEN tries + 1 >= %(most)s THEN clock_timestamp() + %(minutes)s * interval '1 minute'"
        " ELSE locked_until END WHERE id = %(id)s",
        {"most": TRIES, "minutes": LOCKED, "id": certificate_id},
    )


def count_right(tx: Tx, certificate_id: UUID) -> None:
    """It was the right one: what was counted is forgiven."""
    tx.execute("UPDATE certificate SET tries = 0, locked_until = NULL WHERE id = %s", [certificate_id])
