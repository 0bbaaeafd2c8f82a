"""Cases of a period, without the people in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kit.db import Row, Tx

_OF_PERIOD = """
SELECT id, id AS application_id, kelurahan, service, sop_version, status, opened_at, submitted_at, received_at,
    promised_at, changed_at
FROM application
WHERE kelurahan = %(kelurahan)s AND submitted_at >= %(begins)s AND submitted_at < %(ends)s
    AND (%(at)s::timestamptz IS NULL OR (submitted_at, id) > (%(at)s::timestamptz, %(id)s::uuid))
ORDER BY submitted_at, id LIMIT %(limit)s
"""


def submitted(tx: Tx, begins: datetime, ends: datetime, after: Sequence[Any] | None, limit: int) -> list[Row]:
    """The office's cases by when they were first submitted, erased ones too: of them stays what is asked for here."""
    at, application_id = after or (None, None)
    return tx.all(
        _OF_PERIOD,
        {"kelurahan": tx.tenant, "begins": begins, "ends": ends, "at": at, "id": application_id, "limit": limit},
    )
