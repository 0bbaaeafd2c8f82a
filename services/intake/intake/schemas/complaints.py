"""Shapes of complaints, wishes and questions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from contracts.complaining import ABOUT, CLASSES, CONFIDENTIALITY, KINDS, RESULTS, STATUSES, STEPS
from contracts.phones import normalise_phone
from intake.domain.complaints.states import OF_OFFICE
from intake.schemas.base import KELURAHAN, KELURAHAN_CODE, SERVICE_CODE, Strict, moment, optional, shown, text
from kit.paging import PageQuery
from kit.problems import Words
from kit.versions import versioned

_NO_PHONE = Words("Nomor HP tidak dikenal. Contoh: 0812-7100-0071.", "No mobile number. An example: 0812-7100-0071.")
_TICKET = "ADU-7K3M9-XW2RB"
_SECRET = "4H7KM-Q2WXZ"


def one_of(description: str, values: Any, example: Any, **more: Any) -> fields.String:
    """A word out of some."""
    return fields.String(
        validate=validate.OneOf(values), metadata={"description": description, "example": example}, **more
    )


def _words(description: str, example: str) -> fields.String:
    return text(description, example, most=4000, required=True)


class NewComplaint(Strict):
    """What is to be filed. `anonymous`: neither name nor number is kept, nor the login; `confidential`: kept, and not
    shown to those who handle it."""

    kelurahan = fields.String(
        required=True, validate=validate.Regexp(KELURAHAN_CODE),
        metadata={"description": "The office that it is for.", "example": KELURAHAN},
    )  # fmt: skip
    kind = one_of("What it is.", KINDS, "complaint", required=True)
    text = _words("In one's own words.", "Loket baru dibuka pukul sembilan, padahal tertulis setengah delapan.")
    about = one_of("Whose doing it is about.", ABOUT, "office", load_default="office")
    confidentiality = one_of("Who may know who files it.", CONFIDENTIALITY, "open", load_default="open")
    name = optional("Who files it.", "Siti Maimunah binti H. Zainuddin", most=100)
    phone = optional("Where the answer is sent by message.", "0812-7100-0072", most=32)
    language = one_of("Of the messages.", ("id", "en"), "id", load_default="id")
    tracking_code = optional("The case that it is about.", None, most=64)
    service = fields.String(
        allow_none=True, load_default=None, validate=validate.Regexp(SERVICE_CODE),
        metadata={"description": "The service that it is about.", "example": "KK"},
    )  # fmt: skip
    step = one_of("The step of the service.", STEPS, "receive", load_default=None, allow_none=True)

    @post_load
    def _normalise(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        if data.get("phone"):
            try:
                data["phone"] = normalise_phone(data["phone"])
            except ValueError as error:
                raise ValidationError({"phone": [_NO_PHONE]}) from error  # type: ignore[dict-item]
        return data


class FiledOut(Schema):
    """The ticket, and the secret that goes with it: told this once."""

    id = fields.UUID(metadata={"description": "Its id."})
    ticket = shown("To be kept, and told by phone; its last sign checks the others.", _TICKET)
    secret = shown("By which the answer is read and gone on with.", _SECRET)
    status = one_of("Where it is.", STATUSES, "filed")
    check_due_at = moment("It is checked by then.", allow_none=True)


class BySecret(Strict):
    """The secret, or nothing where the login that filed it calls."""

    secret = optional("The secret that came with the ticket.", _SECRET, most=64)


class Supplied(BySecret):
    text = _words("What there is to add.", "Saya datang tanggal 18 Agustus, pukul delapan.")


class Reopening(BySecret):
    text = _words("Why the answer does not do.", "Pagi ini loket tutup lagi sampai pukul sembilan.")


class StatusOut(Schema):
    """How it stands, for anybody with the ticket; nothing that was written."""

    ticket = shown("The ticket.", _TICKET)
    kelurahan = shown("Kemendagri code.", KELURAHAN)
    office = shown("The kelurahan.", "Bukit Sangkal")
    kind = one_of("What it is.", KINDS, "complaint")
    status = one_of("Where it is.", STATUSES, "checked")
    level = shown("How far up it has come: office, lurah, camat or city.", "office")
    service = shown("The service that it is about.", "KK", allow_none=True)
    step = shown("The step that it is about.", "receive", allow_none=True)
    result = one_of("How it ended.", RESULTS, None, allow_none=True)
    filed_at = moment("When it was filed.")
    check_due_at = moment("By when it is to be checked.", allow_none=True)
    checked_at = moment("When it was.", allow_none=True)
    answer_due_at = moment("By when it is to be answered; null until it was checked, and while it waits.",
                           allow_none=True)  # fmt: skip
    answered_at = moment("When it was.", allow_none=True)
    closes_at = moment("When it closes by itself.", allow_none=True)
    closed_at = moment("When it was closed.", allow_none=True)


@versioned
class ComplaintBrief(StatusOut):
    """A complaint as a line of a list."""

    id = fields.UUID(metadata={"description": "Its id."})
    application_id = fields.UUID(allow_none=True, metadata={"description": "The case that it is about."})
    complaint_class = one_of("By how many working days it takes.", CLASSES, "complaint", allow_none=True)
    about = one_of("Whose doing it is about.", ABOUT, "office")
    confidentiality = one_of("Who may know who filed it.", CONFIDENTIALITY, "open")
    channel = shown("How it came.", "http")
    assigned_to = shown("Account of who has it in hand.", None, allow_none=True)
    about_staff = shown("Account of the member of the staff that it is about, for those who handle it.", None,
                        allow_none=True)  # fmt: skip
    reopened = fields.Integer(metadata={"description": "How often it was.", "example": 0})
    changed_at = moment("Last change.")
    reopen_until = moment("Until when it can be reopened.", allow_none=True)
    due_at = moment("By when the office is to act; null while it is not its turn.", allow_none=True)
    late = fields.Boolean(metadata={"description": "That has passed.", "example": False})
    actions = fields.List(
        fields.String(), metadata={"description": "What this caller may do now.", "example": ["check", "assign"]}
    )
    version = fields.Integer(metadata={"description": "Counts its changes.", "example": 1})


class WhoFiled(Schema):
    name = shown("Name.", "Siti Maimunah binti H. Zainuddin", allow_none=True)
    phone = shown("Number.", "+6281271000072", allow_none=True)
    language = shown("Language.", "id", allow_none=True)


class PhotoOut(Schema):
    """A photo; `checking` is looked at in full in a moment."""

    file_id = fields.UUID(metadata={"description": "Its id."})
    type = shown("What it is by its bytes.", "image/jpeg")
    size = fields.Integer(metadata={"description": "Bytes.", "example": 2_345_678})
    sha256 = shown("Hash of the original.", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    status = shown("checking, ready, rejected or withdrawn.", "checking")
    reason = shown("Why it was rejected.", None, allow_none=True)
    uploaded_at = moment("When it arrived.")


class HistoryEntry(Schema):
    """One change."""

    number = fields.Integer(metadata={"description": "Without gaps for those who handle it.", "example": 1})
    at = moment("When, in office time.")
    change = shown("What happened.", "filed")
    by = shown("filer, officer, lurah, camat, city or system.", "filer")
    by_staff = shown("Which account, for those who handle it.", None, allow_none=True)
    words = shown("What was written with it.", "Loket baru dibuka pukul sembilan.", allow_none=True)


@versioned
class ComplaintOut(ComplaintBrief):
    """All of a complaint, for whoever filed it and for those who handle it. `person` is null where it is not theirs to
    know."""

    person = fields.Nested(WhoFiled, allow_none=True)
    photos = fields.List(fields.Nested(PhotoOut))
    history = fields.List(fields.Nested(HistoryEntry))


class ComplaintPage(Schema):
    items = fields.List(fields.Nested(ComplaintBrief))
    next_cursor = shown("For the next page.", None, allow_none=True)


class ComplaintQuery(PageQuery):
    """What of the desk; a person's own are listed whole."""

    status = one_of("Of this status; else what lies with the office.", STATUSES, "checked", load_default=None)
    kind = one_of("Of this kind.", KINDS, None, load_default=None)
    service = fields.String(
        load_default=None, validate=validate.Regexp(SERVICE_CODE),
        metadata={"description": "About this service.", "example": "KK"},
    )  # fmt: skip
    step = one_of("About this step.", STEPS, None, load_default=None)
    application_id = fields.UUID(load_default=None, metadata={"description": "About this case."})
    mine = fields.Boolean(
        load_default=False, metadata={"description": "What the caller has in hand.", "example": False}
    )
    late = fields.Boolean(load_default=False, metadata={"description": "What is late.", "example": False})


