"""What became of a message, and who is told."""

from __future__ import annotations

from typing import Any

from contracts.telling import tell
from kit.db import Tx
from notify.deps import Deps
from notify.domain.messages import Message

OURSELVES = "notify"


def settle(deps: Deps, tx: Tx, message: Message, status: str, failure: str | None = None) -> bool:
    """What a receipt says, in whatever order receipts come; False when the message had come as far already. Who asked
    is told once that it arrived, and once that it did not. The message is locked, and saved by the caller."""
    arrived = message.arrived
    if not message.advance(status, deps.clock.now(), failure):
        return False
    if status == "failed":
        tell_outcome(deps, tx, message, "message.failed")
    elif message.arrived and not arrived:
        tell_outcome(deps, tx, message, "message.delivered")
    return True


def expire(deps: Deps, tx: Tx, message: Message, why: str = "expired") -> None:
    """Its time is over, or nobody wants it; who asked for it is told."""
    message.advance("expired", deps.clock.now(), why)
    if message.requested_by is not None:
        tell_outcome(deps, tx, message, "message.failed")


def tell_outcome(deps: Deps, tx: Tx, message: Message, event: str) -> None:
    """Tells whoever asked. A delivered notice of our own interests nobody; a failed one the case's officers."""
    if event == "message.delivered" and message.requested_by is None:
        return
    data: dict[str, Any] = {
        "message_id": message.id, "kelurahan": message.kelurahan,
        "requested_by": message.requested_by or OURSELVES, "application_id": message.application_id,
        "channel": message.channel, "at": message.settled_at, "reason": message.failure,
    }  # fmt: skip
    tell(tx, deps.event_keys, event, subject=message.id, tenant=message.kelurahan, time=deps.clock.now(), data=data)
