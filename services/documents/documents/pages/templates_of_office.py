"""`/documents/templat`: what the office writes on its letters, and the emblem on their head."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from documents.api.common import deps, once_for_caller
from documents.api.templates import READING, WRITING
from documents.domain.office_texts import ROWS
from documents.emblems import LARGEST_FILE, read_emblem
from documents.pages.common import drawn, number, shown
from documents.schemas.templates import EmblemOut, TemplateData, TemplateDraftOut, VersionOut
from documents.usecases import emblems, templates
from kit import answers, audit
from kit.answers import Answer
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import NotFound, Words
from kit.uploads import UploadLimits, received_file

template_pages = Blueprint("template-pages", __name__, url_prefix="/documents/templat")
_HERE = "/documents/templat"
_LINES = ("letterhead-lines", "rows", "signer", "copies")
_TEXTS = ("title", "opening", "closing", "letterhead-address", "letterhead-contact")


@template_pages.get("")
@allow(*READING)
@audit.shows_nobody("layouts")
def show_templates() -> Response:
    """The layouts, and which of them the office has texts of its own for."""
    return shown("templates.html", layouts=templates.layouts(deps(), caller().tenant), writes=caller().has(*WRITING))


@template_pages.get("/<kind>")
@allow(*READING)
@audit.shows_nobody("texts of letters")
def show_template(kind: str, filled: Filled = NOTHING) -> Response:
    """One layout: its parts in boxes, its draft, and what is in force."""
    found = templates.layout(deps(), caller().tenant, kind)
    draft, versions = found["draft"], found["versions"]
    in_force = next((one for one in versions if one["status"] == "published"), None)
    newest = draft or in_force
    return shown(
        "template.html", it=found, boxes=_boxes(newest["data"] if newest else {}), draft=draft,
        versions=[one | {"boxes": _boxes(one["data"])} for one in versions],
        version=draft["revision"] if draft else templates.NO_DRAFT, rows=ROWS, writes=caller().has(*WRITING),
        filled=replace(filled, errors=_by_box(filled.errors)),
    )  # fmt: skip


@template_pages.post("/<kind>")
@allow(*WRITING)
@forms.keeps(show_template)
def write_draft(kind: str) -> Response:
    """The draft as a whole; what is left empty is the layout's own."""
    typed = forms.typed()
    parts = templates.layout(deps(), caller().tenant, kind)["parts"]
    body = forms.load(TemplateData(), _data(typed, "free_paragraph" in parts))

    def work(tx: Tx) -> Answer:
        row = templates.write_draft(deps(), tx, kind, body, caller().subject, answers.check_if_match)
        return answers.answer(TemplateDraftOut, row, version=row["revision"])

    once_for_caller(body, work)
    return forms.done(f"{_HERE}/{kind}", Words("Rancangan tersimpan. Lihat contohnya, lalu terbitkan.", _KEPT))


_KEPT = "The draft is kept. Look at the sample, then publish it."


@template_pages.post("/<kind>/terbitkan")
@allow(*WRITING)
@forms.keeps(show_template)
def publish(kind: str) -> Response:
    """From now on the draft is in force; it was tried on a made-up person first."""
    forms.typed()
    templates.check_kind(kind)
    tried = templates.try_draft(deps(), caller().tenant, kind)

    def work(tx: Tx) -> Answer:
        return answers.answer(
            VersionOut, templates.publish(deps(), tx, kind, tried, caller().subject, answers.check_if_match)
        )

    once_for_caller({}, work)
    return forms.done(f"{_HERE}/{kind}", Words("Naskah berlaku mulai sekarang.", "The texts are in force from now on."))


@template_pages.post("/<kind>/buang")
@allow(*WRITING)
@forms.keeps(show_template)
def discard(kind: str) -> Response:
    """The draft is given up."""
    forms.typed()
    templates.check_kind(kind)

    def work(tx: Tx) -> Answer:
        templates.discard(tx, kind, answers.check_if_match)
        return Answer(204, None)

    audit.concerns(object_id=kind)
    once_for_caller({}, work)
    return forms.done(f"{_HERE}/{kind}", Words("Rancangan dibuang.", "The draft is given up."))


@template_pages.get("/<kind>/contoh")
@allow(*READING)
@audit.shows_nobody("a letter for a made-up person")
def get_sample(kind: str) -> Response:
    """A letter for a made-up person with the newest texts, as PDF."""
    named = {"Content-Disposition": f'inline; filename="contoh-{kind.replace("_", "-")}.pdf"'}
    return Response(_sample(kind), mimetype="application/pdf", headers=named)


@template_pages.get("/<kind>/contoh/gambar")
@allow(*READING)
@audit.shows_nobody("a letter for a made-up person")
def see_sample(kind: str) -> Response:
    """The same as a picture."""
    return drawn(deps().painter.draw(BytesIO(_sample(kind))))


