"""Nine digits in a message are an answer to the survey, and nothing else is."""

from __future__ import annotations

import pytest

from contracts.surveying import nine_digits

SCORES = (4, 4, 4, 3, 4, 3, 4, 3, 4)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("444343434", ""), ("4 4 4 3 4 3 4 3 4", ""), ("4,4,4,3,4,3,4,3,4 bagus", "bagus"), ("4️⃣44343434", ""),
        ("nilai saya 444343434", ""), ("444343434. Terima kasih", "Terima kasih"),
    ],
)  # fmt: skip
def test_nine_digits_as_people_write_them(text: str, after: str) -> None:
    assert nine_digits(text) == (SCORES, after)


@pytest.mark.parametrize(
    "text", ["", "ya", "1", "44434343", "4443434344", "544343434", "1671105503550001", "0812 3456 7890", "444343434a"]
)
def test_anything_else_is_none(text: str) -> None:
    assert nine_digits(text) is None
