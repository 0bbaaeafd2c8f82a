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

KINDS = ("complaint", "wish", "question")
CLASSES = ("light", "request", "complaint", "supervisory")
"""By how many working days it takes: 2, 5, 14 and 60. A wish and a question are a `request`; `light` is the office's
own and stricter."""
ABOUT = ("office", "officer", "rt_head", "rw_head", "lurah", "camat")
CONFIDENTIALITY = ("open", "confidential", "anonymous")
"""Who handles it sees who filed it; somebody knows, and nobody who handles it sees it; nobody knows."""
STATUSES = ("filed", "checked", "waiting", "answered", "closed")
LEVELS = ("office", "lurah", "camat", "city")
"""How far up it has come: it begins with the office, or above whom it is about."""
RESULTS = ("satisfied", "no_objection", "silent", "withdrawn", "not_ours", "duplicate", "not_a_matter")
"""How it ended. `no_objection`: answered, and nobody reopened it in time; `silent`: more was asked for and did not
come; the last three are the office's, with its reason, and can be reopened."""
CHANNELS = ("http", "page", "whatsapp", "counter")
ACTORS = ("filer", "officer", "lurah", "camat", "city", "system")
CHANGES = (
    "filed", "checked", "assigned", "more_requested", "supplied", "answered", "satisfied", "reopened", "escalated",
    "reclassed", "rescheduled", "closed",
)  # fmt: skip
AGAIN = "changed"
"""The state told again, without any change."""
STEPS = ("introduction", "receive", "verify", "produce", "hand_over")


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
