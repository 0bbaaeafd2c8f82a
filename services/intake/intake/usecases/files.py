"""Files of a case: taken when their bytes are whole, looked at in full by a job, read by those who may."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
from typing import Any
from uuid import UUID

from contracts.consent import CONSENT_PAPER
from contracts.sop import HANDOVER_PAPERS
from intake.deps import Deps
from intake.domain.applications import check_change
from intake.domain.case import Actor, Application
from intake.domain.consent import helper_of
from intake.domain.errors import NotYours, OriginalToPrint, RequirementUnknown
from intake.domain.grants import grant_holds
from intake.store import applications, complaints, records, timeline
from intake.store import files as store
from intake.usecases.offices import office, sop
from intake.usecases.telling import tell_application
from kit import jobs
from kit.db import Row, Tx
from kit.ids import new_id
from kit.problems import NotFound

LINK_SECONDS = 300
SCAN_JOB, LOOK_JOB, REMOVE_JOB, SHED_JOB = "scan_file", "look_at_file", "remove_file", "shed_original"
_SHOWN = frozenset(string.ascii_letters + string.digits + "-_/:@")


def check_upload(deps: Deps, tx: Tx, app: Application, actor: Actor, requirement: str) -> None:
    """Before the bytes are stored: may this person add this item now? Raises NotAllowedNow, RequirementUnknown."""
    if requirement in HANDOVER_PAPERS:
        check_change("add-handover-paper", app.status, actor.roles)
        return
    check_change("add-file", app.status, actor.roles)
    rules = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    wanted = {item["code"] for item in rules["requirements"]}
    if helper_of(app.person):
        wanted.add(CONSENT_PAPER)
    if requirement not in wanted:
        raise RequirementUnknown


def object_key(application_id: UUID, requirement: str, sha256: str) -> str:
    """The same bytes for the same item have the same place: storing again after a lost answer adds nothing."""
    place = hashlib.sha256(f"{application_id}:{requirement}:{sha256}".encode()).hexdigest()
    return f"original/{application_id}/{place[:32]}"


def add_file(deps: Deps, tx: Tx, app: Application, actor: Actor, requirement: str, stored: dict[str, Any],
             by: str) -> Row:  # fmt: skip
    """Records a stored file; the same bytes again are the same file, other bytes replace it."""
    check_upload(deps, tx, app, actor, requirement)
    if known := store.same(tx, app.id, requirement, stored["sha256"]):
        return known
    store.supersede(tx, app.id, requirement)
    row = stored | {
        "id": new_id(), "kelurahan": app.kelurahan, "application_id": app.id, "requirement": requirement,
        "uploaded_at": deps.clock.now(), "uploaded_by": by,
    }  # fmt: skip
    jobs.add(tx, LOOK_JOB if deps.antivirus is None else SCAN_JOB, app.kelurahan, {"file_id": str(row["id"])})
    timeline.add(tx, app, deps.clock.now(), "file_added", actor, requirement)
    applications.touch(tx, app, deps.clock.now())
    added = store.add(tx, row)
    if requirement in HANDOVER_PAPERS:
        tell_application(deps, tx, app, "application.changed")
    return added


def leave(tx: Tx, kelurahan: str, key: str) -> None:
    """Bytes that came to be no file of a case go, after the commit, unless they are one by another request."""
    jobs.add(tx, REMOVE_JOB, kelurahan, {"key": key})


def make_link(deps: Deps, tx: Tx, app: Application, file_id: UUID, reader: str) -> dict[str, Any]:
    """A short-lived address of the file, bound to this reader and recorded at each use."""
    link_id, secret = new_id(), secrets.token_urlsafe(24)
    store.add_link(tx, [link_id, app.kelurahan, file_id, _hashed(secret), reader, LINK_SECONDS])
    path = f"/v1/applications/{app.id}/files/{file_id}/content?link={link_id}.{secret}"
    return {"url": f"{deps.settings.public_url}{path}", "expires_in": LINK_SECONDS, "link_id": link_id}


def reader_by_link(tx: Tx, link: str, file_id: UUID) -> str:
    """Who may read by this link. Raises NotFound."""
    link_id, _, secret = link.partition(".")
    try:
        row = store.link(tx, UUID(link_id), file_id)
    except ValueError as error:
        raise NotFound from error
    if row is None or not hmac.compare_digest(bytes(row["secret_hash"]), _hashed(secret)):
        raise NotFound
    return str(row["reader"])


def reader_by_grant(deps: Deps, app: Application, grant: str, file_id: UUID) -> str:
    """The RT head may read while his question is open. Raises NotFound."""
    asked = app.status in ("submitted", "received") and (app.verification in ("none", "asked") or app.unanswered)
    asked = asked or (app.status in ("draft", "returned") and app.introduction == "requested")
    # An earlier release signed with the ring; questions that were open then are answered within days.
    signers = (deps.grants, deps.data_keys)
    if not asked or not any(grant_holds(by, grant, file_id, app.id, app.rw, app.rt, app.round) for by in signers):
        raise NotFound
    return f"rt_head:{app.rw}/{app.rt}"


def readable(tx: Tx, app: Application, file_id: UUID, copy: str) -> Row:
    """Key, type, size and hash of the copy to be read. A file that was not looked at, or failed, is never shown.
    Raises NotYours when the case has no such file, NotFound when it is not to be shown."""
    row = store.get(tx, app.id, file_id)
    if row is None:
        raise NotYours(file_id)
    if row["state"] not in ("ready", "superseded") or row["view_key"] is None:
        raise NotFound
    if copy == "original":
        return row
    return row | {"key": row["view_key"], "type": row["view_type"], "size": row["view_size"]}


def withdraw(deps: Deps, tx: Tx, file_id: UUID, by: str, reason: str) -> bool:
    """Nobody reads the file any more, by whatever right, and its bytes go; False when that was so before. `tx` sees
    every office. Of a complaint's photo the operator's words stand with the file, where whoever sent it reads them.
    Raises NotFound."""
    complaint_id = store.complaint_of(tx, file_id)
    if complaint_id is not None:
        return _withdraw_photo(deps, tx, complaint_id, file_id, reason)
    app, row = _case_and_file(deps, tx, file_id)
    if row["state"] == "withdrawn":
        return False
    store.withdraw(tx, file_id, reason)
    timeline.add(tx, app, deps.clock.now(), "file_withdrawn", _operator(by), f"{row['requirement']}: {reason}")
    jobs.add(tx, REMOVE_JOB, app.kelurahan, {"key": row["key"]})
    _end_record(tx, app)
    applications.touch(tx, app, deps.clock.now())
    if row["state"] in ("checking", "ready"):  # others have no copy of what was replaced
        tell_application(deps, tx, app, "application.changed")
    return True


def _withdraw_photo(deps: Deps, tx: Tx, complaint_id: UUID, file_id: UUID, reason: str) -> bool:
    """Both locked, the complaint first, as a new photo does."""
    complaint = complaints.lock(tx, deps.data_keys, complaint_id)
    row = store.lock(tx, file_id)
    if complaint is None or row is None:
        raise NotFound
    if row["state"] == "withdrawn":
        return False
    store.withdraw(tx, file_id, reason)
    jobs.add(tx, REMOVE_JOB, complaint.kelurahan, {"key": row["key"]})
    return True


def _end_record(tx: Tx, app: Application) -> None:
    """What was put together, for the person and for an officer, has the file in it: it goes, and can be asked for
    anew."""
    both = [records.of_case(tx, app.id, himself=himself) for himself in (True, False)]
    for row in filter(None, both):
        records.forget(tx, row["id"])
        if row["key"]:
            jobs.add(tx, REMOVE_JOB, app.kelurahan, {"key": row["key"]})


def withdraw_link(deps: Deps, tx: Tx, link_id: UUID, by: str, reason: str) -> bool:
    """One link opens nothing any more; False when that was so before. Raises NotFound."""
    file_id = store.file_of_link(tx, link_id)
    if file_id is None:
        raise NotFound
    app, row = _case_and_file(deps, tx, file_id)
    if not store.revoke_link(tx, link_id, file_id):
        return False
    timeline.add(tx, app, deps.clock.now(), "link_withdrawn", _operator(by), f"{row['requirement']}: {reason}")
    return True


def _case_and_file(deps: Deps, tx: Tx, file_id: UUID) -> tuple[Application, Row]:
    """Both locked, the case first, as an upload does. Raises NotFound."""
    case = store.case_of(tx, file_id)
    app = applications.lock(tx, deps.data_keys, case) if case else None
    row = store.lock(tx, file_id)
    if app is None or row is None:
        raise NotFound
    return app, row


def _operator(by: str) -> Actor:
    return Actor(frozenset(), "operator", by)


def watermark(deps: Deps, tx: Tx, app: Application, reader: str, role: str | None, query: dict[str, Any]) -> str | None:
    """What is written across a copy for this reader: who, for which case, when. None for the person himself and whoever
    helps him, and for the office when it prints for the file. Raises OriginalToPrint."""
    if role in (None, "helper"):
        return None
    if role != "rt_head" and query["purpose"] == "print":
        return None
    if query["copy"] == "original":
        raise OriginalToPrint
    today = office(deps, tx, app.kelurahan, app.office_version).today(deps.clock.now())
    who = "".join(sign if sign in _SHOWN else "." for sign in reader.removeprefix(f"{role}:"))[:24]
    return f"{role} {who} - hanya untuk {app.tracking_code} - {today:%d-%m-%Y}"


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
