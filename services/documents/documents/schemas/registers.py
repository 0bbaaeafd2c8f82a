"""The book of numbers, its series, and numbers for letters that are made elsewhere."""

from __future__ import annotations

from marshmallow import fields, validate

from documents.domain.letters import STATUSES
from documents.domain.registers import ELSEWHERE
from documents.schemas.shapes import Strict, plain_text, said
from kit.days import Day
from kit.paging import PageQuery
from kit.versions import versioned

_DRAFTS = ("drafting", "drafted", "sent_back", "cancelled")
STATES = (*(status for status in STATUSES if status not in _DRAFTS), ELSEWHERE)


class BookFilter(Strict):
    """Which lines of a year."""

    number = plain_text(
        120, "In digits: this running number. Else: numbers that begin like this.", "400.12.2.1/123", load_default=None
    )
    series = plain_text(60, "Only this series.", "office", load_default=None)
    kind = plain_text(60, "Only letters of this kind.", "kk_introduction", load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(STATES), **said("Only in this state.", "void"))
    month = fields.Integer(load_default=None, validate=validate.Range(1, 12), **said("Only dated in this month.", 8))
    first = Day(load_default=None, data_key="from", **said("Dated on this day or later.", "2026-08-01"))
    last = Day(load_default=None, data_key="to", **said("Dated on this day or earlier.", "2026-08-31"))


class BookQuery(PageQuery, BookFilter):
    """The same, a page at a time."""


class BookLine(Strict):
    """A number that was taken, and what became of it."""

    series = fields.String(**said("Whose register: office, a classification, a kind, or an RT.", "office"))
    year = fields.Integer(**said("Year of the letter's date.", 2026))
    n = fields.Integer(**said("The running number.", 123))
    number = fields.String(**said("As printed.", "400.12.2.1/123/KEL-BS/VIII/2026"))
    kind = fields.String(**said("Which letter.", "kk_introduction"))
    dated = fields.Date(**said("The letter's date.", "2026-08-19"))
    state = fields.String(
        **said("Of the letter: numbered, issued or void; elsewhere for one made elsewhere.", "issued")
    )
    addressee = fields.String(**said("Whom it is about or goes to.", "Rohana"))
    subject = fields.String(**said("What it is.", "Surat Pengantar Kartu Keluarga"))
    letter_id = fields.UUID(allow_none=True, **said("The letter.", "019ab6c1-2f00-7a10-9c3e-5d1c8a7b2e01"))
    outside_id = fields.UUID(allow_none=True, **said("Or the number of one that is made elsewhere.", None))
    application_id = fields.UUID(allow_none=True, **said("Its case.", "019ab6c0-11aa-7b22-8d33-2e4f5a6b7c8d"))
    decided_by = fields.String(allow_none=True, **said("Account of who decided, or took the number.", "lurah-1"))
    taken_at = fields.AwareDateTime(**said("When the number was taken.", "2026-08-19T03:12:00+00:00"))
    issued_at = fields.AwareDateTime(allow_none=True, **said("When it was issued.", "2026-08-19T03:12:01+00:00"))
    voided_at = fields.AwareDateTime(allow_none=True, **said("When it was voided.", None))
    voided_by = fields.String(allow_none=True, **said("Who voided it.", None))
    void_reason = fields.String(allow_none=True, **said("Why it was voided.", None))


class BookPage(Strict):
    items = fields.List(fields.Nested(BookLine), **said("Lines in the order of series and number."))
    next_cursor = fields.String(allow_none=True, **said("Where the next page begins; null on the last.", None))


class StartOut(Strict):
    """Numbers that are in the paper book, and who said so."""

    before = fields.Integer(**said("The last number before.", 0))
    last = fields.Integer(**said("The last number on paper.", 122))
    set_at = fields.AwareDateTime(**said("When it was said.", "2026-08-03T01:00:00+00:00"))
    set_by = fields.String(**said("Account of who said it.", "lurah-1"))


@versioned
class RegisterOut(Strict):
    """A series in a year."""

    series = fields.String(**said("office, a classification, a kind, or an RT (`RT 005/023`: RW and RT).", "office"))
    year = fields.Integer(**said("The year.", 2026))
    last = fields.Integer(**said("The last number that is taken; the ETag.", 122))
    starts = fields.List(fields.Nested(StartOut), **said("Where it goes on from paper."))


class RegisterPage(Strict):
    items = fields.List(fields.Nested(RegisterOut), **said("Series in the order of their names."))
    next_cursor = fields.String(allow_none=True, **said("Where the next page begins; null on the last.", None))


class StartIn(Strict):
    """How far the paper book has come."""

    last = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, 999_999),
        **said("The last number used.", 122),
    )


class NewNumber(Strict):
    """A letter of today that is made elsewhere."""

    kind = plain_text(60, "What sort of letter: a kind of ours or in words; no name.", "Surat undangan", required=True)
    classification = plain_text(
        40, "Its classification; needed where the number shows one.", "005", load_default=None, allow_none=True
    )
    addressee = plain_text(120, "Whom it goes to.", "Ketua RT 023 RW 005", required=True)
    subject = plain_text(200, "What about.", "Rapat kebersihan lingkungan", required=True)
    dated = Day(load_default=None, allow_none=True, **said("Its date: today, or left out.", "2026-08-19"))


@versioned
class NumberOut(Strict):
    """The number of a letter that is made elsewhere."""

    id = fields.UUID(**said("The entry.", "019ab6c4-55ee-7f66-8a77-9b8c7d6e5f4a"))
    series = fields.String(**said("Whose register.", "office"))
    year = fields.Integer(**said("Year of its date.", 2026))
    n = fields.Integer(**said("The running number.", 124))
    number = fields.String(**said("To be written on the letter.", "005/124/KEL-BS/VIII/2026"))
    kind = fields.String(**said("What sort of letter.", "Surat undangan"))
    classification = fields.String(**said("Its classification.", "005"))
    dated = fields.Date(**said("Its date, in the office's zone.", "2026-08-19"))
    addressee = fields.String(**said("Whom it goes to.", "Ketua RT 023 RW 005"))
    subject = fields.String(**said("What about.", "Rapat kebersihan lingkungan"))
    state = fields.String(**said("elsewhere or void.", "elsewhere"))
    taken_at = fields.AwareDateTime(**said("When it was taken.", "2026-08-19T03:15:00+00:00"))
    taken_by = fields.String(**said("Account of who took it.", "officer-1"))
    voided_at = fields.AwareDateTime(allow_none=True, **said("When it was voided.", None))
    voided_by = fields.String(allow_none=True, **said("Who voided it.", None))
    void_reason = fields.String(allow_none=True, **said("Why.", None))
    version = fields.Integer(**said("Counts changes; the ETag.", 1))
