"""Master data of RTs and of who heads them, of as many offices as whoever sends them has below him."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from contracts.masterdata import Report, errors, result
from verification.schemas.heads import TermSaid
from verification.schemas.shapes import RtNumber, RwNumber, Strict, said, shown

MOST = 5000
_CODE = validate.Regexp(r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}\Z")


def _kelurahan() -> fields.String:
    return fields.String(required=True, validate=_CODE, **said("Kemendagri code of the office.", "16.71.10.1001"))


class NeighbourhoodSent(Strict):
    """An RT."""

    kelurahan = _kelurahan()
    rw = RwNumber(required=True, **said("RW.", "005"))
    rt = RtNumber(required=True, **said("RT.", "023"))


class OfficeholderSent(TermSaid):
    """Somebody who heads an RT or RW, or stands in, from when to when. Of one that is there already, what is left out
    stays as it is."""

    kelurahan = _kelurahan()


class MasterData(Strict):
    """RTs, and who heads them. An RT that somebody heads need not be named by itself."""

    neighbourhoods = fields.List(
        fields.Nested(NeighbourhoodSent), load_default=list, validate=validate.Length(max=MOST), **said("RTs.")
    )
    officeholders = fields.List(
        fields.Nested(OfficeholderSent), load_default=list, validate=validate.Length(max=MOST),
        **said("Heads, substitutes, heads of RWs."),
    )  # fmt: skip


class ItemReported(Schema):
    """What became of one of them."""

    list = shown("neighbourhoods or officeholders.", "officeholders")
    index = shown("Where it stands in its list, from 0.", 0, fields.Integer)
    kelurahan = shown("The office.", "16.71.10.1001")
    result = result()
    errors = errors()


class MasterDataReport(Report):
    """What was done, item by item; no name is in it."""

    items = fields.List(fields.Nested(ItemReported), **said("First the RTs, then who heads them, as they were sent."))
