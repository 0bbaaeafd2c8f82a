"""A person gets all that is kept about his case: every service hands over its part, a job puts them together in one
ZIP, and a short-lived link fetches it. After a week it is gone."""

from __future__ import annotations

import hashlib
import json
import secrets
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

import structlog

from contracts import SERVICES
from contracts.telling import tell
from intake.deps import Deps
from intake.domain.applications import OFFICER, RESIDENT
from intake.domain.case import Actor, Application
from intake.domain.erasure import OnlyHimself
from intake.domain.record import KEPT, LEFT_OUT, LINK_SECONDS, MOST_BYTES, WITHIN, NoRecord, NotReady, own_part
from intake.store import accesses as access_rows
from intake.store import applications, consent_words, conversations, corrections, files, surveys
from intake.store import records as store
from intake.usecases import accesses, reading
from intake.usecases.complaining import reading as complaints
from intake.usecases.offices import office
from kit import jobs
from kit.db import EVERY_TENANT, Row, Tx
from kit.due import each_by_itself
from kit.errors import Permanent
from kit.ids import new_id
from kit.jobs import Job, JobKind
from kit.objects import check_handed
from kit.problems import NotFound

RECORD_JOB = "make_record"
OTHERS = len(SERVICES) - 1
ZIP = "application/zip"
_BATCH = 100
_MOST_ACCESSES = 10_000
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic",
            "application/pdf": ".pdf"}  # fmt: skip
_TIMES = ("opened_at", "submitted_at", "received_at", "promised_at", "changed_at")

log = structlog.get_logger()


class TooLarge(Permanent):
    """The files of a case are more than a record takes."""


def ask(deps: Deps, tx: Tx, app: Application, actor: Actor) -> dict[str, Any]:
    """Asks all services, unless that was done and still holds; what did not come in its time is asked for anew. The
    case is locked. What the person himself asks for is for him alone, and has more in it. Raises OnlyHimself."""
    check_himself(actor)
    now, himself = deps.clock.now(), _is_himself(actor)
    known = store.of_case(tx, app.id, himself=himself)
    if known is not None and (known["state"] == "failed" or (known["state"] == "asked" and known["due_at"] <= now)):
        store.forget(tx, known["id"])
        known = None
    if known is None:
        asked = {
            "application_id": app.id, "kelurahan": app.kelurahan, "requested_at": now, "due_at": now + WITHIN,
            "himself": himself,
        }  # fmt: skip
        record_id = new_id()
        store.add(tx, asked | {"id": record_id})
        tell(
            tx, deps.event_keys, "record.requested", subject=f"record:{record_id}", tenant=app.kelurahan, time=now,
            data=asked | {"record_id": record_id, "introduction_id": app.introduction_id},
        )  # fmt: skip
    return status(deps, tx, app, actor)


def check_himself(actor: Actor) -> None:
    """Raises OnlyHimself for a helper."""
    if not actor.roles & {RESIDENT, OFFICER}:
        raise OnlyHimself


def _is_himself(actor: Actor) -> bool:
    return RESIDENT in actor.roles


def status(deps: Deps, tx: Tx, app: Application, actor: Actor) -> dict[str, Any]:
    """How the one stands that he can fetch. Raises NoRecord."""
    row = store.of_case(tx, app.id, himself=_is_himself(actor))
    if row is None:
        raise NoRecord
    zone = office(deps, tx, app.kelurahan, app.office_version).zone
    times = {name: row[name] for name in ("requested_at", "due_at", "ready_at", "ends_at")}
    return {name: row[name] for name in ("application_id", "state", "size", "problem")} | {
        name: at.astimezone(zone) if at else None for name, at in times.items()
    }


def provided(deps: Deps, tx: Tx, told: dict[str, Any], service: str) -> None:
    """One service's part; with the last of them it is put together. Raises Permanent for a file in a bucket whose
    objects are not handed to us."""
    for file in told["files"]:
        check_handed(file, deps.settings.handed_buckets)
    row = store.lock(tx, told["record_id"])
    if row is None or row["state"] != "asked":
        log.info("a part of a record that nobody waits for", service=service)
        return
    handed = [{name: _text(value) for name, value in file.items()} for file in told["files"]]
    if store.keep_part(tx, deps.data_keys, row, service, told["person"] or {}, handed) == OTHERS:
        wanted = {"record_id": str(row["id"]), "application_id": str(row["application_id"])}
        jobs.add(tx, RECORD_JOB, row["kelurahan"], wanted, key=str(row["id"]))


