"""What a channel says of how far a message of ours came."""

from __future__ import annotations

from datetime import datetime

from kit.db import Tx
from notify.deps import Deps
from notify.store import messages
from notify.usecases.sending import settle


def take(deps: Deps, tx: Tx, channel: str, provider_id: str, status: str, at: datetime, code: str | None) -> bool:
    """A receipt, in whatever order receipts come; `at` is the channel's clock, `code` why it failed. False when no
    message is called so: its sending may not be committed yet."""
    message = messages.by_provider(tx, deps.data_keys, channel, provider_id, lock=True)
    if message is None:
        return False
    if settle(deps, tx, message, status, f"error {code}" if code else None):
        messages.save(tx, message)
    return True
