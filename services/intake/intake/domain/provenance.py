"""Who gave each value of a case, or read it from which file, and when.

Kept as what was given together: {source, by, at, file_id, fields}; a field stands in the last of them only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.problems import Unprocessable, Words

Given = list[dict[str, Any]]


class FileUnknown(Unprocessable):
    """The values were read from a file that is not the case's, or cannot be read."""

    slug = "file-unknown"
    title = Words("Berkas tidak dikenal", "Unknown file")
    detail = Words("Sebutkan berkas dari permohonan ini.", "Name a file of this case.")


def note(
    known: Sequence[Mapping[str, Any]],
    fields: Iterable[str],
    source: str,
    by: str,
    at: datetime,
    file_id: UUID | None = None,
) -> Given:
    """What is known of each field after these were given, all at once."""
    fresh = sorted(set(fields))
    kept = without(known, fresh)
    if not fresh:
        return kept
    entry = {"source": source, "by": by, "at": at.isoformat(), "file_id": str(file_id) if file_id else None}
    return [*kept, entry | {"fields": fresh}]


def without(known: Sequence[Mapping[str, Any]], fields: Iterable[str]) -> Given:
    """The same without these fields: they were removed."""
    gone = set(fields)
    left = [dict(entry) | {"fields": [code for code in entry["fields"] if code not in gone]} for entry in known]
    return [entry for entry in left if entry["fields"]]


def by_field(known: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """{source, by, at, file_id} of each field."""
    return {
        code: {
            "source": entry["source"],
            "by": entry["by"],
            "at": datetime.fromisoformat(entry["at"]),
            "file_id": UUID(entry["file_id"]) if entry["file_id"] else None,
        }
        for entry in known
        for code in entry["fields"]
    }
