"""How a case is shown."""

from __future__ import annotations

from marshmallow import Schema, fields

from intake.schemas.base import Named, moment, shown
from kit.versions import versioned


class RequirementOut(Schema):
    """How one requirement stands."""

    code = shown("Its code.", "SURAT_KEHILANGAN")
    name = fields.Nested(Named)
    state = shown("missing, present, waived or not_needed.", "present")
    file_id = fields.UUID(allow_none=True, metadata={"description": "The file that is there for it."})
    note = shown("Why it was waived.", None, allow_none=True)


class ApplicantOut(Schema):
    """What is known of the applicant."""

    name = shown("Name as given.", "Siti Maimunah binti H. Zainuddin")
    nik = shown("NIK.", "1671105503550001")
    kk_number = shown("Number of the family card.", "1671101204080017")
    head_of_family = shown("Head of the family.", "H. Zainuddin")
    birth_place = shown("Place of birth.", "Palembang")
    birth_date = shown("Date of birth.", "1955-03-15")
    sex = shown("L or P.", "P")
    nationality = shown("Nationality.", "Indonesia")
    religion = shown("Religion.", "Islam")
    marital_status = shown("Marital status.", "Cerai mati")
    education = shown("Education.", "SD/sederajat")
    occupation = shown("Occupation.", "Mengurus rumah tangga")
    address = shown("Address.", "Jalan Sukabangun Lorong Melati Nomor 12")
    rt = shown("RT.", "023")
    rw = shown("RW.", "005")


class ContactOut(Schema):
    """Whom messages go to."""

    name = shown("Name.", "Rohana")
    phone = shown("E.164.", "+6281271000071")
    email = shown("Mail address; missing where none was given.", "rohana@contoh.id")


class HelperOut(Schema):
    """Who applies for the applicant."""

    name = shown("Name.", "Nur'aini")
    phone = shown("E.164.", "+6281271000072")
    relation = shown("What the helper is to the applicant.", "tetangga")
    revoked = fields.Boolean(metadata={"description": "The applicant wants no help any more.", "example": False})


class ConsentOut(Schema):
    """Whether the applicant agrees to being helped."""

    status = shown("none, code, signed_photo, rt_head_word, in_person or revoked.", "code")
    at = moment("When it was said last.", allow_none=True)
    messages_to = shown(
        "Where the applicant wants messages: owner (the own phone) or helper.", "owner", allow_none=True
    )
    to_do = fields.Nested(Named, allow_none=True, metadata={"description": "What to do while nobody agreed."})


class IntroductionOut(Schema):
    """The RT head's introduction."""

    id = fields.UUID(allow_none=True, metadata={"description": "None before it was asked for."})
    status = shown("none, requested, granted, refused or waived.", "granted")
    note = shown("Why it was refused or waived.", None, allow_none=True)
    number = shown("Number of the RT head's letter.", "001/RT.023/RW.005/VIII/2026", allow_none=True)
    letter_id = fields.UUID(allow_none=True, metadata={"description": "The letter, once it is issued."})
    check_url = shown(
        "Where anybody can check it.", "http://127.0.0.1:8080/periksa/7K3MQ9X2VZ5TB8RDW4HC", allow_none=True
    )


class VerificationOut(Schema):
    """What the RT head said of the documents."""

    status = shown("none, asked, witnesses (neighbours have still to answer), failed, passed or overridden.", "asked")
    note = shown("Why it failed, or why an officer passed it all the same.", None, allow_none=True)


