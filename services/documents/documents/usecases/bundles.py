"""Everything of a case in one PDF, made by a job from what lies in the store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import MISSING, fields, replace
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

import pikepdf

from documents import bundling
from documents.deps import Deps
from documents.domain import bundles as rules
from documents.domain import parts, words
from documents.domain.bundles import Bundle, Part
from documents.domain.cases import Application, Case, is_sample
from documents.domain.errors import BundleNotReady
from documents.domain.letters import Letter
from documents.domain.numbers import letter_date
from documents.render import data as layout
from documents.render.data import Document, Emblem, Sheet
from documents.render.kinds import KINDS
from documents.store import bundles as store
from documents.store import copies, letters
from documents.usecases import objects
from documents.usecases.drafting import office_of
from documents.usecases.office_texts import emblem_of
from documents.usecases.telling import PDF
from kit import jobs
from kit.db import EVERY_TENANT, Tx
from kit.errors import Permanent
from kit.ids import new_id
from kit.jobs import Job
from kit.objects import ObjectMissing, StoredObject
from kit.problems import NotFound

BUNDLE_JOB = "make_bundle"
_CHUNK = 200


class TooMuch(Permanent):
    """The case has more than a bundle takes."""


def ask(deps: Deps, tx: Tx, application_id: UUID) -> Bundle:
    """The bundle of the case as it is now: the one that there is, or one that a job makes. Raises NotFound."""
    application = copies.application(tx, deps.data_keys, application_id, lock=True)
    if application is None:
        raise NotFound
    case, current = _case(deps, tx, application)
    print_ = rules.fingerprint(case, current)
    known = store.of_state(tx, application_id, print_)
    if known is not None:
        return known
    bundle = Bundle(new_id(), application.kelurahan, application_id, print_, rules.MAKING, deps.clock.now())
    store.add(tx, bundle)
    jobs.add(tx, BUNDLE_JOB, application.kelurahan, {"bundle_id": str(bundle.id)}, key=str(bundle.id))
    return bundle


def found(tx: Tx, bundle_id: UUID) -> Bundle:
    """Raises NotFound."""
    bundle = store.get(tx, bundle_id)
    if bundle is None:
        raise NotFound
    return bundle


def open_content(deps: Deps, bundle: Bundle) -> StoredObject:
    """The PDF. Raises BundleNotReady, ObjectMissing, StoreUnavailable."""
    if bundle.key is None:
        raise BundleNotReady(headers={"Retry-After": "1"})
    return deps.objects.get(deps.settings.s3_bucket, bundle.key)


def _case(deps: Deps, tx: Tx, application: Application) -> tuple[Case, list[Letter]]:
    """The case, and its letters; the RT head's own is the first of them, if it was issued."""
    office = office_of(tx, application.kelurahan)
    current = [one for one in letters.of_case(tx, application.id) if one.status not in ("void", "cancelled")]
    own = letters.of_introduction(tx, application.introduction_id) if application.introduction_id else None
    if own is not None and own.status == "issued":
        current.insert(0, own)
    case = Case(
        office=office,
        sop=copies.sop(tx, application) or {},
        application=application,
        rests_on=letters.rests_on(tx, application.id, application.introduction_id),
        today=letter_date(deps.clock.now(), office["zone"]),
        sample=is_sample(office, deps.settings.sample_data),
    )
    return case, current


def make(deps: Deps, job: Job) -> None:
    """Puts the pages together, file by file, and stores them; done twice it gives the same."""
    bundle_id = UUID(job.payload["bundle_id"])
    with deps.db.transaction(job.tenant) as tx:
        bundle = store.get(tx, bundle_id)
        application = bundle and copies.application(tx, deps.data_keys, bundle.application_id)
        if bundle is None:  # erased or outdated; a try before may have stored it, and died
            objects.remove_bundle_later(tx, job.tenant, bundle_id)
        if not bundle or not application or bundle.status != rules.MAKING:
            jobs.finish(tx, job)
            return
        case, current = _case(deps, tx, application)
        emblem = emblem_of(tx, job.tenant)
    with deps.spool.open() as whole:
        pages = _write(deps, case, current, emblem, bundle.asked_at, whole)
        made = _put(deps, bundle, whole) | {"pages": pages}
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)
        if not store.finish(tx, bundle_id, made, deps.clock.now()):
            objects.remove_bundle_later(tx, job.tenant, bundle_id)


