"""A service's leaflets follow its SOP and the office's letterhead: a job for each service renders all kinds, stores
them under a name of its own and lets them take the place of the old ones, which go. What would look the same is not
made again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from documents.deps import Deps
from documents.domain import leaflets as rules
from documents.domain import words
from documents.domain.cases import is_sample
from documents.domain.errors import LeafletNotReady
from documents.domain.leaflets import KINDS, TYPES, Made
from documents.domain.numbers import letter_date
from documents.render.leaflets import LEAFLETS, Leaflet
from documents.rendering import template_version
from documents.store import copies
from documents.store import leaflets as store
from documents.usecases import objects
from documents.usecases.office_texts import emblem_of
from kit import jobs
from kit.db import EVERY_TENANT, Tx
from kit.jobs import Job
from kit.objects import StoredObject
from kit.problems import NotFound

LEAFLET_JOB = "make_leaflets"
GATHERED = 10
"""Seconds: an office that is set up or changed tells many things in a row."""
_CHUNK = 500


def ask(tx: Tx, kelurahan: str, service: str | None = None) -> None:
    """Of one service, or all of the office. Asked for nothing new it makes nothing."""
    jobs.add(tx, LEAFLET_JOB, kelurahan, {"service": service}, delay=GATHERED)


@dataclass(frozen=True)
class Wanted:
    """What a service's leaflets are to show now."""

    version: int
    leaflet: Leaflet
    print: bytes
    dated: datetime

    def made(self, job: Job, at: datetime) -> Made:
        """The same, to be kept."""
        return Made(job.tenant, job.payload["service"], self.version, bool(self.leaflet.closed), self.print, at)


def make(deps: Deps, job: Job) -> None:
    """Done twice it finds nothing left to do, or stores the same again."""
    service = job.payload["service"]
    with deps.db.transaction(job.tenant) as tx:
        if service is None:
            for each in store.services(tx, job.tenant):
                jobs.add(tx, LEAFLET_JOB, job.tenant, {"service": each})
            jobs.finish(tx, job)
            return
        wanted, known = _wanted(deps, tx, service), store.get(tx, job.tenant, service)
        if wanted is None or (known and known.print == wanted.print and known.problem is None):
            _leave(tx, job, known, wanted)
            return
    files = _rendered(deps, job, wanted)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        _put(deps, tx, job, wanted, files)


def _leave(tx: Tx, job: Job, known: Made | None, wanted: Wanted | None) -> None:
    """There is nothing to make; of a service that is offered no more nothing stays."""
    if known is not None and wanted is None:
        store.lock(tx, job.tenant, known.service)
        last = store.get(tx, job.tenant, known.service)
        store.drop(tx, job.tenant, known.service)
        _remove(tx, job.tenant, last.made_by if last else None)
    elif known is not None:
        store.mark_made(tx, job.tenant, known.service)
    if job.attempts > 1 and (known is None or known.made_by != job.id):
        _remove(tx, job.tenant, job.id)  # a try before may have stored it and died
    jobs.finish(tx, job)


def _rendered(deps: Deps, job: Job, wanted: Wanted) -> dict[str, dict[str, Any]]:
    """Each kind, stored: its size and hash. Raises CannotRender, NotRenderedYet, StoreUnavailable."""
    data, files = wanted.leaflet.to_json(), {}
    for kind in KINDS:
        content = deps.renderer.render(f"leaflet_{kind}", data, wanted.dated)
        sha256 = hashlib.sha256(content).hexdigest()
        key = objects.of_leaflet(job.tenant, job.id, wanted.print, kind)
        deps.objects.put(deps.settings.s3_bucket, key, BytesIO(content), len(content), TYPES[KINDS[kind]], sha256)
        files[kind] = {"sha256": sha256, "size": len(content)}
    return files


def _put(deps: Deps, tx: Tx, job: Job, wanted: Wanted, files: Mapping[str, Mapping[str, Any]]) -> None:
    """What was made takes its place, unless another is wanted by now: then its own job makes that."""
    service = job.payload["service"]
    store.lock(tx, job.tenant, service)
    known, now = store.get(tx, job.tenant, service), _wanted(deps, tx, service)
    if now is None or now.print != wanted.print:
        _remove(tx, job.tenant, job.id)
        return
    store.put(tx, replace(wanted.made(job, deps.clock.now()), made_by=job.id, files=files))
    if known is not None and known.made_by != job.id:
        _remove(tx, job.tenant, known.made_by)


