"""An office's texts of a kind: drafted, looked at, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from documents.deps import Deps
from documents.domain import office_texts as rules
from documents.domain.errors import NoTemplateDraft, TemplateNotPrintable, TemplateNotUsable
from documents.domain.numbers import letter_date
from documents.domain.office_texts import OfficeTexts
from documents.domain.sample import sample_document
from documents.render.kinds import KINDS
from documents.rendering import CannotRender, NotRenderedYet, template_version
from documents.store import office_templates as store
from documents.usecases import drafting, office_texts, redrafting
from kit.db import Row, Tx
from kit.problems import NotFound, PreconditionFailed, Unavailable, Words

NO_DRAFT = 0
"""The revision where there is no draft."""
LISTED = tuple(kind for kind in KINDS if kind not in ("bundle", "register"))

FORM_TITLES = {
    "f102": "Formulir F-1.02 Pendaftaran Peristiwa Kependudukan",
    "f101": "Formulir F-1.01 Biodata Keluarga",
    "f106": "Formulir F-1.06 Perubahan Elemen Data Kependudukan",
    "n2": "Model N2 Permohonan Kehendak Nikah",
    "n4": "Model N4 Persetujuan Calon Pengantin",
    "n5": "Model N5 Surat Izin Orang Tua",
}


def title_of(kind: str) -> str:
    """What a layout is called; a letter in a SOP's own words by the word for all of them."""
    known = FORM_TITLES.get(kind) or KINDS[kind].__dataclass_fields__["title"].default
    return known if isinstance(known, str) else "Surat Keterangan"


def _layout(kind: str, current: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": title_of(kind),
        "form": kind in FORM_TITLES,
        "version": template_version(kind),
        "office_version": current.get((kind, "published")),
        "has_draft": (kind, "draft") in current,
        "parts": list(rules.PARTS.get(kind, ())),
    }


def _current(tx: Tx) -> dict[tuple[str, str], int]:
    return {(row["kind"], row["status"]): row["version"] for row in store.all_current(tx)}


def layouts(deps: Deps, tenant: str) -> list[dict[str, Any]]:
    """All layouts, and what the office has of each."""
    with deps.db.transaction(tenant) as tx:
        current = _current(tx)
    return [_layout(kind, current) for kind in LISTED]


def layout(deps: Deps, tenant: str, kind: str) -> dict[str, Any]:
    """One layout with the office's draft and versions, and what can be written. Raises NotFound."""
    check_kind(kind)
    with deps.db.transaction(tenant) as tx:
        found = _layout(kind, _current(tx)) | {"draft": store.draft(tx, kind), "versions": store.versions(tx, kind)}
    return found | {"placeholders": rules.placeholders_of(kind)}


def check_kind(kind: str) -> None:
    """Raises NotFound."""
    if kind not in LISTED:
        raise NotFound


def _check(kind: str, data: Mapping[str, Any]) -> None:
    errors: dict[str, list[Words]] = {}
    for mistake in rules.mistakes(kind, data):
        errors.setdefault(mistake.where, []).append(mistake.words)
    if errors:
        raise TemplateNotUsable(errors={"json": errors}, more={"placeholders": rules.placeholders_of(kind)})


def write_draft(deps: Deps, tx: Tx, kind: str, data: dict[str, Any], by: str, check: Callable[[int], None]) -> Row:
    """The draft as a whole, begun where there is none. Raises TemplateNotUsable, and what `check` of its revision
    raises."""
    _check(kind, data)
    begun = store.begin_draft(tx, kind, by, deps.clock.now())
    row = store.draft(tx, kind, lock=True)
    if row is None:  # published or given up while we waited for it
        raise PreconditionFailed
    check(NO_DRAFT if begun else row["revision"])
    store.write_draft(tx, kind, data, by, deps.clock.now())
    return draft(tx, kind)


def draft(tx: Tx, kind: str) -> Row:
    """Raises NoTemplateDraft."""
    row = store.draft(tx, kind)
    if row is None:
        raise NoTemplateDraft
    return row


def newest(tx: Tx, kind: str) -> OfficeTexts | None:
    """The draft, or else what is in force."""
    row = store.draft(tx, kind)
    return office_texts.in_force(tx, tx.tenant, kind) if row is None else OfficeTexts(0, row["data"])


def preview(deps: Deps, tenant: str, kind: str) -> bytes:
    """A letter with the newest texts for a made-up person: CONTOH and DRAF, without number or QR code. Raises
    TemplateNotUsable, TemplateNotPrintable, Unavailable."""
    with deps.db.transaction(tenant) as tx:
        texts = newest(tx, kind)
    return _printed(deps, tenant, kind, texts)


def _printed(deps: Deps, tenant: str, kind: str, texts: OfficeTexts | None) -> bytes:
    _check(kind, texts.data if texts else {})
    at = deps.clock.now()
    with deps.db.transaction(tenant) as tx:
        try:
            office = drafting.office_of(tx, tenant)
        except drafting.NotKnownYet as error:
            raise Unavailable(error.reason) from error
        emblem = office_texts.emblem_of(tx, tenant)
    document = rules.dressed(sample_document(kind, office, letter_date(at, office["zone"])), texts, "", emblem)
    try:
        return deps.renderer.render(kind, document.to_json(), at)
    except CannotRender as error:
        raise TemplateNotPrintable(more={"reason": error.reason}) from error
    except NotRenderedYet as error:
        raise Unavailable(error.reason) from error


def try_draft(deps: Deps, tenant: str, kind: str) -> int | None:
    """Whether the draft can be printed at all; its revision, None where there is none (a repeated request gets its
    first answer all the same). Raises what `preview` raises."""
    with deps.db.transaction(tenant) as tx:
        row = store.draft(tx, kind)
    if row is None:
        return None
    _printed(deps, tenant, kind, OfficeTexts(0, row["data"]))
    return int(row["revision"])


def publish(deps: Deps, tx: Tx, kind: str, tried: int | None, by: str, check: Callable[[int], None]) -> Row:
    """The draft that was tried is in force from now on, and what waits for the lurah is drawn up again. Raises
    NoTemplateDraft, PreconditionFailed when it was written anew meanwhile, and what `check` raises."""
    row = store.draft(tx, kind, lock=True)
    if row is None:
        raise NoTemplateDraft
    check(row["revision"])
    if row["revision"] != tried:
        raise PreconditionFailed
    store.publish(tx, kind, by, deps.clock.now())
    redrafting.ask(tx, tx.tenant, kind)
    published = store.in_force(tx, tx.tenant, kind)
    assert published is not None
    return published


def discard(tx: Tx, kind: str, check: Callable[[int], None]) -> None:
    """The draft is given up. Raises NoTemplateDraft, and what `check` of its revision raises."""
    row = store.draft(tx, kind, lock=True)
    if row is None:
        raise NoTemplateDraft
    check(row["revision"])
    store.drop_draft(tx, kind)
