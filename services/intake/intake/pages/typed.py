"""What was typed into fields of a case, as the API takes it: numbers, and rows of several fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any


def as_number(text: str) -> Any:
    """What is no number stays as it was typed: the rule for fields says what is wrong with it."""
    written = text.replace(",", ".")
    if re.fullmatch(r"-?\d{1,15}", written, re.ASCII):
        return int(written)
    return float(written) if re.fullmatch(r"-?\d{1,15}\.\d{1,9}", written, re.ASCII) else text


def as_rows(name: str, typed: Mapping[str, str]) -> list[dict[str, str]] | None:
    """`details-witnesses-0-name` and so on, of the field `details-witnesses`; rows in which nothing stands are none."""
    found: dict[int, dict[str, str]] = {}
    for place, column, value in cells_of(name, typed):
        if value.strip():
            found.setdefault(place, {})[column] = value.strip()
    return [row for _, row in sorted(found.items())] or None


def cells_of(name: str, typed: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """Row, column and value of each field of the rows that the form had."""
    for field, value in typed.items():
        place, _, column = field.removeprefix(f"{name}-").partition("-")
        if field.startswith(f"{name}-") and re.fullmatch(r"\d{1,3}", place, re.ASCII):
            yield int(place), column, value
