"""Events by which a person gets all that is kept about his case: intake asks all services, each hands over its part."""

from __future__ import annotations

from marshmallow import fields

from contracts.documents import StoredFile
from contracts.fields import (
    EventData,
    identifier,
    kelurahan_code,
    moment,
    optional_identifier,
    required_text,
    sealed_person,
)


class RecordRequested(EventData):
    """The person of a case wants all that is kept about it, by `due_at` (3 × 24 hours). `himself`: he asked, and no
    officer can fetch it; else what he wrote is no part of it."""

    record_id = identifier()
    application_id = identifier()
    introduction_id = optional_identifier()
    kelurahan = kelurahan_code()
    requested_at = moment()
    due_at = moment()
    himself = fields.Boolean(load_default=False)


class RecordFile(StoredFile):
    """A file that belongs to it, by the name that it shall have."""

    name = required_text()


class RecordProvided(EventData):
    """One service's part. `person`: what it keeps, in words of its own, without other people's data."""

    record_id = identifier()
    application_id = identifier()
    kelurahan = kelurahan_code()
    provided_at = moment()
    files = fields.List(fields.Nested(RecordFile), load_default=list)
    person = sealed_person()
