"""How it is shown who touched a case."""

from __future__ import annotations

from marshmallow import Schema, fields

from intake.schemas.base import moment, shown


class AccessOut(Schema):
    """The same reader and the same thing, within an hour."""

    first_at = moment("When first, in office time.")
    last_at = moment("When last.")
    times = fields.Integer(metadata={"description": "How often.", "example": 2})
    by = shown(
        "lurah, signer, officer, administrator, camat, city, rw_head, rt_head, witness, helper, machine (a system)"
        " or other.",
        "officer",
    )
    office = shown("The reader's office.", "Bukit Sangkal")
    name = shown("Of the lurah, whose name the office publishes; of nobody else.", None, allow_none=True)
    did = shown("read, or changed (and saw it doing so).", "read")
    kind = shown(
        "What: application, file, letter, bundle, task, message, handover, register; of a change, its part.", "file"
    )
    object = shown("Which.", "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e01")
    purpose = shown("case: he worked on this case; else list, search, table or print, among others.", "case")
    service = shown("Which part of the system.", "documents")


class AccessPage(Schema):
    """A page of them, the latest first."""

    items = fields.List(fields.Nested(AccessOut))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)
