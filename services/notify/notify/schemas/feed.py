"""What the feed takes and gives."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate
from webargs.fields import DelimitedList

from contracts.feed import PUBLIC, PublicEvent

BATCH = "application/cloudevents-batch+json"
MOST = 500
LONGEST = 30
PLACES = 50
PATTERNS = (*sorted({f"{name.partition('.')[0]}.*" for name in PUBLIC}), *PUBLIC)
_PLACE = r"^\d\d\.\d\d(\.\d\d(\.\d{4})?)?$"


def _said(description: str, example: Any = None) -> dict[str, Any]:
    return {"metadata": {"description": description, "example": example}}


class FeedQuery(Schema):
    class Meta:
        unknown = RAISE

    after = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 2**53),
        **_said("The position that was read last; 0: from the beginning.", 0),
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST), **_said("How many at the most.", 100))
    wait = fields.Integer(
        load_default=0,
        validate=validate.Range(0, LONGEST),
        **_said(
            "Seconds to wait for where there is nothing yet. Where many wait already, the answer comes at once.", 0
        ),
    )
    types = DelimitedList(
        fields.String(validate=validate.OneOf(PATTERNS)),
        load_default=list,
        validate=validate.Length(max=len(PATTERNS)),
        **_said("Only events of these types, with commas between.", ["application.*"]),
    )
    kelurahan = DelimitedList(
        fields.String(validate=validate.Regexp(_PLACE)),
        load_default=list,
        validate=validate.Length(max=PLACES),
        **_said("Only these offices, or those below these kecamatan or cities.", ["16.71.10.1001"]),
    )


class PublicEventOut(PublicEvent):
    """A CloudEvent of the feed; `data` is described by its type in the AsyncAPI document."""


class PositionsOut(Schema):
    oldest = fields.Integer(required=True, **_said("The first position that is kept, or will be.", 1))
    newest = fields.Integer(required=True, **_said("The last position that was given; 0 before the first.", 4711))