def give_up(deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """What cannot be printed is not shown as it was before: the office's page says why there is none. Where it was not
    the text, but the store or a busy machine, the old ones stay, and `follow` asks again."""
    service = job.payload["service"]
    _remove(tx, job.tenant, job.id)
    if service is None:
        return
    store.lock(tx, job.tenant, service)
    known, wanted = store.get(tx, job.tenant, service), _wanted(deps, tx, service)
    if wanted is None or (known is not None and known.print == wanted.print):
        return
    if jobs.in_vain(reason):
        store.mark_late(tx, job.tenant, service)
        return
    store.put(tx, replace(wanted.made(job, deps.clock.now()), problem=reason[:200]))
    _remove(tx, job.tenant, known.made_by if known else None)


def _remove(tx: Tx, kelurahan: str, made_by: UUID | None) -> None:
    if made_by is not None:
        objects.remove_leaflets_later(tx, kelurahan, made_by)


def _wanted(deps: Deps, tx: Tx, service: str) -> Wanted | None:
    """None where the office is not known yet, or offers the service no more."""
    office = copies.office(tx, tx.tenant)
    if office is None:
        return None
    today = letter_date(deps.clock.now(), office["zone"])
    sop = rules.in_force(store.sops(tx, tx.tenant, service), today)
    if sop is None:
        return None
    office = office | {"code": tx.tenant}
    leaflet = rules.leaflet(
        sop, office, emblem_of(tx, tx.tenant), deps.settings.public_url, today,
        sample=is_sample(office, deps.settings.sample_data),
    )  # fmt: skip
    return Wanted(
        int(sop["version"]),
        leaflet,
        rules.print_of(leaflet, _layouts()),
        rules.dated(sop, office),
    )


def _layouts() -> str:
    return " ".join(template_version(kind) for kind in LEAFLETS)


# --- time, and new releases -------------------------------------------------------------------------------------------


def follow(deps: Deps) -> int:
    """A version whose day has come takes the place of the one before, the door that closes to visitors or opens is told
    of, and what was given up though nothing was wrong with it is asked for again; how many services that were."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        rows = store.outdated(tx, deps.clock.now(), _CHUNK)
    for row in rows:
        key = f"{row['kelurahan']} {row['service']}"
        with deps.db.transaction(row["kelurahan"]) as tx:
            jobs.forget_dead(tx, LEAFLET_JOB, key)  # what that one has stored goes by its id, later
            jobs.add(tx, LEAFLET_JOB, row["kelurahan"], {"service": row["service"]}, key=key)
    return len(rows)


def ask_all(tx: Tx) -> None:
    """After a release: layouts and addresses may be others."""
    for kelurahan in store.offices(tx):
        ask(tx, kelurahan)


# --- reading ----------------------------------------------------------------------------------------------------------


def listed(deps: Deps, kelurahan: str) -> list[Made]:
    """What there is of an office's services. Raises NotFound for an office that is not known."""
    with deps.db.transaction(kelurahan) as tx:
        if copies.office(tx, kelurahan) is None:
            raise NotFound
        return store.of_office(tx, kelurahan)


def titled(deps: Deps, kelurahan: str) -> list[tuple[str, Made]]:
    """The same with each service's name, for pages; nothing for an office that is not known yet."""
    with deps.db.transaction(kelurahan) as tx:
        names = {(sop["service"], sop["version"]): words.words_of(sop) for sop in store.every_sop(tx, kelurahan)}
        made = store.of_office(tx, kelurahan)
    return [(names.get((one.service, one.version)) or one.service, one) for one in made]


def open_content(deps: Deps, kelurahan: str, service: str, kind: str) -> tuple[StoredObject, str]:
    """A leaflet's file, and its hash. Raises NotFound (no such service), LeafletNotReady, ObjectMissing,
    StoreUnavailable."""
    with deps.db.transaction(kelurahan) as tx:
        made = store.get(tx, kelurahan, service)
        if made is None and _wanted(deps, tx, service) is None:
            raise NotFound
    if made is None or made.made_by is None or made.files is None:
        raise LeafletNotReady(headers={"Retry-After": "15"})
    key = objects.of_leaflet(kelurahan, made.made_by, made.print, kind)
    return deps.objects.get(deps.settings.s3_bucket, key), made.files[kind]["sha256"]
