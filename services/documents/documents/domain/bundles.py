"""Everything of a case in one PDF: what belongs into it, and how it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.consent import CONSENT_PAPER
from contracts.sop import HANDOVER_PAPERS, LETTER_OF_AUTHORITY, applies
from documents.domain import words
from documents.domain.cases import Case
from documents.domain.letters import Letter
from documents.render.data import Sheet

MAKING, READY, FAILED = "making", "ready", "failed"
KEPT = timedelta(days=7)
"""So long a bundle is kept; then it is made anew when somebody wants it."""
MOST_BYTES = 60_000_000
MOST_PAGES = 300

_BESIDES = {
    LETTER_OF_AUTHORITY: "Surat kuasa pengambilan", HANDOVER_PAPERS[1]: "Tanda terima", CONSENT_PAPER:
    "Surat persetujuan pemohon",
}  # fmt: skip


@dataclass(frozen=True)
class Bundle:
    """One bundle of a case, as it stands."""

    id: UUID
    kelurahan: str
    application_id: UUID
    print: bytes
    status: str
    asked_at: datetime
    problem: str | None = None
    key: str | None = None
    sha256: str | None = None
    size: int | None = None
    pages: int | None = None
    made_at: datetime | None = None


@dataclass(frozen=True)
class Part:
    """Something that is printed: a scan, or a letter; `where` is its place in the store, None while there is none."""

    name: str
    state: str
    where: tuple[str, str] | None
    media_type: str = "application/pdf"


def fingerprint(case: Case, letters: Iterable[Letter]) -> bytes:
    """The same as long as the same would be printed."""
    said = {
        "files": [[file["file_id"], file["view_key"]] for file in case.application.files],
        "letters": [[str(letter.id), letter.status, letter.sha256] for letter in letters],
        "person": case.application.person.get("applicant"),
        "agenda": case.application.agenda_number,
        "office": case.office.get("letterhead"),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).digest()


def scans(case: Case, introduction: Letter | None) -> list[Part]:
    """The case's documents in the order of its SOP, those that are missing too; then what belongs to no SOP. The RT
    head's own letter is among them."""
    application = case.application
    files = {file["requirement"]: file for file in application.files}
    found = []
    for item in case.sop.get("requirements") or ():
        if not applies(item, application.reason, application.given):
            continue
        file = files.pop(item["code"], None)
        name = words.words_of(item) or item["code"]
        if file is not None:
            found.append(_scan(name, file))
        elif item.get("kind") == "introduction" and introduction is not None and introduction.bucket:
            where = (introduction.bucket, introduction.key or "")
            found.append(Part(name, introduction.number or "", where))
        else:
            found.append(Part(name, "Tidak ada di berkas", None))
    return found + [_scan(_BESIDES.get(code, code), file) for code, file in files.items()]


def _scan(name: str, file: Mapping[str, Any]) -> Part:
    where = (file["bucket"], file["view_key"]) if file.get("bucket") and file.get("view_key") else None
    return Part(name, "Ada" if where else "Belum dapat dilihat", where, file.get("view_type") or "")


def papers(letters: Sequence[Letter], titles: Mapping[str, str]) -> list[Part]:
    """The letters and forms that are there."""
    return [
        Part(titles.get(letter.kind, letter.kind), letter.number or "Formulir", (letter.bucket, letter.key))
        for letter in letters
        if letter.status == "issued" and letter.bucket and letter.key
    ]


def listed(part: Part, first: int | None, count: int) -> Sheet:
    """The line of a part on the first page; `first` is None for what has no pages."""
    if first is None:
        return Sheet(name=part.name, state=part.state)
    pages = str(first) if count == 1 else f"{first}–{first + count - 1}"
    return Sheet(name=part.name, state=part.state, pages=pages)
