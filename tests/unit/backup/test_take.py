"""A part of a backup as it is written: whole, with its hash, and never waited for without a bound."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.backup import take
from deploy.backup.cut import unsaid
from deploy.backup.installation import Command, StepFailed


def printing(code: str) -> Command:
    return Command([sys.executable, "-c", code])


def test_a_part_is_what_the_program_printed_with_size_and_hash(tmp_path: Path) -> None:
    code = "import sys; sys.stdout.write('x' * 3_000_000); sys.stderr.write('7 objects, 0 went away meanwhile')"
    said: list[str] = []
    part = take._stream(printing(code), tmp_path / "intake-files.tar", said.append)
    assert (part.name, part.size) == ("intake-files.tar", 3_000_000)
    assert part.sha256 == hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert said == ["  intake-files.tar: 3.0 MB, 7 objects, 0 went away meanwhile"]


def test_a_program_that_fails_after_it_printed_is_no_part(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="notify.dump was not written.*\n.*lost the server"):
        take._stream(printing("print('half'); raise SystemExit('lost the server')"), tmp_path / "notify.dump", print)


def test_a_full_disk_ends_the_program_too() -> None:
    with pytest.raises(OSError, match="No space left"):
        take._stream(printing("import sys; sys.stdout.write('x' * 50_000_000)"), _Full(), print)


class _Full(type(Path())):  # type: ignore[misc]
    """Where nothing fits."""

    def __new__(cls) -> _Full:
        return super().__new__(cls, "full.dump")

    def __init__(self) -> None:
        pass

    def open(self, *_: object, **__: object) -> object:  # type: ignore[override]
        return Path("/dev/full").open("wb", buffering=0)


def test_a_program_that_says_nothing_any_more_is_ended() -> None:
    began = time.monotonic()
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=subprocess.PIPE)
    take.Watch(program, 0.5)
    assert program.stdout and program.stdout.read() == b""
    assert program.wait() == -9 and time.monotonic() - began < 20


class Told:
    """A snapshot that answers as it should for what was heard and what is in its outbox."""

    def __init__(self, heard: list[str], outbox: list[str]) -> None:
        self._heard, self._outbox = heard, outbox

    def ask(self, text: str) -> list[list[str]]:
        if "FROM inbox" in text:
            return [[one] for one in self._heard]
        return [[one] for one in self._outbox if one in text]


def test_snapshots_fit_when_all_that_was_heard_was_said() -> None:
    sessions = {"intake": Told([], ["e1", "e2"]), "notify": Told(["e1"], [])}
    assert unsaid(sessions, "0") == []  # type: ignore[arg-type]


def test_snapshots_do_not_fit_when_somebody_heard_what_nobody_has_said_yet() -> None:
    sessions = {"intake": Told([], ["e1"]), "notify": Told(["e1", "e2"], [])}
    assert unsaid(sessions, "0") == ["e2"]  # type: ignore[arg-type]
