"""`/intake/layanan/rancangan/…/ubah`: a draft is written, in a form for what is changed often, and as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g

from intake.api.base import in_office
from intake.pages.administration import sop_form
from intake.pages.administration.sops import DRAFTS, draft_of
from intake.pages.offices import own_page
from intake.schemas.sops import DraftChange, DraftOut
from intake.usecases import sops
from kit import audit
from kit.access import recorded
from kit.answers import Answer, answer, check_if_match, deps
from kit.auth import caller
from kit.db import Tx
from kit.language import language
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.plain import plain
from kit.pages.session import allow
from kit.problems import Problem, Unprocessable, Words

sop_edit_pages = Blueprint("sop-edit-pages", __name__, url_prefix=DRAFTS)

_NO_JSON = Words("Bukan JSON yang benar, baris {line}.", "This is no JSON, line {line}.")


@sop_edit_pages.get("/<uuid:draft_id>/ubah")
@allow(*sops.CHANGING)
@audit.shows_nobody("a draft of a service")
def show_form(draft_id: UUID, filled: Filled = NOTHING) -> Response:
    """What is changed often: names, words, days, requirements."""
    row, _ = draft_of(draft_id)
    return own_page(
        "administration/sop_edit.html", filled=filled, draft=row, fields=sop_form.TEXTS,
        names={name: words.in_language(language()) for name, words in sop_form.names(row["data"])},
    )  # fmt: skip


@sop_edit_pages.post("/<uuid:draft_id>/ubah")
@allow(*sops.CHANGING)
@forms.keeps(show_form)
def write_form(draft_id: UUID) -> Response:
    """The draft, with what was typed."""
    typed = forms.typed()
    row, _ = draft_of(draft_id)
    document = sop_form.written(row["data"], typed)
    try:
        _write(draft_id, list(typed.items(multi=True)), document)
    except Problem as problem:
        if problem.errors:
            found = _places(problem.errors["json"]["sop"])
            problem.errors = {"json": {sop_form.as_typed(place, g.places): [said] for place, said in found}}
        raise
    return forms.done(f"{DRAFTS}/{draft_id}", Words("Rancangan tersimpan.", "The draft is saved."))


@sop_edit_pages.get("/<uuid:draft_id>/dokumen")
@allow(*sops.CHANGING)
@audit.shows_nobody("a draft of a service")
def show_document(draft_id: UUID, filled: Filled = NOTHING) -> Response:
    """All of it, as the API takes it."""
    row, _ = draft_of(draft_id)
    return own_page(
        "administration/sop_document.html",
        filled=filled,
        draft=row,
        text=json.dumps(row["data"], ensure_ascii=False, indent=1),
    )


@sop_edit_pages.post("/<uuid:draft_id>/dokumen")
@allow(*sops.CHANGING)
@forms.keeps(show_document)
def write_document(draft_id: UUID) -> Response:
    """The draft as a whole. What is wrong is told with its place in the document."""
    text = forms.typed().get("dokumen", "")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = str(getattr(error, "lineno", 1))
        said = Words(_NO_JSON.id.format(line=line), _NO_JSON.en.format(line=line))
        raise Unprocessable(errors={"json": {"dokumen": [said]}}) from error
    try:
        _write(draft_id, text, document)
    except Problem as problem:
        if problem.errors:
            found = _places(problem.errors["json"]["sop"])
            problem.errors = {
                "json": {"dokumen": [" ".join(f"{place}: {plain(said, language())}" for place, said in found)]}
            }
        raise
    return forms.done(f"{DRAFTS}/{draft_id}", Words("Rancangan tersimpan.", "The draft is saved."))


def _write(draft_id: UUID, fields: Any, document: Any) -> None:
    """Once for each form. Raises what the API does."""
    body = forms.load(DraftChange(), {"sop": document})

    def work(tx: Tx) -> Answer:
        row = sops.edit(deps(), tx, caller(), draft_id, body["sop"], check_if_match)
        return answer(DraftOut, row | {"sop": row["data"], "problems": []}, version=row["version"])

    with recorded(draft_id):
        in_office(fields, work)


def _places(errors: Any, before: str = "") -> list[tuple[str, str]]:
    """`{"name": {"en": ["…"]}}` as `name.en`: "…"."""
    if not isinstance(errors, Mapping):
        told = errors if isinstance(errors, list) else [errors]
        return [(before or "sop", " ".join(_text(one) for one in told))]
    return [found for name, one in errors.items() for found in _places(one, f"{before}.{name}".lstrip("."))]


def _text(said: Any) -> str:
    return said.in_language(language()) if isinstance(said, Words) else str(said)
