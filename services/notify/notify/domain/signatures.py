"""Standard Webhooks: how what we send to other systems is signed.

webhook-id           the event's id, the same at every attempt
webhook-timestamp    the second of this attempt
webhook-signature    v1,<HMAC-SHA256 of "id.timestamp.body" in base64>, one for each secret that counts
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PREFIX = "whsec_"
KEPT_MOST = 5
"""So many secrets of one receiver sign at the same time."""
_BYTES = 32


@dataclass(frozen=True)
class Secret:
    """What one end signs with and the other checks. `until`: one that was replaced goes on signing so long."""

    text: str
    until: datetime | None = None

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Secret:
        return cls(kept["text"], datetime.fromisoformat(kept["until"]) if kept["until"] else None)

    def kept(self) -> dict[str, Any]:
        return {"text": self.text, "until": self.until.isoformat() if self.until else None}


def new_secret() -> Secret:
    """A fresh one, as a receiver is told it."""
    return Secret(PREFIX + base64.b64encode(os.urandom(_BYTES)).decode())


def rotated(secrets: Sequence[Secret], until: datetime, now: datetime) -> list[Secret]:
    """A new secret in front. The one before signs until then, and those before that for as long as was said, but no
    longer: where a new one is asked for again, since the answer was lost, the receiver still has one that counts. Of
    too many those go that came and went between the first and the last two."""
    older = [Secret(one.text, min(one.until or until, until)) for one in in_force(secrets[1:], now)]
    made = [new_secret(), Secret(secrets[0].text, until), *older]
    return made if len(made) <= KEPT_MOST else [*made[:2], *made[2 - KEPT_MOST :]]


def in_force(secrets: Sequence[Secret], now: datetime) -> list[Secret]:
    """Those that sign now, the newest first."""
    return [one for one in secrets if one.until is None or one.until > now]


def headers(secrets: Sequence[Secret], event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes out with a body, signed by each of the secrets that count then."""
    stamp = str(int(at.timestamp()))
    signed = f"{event_id}.{stamp}.".encode() + body
    return {
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{_signature(one, signed)}" for one in in_force(secrets, at)),
    }


def _signature(secret: Secret, signed: bytes) -> str:
    key = base64.b64decode(secret.text.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
