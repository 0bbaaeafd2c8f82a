"""What everybody may know of an office."""

from __future__ import annotations

from marshmallow import Schema, fields

from intake.schemas.base import Named, shown
from intake.schemas.reports import MetFigures, MonthOut, ServiceFigures, month_field
from intake.schemas.surveys import SurveyIndexOut


class OfferedService(Schema):
    """A service as it is offered today."""

    name = fields.Nested(Named)
    days = fields.Integer(metadata={"description": "Working days within which the letters are promised.", "example": 3})
    product = fields.Nested(Named, metadata={"description": "What the office issues."})
    cost = fields.Nested(Named)
    requirements = fields.List(fields.Nested(Named), metadata={"description": "What it needs for that."})
    next_step = fields.Nested(Named, metadata={"description": "Where to go with it."})


class PublicService(ServiceFigures):
    offered = fields.Nested(OfferedService, allow_none=True, metadata={"description": "Null: it is offered no more."})


class PublicMonth(Schema):
    month = month_field("Month, office time.")
    submitted = fields.Integer(allow_none=True, metadata={"description": "Cases submitted.", "example": 31})
    completed = fields.Integer(allow_none=True, metadata={"description": "Completed.", "example": 29})
    on_time = fields.Nested(MetFigures)


class PublicReportOut(MonthOut):
    """An office's month, for everybody: no names, no codes of cases, nothing that could tell of somebody."""

    name = shown("The office.", "Bukit Sangkal")
    services = fields.List(fields.Nested(PublicService))
    survey = fields.Nested(
        SurveyIndexOut,
        metadata={"description": "The survey's index of that month, or of the year before where too few answered."},
    )
    trend = fields.List(fields.Nested(PublicMonth), metadata={"description": "The twelve months up to this one."})