def _text(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)


# --- putting it together ----------------------------------------------------------------------------------------------


def make(deps: Deps, job: Job) -> None:
    """The ZIP goes through a file on disk, each of its files in pieces. Done twice it makes it anew."""
    record_id = UUID(job.payload["record_id"])
    with deps.db.transaction(job.tenant) as tx:
        row = store.lock(tx, record_id)
        key = _key(job, row)
        app = applications.get(tx, deps.data_keys, row["application_id"]) if row else None
        if row is not None and row["state"] != "asked":
            jobs.finish(tx, job)
            return
        if app is not None:
            himself = row is not None and row["himself"]
            texts, contents = (
                _texts(deps, tx, app, record_id, himself=himself),
                list(_contents(deps, tx, app, record_id)),
            )
    if app is None:  # nobody wants it any more, nor what a try before has stored
        _leave(deps, job, key)
        return
    size = sum(file["size"] for file in contents)
    if size > MOST_BYTES:
        raise TooLarge(f"{size} bytes of files")
    with deps.spool.room(size), deps.spool.open() as whole:
        made = _write(deps, whole, texts, contents) | {"key": key}
        deps.objects.put(deps.settings.s3_bucket, key, whole, made["size"], ZIP, made["sha256"])
    now = deps.clock.now()
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        wanted = store.ready(tx, record_id, made | {"at": now, "ends_at": now + KEPT})
    if not wanted:  # the case was erased meanwhile
        deps.objects.delete(deps.settings.s3_bucket, key)


def _key(job: Job, row: Row | None) -> str | None:
    """Where it lies. Jobs of the release before name the record alone: without its row nobody knows, and what was
    stored goes with the case (see `erasing`)."""
    case = row["application_id"] if row else job.payload.get("application_id")
    return f"record/{case}/{job.payload['record_id']}.zip" if case else None


def _leave(deps: Deps, job: Job, key: str | None) -> None:
    if key is not None:
        deps.objects.delete(deps.settings.s3_bucket, key)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


