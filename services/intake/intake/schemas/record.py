"""How a record is asked for, shown and fetched."""

from __future__ import annotations

from marshmallow import Schema, fields

from intake.schemas.base import Strict, moment, shown, text


class RecordOut(Schema):
    """How it stands."""

    application_id = shown("The case.", "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31")
    state = shown("asked, ready or failed.", "asked")
    requested_at = moment("When it was asked for.")
    due_at = moment("By when it is there: within 3 × 24 hours.", "2026-08-17T09:00:00+07:00")
    ready_at = moment("Since when it can be fetched.", allow_none=True)
    ends_at = moment("Until when it can be fetched.", allow_none=True)
    size = fields.Integer(allow_none=True, metadata={"description": "Bytes.", "example": 1843201})
    problem = shown("Why it failed; it can be asked for again.", None, allow_none=True)


class RecordLinkOut(Schema):
    """An address that fetches it."""

    url = shown("Without a login.", "https://layanan.contoh.id/v1/applications/019a7c3e/record/content?link=h9K2")
    expires_in = fields.Integer(metadata={"description": "Seconds.", "example": 300})


class RecordQuery(Strict):
    """By which link."""

    link = text("The secret of a link.", "h9K2", most=64, required=True)
