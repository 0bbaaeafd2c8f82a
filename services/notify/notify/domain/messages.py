"""A message to a person: how far it came, when it may go, and what of it whose eyes may see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from notify.domain.errors import NothingToRetry
from notify.domain.provider_ids import hashed
from notify.domain.words import masked_numbers

# A status moves to a higher rank only: a receipt that comes late or twice changes nothing. A message that was given up
# may still turn out to have arrived.
RANKS: Mapping[str, int] = {
    "accepted": 0, "unknown": 1, "sent": 2, "expired": 3, "failed": 3, "delivered": 4, "read": 5,
}  # fmt: skip
UNCLEAR = "unclear"
"""Why a message failed of which nobody learned whether it arrived."""
UNCLEAR_FOR = timedelta(hours=1)

# Notices do not wake people; answers and codes are awaited at any hour.
REST = frozenset({"notice"})
WAKES, RESTS = time(6, 0), time(20, 30)
REPEATED_WITHIN = timedelta(hours=24)

About = Literal["whole", "part", "before", "nothing"]
"""What a receipt is about: all of a message, or what is sent last of it; a part that others follow; all of it, but as
it was tried before and did not get through; nothing that matters any more."""

_LINK = re.compile(r"(/(?:t|survei|masuk/tautan)/)[^\s]+")
OPENS = ("code", "claim_code", "link")
"""Values that open a door to whoever has them."""


OF_COMPLAINTS = ("complaint_", "talk_complaint")
"""How templates begin whose messages are between a person and whoever handles his complaint. The office reads none of
them, nor that they are there: the complaint may be about whoever would read it."""


@dataclass
class Message:
    """One message. `person` has name, phone, user_id, email, text, what the text was made from (language, values), the
    options to choose from and the file that goes with it; `contact_id` is who wrote before, where it goes to him;
    `requested_by` is the service that asked, None for a notice of our own. `waits_until` is the hour until which it
    rests, `held` while nothing of our number goes out. `provider_id` is what the channel calls the attempt that went
    last, as a hash; `provider_ids` the parts that went, after the first `earlier`, which were before it was tried anew.
    `whole`: nothing is to follow what went last. `sender` is which number of ours it went from,
    `category` as what it is paid for. `tries` are the attempts on this channel, `tried` the channels that are out of
    the question, `part` the part that is next. `as_template`: only an approved template is let through. `underway`, by
    the machine's clock, is when the attempt began of which nothing was heard yet. `resent`: it may have arrived, and
    somebody decided to send it once more. `announcement_id`: it is an announcement of the office."""

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
    provider_ids: list[str] = field(default_factory=list)
    earlier: int = 0
    whole: bool = True
    contact_id: UUID | None = None
    sender: str | None = None
    category: str | None = None
    tries: int = 0
    tried: list[str] = field(default_factory=list)
    as_template: bool = False
    part: int = 0
    held: bool = False
    resent: bool = False
    underway: datetime | None = None
    announcement_id: UUID | None = None
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
        self.held = False
        return True

    def called(self, provider_id: str) -> None:
        """What the channel calls the attempt that went last; of a name that is known nothing changes."""
        name = hashed(provider_id)
        if name not in self.provider_ids:
            self.provider_id, self.provider_ids = name, [*self.provider_ids, name]

    def try_again(self) -> None:
        """Somebody decides to send it once more, by whatever channel. Raises NothingToRetry."""
        if self.status != "failed":
            raise NothingToRetry
        self.resent = self.resent or self.failure == UNCLEAR
        self.status, self.settled_at, self.failure, self.underway = "accepted", None, None, None
        self.tries, self.tried, self.part, self.as_template = 0, [], 0, False
        self._anew()

    def reopen(self, about: About = "whole") -> bool:
        """The channel had it and says that it did not get through: it is to be tried otherwise, from the beginning
        where more was to follow what failed. False when it is too late for that."""
        if self.status not in ("unknown", "sent") and not (about == "part" and self.pending):
            return False
        self.status, self.settled_at, self.failure, self.underway = "accepted", None, None, None
        self.waits_until, self.held = None, False
        if about == "part":
            self.part, self.whole = 0, False
        self._anew()
        return True

    def go_on(self) -> bool:
        """A part arrived of which nothing was heard before: what follows it goes too. False when it is underway."""
        if self.status != "unknown" and not (self.status == "failed" and self.failure == UNCLEAR):
            return False
        self.status, self.settled_at, self.failure = "accepted", None, None
        self.part, self.tries = self.part + 1, 0
        return True

    def about(self, provider_id: str, mark: str | None) -> About:
        """What of it a receipt is about."""
        name = hashed(provider_id)
        if name in self.provider_ids[: self.earlier]:
            return "before"
        if self.provider_id in (name, provider_id) or mark == self.mark:
            return "whole" if self.whole else "part"
        return "part" if name in self.provider_ids else "nothing"

    def _anew(self) -> None:
        """What all of it was called is kept: it may turn out to have arrived. What a part was called is not."""
        before = self.provider_ids[: self.earlier]
        if self.whole and self.provider_id is not None:
            before = [*before, self.provider_id]
        self.provider_ids, self.earlier = before, len(before)
        self.provider_id, self.whole = None, True

    def go_by(self, channel: str) -> None:
        """Another channel takes it from here."""
        self.tried = [*self.tried, self.channel]
        self.channel, self.tries, self.part, self.as_template, self.held = channel, 0, 0, False, False
        self._anew()

    @property
    def mark(self) -> str:
        """By this the channel's receipts tell which attempt they are about."""
        return f"{self.id}.{self.attempts}.{self.part}"

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
    text = _LINK.sub(r"\1…", text)
    for name in OPENS:
        if code := str(values.get(name) or ""):
            text = text.replace(code, "••••")
    return masked_numbers(text)
