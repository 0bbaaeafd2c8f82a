"""Telling and reading events by their contract: checked on the way out, checked and opened on the way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from contracts.catalogue import EVENTS
from contracts.fields import EventData
from kit import outbox
from kit.bus.envelope import Received
from kit.db import Tx
from kit.errors import Permanent
from kit.sealed import Keyring


class BadEvent(Permanent):
    """An event does not keep its contract."""


def tell(
    tx: Tx,
    keys: Keyring,
    event_type: str,
    *,
    subject: Any,
    tenant: str,
    time: datetime,
    data: dict[str, Any],
    person: dict[str, Any] | None = None,
) -> UUID:
    """Puts an event into the outbox. `person` is sealed with the event keys and goes in as `person`.
    Raises BadEvent (a mistake of ours) when `data` is not what the contract says."""
    contract = EVENTS[event_type]
    if person is not None:
        data = data | {"person": keys.seal(person, _context(event_type, str(subject)))}
    schema = _instance(contract.schema)
    plain = schema.dump(data)
    if wrong := schema.validate(plain):
        raise BadEvent(f"{event_type}: {sorted(wrong)}")
    return outbox.add(tx, outbox.Event(event_type, str(subject), tenant, time, plain, contract.version))


def read(keys: Keyring, event: Received) -> Received:
    """The event with checked data, and `person` opened. Raises BadEvent, CannotOpen."""
    contract = EVENTS.get(event.type)
    if contract is None or contract.version != event.version:
        raise BadEvent(f"unknown: {event.type} version {event.version}")
    try:
        data = _instance(contract.schema).load(event.data)
    except ValidationError as error:
        raise BadEvent(f"{event.type}: {sorted(error.messages)}") from error  # type: ignore[type-var]
    if isinstance(data.get("person"), str):
        data["person"] = keys.open(data["person"], _context(event.type, event.subject))
    return replace(event, data=data)


@cache
def _instance(kind: type[EventData]) -> EventData:
    """Making a schema costs more than reading with it, and it keeps nothing of what it reads."""
    return kind()


def _context(event_type: str, subject: str) -> str:
    return f"event:{event_type}:{subject}"
