"""What the API takes and gives of announcements."""

from __future__ import annotations

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from kit.problems import Words
from kit.versions import versioned
from notify.domain.announcements import AUDIENCES, MOST_LINES, MOST_PLACES, MOST_TEXT, MOST_TITLE, STATUSES, fits
from notify.schemas import CONTROLS, said

_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8f01"
_NUMBER = validate.Regexp(r"^\d{3}\Z")
_LONG = Words(
    f"Paling banyak {MOST_TEXT} huruf dalam {MOST_LINES} baris, supaya muat di WhatsApp dan di gambar.",
    f"At most {MOST_TEXT} characters in {MOST_LINES} lines, so that WhatsApp and the picture have room for it.",
)


def _has_room(text: str) -> None:
    """Raises ValidationError."""
    if not fits(text):
        raise ValidationError([_LONG])  # type: ignore[list-item]


class PlaceIn(Schema):
    """An RT; without `rt` all of the RW."""

    class Meta:
        unknown = RAISE

    rw = fields.String(required=True, validate=_NUMBER, **said("The RW, three digits.", "005"))
    rt = fields.String(load_default=None, allow_none=True, validate=_NUMBER, **said("The RT, three digits.", "023"))


class AnnouncementIn(Schema):
    class Meta:
        unknown = RAISE

    title = fields.String(
        required=True,
        validate=[validate.Length(3, MOST_TITLE), validate.Regexp(rf"(?=.*\S)[^\n\r\t{CONTROLS}]*\Z")],
        **said("What it is about, in one line.", "Kerja bakti hari Minggu"),
    )
    text = fields.String(
        required=True,
        validate=[validate.Length(1, 2 * MOST_TEXT), validate.Regexp(rf"(?s)(?=.*\S)[^{CONTROLS}]*\Z"), _has_room],
        **said("What there is to say; lines may end.", "Minggu, 23 Agustus 2026, pukul 07.00."),
    )
    until = fields.Date(
        load_default=None, allow_none=True, **said("The last day on which it holds, or null.", "2026-08-23")
    )
    audience = fields.String(
        load_default="heads",
        validate=validate.OneOf(AUDIENCES),
        **said("heads: RT heads, to pass it on; agreed: people who agreed to be told; both.", "heads"),
    )
    places = fields.List(
        fields.Nested(PlaceIn),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, MOST_PLACES),
        **said("For these RTs; null for all.", None),
    )
    with_picture = fields.Boolean(
        load_default=True, truthy={True}, falsy={False}, **said("With a picture made from its words.", True)
    )


class EstimateOut(Schema):
    """What it takes, as of now."""

    heads = fields.Integer(**said("RT heads whom it goes to.", 31))
    agreed = fields.Integer(**said("People who agreed.", 0))
    messages = fields.Integer(**said("Messages in all.", 31))
    price = fields.Integer(**said("What they cost, in rupiah.", 18197))


class CountsOut(Schema):
    """How far its messages came, as counted some seconds ago."""

    queued = fields.Integer(**said("Not sent yet.", 4))
    sent = fields.Integer(**said("Taken by the channel; nothing was heard since.", 7))
    delivered = fields.Integer(**said("Arrived.", 20))
    failed = fields.Integer(**said("No channel took them.", 0))
    left_out = fields.Integer(**said("Not sent: it was stopped, its time was over, or somebody wants none.", 0))


class PreviewOut(Schema):
    """A message of it."""

    to = fields.String(**said("heads or agreed.", "heads"))
    text = fields.String(**said("What it says.", "Pengumuman Kelurahan Bukit Sangkal …"))


class PlaceOut(Schema):
    rw = fields.String(**said("The RW.", "005"))
    rt = fields.String(allow_none=True, **said("The RT; null for all of the RW.", "023"))


@versioned
class AnnouncementOut(Schema):
    """An announcement, and how far it is."""

    id = fields.UUID(**said("The announcement.", _ID))
    status = fields.String(validate=validate.OneOf(STATUSES), **said("draft, sending, sent or stopped.", "draft"))
    title = fields.String(**said("What it is about.", "Kerja bakti hari Minggu"))
    text = fields.String(**said("What it says.", "Minggu, 23 Agustus 2026, pukul 07.00."))
    until = fields.Date(allow_none=True, **said("The last day on which it holds, or null.", "2026-08-23"))
    audience = fields.String(**said("heads, agreed or both.", "heads"))
    places = fields.List(fields.Nested(PlaceOut), allow_none=True, **said("For these RTs; null for all.", None))
    with_picture = fields.Boolean(**said("Whether a picture goes with it.", True))
    picture = fields.String(
        allow_none=True,
        **said("Where its picture is, once it was made.", f"/v1/announcements/{_ID}/picture"),
    )
    problem = fields.String(allow_none=True, **said("Why no picture can be made, or null.", None))
    estimate = fields.Nested(EstimateOut, allow_none=True, **said("What it takes; null until that was worked out."))
    counts = fields.Nested(CountsOut, allow_none=True, **said("How far its messages came, once it goes out."))
    previews = fields.List(fields.Nested(PreviewOut), **said("What its messages say."))
    settled = fields.Boolean(**said("Nothing more is to be heard of its messages.", False))
    created_at = fields.AwareDateTime(**said("When it was written.", "2026-08-14T02:00:00+00:00"))
    sent_at = fields.AwareDateTime(allow_none=True, **said("When it was sent, or null.", None))
    stopped_at = fields.AwareDateTime(allow_none=True, **said("When it was stopped, or null.", None))
    version = fields.Integer(**said("Grows with each change.", 2))


class AnnouncementPage(Schema):
    items = fields.List(fields.Nested(AnnouncementOut), **said("The newest first."))
    next_cursor = fields.String(allow_none=True, **said("For the next page, or null.", None))
