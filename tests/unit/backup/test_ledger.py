"""A ledger of erasures says itself whether it is whole: what is missing in it would come back with a restore."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from contracts import ledger
from deploy.backup import erasures

LINES = [json.dumps({"application_id": str(number), "why": "person"}) for number in range(3)]
WHOLE = "".join(ledger.ended(LINES))


def test_a_whole_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere" / "erasures.jsonl"
    erasures.write(file, LINES)
    assert file.read_text() == WHOLE
    assert erasures.read(file) == LINES


def test_nothing_erased_is_said_by_a_line_that_counts_none(tmp_path: Path) -> None:
    file = tmp_path / "erasures.jsonl"
    erasures.write(file, [])
    assert len(file.read_text().splitlines()) == 1
    assert erasures.read(file) == []


@pytest.mark.parametrize("left", [*range(0, len(WHOLE) - 2, 17), *(len("\n".join(LINES[:n])) for n in (1, 2, 3))])
def test_a_ledger_that_was_cut_off_is_refused_wherever_it_was(left: int, tmp_path: Path) -> None:
    file = tmp_path / "erasures.jsonl"
    file.write_text(WHOLE[:left])
    with pytest.raises(erasures.LedgerRefused, match=r"no whole ledger.*make erasures OUT="):
        erasures.read(file)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{line}\n" for line in LINES),
        WHOLE.replace(f"{LINES[1]}\n", ""),
        WHOLE.replace("person", "operator", 1),
        WHOLE.splitlines()[-1] + "\n",
        WHOLE + WHOLE,
        "[]\n" + WHOLE,
    ],
    ids=["of a release before", "a line lost", "a line changed", "the last line alone", "two in one", "no object"],
)
def test_a_ledger_that_is_not_what_was_written_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "erasures.jsonl"
    file.write_text(text)
    with pytest.raises(erasures.LedgerRefused):
        erasures.read(file)


def test_a_disk_that_is_full_leaves_the_ledger_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "erasures.jsonl"
    erasures.write(file, LINES)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        erasures.write(file, [])
    assert (erasures.read(file), [one.name for one in tmp_path.iterdir()]) == (LINES, [file.name])


def test_ends_of_accounts_are_told_from_erasures() -> None:
    assert erasures.cases([*LINES, json.dumps({"kind": "closed", "account_id": "1"})]) == len(LINES)
