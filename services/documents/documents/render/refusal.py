"""Typst's complaints, made fit to be logged: where and what, without the text that people gave."""

import ast
import re
from typing import Protocol

_GLYPH = re.compile(r'the (?:text|text contains the disallowed codepoint) `("(?:[^"\\]|\\.)+")`')
_PLACE = re.compile(r"┌─ \S*?([a-z0-9_]+\.typ:\d+)")
_SAFE = (
    re.compile(r'dictionary does not contain key "[a-z0-9_]+"'),
    re.compile(r"expected [a-z ,`]+, found [a-z ]+"),
    re.compile(r"assertion failed: [a-z0-9_ ]+"),
    re.compile(r"condition is always true|loop seems to be infinite|maximum [a-z ]+ depth exceeded"),
    re.compile(r"file not found|would escape the project root|package not found|failed to download package"),
)


class Complaint(Protocol):
    """The parts of typst's error that we read."""

    message: str
    diagnostic: str


def missing_glyph(complaint: Complaint) -> str | None:
    """The character that no font has, when that is the complaint."""
    found = _GLYPH.search(complaint.message)
    if found is None:
        return None
    return str(ast.literal_eval(re.sub(r"\\u\{([0-9a-fA-F]+)\}", _python_escape, found[1])))


def reason(complaint: Complaint) -> str:
    """Why the layout refused, from the messages that cannot hold a value."""
    place = _PLACE.search(complaint.diagnostic)
    safe = next((found[0] for pattern in _SAFE if (found := pattern.search(complaint.message))), "refused")
    return f"{place[1]}: {safe}" if place else safe


def _python_escape(found: re.Match[str]) -> str:
    return f"\\U{int(found[1], 16):08X}"
