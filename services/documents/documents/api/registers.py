"""`/v1/registers`: the book of numbers, as pages, as a table, and on paper."""

from __future__ import annotations

from typing import Any

from flask import Response

from documents.api import examples
from documents.api.common import deps
from documents.schemas.registers import BookFilter, BookPage, BookQuery
from documents.usecases import book
from kit import audit
from kit.auth import allow, caller
from kit.downloads import attachment
from kit.openapi import refusals
from kit.web import Resource

registers = Resource(
    "registers", __name__, url_prefix="/v1/registers", description="The book of letter numbers, a year at a time."
)
_YEAR = "/<int(min=1900, max=9999):year>"


@registers.get(_YEAR)
@allow("officer", "lurah")
@registers.arguments(BookQuery, location="query")
@refusals(registers, 401, 403, 404, 422, 503)
@registers.response(200, BookPage, example=examples.BOOK)
@audit.shows("register", purpose="list")
def read_book(query: dict[str, Any], year: int) -> dict[str, Any]:
    """The book of one year

    One line per number that was ever taken, in order, with what became of the letter. Numbers are never used again.
    `number` finds a running number (`123`) or how a number begins (`400.12.2.1/123`)."""
    return book.lines_of(deps(), caller().tenant, year, query)


@registers.get(f"{_YEAR}/csv")
@allow("officer", "lurah")
@registers.arguments(BookFilter, location="query")
@refusals(registers, 401, 403, 404, 422, 503)
@registers.response(200, {"type": "string"}, content_type="text/csv", example=examples.BOOK_TABLE)
@audit.shows("register", purpose="table")
def read_table(query: dict[str, Any], year: int) -> Response:
    """The book as a table

    CSV in UTF-8 for a spreadsheet, with the same filters, however long. What begins like a formula has an apostrophe
    in front."""
    return send_table(year, query)


@registers.get(f"{_YEAR}/pdf")
@allow("officer", "lurah")
@registers.arguments(BookFilter, location="query")
@refusals(registers, 401, 403, 404, 422, 503)
@registers.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@audit.shows("register", purpose="print")
def read_paper(query: dict[str, Any], year: int) -> Response:
    """The book to be printed

    A4 landscape, series by series, void numbers struck with who, when and why. At most 1000 lines: 422
    `register-too-long` asks for a month, dates or a series."""
    return send_paper(year, query)


def send_table(year: int, query: dict[str, Any]) -> Response:
    """The table, part by part."""
    audit.concerns(object_id=year)  # whoever is in it
    parts = book.table(deps(), caller().tenant, year, query)
    first = next(parts)  # before 200 is said, so that a refusal is one

    def whole() -> Any:
        yield first
        yield from parts

    return Response(whole(), 200, _download(f"buku-agenda-{year}.csv"), content_type="text/csv; charset=utf-8")


def send_paper(year: int, query: dict[str, Any]) -> Response:
    """The printed book."""
    audit.concerns(object_id=year)
    pdf = book.paper(deps(), caller().tenant, year, query)
    return Response(pdf, 200, _download(f"buku-agenda-{year}.pdf"), mimetype="application/pdf")


def _download(filename: str) -> dict[str, str]:
    return {"Cache-Control": "no-store", **attachment(filename)}
