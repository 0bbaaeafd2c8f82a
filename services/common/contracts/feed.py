"""What other systems may know: the public events of the feed and of webhooks, with the minimum of a case and nothing of
a person.

A public event has the type, the id and the sequence of the event that it was made of. Left out on purpose: the sealed
`person`, whoever acted, free text (reasons), RT and RW, and whatever opens something: the tracking code, the address
and the hash by which a letter is checked. A letter's number opens nothing and is what archives ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields, validate

from contracts import complaining
from contracts.application import STATUSES
from contracts.catalogue import EventSchema, contract
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
_STEP = dict(zip(("submitted", "received", "verified", "issued"), STEPS, strict=True))
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


class PublicComplaint(EventData):
    """How a complaint, wish or question stands after what the event's type names: the whole of what is public. Which
    case it is about is told where it was filed openly; its ticket, by which it is followed, never."""

    complaint_id = identifier()
    kelurahan = kelurahan_code()
    kind = required_text(validate=validate.OneOf(complaining.KINDS))
    complaint_class = optional_text(validate=validate.OneOf(complaining.CLASSES))
    application_id = optional_identifier()
    service = optional_text()
    step = optional_text(validate=validate.OneOf(complaining.STEPS))
    status = required_text(validate=validate.OneOf(complaining.STATUSES))
    level = required_text(validate=validate.OneOf(complaining.LEVELS))
    reopened = fields.Integer(required=True)
    filed_at = moment()
    changed_at = moment()
    check_due_at = optional_moment()
    checked_at = optional_moment()
    answer_due_at = optional_moment()
    answered_at = optional_moment()
    closed_at = optional_moment()
    result = optional_text(validate=validate.OneOf(complaining.RESULTS))


Data = Mapping[str, Any]


def _of_case(data: Data) -> dict[str, Any]:
    status = data["status"]
    ended = status in RESULTS
    return {
        "step": _STEP.get(status), "result": status if ended else None,
        "ended_at": data["changed_at"] if ended else None,
    }  # fmt: skip


def _of_complaint(data: Data) -> dict[str, Any]:
    return {"application_id": data["application_id"] if data["confidentiality"] == "open" else None}


def _of_letter(_data: Data) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class PublicContract:
    """One public event. `dataversion` in the envelope is its version, which is not that of the inner event; `made`
    gives the public fields that are not taken over under their own name."""

    type: str
    source: str
    schema: EventSchema
    made: Callable[[Data], dict[str, Any]]
    version: int = 1

    def told(self, data: Data) -> dict[str, Any]:
        """What is told of an inner event's data: the fields of the schema, ready for JSON."""
        schema, made = self.schema(), self.made(data)
        told: dict[str, Any] = schema.dump({name: made.get(name, data.get(name)) for name in schema.fields})
        return told

    @property
    def example(self) -> dict[str, Any]:
        """The data of a made-up event."""
        inner = contract(self.type)
        return self.told(inner.schema().load({**inner.example, "person": None}))


_CASE = (
    "opened", "changed", "submitted", "returned", "resubmitted", "received", "verified",
    "issued", "completed", "rejected", "withdrawn", "expired",
)  # fmt: skip

_LIST = (
    *(PublicContract(f"application.{change}", "intake", PublicCase, _of_case) for change in _CASE),
    *(
        PublicContract(f"complaint.{change}", "intake", PublicComplaint, _of_complaint)
        for change in (*complaining.CHANGES, complaining.AGAIN)
    ),
    PublicContract("letter.issued", "documents", PublicLetterIssued, _of_letter),
    PublicContract("letter.voided", "documents", PublicLetterVoided, _of_letter),
)

PUBLIC: Mapping[str, PublicContract] = {one.type: one for one in _LIST}
"""The one list of what is told to other systems."""


class PublicEvent(EventData):
    """The envelope: CloudEvents 1.0 in JSON. `sequence` counts from 1 for each source and subject, and may leave out
    numbers; `position` is the place in the feed, from 1: without a gap, but for the leap of a restore."""

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


def envelope(told: PublicContract, data: dict[str, Any], **head: Any) -> Envelope:
    """A public event as it is told, its position aside; `head` has id, subject, time, kelurahan and sequence."""
    return {
        "specversion": "1.0",
        "id": head["id"],
        "source": f"/{told.source}",
        "type": told.type,
        "subject": head["subject"],
        "time": head["time"],
        "datacontenttype": "application/json",
        "dataversion": told.version,
        "kelurahan": head["kelurahan"],
        "sequence": head["sequence"],
        "data": data,
    }


def example_of(told: PublicContract) -> Envelope:
    """A made-up event with its position."""
    data = told.example
    made = envelope(
        told, data, id="0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8f01", sequence=7, kelurahan=data["kelurahan"],
        subject=str(next(iter(data.values()))), time=_time_of(data),
    )  # fmt: skip
    return made | {"position": 4711}


def _time_of(data: Data) -> str:
    return str(next(data[name] for name in ("changed_at", "issued_at", "voided_at") if name in data))
