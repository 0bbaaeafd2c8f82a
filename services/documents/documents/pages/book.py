"""`/documents/buku`: the book of numbers, a year at a time, and where its series go on from paper."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from documents.api.common import deps, once_for_caller
from documents.api.registers import send_paper, send_table
from documents.domain.numbers import letter_date
from documents.pages.common import chosen, number, shown
from documents.schemas.registers import STATES, BookFilter, BookQuery, RegisterOut, StartIn
from documents.usecases import book, registers
from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.paging import PageQuery
from kit.problems import Words

book_pages = Blueprint("book-pages", __name__, url_prefix="/documents/buku")
_YEAR = "/<int(min=1900, max=9999):year>"
_WRITING = ("lurah", "administrator")


@book_pages.get("")
@allow("officer", "lurah")
@audit.shows_nobody("sends on")
def show_this_year() -> Response:
    """The book of the present year."""
    with deps().db.transaction(caller().tenant) as tx:
        zone = book.office_of(tx)["zone"]
    return redirect(f"/documents/buku/{letter_date(deps().clock.now(), zone).year}", 303)  # type: ignore[return-value]


@book_pages.get(_YEAR)
@allow("officer", "lurah")
@audit.shows("register", purpose="list")
def show_book(year: int) -> Response:
    """One line per number that was ever taken."""
    asked = chosen(lanjut="cursor")
    found = book.lines_of(deps(), caller().tenant, year, forms.load(BookQuery(), asked))
    audit.concerns(*(line["application_id"] for line in found["items"]), object_id=year)
    kept = {name: value for name, value in asked.items() if name not in ("cursor", "limit")}
    return shown("book.html", year=year, lines=found["items"], further=found["next_cursor"], asked=kept, states=STATES)


@book_pages.get(f"{_YEAR}/csv")
@allow("officer", "lurah")
@audit.shows("register", purpose="table")
def get_table(year: int) -> Response:
    """The same lines as a table, all of them."""
    return send_table(year, forms.load(BookFilter(), chosen()))


@book_pages.get(f"{_YEAR}/pdf")
@allow("officer", "lurah")
@audit.shows("register", purpose="print")
def get_paper(year: int) -> Response:
    """The same lines to be printed."""
    return send_paper(year, forms.load(BookFilter(), chosen()))


@book_pages.get(f"{_YEAR}/seri")
@allow("officer", "lurah", "administrator")
@audit.shows_nobody("numbers")
def show_series(year: int, filled: Filled = NOTHING) -> Response:
    """The series of a year, and where each goes on from paper."""
    further = request.args.get("lanjut")
    query = forms.load(PageQuery(), {"cursor": further} if further else {})
    found = registers.series_of(deps(), caller().tenant, year, query)
    chosen_series = filled.values.get("series") or request.args.get("seri")
    return shown(
        "series.html", year=year, series=found["items"], further=found["next_cursor"], filled=filled,
        chosen=_one(year, chosen_series) if chosen_series else None, may=caller().has(*_WRITING),
        reads=caller().has("officer", "lurah"),
    )  # fmt: skip


def _one(year: int, series: str) -> registers.Register:
    with recorded(series), deps().db.transaction(caller().tenant) as tx:
        return registers.found(tx, series, year)


@book_pages.post(f"{_YEAR}/seri")
@allow(*_WRITING)
@forms.keeps(show_series)
def go_on_after(year: int) -> Response:
    """The next letter of the series takes the number after what the paper book has."""
    typed = forms.typed()
    last = typed.get("last", "").strip()
    body = forms.load(StartIn(), {"last": number(last)} if last else {})
    series = _one(year, typed.get("series", "")).series

    def work(tx: Tx) -> Answer:
        by = caller().subject
        register = registers.continue_after(deps(), tx, series, year, body["last"], by, answers.check_if_match)
        return answers.answer(RegisterOut, register, version=register.last)

    audit.concerns(object_id=f"{series}/{year}")
    once_for_caller(body | {"series": series}, work)
    return forms.done(f"/documents/buku/{year}/seri", Words("Tersimpan.", "Saved."))
