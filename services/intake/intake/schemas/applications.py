"""What is sent about a case."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from contracts.phones import normalise_phone
from intake.domain.applications import STATUSES, STEPS, TURNS
from intake.schemas.base import SERVICE_CODE, Strict, optional, text
from kit.days import Day
from kit.paging import PageQuery
from kit.problems import Words

_NOTHING = Words("Sebutkan kode, nomor, NIK atau nomor HP.", "Name a code, a number, a NIK or a phone number.")
_NO_PHONE = Words("Ini bukan nomor HP.", "This is no mobile number.")


class Applicant(Strict):
    """Whom the letter is about. Only what no scan shows is asked of people: an officer adds the rest."""

    name = text("Full name, as on the identity card.", "Siti Maimunah binti H. Zainuddin", required=True)
    nik = text("NIK, 16 digits.", "1671105503550001", most=32, required=True)
    kk_number = optional("Number of the family card, 16 digits.", "1671101204080017", most=32)
    head_of_family = optional("Head of the family, as on the family card.", "H. Zainuddin")
    birth_place = optional("Place of birth.", "Palembang")
    birth_date = Day(allow_none=True, metadata={"description": "Date of birth.", "example": "1955-03-15"})
    sex = fields.String(
        allow_none=True,
        validate=validate.OneOf(("L", "P")),
        metadata={"description": "L (man) or P (woman).", "example": "P"},
    )
    nationality = optional("Nationality.", "Indonesia")
    religion = optional("Religion.", "Islam")
    marital_status = optional("Marital status.", "Cerai mati")
    education = optional("Education.", "SD/sederajat")
    occupation = optional("Occupation.", "Mengurus rumah tangga")
    address = optional("Street and number.", "Jalan Sukabangun Lorong Melati Nomor 12", most=300)
    rt = text("RT; `23`, `023` and `RT.23` are the same.", "023", most=12, required=True)
    rw = text("RW.", "005", most=12, required=True)


_NO_MAIL = Words("Alamat surel tidak benar; contoh nama@contoh.id.", "This is no mail address; such as nama@contoh.id.")


class MailAddress(fields.String):
    """A mail address, without the space around it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **more)).strip()
        try:
            validate.And(validate.Length(max=254), validate.Email())(text)
        except ValidationError as error:
            raise ValidationError([_NO_MAIL]) from error  # type: ignore[list-item]
        return text


class Contact(Strict):
    """Whom messages go to."""

    name = text("Name.", "Rohana", required=True)
    phone = text("Mobile number, in any way that Indonesians write it.", "0812-7100-0071", most=32, required=True)
    email = MailAddress(
        allow_none=True,
        metadata={
            "description": "Mail address, for messages that the phone does not get; or null.",
            "example": "rohana@contoh.id",
        },
    )


class Helper(Strict):
    """Who applies for somebody else. That person agrees in a request of its own."""

    name = text("Name.", "Nur'aini", required=True)
    phone = text("Mobile number.", "0812 7100 0072", most=32, required=True)
    relation = text("What the helper is to the applicant.", "tetangga", most=60, required=True)


_DETAILS = {
    "description": "Values of the service's fields by code (see `fields` of `GET /v1/services/{code}`), except those"
    " that belong to the applicant.",
    "example": {"remarks": "Warga lanjut usia, dibantu tetangga"},
}


class NewApplication(Strict):
    """A case to be opened."""

    service = text("Code of the service.", "KK", most=20, required=True)
    reason = optional("Why: one of the service's reasons, where it has any.", "lost", most=40)
    applicant = fields.Nested(Applicant, required=True)
    contact = fields.Nested(Contact, required=True)
    helper = fields.Nested(Helper, allow_none=True, metadata={"description": "Who applies for the applicant."})
    details = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), metadata=_DETAILS)
    intended_duplicate = fields.Boolean(
        load_default=False,
        metadata={
            "description": "The person has an open case for this service and wants another.",
            "example": False,
        },
    )


class ApplicantChange(Applicant):
    """What is known better now; null removes a value."""

    name = text("Full name.", "Siti Maimunah binti H. Zainuddin")
    nik = optional("NIK, 16 digits.", "1671105503550001", most=32)
    rt = text("RT.", "023", most=12)
    rw = text("RW.", "005", most=12)


class ContactChange(Contact):
    """Another name or number for messages."""

    name = text("Name.", "Rohana")
    phone = text("Mobile number.", "0812-7100-0071", most=32)


