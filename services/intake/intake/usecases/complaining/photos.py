"""Photos of a complaint: judged by their bytes, stored, and then recorded; seen by those who handle it once they were
looked at in full."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, BinaryIO
from uuid import UUID

from intake.deps import Deps
from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.filing import MOST_PHOTOS, TooManyPhotos
from intake.domain.complaints.states import OPEN, NotNow
from intake.domain.errors import NotYours
from intake.pictures.judge import judge
from intake.store import files as store
from intake.usecases.files import LOOK_JOB, SCAN_JOB, SHED_JOB
from kit import jobs
from kit.db import Row, Tx
from kit.ids import new_id
from kit.problems import NotFound, Unprocessable, Words
from kit.uploads import Upload

WHAT = "PHOTO"
UNUSED = 600
"""Seconds after which bytes that came to be no photo are not under way any more."""


class Damaged(Unprocessable):
    """The bytes are not those that were sent."""

    slug = "photo-damaged"
    detail = Words("Foto rusak di jalan. Tolong kirim sekali lagi.", "The photo was damaged on its way. Send it again.")


def check(tx: Tx, complaint: Complaint, sha256: str | None = None) -> None:
    """May another one come? The same one again may. Raises NotNow, TooManyPhotos."""
    if complaint.state.status not in OPEN:
        raise NotNow("photo", complaint.state.status)
    counted = [row for row in store.of_complaint(tx, complaint.id) if row["state"] in ("checking", "ready")]
    if len(counted) >= MOST_PHOTOS and sha256 not in {row["sha256"] for row in counted}:
        raise TooManyPhotos


def put(deps: Deps, kelurahan: str, complaint_id: UUID, upload: Upload) -> dict[str, Any]:
    """{sha256, size, type, key} of the bytes, which are in the object store now. Raises what `judge` raises."""
    return _stored(deps, kelurahan, complaint_id, upload.stream, upload.size, upload.sha256)


def fetch(deps: Deps, kelurahan: str, complaint_id: UUID, file: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a file {bucket, key, sha256, size} that another service has handed to us. Raises ObjectMissing,
    Damaged, StoreUnavailable, and what `judge` raises."""
    with deps.spool.room(int(file["size"])), deps.spool.open() as original:
        if deps.objects.download(file["bucket"], file["key"], original) != file["sha256"]:
            raise Damaged
        original.seek(0)
        return _stored(deps, kelurahan, complaint_id, original, int(file["size"]), file["sha256"])


def _stored(deps: Deps, kelurahan: str, complaint_id: UUID, stream: BinaryIO, size: int, sha256: str) -> dict[str, Any]:
    """Whatever becomes of these bytes, they go again: that is asked for before they are there."""
    verdict = judge(stream)
    stream.seek(0)
    place = hashlib.sha256(f"{complaint_id}:{sha256}".encode()).hexdigest()
    key = f"original/{complaint_id}/{place[:32]}"
    with deps.db.transaction(kelurahan) as tx:
        jobs.add(tx, SHED_JOB, kelurahan, {"key": key}, delay=UNUSED)
    deps.objects.put(deps.settings.s3_bucket, key, stream, size, verdict.media_type, sha256)
    return {"sha256": sha256, "size": size, "type": verdict.media_type, "key": key}


def record(deps: Deps, tx: Tx, complaint: Complaint, stored: dict[str, Any]) -> Row:
    """The photo that the stored bytes are now; the same bytes again are the same photo. The complaint is locked. Raises
    NotNow, TooManyPhotos."""
    check(tx, complaint, stored["sha256"])
    if known := store.same_of_complaint(tx, complaint.id, stored["sha256"]):
        return known
    row = stored | {
        "id": new_id(), "kelurahan": complaint.kelurahan, "application_id": None, "complaint_id": complaint.id,
        "requirement": WHAT, "uploaded_at": deps.clock.now(), "uploaded_by": "filer",
    }  # fmt: skip
    jobs.add(tx, LOOK_JOB if deps.antivirus is None else SCAN_JOB, complaint.kelurahan, {"file_id": str(row["id"])})
    return store.add(tx, row)


def readable(tx: Tx, complaint: Complaint, file_id: UUID) -> Row:
    """Key, type and size of the viewing copy: upright, and without where it was taken. Raises NotYours when the
    complaint has no such photo, NotFound when it is not to be shown."""
    row = store.get_of_complaint(tx, complaint.id, file_id)
    if row is None:
        raise NotYours(file_id)
    if row["state"] != "ready" or row["view_key"] is None:
        raise NotFound
    return row | {"key": row["view_key"], "type": row["view_type"], "size": row["view_size"]}
