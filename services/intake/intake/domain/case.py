"""A case as the procedure sees it, and who acts on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.derived import derived
from intake.domain.applications import HELPER, LURAH, NO_ANSWER, OFFICER, OWNER, RESIDENT
from intake.domain.consent import REVOKED, helper_of
from intake.domain.deadlines import Pause


@dataclass(frozen=True)
class Actor:
    """Who acts: the roles he holds towards this case, the word for the timeline, and his account if he is staff."""

    roles: frozenset[str]
    word: str
    staff: str | None = None

    @classmethod
    def towards(cls, subject: str, roles: frozenset[str], app: Application) -> Actor:
        """The caller with this subject and these roles, towards a case."""
        held = (roles & {LURAH, OFFICER}) | app.held_by(subject)
        for word in (LURAH, OFFICER):
            if word in held:
                return cls(frozenset(held), word, subject)
        return cls(frozenset(held), "helper" if HELPER in held else "applicant")

    @classmethod
    def service(cls, name: str, word: str) -> Actor:
        """Another service, by its event; `word` says which person stands behind it."""
        return cls(frozenset({name}), word)


@dataclass
class Application:
    """One case. `person` holds all personal data: applicant, contact, helper, details, consent (his own phone, where
    messages go); `office_version` is that of the office's data when the case was read. `owner` is the login that goes
    on with the case, `helper` that of whoever opened it for somebody else, `resident` that of the person himself."""

    id: UUID
    kelurahan: str
    tracking_code: str
    service: str
    sop_version: int
    reason: str | None
    status: str
    channel: str
    owner: str
    rw: str
    rt: str
    person_id: UUID
    person: dict[str, Any]
    opened_at: datetime
    changed_at: datetime
    nik_index: bytes | None = None
    phone_index: bytes | None = None
    intended_duplicate: bool = False
    introduction_id: UUID | None = None
    introduction: str = "none"
    introduction_note: str | None = None
    verification: str = "none"
    verification_note: str | None = None
    agenda_number: str | None = None
    submitted_at: datetime | None = None
    received_at: datetime | None = None
    promised_at: datetime | None = None
    deadlines: list[str | None] = field(default_factory=list)
    pauses: list[list[str | None]] = field(default_factory=list)
    returned_items: list[dict[str, Any]] = field(default_factory=list)
    decision_reason: str | None = None
    sent_back_reason: str | None = None
    waived: dict[str, str] = field(default_factory=dict)
    status_since: datetime | None = None
    spent: dict[str, int] = field(default_factory=dict)
    introduction_requested_at: datetime | None = None
    claim_hash: bytes | None = None
    claim_attempts: int = 0
    warned_at: datetime | None = None
    next_warning_at: datetime | None = None
    helper: str | None = None
    resident: str | None = None
    consent: str = "none"
    consent_at: datetime | None = None
    helper_id: UUID | None = None
    consents: dict[str, bool] = field(default_factory=dict)
    version: int = 1
    office_version: int = 0

    @property
    def due_at(self) -> datetime:
        """Its place in a queue: the promised date, or its age while nothing is promised."""
        return self.promised_at or self.opened_at

    def held_by(self, subject: str) -> frozenset[str]:
        """The roles of a login towards the case, besides those in the office. A helper's end with the consent."""
        if subject == self.helper and subject != self.resident:
            return frozenset() if self.consent == REVOKED else frozenset({OWNER, HELPER})
        if subject == self.resident:
            return frozenset({OWNER, RESIDENT})
        if subject != self.owner:
            return frozenset()
        return frozenset({OWNER}) if helper_of(self.person) else frozenset({OWNER, RESIDENT})

    @property
    def unanswered(self) -> bool:
        """Nobody answered about the documents so far: an officer has it, and a late answer still counts."""
        return (self.verification, self.verification_note) == ("failed", NO_ANSWER)

    @property
    def round(self) -> int:
        """How often it was returned: each round asks the RT head anew, and grants of an earlier one have ended."""
        return len(self.pauses)

    @property
    def rests(self) -> list[Pause]:
        """The times that it lay with its applicant."""
        return [
            Pause(datetime.fromisoformat(begin or ""), datetime.fromisoformat(end) if end else None)
            for begin, end in self.pauses
        ]

    @property
    def given(self) -> dict[str, Any]:
        """Values of the SOP's fields: the details, and what is known of the applicant."""
        return {**self.person.get("applicant", {}), **self.person.get("details", {})}

    @property
    def facts(self) -> dict[str, Any]:
        """The values, and what follows from them as the case stands: what a SOP's conditions are held against."""
        return {**derived(self.given, self.changed_at.date()), **self.given}
