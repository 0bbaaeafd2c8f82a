"""PDFs in the object store. Keys hold ids and hashes, nothing of a person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

from documents.deps import Deps
from documents.domain.letters import Letter
from documents.usecases.telling import PDF
from kit import jobs
from kit.db import Tx

REMOVE_JOB = "remove_object"


@dataclass(frozen=True)
class Stored:
    """What the object store has confirmed."""

    bucket: str
    key: str
    sha256: str
    size: int


def store(deps: Deps, letter: Letter, pdf: bytes, draft: int | None = None) -> Stored:
    """Stores the bytes under a key of their own, so that another rendering never takes their place."""
    if draft is None:
        return _put(deps, letter, pdf, f"letters/{letter.id}/")
    return _put(deps, letter, pdf, f"drafts/{letter.id}/{draft}-")


def store_sheet(deps: Deps, letter: Letter, pdf: bytes) -> Stored:
    """Stores the numbered sheet that waits for its signature."""
    return _put(deps, letter, pdf, f"sheets/{letter.id}/")


def _put(deps: Deps, letter: Letter, pdf: bytes, name: str) -> Stored:
    sha256 = hashlib.sha256(pdf).hexdigest()
    key = f"{letter.kelurahan}/{name}{sha256[:16]}.pdf"
    deps.objects.put(deps.settings.s3_bucket, key, BytesIO(pdf), len(pdf), PDF, sha256)
    return Stored(deps.settings.s3_bucket, key, sha256, len(pdf))


def keep(letter: Letter, stored: Stored) -> None:
    letter.bucket, letter.key, letter.sha256, letter.size = stored.bucket, stored.key, stored.sha256, stored.size


def remove_later(tx: Tx, kelurahan: str, key: str | None, *, unless: str | None = None) -> None:
    """What nothing refers to any more goes, after the commit."""
    if key is not None and key != unless:
        jobs.add(tx, REMOVE_JOB, kelurahan, {"key": key}, delay=30)
