"""What other systems may know: the public events of the feed and of webhooks, with the minimum of a case and nothing of
a person.

A public event has the type, the id and the sequence of the event that it was made of. Left out on purpose: the sealed
`person`, whoever acted, free text (reasons), RT and RW, and whatever opens something: the tracking code, the address
and the hash by which a letter is checked. A letter's number opens nothing and is what archives ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields, validate

from contracts.application import STATUSES
from contracts.fields import (
    EventData,
    identifier,
    kelurahan_code,
    moment,
    optional_identifier,
    optional_moment,
    optional_text,
    required_text,
)

STEPS = ("receive", "verify", "produce", "hand_over")
RESULTS = ("completed", "rejected", "withdrawn", "expired")


class PublicCase(EventData):
    """How a case stands after what the event's type names: the whole of what is public, so that of two events about a
    case the one with the higher `sequence` is all that has to be kept."""

    application_id = identifier()
    kelurahan = kelurahan_code()
    service = required_text()
    sop_version = fields.Integer(required=True)
    status = required_text(validate=validate.OneOf(STATUSES))
    step = optional_text(validate=validate.OneOf(STEPS))
    """What has to be done next at the office; null while the case is with the applicant, and at its end."""
    result = optional_text(validate=validate.OneOf(RESULTS))
    """How it ended; null while it is under way."""
    opened_at = moment()
    submitted_at = optional_moment()
    received_at = optional_moment()
    promised_at = optional_moment()
    changed_at = moment()
    ended_at = optional_moment()


class PublicLetterIssued(EventData):
    """A letter has its number and can be checked."""

    letter_id = identifier()
    application_id = optional_identifier()
    kelurahan = kelurahan_code()
    kind = required_text()
    number = required_text()
    dated = fields.Date(required=True)
    issued_at = moment()


class PublicLetterVoided(EventData):
    """A letter counts no more; its number stays."""

    letter_id = identifier()
    application_id = optional_identifier()
    kelurahan = kelurahan_code()
    kind = required_text()
    number = required_text()
    voided_at = moment()


@dataclass(frozen=True)
class PublicContract:
    """One public event. `dataversion` in the envelope is its version, which is not that of the inner event."""

    type: str
    source: str
    schema: type[EventData]
    version: int = 1


_CASE = (
    "opened", "changed", "submitted", "returned", "resubmitted", "received", "verified",
    "issued", "completed", "rejected", "withdrawn", "expired",
)  # fmt: skip

_LIST = (
    *(PublicContract(f"application.{change}", "intake", PublicCase) for change in _CASE),
    PublicContract("letter.issued", "documents", PublicLetterIssued),
    PublicContract("letter.voided", "documents", PublicLetterVoided),
)

PUBLIC: Mapping[str, PublicContract] = {one.type: one for one in _LIST}
"""The one list of what is told to other systems."""


def schema_of(event_type: str) -> type[EventData]:
    """The shape of a public event's data. Raises KeyError for a type that is not public."""
    return PUBLIC[event_type].schema


class PublicEvent(EventData):
    """The envelope: CloudEvents 1.0 in JSON. `sequence` counts from 1 for each source and subject, and may leave out
    numbers; `position` is the place in the feed, from 1, without a gap."""

    specversion = required_text(validate=validate.Equal("1.0"))
    id = identifier()
    source = required_text()
    type = required_text(validate=validate.OneOf(list(PUBLIC)))
    subject = required_text()
    time = moment()
    datacontenttype = required_text()
    dataversion = fields.Integer(required=True)
    kelurahan = kelurahan_code()
    sequence = fields.Integer(required=True)
    position = fields.Integer(required=True)
    data = fields.Dict(required=True)


Envelope = dict[str, Any]
