"""Whole periods for other systems: which days and offices, and how they are read, the same in all services.

Office after office, batch after batch, each in a transaction of its own as that office: none is open while a reader is
slow, and no statement sees another office. A row's cursor says where it stands, and with it a reader goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from contracts.reach import CODE, MOST_NAMED
from kit.days import Day
from kit.db import Database, Tx
from kit.paging import encode_cursor, plain, position
from kit.problems import Words

BATCH = 500
LONGEST = timedelta(days=366)
_DAYS = validate.Range(date(2000, 1, 1), date(2199, 12, 31))
_BACKWARDS = Words("Tidak boleh sebelum tanggal awal.", "It must not be before the first day.")
_TOO_LONG = Words("Paling lama 366 hari sekali minta.", "At most 366 days at once.")

T = TypeVar("T")


class PeriodQuery(Schema):
    """Which days of which offices."""

    class Meta:
        unknown = RAISE

    first = Day(
        required=True, data_key="from", validate=_DAYS,
        metadata={"description": "The first day, as the office counts days.", "example": "2026-08-01"},
    )  # fmt: skip
    last = Day(
        required=True, data_key="to", validate=_DAYS,
        metadata={"description": "The last day. Days that are over get no more rows.", "example": "2026-08-31"},
    )  # fmt: skip
    kelurahan = fields.List(
        fields.String(validate=validate.Regexp(CODE)), load_default=list, validate=validate.Length(0, MOST_NAMED),
        metadata={
            "description": "Only these offices, or those of a kecamatan; else all that the caller may read.",
            "example": ["16.71.10.1001"],
        },
    )  # fmt: skip
    cursor = fields.String(
        load_default=None, validate=validate.Length(max=500),
        metadata={"description": "Of the last row that was read: goes on after it.", "example": None},
    )  # fmt: skip

    @validates_schema
    def is_a_period(self, data: dict[str, Any], **_more: Any) -> None:
        """The days are in order, and not too many."""
        if data["last"] < data["first"]:
            raise ValidationError([_BACKWARDS], "to")  # type: ignore[list-item]
        if data["last"] - data["first"] >= LONGEST:
            raise ValidationError([_TOO_LONG], "to")  # type: ignore[list-item]


def each_office(
    db: Database, offices: Sequence[str], cursor: str | None, readers: Sequence[Callable[[Any], Any]],
    read: Callable[[Tx, str, list[Any] | None, int], list[T]], place: Callable[[T], Sequence[Any]],
) -> Iterator[list[tuple[T, str]]]:  # fmt: skip
    """Batches of (row, its cursor). `offices` in order; `read(tx, office, after, limit)` gives rows of one office in
    the order of their places, `place(row)` one row's, of which a cursor's values are read by `readers`. Raises
    Unprocessable for a cursor that is none, and DatabaseUnavailable."""
    found = position(cursor, plain, *readers)  # at once, not with the first row
    begun, start = (found[0], found[1:]) if found else ("", None)
    return _batches(db, [one for one in offices if one >= begun], begun, start, read, place)


def _batches(
    db: Database, offices: Sequence[str], begun: str, start: list[Any] | None,
    read: Callable[[Tx, str, list[Any] | None, int], list[T]], place: Callable[[T], Sequence[Any]],
) -> Iterator[list[tuple[T, str]]]:  # fmt: skip
    for office in offices:
        after = start if office == begun else None
        while True:
            with db.transaction(office) as tx:
                rows = read(tx, office, after, BATCH)
            if rows:
                after = list(place(rows[-1]))
                yield [(row, encode_cursor(office, *place(row))) for row in rows]
            if len(rows) < BATCH:
                break
