"""Events about messages to and from people."""

from __future__ import annotations

from dataclasses import dataclass

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

KINDS = ("text", "choice", "photo", "document", "voice", "location", "other")
"""What somebody sent: words, a button or a line of a list, a file of some kind, or what no conversation knows."""

PROBLEMS = ("gone", "too_large", "damaged", "not_taken")
"""Why a file that somebody sent is not here: its time at the channel was over, it is over the limit, its bytes are not
those that were announced, or it is of a kind that nobody wants."""

WAYS = ("chat", "link")
"""How documents come and letters go: in the conversation, or by a link to a page."""


@dataclass(frozen=True)
class Rules:
    """What may be asked and sent on a channel: how documents come and letters go (`WAYS`), and whether NIK and KK
    numbers may be asked for and told."""

    documents_by: str
    letters_by: str
    numbers: bool


class MessageFile(EventData):
    """A file beside a message, in the bucket of whoever hands it over. `name` is what it is called, nobody's name."""

    bucket = required_text()
    key = required_text()
    sha256 = required_text()
    size = fields.Integer(required=True)
    type = required_text()
    name = optional_text()


class FileToSend(MessageFile):
    """`beside`: a picture that explains the words, and goes in one message with them or not at all."""

    beside = fields.Boolean(load_default=False)


class ChannelRules(EventData):
    """`Rules` of the channel that a message came by."""

    documents_by = required_text(validate=validate.OneOf(WAYS))
    letters_by = required_text(validate=validate.OneOf(WAYS))
    numbers = fields.Boolean(required=True)


class MessageRequested(EventData):
    """A turn of a conversation, a link or a code to be sent, to a number or to who wrote before (`contact_id`, which
    then decides). `person`: `{to: {name, phone, language}, values, options}`, where `values` fills the template and
    `options` are what can be chosen: `[{id, title, description}]`, ten at the most; their numbered lines are in the
    template as `$options`. `replies_to` is the message that this answers, `file` goes with it."""

    message_id = identifier()
    kelurahan = kelurahan_code()
    template = required_text()
    message_class = required_text(validate=validate.OneOf(("answer", "notice", "code")))
    application_id = optional_identifier()
    tracking_code = optional_text()
    expires_at = optional_moment()
    contact_id = optional_identifier()
    replies_to = optional_identifier()
    file = fields.Nested(FileToSend, load_default=None, allow_none=True)
    person = sealed_person()


class MessageOutcome(EventData):
    """What became of a message, for whoever asked for it."""

    message_id = identifier()
    kelurahan = kelurahan_code()
    requested_by = required_text()
    application_id = optional_identifier()
    channel = required_text()
    at = moment()
    reason = optional_text()


class MessageReceived(EventData):
    """What a person sent, for the one service that it is for. `person`: `{from: {name, phone}, text, choice}`; the
    phone may be missing, `contact_id` is who it is through all changes of his number, `choice` the id of the option
    that was pressed. `replies_to` is the message of ours that he answered, where he said so, and `application_id` the
    case that it was about; `announcement_id` the announcement, where it was one. `file` is there once it was fetched,
    or `problem` says why it is not. `rules` are those of the channel that it came by."""

    message_id = identifier()
    kelurahan = kelurahan_code()
    channel = required_text()
    recipient = required_text(validate=validate.OneOf(("intake", "verification")))
    received_at = moment()
    contact_id = optional_identifier()
    kind = fields.String(load_default="text", validate=validate.OneOf(KINDS))
    replies_to = optional_identifier()
    application_id = optional_identifier()
    announcement_id = optional_identifier()
    file = fields.Nested(MessageFile, load_default=None, allow_none=True)
    problem = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PROBLEMS))
    rules = fields.Nested(ChannelRules, load_default=None, allow_none=True)
    person = sealed_person()


class ContactState(EventData):
    """Whether somebody wants messages on a medium: `whatsapp`, whatever channel leads there. He said so himself, with
    STOP, BERHENTI or MULAI. `person`: `{name, phone}`; the phone may be missing."""

    contact_id = identifier()
    kelurahan = kelurahan_code()
    channel = required_text()
    wanted = fields.Boolean(required=True)
    changed_at = moment()
    person = sealed_person()
