"""What typst says about people's data is cut down to what may be logged."""

from dataclasses import dataclass

import pytest

from documents.render.refusal import missing_glyph, reason


@dataclass
class Complaint:
    message: str
    diagnostic: str = ""


@pytest.mark.parametrize(
    ("quoted", "character"),
    [('"李"', "李"), (r'"\u{e000}"', "\ue000"), (r'"\u{1f600}"', "\U0001f600"), (r'"\\"', "\\"), (r'"\""', '"')],
)
def test_the_missing_character_is_read_from_the_complaint(quoted: str, character: str) -> None:
    said = f'PDF/A-2a error: the text `{quoted}` could not be displayed with font `"Liberation Sans"`'
    assert missing_glyph(Complaint(said)) == character


def test_a_character_that_no_pdf_may_hold_is_read_too() -> None:
    assert missing_glyph(Complaint(r'PDF/A-2a error: the text contains the disallowed codepoint `"\u{0}"`')) == "\x00"


def test_another_complaint_is_about_no_character() -> None:
    assert missing_glyph(Complaint("expected string, found none")) is None


def test_the_reason_has_the_place_and_the_harmless_part() -> None:
    complaint = Complaint(
        'dictionary does not contain key "nik"',
        "error: …\n  ┌─ ../../somewhere/layouts/_letter.typ:59:12\n 59 │ person.nik",
    )
    assert reason(complaint) == '_letter.typ:59: dictionary does not contain key "nik"'
    assert reason(Complaint("expected string, found integer")) == "expected string, found integer"


def test_the_reason_never_repeats_a_value() -> None:
    assert reason(Complaint('dictionary does not contain key "Nur\'aini"')) == "refused"
    assert reason(Complaint('unknown paper "Rohana"', "┌─ _common.typ:40:2")) == "_common.typ:40: refused"