class Check(Strict):
    """What it is: from then on its time runs."""

    complaint_class = one_of("request, complaint or supervisory; or light, the office's own stricter class.", CLASSES,
                             "complaint", required=True)  # fmt: skip
    about = one_of(
        "Whose doing it is about, if another's than it said.", ABOUT, None, load_default=None, allow_none=True
    )
    about_staff = fields.UUID(
        allow_none=True,
        metadata={
            "description": "Account of the member of the staff that it is about, who then does not handle it; null"
            " takes it back, and left out it stays."
        },
    )  # fmt: skip


class Reclass(Check):
    reason = text("Why, for the office's own file.", "Perlu memeriksa petugas.", most=1000, required=True)


class Assignment(Strict):
    account_id = fields.UUID(required=True, metadata={"description": "Account of somebody who may handle it."})


class Asking(Strict):
    text = _words("What is to be told.", "Pada tanggal berapa Ibu datang ke loket?")


class Answering(Strict):
    text = _words("The answer.", "Loket kini dibuka pukul 07.30 setiap hari kerja. Mohon maaf.")


class Closing(Strict):
    result = one_of("Why it is no matter of this office.", OF_OFFICE, "duplicate", required=True)
    text = _words("The reason, for whoever filed it.", "Keluhan ini sudah kami tangani di tiket sebelumnya.")


