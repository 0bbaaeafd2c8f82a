"""The published catalogue: what Indonesian law wants shown of each public service."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from intake.schemas.base import KELURAHAN, KELURAHAN_CODE, Named, Strict, shown


class CatalogueQuery(Strict):
    """Whose catalogue."""

    kelurahan = fields.String(
        required=True,
        validate=validate.Regexp(KELURAHAN_CODE),
        metadata={"description": "Kemendagri code.", "example": KELURAHAN},
    )


class ReasonOut(Schema):
    """A reason for a case."""

    code = shown("Its code.", "lost")
    name = fields.Nested(Named)


_REASONS = fields.List(
    fields.String(), allow_none=True, metadata={"description": "For which reasons; null: always.", "example": ["lost"]}
)
_WHEN = fields.Dict(metadata={"description": "For which choices only.", "example": {"card_address": ["elsewhere"]}})


class ServiceRequirement(Schema):
    """What has to be brought."""

    code = shown("Its code.", "SURAT_KEHILANGAN")
    kind = shown("introduction or file.", "file")
    name = fields.Nested(Named)
    photo_hint = fields.Nested(Named, metadata={"description": "What a good photo shows."})
    optional = fields.Boolean(metadata={"description": "Welcome, and not needed.", "example": False})
    reasons = _REASONS
    when = _WHEN


class ColumnOut(Schema):
    """A column of a field of rows."""

    code = shown("Its code.", "name")
    name = fields.Nested(Named)


class FieldOut(Schema):
    """What the letters need to be filled in."""

    code = shown("Its code.", "business_name")
    name = fields.Nested(Named)
    type = shown("text, date, number, choice or rows.", "text")
    source = shown("Who gives it: applicant, rt_head or officer.", "applicant")
    required = fields.Boolean(metadata={"description": "Blocks signing while it is empty.", "example": True})
    reasons = _REASONS
    when = _WHEN
    choices = fields.List(fields.Nested(ReasonOut))
    columns = fields.List(fields.Nested(ColumnOut))


class ProductOut(Schema):
    """A letter or form that the kelurahan makes."""

    kind = shown("Which.", "kk_introduction")
    classification = shown("Code of the archive, of a letter.", "400.12.2.1")
    valid_days = fields.Integer(allow_none=True, metadata={"description": "So long it is valid.", "example": 90})
    reasons = _REASONS
    when = _WHEN
    title = fields.Nested(Named, metadata={"description": "Of the general letter."})
    text = fields.List(fields.Nested(Named), metadata={"description": "Its paragraphs, `{field}` for a value."})
    rows = fields.List(fields.String(), metadata={"description": "Fields that it lists.", "example": ["purpose"]})
    about = fields.List(
        fields.String(), metadata={"description": "Fields that name whom it is about.", "example": ["deceased_name"]}
    )
    copies = fields.List(fields.String(), metadata={"description": "Tembusan.", "example": ["Camat Kalidoni"]})


class PositionOut(Schema):
    """A side on which a neighbour is asked."""

    code = shown("Its code.", "left")
    name = fields.Nested(Named)


class WitnessesOut(Schema):
    """What neighbours are asked, and how many have to confirm it."""

    positions = fields.List(fields.Nested(PositionOut))
    quorum = fields.Integer(metadata={"description": "So many confirmations pass the case.", "example": 2})
    question = fields.Nested(Named)


class ServiceBrief(Schema):
    """A service in a list."""

    service = shown("Code.", "KK")
    version = fields.Integer(metadata={"example": 1})
    effective_from = shown("In force since.", "2026-01-01")
    name = fields.Nested(Named)
    days = fields.Integer(metadata={"description": "Working days.", "example": 3})
    cost = fields.Nested(Named)
    product = fields.Nested(Named)


class ServiceList(Schema):
    """Every service of the office."""

    items = fields.List(fields.Nested(ServiceBrief))


class ServiceOut(ServiceBrief):
    """A service, with all that the public has to be told."""

    procedure = fields.List(fields.Nested(Named))
    next_step = fields.Nested(Named, metadata={"description": "Where to go with the letter."})
    complaint = fields.Nested(Named)
    legal_basis = fields.List(fields.String(), metadata={"example": ["Undang-Undang Nomor 25 Tahun 2009"]})
    reasons = fields.List(fields.Nested(ReasonOut))
    requirements = fields.List(fields.Nested(ServiceRequirement))
    fields_ = fields.List(fields.Nested(FieldOut), attribute="fields", data_key="fields")
    steps = fields.List(fields.String(), metadata={"example": ["receive", "verify", "produce"]})
    introduction_days = fields.Integer(
        metadata={"description": "Working days in which the RT head is to answer, before the first day.", "example": 1}
    )
    witnesses = fields.Nested(WitnessesOut, metadata={"description": "Where neighbours are asked."})
    letters = fields.List(fields.Nested(ProductOut))
    forms = fields.List(fields.Nested(ProductOut))
