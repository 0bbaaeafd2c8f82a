"""Shapes of files of a case."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from intake.schemas.base import Strict, moment, shown

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class FileOut(Schema):
    """A file of a case. `checking` is looked at in full in a moment, and scanned where a scanner is configured;
    `rejected` says why and opens its item again; `withdrawn` is read by nobody any more."""

    file_id = fields.UUID(metadata={"description": "Its id.", "example": "0198c0de-0000-7000-8000-000000000001"})
    requirement = shown("The requirement that it serves.", "KTP")
    type = shown("What it is by its bytes.", "image/jpeg")
    size = fields.Integer(metadata={"description": "Bytes.", "example": 2_345_678})
    sha256 = shown("Hash of the original.", _SHA256)
    status = shown("checking, ready, rejected, superseded or withdrawn.", "checking")
    reason = shown("Why it was rejected or withdrawn.", None, allow_none=True)
    original_seen = fields.Boolean(metadata={"description": "Somebody has seen the paper itself.", "example": False})
    uploaded_at = moment("When it arrived, in UTC.")


class FileList(Schema):
    """All files of a case, superseded ones too."""

    items = fields.List(fields.Nested(FileOut))


class FileForm(Schema):
    """The form of an upload, for the documentation; the body is read as a stream."""

    requirement = fields.String(required=True, metadata={"description": "Code of the requirement.", "example": "KTP"})
    file = fields.Raw(
        required=True, metadata={"type": "string", "format": "binary", "description": "JPEG, PNG, WebP, HEIC or PDF."}
    )


class ContentQuery(Strict):
    """Which copy, and by which right."""

    copy = fields.String(
        load_default="view",
        validate=validate.OneOf(("view", "original")),
        metadata={"description": "`view` is upright and without GPS; `original` is as it was sent.", "example": "view"},
    )
    grant = fields.String(
        load_default=None,
        validate=validate.Length(max=100),
        metadata={"description": "The permission in the RT head's link.", "example": None},
    )
    link = fields.String(
        load_default=None,
        validate=validate.Length(max=200),
        metadata={"description": "A short-lived link made for this reader.", "example": None},
    )
    purpose = fields.String(
        load_default=None,
        validate=validate.OneOf(("print",)),
        metadata={
            "description": "`print`: for the office, without the watermark, for its file; it is on record.",
            "example": None,
        },
    )


class LinkOut(Schema):
    """A short-lived address of a file, bound to whoever asked for it."""

    url = shown("Opens without a token.", "https://pengantar.example/v1/applications/…/content?link=…")
    expires_in = fields.Integer(metadata={"description": "Seconds.", "example": 300})
    link_id = fields.UUID(metadata={"description": "To revoke it."})
