"""Events by which a person's data go: intake asks all services at once, and each answers when its part is done."""

from __future__ import annotations

from marshmallow import fields, validate

from contracts.fields import EventData, identifier, kelurahan_code, moment, optional_identifier, required_text
from contracts.retention import STAYS

WHYS = ("retention", "person", "operator")


class ErasureRequested(EventData):
    """All that is kept about a case goes, besides what `stays`: its time is over (`retention`), the person wants it
    (`person`), or it was erased before and came back from a backup (`operator`). No person is named."""

    application_id = identifier()
    introduction_id = optional_identifier()
    kelurahan = kelurahan_code()
    why = required_text(validate=validate.OneOf(WHYS))
    requested_at = moment()
    stays = fields.List(fields.String(validate=validate.OneOf(STAYS)), required=True)


class ErasureDone(EventData):
    """One service has erased its part. `counts`: how much of what kind."""

    application_id = identifier()
    kelurahan = kelurahan_code()
    done_at = moment()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
