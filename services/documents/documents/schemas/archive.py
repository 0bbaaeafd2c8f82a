"""Letters for archives of other systems."""

from __future__ import annotations

from marshmallow import fields, validate

from contracts.reach import CODE
from documents.schemas.shapes import Strict, plain_text, said

_CODE = "16.71.10.1001"


class NumberQuery(Strict):
    """Which number."""

    number = plain_text(
        120, "As it is printed; in digits: the running number.", "400.12.2.1/123/KEL-BS/VIII/2026", required=True
    )
    year = fields.Integer(
        required=True, validate=validate.Range(1900, 9999), **said("The year of the letter's date.", 2026)
    )
    register = plain_text(60, "Only this series: office, a classification, a kind, an RT.", "office", load_default=None)
    kelurahan = fields.String(
        load_default=None, validate=validate.Regexp(CODE),
        **said("The office; left out by who is of an office himself.", _CODE),
    )  # fmt: skip


class OfficeQuery(Strict):
    """Whose letter it is."""

    kelurahan = fields.String(
        load_default=None, validate=validate.Regexp(CODE),
        **said("For a machine of a kecamatan or city: the letter's office.", _CODE),
    )  # fmt: skip


class ArchivedLetter(Strict):
    """A number that was taken, and what became of its letter."""

    letter_id = fields.UUID(allow_none=True, **said("The letter; null of one that was made elsewhere."))
    application_id = fields.UUID(allow_none=True, **said("Its case."))
    kelurahan = fields.String(**said("The office.", _CODE))
    number = fields.String(**said("As it is printed.", "400.12.2.1/123/KEL-BS/VIII/2026"))
    series = fields.String(**said("Whose register: office, a classification, a kind, or an RT.", "office"))
    year = fields.Integer(**said("Year of the letter's date.", 2026))
    n = fields.Integer(**said("Its place in the series.", 123))
    dated = fields.Date(**said("The letter's date.", "2026-08-19"))
    kind = fields.String(**said("Which letter.", "kk_introduction"))
    classification = fields.String(**said("Of the archive, where it has one.", "400.12.2.1"))
    signer = fields.String(allow_none=True, **said("As what he signs who signs it.", "Lurah Bukit Sangkal"))
    method = fields.String(allow_none=True, **said("How: approval, by_hand, certificate or bsre.", "certificate"))
    certified = fields.Boolean(allow_none=True, **said("Whether an Indonesian PSrE stands behind it.", False))
    status = fields.String(
        **said("numbered, signing, unknown, issued, void, or elsewhere (made outside this system).", "issued")
    )
    valid = fields.Boolean(**said("Whether it counts today.", True))
    valid_until = fields.Date(allow_none=True, **said("The last day of its validity.", "2026-09-18"))
    sha256 = fields.String(allow_none=True, **said("Hash of the issued PDF.", "9f2c" * 16))
    size = fields.Integer(allow_none=True, **said("Bytes of the issued PDF.", 48213))
    issued_at = fields.AwareDateTime(allow_none=True, **said("When it was issued.", "2026-08-19T03:12:01+00:00"))
    voided_at = fields.AwareDateTime(allow_none=True, **said("When it was voided.", None))


class FoundLetter(ArchivedLetter):
    content_url = fields.String(allow_none=True, **said("Where its PDF is, once it was issued."))


class FoundLetters(Strict):
    items = fields.List(fields.Nested(FoundLetter), **said("Letters of that number: more than one of several series."))
