"""What notify knows of others: as much as a message says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.consent import MESSAGES, withdrawn

Names = Mapping[str, str]
Period = tuple[date, date]
Hours = Mapping[str, tuple[str, str]]
"""Day of the week (`monday`) to when it opens and closes."""

ENDED = frozenset({"completed", "rejected", "withdrawn", "expired"})


@dataclass(frozen=True)
class Recipient:
    """Whom a message goes to: a number, or who wrote before (`contact_id`, and what the channel calls him)."""

    name: str
    phone: str | None
    language: str = "id"
    contact_id: UUID | None = None
    user_id: str | None = None
    email: str | None = None

    @property
    def address(self) -> str:
        """By which what was said to him is told from what was said to others."""
        return self.phone or self.user_id or ""


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
    consents: Mapping[str, bool] = field(default_factory=dict)

    def unwanted(self, phone: str | None, message_class: str) -> bool:
        """Whether the person wants no such messages to his number. A code is asked for at the moment, and is sent."""
        to = self.recipient
        his = to is not None and phone is not None and to.phone == phone
        return his and message_class != "code" and withdrawn(self.consents, MESSAGES)

    @property
    def recipient(self) -> Recipient | None:
        """The contact, or the helper (unless his help has ended) when the contact neither has a phone nor writes in
        chat; None when nobody can be reached."""
        for who in (self.person.get("contact"), self.person.get("helper")):
            if who and (who.get("phone") or who.get("contact_id")) and not who.get("revoked"):
                language = "en" if who.get("language") == "en" else "id"
                contact_id = UUID(str(who["contact_id"])) if who.get("contact_id") else None
                email = who.get("email") or None
                return Recipient(who.get("name") or "", who.get("phone"), language, contact_id, email=email)
        return None

    @property
    def to_contact(self) -> bool:
        """Whether its recipient is the contact himself, and no helper."""
        contact = self.person.get("contact") or {}
        return bool(contact.get("phone") or contact.get("contact_id")) and not contact.get("revoked")


@dataclass(frozen=True)
class Office:
    """An office: what it is called, where it is, in which zone, when it is open; `closed_to_visitors` are periods,
    `other_hours` are those of a season."""

    name: str
    zone: str
    address: str
    closed_to_visitors: tuple[Period, ...] = ()
    phone: str = ""
    usual_hours: Hours = field(default_factory=dict)
    other_hours: tuple[tuple[Period, Hours], ...] = ()

    @classmethod
    def from_event(cls, name: str, zone: str, office: Mapping[str, Any]) -> Office:
        calendar = office.get("calendar") or {}
        return cls(
            name,
            zone,
            address=(office.get("letterhead") or {}).get("address") or "",
            closed_to_visitors=tuple(_period(part) for part in calendar.get("closed_to_visitors") or []),
            phone=(office.get("address") or {}).get("phone") or "",
            usual_hours=_hours(calendar.get("hours")),
            other_hours=tuple((_period(p), _hours(p["hours"])) for p in calendar.get("hours_exceptions") or []),
        )

    def receives_visitors(self, now: datetime) -> bool:
        """Whether people may come today."""
        today = self.today(now)
        return not any(first <= today <= last for first, last in self.closed_to_visitors)

    def hours(self, now: datetime) -> Hours:
        """The week's hours in the season that today is in."""
        today = self.today(now)
        seasons = (hours for (first, last), hours in self.other_hours if first <= today <= last)
        return next(seasons, self.usual_hours)

    def today(self, now: datetime) -> date:
        """The office's day."""
        return now.astimezone(ZoneInfo(self.zone)).date()


def _period(part: Mapping[str, Any]) -> Period:
    return date.fromisoformat(part["first_day"]), date.fromisoformat(part["last_day"])


def _hours(week: Mapping[str, Any] | None) -> Hours:
    return {day: (open_["opens"], open_["closes"]) for day, open_ in (week or {}).items() if open_}


@dataclass(frozen=True)
class Sop:
    """The version of a service that a case began with."""

    name: Names
    next_step: Names
    cost: Names
    requirements: Mapping[str, Names]
    complaint: Names = field(default_factory=dict)

    @classmethod
    def from_event(cls, name: str, sop: Mapping[str, Any]) -> Sop:
        return cls(
            name=sop.get("name") or {"id": name},
            next_step=sop.get("next_step") or {},
            cost=sop.get("cost") or {},
            requirements={item["code"]: item["name"] for item in sop.get("requirements", [])},
            complaint=sop.get("complaint") or {},
        )


@dataclass(frozen=True)
class Letter:
    """A letter that was issued in a case."""

    number: str
    check_url: str
    file: Mapping[str, Any] | None = None

    @property
    def file_name(self) -> str:
        """What its file is called: by its number, which names nobody."""
        return f"surat-{re.sub(r'[^0-9A-Za-z.]+', '-', self.number).strip('-')}.pdf"
