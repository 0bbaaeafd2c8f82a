"""Events from verification: what the RT head decided, and the state of his tasks."""

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

VERDICTS = ("genuine", "doubtful", "bring_original")
REASONS = ("doubtful", "bring_original", "objection", "quorum", "helped", "no_answer")
STATEMENTS = ("confirmed", "objected", "declined", "absent", "no_answer")
OUTCOMES = ("granted", "refused", "judged", "passed", "failed", *STATEMENTS)
"""How a question ended: an introduction, an attestation (`judged`: the documents are genuine, and neighbours have still
to answer), what a neighbour says (`absent`: nobody lives on that side; `no_answer`: he was asked in vain)."""


class IntroductionGranted(EventData):
    """The RT head introduces the person. Without `application_id` he started it himself: intake opens a
    draft from it. `person`: applicant and contact as in `application.*`, `rt_head: {name}`, and where the head of the
    RW has acknowledged it `rw_head: {name, at}`."""

    introduction_id = identifier()
    application_id = optional_identifier()
    kelurahan = kelurahan_code()
    rw = rt_or_rw(required=True)
    rt = rt_or_rw(required=True)
    service = optional_text()
    purpose = required_text()
    granted_at = moment()
    valid_until = fields.Date(required=True)
    officeholder_id = identifier()
    acting_as = required_text(validate=validate.OneOf(("rt_head", "substitute", "rw_head")))
    owner = optional_text()
    tracking_code = optional_text()
    owner_agrees = fields.Boolean(load_default=None, allow_none=True)
    """Where somebody helps: the RT head's word of whether the person agrees. Nothing if he said nothing, or helps
    himself."""
    person = sealed_person()


class IntroductionRefused(EventData):
    """The RT head refuses, with a reason from the list. `person`: `{note, contact}`."""

    introduction_id = identifier()
    application_id = identifier()
    kelurahan = kelurahan_code()
    rw = rt_or_rw(required=True)
    rt = rt_or_rw(required=True)
    reason = required_text(
        validate=validate.OneOf(("not_resident", "unknown_person", "wrong_purpose", "incomplete_data", "other"))
    )
    refused_at = moment()
    officeholder_id = identifier()
    tracking_code = optional_text()
    person = sealed_person()


class FileVerdict(EventData):
    file_id = identifier()
    requirement = required_text()
    verdict = required_text(validate=validate.OneOf(VERDICTS))
    note = optional_text()


class VerificationResult(EventData):
    """The outcome of day two: passed, or failed with the reason that an officer has to weigh (`helped`: all genuine,
    as an RT head says who helped the applicant himself; `no_answer`: nobody said anything, and a late answer still
    counts). What the RT head
    wrote about a file is personal: `person` has it as `{contact, notes: {file_id: note}, statements: [{position, name,
    address, statement, date}]}`, the last as they are to be printed."""

    task_id = identifier()
    application_id = identifier()
    kelurahan = kelurahan_code()
    rw = rt_or_rw(required=True)
    rt = rt_or_rw(required=True)
    reason = optional_text(validate=validate.OneOf(REASONS))
    verdicts = fields.List(fields.Nested(FileVerdict), load_default=list)
    decided_at = moment()
    officeholder_id = optional_identifier()
    """Who decided, or was asked last; nobody where nobody heads the RT."""
    person = sealed_person()


class OriginalSeen(EventData):
    """The RT head was shown originals that he had asked for."""

    task_id = identifier()
    application_id = identifier()
    kelurahan = kelurahan_code()
    requirements = fields.List(required_text(), required=True)
    seen_at = moment()
    officeholder_id = identifier()


class TaskState(EventData):
    """The whole state of a task; a task that is closed ends every permission that it gave."""

    task_id = identifier()
    application_id = optional_identifier()
    introduction_id = optional_identifier()
    kelurahan = kelurahan_code()
    kind = required_text(validate=validate.OneOf(("introduction", "attestation", "statement")))
    status = required_text(validate=validate.OneOf(("open", "done", "cancelled")))
    opened_at = moment()
    closed_at = optional_moment()
    outcome = optional_text(validate=validate.OneOf(OUTCOMES))
    """How it ended; a neighbour's statement may still change while its task is open."""
    position = optional_text()
    """Of a neighbour: the side that the SOP names, such as `left`."""
    unanswered = fields.Boolean(load_default=False)
    """Nobody is left whom it could be put to: an officer has it."""


class NeighbourhoodState(EventData):
    """One RT of a kelurahan and whether it has a head today."""

    neighbourhood_id = identifier()
    kelurahan = kelurahan_code()
    rw = rt_or_rw(required=True)
    rt = rt_or_rw(required=True)
    headed = fields.Boolean(required=True)


class OfficeholderState(EventData):
    """Who heads an RT or RW, from when to when. `person`: name, phone."""

    officeholder_id = identifier()
    kelurahan = kelurahan_code()
    rw = rt_or_rw(required=True)
    rt = rt_or_rw(load_default=None, allow_none=True)
    role = required_text(validate=validate.OneOf(("rt_head", "substitute", "rw_head")))
    from_date = fields.Date(required=True)
    to_date = fields.Date(load_default=None, allow_none=True)
    person = sealed_person()
