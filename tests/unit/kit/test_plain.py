"""Pages say what is wrong with a field in the reader's language, whatever the schemas' library says."""

from __future__ import annotations

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from kit.pages.plain import plain


class Everything(Schema):
    required = fields.String(required=True)
    short = fields.String(validate=validate.Length(min=3))
    long = fields.String(validate=validate.Length(max=3))
    between = fields.String(validate=validate.Length(1, 3))
    exact = fields.String(validate=validate.Length(equal=6))
    one = fields.String(validate=validate.OneOf(["a", "b"]))
    day = fields.Date()
    number = fields.Integer()
    known = fields.UUID()
    shaped = fields.String(validate=validate.Regexp("^a$"))
    some = fields.String()


WRONG = {
    "short": "a", "long": "abcd", "between": "abcd", "exact": "1", "one": "c", "day": "x", "number": "x", "known": "x",
    "shaped": "b", "some": None,
}  # fmt: skip


def test_each_kind_of_mistake_has_words() -> None:
    with pytest.raises(ValidationError) as raised:
        Everything().load(WRONG)
    told = raised.value.normalized_messages()
    assert set(told) == {"required", *WRONG}
    untold = [said for messages in told.values() for said in messages if plain(said, "id") == said]
    assert untold == []


def test_words_for_people_stay_as_they_are() -> None:
    assert plain("Nomor HP tidak benar; contoh 0812 3456 7890.", "id") == "Nomor HP tidak benar; contoh 0812 3456 7890."
