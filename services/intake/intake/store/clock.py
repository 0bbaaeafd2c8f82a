"""The row of the business clock, as far as moving it needs a look."""

from __future__ import annotations

from kit.db import Tx


def lock_offset(tx: Tx) -> float:
    """Seconds that the clock is ahead; nobody else moves it before this transaction ends."""
    return float(tx.value("SELECT offset_seconds FROM clock FOR UPDATE"))


def never_used(tx: Tx) -> bool:
    """The clock was never moved and there is no case; nobody else moves it before this transaction ends."""
    fresh = tx.value("SELECT offset_seconds = 0 AND sequence = 0 FROM clock FOR UPDATE")
    return bool(fresh) and not tx.value("SELECT EXISTS (SELECT FROM application)")