class PhotoForm(Schema):
    """The form of a photo, for the documentation; the body is read as a stream. The secret stands before the file."""

    secret = fields.String(metadata={"description": "The secret that came with the ticket.", "example": _SECRET})
    file = fields.Raw(
        required=True, metadata={"type": "string", "format": "binary", "description": "JPEG, PNG, WebP, HEIC or PDF."}
    )


class TallyQuery(Strict):
    kelurahan = fields.String(
        load_default=None, validate=validate.Regexp(KELURAHAN_CODE),
        metadata={"description": "Of an office below one's own kecamatan or city.", "example": KELURAHAN},
    )  # fmt: skip
    service = fields.String(
        load_default=None, validate=validate.Regexp(SERVICE_CODE),
        metadata={"description": "Of one service.", "example": "KK"},
    )  # fmt: skip


class TallyLine(Schema):
    """So many of a service, a step, a kind and how they stand."""

    service = shown("Service; null: of none.", "KK", allow_none=True)
    step = shown("Step; null: of none.", "receive", allow_none=True)
    kind = one_of("What they are.", KINDS, "complaint")
    status = one_of("Where they are.", STATUSES, "closed")
    result = one_of("How they ended.", RESULTS, "satisfied", allow_none=True)
    number = fields.Integer(metadata={"description": "How many.", "example": 3})


class TallyOut(Schema):
    """What people complain about, of the last year."""

    kelurahan = shown("Kemendagri code.", KELURAHAN)
    items = fields.List(fields.Nested(TallyLine))
    most = fields.Integer(metadata={"description": "So many of the newest are counted.", "example": 5000})
