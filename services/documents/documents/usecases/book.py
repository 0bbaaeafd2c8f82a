"""The book: a page of it, all of it batch by batch, and a printed one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from documents.deps import Deps
from documents.domain import book, words
from documents.domain.cases import is_sample
from documents.domain.errors import BookTooLong
from documents.render import MissingGlyph, TooLong
from documents.rendering import CannotRender, NotRenderedYet
from documents.store import book as store
from documents.store import copies, people, registers
from kit import paging
from kit.db import Row, Tx
from kit.problems import Unavailable

_BATCH = 500
_UNPRINTABLE = 20


def page(deps: Deps, tx: Tx, year: int, filters: dict[str, Any], after: Sequence[Any] | None, limit: int) -> list[Row]:
    """Lines with whom each letter is for and what about."""
    rows = store.lines(tx, year, _dated(year, filters), after, limit)
    known = people.read_many(tx, deps.data_keys, {row["person_id"] for row in rows if row["person_id"]})
    return [row | book.about(row, known.get(row["person_id"])) for row in rows]


def lines_of(deps: Deps, tenant: str, year: int, query: dict[str, Any]) -> dict[str, Any]:
    """A page of the book of a year. Raises Unprocessable for a cursor that is none."""
    after = paging.position(query["cursor"], paging.plain, paging.whole)
    with deps.db.transaction(tenant) as tx:
        rows = page(deps, tx, year, query, after, query["limit"] + 1)
    return paging.page(rows, query["limit"], lambda row: (row["series"], row["n"]))


def _dated(year: int, filters: dict[str, Any]) -> dict[str, Any]:
    """The filters, a month as its days."""
    if filters.get("month") is None:
        return filters
    first, last = book.days_of(year, filters["month"])
    return filters | {
        "first": max(first, filters.get("first") or first),
        "last": min(last, filters.get("last") or last),
    }


def table(deps: Deps, tenant: str, year: int, filters: dict[str, Any]) -> Iterator[str]:
    """The lines as CSV, a batch at a time, each read in a transaction of its own: lines are added and never changed,
    so that nothing is missed and nothing comes twice. Raises Unavailable."""
    with deps.db.transaction(tenant) as tx:
        zone = office_of(tx)["zone"]
    yield book.head()
    after: tuple[str, int] | None = None
    while True:
        with deps.db.transaction(tenant) as tx:
            rows = page(deps, tx, year, filters, after, _BATCH)
        if rows:
            yield book.table(rows, zone)
            after = (rows[-1]["series"], rows[-1]["n"])
        if len(rows) < _BATCH:
            return


def office_of(tx: Tx) -> dict[str, Any]:
    """The caller's office. Raises Unavailable while intake has not told of it."""
    office = copies.office(tx, tx.tenant)
    if office is None:
        raise Unavailable
    return office


def paper(deps: Deps, tenant: str, year: int, filters: dict[str, Any]) -> bytes:
    """The book as PDF. Raises BookTooLong, Unavailable."""
    at = deps.clock.now()
    with deps.db.transaction(tenant) as tx:
        office = office_of(tx)
        rows = page(deps, tx, year, filters, None, book.MOST_PRINTED + 1)
        if len(rows) > book.MOST_PRINTED:
            raise BookTooLong(book.MOST_PRINTED)
        starts = registers.starts(tx, year, sorted({row["series"] for row in rows}))
    printed = book.printed(
        office, year, rows, starts,
        period=_period(year, filters),
        printed_at=words.long_time(at, office["zone"]),
        sample=is_sample(office, deps.settings.sample_data),
    )  # fmt: skip
    return _rendered(deps, printed.to_json(), at)


def _rendered(deps: Deps, data: dict[str, Any], at: datetime) -> bytes:
    """As PDF. A letter is refused for a sign that no font prints; the book goes on, and names the sign instead. Raises
    BookTooLong, Unavailable."""
    for _ in range(_UNPRINTABLE):
        try:
            return deps.renderer.render("register", data, at)
        except NotRenderedYet as error:
            raise Unavailable(headers={"Retry-After": "5"}) from error
        except CannotRender as error:
            if isinstance(error.__cause__, TooLong):
                raise BookTooLong(book.MOST_PRINTED) from error
            if not isinstance(error.__cause__, MissingGlyph):
                raise
            data = book.naming(data, error.__cause__.character)
    raise CannotRender("too many signs that no font prints")


def _period(year: int, filters: dict[str, Any]) -> str:
    dated = _dated(year, filters)
    if filters.get("month") is not None:
        return f"Bulan {words.month_name(dated['first'])} {year}"
    first, last = (words.long_date(dated.get(name)) for name in ("first", "last"))
    return " ".join(part for part in (first and f"dari {first}", last and f"sampai {last}") if part)
