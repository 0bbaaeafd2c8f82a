"""Events about complaints, wishes and questions (`complaint.*`), all with the whole state after the change.

    complaint.filed ─▶ .checked ─▶ .answered ─▶ .satisfied          who wrote it is content, and it is closed
                          │  ▲          └─▶ .reopened                once more, with a clock of its own
          .more_requested │  │ .supplied                            the clock rests meanwhile
                          └──┘              .closed                  nobody wrote for ten working days, or the office
    .assigned .reclassed .rescheduled .escalated                     move nothing; .changed tells the state again

Nobody is named outside the sealed `person` block: `about` is whose doing it is about, `actor` who changed it, each by
role. The block is there where somebody is told of the change, and holds
    to:     name, phone (E.164), language, contact_id      whom messages go to
    text:   the office's question or answer, where the change has one
Of an anonymous complaint nobody knows more than the channel that it came by: there is no `to`.
"""

from __future__ import annotations

from marshmallow import fields, validate

from contracts.complaining import (
    ABOUT,
    ACTORS,
    AGAIN,
    CHANGES,
    CHANNELS,
    CLASSES,
    CONFIDENTIALITY,
    KINDS,
    LEVELS,
    RESULTS,
    STATUSES,
    STEPS,
)
from contracts.fields import (
    EventData,
    identifier,
    kelurahan_code,
    moment,
    optional_identifier,
    optional_moment,
    optional_text,
    required_text,
    sealed_person,
)


class ComplaintState(EventData):
    """The whole state of a complaint after the change that the event's type names."""

    complaint_id = identifier()
    ticket = required_text()
    kelurahan = kelurahan_code()
    kind = required_text(validate=validate.OneOf(KINDS))
    complaint_class = optional_text(validate=validate.OneOf(CLASSES))
    """None until it was checked."""
    about = required_text(validate=validate.OneOf(ABOUT))
    confidentiality = required_text(validate=validate.OneOf(CONFIDENTIALITY))
    channel = required_text(validate=validate.OneOf(CHANNELS))
    application_id = optional_identifier()
    """The case that it is about."""
    service = optional_text()
    step = optional_text(validate=validate.OneOf(STEPS))
    status = required_text(validate=validate.OneOf(STATUSES))
    level = required_text(validate=validate.OneOf(LEVELS))
    assigned = fields.Boolean(required=True)
    reopened = fields.Integer(load_default=0)
    """How often it was."""
    filed_at = moment()
    changed_at = moment()
    check_due_at = optional_moment()
    checked_at = optional_moment()
    answer_due_at = optional_moment()
    """None until it was checked, and while more is asked for."""
    answered_at = optional_moment()
    closes_at = optional_moment()
    """When it closes by itself: nobody supplies what was asked for, or nobody reopens what was answered."""
    closed_at = optional_moment()
    result = optional_text(validate=validate.OneOf(RESULTS))
    change = required_text(validate=validate.OneOf((*CHANGES, AGAIN)))
    actor = required_text(validate=validate.OneOf(ACTORS))
    person = sealed_person()
