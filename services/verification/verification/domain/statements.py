"""What neighbours say of a case: whom the SOP wants asked, how they may answer, and what it comes to.

asked ─confirm · object · decline→ answered      again and again until the case moves on; the last word counts
      ─nobody lives on that side→ absent         the RT head's word
      ─asked in vain→ no_answer                  a late answer still counts

An objection is an officer's to weigh, also when it was taken back later: somebody may have been talked into that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts import written
from contracts.phones import normalise_phone
from kit.problems import Words
from verification.domain.tasks import CANCELLED, HELPED, Task

CONFIRM, OBJECT, DECLINE = "confirm", "object", "decline"
CONFIRMED, OBJECTED, DECLINED, ABSENT, SILENT = "confirmed", "objected", "declined", "absent", "no_answer"
OUTCOME_OF = {CONFIRM: CONFIRMED, OBJECT: OBJECTED, DECLINE: DECLINED}

JUDGED, PASSED, FAILED = "judged", "passed", "failed"
OBJECTION, QUORUM = "objection", "quorum"

MOST = 12
"""Neighbours of one case."""

ANSWER_NAMES: dict[str, Words] = {
    CONFIRM: Words("Benar, saya tidak keberatan", "It is true, and I have no objection"),
    OBJECT: Words("Saya keberatan", "I object"),
    DECLINE: Words("Saya tidak ingin menjawab", "I would rather not answer"),
}
PRINTED: dict[str, str] = {
    CONFIRMED: "Tidak berkeberatan",
    OBJECTED: "Berkeberatan",
    ABSENT: "Tidak ada tetangga",
}
"""What a letter says; who declined or kept silent is not in it."""
ASKED = Words(
    "Apakah Anda mengenal orang ini dan membenarkan keterangannya?",
    "Do you know this person, and is what he or she says true?",
)
WILL_BE_PRINTED = Words(
    "Bila Anda membenarkan atau berkeberatan, nama, letak rumah, alamat dan jawaban Anda dicetak pada suratnya. "
    "Alasan keberatan hanya dibaca petugas. Bila tidak ingin menjawab, nama Anda tidak dicetak.",
    "If you confirm or object, your name, side, address and answer are printed in the letter. Why you object is read "
    "by officers only. If you would rather not answer, your name is not printed.",
)


@dataclass(frozen=True)
class Wanted:
    """What a SOP wants of neighbours: on which sides, how many who confirm, and the question."""

    positions: Mapping[str, Mapping[str, str]]
    quorum: int = 1
    question: Mapping[str, str] | None = None

    @classmethod
    def from_sop(cls, data: Mapping[str, Any] | None) -> Wanted:
        """Without `witnesses` in the SOP nobody has to be asked; who was asked all the same decides by himself."""
        if not data:
            return cls({})
        sides = {item["code"]: item["name"] for item in data.get("positions", [])}
        return cls(sides, int(data.get("quorum", 1)), data.get("question"))


def side_name(wanted: Wanted, position: str | None, language: str) -> str | None:
    """A side in words; None for somebody who was named by his relation."""
    named = wanted.positions.get(position or "", {})
    return named.get(language) or named.get("id")


def standing(statements: Iterable[Task]) -> list[Task]:
    """Those that count: not those that the case's moving on ended before there was an answer; of each side the
    newest."""
    kept: dict[Any, Task] = {}
    for task in statements:
        if task.status == CANCELLED and task.outcome is None:
            continue
        key = task.position or task.id
        kept.pop(key, None)
        kept[key] = task
    return list(kept.values())


def open_positions(wanted: Wanted, statements: Iterable[Task]) -> list[str]:
    """Sides of which nobody was named yet, and of which nobody said that nobody lives there."""
    filled = {task.position for task in standing(statements)}
    return [code for code in wanted.positions if code not in filled]


def may_be_asked_anew(statements: Iterable[Task], position: str) -> bool:
    """Whether somebody else can be asked on that side: who was asked there has not confirmed or objected."""
    return all(task.outcome in (DECLINED, SILENT, ABSENT) for task in standing(statements) if task.position == position)


def come_to(
    documents: str | None, statements: Sequence[Task], wanted: Wanted, *, may_ask: bool, objected: bool, helped: bool
) -> tuple[str, str | None]:
    """(outcome, reason) of an attestation whose documents were all judged: what is wrong with these comes first. Where
    neighbours may not be asked nobody waits for them to be named: what is lacking is an officer's to weigh."""
    if documents:
        return FAILED, documents
    if objected:
        return FAILED, OBJECTION
    counting = standing(statements)
    if (may_ask and open_positions(wanted, statements)) or any(task.outcome is None for task in counting):
        return JUDGED, None
    asked = bool(counting or wanted.positions)
    if asked and sum(task.outcome == CONFIRMED for task in counting) < wanted.quorum:
        return FAILED, QUORUM
    return (FAILED, HELPED) if helped else (PASSED, None)


@dataclass(frozen=True)
class Proposed:
    """A neighbour whom somebody names: on a side of the SOP, or how he is related."""

    position: str | None
    relation: str | None
    name: str
    phone: str | None
    address: str | None = None


def proposals(rows: Any, wanted: Wanted, taken: Collection[str], unsuitable: Collection[str]) -> list[Proposed]:
    """Those of the rows that the applicant filled in who can be asked: a side that the SOP names and that is free, a
    name, a mobile number of nobody's who must not be a witness, or none: an officer goes to who has no phone. The RT
    head names the others."""
    found: dict[str, Proposed] = {}
    phones = set(unsuitable)
    for row in rows if isinstance(rows, list) else []:
        position, name, phone = str(row.get("position") or "").strip(), str(row.get("name") or "").strip(), _phone(row)
        if position not in wanted.positions or position in taken or position in found or not name:
            continue
        if (phone is None and _without(row)) or (phone is not None and phone not in phones):
            phones |= {phone} if phone else set()
        else:
            continue
        found[position] = Proposed(position, None, name, phone, str(row.get("address") or "").strip() or None)
    return list(found.values())


def _phone(row: Mapping[str, Any]) -> str | None:
    try:
        return normalise_phone(str(row.get("phone") or ""))
    except ValueError:
        return None


def _without(row: Mapping[str, Any]) -> bool:
    """Whether no number was given: one that cannot be read is a mistake, which the RT head mends."""
    return written.plain(str(row.get("phone") or "")) in ("", "tidak ada", "tidak punya", "tidak punya hp")


@dataclass(frozen=True)
class Said:
    """One answer, as it is kept."""

    task_id: UUID
    answer: str
    note_id: UUID | None
    said_at: Any
    said_by: str
