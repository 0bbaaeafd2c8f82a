"""Letters as strangers' files name them: by hash and by code, of whichever office."""

from __future__ import annotations

from kit.db import Tx


def tokens_by_hash(tx: Tx, hashes: list[str]) -> dict[str, str]:
    """hash -> code, of letters that were issued; forms have no code."""
    rows = tx.all(
        "SELECT sha256, token FROM letter WHERE sha256 = ANY(%s::text[]) AND token IS NOT NULL"
        " AND issued_at IS NOT NULL ORDER BY id",
        [hashes],
    )
    return {row["sha256"]: row["token"] for row in rows}


def numbers_by_token(tx: Tx, tokens: list[str]) -> dict[str, str]:
    """code -> number, of letters that the public check knows."""
    rows = tx.all(
        "SELECT token, number FROM letter WHERE token = ANY(%s::text[]) AND (issued_at IS NOT NULL OR status = 'void')",
        [tokens],
    )
    return {row["token"]: row["number"] for row in rows}
