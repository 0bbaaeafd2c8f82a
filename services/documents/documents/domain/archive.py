"""What archives of other systems are told of a letter: its number and what became of it, and nobody named in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.sandbox import is_sandbox
from documents.domain.composing import approval_of

COLUMNS = (
    "letter_id", "application_id", "kelurahan", "number", "series", "year", "n", "dated", "kind", "classification",
    "signer", "method", "certified", "status", "valid", "valid_until", "sha256", "size", "issued_at", "voided_at",
)  # fmt: skip


def entry(line: Mapping[str, Any], frozen: Mapping[str, Any] | None, today: date) -> dict[str, Any]:
    """A line of the book with the role of who signs its letter (`frozen` is what is printed on it), and whether it
    counts today."""
    made = {"signer": approval_of(frozen, "").role if frozen else None, "valid": _is_valid(line, today)}
    return {name: made.get(name, line.get(name)) for name in COLUMNS}


def _is_valid(line: Mapping[str, Any], today: date) -> bool:
    if is_sandbox(line["kelurahan"]):
        return False
    return line["status"] == "issued" and (line["valid_until"] is None or today <= line["valid_until"])
