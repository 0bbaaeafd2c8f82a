"""What an RT head or a neighbour is asked, how he may answer, and what becomes of it.

introduction   grant (purpose) or refuse (reason)                                granted · refused
               and where the office wants it the RW head acknowledges a grant    (granted all the same without him)
attestation    per document: genuine, doubtful (why), bring the original         (judged) passed · failed
statement      a neighbour: see `statements`                                     confirmed · objected · declined …

open ─decided→ done        open ─the case moved on→ cancelled        no way back from either
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

INTRODUCTION, ATTESTATION, STATEMENT = "introduction", "attestation", "statement"
KINDS = (INTRODUCTION, ATTESTATION, STATEMENT)
OPEN, DONE, CANCELLED = "open", "done", "cancelled"
STATUSES = (OPEN, DONE, CANCELLED)

GENUINE, DOUBTFUL, BRING_ORIGINAL = "genuine", "doubtful", "bring_original"

NO_ANSWER = "no_answer"
"""Nobody who could say anything of the documents did."""
HELPED = "helped"
"""All is genuine, as somebody says who helped the applicant himself: an officer confirms it."""

_NEVER_AGAIN = frozenset({"issued", "completed", "rejected", "withdrawn", "expired"})


@dataclass(frozen=True)
class Task:
    """A question to the RT head, `officeholder_id` being who was asked last and `decided_by` who answered; or to a
    neighbour, `witness_id`, on the side `position`: that one stays open after an answer, until the case moves on."""

    id: UUID
    kelurahan: str
    rw: str
    rt: str
    kind: str
    status: str
    application_id: UUID | None
    introduction_id: UUID | None
    service: str | None
    sop_version: int | None
    purpose: str | None
    tracking_code: str | None
    owner: str | None
    person_id: UUID
    grants_id: UUID | None
    officeholder_id: UUID | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    reason: str | None
    valid_until: date | None
    note_id: UUID | None
    decided_by: UUID | None
    acting_as: str | None
    decision_print: bytes | None
    version: int
    asked_at: datetime | None = None
    reminded: int = 0
    nudge_at: datetime | None = None
    passed_over: Sequence[UUID] = ()
    position: str | None = None
    witness_id: UUID | None = None
    granted_by: UUID | None = None
    granted_print: bytes | None = None
    owner_agrees: bool | None = None
    acknowledged_by: UUID | None = None

    @property
    def headed(self) -> bool:
        """Whether there was anybody to ask."""
        return self.officeholder_id is not None

    @property
    def unanswered(self) -> bool:
        """Nobody is left whom the question could go to: an officer has it."""
        return self.open and self.officeholder_id is None and self.kind != STATEMENT

    @property
    def to_acknowledge(self) -> bool:
        """The RT head has granted it, and the RW head is asked to acknowledge that."""
        return self.open and self.granted_by is not None

    @property
    def open(self) -> bool:
        return self.status == OPEN


@dataclass(frozen=True)
class TaskFile:
    """A document of an attestation. `carried`: the verdict stands from an earlier task, or the original was seen."""

    file_id: UUID
    requirement: str
    sha256: str
    type: str
    original_seen: bool = False
    verdict: str | None = None
    note_id: UUID | None = None
    carried: bool = False
    judged_by: UUID | None = None


def outlived(kind: str, case_status: str) -> bool:
    """Whether a question of this kind has no more sense in a case of that status."""
    if kind != INTRODUCTION:
        return case_status != "received"
    return case_status in _NEVER_AGAIN


def another_round(last: Task | None, case_was: str | None, received_at: datetime | None) -> bool:
    """Whether the case that is `received` now asks the RT head anew, and not about what he was asked already
    (its state is told again now and then). `case_was` is its status as it was known before; without `received_at` (a
    state told by an earlier release) that alone decides."""
    if last is None or last.status == CANCELLED:
        return True
    if last.open or last.closed_at is None:
        return False
    return case_was != "received" or (received_at is not None and received_at > last.closed_at)


def with_earlier_verdicts(files: Iterable[TaskFile], earlier: Iterable[TaskFile]) -> list[TaskFile]:
    """The files with what is known of them already: a verdict stands for the same bytes at the same place, and
    what was seen in the original is genuine."""
    known = {(file.requirement, file.sha256): file for file in earlier if file.verdict}
    return [_with_earlier(file, known.get((file.requirement, file.sha256))) for file in files]


def _with_earlier(file: TaskFile, known: TaskFile | None) -> TaskFile:
    verdict, note_id, judged_by = (known.verdict, known.note_id, known.judged_by) if known else (None, None, None)
    if file.original_seen:
        verdict, note_id = GENUINE, None
    return TaskFile(
        file.file_id, file.requirement, file.sha256, file.type, file.original_seen, verdict, note_id,
        verdict is not None, judged_by,
    )  # fmt: skip


def unanswered(files: Iterable[TaskFile]) -> list[TaskFile]:
    return [file for file in files if file.verdict is None]


def wanted_originals(task: Task, files: Iterable[TaskFile]) -> list[TaskFile]:
    """Whose originals were asked for by an attestation that failed for nothing else; seen ones too."""
    if (task.kind, task.status, task.reason) != (ATTESTATION, DONE, BRING_ORIGINAL):
        return []
    return [file for file in files if file.verdict == BRING_ORIGINAL]


def failure(verdicts: Sequence[str | None]) -> str | None:
    """Why an attestation fails, the graver reason first; None when every document is genuine."""
    return next((reason for reason in (DOUBTFUL, BRING_ORIGINAL) if reason in verdicts), None)
