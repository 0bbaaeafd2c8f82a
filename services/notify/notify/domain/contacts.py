"""Who writes to an office, through all changes of his number and of what a channel calls him."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass
class Contact:
    """One person at one office. `person` has name, phone (E.164) and user_id (what the channel calls him); of the last
    two one may be missing. `last_in_at`, by the machine's clock, is when he wrote last, and `number_id` the number of
    ours that he wrote to; until `answered_until` the office answers him itself."""

    id: UUID
    kelurahan: str
    channel: str
    person_id: UUID
    created_at: datetime
    last_in_at: datetime | None = None
    answered_until: datetime | None = None
    number_id: str | None = None
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

    def wrote_after(self, at: datetime | None) -> bool:
        """Whether he is known by something that he sent later."""
        return at is not None and self.last_in_at is not None and at < self.last_in_at

    def may_be_called(self, user_id: str) -> bool:
        """Whether who is called so may be him: not, where the same channel calls him otherwise."""
        return self.user_id in (None, user_id) or _in_lids(self.user_id) != _in_lids(user_id)


def _in_lids(user_id: str | None) -> bool:
    """WAHA has other names for people than the Cloud API has."""
    return (user_id or "").endswith("@lid")


def known_as(contact: Contact, phone: str | None, user_id: str | None, name: str) -> dict[str, Any]:
    """What is known of him after a message that said this; what it does not say stays."""
    return {
        "name": name or contact.name,
        "phone": phone or contact.phone,
        "user_id": user_id or contact.user_id,
    }
