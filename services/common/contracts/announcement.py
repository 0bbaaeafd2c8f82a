"""Events about announcements: notify asks documents for a picture of one, and says when it is not needed any more.

Who is written to is notify's own affair, and told to nobody. Title and text are for everybody, and may all the same
name somebody: they travel in the sealed block.
"""

from __future__ import annotations

from marshmallow import fields

from contracts.fields import EventData, identifier, kelurahan_code, optional_text, sealed_person
from contracts.messages import MessageFile


class AnnouncementDrafted(EventData):
    """Somebody of the office wrote an announcement, or wrote it anew: each time `revision` is higher. `person`:
    `{title, text}`, the text with its line ends."""

    announcement_id = identifier()
    kelurahan = kelurahan_code()
    revision = fields.Integer(required=True)
    until = fields.Date(load_default=None, allow_none=True)
    """The last day on which it holds."""
    person = sealed_person()


class AnnouncementPictured(EventData):
    """The picture of that revision, in the bucket of documents, or the `problem` why there is none."""

    announcement_id = identifier()
    kelurahan = kelurahan_code()
    revision = fields.Integer(required=True)
    file = fields.Nested(MessageFile, load_default=None, allow_none=True)
    problem = optional_text()


class AnnouncementEnded(EventData):
    """It is gone, and its pictures with it."""

    announcement_id = identifier()
    kelurahan = kelurahan_code()
