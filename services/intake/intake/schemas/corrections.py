"""How corrections and other requests about people's data are said and shown."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from intake.domain.requests import ANSWERS, KINDS, REFUSED, STATES
from intake.schemas.base import Strict, moment, optional, shown, text
from kit.problems import Words

_CASE = "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31"
_WORDS = "Nama ayah saya tertulis Zainudin, seharusnya Zainuddin."
_WHY = Words("Sebutkan alasannya.", "Say why.")


class CorrectionIn(Strict):
    """What is wrong, and what is right."""

    words = text("In one's own words.", _WORDS, most=1000, required=True)


class CorrectionAnswer(Strict):
    """What an officer did about it."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(ANSWERS),
        metadata={"description": "done, or refused with a note.", "example": "done"},
    )
    note = optional("What the person is told; needed for a refusal.", "Sudah diperbaiki.", most=500)

    @validates_schema
    def _with_a_reason(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("outcome") == REFUSED and not data.get("note"):
            raise ValidationError([_WHY], "note")  # type: ignore[list-item]


class CorrectionOut(Schema):
    """How it stands."""

    correction_id = shown("Its id.", "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e99")
    application_id = shown("The case.", _CASE)
    state = shown("asked, done or refused.", "asked")
    late = fields.Boolean(metadata={"description": "Its time is over, and nobody has answered.", "example": False})
    words = shown("What was asked for.", _WORDS)
    note = shown("What the officer says.", None, allow_none=True)
    requested_at = moment("When it was asked for.")
    due_at = moment("By when it is answered: within 3 × 24 hours.", "2026-08-17T09:00:00+07:00")
    answered_at = moment("When it was answered.", allow_none=True)


class CorrectionList(Schema):
    """All of a case."""

    application_id = shown("The case.", _CASE)
    items = fields.List(fields.Nested(CorrectionOut))


class RequestLine(Schema):
    """Something that a person asked for about his data, and that is not done yet."""

    kind = shown(f"{', '.join(KINDS)}.", "correction")
    application_id = shown("The case.", _CASE)
    tracking_code = shown("Its code.", "PGT-7K3M9-XW2RB", allow_none=True)
    state = shown(f"{', '.join(STATES)}: how near the end of its time it is.", "soon")
    requested_at = moment("When it was asked for.")
    due_at = moment("By when it has to be done.", "2026-08-17T09:00:00+07:00")


class RequestPage(Schema):
    """A page of them."""

    items = fields.List(fields.Nested(RequestLine))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)
