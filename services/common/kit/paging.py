"""Cursors: a list goes on after the last row that was seen, whatever was added meanwhile."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from kit.problems import Unprocessable, Words

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class PageQuery(Schema):
    """`?limit=…&cursor=…`, to be inherited by lists with filters."""

    class Meta:
        unknown = RAISE

    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, MAX_LIMIT),
        metadata={"description": "How many at the most.", "example": 50},
    )
    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=500),
        metadata={"description": "`next_cursor` of the page before.", "example": None},
    )


def encode_cursor(*position: Any) -> str:
    """Opaque text for a position in a list (values that JSON can say, or dates and ids)."""
    return base64.urlsafe_b64encode(json.dumps(position, default=str).encode()).decode().rstrip("=")


def position(cursor: str | None, *readers: Callable[[Any], Any]) -> list[Any] | None:
    """Where a list goes on, each value read by its own rule; None for the first page. Raises Unprocessable for what
    is no cursor of this list."""
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            raise TypeError
        return [read(value) for read, value in zip(readers, values, strict=True)]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        said = Words("Kursor tidak dikenal; mulai dari halaman pertama.", "Unknown cursor; start at the first page.")
        raise Unprocessable(errors={"query": {"cursor": [said]}}) from error


def whole(value: Any, *, bits: int = 31) -> int:
    """A reader for a number from 0 that fits an int (or, with 63 bits, a bigint). Raises TypeError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**bits:
        raise TypeError
    return value


def whole_big(value: Any) -> int:
    """The same for a bigint."""
    return whole(value, bits=63)


def plain(value: Any) -> str:
    """A reader for text that a database takes. Raises TypeError."""
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value


def page(rows: list[Any], limit: int, place: Callable[[Any], Any]) -> dict[str, Any]:
    """A page from up to `limit + 1` rows; `place(row)` gives the values of a row's cursor."""
    more = len(rows) > limit
    items = rows[:limit]
    return {"items": items, "next_cursor": encode_cursor(*place(items[-1])) if more else None}
