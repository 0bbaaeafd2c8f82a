"""PDFs in the object store. Keys hold ids and hashes, nothing of a person; each names the id of a letter, bundle or job
that was in the database before, so that it is found by that also when its writer died on the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from documents.deps import Deps
from documents.domain.leaflets import KINDS
from documents.domain.letters import Letter
from documents.usecases.telling import PDF
from kit import jobs
from kit.db import Tx
from kit.ids import new_id

REMOVE_JOB = "remove_object"
REMOVE_UNDER_JOB = "remove_objects_under"
UNUSED = 600
"""Seconds after which signed bytes are the letter's, or never will be: the request that stored them is long gone."""

_OF_LETTER = ("drafts", "sheets", "letters")


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


def store_signed(deps: Deps, letter: Letter, pdf: bytes) -> Stored:
    """Stores signed bytes or a scan. A process that dies before they are the letter's, or a refusal, would leave an
    object that nobody finds: its removal is asked for first, unless the letter refers to it. Its key is new each time,
    so that the removal asked for at a first try never takes what a second one stored."""
    name = f"letters/{letter.id}/{new_id()}-"
    with deps.db.transaction(letter.kelurahan) as tx:
        jobs.add(tx, REMOVE_JOB, letter.kelurahan, {"key": _key(letter, pdf, name)}, delay=UNUSED)
    return _put(deps, letter, pdf, name)


def of_bundle(kelurahan: str, bundle_id: UUID) -> str:
    """How the names of a bundle's objects begin."""
    return f"{kelurahan}/bundles/{bundle_id}/"


def of_picture(kelurahan: str, announcement_id: UUID, revision: int) -> str:
    """Where the picture of an announcement's revision lies."""
    return f"{_of_announcement(kelurahan, announcement_id)}{revision}.png"


def _of_announcement(kelurahan: str, announcement_id: UUID) -> str:
    return f"{kelurahan}/announcements/{announcement_id}/"


def of_leaflet(kelurahan: str, made_by: UUID, print_: bytes, kind: str) -> str:
    """Where a leaflet lies that this job made from these data: a try that lost its lease, and goes on with what was to
    be shown before, never writes over those of a later one."""
    return f"{_of_leaflets(kelurahan, made_by)}{print_.hex()[:16]}/{kind}.{KINDS[kind]}"


def _of_leaflets(kelurahan: str, made_by: UUID) -> str:
    return f"{kelurahan}/leaflets/{made_by}/"


def all_of(kelurahan: str, letter_id: UUID) -> list[str]:
    """How the names of a letter's objects begin."""
    return [f"{kelurahan}/{kind}/{letter_id}/" for kind in _OF_LETTER]


def letter_of(key: str) -> UUID | None:
    """Whose object this is, by its key; None where it is no letter's."""
    parts = key.split("/")
    return UUID(parts[2]) if len(parts) == 4 and parts[1] in _OF_LETTER else None


def _put(deps: Deps, letter: Letter, pdf: bytes, name: str) -> Stored:
    sha256 = hashlib.sha256(pdf).hexdigest()
    key = _key(letter, pdf, name)
    deps.objects.put(deps.settings.s3_bucket, key, BytesIO(pdf), len(pdf), PDF, sha256)
    return Stored(deps.settings.s3_bucket, key, sha256, len(pdf))


def _key(letter: Letter, pdf: bytes, name: str) -> str:
    return f"{letter.kelurahan}/{name}{hashlib.sha256(pdf).hexdigest()[:16]}.pdf"


def keep(letter: Letter, stored: Stored) -> None:
    letter.bucket, letter.key, letter.sha256, letter.size = stored.bucket, stored.key, stored.sha256, stored.size


def remove_later(tx: Tx, kelurahan: str, key: str | None, *, unless: str | None = None) -> None:
    """What nothing refers to any more goes, after the commit."""
    if key is not None and key != unless:
        jobs.add(tx, REMOVE_JOB, kelurahan, {"key": key}, delay=30)


def remove_bundle_later(tx: Tx, kelurahan: str, bundle_id: UUID) -> None:
    """All that was ever stored for a bundle goes, after the commit; what is stored later, its maker takes away."""
    _remove_under(tx, kelurahan, of_bundle(kelurahan, bundle_id))


def remove_letter_later(tx: Tx, kelurahan: str, letter_id: UUID) -> None:
    """The same for a letter that is not there any more."""
    for under in all_of(kelurahan, letter_id):
        _remove_under(tx, kelurahan, under)


def remove_leaflets_later(tx: Tx, kelurahan: str, made_by: UUID) -> None:
    """The same for leaflets in whose place others are."""
    _remove_under(tx, kelurahan, _of_leaflets(kelurahan, made_by))


def remove_pictures_later(tx: Tx, kelurahan: str, announcement_id: UUID) -> None:
    """The same for an announcement that is gone."""
    _remove_under(tx, kelurahan, _of_announcement(kelurahan, announcement_id))


def remove_picture_later(tx: Tx, kelurahan: str, announcement_id: UUID, revision: int, *, after: float = 30) -> None:
    """One picture goes, so many seconds after the commit."""
    jobs.add(tx, REMOVE_JOB, kelurahan, {"key": of_picture(kelurahan, announcement_id, revision)}, delay=after)


def _remove_under(tx: Tx, kelurahan: str, under: str) -> None:
    jobs.add(tx, REMOVE_UNDER_JOB, kelurahan, {"under": under}, delay=30)
