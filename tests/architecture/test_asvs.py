"""docs/asvs.md speaks of every requirement of levels 1 and 2 of ASVS 5.0 once, and names tests that exist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.architecture.code import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text("utf-8")
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they come first in each.
_COUNTS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2
8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4
11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7
16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
SECTIONS = {section: int(count) for section, _, count in (entry.partition(":") for entry in _COUNTS.split())}


def rows() -> Iterator[list[str]]:
    for line in PAGE.splitlines():
        if re.match(r"\| \d", line):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def named(cell: str) -> Iterator[str]:
    for part in cell.split(", "):
        first, _, last = part.partition("–")
        section, _, number = first.rpartition(".")
        for each in range(int(number), int((last or first).rpartition(".")[2]) + 1):
            yield f"{section}.{each}"


def test_every_requirement_has_one_row() -> None:
    wanted = [f"{section}.{number + 1}" for section, count in SECTIONS.items() for number in range(count)]
    assert len(wanted) == 253
    found = Counter(each for row in rows() for each in named(row[0]))
    assert [each for each in wanted if found[each] != 1] == []
    assert set(found) - set(wanted) == set()


def test_every_row_says_its_state_and_why() -> None:
    assert [row[0] for row in rows() if row[1] not in ("done", "open", "n/a") or not row[2] or len(row) != 4] == []


def test_what_shows_it_exists() -> None:
    tests = re.findall(r"`(tests/[\w/.]+)`", PAGE + (ROOT / "SECURITY.md").read_text("utf-8"))
    assert tests
    assert [path for path in tests if not (ROOT / path).exists()] == []