def _sample(kind: str) -> bytes:
    templates.check_kind(kind)
    return templates.preview(deps(), caller().tenant, kind)


# --- the emblem -------------------------------------------------------------------------------------------------------


@template_pages.get("/lambang")
@allow(*READING)
@audit.shows_nobody("the office's emblem")
def show_emblem(filled: Filled = NOTHING) -> Response:
    """The emblem, and how to put another in its place."""
    try:
        with deps().db.transaction(caller().tenant) as tx:
            row = emblems.found(tx)
    except NotFound:
        row = None
    return shown("emblem.html", emblem=row, filled=filled, writes=caller().has(*WRITING))


@template_pages.get("/lambang/gambar")
@allow(*READING)
@audit.shows_nobody("the office's emblem")
def see_emblem() -> Response:
    """The picture as letters print it."""
    with deps().db.transaction(caller().tenant) as tx:
        row = emblems.found(tx)
    with deps().objects.get(deps().settings.s3_bucket, row["key"]) as stored:
        return drawn(b"".join(stored), emblems.PNG)


@template_pages.post("/lambang")
@allow(*WRITING)
@forms.keeps(show_emblem)
def put_emblem() -> Response:
    """Another picture, drawn anew."""
    with received_file(request, UploadLimits(file=LARGEST_FILE), deps().spool) as upload:
        forms.check_ours(upload.fields)
        picture = read_emblem(upload.stream)
    kept = emblems.keep(deps(), caller().tenant, picture)

    def work(tx: Tx) -> Answer:
        return answers.answer(EmblemOut, emblems.put(deps(), tx, picture, kept, caller().subject))

    once_for_caller({"file": upload.sha256}, work)
    return forms.done(f"{_HERE}/lambang", Words("Lambang tersimpan.", "The emblem is kept."))


@template_pages.post("/lambang/hapus")
@allow(*WRITING)
@forms.keeps(show_emblem)
def drop_emblem() -> Response:
    """Letters show the neutral drawing again."""
    forms.typed()

    def work(tx: Tx) -> Answer:
        emblems.drop(tx)
        return Answer(204, None)

    once_for_caller({}, work)
    return forms.done(f"{_HERE}/lambang", Words("Lambang dihapus.", "The emblem is removed."))


# --- texts in boxes ---------------------------------------------------------------------------------------------------


def _boxes(data: dict[str, Any]) -> dict[str, str]:
    """The texts as they stand in boxes: a list with a line for each, clauses with an empty line between them."""
    head = data.get("letterhead") or {}
    plain = {f"letterhead-{name}": value for name, value in head.items()} | data
    boxes = {name: "\n".join(plain.get(name) or ()) for name in _LINES}
    boxes |= {name: plain.get(name) or "" for name in _TEXTS}
    days = data.get("validity_days")
    return boxes | {
        "clauses": "\n\n".join(data.get("clauses") or ()),
        "validity_days": "" if days is None else str(days),
        "free_paragraph": "" if data.get("free_paragraph") is False else "true",
    }


def _data(typed: MultiDict[str, str], may_add: bool) -> dict[str, Any]:
    """The boxes as the API takes them; what is empty is left out. `may_add`: the letter has the box for paragraphs."""
    found: dict[str, Any] = {name: typed[name].strip() for name in _TEXTS if typed.get(name, "").strip()}
    found |= {name: lines for name in _LINES if (lines := _split(typed.get(name, ""), "\n"))}
    if clauses := _split(typed.get("clauses", ""), r"\n[ \t]*\n"):
        found["clauses"] = clauses
    if days := typed.get("validity_days", "").strip():
        found["validity_days"] = number(days)
    if may_add and "free_paragraph" not in typed:
        found["free_paragraph"] = False
    head = {name.partition("-")[2]: found.pop(name) for name in list(found) if name.startswith("letterhead-")}
    return found | ({"letterhead": head} if head else {})


def _split(text: str, at: str) -> list[str]:
    return [part.strip() for part in re.split(at, text.replace("\r\n", "\n")) if part.strip()]


def _by_box(errors: Any) -> dict[str, str]:
    """Errors of `clauses[1]`, `letterhead.lines[0]` or `copies-2` beside the box that they are about."""
    found: dict[str, list[str]] = {}
    for where, said in errors.items():
        parts = [part for part in re.split(r"[\[\].-]+", where) if part and not part.isdecimal()]
        place = re.search(r"[0-9]+", where)
        found.setdefault("-".join(parts), []).append(f"{int(place[0]) + 1}: {said}" if place else said)
    return {name: " ".join(said) for name, said in found.items()}
