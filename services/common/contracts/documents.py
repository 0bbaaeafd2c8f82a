"""Events from documents: letters, production as a whole, and the hand-over."""

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
    sealed_person,
)


class StoredFile(EventData):
    """A file handed over by reference: whoever reads it checks size and hash."""

    bucket = required_text()
    key = required_text()
    sha256 = required_text(validate=validate.Length(equal=64))
    size = fields.Integer(required=True)
    type = required_text()


class DraftedLetter(EventData):
    letter_id = identifier()
    kind = required_text()


class LettersDrafted(EventData):
    """All letters of a case are drawn up and lack nothing: told once per case, not when one is drafted again. What is
    printed can be corrected until it is signed; then a mistake is mended by a void and a new letter. `person`:
    `{letters: [{title, rows: [{label, value}]}]}`, as on the drafts; a row without a value is a heading, one without a
    label a sentence."""

    application_id = identifier()
    kelurahan = kelurahan_code()
    letters = fields.List(fields.Nested(DraftedLetter), required=True)
    drafted_at = moment()
    correctable_until = required_text(validate=validate.OneOf(("signing",)))
    person = sealed_person()


class LetterIssued(EventData):
    """A letter has its number and is checkable. `person`: `{name, contact}` of whom it is about."""

    letter_id = identifier()
    application_id = optional_identifier()
    introduction_id = optional_identifier()
    kelurahan = kelurahan_code()
    kind = required_text()
    number = required_text()
    dated = fields.Date(required=True)
    issued_at = moment()
    issued_by = required_text()
    check_url = required_text()
    file = fields.Nested(StoredFile, required=True)
    person = sealed_person()


class LetterVoided(EventData):
    """A letter keeps its number, visibly void."""

    letter_id = identifier()
    application_id = optional_identifier()
    kelurahan = kelurahan_code()
    kind = required_text()
    number = required_text()
    voided_at = moment()
    voided_by = required_text()
    reason = required_text()


class ProducedLetter(EventData):
    letter_id = identifier()
    kind = required_text()
    number = required_text()


class ProductionDone(EventData):
    """All that the SOP asks for is there: the case may move to `issued`."""

    application_id = identifier()
    kelurahan = kelurahan_code()
    letters = fields.List(fields.Nested(ProducedLetter), required=True)
    forms = fields.List(fields.String(), load_default=list)
    done_at = moment()


class ProductionSentBack(EventData):
    """The lurah sent a draft back to the officers; the case stays `verified`."""

    application_id = identifier()
    kelurahan = kelurahan_code()
    letter_id = identifier()
    reason = required_text()
    sent_back_at = moment()


class HandoverState(EventData):
    """Ready, dispatched, failed or done. `letters`: those that are ready, each of which was told as issued. `person`:
    `{contact}`."""

    handover_id = identifier()
    application_id = identifier()
    kelurahan = kelurahan_code()
    status = required_text(validate=validate.OneOf(("ready", "dispatched", "failed", "done")))
    method = required_text(validate=validate.OneOf(("pickup", "courier", "rt_head", "digital")))
    at = moment()
    by = optional_text()
    reason = optional_text()
    letters = fields.List(fields.UUID(), load_default=list)
    person = sealed_person()
