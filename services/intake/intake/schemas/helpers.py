"""How helpers are shown to the office."""

from __future__ import annotations

from marshmallow import Schema, fields

from intake.schemas.base import moment, shown


class HelperLine(Schema):
    """Somebody who opens cases for others."""

    id = fields.UUID()
    name = shown("As given with the last case.", "Nur'aini")
    phone = shown("As given with the last case.", "+6281271000072")
    cases = fields.Integer(metadata={"description": "All that were opened.", "example": 7})
    today = fields.Integer(metadata={"description": "Those of today.", "example": 2})
    last_at = moment("When the last one was opened.")
    applications = shown("The cases.", "/v1/applications?helper=019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31")


class HelperPage(Schema):
    """A page of helpers."""

    items = fields.List(fields.Nested(HelperLine))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)