def _write(deps: Deps, case: Case, current: list[Letter], emblem: Emblem | None, at: datetime, whole: BinaryIO) -> int:
    """How many pages were written."""
    with bundling.new_document() as document:
        introduction = next((one for one in current if one.introduces), None)
        of_office = [one for one in current if not one.introduces]
        checklist = [_add(deps, document, part) for part in rules.scans(case, introduction)]
        contents = [_add(deps, document, part) for part in rules.papers(of_office, _titles())]
        cover = replace(_cover(case, at, checklist, contents), emblem=emblem)
        bundling.put_first(document, deps.renderer.render("bundle", cover.to_json(), at))
        bundling.save(document, whole)
        return bundling.page_count(document)


def _add(deps: Deps, document: pikepdf.Pdf, part: Part) -> Sheet:
    """Adds a part's pages behind the others; its line for the cover, which will be page 1."""
    if part.where is None:
        return rules.listed(part, None, 0)
    before = bundling.page_count(document)
    if before >= rules.MOST_PAGES:
        raise TooMuch(f"more than {rules.MOST_PAGES} pages")
    try:
        with deps.spool.open() as content:
            deps.objects.download(*part.where, content)
            content.seek(0)
            with bundling.opened(content, part.media_type) as source:
                count = bundling.append(document, source, rules.MOST_PAGES - before)
    except (bundling.Unreadable, ObjectMissing):
        return rules.listed(replace(part, state="Tidak dapat dicetak"), None, 0)
    return rules.listed(part, before + 2, count)


def _titles() -> dict[str, str]:
    """What each kind of letter is called on the cover; of a letter in a SOP's own words the kind's name."""
    return {kind: _title(document) for kind, document in KINDS.items()}


def _title(document: type[Document]) -> str:
    known = next((field.default for field in fields(document) if field.name == "title"), MISSING)
    return known if isinstance(known, str) else f"Formulir {document.kind.upper()}"


def _cover(case: Case, at: datetime, checklist: list[Sheet], contents: list[Sheet]) -> layout.Bundle:
    application = case.application
    applicant = application.person.get("applicant") or {}
    own = {"rt": application.rt, "rw": application.rw, **applicant}
    return layout.Bundle(
        office=parts.office_part(case.office),
        person=parts.person_part(own, case.office, case.today),
        place=parts.place_of(case.office),
        sample=case.sample,
        service=words.words_of(case.sop) or application.service,
        agenda=application.agenda_number or "",
        tracking_code=application.tracking_code,
        printed_at=words.long_time(at, case.office["zone"]),
        checklist=tuple(checklist),
        contents=tuple(contents),
    )


def _put(deps: Deps, bundle: Bundle, whole: BinaryIO) -> dict[str, Any]:
    size = whole.seek(0, 2)
    if size > rules.MOST_BYTES:
        raise TooMuch(f"more than {rules.MOST_BYTES} bytes")
    whole.seek(0)
    sha256 = hashlib.file_digest(whole, "sha256").hexdigest()  # type: ignore[arg-type]
    whole.seek(0)
    key = f"{objects.of_bundle(bundle.kelurahan, bundle.id)}{sha256[:16]}.pdf"
    deps.objects.put(deps.settings.s3_bucket, key, whole, size, PDF, sha256)
    return {"key": key, "sha256": sha256, "size": size}


def give_up(_deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """It says why, and can be asked for again."""
    store.fail(tx, UUID(job.payload["bundle_id"]), reason)


def drop_outdated(tx: Tx, application_id: UUID, file_ids: Sequence[UUID]) -> None:
    """A file of the case was replaced or withdrawn: no bundle shows it any more. Before the new state is kept."""
    for row in store.take_outdated(tx, application_id, [str(file_id) for file_id in file_ids]):
        objects.remove_bundle_later(tx, row["kelurahan"], row["id"])


def prune(deps: Deps) -> int:
    """Old bundles go, with what lies in the store; how many."""
    gone = 0
    while True:
        with deps.db.transaction(EVERY_TENANT) as tx:
            rows = store.take_old(tx, deps.clock.now() - rules.KEPT, _CHUNK)
            for row in rows:
                objects.remove_bundle_later(tx, row["kelurahan"], row["id"])
        gone += len(rows)
        if len(rows) < _CHUNK:
            return gone
