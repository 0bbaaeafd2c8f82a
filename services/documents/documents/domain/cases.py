"""What documents knows of a case and of an RT head's introduction: others' state, kept as copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.derived import derived
from contracts.sop import HANDOVER_PAPERS

SIGNABLE = frozenset({"verified", "issued"})
"""In these states of a case letters are drawn up and signed; `issued` when one that was voided is replaced."""

ENDED = frozenset({"withdrawn", "rejected", "expired"})
"""A case that ended so has no valid letter of the office."""


@dataclass(frozen=True)
class Application:
    """A case; `person` has applicant, contact, helper and details, `files` are those that count now."""

    id: UUID
    kelurahan: str
    sequence: int
    tracking_code: str
    service: str
    sop_version: int
    reason: str | None
    status: str
    owner: str
    rw: str
    rt: str
    introduction_id: UUID | None
    requirements: list[str]
    person_id: UUID
    changed_at: datetime
    person: dict[str, Any] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    agenda_number: str | None = None
    consents: dict[str, bool] = field(default_factory=dict)

    @property
    def papers(self) -> dict[str, str]:
        """The photographs of its hand-over, by kind."""
        return {file["requirement"]: file["file_id"] for file in self.files if file["requirement"] in HANDOVER_PAPERS}

    @property
    def given(self) -> dict[str, Any]:
        """Values of the SOP's fields: what is known of the applicant, and the details; and what follows from them."""
        told = {code: value for code, value in (self.person.get("details") or {}).items() if value not in (None, "")}
        known = {**(self.person.get("applicant") or {}), **told}
        return {**derived(known, self.changed_at.date()), **known}

    @property
    def contact(self) -> dict[str, Any]:
        return dict(self.person.get("contact") or {})


@dataclass(frozen=True)
class Introduction:
    """What the RT head was asked for, or granted; `person` has applicant, contact and rt_head."""

    id: UUID
    kelurahan: str
    status: str
    application_id: UUID | None
    rw: str
    rt: str
    service: str | None
    purpose: str
    owner: str | None
    granted_at: datetime | None
    valid_until: date | None
    acting_as: str | None
    officeholder_id: UUID | None
    person_id: UUID
    person: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rest:
    """The introduction that a letter rests on, once it has its number."""

    rw: str
    rt: str
    number: str
    dated: date


@dataclass(frozen=True)
class Case:
    """All that a letter of the office is drawn up from."""

    office: Mapping[str, Any]
    sop: Mapping[str, Any]
    application: Application
    rests_on: Rest | None
    today: date
    sample: bool


def is_sample(office: Mapping[str, Any], everything: bool) -> bool:
    """Whether letters print CONTOH: all of a sample system, and those of an office that is made up, even in part."""
    return everything or bool(office.get("sample")) or bool(office.get("made_up"))
