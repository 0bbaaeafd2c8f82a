"""Rows for other programs: what a spreadsheet would compute is a text."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from uuid import UUID

import pytest

from kit.tables import cell, csv_lines, json_lines


@pytest.mark.parametrize(
    "text", ["=1+1", "+62812", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|' /C calc'!A0"]
)
def test_what_begins_like_a_formula_is_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, ""), (True, "true"), (False, "false"), (3, "3"), (date(2026, 8, 14), "2026-08-14"), ("a-b=c", "a-b=c")],
)
def test_everything_else_stands_as_it_is(value: object, written: str) -> None:
    assert cell(value) == written


def test_commas_quotes_and_lines_come_back() -> None:
    row = ["Nur'aini", 'a "b", c', "zwei\nZeilen", "ö"]
    assert list(csv.reader(io.StringIO(csv_lines([row]), newline=""))) == [row]


def test_each_row_is_one_line_of_json() -> None:
    rows = [
        {"id": UUID(int=7), "day": date(2026, 8, 14), "text": "zwei\nZeilen"},
        {"id": None, "day": None, "text": ""},
    ]
    [first, second] = json_lines(rows).splitlines()
    assert json.loads(first) == {"id": str(UUID(int=7)), "day": "2026-08-14", "text": "zwei\nZeilen"}
    assert json.loads(second)["id"] is None
