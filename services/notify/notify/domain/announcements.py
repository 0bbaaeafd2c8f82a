"""An announcement of the office: whom it is for, how far it is, and what one message of it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from notify.domain import words
from notify.domain.copies import Office
from notify.domain.errors import (
    AnnouncementForNobody,
    AnnouncementNotDraft,
    AnnouncementNotReady,
    AnnouncementNotRunning,
    AnnouncementOver,
)
from notify.domain.fitting import one_line

AUDIENCES = ("heads", "agreed", "both")
"""RT heads, who pass it on to their groups; people who agreed to be told; both."""
STATUSES = ("draft", "sending", "sent", "stopped")
MOST_TITLE, MOST_TEXT, MOST_LINES, MOST_PLACES = 80, 600, 16, 300
"""So that an approved template, which has no lines and takes 1,024 characters in all, has all of it, and a picture as
well."""
TO_HEAD, TO_AGREED = "announcement_for_head", "announcement"
TEMPLATES: Mapping[str, str] = {"heads": TO_HEAD, "agreed": TO_AGREED}
SETTLED_AFTER = timedelta(days=3)
"""No receipt is waited for any longer; what has not gone out yet is."""
_UNTIL: Mapping[str, str] = {"id": "Berlaku sampai {day}.", "en": "Holds until {day}."}

Phase = Literal["heads", "agreed"]
Place = Mapping[str, str | None]


@dataclass
class Announcement:
    """One announcement; `person` has title and text. `estimate` is {heads, agreed, messages, price, at}, worked out
    for this revision; `counts` is {queued, sent, delivered, failed, left_out}. `problem`: why there is no picture."""

    id: UUID
    kelurahan: str
    audience: str
    places: list[dict[str, str | None]] | None
    until: date | None
    with_picture: bool
    status: str
    written_by: str
    created_at: datetime
    person: dict[str, Any]
    person_id: UUID | None = None
    revision: int = 1
    picture: dict[str, Any] | None = None
    problem: str | None = None
    estimate: dict[str, Any] | None = None
    counts: dict[str, Any] | None = None
    settled: bool = False
    sent_by: str | None = None
    sent_at: datetime | None = None
    stopped_at: datetime | None = None
    version: int = 1

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Who is written to, in order: somebody who is both gets what is for heads."""
        return ("heads", "agreed") if self.audience == "both" else (self.audience,)  # type: ignore[return-value]

    @property
    def waits_for_picture(self) -> bool:
        return self.with_picture and self.picture is None and self.problem is None

    def write(self, body: Mapping[str, Any]) -> None:
        """What it says and whom it is for, anew; its picture and what it takes have to be worked out again. Raises
        AnnouncementNotDraft."""
        self._only_a_draft()
        self.audience, self.places, self.until = body["audience"], body["places"], body["until"]
        self.with_picture = body["with_picture"]
        self.person = {"title": body["title"], "text": body["text"]}
        self.revision += 1
        self.picture = self.problem = self.estimate = None

    def send(self, by: str, now: datetime, today: date) -> None:
        """Raises AnnouncementNotDraft, AnnouncementOver, AnnouncementNotReady, AnnouncementForNobody."""
        self._only_a_draft()
        if self.until is not None and self.until < today:
            raise AnnouncementOver
        if self.estimate is None or self.waits_for_picture or (self.with_picture and self.problem):
            raise AnnouncementNotReady(headers={"Retry-After": "5"})
        if not self.estimate["messages"]:
            raise AnnouncementForNobody
        self.status, self.sent_by, self.sent_at = "sending", by, now

    def stop(self, now: datetime, *, waits: bool) -> None:
        """`waits`: some of it has not gone out yet, which may be after it was settled: somebody sends what failed
        again. Raises AnnouncementNotRunning."""
        if self.status not in ("sending", "sent") or (self.settled and not waits):
            raise AnnouncementNotRunning
        self.status, self.stopped_at, self.settled = "stopped", now, False

    def pictured(self, revision: int, file: Mapping[str, Any] | None, problem: str | None) -> bool:
        """False for a picture of what it said before, or once it goes out."""
        if revision != self.revision or self.status != "draft" or not self.with_picture:
            return False
        self.picture, self.problem = dict(file) if file else None, problem
        return True

    def ends_at(self, zone: str) -> datetime | None:
        """The end of its last day."""
        if self.until is None:
            return None
        return datetime.combine(self.until + timedelta(days=1), time(), ZoneInfo(zone))

    def _only_a_draft(self) -> None:
        if self.status != "draft":
            raise AnnouncementNotDraft


def is_settled(status: str, counts: Mapping[str, int], *, late: bool) -> bool:
    """Whether nothing more is to be heard of its messages; `late`: it was sent so long ago that no receipt is waited
    for. As long as one has not gone out, somebody may still want to stop it."""
    return status != "sending" and not counts["queued"] and (late or not counts["sent"])


def values(one: Announcement, office: Office, language: str) -> dict[str, Any]:
    """What fills a message of it."""
    until = _UNTIL[language].format(day=words.long_date(one.until, language)) if one.until else ""
    return {
        "office_name": office.name, "title": one.person["title"], "text": lines(one.person["text"]), "until": until,
    }  # fmt: skip


def lines(text: str) -> list[str]:
    """The lines of a text; one empty one at the most between two that say something."""
    found: list[str] = []
    for line in (" ".join(one.split()) for one in text.strip().splitlines()):
        if line or (found and found[-1]):
            found.append(line)
    return found


def fits(text: str) -> bool:
    """Whether a template and a picture have room for it."""
    return len(one_line(text)) <= MOST_TEXT and len(lines(text)) <= MOST_LINES