class FileBrief(Schema):
    """A file of the case that counts now."""

    file_id = fields.UUID()
    requirement = shown("What it is there for.", "SURAT_KEHILANGAN")
    type = shown("By its bytes.", "image/jpeg")
    size = fields.Integer(metadata={"example": 482133})
    sha256 = shown("Hash of the original.", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    status = shown("checking or ready.", "ready")
    original_seen = fields.Boolean(metadata={"description": "The paper itself was seen.", "example": False})
    uploaded_at = moment("When it came.")


class LetterOut(Schema):
    """A letter of the case; documents has its content."""

    letter_id = fields.UUID()
    kind = shown("Which letter.", "kk_introduction")
    number = shown("Its number.", "400.12.2.1/001/KEL-BS/VIII/2026")
    status = shown("issued or void.", "issued")
    check_url = shown("Where anybody can check it.", "http://127.0.0.1:8080/periksa/7K3MQ9X2VZ5TB8RDW4HC")


class DeadlinesOut(Schema):
    """One a working day; null while a returned case makes it unknowable."""

    receive = moment("To be received by.", "2026-08-14T16:30:00+07:00", allow_none=True)
    verify = moment("To be verified by.", "2026-08-18T16:00:00+07:00", allow_none=True)
    produce = moment("To be produced by.", "2026-08-19T16:00:00+07:00", allow_none=True)


class ReturnedItemOut(Schema):
    """What is wrong with one item."""

    requirement = shown("Code of the requirement or field.", "SURAT_KEHILANGAN")
    problem = shown("What is wrong.", "Tulisan tidak terbaca")
    note = shown("What would help.", "Foto ulang di tempat terang")
    original = fields.Boolean(
        metadata={"description": "The original is to be shown, at the office or to the RT head.", "example": False}
    )


class CaseLine(Schema):
    """A case in a list."""

    id = fields.UUID()
    tracking_code = shown("What people quote.", "PGT-7K3M9-XW2RB")
    service = shown("Code of the service.", "KK")
    reason = shown("Why.", "lost")
    status = shown("Where it is.", "submitted")
    channel = shown("http, whatsapp, counter or rt_head.", "http")
    rt = shown("RT.", "023")
    rw = shown("RW.", "005")
    opened_at = moment("Opened.")
    submitted_at = moment("Submitted; null before.", allow_none=True)
    promised_at = moment(
        "The result is there by then; null while that is not known.", "2026-08-19T16:00:00+07:00", allow_none=True
    )
    agenda_number = shown("The office's own number, from the receipt on.", "0001/2026", allow_none=True)
    waiting_for = shown(
        "Whose turn it is: applicant, rt_head, officer, lurah; null when it has ended.", "officer", allow_none=True
    )
    version = fields.Integer(metadata={"description": "The ETag without its quotes.", "example": 3})


class QueueLine(CaseLine):
    """A case in a list, with the applicant's name."""

    name = shown("The applicant.", "Siti Maimunah binti H. Zainuddin")
    late = fields.Boolean(metadata={"description": "Past its promised date.", "example": False})
    step = shown("What is to be done next: receive, verify, produce or hand-over.", "receive", allow_none=True)
    actions = fields.List(
        fields.String(), metadata={"description": "What this caller may do now.", "example": ["receive", "return"]}
    )
    verification_note = shown("Why the RT head's verdict has to be weighed.", None, allow_none=True)


class QueuePage(Schema):
    """A page of cases."""

    items = fields.List(fields.Nested(QueueLine))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)


class ProvenanceOut(Schema):
    """Where a value comes from."""

    source = shown("applicant, helper, rt_head, witness or officer.", "officer")
    by = shown("Whose login, or which office holder.", "officer:yanti")
    at = moment("When it was given.")
    file_id = fields.UUID(allow_none=True, metadata={"description": "The file of the case that it was read from."})


class SuggestionOut(Schema):
    """A value of another case of the person: take it over with PATCH, in this part under this name."""

    part = shown("applicant or details.", "applicant")
    field = shown("Code of the field.", "kk_number")
    value = fields.Raw(metadata={"description": "The value.", "example": "1671101204080017"})
    tracking_code = shown("The case that it comes from.", "PGT-7K3M9-XW2RB")
    at = moment("When it was given there.")


class SuggestionsOut(Schema):
    """What other cases of the person say otherwise, or besides."""

    items = fields.List(fields.Nested(SuggestionOut))


