"""Who writes to an office, through all changes of his number and of what a channel calls him."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass
class Contact:
    """One person at one office. `person` has name, phone (E.164) and user_id (what the channel calls him); of the last
    two one may be missing. `last_in_at`, by the machine's clock, is when he wrote last; until `answered_until` the
    office answers him itself."""

    id: UUID
    kelurahan: str
    channel: str
    person_id: UUID
    created_at: datetime
    last_in_at: datetime | None = None
    answered_until: datetime | None = None
    version: int = 1
    person: dict[str, Any] = field(default_factory=dict)

    @property
    def phone(self) -> str | None:
        return self.person.get("phone") or None

    @property
    def user_id(self) -> str | None:
        return self.person.get("user_id") or None

    @property
    def name(self) -> str:
        return self.person.get("name") or ""


def known_as(contact: Contact, phone: str | None, user_id: str | None, name: str) -> dict[str, Any]:
    """What is known of him after a message that said this; what it does not say stays."""
    return {
        "name": name or contact.name,
        "phone": phone or contact.phone,
        "user_id": user_id or contact.user_id,
    }
