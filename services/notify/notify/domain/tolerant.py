"""Reading JSON of others, which may be anything anywhere."""

from __future__ import annotations

import re
from typing import Any

_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_DIGITS = re.compile(r"\+?([0-9]{1,40})", re.ASCII)


def mapped(value: Any) -> dict[str, Any]:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """Text, or a whole number as text; nothing for anything else. What no database takes, halves of
    signs and the sign that is none, is left out."""
    if isinstance(value, str):
        return _UNKEPT.sub("", value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40 else ""


def digits(value: Any) -> str:
    """The digits of a number as machines write it; nothing for anything else."""
    found = _DIGITS.fullmatch(text_of(value).strip())
    return found[1] if found else ""
