"""A ledger as it is handed over: a JSON object a line, and a last line that says how many these are, and their hash.

Whoever reads it knows that it is whole: a file that is empty or was cut off has no such line, and "nothing is in it" is
said by one that counts none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

_END = "ledger_ends"


class NotWhole(ValueError):
    """The ledger is not what was written; the text says what is wrong with it."""


def ended(lines: Iterable[str]) -> Iterator[str]:
    """The lines, each with its end, and the last one."""
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(f"{line}\n".encode())
        count += 1
        yield f"{line}\n"
    yield json.dumps({_END: {"lines": count, "sha256": digest.hexdigest()}}) + "\n"


def lines_of(text: str) -> list[str]:
    """The lines without the last one. Raises NotWhole."""
    found = text.splitlines()
    if not found:
        raise NotWhole("it is empty, which does not say that nothing happened: its last line counts the others")
    *lines, last = found
    objects = [_object(number, line) for number, line in enumerate(found, 1)]
    if _END not in objects[-1]:
        raise NotWhole("its last line, which counts the others, is not there: it was cut off")
    if f"{last}\n" != list(ended(lines))[-1]:
        raise NotWhole(f"its last line is of others than the {len(lines)} before it: some are missing or were changed")
    return lines


def _object(number: int, line: str) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise NotWhole(f"line {number} is no JSON: it was cut off or changed") from error
    if not isinstance(found, dict):
        raise NotWhole(f"line {number} is no JSON object")
    return found
