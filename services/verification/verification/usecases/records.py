"""What a person may take along of what was asked about him: questions, verdicts and an RT head's notes, who speaks for
his office. Neighbours' answers and names, and those of officeholders, are other people's (UU PDP 27/2022 Art. 33)."""

from __future__ import annotations

from typing import Any

from contracts.providing import Asked, Part, job
from kit.db import Tx
from verification.deps import Deps
from verification.domain.tasks import Task
from verification.store import people, tasks

_OF_ALL = ("kind", "status", "opened_at", "closed_at", "position")
_OF_HEADS = ("outcome", "reason", "valid_until", "acting_as")


def collect(deps: Deps, tx: Tx, asked: Asked) -> Part:
    """The questions about a case, oldest first."""
    found = tasks.of_case_or_introduction(tx, asked.application_id, asked.introduction_id)
    return Part({"questions": [_question(deps, tx, task) for task in found]}, [])


def _question(deps: Deps, tx: Tx, task: Task) -> dict[str, Any]:
    shown = {name: getattr(task, name) for name in _OF_ALL}
    if task.kind == "statement":
        return _plain(shown)
    files = tasks.files(tx, task.id)
    notes = people.read(tx, deps.data_keys, [task.note_id, *(file.note_id for file in files)])
    return _plain(
        shown
        | {name: getattr(task, name) for name in _OF_HEADS}
        | {
            "note": notes.get(task.note_id) if task.note_id else None,
            "documents": [
                {
                    "requirement": file.requirement,
                    "verdict": file.verdict,
                    "note": notes.get(file.note_id) if file.note_id else None,
                }
                for file in files
            ],
        }
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


PROVIDING = job("record.provided", collect)
