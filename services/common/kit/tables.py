"""Rows for other programs: as lines of JSON, or as a table that a spreadsheet does not compute with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: Any) -> str:
    """A value as text. A spreadsheet computes what begins like a formula; behind an apostrophe it is a text."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    written = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return f"'{written}" if written.startswith(_FORMULA) or written.lstrip().startswith(_FORMULA[:4]) else written


def csv_head(columns: Sequence[str]) -> str:
    """The first line."""
    return ",".join(columns) + "\r\n"


def csv_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Lines of values, in the order of the columns."""
    written = io.StringIO()
    csv.writer(written).writerows([cell(value) for value in row] for row in rows)
    return written.getvalue()


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Each row as an object on a line of its own (NDJSON)."""
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_said) + "\n" for row in rows)


def _said(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
