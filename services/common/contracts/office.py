"""Events that every service keeps a copy of: offices, published SOPs, the clock."""

from __future__ import annotations

from marshmallow import fields, validate

from contracts.fields import (
    EventData,
    identifier,
    kelurahan_code,
    moment,
    optional_identifier,
    optional_text,
    required_text,
)


class OfficeState(EventData):
    """An office as `PUT /v1/offices/{kelurahan}` took it: name, address, hours, letterhead, signer."""

    kelurahan = kelurahan_code()
    name = required_text()
    kecamatan = required_text()
    kota = required_text()
    province = required_text()
    zone = required_text(validate=validate.OneOf(("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")))
    office = fields.Dict(keys=fields.String(), required=True)
    """The office resource as a whole, in the shape of its own API. `address.whatsapp`, if there is one, is the number
    at which applications are begun."""


class SopPublished(EventData):
    """One published version of a service of an office's catalogue."""

    kelurahan = kelurahan_code()
    service = required_text()
    version = fields.Integer(required=True)
    effective_from = fields.Date(required=True)
    name = required_text()
    sop = fields.Dict(keys=fields.String(), required=True)
    """The SOP as a whole: requirements, fields, letters, forms, promised days, next step, cost."""


class AccessChanged(EventData):
    """Access tokens count no more although their time is not up: those of a session, or where none is named all that an
    account got until then. Its next ones have the roles that it has now. Machine time."""

    account_id = identifier()
    office = required_text()
    """Code of the kelurahan, or of the kecamatan or city whose staff it is."""
    session_id = optional_identifier()
    ended_at = moment()
    epoch = fields.Integer(load_default=None, allow_none=True)
    """Of an account: tokens that name an earlier epoch count no more, whatever time they say."""
    roles = fields.List(fields.String(), load_default=None, allow_none=True)
    """Of a machine: what it may do from now on; nothing once it is closed. What others do for it without a token of its
    own ends with that."""
    within = fields.List(fields.String(), load_default=None, allow_none=True)
    """Of a machine: the offices or kecamatan that it is restricted to from now on; none: all below its own place."""


class ClockChanged(EventData):
    """The business clock is `offset_seconds` ahead of machine time; never in production."""

    offset_seconds = fields.Float(required=True)
    changed_at = moment()
    changed_by = optional_text()
