"""What is typed into fields of a case is read the same wherever it is typed."""

from __future__ import annotations

from typing import Any

import pytest

from intake.pages.typed import as_number, as_rows


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("-3", -3), ("2,5", 2.5), ("2.5", 2.5)]
    + [(text, text) for text in ("nan", "inf", "1e9", "1_000", "٣", "1.2.3", "9" * 16, "1.", "dua")],
)
def test_only_what_is_written_as_a_number_is_one(text: str, number: Any) -> None:
    assert as_number(text) == number and type(as_number(text)) is type(number)


def test_rows_come_in_their_order_without_the_empty_ones() -> None:
    typed = {
        "details-a-10-name": "Sepuluh", "details-a-2-name": " Dua ", "details-a-2-age": "", "details-a-3-name": " ",
        "details-a": "x", "details-ab-1-name": "lain", "details-a-x-name": "bukan", "details-a-1234-name": "jauh",
        "details-a-²-name": "bukan",
    }  # fmt: skip
    assert as_rows("details-a", typed) == [{"name": "Dua"}, {"name": "Sepuluh"}]
    assert as_rows("details-b", typed) is None
