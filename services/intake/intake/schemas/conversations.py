"""What people wrote, as the office reads it."""

from __future__ import annotations

from marshmallow import Schema, fields

from intake.schemas.base import moment, shown


class MessageLine(Schema):
    """Something that only a person can answer."""

    id = fields.UUID()
    received_at = moment("When it came.")
    channel = shown("By which way.", "whatsapp")
    kind = shown("text, choice, photo, document, voice, location or other.", "voice")
    name = shown("As the channel tells it.", "Siti")
    phone = shown("E.164; null where the channel does not tell it.", "+6281271000071", allow_none=True)
    text = shown("The words, or the caption.", "Pak, saya tidak tahu RT saya")
    application_id = fields.UUID(allow_none=True, metadata={"description": "The case that it is about."})
    tracking_code = shown("Of that case.", "PGT-7K3M9-XW2RB", allow_none=True)
    file = shown(
        "Where its file is read, if it has one.", "/v1/conversations/019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31/file",
        allow_none=True,
    )  # fmt: skip


class MessagePage(Schema):
    """A page of messages that wait for somebody."""

    items = fields.List(fields.Nested(MessageLine))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)


class SaidLine(Schema):
    """One message of a conversation."""

    id = fields.UUID()
    received_at = moment("When it came.")
    kind = shown("What it is.", "text")
    text = shown("The words, or the caption.", "halo")


class ConversationOut(MessageLine):
    """A message, and what its sender wrote before and after it."""

    said = fields.List(fields.Nested(SaidLine))
