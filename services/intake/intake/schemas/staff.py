"""Staff and machines, as administrators see them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from contracts.phones import normalise_phone
from intake.domain.accounts import MOST_WITHIN, ROLES_OF_LEVEL, SCOPES
from intake.schemas.base import Strict, moment, shown, text
from kit.problems import Words
from kit.quotas import MOST_BYTES, MOST_REQUESTS
from kit.versions import versioned

_ALL_ROLES = sorted({role for roles in ROLES_OF_LEVEL.values() for role in roles})


_PHONE = Words("Nomor HP tidak benar; contoh 0812 3456 7890.", "This is no mobile number; such as 0812 3456 7890.")
_WITHIN = "Codes of the only kelurahan or kecamatan that it may read; empty: all below your own place."
_TOLD_AT = "Where he is told of the day's work when the office opens; without it he is told nothing."


class _Mobile(fields.String):
    """A mobile number as people write it, read as E.164."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        try:
            return normalise_phone(super()._deserialize(value, attr, data, **more))
        except ValueError as error:
            raise ValidationError([_PHONE]) from error  # type: ignore[list-item]


def _roles() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf(_ALL_ROLES)),
        required=True,
        validate=validate.Length(1, len(_ALL_ROLES)),
        metadata={"description": "What he may do.", "example": ["officer"]},
    )


class StaffIn(Strict):
    """Somebody who is to work here."""

    name = text("The person's name.", "Nyimas Halimah", most=150, required=True)
    username = fields.String(
        required=True, validate=validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}\Z"),
        metadata={"description": "Letters, digits, dots and hyphens.", "example": "halimah"},
    )  # fmt: skip
    roles = _roles()
    phone = _Mobile(load_default=None, allow_none=True, metadata={"description": _TOLD_AT, "example": "0812 0000 0711"})


class StaffChange(Strict):
    name = text("The person's name.", "Nyimas Halimah", most=150, required=True)
    roles = _roles()
    phone = _Mobile(
        allow_none=True,
        metadata={
            "description": f"{_TOLD_AT} Null takes it away; left alone if not sent.",
            "example": "0812 0000 0711",
        },
    )


@versioned
class StaffOut(Schema):
    id = fields.UUID()
    name = shown("The person's name.", "Nyimas Halimah")
    username = shown("The user name.", "halimah")
    phone = shown("Where he is told of the day's work.", "+6281200000711", allow_none=True)
    roles = fields.List(fields.String())
    state = shown("invited, active or closed.", "active")
    invitation_until = moment("Until when the invitation can be accepted; null where there is none.", allow_none=True)
    made_at = moment("When the account was made.")


class StaffInvited(StaffOut):
    invitation = shown("To be handed to the person; shown this once, 72 hours.", "Vb3…")


class StaffPage(Schema):
    items = fields.List(fields.Nested(StaffOut))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)


class QuotaIn(Strict):
    """What a machine may ask of us; what is left out is as for every machine."""

    requests = fields.Integer(
        validate=validate.Range(1, MOST_REQUESTS), metadata={"description": "Requests a minute.", "example": 600}
    )
    bytes = fields.Integer(
        validate=validate.Range(1_000_000, MOST_BYTES),
        metadata={"description": "Bytes of answers a day.", "example": 2_000_000_000},
    )


class MachineChange(Strict):
    """What another system may do here, and where."""

    scopes = fields.List(
        fields.String(validate=validate.OneOf(sorted(SCOPES))),
        required=True,
        validate=validate.Length(1, len(SCOPES)),
        metadata={"description": "What it may do.", "example": ["reports.read"]},
    )
    within = fields.List(
        fields.String(validate=validate.Length(1, 13)),
        load_default=list,
        validate=validate.Length(0, MOST_WITHIN),
        metadata={"description": _WITHIN, "example": ["16.71.10.1001"]},
    )
    quota = fields.Nested(QuotaIn, load_default=dict, metadata={"description": "Where it is not every machine's."})


class MachineIn(MachineChange):
    """Another system that is to ask here."""

    name = text("What it is called.", "Dasbor Kota", most=100, required=True)


class KeyOut(Schema):
    id = fields.UUID()
    made_at = moment("When it was made.")
    ends_at = moment("Until when it counts.")
    used_at = moment("When it was last used, to the hour.", allow_none=True)


class QuotaOut(Schema):
    requests = fields.Integer(metadata={"description": "Requests a minute; absent: as for every machine."})
    bytes = fields.Integer(metadata={"description": "Bytes of answers a day; absent: as for every machine."})


@versioned
class MachineOut(Schema):
    id = fields.UUID()
    name = shown("What it is called.", "Dasbor Kota")
    scopes = fields.List(fields.String())
    within = fields.List(fields.String(), metadata={"description": _WITHIN})
    quota = fields.Nested(QuotaOut)
    state = shown("active or closed.", "active")
    made_at = moment("When it was made.")
    keys = fields.List(fields.Nested(KeyOut), metadata={"description": "Those that count."})


class MachineMade(MachineOut):
    client_secret = shown("Its key; shown this once.", "Vb3…")


class MachinePage(Schema):
    items = fields.List(fields.Nested(MachineOut))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)
