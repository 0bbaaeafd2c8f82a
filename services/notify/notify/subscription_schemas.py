"""What the API of subscriptions takes and gives."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate, validates_schema
from marshmallow import ValidationError as Invalid

from kit.paging import PageQuery
from kit.problems import Words
from kit.versions import versioned
from notify.domain.pushing import DELIVERED, FAILED, GIVEN_UP
from notify.domain.subscriptions import LONGEST_URL
from notify.schemas import CONTROLS, said

_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e40"
_EVENT = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e41"
_BIG = 2**53 - 1


def _url(**more: object) -> fields.String:
    return fields.String(
        validate=[validate.Length(1, LONGEST_URL)],
        **said("Where events go: https, a host of the public internet.", "https://acara.palembang.example/pengantar"),
        **more,
    )


def _types(**more: object) -> fields.List:
    return fields.List(
        fields.String(validate=validate.Regexp(r"(\*|[a-z_]{1,40}\.(\*|[a-z_]{1,40}))\Z")),
        validate=validate.Length(1, 50),
        **said("Types of events: `letter.issued`, `application.*`, or `*` for all.", ["application.*"]),
        **more,
    )


def _places(**more: object) -> fields.List:
    return fields.List(
        fields.String(validate=validate.Regexp(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?\Z")),
        allow_none=True,
        validate=validate.Length(1, 200),
        **said("Kelurahan, or kecamatan with all below; null: all that the caller may read.", ["16.71.10.1001"]),
        **more,
    )


def _description(**more: object) -> fields.String:
    return fields.String(
        validate=[validate.Length(max=200), validate.Regexp(rf"[^{CONTROLS}\t\r\n]*\Z")],
        **said("What it is for, in words of your own.", "Dasbor layanan kota"),
        **more,
    )


class SubscriptionIn(Schema):
    class Meta:
        unknown = RAISE

    url = _url(required=True)
    types = _types(required=True)
    places = _places(load_default=None)
    description = _description(load_default="")
    after = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, _BIG),
        **said("It begins behind this position of the feed (0: with all that is kept); null: with what comes.", None),
    )


class SubscriptionChange(Schema):
    """What is not sent stays."""

    class Meta:
        unknown = RAISE

    url = _url()
    types = _types()
    places = _places()
    description = _description()


class Rotation(Schema):
    class Meta:
        unknown = RAISE

    overlap_hours = fields.Integer(
        strict=True,
        load_default=24,
        validate=validate.Range(0, 168),
        **said("So long the secret before signs beside the new one.", 24),
    )


class Period(Schema):
    class Meta:
        unknown = RAISE

    since = fields.AwareDateTime(
        required=True, format="iso", **said("From this instant on.", "2026-08-14T00:00:00+07:00")
    )
    until = fields.AwareDateTime(required=True, format="iso", **said("Before this one.", "2026-08-15T00:00:00+07:00"))

    @validates_schema
    def _in_order(self, data: dict[str, object], **_more: object) -> None:
        if data["since"] >= data["until"]:  # type: ignore[operator]
            said = Words("Akhir masa harus sesudah awalnya.", "The end has to be after the beginning.")
            raise Invalid([said], "until")  # type: ignore[list-item]


class ReplayOut(Schema):
    after = fields.Integer(**said("What is behind this position of the feed goes out again …", 1200))
    until = fields.Integer(**said("… up to this one.", 1350))


class MissedOut(Schema):
    after = fields.Integer(**said("What is behind this position of the feed …", 1200))
    until = fields.Integer(**said("… up to this one is kept no more, and was not sent.", 1350))


@versioned
class SubscriptionOut(Schema):
    """Another system, what it is sent, and how that goes."""

    id = fields.UUID(**said("The subscription.", _ID))
    url = fields.String(**said("Where events go.", "https://acara.palembang.example/pengantar"))
    types = fields.List(fields.String(), **said("Types of events.", ["application.*"]))
    places = fields.List(fields.String(), **said("Kelurahan, kecamatan or cities.", ["16.71.10.1001"]))
    description = fields.String(**said("What it is for.", "Dasbor layanan kota"))
    owner = fields.String(**said("The machine or administrator that made it.", "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e51"))
    state = fields.String(
        **said(
            "active; paused by hand; suspended, since it failed too long (it is tried now and then, and goes on by"
            " itself when that succeeds); gone, since it answered 410.",
            "active",
        )
    )
    position = fields.Integer(**said("Up to this position of the feed all was sent, or is held.", 1350))
    behind = fields.Integer(**said("So many positions of the feed lie behind it.", 0))
    held = fields.Integer(**said("Events that wait, since one of their case was refused.", 0))
    failing_since = fields.AwareDateTime(allow_none=True, **said("Since when nothing was taken, or null.", None))
    reason = fields.String(
        allow_none=True,
        **said("Why the last attempt failed: `answer 500`, address, unreached, slow, large, broken; or null.", None),
    )
    next_attempt_at = fields.AwareDateTime(allow_none=True, **said("When it is tried again, or null.", None))
    replay = fields.Nested(ReplayOut, allow_none=True, **said("What goes out again, or null."))
    missed = fields.Nested(
        MissedOut,
        allow_none=True,
        **said(
            "What the feed forgot before it was sent (fetch all data once more, then resume: that takes note of it); or"
            " null."
        ),
    )
    secret_until = fields.AwareDateTime(
        allow_none=True, **said("So long the secret before signs beside the present one, or null.", None)
    )
    created_at = fields.AwareDateTime(**said("When it was made.", "2026-08-14T02:00:00+00:00"))
    version = fields.Integer(**said("Grows with each change by hand and of its state.", 1))


class SubscriptionMade(SubscriptionOut):
    """With its secret, which is shown this once."""

    secret = fields.String(**said("For checking signatures.", "whsec_CONTOHCONTOHCONTOHCONTOHCONTOHCO"))


class SubscriptionPage(Schema):
    items = fields.List(fields.Nested(SubscriptionOut), **said("In the order of their making."))
    next_cursor = fields.String(allow_none=True, **said("For the next page, or null.", None))


class Asked(Schema):
    event_id = fields.UUID(**said("The event that is sent, by which it stands in the log.", _EVENT))


class AttemptsQuery(PageQuery):
    outcome = fields.String(
        load_default=None,
        validate=validate.OneOf((DELIVERED, FAILED, GIVEN_UP)),
        **said("Only attempts that came to this.", "failed"),
    )
    event_id = fields.UUID(load_default=None, **said("Only attempts to send this event.", _EVENT))


class AttemptOut(Schema):
    """One attempt to send one event."""

    id = fields.UUID(**said("The attempt.", "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e42"))
    at = fields.AwareDateTime(**said("When, by the machine's clock.", "2026-08-14T02:00:00+00:00"))
    kind = fields.String(**said("event; replay: sent again; test: the test button.", "event"))
    event_id = fields.UUID(**said("`webhook-id`, and the event's `id`.", _EVENT))
    type = fields.String(**said("The event's type.", "application.submitted"))
    position = fields.Integer(allow_none=True, **said("Its place in the feed; null for a test.", 1350))
    outcome = fields.String(**said("delivered; failed; given_up: refused for the last time.", "delivered"))
    status = fields.Integer(allow_none=True, **said("What was answered, or null.", 204))
    reason = fields.String(allow_none=True, **said("Why it failed, or null.", None))
    ms = fields.Integer(**said("How long it took.", 41))


class AttemptPage(Schema):
    items = fields.List(fields.Nested(AttemptOut), **said("The newest first."))
    next_cursor = fields.String(allow_none=True, **said("For the next page, or null.", None))
