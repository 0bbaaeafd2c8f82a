"""Who heads an RT or RW from when to when, and who decides for an RT on a given day.

rt_head      the head in office; else
substitute   who stands in for him; else
rw_head      the head of the RW that the RT lies in; else nobody, and an officer sees it

Who is away on that day, or wants no messages any more, is not asked; his link still counts, if he finds the time after
all.
Nobody decides about himself or somebody of his own household: then it is the next one's turn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kit.problems import Words

ROLES = ("rt_head", "substitute", "rw_head")
ONE_AT_A_TIME = ("rt_head", "rw_head")


@dataclass(frozen=True)
class Neighbourhood:
    """One RT. `headed`: whether somebody decides for it, as it was told last."""

    id: UUID
    kelurahan: str
    rw: str
    rt: str
    headed: bool
    made_up: bool
    version: int


@dataclass(frozen=True)
class Officeholder:
    """Somebody's term: both days are within it; without `to_date` it is open."""

    id: UUID
    kelurahan: str
    role: str
    rw: str
    rt: str | None
    from_date: date
    to_date: date | None
    name: str = field(repr=False)
    phone: str = field(repr=False)
    made_up: bool = False
    version: int = 1
    nik: str | None = field(default=None, repr=False)
    kk_number: str | None = field(default=None, repr=False)
    away_from: date | None = None
    away_until: date | None = None
    phone_confirmed_at: datetime | None = None
    stopped_at: datetime | None = None

    def in_office(self, day: date) -> bool:
        """Whether he holds the office on that day and is there."""
        return self.serves(day) and not self.away(day)

    def reachable(self, day: date) -> bool:
        """Whether he is in office on that day and can be asked: he has not said STOP."""
        return self.in_office(day) and self.stopped_at is None

    def away(self, day: date) -> bool:
        return self.away_from is not None and self.away_until is not None and self.away_from <= day <= self.away_until

    def serves(self, day: date) -> bool:
        """Whether it is a day of his term."""
        return self.from_date <= day and (self.to_date is None or day <= self.to_date)

    def speaks_for(self, rw: str, rt: str) -> bool:
        return self.rw == rw and self.rt in (rt, None)

    def concerned(self, applicant: Mapping[str, Any]) -> bool:
        """Whether the question is about himself, or about somebody on his family card."""
        own = ((self.nik, applicant.get("nik")), (self.kk_number, applicant.get("kk_number")))
        return any(mine is not None and mine == theirs for mine, theirs in own)

    def overlaps(self, other: Officeholder) -> bool:
        return self.from_date <= (other.to_date or date.max) and other.from_date <= (self.to_date or date.max)


def decider(
    holders: Iterable[Officeholder],
    rw: str,
    rt: str,
    day: date,
    applicant: Mapping[str, Any] | None = None,
    passed_over: Collection[UUID] = (),
    *,
    unasked: bool = False,
) -> Officeholder | None:
    """Who decides for the RT on that day, about this applicant; of several of one role, who came last. Without those
    who were asked in vain, and those who cannot be asked, unless he does it `unasked`."""
    serving = [
        holder
        for holder in holders
        if holder.speaks_for(rw, rt)
        and (holder.in_office(day) if unasked else holder.reachable(day))
        and not holder.concerned(applicant or {})
        and holder.id not in passed_over
    ]
    serving.sort(key=lambda holder: (ROLES.index(holder.role), -holder.from_date.toordinal(), str(holder.id)))
    return serving[0] if serving else None


LONGEST_ABSENCE = timedelta(days=92)
LONG_AWAY = Words(
    "Paling lama 92 hari. Untuk yang lebih lama, akhiri masa jabatannya.",
    "At most 92 days. For longer, end the term.",
)
AWAY_BACKWARDS = Words("Tanggal kembali sebelum tanggal pergi.", "It ends before it begins.")
IN_THE_PAST = Words("Tanggal ini sudah lewat.", "That day has passed.")


def wrong_absence(first: date, until: date, today: date) -> Words | None:
    """What cannot be about somebody's being away from one day to another, both included."""
    if until < first:
        return AWAY_BACKWARDS
    if until < today:
        return IN_THE_PAST
    return LONG_AWAY if until - first > LONGEST_ABSENCE else None


RT_OR_NOT = Words("Ketua RW tidak punya RT; yang lain harus.", "The head of an RW has no RT; others have one.")
ENDS_EARLY = Words("Tanggal akhir sebelum tanggal mulai.", "It ends before it begins.")


def wrong_term(term: Officeholder) -> tuple[str, Words] | None:
    """What cannot be about a term, whoever else there is: the field and why."""
    if (term.rt is None) != (term.role == "rw_head"):
        return "rt", RT_OR_NOT
    if term.to_date is not None and term.to_date < term.from_date:
        return "to_date", ENDS_EARLY
    return None


def in_the_way(new: Officeholder, holders: Iterable[Officeholder]) -> Officeholder | None:
    """Whoever holds the same office on one of the same days, where an office has one holder at a time."""
    if new.role not in ONE_AT_A_TIME:
        return None
    same = (
        holder for holder in holders
        if holder.id != new.id and (holder.role, holder.rw, holder.rt) == (new.role, new.rw, new.rt)
    )  # fmt: skip
    return next((holder for holder in same if holder.overlaps(new)), None)
