"""What comes from the system. Fields that are added later come along without a name here; times are RFC 3339, days
`YYYY-MM-DD`, as they came."""

from __future__ import annotations

from typing import TypedDict


class Case(TypedDict):
    """How a case stands: the whole of what is public."""

    application_id: str
    kelurahan: str
    service: str
    sop_version: int
    status: str
    step: str | None
    result: str | None
    opened_at: str
    submitted_at: str | None
    received_at: str | None
    promised_at: str | None
    changed_at: str
    ended_at: str | None


class CaseRow(Case):
    """Of a whole period: a case, and where to go on after it."""

    cursor: str


class LetterIssued(TypedDict):
    """A letter has its number and can be checked."""

    letter_id: str
    application_id: str | None
    kelurahan: str
    kind: str
    number: str
    dated: str
    issued_at: str


class LetterVoided(TypedDict):
    """A letter counts no more."""

    letter_id: str
    application_id: str | None
    kelurahan: str
    kind: str
    number: str
    voided_at: str


class Complaint(TypedDict):
    """How a complaint, wish or question stands: the whole of what is public."""

    complaint_id: str
    kelurahan: str
    kind: str
    complaint_class: str | None
    application_id: str | None
    service: str | None
    step: str | None
    status: str
    level: str
    reopened: int
    filed_at: str
    changed_at: str
    check_due_at: str | None
    checked_at: str | None
    answer_due_at: str | None
    answered_at: str | None
    closed_at: str | None
    result: str | None


class ArchivedLetter(TypedDict):
    """A number that was taken, and what became of its letter."""

    letter_id: str | None
    application_id: str | None
    kelurahan: str
    number: str
    series: str
    year: int
    n: int
    dated: str
    kind: str
    classification: str
    signer: str | None
    method: str | None
    certified: bool | None
    status: str
    valid: bool
    valid_until: str | None
    sha256: str | None
    size: int | None
    issued_at: str | None
    voided_at: str | None


class LetterRow(ArchivedLetter):
    """Of a whole period: a letter, and where to go on after it."""

    cursor: str


class FoundLetter(ArchivedLetter):
    """Found by its number."""

    content_url: str | None
