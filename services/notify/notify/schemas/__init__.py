"""What the API takes and gives."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from contracts.phones import normalise_phone
from kit.paging import DEFAULT_LIMIT, MAX_LIMIT, PageQuery
from kit.problems import Words
from kit.versions import versioned
from notify.domain.messages import RANKS

_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e08"
_CASE = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e00"
# Control characters but tab and line ends, and those that turn the direction of writing.
CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"


def said(description: str, example: Any = None) -> dict[str, Any]:
    return {"metadata": {"description": description, "example": example}}


class Phone(fields.String):
    """A mobile number as people write it, read as E.164."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        try:
            return normalise_phone(super()._deserialize(value, attr, data, **more))
        except ValueError as error:
            said = Words(
                "Nomor HP tidak benar; contoh 0812 3456 7890.", "This is no mobile number; such as 0812 3456 7890."
            )
            raise ValidationError([said]) from error  # type: ignore[list-item]


class MessagesQuery(PageQuery):
    application_id = fields.UUID(load_default=None, **said("Messages about this case only.", _CASE))
    status = fields.String(
        load_default=None, validate=validate.OneOf(RANKS), **said("Only those that came so far.", "failed")
    )
    after = fields.UUID(load_default=None, **said("Only what was made after this message.", _ID))


class Search(PageQuery):
    """A body, since a number has no place in an address."""

    phone = Phone(required=True, **said("Mobile number.", "0812 7100 0072"))
    limit = fields.Integer(
        strict=True,
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, MAX_LIMIT),
        **said("How many at the most.", 50),
    )


class Nothing(Schema):
    """An empty object."""

    class Meta:
        unknown = RAISE


class Incoming(Schema):
    class Meta:
        unknown = RAISE

    phone = Phone(required=True, **said("Who wrote.", "0812 7100 0072"))
    text = fields.String(
        required=True,
        validate=[validate.Length(1, 4000), validate.Regexp(rf"(?s)(?=.*\S)[^{CONTROLS}]*\Z")],
        **said("What was written.", "Kapan surat saya siap?"),
    )


class IncomingOut(Schema):
    id = fields.UUID(**said("What was written, as an event names it.", _ID))
    recipient = fields.String(**said("The service that it goes to.", "intake"))
    channel = fields.String(**said("How it came.", "mailbox"))
    received_at = fields.AwareDateTime(**said("When.", "2026-08-14T03:00:00+00:00"))


@versioned
class MessageOut(Schema):
    """A message to a person, and how far it came."""

    id = fields.UUID(**said("The message.", _ID))
    application_id = fields.UUID(allow_none=True, **said("The case that it is about, or null.", _CASE))
    template = fields.String(**said("Which text.", "submitted"))
    message_class = fields.String(**said("answer, notice or code; notices do not go out at night.", "notice"))
    channel = fields.String(allow_none=True, **said("The way that it took.", "mailbox"))
    to = fields.String(**said("Whom it went to, masked.", "S••• M••• +62812•••••072"))
    text = fields.String(
        **said(
            "What it says; only an administrator sees links and codes, and only in the mailbox.",
            "Halo Siti Maimunah, …",
        )
    )
    status = fields.String(**said("accepted, unknown, sent, delivered, read, failed or expired.", "delivered"))
    attempts = fields.Integer(**said("How often it was tried.", 1))
    requested_by = fields.String(allow_none=True, **said("The service that asked for it; null for a notice.", None))
    created_at = fields.AwareDateTime(**said("When it was made.", "2026-08-14T02:00:00+00:00"))
    expires_at = fields.AwareDateTime(allow_none=True, **said("Not sent any more from then on, or null.", None))
    waits_until = fields.AwareDateTime(allow_none=True, **said("It rests until then, or null.", None))
    settled_at = fields.AwareDateTime(
        allow_none=True, **said("When its status last changed, or null.", "2026-08-14T02:00:01+00:00")
    )
    failure = fields.String(allow_none=True, **said("Why it failed, or null.", None))
    version = fields.Integer(**said("Grows with each change.", 2))


class CostsQuery(Schema):
    month = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z"),
        **said("The month; this one if not given.", "2026-08"),
    )


