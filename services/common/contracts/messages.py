"""Events about messages to and from people."""

from __future__ import annotations

from marshmallow import validate

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


class MessageRequested(EventData):
    """A turn of a conversation, a link or a code to be sent. `person`: `{to: {name, phone}, values}`,
    where `values` fills the template."""

    message_id = identifier()
    kelurahan = kelurahan_code()
    template = required_text()
    message_class = required_text(validate=validate.OneOf(("answer", "notice", "code")))
    application_id = optional_identifier()
    tracking_code = optional_text()
    expires_at = optional_moment()
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
    """What a person wrote, for the one service that it is for. `person`: `{from: {name, phone}, text}`."""

    message_id = identifier()
    kelurahan = kelurahan_code()
    channel = required_text()
    recipient = required_text(validate=validate.OneOf(("intake", "verification")))
    received_at = moment()
    person = sealed_person()