def give_up(_deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """It says so, and can be asked for again."""
    store.fail(tx, UUID(job.payload["record_id"]), reason)


def _texts(deps: Deps, tx: Tx, app: Application, record_id: UUID, *, himself: bool) -> dict[str, Any]:
    """The JSON files by name: ours, who touched the case, and what the others handed over."""
    rows = access_rows.of_case(tx, app.id, None, _MOST_ACCESSES, himself=himself)
    texts = {
        "intake.json": _ours(deps, tx, app, himself=himself),
        "accesses.json": accesses.shown(deps, tx, app, rows[:_MOST_ACCESSES]),
    }
    return texts | {f"{part['service']}.json": part["kept"] for part in store.parts(tx, deps.data_keys, record_id)}


def _ours(deps: Deps, tx: Tx, app: Application, *, himself: bool) -> dict[str, Any]:
    plain = ("tracking_code", "kelurahan", "rw", "rt", "service", "sop_version", "reason", "status", "channel",
             "agenda_number", "introduction", "verification", "returned_items", "decision_reason", "consent",
             "consent_at", "consents", *_TIMES)  # fmt: skip
    return (
        {name: getattr(app, name) for name in plain}
        | {
            "person": own_part(app.person),
            "consent_words": consent_words.every(tx, app.id),
            "corrections": [
                {name: row[name] for name in ("state", "requested_at", "due_at", "answered_at", "words", "note")}
                for row in corrections.of_case(tx, deps.data_keys, app.id)
            ],
            "timeline": reading.lines(deps, tx, app),
            "files": [
                {name: row[name] for name in ("id", "requirement", "state", "type", "size", "sha256", "uploaded_at")}
                for row in files.of_case(tx, app.id)
            ],
        }
        | (_his_alone(deps, tx, app) if himself else {"left_out": LEFT_OUT})
    )


def _his_alone(deps: Deps, tx: Tx, app: Application) -> dict[str, Any]:
    """What an officer may not see, who could be whom it is about."""
    return {
        "complaints": complaints.for_record(deps, tx, app.id, _logins(app), _numbers(app)),
        "survey": surveys.of_case(tx, deps.data_keys, app.id),
        "messages": [
            {"received_at": row["received_at"], "kind": row["kind"], "text": row["said"].get("text")}
            for row in conversations.of_case(tx, deps.data_keys, app.id)
        ],
    }


def _logins(app: Application) -> set[str]:
    return {app.resident or ("" if app.helper else app.owner)} - {""}


def _numbers(app: Application) -> set[str]:
    """The person's own, not that of who helps him."""
    own = own_part(app.person)
    return {str(one) for one in ((own["contact"] or {}).get("phone"), own["own_phone"]) if one}


def _contents(deps: Deps, tx: Tx, app: Application, record_id: UUID) -> Iterator[dict[str, Any]]:
    """{name, bucket, key, size, sha256} of scans that were accepted, and of what others handed over."""
    for row in files.of_case(tx, app.id):
        if row["state"] in ("ready", "superseded"):
            name = f"files/{row['requirement'].lower()}-{row['id']}{_ENDINGS.get(row['type'], '')}"
            yield {"name": name, "bucket": deps.settings.s3_bucket} | {
                part: row[part] for part in ("key", "size", "sha256")
            }
    for part in store.parts(tx, deps.data_keys, record_id):
        yield from part["files"]


def _write(deps: Deps, whole: BinaryIO, texts: dict[str, Any], contents: list[dict[str, Any]]) -> Row:
    """{size, sha256} of the ZIP, which is at its beginning again. Raises ObjectMissing, StoreUnavailable, Damaged."""
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in texts.items():
            archive.writestr(name, json.dumps(value, indent=1, ensure_ascii=False, default=_plain))
        for file in contents:
            entry = zipfile.ZipInfo(file["name"])  # pictures and PDFs are small already: stored
            with deps.objects.get(file["bucket"], file["key"]) as stored, archive.open(entry, "w") as target:
                for piece in stored:
                    target.write(piece)
    size = whole.seek(0, 2)
    whole.seek(0)
    sha256 = hashlib.file_digest(whole, "sha256").hexdigest()  # type: ignore[arg-type]
    whole.seek(0)
    return {"size": size, "sha256": sha256}


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


# --- fetching it ------------------------------------------------------------------------------------------------------


def make_link(deps: Deps, tx: Tx, app: Application, actor: Actor) -> dict[str, Any]:
    """An address that fetches it for five minutes. Raises OnlyHimself, NoRecord, NotReady."""
    check_himself(actor)
    row = store.of_case(tx, app.id, himself=_is_himself(actor))
    if row is None:
        raise NoRecord
    if row["state"] != "ready":
        raise NotReady(headers={"Retry-After": "2"})
    secret = secrets.token_urlsafe(24)
    store.put_link(tx, row["id"], _hashed(secret), LINK_SECONDS)
    path = f"/v1/applications/{app.id}/record/content?link={secret}"
    return {"url": f"{deps.settings.public_url}{path}", "expires_in": LINK_SECONDS}


def by_link(tx: Tx, application_id: UUID, link: str) -> Row:
    """What a link opens. Raises NotFound."""
    row = store.by_link(tx, application_id, _hashed(link))
    if row is None:
        raise NotFound
    return row


def prune(deps: Deps) -> int:
    """Those whose week is over go, with what lies in the store; how many."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        rows = store.over(tx, deps.clock.now(), _BATCH)
    gone = 0
    for row in rows:
        with each_by_itself("a record was not removed", id=str(row["id"])):
            deps.objects.delete(deps.settings.s3_bucket, row["key"])
            with deps.db.transaction(row["kelurahan"]) as tx:
                gone += store.forget(tx, row["id"])
    return gone


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


MAKING = JobKind(make, lease=600, give_up=give_up, max_attempts=100)
