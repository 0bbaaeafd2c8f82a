"""A message to a person: how far it came, when it may go, and what of it whose eyes may see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from notify.domain.errors import NothingToRetry
from notify.domain.words import masked_numbers

# A status moves to a higher rank only: a receipt that comes late or twice changes nothing. A message that was given up
# may still turn out to have arrived.
RANKS: Mapping[str, int] = {"accepted": 0, "sent": 1, "expired": 2, "failed": 2, "delivered": 3, "read": 4}

# Notices do not wake people; answers and codes are awaited at any hour.
REST = frozenset({"notice"})
WAKES, RESTS = time(6, 0), time(20, 30)
REPEATED_WITHIN = timedelta(hours=24)

_LINK = re.compile(r"(/t/)[^\s]+")
OPENS = ("code", "claim_code")
"""Values that open a door to whoever has them."""


@dataclass
class Message:
    """One message. `person` has name, phone, user_id, text, what the text was made from (language, values), the options
    to choose from and the file that goes with it; `contact_id` is who wrote before, where it goes to him;
    `requested_by` is the service that asked, None for a notice of our own. `waits_until` is the hour until which it
    rests. `provider_id` is what the channel calls it."""

    id: UUID
    kelurahan: str
    application_id: UUID | None
    template: str
    message_class: str
    channel: str
    status: str
    attempts: int
    person_id: UUID
    requested_by: str | None
    created_at: datetime
    expires_at: datetime | None = None
    waits_until: datetime | None = None
    failure: str | None = None
    settled_at: datetime | None = None
    job_id: UUID | None = None
    provider_id: str | None = None
    contact_id: UUID | None = None
    version: int = 1
    person: dict[str, Any] = field(default_factory=dict)

    @property
    def arrived(self) -> bool:
        return RANKS[self.status] >= RANKS["delivered"]

    @property
    def pending(self) -> bool:
        """Nothing was sent yet, and nobody gave up."""
        return self.status == "accepted"

    def advance(self, status: str, at: datetime, failure: str | None = None) -> bool:
        """Moves on; False (and nothing changed) when it has come as far already."""
        if RANKS[status] <= RANKS[self.status]:
            return False
        self.status, self.settled_at, self.failure, self.waits_until = status, at, failure, None
        return True

    def try_again(self) -> None:
        """Somebody decides to send it once more. Raises NothingToRetry."""
        if self.status != "failed":
            raise NothingToRetry
        self.status, self.settled_at, self.failure = "accepted", None, None

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


def rests_until(now: datetime, zone: str) -> datetime | None:
    """When a message that wakes nobody may go; None when it may now."""
    local = now.astimezone(ZoneInfo(zone))
    if WAKES <= local.time() < RESTS:
        return None
    day = local.date() if local.time() < WAKES else local.date() + timedelta(days=1)
    return datetime.combine(day, WAKES, ZoneInfo(zone))


def masked_phone(phone: str | None) -> str:
    """Enough to recognise a number by, not enough to call it: `+62812••••901`; nothing of none."""
    if not phone:
        return ""
    return f"{phone[:6]}{'•' * max(len(phone) - 9, 4)}{phone[-3:]}"


def masked_name(name: str) -> str:
    """`Siti Maimunah` as `S••• M•••`."""
    return " ".join(f"{part[0]}•••" for part in name.split())


def masked_text(text: str, values: Mapping[str, Any]) -> str:
    """Without what opens a door, links to a task and codes, wherever they stand; of NIK and KK numbers the end."""
    for name in OPENS:
        if code := str(values.get(name) or ""):
            text = text.replace(code, "••••")
    return masked_numbers(_LINK.sub(r"\1…", text))
