"""What an RT head or a neighbour may answer, read from what he sent and checked against what he was asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kit.problems import Unprocessable, Words
from verification.domain.statements import OBJECT, OUTCOME_OF
from verification.domain.tasks import DOUBTFUL, INTRODUCTION, STATEMENT, Task, TaskFile

GRANT, REFUSE, ACKNOWLEDGE = "grant", "refuse", "acknowledge"

REFUSAL_REASONS: dict[str, Words] = {
    "not_resident": Words("Bukan warga RT ini", "Does not live in this RT"),
    "unknown_person": Words("Orangnya tidak dikenal", "The person is not known"),
    "wrong_purpose": Words("Keperluannya tidak sesuai", "The purpose is not right"),
    "incomplete_data": Words("Datanya belum lengkap", "Data are missing"),
    "other": Words("Lainnya", "Another reason"),
}
VERDICT_NAMES: dict[str, Words] = {
    "genuine": Words("Asli", "Genuine"),
    "doubtful": Words("Meragukan", "Doubtful"),
    "bring_original": Words("Bawa aslinya", "Bring the original"),
}

_MISSING = Words("Harus diisi.", "This is required.")
_NOT_HERE = Words("Tidak berlaku untuk pertanyaan ini.", "This does not belong to what was asked.")
_WHY = Words("Tuliskan alasannya.", "Say why.")
_NO_FILE = Words("Berkas ini tidak ditanyakan.", "This file was not asked about.")
_TWICE = Words("Berkas ini disebut dua kali.", "This file is named twice.")
_ALL = Words("Beri jawaban untuk setiap berkas.", "Answer for every file.")


@dataclass(frozen=True)
class Granted:
    """He introduces the person, for this purpose; where somebody helps, he may say whether the person agrees, and of
    documents that he is shown what they are: one answer serves for both."""

    purpose: str
    owner_agrees: bool | None = None
    verdicts: tuple[Verdict, ...] = ()

    def plain(self) -> dict[str, Any]:
        said: dict[str, Any] = {} if self.owner_agrees is None else {"owner_agrees": self.owner_agrees}
        judged = Judged(self.verdicts).plain() if self.verdicts else {}
        return {"decision": GRANT, "purpose": self.purpose} | said | judged


@dataclass(frozen=True)
class Acknowledged:
    """The head of the RW has seen what the RT head granted."""

    def plain(self) -> dict[str, Any]:
        return {"decision": ACKNOWLEDGE}


@dataclass(frozen=True)
class Refused:
    """He does not, for a reason from the list."""

    reason: str
    note: str | None = field(default=None, repr=False)

    def plain(self) -> dict[str, Any]:
        return {"decision": REFUSE, "reason": self.reason, "note": self.note}


@dataclass(frozen=True)
class Verdict:
    file_id: UUID
    verdict: str
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Judged:
    """His verdicts, by file."""

    verdicts: tuple[Verdict, ...]

    def plain(self) -> dict[str, Any]:
        said = sorted((str(one.file_id), one.verdict, one.note) for one in self.verdicts)
        return {"verdicts": said}


@dataclass(frozen=True)
class Stated:
    """What a neighbour says."""

    answer: str
    note: str | None = field(default=None, repr=False)

    def plain(self) -> dict[str, Any]:
        return {"answer": self.answer, "note": self.note}


Decision = Granted | Acknowledged | Refused | Judged | Stated


def canonical(decision: Decision) -> str:
    """The same text for the same decision, however it was written down."""
    return json.dumps(decision.plain(), sort_keys=True, ensure_ascii=False)


def read_decision(
    task: Task, files: Iterable[TaskFile], sent: Mapping[str, Any], *, by_rt_head: bool = False
) -> Decision:
    """The decision that was sent. Raises Unprocessable, naming the fields that are wrong for what was asked.
    `by_rt_head`: he who granted it speaks again, while the RW head is asked."""
    given = {name: value for name, value in sent.items() if value is not None}
    if task.kind == INTRODUCTION:
        acknowledged = task.granted_by is not None and not by_rt_head and given.get("decision") == ACKNOWLEDGE
        if acknowledged:
            _refuse_others(given, {"decision"})
            return Acknowledged()
        if task.to_acknowledge and not by_rt_head and given.get("decision") == GRANT:
            raise _wrong(decision=[_NOT_HERE])
        return _introduction(task, list(files), given)
    if task.kind == STATEMENT:
        return _statement(given)
    return _attestation(list(files), given)


def _introduction(task: Task, files: list[TaskFile], given: Mapping[str, Any]) -> Decision:
    if given.get("decision") == GRANT:
        _refuse_others(given, {"decision", "purpose", "owner_agrees", "verdicts"})
        verdicts = _verdicts(files, given.get("verdicts") or [])
        return Granted(given.get("purpose") or task.purpose or "", given.get("owner_agrees"), verdicts)
    if given.get("decision") == REFUSE:
        _refuse_others(given, {"decision", "reason", "note"})
        if "reason" not in given:
            raise _wrong(reason=[_MISSING])
        if given["reason"] == "other" and not given.get("note"):
            raise _wrong(note=[_WHY])
        return Refused(given["reason"], given.get("note"))
    raise _wrong(decision=[_MISSING])


def _statement(given: Mapping[str, Any]) -> Stated:
    if given.get("decision") not in OUTCOME_OF:
        raise _wrong(decision=[_MISSING])
    _refuse_others(given, {"decision", "note"})
    if given["decision"] == OBJECT and not given.get("note"):
        raise _wrong(note=[_WHY])
    return Stated(given["decision"], given.get("note"))


def _attestation(files: list[TaskFile], given: Mapping[str, Any]) -> Judged:
    _refuse_others(given, {"verdicts", "witnesses"})
    if "verdicts" not in given:
        raise _wrong(verdicts=[_MISSING])
    verdicts = _verdicts(files, given["verdicts"])
    seen = {one.file_id for one in verdicts}
    if left := [str(file.file_id) for file in files if file.verdict is None and file.file_id not in seen]:
        raise Unprocessable(errors={"json": {"verdicts": [_ALL]}}, more={"unanswered": left})
    return Judged(verdicts)


def _verdicts(files: list[TaskFile], sent: Iterable[Mapping[str, Any]]) -> tuple[Verdict, ...]:
    verdicts = tuple(Verdict(one["file_id"], one["verdict"], one.get("note")) for one in sent)
    asked = {file.file_id for file in files}
    seen: set[UUID] = set()
    errors: dict[str, Any] = {}
    for place, one in enumerate(verdicts):
        if wrong := _verdict_errors(one, asked, seen):
            errors[str(place)] = wrong
        seen.add(one.file_id)
    if errors:
        raise _wrong(verdicts=errors)
    return verdicts


def _verdict_errors(one: Verdict, asked: set[UUID], seen: set[UUID]) -> dict[str, Any]:
    if one.file_id not in asked:
        return {"file_id": [_NO_FILE]}
    if one.file_id in seen:
        return {"file_id": [_TWICE]}
    if one.verdict == DOUBTFUL and not one.note:
        return {"note": [_WHY]}
    return {}


def _refuse_others(given: Mapping[str, Any], known: set[str]) -> None:
    if others := sorted(given.keys() - known):
        raise _wrong(**{name: [_NOT_HERE] for name in others})


def _wrong(**errors: Any) -> Unprocessable:
    return Unprocessable(errors={"json": errors})