class CostOut(Schema):
    day = fields.Date(**said("The office's day.", "2026-08-14"))
    channel = fields.String(**said("How they went.", "whatsapp"))
    category = fields.String(
        **said("As what they are paid for: service, utility, authentication; none where nothing is.", "service")
    )
    messages = fields.Integer(**said("How many.", 12))
    price = fields.Integer(**said("What they cost, in rupiah.", 4284))


class CostsOut(Schema):
    """What an office's messages of a month cost, by the prices of the settings."""

    month = fields.String(**said("The month.", "2026-08"))
    messages = fields.Integer(**said("How many in all.", 12))
    price = fields.Integer(**said("What they cost in all, in rupiah.", 4284))
    budget = fields.Integer(allow_none=True, **said("What a month may cost, in rupiah, or null.", 500000))
    percent = fields.Integer(allow_none=True, **said("How much of the budget is used up, or null.", 0))
    days = fields.List(fields.Nested(CostOut), **said("By day, channel and category."))


class MessagePage(Schema):
    items = fields.List(fields.Nested(MessageOut), **said("In the order of their making; a search's newest first."))
    next_cursor = fields.String(allow_none=True, **said("For the next page, or null.", None))


class Handshake(Schema):
    """What WhatsApp asks with; the names are its own."""

    class Meta:
        unknown = RAISE

    mode = fields.String(data_key="hub.mode", load_default="", **said("What is wanted.", "subscribe"))
    token = fields.String(data_key="hub.verify_token", load_default="", **said("WHATSAPP_VERIFY_TOKEN.", "secret"))
    challenge = fields.String(
        data_key="hub.challenge",
        load_default="",
        validate=[validate.Length(max=1000), validate.Regexp(r"[!-~]*\Z")],
        **said("What is answered.", "1158201444"),
    )


class Kept(Schema):
    found = fields.Integer(**said("How many messages and receipts were in it.", 1))


class ReceivedOut(Schema):
    """Something that somebody sent."""

    id = fields.UUID(**said("What was sent, as an event names it.", _ID))
    received_at = fields.AwareDateTime(**said("When.", "2026-08-14T03:00:00+00:00"))
    channel = fields.String(**said("How it came.", "whatsapp"))
    sender = fields.String(**said("Who, masked.", "S••• M••• +62812•••••072"))
    kind = fields.String(**said("text, choice, photo, document, voice, location or other.", "text"))
    text = fields.String(
        allow_none=True,
        **said("What was written, where it is the office's own to answer; of NIK and KK numbers the end.",
               "Kapan surat saya siap?"),
    )  # fmt: skip
    recipient = fields.String(
        **said("Who deals with it: the office, intake, verification, or notify itself.", "office")
    )
    replies_to = fields.UUID(allow_none=True, **said("The message of ours that it answers, or null.", None))
    has_file = fields.Boolean(**said("Whether a file came with it and is here.", False))
    problem = fields.String(
        allow_none=True, **said("Why its file is not here: gone, too_large, damaged or not_taken; or null.", None)
    )


class ReceivedPage(Schema):
    items = fields.List(fields.Nested(ReceivedOut), **said("The newest first."))
    next_cursor = fields.String(allow_none=True, **said("For the next page, or null.", None))


class ContactsQuery(PageQuery):
    state = fields.String(
        load_default="answered",
        validate=validate.OneOf(("answered", "stopped", "announced")),
        **said(
            "`answered`: the office answers them itself; `stopped`: they want no messages; `announced`: they agreed to"
            " be told announcements.",
            "answered",
        ),
    )


@versioned
class ContactOut(Schema):
    """Somebody who writes to the office."""

    id = fields.UUID(**said("The contact.", _ID))
    channel = fields.String(**said("Where he wrote last.", "whatsapp"))
    who = fields.String(**said("Who it is, masked.", "S••• M••• +62812•••••072"))
    answered_until = fields.AwareDateTime(
        allow_none=True,
        **said("So long the office answers him itself and we do not; or null.", None),
    )
    version = fields.Integer(**said("Grows with each change.", 3))


class ContactPage(Schema):
    items = fields.List(fields.Nested(ContactOut), **said("In the order in which they became known."))
    next_cursor = fields.String(allow_none=True, **said("For the next page, or null.", None))
