"""`/v1/registers` and `/v1/templates`: the book of numbers, and the layouts."""

from __future__ import annotations

from typing import Any

from documents.api import examples
from documents.api.common import deps
from documents.render.data import KINDS
from documents.rendering import template_version
from documents.schemas.office import BookPage, BookQuery, TemplateList
from documents.store import registers as store
from kit import paging
from kit.auth import allow, caller
from kit.openapi import refusals
from kit.web import Resource

registers = Resource(
    "registers", __name__, url_prefix="/v1/registers", description="The book of letter numbers, a year at a time."
)
templates = Resource("templates", __name__, url_prefix="/v1/templates", description="The layouts of letters and forms.")

FORM_TITLES = {
    "f102": "Formulir F-1.02 Pendaftaran Peristiwa Kependudukan",
    "n2": "Model N2 Permohonan Kehendak Nikah",
}


@registers.get("/<int(min=1900, max=9999):year>")
@allow("officer", "lurah")
@registers.arguments(BookQuery, location="query")
@refusals(registers, 401, 403, 404, 422, 503)
@registers.response(200, BookPage, example=examples.BOOK)
def read_book(query: dict[str, Any], year: int) -> dict[str, Any]:
    """The book of one year

    One line per number that was ever taken, in order, with what became of the letter. Numbers are never used again."""
    after = paging.position(query["cursor"], paging.plain, paging.whole)
    with deps().db.transaction(caller().tenant) as tx:
        rows = store.book(tx, year, query["kind"], after, query["limit"] + 1)
    return paging.page(rows, query["limit"], lambda row: (row["series"], row["n"]))


@templates.get("")
@allow("officer")
@refusals(templates, 401, 403)
@templates.response(200, TemplateList, example=examples.TEMPLATES)
def list_templates() -> dict[str, Any]:
    """The layouts and their versions

    A version changes whenever the look of the layout may have changed."""
    return {
        "items": [
            {
                "kind": kind,
                "title": FORM_TITLES.get(kind) or document.__dataclass_fields__["title"].default,
                "form": kind in FORM_TITLES,
                "version": template_version(kind),
            }
            for kind, document in KINDS.items()
            if kind != "bundle"
        ]
    }
