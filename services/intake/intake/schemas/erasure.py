"""How an erasure is shown."""

from __future__ import annotations

from marshmallow import Schema, fields

from intake.schemas.base import Named, moment, shown


class GoesOut(Schema):
    """Something that goes."""

    what = shown("What.", "scans")
    said = fields.Nested(Named)


class StaysOut(GoesOut):
    """Something that stays."""

    why = fields.Nested(Named)


class ErasurePartOut(Schema):
    """What one part of the system has erased."""

    service = shown("Which part.", "documents")
    counts = fields.Dict(
        keys=fields.String(), values=fields.Integer(),
        metadata={"description": "How much of what kind.", "example": {"letter": 2, "object": 5}},
    )  # fmt: skip
    done_at = moment("When.")


class ErasureOut(Schema):
    """What of a case goes, what stays and why; by when, and the proof."""

    application_id = shown("The case.", "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31")
    state = shown("kept, requested or done.", "requested")
    why = shown(
        "person (asked for), retention (its time was over) or operator; null while it is kept.",
        "person",
        allow_none=True,
    )
    kept_until = moment(
        "When it goes by itself; null while the case is open, and once it was asked for.", allow_none=True
    )
    requested_at = moment("When it was asked for.", allow_none=True)
    due_at = moment("By when it is done: within 3 × 24 hours.", "2026-08-17T09:00:00+07:00", allow_none=True)
    done_at = moment("When all parts of the system were done.", allow_none=True)
    goes = fields.List(fields.Nested(GoesOut))
    stays = fields.List(fields.Nested(StaysOut))
    parts = fields.List(fields.Nested(ErasurePartOut), metadata={"description": "The proof, part by part."})
