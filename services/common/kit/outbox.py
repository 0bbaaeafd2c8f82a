"""Events are written with the change that they tell of; the relay sends them afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kit import trace
from kit.db import Tx
from kit.ids import new_id

_ADD = """
WITH next AS (
    INSERT INTO subject_sequence (subject, last) VALUES (%(subject)s, 1)
    ON CONFLICT (subject) DO UPDATE SET last = subject_sequence.last + 1 RETURNING last)
INSERT INTO outbox (event_id, type, version, subject, sequence, tenant, time, data, trace)
SELECT %(event_id)s, %(type)s, %(version)s, %(subject)s, next.last, %(tenant)s, %(time)s, %(data)s, %(trace)s
FROM next
"""


@dataclass(frozen=True)
class Event:
    """An event to be told. `data` is ready for JSON; personal data only in its sealed block."""

    type: str
    subject: str
    tenant: str
    time: datetime
    data: dict[str, Any]
    version: int = 1


def add(tx: Tx, event: Event) -> UUID:
    """Puts the event into the outbox; the subject's row lock orders events about one subject."""
    event_id = new_id()
    tx.later(
        _ADD,
        {
            "event_id": event_id,
            "type": event.type,
            "version": event.version,
            "subject": event.subject,
            "tenant": event.tenant,
            "time": event.time,
            "data": json.dumps(event.data, ensure_ascii=False, separators=(",", ":"), default=_plain),
            "trace": trace.current(),
        },
    )
    return event_id


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