class ApplicationChange(Strict):
    """A correction: only what is sent changes."""

    reason = text("One of the service's reasons.", "lost", most=40)
    applicant = fields.Nested(ApplicantChange)
    contact = fields.Nested(ContactChange)
    details = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), metadata=_DETAILS)
    read_from = fields.UUID(
        metadata={"description": "The file of the case that all these values were read from.", "example": None}
    )


class IntroductionRequest(Strict):
    """What the RT head is asked for."""

    purpose = text("What the introduction is for.", "Pengurusan Kartu Keluarga karena hilang", most=300, required=True)


class ReasonGiven(Strict):
    """A decision that has to say why. Name nobody in it."""

    reason = text("Why.", "Sudah dikenal petugas, ketua RT sedang sakit", most=500, required=True)


class RequirementWaived(ReasonGiven):
    """The same of one requirement, as a form says which."""

    requirement = text("Code of the requirement.", "SURAT_KEHILANGAN", most=60, required=True)


class Withdrawal(Strict):
    """The applicant does not want it any more."""

    reason = optional("Why, if somebody wants to say.", "Kartu Keluarga sudah ditemukan", most=500)


class ReturnedItem(Strict):
    """What is wrong with one item."""

    requirement = text("Code of the requirement or field.", "SURAT_KEHILANGAN", most=60, required=True)
    problem = text("What is wrong, in words for the applicant.", "Tulisan tidak terbaca", most=300, required=True)
    note = optional("What would help.", "Foto ulang di tempat terang", most=500)
    original = fields.Boolean(
        load_default=False, metadata={"description": "The original is to be shown at the office.", "example": False}
    )


class Return(Strict):
    """What has to be mended."""

    items = fields.List(fields.Nested(ReturnedItem), required=True, validate=validate.Length(1, 40))


class OriginalsSeen(Strict):
    """Whose originals were seen."""

    requirements = fields.List(
        fields.String(validate=validate.Length(1, 60)),
        required=True,
        validate=validate.Length(1, 40),
        metadata={"description": "Codes of the returned items marked `original`.", "example": ["SURAT_KEHILANGAN"]},
    )


class Claim(Strict):
    """The codes of the message that the RT head's introduction sent."""

    tracking_code = text("Tracking code, in any spelling.", "PGT-7K3M9-XW2RB", most=64, required=True)
    code = text("Claim code.", "40719253", most=16, required=True)


class ApplicationQuery(PageQuery):
    """Which cases."""

    status = fields.String(
        validate=validate.OneOf(STATUSES), metadata={"description": "Only this status.", "example": "submitted"}
    )
    service = fields.String(
        validate=validate.Regexp(SERVICE_CODE), metadata={"description": "Only this service.", "example": "KK"}
    )
    rt = fields.String(
        validate=validate.Regexp(r"^\d{3}$"),
        metadata={"description": "Only this RT, three digits (officers).", "example": "023"},
    )
    waiting_for = fields.String(
        validate=validate.OneOf(tuple(TURNS)),
        metadata={"description": "Only those whose turn this is (officers).", "example": "officer"},
    )
    step = fields.String(
        validate=validate.OneOf(tuple(STEPS.values())),
        metadata={"description": "Only those of which this is to be done next (officers).", "example": "receive"},
    )
    helper = fields.UUID(
        metadata={
            "description": "Only those that this helper opened, wherever they are (officers; see `helpers`).",
            "example": None,
        }
    )
    late = fields.Boolean(metadata={"description": "Only what is past its promised date (officers).", "example": False})
    due = Day(
        metadata={"description": "Only what is promised for this day and not issued yet (officers).", "example": None}
    )
    silent = fields.Boolean(
        metadata={"description": "Only returned ones that nobody touched for seven days (officers).", "example": False}
    )


class LookUp(Strict):
    """What somebody names a case by; all that is given has to fit."""

    tracking_code = text("Tracking code, in any spelling.", "PGT-7K3M9-XW2RB", most=64)
    agenda_number = fields.String(
        validate=validate.Regexp(r"^[0-9]{1,6}/[0-9]{4}\Z"),
        metadata={"description": "The office's own number.", "example": "1/2026"},
    )
    nik = fields.String(
        validate=validate.Regexp(r"^[0-9]{16}\Z"),
        metadata={"description": "The applicant's NIK, 16 digits.", "example": "1671105503550001"},
    )
    phone = text("The number that messages go to, in any spelling.", "0812-7100-0071", most=32)

    @validates_schema
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError([_NOTHING])  # type: ignore[list-item]

    @post_load
    def _read(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if "phone" in data:
            try:
                data["phone"] = normalise_phone(data["phone"])
            except ValueError as error:
                raise ValidationError({"phone": [_NO_PHONE]}) from error  # type: ignore[dict-item]
        return data
