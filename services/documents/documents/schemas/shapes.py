"""How fields are described, and codes that several shapes share."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from documents.render.kinds import KINDS as ALL

KINDS = tuple(kind for kind in ALL if kind != "bundle")
"""Letters and forms; a bundle is neither."""

# Control characters but tab and line ends, and those that turn the direction of writing.
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"


class Strict(Schema):
    """Base of requests: unknown fields are refused."""

    class Meta:
        unknown = RAISE


def said(description: str, example: Any = None) -> dict[str, Any]:
    """Metadata of a field."""
    return {"metadata": {"description": description, "example": example}}


def plain_text(most: int, description: str, example: str, **more: Any) -> fields.String:
    """A line or two that a person wrote: not empty, no control characters, none that turn the direction of writing."""
    return fields.String(
        validate=[
            validate.Length(1, most),
            validate.Regexp(rf"(?s)(?=.*\S)[^{_CONTROLS}]*\Z"),
        ],
        **more,
        **said(description, example),
    )
