"""A SOP as an office writes it: drafts, what they would change, and their publication."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from intake.schemas.base import Strict, copied_to, moment, shown, text
from intake.schemas.catalogue import ServiceOut
from kit.days import Day
from kit.versions import versioned

_UPPER = validate.Regexp(r"^[A-Z][A-Z0-9_]{1,39}\Z")
_LOWER = validate.Regexp(r"^[a-z][a-z0-9_]{0,39}\Z")
_SERVICE = "DOMISILI"


class Words(Strict):
    """Said in both languages."""

    id = text("Indonesian.", "Kartu Keluarga", most=1000, required=True)
    en = text("English.", "Family card", most=1000, required=True)


class Bound(Strict):
    """An item that may count for some cases only."""

    reasons = fields.List(
        fields.String(validate=_LOWER), allow_none=True,
        metadata={"description": "For these reasons only.", "example": ["lost"]},
    )  # fmt: skip
    when = fields.Dict(
        keys=fields.String(validate=_LOWER),
        values=fields.List(fields.String(validate=validate.Length(1, 60)), validate=validate.Length(1, 20)),
        metadata={"description": "For these choices only.", "example": {"card_address": ["elsewhere"]}},
    )


class Choice(Strict):
    code = fields.String(required=True, validate=_LOWER, metadata={"example": "lost"})
    name = fields.Nested(Words, required=True)


class RequirementIn(Bound):
    """What has to be brought."""

    code = fields.String(required=True, validate=_UPPER, metadata={"example": "BUKTI_TINGGAL"})
    kind = fields.String(required=True, validate=validate.OneOf(("introduction", "file")))
    name = fields.Nested(Words, required=True)
    photo_hint = fields.Nested(Words, required=True, metadata={"description": "What a good photo shows."})
    optional = fields.Boolean(metadata={"description": "Welcome, and not needed.", "example": False})


class Column(Strict):
    code = fields.String(required=True, validate=_LOWER, metadata={"example": "name"})
    name = fields.Nested(Words, required=True)


class FieldIn(Bound):
    """What a letter needs to be filled in."""

    code = fields.String(required=True, validate=_LOWER, metadata={"example": "residence_since"})
    name = fields.Nested(Words, required=True)
    type = fields.String(required=True, validate=validate.OneOf(("text", "date", "number", "choice", "rows")))
    source = fields.String(required=True, validate=validate.OneOf(("applicant", "rt_head", "officer")))
    required = fields.Boolean(required=True)
    choices = fields.List(fields.Nested(Choice), validate=validate.Length(1, 40))
    columns = fields.List(fields.Nested(Column), validate=validate.Length(1, 20))


class LetterIn(Bound):
    """A letter; of the general one (`keterangan`) its title and words, `{field}` standing for a value."""

    kind = fields.String(required=True, validate=_LOWER, metadata={"example": "keterangan"})
    classification = text("Code of the archive.", "400.12.2.1", most=30, required=True)
    valid_days = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 3660))
    title = fields.Nested(Words)
    text = fields.List(fields.Nested(Words), validate=validate.Length(1, 10))
    rows = fields.List(fields.String(validate=_LOWER), validate=validate.Length(max=30))
    about = fields.List(fields.String(validate=_LOWER), validate=validate.Length(max=30))
    copies = copied_to("Tembusan; left out: those of the office.")


class FormIn(Bound):
    kind = fields.String(required=True, validate=_LOWER, metadata={"example": "f102"})


class WitnessesIn(Strict):
    """On which sides neighbours are asked, and how many have to confirm."""

    positions = fields.List(fields.Nested(Choice), required=True, validate=validate.Length(max=12))
    quorum = fields.Integer(strict=True, required=True, validate=validate.Range(1, 12))
    question = fields.Nested(Words, required=True)


def _listed(kind: type[Strict], most: int = 60, **more: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(kind), validate=validate.Length(max=most), **more)


class SopIn(Strict):
    """A SOP as a whole. Its version and effective date are given when it is published."""

    name = fields.Nested(Words, required=True)
    days = fields.Integer(strict=True, required=True, validate=validate.Range(1, 30), metadata={"example": 3})
    cost = fields.Nested(Words, required=True)
    product = fields.Nested(Words, required=True)
    procedure = _listed(Words, 20, required=True)
    next_step = fields.Nested(Words, required=True)
    complaint = fields.Nested(Words, required=True)
    legal_basis = fields.List(text("A law.", "Undang-Undang Nomor 25 Tahun 2009", most=300), required=True)
    reasons = _listed(Choice, load_default=list)
    requirements = _listed(RequirementIn, required=True)
    fields_ = fields.List(
        fields.Nested(FieldIn), load_default=list, attribute="fields", data_key="fields",
        validate=validate.Length(max=80),
    )  # fmt: skip
    witnesses = fields.Nested(WitnessesIn)
    steps = fields.List(fields.String(), metadata={"description": "receive, verify, produce.", "example": ["receive"]})
    letters = _listed(LetterIn, 10, required=True)
    forms = _listed(FormIn, 10, load_default=list)


class NewDraft(Strict):
    """A draft; without `sop` from the version in force."""

    sop = fields.Nested(SopIn, load_default=None, allow_none=True)


class DraftChange(Strict):
    sop = fields.Nested(SopIn, required=True)


class Publication(Strict):
    effective_from = Day(
        load_default=None, allow_none=True,
        metadata={"description": "Not before today; today if not said.", "example": "2026-09-01"},
    )  # fmt: skip


class Retirement(Strict):
    from_date = Day(
        load_default=None, allow_none=True,
        metadata={"description": "No new cases from this day; today if not said.", "example": "2026-09-01"},
    )  # fmt: skip


class DryRun(Strict):
    last = fields.Integer(
        strict=True,
        load_default=50,
        validate=validate.Range(1, 200),
        metadata={"description": "So many cases.", "example": 50},
    )


class ProblemOut(Schema):
    where = shown("In which part.", "letters.keterangan")
    said = shown("What is wrong.", "Isian tidak ada.")


@versioned
class DraftOut(Schema):
    """A draft of a SOP."""

    id = fields.UUID(metadata={"example": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e50"})
    service = shown("Code of the service.", _SERVICE)
    based_on = fields.Integer(allow_none=True, metadata={"description": "Version.", "example": None})
    changed_at = moment("When it was changed last.")
    changed_by = shown("By whose account.", "lurah:bukit-sangkal")
    problems = fields.List(fields.Nested(ProblemOut), metadata={"description": "What keeps it from being published."})
    sop = fields.Raw(metadata={"description": "The SOP as it would be published."})
    version = fields.Integer(metadata={"description": "Grows with each change; the ETag.", "example": 1})


class DraftBrief(DraftOut):
    class Meta:
        exclude = ("sop",)


class DraftList(Schema):
    items = fields.List(fields.Nested(DraftBrief))


class VersionOut(Schema):
    """A published version."""

    service = shown("Code of the service.", _SERVICE)
    version = fields.Integer(metadata={"example": 2})
    effective_from = fields.Date(metadata={"example": "2026-09-01"})
    in_force = fields.Boolean(metadata={"description": "New cases begin with it today.", "example": True})
    retired_from = fields.Date(
        allow_none=True, metadata={"description": "No new cases from this day.", "example": None}
    )


class VersionList(Schema):
    items = fields.List(fields.Nested(VersionOut), metadata={"description": "The newest first."})


class PublishedOut(ServiceOut):
    """What was published."""

    effective_from = shown("In force since.", "2026-09-01")


class DifferenceOut(Schema):
    part = shown("Part of the SOP.", "requirements")
    code = shown("Which item of it.", "BUKTI_TINGGAL", allow_none=True)
    change = shown("added, removed, changed or moved.", "added")
    said = shown("The same as a sentence.", "requirements.BUKTI_TINGGAL ditambahkan.")
    before = fields.Raw(metadata={"description": "As it was."})
    after = fields.Raw(metadata={"description": "As it is."})


class Comparison(Schema):
    """In what two versions differ."""

    items = fields.List(fields.Nested(DifferenceOut))


class EffectOut(Schema):
    part = shown("requirements, fields, letters, forms or reasons.", "requirements")
    code = shown("Which.", "BUKTI_TINGGAL")
    change = shown("needed, or not_needed any more.", "needed")
    there = fields.Boolean(
        allow_none=True, metadata={"description": "Whether the case has it all the same.", "example": False}
    )


class EffectOnCase(Schema):
    """A case that would have gone otherwise."""

    application_id = fields.UUID(metadata={"example": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e30"})
    tracking_code = shown("Its code.", "PGT-7K3M9-XW2RB")
    sop_version = fields.Integer(metadata={"description": "With which it ran.", "example": 1})
    effects = fields.List(fields.Nested(EffectOut))


class DryRunOut(Schema):
    """What the draft would have changed."""

    looked_at = fields.Integer(metadata={"description": "So many cases.", "example": 50})
    changed = fields.List(fields.Nested(EffectOnCase))


class ChangeOut(Schema):
    """A line of the record of who changed what."""

    at = moment("When.")
    by = shown("In which role.", "lurah", attribute="by_role")
    account = shown("By whose account.", "lurah:bukit-sangkal", attribute="by_account")
    action = shown("drafted, edited, discarded, published or retired.", "published")
    version = fields.Integer(allow_none=True, metadata={"description": "The published one.", "example": 2})
    parts = fields.List(fields.String(), metadata={"description": "What was changed.", "example": ["days"]})


class ChangeList(Schema):
    items = fields.List(fields.Nested(ChangeOut), metadata={"description": "The newest first, at most 200."})
