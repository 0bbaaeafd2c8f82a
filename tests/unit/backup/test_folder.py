"""A backup is whole under its name or not there; old ones go, the newest never."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.backup import folder, manifest
from deploy.backup.folder import Busy
from deploy.backup.manifest import Damaged, Database, Manifest, Part
from deploy.backup.restore import Refused, opened
from deploy.setup.secrets import SERVICES

NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
NAMES = [*(f"{service}.dump" for service in SERVICES), "intake-files.tar", "documents-letters.tar"]


def backup(out: Path, taken_at: datetime = NOW, migrations: int = 1) -> Path:
    """A complete one, of parts that say their name."""
    with folder.writing(out) as draft:
        for name in NAMES:
            (draft / name).write_bytes(f"{name} ".encode() * 100)
        parts = tuple(Part(n, (draft / n).stat().st_size, manifest.hash_of(draft / n)) for n in NAMES)
        databases = {service: Database({"kit": migrations}, {"outbox": 3}, 150008) for service in SERVICES}
        return folder.finish(draft, Manifest(taken_at, 0.0, "make backup", "0.1.0", databases, {}, False, parts))


def test_a_complete_backup_is_read_as_it_was_written(tmp_path: Path) -> None:
    whole = backup(tmp_path)
    told, secrets = opened(whole, None, lambda _line: None)
    assert (told.taken_at, [part.name for part in told.parts], secrets) == (NOW, NAMES, {})
    assert [oct(file.stat().st_mode & 0o777) for file in whole.iterdir()] == ["0o600"] * (len(NAMES) + 2)


@pytest.mark.parametrize("name", [*NAMES, manifest.NAME])
def test_one_changed_byte_in_any_part_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    whole = backup(tmp_path)
    content = bytearray((whole / name).read_bytes())
    content[len(content) // 2] ^= 1
    (whole / name).write_bytes(content)
    with pytest.raises(Damaged, match=name):
        opened(whole, None, lambda _line: None)


@pytest.mark.parametrize("harm", ["shorter", "gone"])
def test_a_part_that_is_shorter_or_gone_is_refused_with_its_name(tmp_path: Path, harm: str) -> None:
    whole = backup(tmp_path)
    part = whole / "notify.dump"
    if harm == "gone":
        part.unlink()
    else:
        part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(Damaged, match="notify.dump"):
        opened(whole, None, lambda _line: None)


def test_a_backup_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="intake: kit 9999"):
        opened(backup(tmp_path, migrations=9999), None, lambda _line: None)


def test_what_fails_midway_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"), folder.writing(tmp_path) as draft:
        (draft / "intake.dump").write_bytes(b"half")
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_what_was_killed_midway_does_not_look_whole_and_goes_with_the_next_run(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, signal, sys\nfrom deploy.backup import folder\n"
        "with folder.writing(pathlib.Path(sys.argv[1])) as draft:\n"
        "    (draft / 'intake.dump').write_bytes(b'half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, timeout=30, env=os.environ)
    assert ended.returncode == -9
    [left] = tmp_path.iterdir()
    assert left.name.startswith(folder.PARTIAL) and folder.complete(tmp_path) == []
    with pytest.raises(Damaged, match="no complete backup"):
        manifest.read(left)
    whole = backup(tmp_path)
    assert list(tmp_path.iterdir()) == [whole]


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    with folder.writing(tmp_path), pytest.raises(Busy), folder.writing(tmp_path):
        pass


def test_older_backups_go_and_younger_ones_stay(tmp_path: Path) -> None:
    made = [backup(tmp_path, NOW - timedelta(days=days)) for days in (40, 31, 29, 0)]
    assert folder.expire(tmp_path, 30, NOW) == [made[0].name, made[1].name]
    assert sorted(tmp_path.iterdir()) == made[2:]


def test_the_newest_complete_one_never_goes(tmp_path: Path) -> None:
    newest = backup(tmp_path, NOW - timedelta(days=400))
    (tmp_path / "2026-11-25T000000Z").mkdir()  # no manifest: not complete, so it does not count as newer
    assert folder.expire(tmp_path, 30, NOW) == []
    assert newest.exists()


def test_what_is_no_backup_of_ours_is_never_removed(tmp_path: Path) -> None:
    backup(tmp_path, NOW - timedelta(days=50))
    backup(tmp_path, NOW)
    (tmp_path / "notes").mkdir()
    folder.expire(tmp_path, 30, NOW)
    assert (tmp_path / "notes").is_dir()
