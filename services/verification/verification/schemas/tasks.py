"""Tasks, links and decisions."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from kit.paging import PageQuery
from kit.versions import versioned
from verification.domain.decisions import ACKNOWLEDGE, GRANT, REFUSAL_REASONS, REFUSE, VERDICT_NAMES
from verification.domain.statements import MOST, OUTCOME_OF
from verification.domain.tasks import KINDS, STATUSES
from verification.schemas.shapes import Phone, Strict, plain_text, said, shown

_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e9f"


class TasksQuery(PageQuery):
    status = fields.String(load_default=None, validate=validate.OneOf(STATUSES), **said("Only these.", "open"))
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS), **said("Only these.", "introduction"))
    application_id = fields.UUID(load_default=None, **said("Of this case only.", None))


class NewIntroduction(Strict):
    """The RT head introduces somebody of his RT."""

    name = plain_text(120, "Whom he introduces.", "Siti Maimunah binti H. Zainuddin", required=True)
    phone = Phone(required=True, **said("Where she is reached.", "0812 0000 0923"))
    purpose = plain_text(300, "What for.", "Mengurus Kartu Keluarga baru", required=True)
    service = plain_text(
        20, "Code of the service; without it the letter stands by itself.", "KK", load_default=None, allow_none=True
    )


class VerdictIn(Strict):
    file_id = fields.UUID(required=True, **said("The file.", _ID))
    verdict = fields.String(required=True, validate=validate.OneOf(VERDICT_NAMES), **said("What it is.", "genuine"))
    note = plain_text(
        500, "Why; needed for `doubtful`.", "Alamat pada KK bukan di RT ini.", load_default=None, allow_none=True
    )


class WitnessIn(Strict):
    """A neighbour to be asked, or a side on which nobody lives."""

    position = plain_text(
        40, "The side, of `positions`; none for somebody named by `relation`.", "left",
        load_default=None, allow_none=True,
    )  # fmt: skip
    relation = plain_text(60, "How he knows the applicant.", "Tetangga depan rumah", load_default=None, allow_none=True)
    name = plain_text(120, "His name.", "Tukiman", load_default=None, allow_none=True)
    phone = Phone(
        load_default=None, allow_none=True,
        **said("Where the question is sent; to who has none an officer goes.", "0812 0000 0931"),
    )  # fmt: skip
    address = plain_text(200, "Printed with the answer.", "Jalan Contoh Nomor 25", load_default=None, allow_none=True)
    absent = fields.Boolean(load_default=False, **said("Nobody lives on that side (the RT head's word).", False))


class WitnessesIn(Strict):
    """Neighbours to be asked."""

    witnesses = fields.List(
        fields.Nested(WitnessIn), required=True, validate=validate.Length(1, MOST), **said("All of them, or none.")
    )


class DecisionIn(Strict):
    """For an introduction `decision` with `purpose` or `reason`; for an attestation `verdicts`, and `witnesses` where
    `positions` are open; for a neighbour `decision` with `note`."""

    decision = fields.String(
        load_default=None, validate=validate.OneOf((GRANT, REFUSE, ACKNOWLEDGE, *OUTCOME_OF)),
        **said("Of an introduction: grant, refuse; acknowledge (RW head). Of a neighbour: see `choices`.", "grant"),
    )  # fmt: skip
    purpose = plain_text(
        300, "Granted for this purpose, if not as asked.", "Mengurus KK yang hilang", load_default=None, allow_none=True
    )
    owner_agrees = fields.Boolean(
        load_default=None, allow_none=True,
        **said("With grant, where there is a `helper`: whether the applicant agrees to being helped.", True),
    )  # fmt: skip
    reason = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(REFUSAL_REASONS),
        **said("Why it is refused.", "not_resident"),
    )  # fmt: skip
    note = plain_text(
        500, "A sentence with the refusal or objection.", "Sudah pindah ke RT lain.", load_default=None, allow_none=True
    )
    verdicts = fields.List(
        fields.Nested(VerdictIn), load_default=None, validate=validate.Length(max=100),
        **said("Of an attestation: one for each file. With a grant: of those files that he has looked at."),
    )  # fmt: skip
    witnesses = fields.List(
        fields.Nested(WitnessIn), load_default=None, validate=validate.Length(1, MOST),
        **said("With an attestation: the neighbours on `positions` that are open."),
    )  # fmt: skip


class OriginalsIn(Strict):
    """Whose originals he has seen."""

    file_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(1, 100), **said("Of `originals`.", [_ID])
    )


class Choice(Schema):
    code = shown("To be sent.", "not_resident")
    name = shown("To be shown.", "Bukan warga RT ini")


class FileOut(Schema):
    """A document of an attestation."""

    file_id = shown("The file.", _ID, fields.UUID)
    requirement = shown("What it is to show.", "KK_LAMA")
    requirement_name = shown("The same in words.", "Kartu Keluarga lama")
    type = shown("Media type.", "image/jpeg")
    content_url = shown("Where it is read, or null once nobody is asked any more.", None, fields.URL, allow_none=True)
    verdict = shown("genuine, doubtful, bring_original, or null.", None, allow_none=True)
    note = shown("What was written beside it.", None, allow_none=True)
    carried = shown("The verdict stands from before.", False, fields.Boolean)


class OriginalOut(Schema):
    """An original that he asked to see."""

    file_id = shown("The file.", _ID, fields.UUID)
    requirement = shown("What it is to show.", "KK_LAMA")
    requirement_name = shown("The same in words.", "Kartu Keluarga lama")
    seen = shown("Whether he has seen it.", False, fields.Boolean)


class PersonOut(Schema):
    name = shown("Name.", "Siti Maimunah binti H. Zainuddin")
    address = shown("Address.", "Jalan Contoh Nomor 23", allow_none=True)


class HelperOut(Schema):
    name = shown("Name.", "Nur'aini")
    relation = shown("What the helper is to the applicant.", "tetangga")


class ContactOut(Schema):
    name = shown("Name.", "Siti Maimunah binti H. Zainuddin")
    phone = shown("E.164.", "+6281200000923")


class AskedOut(Schema):
    officeholder_id = shown("The officeholder.", _ID, fields.UUID)
    name = shown("Name.", "M. Yusuf Effendi")
    role = shown("As what he is asked.", "rt_head")


class MessageOut(Schema):
    """A message about the task and whether it arrived."""

    id = shown("The message.", _ID, fields.UUID)
    template = shown("Which one.", "introduction_request")
    to_role = shown("To whom.", "rt_head")
    status = shown("requested, delivered or failed.", "delivered")
    channel = shown("By which channel.", "mailbox", allow_none=True)
    reason = shown("Why it failed.", None, allow_none=True)
    requested_at = shown("When it was asked for.", "2026-08-14T08:00:00+00:00", fields.AwareDateTime)
    settled_at = shown("When its outcome was told.", None, fields.AwareDateTime, allow_none=True)


class PositionOut(Schema):
    code = shown("To be sent.", "left")
    name = shown("To be shown.", "Kiri")
    open = shown("Whether nobody was named for it yet.", True, fields.Boolean)


class AnswerOut(Schema):
    """One answer of a neighbour; the last one counts."""

    answer = shown("confirmed, objected, declined, absent or no_answer.", "confirmed")
    note = shown("Why.", None, allow_none=True)
    said_at = shown("When.", "2026-08-18T03:10:00+00:00", fields.AwareDateTime)
    said_by = shown("By whom: witness, an officer who was told, or the RT head (absent).", "witness")


class WitnessOut(Schema):
    """A neighbour who was named. What he said is shown to the office only."""

    task_id = shown("What he is asked.", _ID, fields.UUID)
    position = shown("The side.", "left", allow_none=True)
    position_name = shown("The same in words.", "Kiri", allow_none=True)
    relation = shown("How he knows the applicant, where there are no sides.", None, allow_none=True)
    name = shown("His name.", "Tukiman", allow_none=True)
    state = shown("asked, or absent; to the office also answered.", "asked")
    phone = shown("E.164 (office).", "+6281200000931", allow_none=True)
    outcome = shown("What counts now (office).", None, allow_none=True)
    answers = fields.List(fields.Nested(AnswerOut), **said("All that he said (office)."))


class WitnessPerson(Schema):
    name = shown("Name.", "Tukiman")
    phone = shown("E.164.", "+6281200000931", allow_none=True)
    relation = shown("How he knows the applicant.", None, allow_none=True)


class TaskBase(Schema):
    """What a task shows to everybody who may see it."""

    kind = shown("introduction, attestation or statement.", "introduction")
    status = shown("open, done or cancelled.", "open")
    rw = shown("RW.", "005")
    rt = shown("RT.", "023")
    service = shown("Code of the service, where it was said.", "KK", allow_none=True)
    service_name = shown("Its name.", "Surat pengantar Kartu Keluarga", allow_none=True)
    purpose = shown("What for.", "Mengurus Kartu Keluarga baru", allow_none=True)
    tracking_code = shown("The case's code.", "PGT-7K3M9-XW2RB", allow_none=True)
    applicant = fields.Nested(PersonOut, allow_none=True, **said("Whom it is about."))
    helper = fields.Nested(HelperOut, allow_none=True, **said("Who applies for the applicant, if somebody does."))
    files = fields.List(fields.Nested(FileOut), **said("What an attestation asks about."))
    originals = fields.List(fields.Nested(OriginalOut), **said("What he asked to see in the original."))
    decisions = fields.List(fields.String(), **said("What may be answered now.", ["grant", "refuse"]))
    refusal_reasons = fields.List(fields.Nested(Choice), **said("Reasons for refusing an introduction."))
    positions = fields.List(fields.Nested(PositionOut), **said("Sides on which neighbours are asked."))
    witnesses = fields.List(fields.Nested(WitnessOut), **said("Neighbours who were named."))
    outcome = shown(
        "granted, refused; judged (neighbours have still to answer), passed, failed; of a neighbour confirmed,"
        " objected, declined, absent, no_answer; or null.",
        None,
        allow_none=True,
    )
    reason = shown("Why it was refused or failed.", None, allow_none=True)
    valid_until = shown("Last day of a granted introduction.", None, fields.Date, allow_none=True)
    opened_at = shown("When it was asked.", "2026-08-14T01:00:00+00:00", fields.AwareDateTime)
    closed_at = shown("When it was closed.", None, fields.AwareDateTime, allow_none=True)


@versioned
class TaskOut(TaskBase):
    """A task for somebody with a login."""

    id = shown("The task.", _ID, fields.UUID)
    application_id = shown("The case, if there is one.", None, fields.UUID, allow_none=True)
    introduction_id = shown("The introduction, if it is one.", None, fields.UUID, allow_none=True)
    headed = shown("Whether there was anybody to ask.", True, fields.Boolean)
    contact = fields.Nested(ContactOut, allow_none=True, **said("Where the applicant is reached."))
    asked = fields.Nested(AskedOut, allow_none=True, **said("Who was asked."))
    note = shown("What was written with a refusal.", None, allow_none=True)
    witness = fields.Nested(WitnessPerson, allow_none=True, **said("Of a statement: who is asked."))
    position = shown("Of a statement: on which side.", None, allow_none=True)
    position_name = shown("The same in words.", None, allow_none=True)
    answers = fields.List(fields.Nested(AnswerOut), **said("Of a statement: all that was said."))
    messages = fields.List(fields.Nested(MessageOut), **said("Whether the head was reached (for the office)."))
    version = shown("Grows with each change.", 1, fields.Integer)


class TaskPage(Schema):
    items = fields.List(fields.Nested(TaskOut), **said("Newest first."))
    next_cursor = shown("For the next page, or null.", None, allow_none=True)


@versioned
class LinkOut(TaskBase):
    """A task as its link shows it. Once it is closed nobody's data are in it."""

    office_name = shown("The kelurahan.", "Bukit Sangkal")
    question = shown("What a neighbour is asked.", None, allow_none=True)
    printed = shown("What of it will be printed.", None, allow_none=True)
    choices = fields.List(fields.Nested(Choice), **said("What a neighbour may answer, in words."))
