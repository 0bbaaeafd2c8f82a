"""A file arrives: looked at by its bytes, stored, and only then recorded. What came to be no file of a case goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.applications import NotAllowedNow
from intake.domain.erasure import CaseErased
from intake.domain.errors import NotYours, RequirementUnknown
from intake.pictures.judge import judge
from intake.usecases import files, reading
from kit.auth import Caller
from kit.db import Row, Tx
from kit.uploads import Upload

REFUSED = (CaseErased, NotAllowedNow, NotYours, RequirementUnknown)
"""With these `record` says that stored bytes are to be left."""


def check(deps: Deps, who: Caller, application_id: UUID, requirement: str, *, repeated: bool = False) -> None:
    """Before anything is stored: is this his case, and does it want such a file now? `repeated`: an answer to the same
    request may be kept, whatever came since, so only the first is asked. Raises NotYours, NotAllowedNow,
    RequirementUnknown."""
    if not requirement:
        raise RequirementUnknown
    with deps.db.transaction(who.tenant) as tx:
        app, actor = reading.find(deps, tx, who, application_id)
        if not repeated:
            files.check_upload(deps, tx, app, actor, requirement)


def store(deps: Deps, application_id: UUID, requirement: str, upload: Upload) -> dict[str, Any]:
    """{sha256, size, type, key} of the bytes, which are in the object store now. Raises what `judge` raises."""
    verdict = judge(upload.stream)
    key = files.object_key(application_id, requirement, upload.sha256)
    deps.objects.put(deps.settings.s3_bucket, key, upload.stream, upload.size, verdict.media_type, upload.sha256)
    return {"sha256": upload.sha256, "size": upload.size, "type": verdict.media_type, "key": key}


def record(
    deps: Deps, tx: Tx, who: Caller, application_id: UUID, requirement: str, stored: dict[str, Any]
) -> dict[str, Any]:
    """The file of the case that the stored bytes are now. Raises REFUSED: then `leave` them."""
    app, actor = reading.find_for_change(deps, tx, who, application_id)
    return shown(files.add_file(deps, tx, app, actor, requirement, stored, who.subject))


def leave(deps: Deps, who: Caller, stored: dict[str, Any]) -> None:
    """The case was erased, sent, or became another's while the bytes came: nobody else looks for them."""
    with deps.db.transaction(who.tenant) as tx:
        files.leave(tx, who.tenant, stored["key"])


def shown(row: Row) -> dict[str, Any]:
    """A file as its readers see it."""
    names = ("requirement", "type", "size", "sha256", "reason", "original_seen", "uploaded_at")
    return {name: row[name] for name in names} | {"file_id": row["id"], "status": row["state"]}
