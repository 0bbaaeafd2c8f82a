"""Webhooks of the Cloud API as its documentation describes them (names and nesting; the values are our own), and what
is read from each: the files in `webhooks/`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from notify.domain.cloud_api import parsed

EXAMPLES = sorted((Path(__file__).parent / "webhooks").glob("*.json"))
NOW = datetime(2026, 8, 14, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_what_the_documentation_describes_is_read_whole(file: Path) -> None:
    example = json.loads(file.read_text("utf-8"))
    found = [{"is": type(item).__name__} | asdict(item) for item in parsed(example["webhook"], NOW)]
    assert [_as_far_as(wanted, item) for wanted, item in zip(example["items"], found, strict=True)] == example["items"]


def _as_far_as(wanted: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What was found, of the fields that the example names."""
    return {
        name: _as_far_as(value, found.get(name) or {}) if isinstance(value, dict) else found.get(name)
        for name, value in wanted.items()
    }


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 20
