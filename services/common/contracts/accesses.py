"""Telling intake who touched which case, in the transaction that sealed the rows of the audit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.access import MOST, is_kelurahan, summed
from contracts.telling import tell
from kit.db import Row, Tx


def told_by(event_type: str) -> Callable[[Any, Tx, list[Row]], None]:
    """For `Service.audited`: tells with this event."""

    def tell_accesses(deps: Any, tx: Tx, rows: list[Row]) -> None:
        """One event for the rows of an office, more only where there are very many."""
        tenant, items = rows[0]["tenant"], summed(rows)
        if not is_kelurahan(tenant):
            return
        for start in range(0, len(items), MOST):
            tell(
                tx, deps.event_keys, event_type, subject=f"accesses:{tenant}", tenant=tenant, time=rows[-1]["at"],
                data={"kelurahan": tenant, "items": items[start : start + MOST]},
            )  # fmt: skip

    return tell_accesses
