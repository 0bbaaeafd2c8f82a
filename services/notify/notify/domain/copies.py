"""What notify knows of others: as much as a message says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

Names = Mapping[str, str]

ENDED = frozenset({"completed", "rejected", "withdrawn", "expired"})


@dataclass(frozen=True)
class Recipient:
    """Whom a message goes to."""

    name: str
    phone: str
    language: str = "id"


@dataclass(frozen=True)
class Case:
    """A case; `person` has contact and helper."""

    id: UUID
    kelurahan: str
    tracking_code: str
    service: str
    sop_version: int
    status: str
    owner: str
    person: Mapping[str, Any]

    @property
    def recipient(self) -> Recipient | None:
        """The contact, or the helper when the contact has no phone; None when nobody can be reached."""
        for who in (self.person.get("contact"), self.person.get("helper")):
            if who and who.get("phone"):
                language = "en" if who.get("language") == "en" else "id"
                return Recipient(who.get("name") or "", who["phone"], language)
        return None


@dataclass(frozen=True)
class Office:
    """An office: what it is called, where it is, in which zone; `closed_to_visitors` are periods."""

    name: str
    zone: str
    address: str
    closed_to_visitors: tuple[tuple[date, date], ...] = ()

    @classmethod
    def from_event(cls, name: str, zone: str, office: Mapping[str, Any]) -> Office:
        periods = (office.get("calendar") or {}).get("closed_to_visitors") or []
        address = (office.get("letterhead") or {}).get("address") or ""
        days = ((date.fromisoformat(p["first_day"]), date.fromisoformat(p["last_day"])) for p in periods)
        return cls(name, zone, address, tuple(days))

    def receives_visitors(self, now: datetime) -> bool:
        """Whether people may come today."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        return not any(first <= today <= last for first, last in self.closed_to_visitors)


@dataclass(frozen=True)
class Sop:
    """The version of a service that a case began with."""

    name: Names
    next_step: Names
    cost: Names
    requirements: Mapping[str, Names]


@dataclass(frozen=True)
class Letter:
    """A letter that was issued in a case."""

    number: str
    check_url: str
