"""A day in a request is `YYYY-MM-DD`, as the description says."""

from __future__ import annotations

from datetime import date

import pytest
from marshmallow import Schema, ValidationError

from kit.days import Day


class Asked(Schema):
    day = Day(required=True)


def test_a_day_is_read() -> None:
    assert Asked().load({"day": "2026-08-14"}) == {"day": date(2026, 8, 14)}


@pytest.mark.parametrize(
    "text", ["2026-W33-5", "20260814", "2026-02-30", "２０２６-08-14", "2026-08-14T00:00:00", "", 20260814]
)
def test_what_only_looks_like_one_to_python_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        Asked().load({"day": text})
