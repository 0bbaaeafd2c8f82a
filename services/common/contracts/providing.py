"""Handing over what a service keeps about a case, the same in every service: a job, and an answer.

HANDLERS = kept_out({"record.requested": providing.requested, …})
PROVIDE_JOB: job("record.provided", collect)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.telling import tell
from kit import jobs
from kit.bus.envelope import Received
from kit.db import Tx
from kit.jobs import Job, JobKind

PROVIDE_JOB = "provide_record"


@dataclass(frozen=True)
class Asked:
    """Whose record is wanted."""

    record_id: UUID
    application_id: UUID
    introduction_id: UUID | None
    kelurahan: str
    himself: bool = False
    """Whether the person asked, so that nobody of the office can fetch it."""


@dataclass(frozen=True)
class Part:
    """What a service keeps: values ready for JSON, and files ({name, bucket, key, sha256, size, type})."""

    kept: dict[str, Any]
    files: list[dict[str, Any]]


Collect = Callable[[Any, Tx, Asked], Part]
"""`collect(deps, tx, asked)`: without other people's data (UU PDP 27/2022 Art. 33)."""


def requested(_deps: Any, tx: Tx, event: Received) -> None:
    """Handler of `record.requested`."""
    told = event.data
    ids = {name: told[name] and str(told[name]) for name in ("record_id", "application_id", "introduction_id")}
    jobs.add(tx, PROVIDE_JOB, told["kelurahan"], ids | {"himself": told["himself"]}, key=ids["record_id"])


def job(event_type: str, collect: Collect) -> JobKind:
    """How a service hands over its part."""

    def work(deps: Any, asked: Job) -> None:
        payload = asked.payload
        record_id, application_id = UUID(payload["record_id"]), UUID(payload["application_id"])
        introduction_id = UUID(payload["introduction_id"]) if payload["introduction_id"] else None
        wanted = Asked(record_id, application_id, introduction_id, asked.tenant, payload.get("himself", False))
        with deps.db.transaction(asked.tenant) as tx:
            jobs.finish(tx, asked)
            part = collect(deps, tx, wanted)
            at = deps.clock.now()
            tell(
                tx, deps.event_keys, event_type, subject=f"record:{record_id}", tenant=asked.tenant, time=at,
                data={
                    "record_id": record_id, "application_id": application_id, "kelurahan": asked.tenant,
                    "provided_at": at, "files": part.files,
                },
                person=part.kept,
            )  # fmt: skip

    return JobKind(work, lease=120, max_attempts=300)
