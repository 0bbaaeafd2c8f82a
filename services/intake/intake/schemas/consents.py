"""How consents are said and shown."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from intake.schemas.base import Named, Strict, moment, shown


class ConsentWord(Strict):
    """His word about one kind."""

    given = fields.Boolean(required=True, metadata={"description": "true: he agrees; false: not, or not any more."})
    text_version = fields.Integer(
        required=True,
        validate=validate.Range(1, 1000),
        metadata={"description": "Of the text that he was shown.", "example": 1},
    )


class ConsentKindOut(Schema):
    """One kind as it stands."""

    kind = shown("messages, courier or neighbours.", "messages")
    state = shown("unsaid, given or withdrawn.", "given")
    text_version = fields.Integer(metadata={"description": "Of the text.", "example": 1})
    text = fields.Nested(Named)
    asked_version = fields.Integer(metadata={"description": "Of the text that is asked today.", "example": 1})
    at = moment("When he said so; null where he said nothing.", allow_none=True)
    by = shown("Who recorded it: applicant or officer.", "applicant", allow_none=True)


class ConsentsOut(Schema):
    """All kinds."""

    application_id = shown("The case.", "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31")
    items = fields.List(fields.Nested(ConsentKindOut))
