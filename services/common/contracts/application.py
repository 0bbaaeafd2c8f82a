"""Events about a case (`application.*`), all with the whole state, and the introduction it asks for.

The sealed `person` block of an application holds
    applicant: name, nik, kk_number, head_of_family, birth_place, birth_date, sex, nationality, religion,
               marital_status, education, occupation, address, rt, rw      (what is not known is absent)
    contact:   name, phone (E.164), email     whom messages go to
    helper:    name, phone, relation, or null; `revoked` once the applicant wanted no help any more
    details:   {field: value}                 what the service's letters and forms need besides
    grants:    {file_id: grant}               signed permission to read one file without a login, only in
                                              `.submitted` and `.received`
"""

from __future__ import annotations

from marshmallow import fields, validate

from contracts.fields import (
    EventData,
    identifier,
    kelurahan_code,
    moment,
    optional_identifier,
    optional_moment,
    optional_text,
    required_text,
    rt_or_rw,
    sealed_person,
)

STATUSES = (
    "draft", "submitted", "returned", "received", "verified", "issued",
    "completed", "rejected", "withdrawn", "expired",
)  # fmt: skip


class CaseFile(EventData):
    """A current file of the case; superseded ones are not listed."""

    file_id = identifier()
    requirement = required_text()
    sha256 = required_text(validate=validate.Length(equal=64))
    size = fields.Integer(required=True)
    type = required_text()
    original_seen = fields.Boolean(load_default=False)
    bucket = optional_text()
    view_key = optional_text()
    view_type = optional_text()
    """Where the viewing copy lies, once the file was looked at: upright, and without where it was taken."""


class ReturnedItem(EventData):
    """What is wrong with which item of a returned case."""

    requirement = required_text()
    problem = required_text()
    note = optional_text()
    original = fields.Boolean(load_default=False)
    """The original is to be shown, at the office or to the RT head."""


class ApplicationState(EventData):
    """The whole state of a case after the transition that the event's type names."""

    application_id = identifier()
    tracking_code = required_text()
    kelurahan = kelurahan_code()
    rw = rt_or_rw(required=True)
    rt = rt_or_rw(required=True)
    service = required_text()
    sop_version = fields.Integer(required=True)
    reason = optional_text()
    status = required_text(validate=validate.OneOf(STATUSES))
    channel = required_text(validate=validate.OneOf(("http", "whatsapp", "counter", "rt_head")))
    owner = required_text()
    """The `sub` of the caller who opened the case and may read its letters."""
    opened_at = moment()
    changed_at = moment()
    submitted_at = optional_moment()
    received_at = optional_moment()
    """When an officer received it last: each time the RT head is asked anew."""
    promised_at = optional_moment()
    agenda_number = optional_text()
    introduction_id = optional_identifier()
    consents = fields.Dict(keys=fields.String(), values=fields.Boolean(), load_default=dict)
    """By kind (`contracts.consent`): true once the person agreed to it, false once he wants it no more."""
    files = fields.List(fields.Nested(CaseFile), load_default=list)
    returned_items = fields.List(fields.Nested(ReturnedItem), load_default=list)
    decision_reason = optional_text()
    """Why it was rejected or withdrawn; never a person's name."""
    person = sealed_person()


class IntroductionRequested(EventData):
    """The applicant asks the RT head for the introduction. `person`: applicant, contact and helper as above, and
    `grants` to read the `files` that are there already: he may judge them with his answer."""

    introduction_id = identifier()
    application_id = identifier()
    kelurahan = kelurahan_code()
    rw = rt_or_rw(required=True)
    rt = rt_or_rw(required=True)
    service = required_text()
    purpose = required_text()
    tracking_code = required_text()
    requested_at = moment()
    owner = required_text()
    files = fields.List(fields.Nested(CaseFile), load_default=list)
    person = sealed_person()


class DeadlineTold(EventData):
    """A step comes near its deadline, or has missed it: told to the level that is responsible then. `expected_at`
    is by when the applicant may count on the result now, where it is the promise itself that was missed."""

    application_id = identifier()
    tracking_code = required_text()
    kelurahan = kelurahan_code()
    service = required_text()
    step = required_text(validate=validate.OneOf(("receive", "verify", "produce")))
    level = required_text(validate=validate.OneOf(("officer", "lurah", "camat", "city")))
    due_at = moment()
    at = moment()
    expected_at = optional_moment()
