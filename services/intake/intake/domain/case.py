"""A case as the procedure sees it, and who acts on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from intake.domain.applications import LURAH, OFFICER, OWNER


@dataclass(frozen=True)
class Actor:
    """Who acts: the roles he holds towards this case, the word for the timeline, and his account if he is staff."""

    roles: frozenset[str]
    word: str
    staff: str | None = None

    @classmethod
    def towards(cls, subject: str, roles: frozenset[str], owner: str) -> Actor:
        """The caller with this subject and these roles, towards a case of `owner`."""
        held = (roles & {LURAH, OFFICER}) | ({OWNER} if subject == owner else set())
        for word in (LURAH, OFFICER):
            if word in held:
                return cls(frozenset(held), word, subject)
        return cls(frozenset(held), "applicant")

    @classmethod
    def service(cls, name: str, word: str) -> Actor:
        """Another service, by its event; `word` says which person stands behind it."""
        return cls(frozenset({name}), word)


@dataclass
class Application:
    """One case. `person` holds all personal data: applicant, contact, helper, details; `office_version` is that of
    the office's data when the case was read."""

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
    version: int = 1
    office_version: int = 0

    @property
    def due_at(self) -> datetime:
        """Its place in a queue: the promised date, or its age while nothing is promised."""
        return self.promised_at or self.opened_at

    @property
    def round(self) -> int:
        """How often it was returned: each round asks the RT head anew, and grants of an earlier one have ended."""
        return len(self.pauses)

    @property
    def given(self) -> dict[str, Any]:
        """Values of the SOP's fields: the details, and what is known of the applicant."""
        return {**self.person.get("applicant", {}), **self.person.get("details", {})}
