"""CloudEvents 1.0 in JSON (structured mode): what an event looks like between services."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.errors import Permanent

CONTENT_TYPE = "application/cloudevents+json"


class Unreadable(Permanent):
    """The message is no event of ours."""


@dataclass(frozen=True)
class Received:
    """An event as a consumer sees it. `sequence` is gap-free per source and subject."""

    id: UUID
    source: str
    type: str
    version: int
    subject: str
    sequence: int
    tenant: str
    time: datetime
    data: dict[str, Any]
    trace: str | None = None


def encode(source: str, row: dict[str, Any]) -> bytes:
    """The message for a row of the outbox; its data are JSON text already and are put in as they are."""
    head = {
        "specversion": "1.0",
        "id": str(row["event_id"]),
        "source": f"/{source}",
        "type": row["type"],
        "dataversion": row["version"],
        "subject": row["subject"],
        "sequence": row["sequence"],
        "tenant": row["tenant"],
        "time": row["time"].isoformat(),
        "datacontenttype": "application/json",
    }
    if row["trace"]:
        head["traceparent"] = row["trace"]
    return f'{json.dumps(head)[:-1]}, "data": {row["data"]}}}'.encode()


def decode(body: bytes) -> Received:
    """Reads a message. Raises Unreadable."""
    try:
        event = json.loads(body)
        return Received(
            id=UUID(event["id"]),
            source=event["source"].removeprefix("/"),
            type=event["type"],
            version=int(event["dataversion"]),
            subject=event["subject"],
            sequence=int(event["sequence"]),
            tenant=event["tenant"],
            time=datetime.fromisoformat(event["time"]),
            data=dict(event["data"]),
            trace=event.get("traceparent"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"not an event of ours: {type(error).__name__}") from error
