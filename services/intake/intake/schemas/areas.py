"""Figures of the offices of a kecamatan or a city, side by side."""

from __future__ import annotations

from marshmallow import Schema, fields

from intake.schemas.base import KELURAHAN, shown
from intake.schemas.reports import LateCase, MetFigures, TotalFigures, month_field
from intake.schemas.surveys import IndexOut


class OfficeMonth(Schema):
    """One month of one office."""

    month = month_field("Month, office time.")
    total = fields.Nested(TotalFigures)


class OfficeFigures(Schema):
    kelurahan = shown("Kemendagri code.", KELURAHAN)
    name = shown("Name.", "Bukit Sangkal")
    kecamatan = shown("Its kecamatan.", "Kalidoni")
    total = fields.Nested(TotalFigures)
    trend = fields.List(fields.Nested(OfficeMonth), metadata={"description": "The twelve months up to this one."})
    survey = fields.Nested(
        IndexOut, metadata={"description": "What people said in that month, once it is over and enough of them did."}
    )
    late_now = fields.Dict(
        metadata={"description": "Late at this moment, by whose turn it is.", "example": {"rt_head": 2}}
    )


class AreaMonth(Schema):
    """One month of all the offices together."""

    month = month_field("Month.")
    submitted = fields.Integer(metadata={"description": "Cases submitted.", "example": 310})
    completed = fields.Integer(metadata={"description": "Completed.", "example": 290})
    on_time = fields.Nested(MetFigures)


class LateCaseOfOffice(LateCase):
    kelurahan = shown("Kemendagri code.", KELURAHAN)
    office = shown("Its office.", "Bukit Sangkal")


class AreaOut(Schema):
    """The offices of a kecamatan or a city in a month."""

    month = shown("Month.", "2026-08")
    place = shown("Kecamatan or city.", "Kecamatan Kalidoni, Kota Palembang")
    offices = fields.List(fields.Nested(OfficeFigures))
    trend = fields.List(fields.Nested(AreaMonth))
    late = fields.List(
        fields.Nested(LateCaseOfOffice), metadata={"description": "Late at this moment, the longest first, up to 200."}
    )
