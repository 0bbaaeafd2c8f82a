"""Sign-ins that were begun at the identity provider: hashes of what has to come back. Times are the machine's."""

from __future__ import annotations

from datetime import timedelta

from kit.db import Tx


def begin(tx: Tx, state_hash: bytes, browser_hash: bytes, nonce_hash: bytes, holds: timedelta) -> None:
    tx.execute(
        "INSERT INTO provider_sign_in (state_hash, browser_hash, nonce_hash, expires_at)"
        " VALUES (%s, %s, %s, clock_timestamp() + %s)",
        [state_hash, browser_hash, nonce_hash, holds],
    )


def take(tx: Tx, state_hash: bytes, browser_hash: bytes) -> bytes | None:
    """The hash of the nonce of what this browser began; it counts once. Another browser's try leaves it."""
    found = tx.value(
        "DELETE FROM provider_sign_in WHERE state_hash = %s AND browser_hash = %s AND expires_at > clock_timestamp()"
        " RETURNING nonce_hash",
        [state_hash, browser_hash],
    )
    return None if found is None else bytes(found)


def prune(tx: Tx) -> int:
    """Forgets those that nobody finished; how many."""
    return tx.execute("DELETE FROM provider_sign_in WHERE expires_at < clock_timestamp()")
