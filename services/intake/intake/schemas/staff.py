"""Staff and machines, as administrators see them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from intake.domain.accounts import ROLES_OF_LEVEL, SCOPES
from intake.schemas.base import Strict, moment, shown, text
from kit.versions import versioned

_ALL_ROLES = sorted({role for roles in ROLES_OF_LEVEL.values() for role in roles})


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


class StaffChange(Strict):
    name = text("The person's name.", "Nyimas Halimah", most=150, required=True)
    roles = _roles()


@versioned
class StaffOut(Schema):
    id = fields.UUID()
    name = shown("The person's name.", "Nyimas Halimah")
    username = shown("The user name.", "halimah")
    roles = fields.List(fields.String())
    state = shown("invited, active or closed.", "active")
    invitation_until = moment("Until when the invitation can be accepted; null where there is none.", allow_none=True)
    made_at = moment("When the account was made.")


class StaffInvited(StaffOut):
    invitation = shown("To be handed to the person; shown this once, 72 hours.", "Vb3…")


class StaffPage(Schema):
    items = fields.List(fields.Nested(StaffOut))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)


class MachineIn(Strict):
    """Another system that is to ask here."""

    name = text("What it is called.", "Dasbor Kota", most=100, required=True)
    scopes = fields.List(
        fields.String(validate=validate.OneOf(sorted(SCOPES))),
        required=True,
        validate=validate.Length(1, len(SCOPES)),
        metadata={"description": "What it may do.", "example": ["reports.read"]},
    )


class KeyOut(Schema):
    id = fields.UUID()
    made_at = moment("When it was made.")
    ends_at = moment("Until when it counts.")
    used_at = moment("When it was last used, to the hour.", allow_none=True)


class MachineOut(Schema):
    id = fields.UUID()
    name = shown("What it is called.", "Dasbor Kota")
    scopes = fields.List(fields.String())
    state = shown("active or closed.", "active")
    made_at = moment("When it was made.")
    keys = fields.List(fields.Nested(KeyOut), metadata={"description": "Those that count."})


class MachineMade(MachineOut):
    client_secret = shown("Its key; shown this once.", "Vb3…")


class MachinePage(Schema):
    items = fields.List(fields.Nested(MachineOut))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)
