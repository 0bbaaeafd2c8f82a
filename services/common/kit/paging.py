"""Cursors: a list goes on after the last row that was seen, whatever was added meanwhile."""

from __future__ import annotations

import base64
import json
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


def decode_cursor(cursor: str | None, size: int) -> list[Any] | None:
    """The position again, or None for the first page. Raises Unprocessable for what is no cursor of ours."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(position, list) and len(position) == size:
            return position
    except (ValueError, RecursionError):
        pass
    said = Words("Kursor tidak dikenal; mulai dari halaman pertama.", "Unknown cursor; start at the first page.")
    raise Unprocessable(errors={"query": {"cursor": [said]}})


def page(rows: list[Any], limit: int, position: Any) -> dict[str, Any]:
    """A page from up to `limit + 1` rows; `position(row)` gives the values of a row's cursor."""
    more = len(rows) > limit
    items = rows[:limit]
    return {"items": items, "next_cursor": encode_cursor(*position(items[-1])) if more else None}