@versioned
class ApplicationOut(CaseLine):
    """A case, as its reader may see it."""

    kelurahan = shown("Whose case it is.", "16.71.10.1001")
    service_name = fields.Nested(Named)
    sop_version = fields.Integer(metadata={"description": "The version that it began with.", "example": 1})
    next_step = fields.Nested(Named, metadata={"description": "Where to go with the letter."})
    changed_at = moment("Last change.")
    applicant = fields.Nested(ApplicantOut)
    contact = fields.Nested(ContactOut)
    helper = fields.Nested(HelperOut, allow_none=True)
    consent = fields.Nested(ConsentOut, allow_none=True, metadata={"description": "Null where nobody helps."})
    details = fields.Dict(metadata={"description": "Values of the service's fields.", "example": {}})
    provenance = fields.Dict(
        allow_none=True,
        keys=fields.String(),
        values=fields.Nested(ProvenanceOut),
        metadata={"description": "Who gave each value, by field; null but for the office.", "example": {}},
    )
    requirements = fields.List(fields.Nested(RequirementOut))
    missing = fields.List(
        fields.String(), metadata={"description": "What keeps it from being submitted.", "example": []}
    )
    missing_fields = fields.List(
        fields.String(),
        metadata={"description": "Fields that must be filled before the lurah can sign.", "example": ["kk_number"]},
    )
    warnings = fields.List(
        fields.String(),
        metadata={"description": "What looks odd and is no error.", "example": ["nik-birth-date-differs"]},
    )
    deadlines = fields.Nested(DeadlinesOut)
    actions = fields.List(
        fields.String(), metadata={"description": "What this caller may do now.", "example": ["receive", "return"]}
    )
    introduction = fields.Nested(IntroductionOut)
    verification = fields.Nested(VerificationOut)
    files = fields.List(fields.Nested(FileBrief))
    letters = fields.List(fields.Nested(LetterOut))
    returned_items = fields.List(fields.Nested(ReturnedItemOut))
    decision_reason = shown("Why it was rejected or withdrawn.", None, allow_none=True)
    sent_back_reason = shown("What the lurah wants mended.", None, allow_none=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "Where to go on."})


class TimelineEntry(Schema):
    """One thing that happened."""

    at = moment("When, in office time.")
    status = shown("The status after it.", "submitted")
    event = shown("What happened.", "submitted")
    by = shown("applicant, helper, rt_head, witness, officer, lurah or system.", "applicant")
    by_staff = shown("Which member of the staff.", None, allow_none=True)
    note = shown("A number, a code or a requirement that belongs to it.", None, allow_none=True)


class TimelineOut(Schema):
    """What happened to a case, oldest first."""

    items = fields.List(fields.Nested(TimelineEntry))


class PublicEntry(Schema):
    """One thing that happened, without anybody's name."""

    at = moment("When, in office time.")
    status = shown("The status after it.", "submitted")
    event = shown("What happened.", "submitted")
    by = shown("applicant, helper, rt_head, witness, officer, lurah or system.", "applicant")


class ReturnedCode(Schema):
    """An item that has to be mended."""

    requirement = shown("Code of the requirement or field.", "SURAT_KEHILANGAN")


class TrackOut(Schema):
    """How a case stands, for anybody with its tracking code."""

    tracking_code = shown("The code.", "PGT-7K3M9-XW2RB")
    office = shown("The kelurahan.", "Bukit Sangkal")
    service = shown("Code of the service.", "KK")
    service_name = fields.Nested(Named)
    status = shown("Where it is.", "received")
    waiting_for = shown("Whose turn it is.", "rt_head")
    opened_at = moment("Opened.")
    submitted_at = moment("Submitted.", allow_none=True)
    promised_at = moment("The result is there by then.", "2026-08-19T16:00:00+07:00", allow_none=True)
    agenda_number = shown("The office's own number.", "0001/2026", allow_none=True)
    returned_items = fields.List(fields.Nested(ReturnedCode))
    next_step = fields.Nested(Named)
    timeline = fields.List(fields.Nested(PublicEntry))
