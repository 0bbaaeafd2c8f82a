"""Master data of offices: the shape of an office with all of it but the code left out at will."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from marshmallow import Schema, fields, missing, validate

from contracts.masterdata import Report, errors, result
from intake.schemas.base import KELURAHAN, Strict, shown
from intake.schemas.offices import Address, Calendar, Letterhead, Office, Registers

MOST = 1000


def _part(whole: type[Schema], name: str, description: str, **instead: fields.Field[Any]) -> type[Schema]:
    """The shape without anything that has to be there, or is there by itself."""
    made: dict[str, Any] = {"__doc__": description}
    for field, value in whole._declared_fields.items():
        made[field] = instead.get(field) or deepcopy(value)
        made[field].required, made[field].load_default = False, missing
    return type(name, (Strict,), made)


OfficePart = _part(
    Office,
    "OfficePart",
    "An office, or what is to be another way in it. Of address, letterhead, registers and calendar each field counts by"
    " itself; all else is replaced whole.",
    address=fields.Nested(_part(Address, "AddressPart", "Where the office is.")),
    letterhead=fields.Nested(_part(Letterhead, "LetterheadPart", "The head of a letter.")),
    registers=fields.Nested(_part(Registers, "RegistersPart", "How letters are numbered.")),
    calendar=fields.Nested(_part(Calendar, "CalendarPart", "When the office works.")),
)
OfficePart._declared_fields["code"].required = True


class MasterData(Strict):
    """Offices and their calendars."""

    offices = fields.List(
        fields.Nested(OfficePart), required=True, validate=validate.Length(1, MOST),
        metadata={"description": "Each by its code, once."},
    )  # fmt: skip


class OfficeReported(Schema):
    """What became of an office."""

    code = shown("Kemendagri code.", KELURAHAN)
    result = result()
    changed = fields.List(
        fields.String(), metadata={"description": "The parts that are another way now.", "example": ["calendar"]}
    )
    errors = errors()


class MasterDataReport(Report):
    """What was done, office by office."""

    items = fields.List(fields.Nested(OfficeReported), metadata={"description": "In the order of the document."})
