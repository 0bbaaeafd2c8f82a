"""What an office writes of its letters."""

from __future__ import annotations

from marshmallow import fields, validate

from documents.domain.office_texts import ROWS
from documents.schemas.shapes import Strict, plain_text, said
from kit.versions import versioned


def _few(most: int, longest: int, description: str, example: str) -> fields.List:
    return fields.List(
        plain_text(longest, "Text.", example), validate=validate.Length(1, most), **said(description, [example])
    )


class LetterheadData(Strict):
    """The head of the letters, in place of what is made from the office's data."""

    lines = fields.List(
        plain_text(80, "A line.", "PEMERINTAH KOTA PALEMBANG"),
        required=True,
        validate=validate.Length(1, 4),
        **said("Its lines; the last is the largest.", ["PEMERINTAH KOTA PALEMBANG", "KELURAHAN BUKIT SANGKAL"]),
    )
    address = plain_text(300, "The address.", "Jalan Contoh Nomor 1, Palembang 30114", required=True)
    contact = plain_text(200, "How the office is reached.", "Telepon (0711) 000000")


class TemplateData(Strict):
    """Texts in place of a layout's own; what is not there is the layout's own. All of it is text, never markup.
    Opening, closing and clauses name values by `{field}`."""

    title = plain_text(120, "Title of the letter.", "Surat Pengantar Kartu Keluarga")
    letterhead = fields.Nested(LetterheadData, **said("The head."))
    opening = plain_text(800, "The sentence that begins it.", "{position} menerangkan bahwa:")
    rows = fields.List(
        fields.String(validate=validate.OneOf(ROWS)),
        validate=validate.Length(1, len(ROWS)),
        **said(f"Rows of the identity, in order; out of {', '.join(ROWS)}.", ["name", "nik", "birth", "address"]),
    )
    clauses = _few(10, 1000, "Paragraphs below what is said of the case.", "{name} adalah warga {village}.")
    closing = plain_text(800, "The sentence that ends it.", "Demikian surat ini dibuat.")
    free_paragraph = fields.Boolean(
        **said("Whether an officer may add a paragraph to one letter; by default yes.", True)
    )
    signer = _few(2, 100, "Lines above the position of who signs.", "Pemerintah Kota Palembang")
    copies = _few(10, 150, "Tembusan.", "Camat Kalidoni")
    validity_days = fields.Integer(
        strict=True, validate=validate.Range(1, 365), **said("For how many days a letter is valid.", 90)
    )


class VersionOut(Strict):
    """A published version."""

    version = fields.Integer(**said("Counts the versions of the kind.", 3))
    status = fields.String(**said("published (in force) or superseded.", "published"))
    data = fields.Dict(**said("The texts.", {"closing": "Demikian surat ini dibuat."}))
    by = fields.String(**said("Account of who wrote it.", "administrator-1"))
    published_by = fields.String(**said("Account of who published it.", "lurah-1"))
    published_at = fields.AwareDateTime(**said("Since when it is in force.", "2026-08-19T03:12:00+00:00"))


@versioned
class TemplateDraftOut(Strict):
    """The draft of an office's texts."""

    data = fields.Dict(**said("The texts.", {"closing": "Demikian surat ini dibuat."}))
    by = fields.String(**said("Account of who wrote it.", "administrator-1"))
    at = fields.AwareDateTime(**said("When.", "2026-08-19T03:12:00+00:00"))
    revision = fields.Integer(**said("Counts its changes; the ETag.", 2))


class TemplateOut(Strict):
    """A layout that letters or forms are made from, and what the office put into it."""

    kind = fields.String(**said("Which letter or form.", "n1"))
    title = fields.String(**said("Its title.", "Pengantar Nikah"))
    form = fields.Boolean(**said("A form has no number and no check.", False))
    version = fields.String(
        **said("Changes with the look of the layout; part of the preview's hash.", "1f0c9a2b3d4e5f60")
    )
    office_version = fields.Integer(allow_none=True, **said("Of the office's texts that are in force.", 3))
    has_draft = fields.Boolean(**said("Whether the office has a draft of other texts.", False))
    parts = fields.List(fields.String(), **said("What of it the office may write.", ["copies"]))


class TemplateList(Strict):
    items = fields.List(fields.Nested(TemplateOut), **said("All layouts."))


@versioned
class TemplateDetail(TemplateOut):
    """One layout, with what the office wrote."""

    placeholders = fields.List(fields.String(), **said("Values that sentences may name by `{field}`.", ["name"]))
    draft = fields.Nested(TemplateDraftOut, allow_none=True, **said("The draft, if there is one."))
    versions = fields.List(fields.Nested(VersionOut), **said("Published versions, the newest first; at most 50."))


class EmblemOut(Strict):
    """The emblem of the letterhead."""

    sha256 = fields.String(**said("Hash of the picture as it is printed.", "9f2c" * 16))
    size = fields.Integer(**said("Its bytes.", 20480))
    width = fields.Integer(**said("Pixels.", 600))
    height = fields.Integer(**said("Pixels.", 600))
    by = fields.String(**said("Account of who sent it.", "administrator-1"))
    at = fields.AwareDateTime(**said("When.", "2026-08-19T03:12:00+00:00"))


class ParagraphIn(Strict):
    """What an officer adds to one letter; nothing takes it away again."""

    text = plain_text(1500, "The paragraph.", "Yang bersangkutan sedang dirawat.", required=True, allow_none=True)


@versioned
class ParagraphOut(Strict):
    """The paragraph of one letter."""

    text = fields.String(allow_none=True, **said("What an officer added, if anything.", None))
    allowed = fields.Boolean(**said("Whether this letter takes one.", True))
