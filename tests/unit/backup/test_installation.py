"""What an installation is asked: with keys that are not its own yet, and with files that come through us."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from deploy.backup import keys
from deploy.backup.installation import Command, Compose, StepFailed
from deploy.compose import secrets as handed


def test_rings_of_a_backup_are_handed_to_a_container_by_name_and_stand_in_no_command_line() -> None:
    rings = {"event_keys": "k1:rahasia", "notify_data_keys": "k1:lain", "intake_data_keys": "k1:sendiri"}
    command = Compose().service("intake", "migrate", database="intake_restoring", rings=rings)
    line = " ".join(command.words)
    assert "-e EVENT_KEYS -e DATA_KEYS" in line and "unset EVENT_KEYS_FILE; unset DATA_KEYS_FILE" in line
    assert not any(ring in line for ring in rings.values())
    assert (command.environment["EVENT_KEYS"], command.environment["DATA_KEYS"]) == ("k1:rahasia", "k1:sendiri")
    plain = " ".join(Compose().service("intake", "migrate", database="intake_restoring").words)
    assert "EVENT_KEYS" not in plain


def test_secrets_that_the_operator_gives_are_refused_before_anything_is_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handed, "MADE", tmp_path / "made")
    monkeypatch.setattr(handed, "GIVEN", tmp_path)
    (tmp_path / "event_keys").write_text("k1:punya-operator")
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(["event_keys"])))
    with pytest.raises(SystemExit, match="only he can change them: event_keys"):
        keys.main(["may-put"])
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(["notify_data_keys"])))
    assert keys.main(["may-put"]) == 0
    assert list((tmp_path / "made").iterdir()) == []


def reading(code: str) -> Command:
    return Command([sys.executable, "-c", code])


def test_a_file_is_fed_whole_and_what_failed_says_why(tmp_path: Path) -> None:
    file = tmp_path / "notify.dump"
    file.write_bytes(b"x" * 3_000_000)
    assert reading("import sys; print(len(sys.stdin.buffer.read()))").fed(file) == "3000000\n"
    with pytest.raises(StepFailed, match=r"notify.dump was not restored.*\n.*no room"):
        reading("raise SystemExit('no room')").fed(file)


def test_who_reads_sees_the_end_when_we_are_killed(tmp_path: Path) -> None:
    """Otherwise it would go on putting what nobody undoes any more."""
    file = tmp_path / "intake-files.tar"
    file.write_bytes(b"x" * 30_000_000)
    slow = "import sys, time\nwhile sys.stdin.buffer.read(65536): time.sleep(0.01)"
    ours = (
        "import sys\nfrom pathlib import Path\nfrom deploy.backup.installation import Command\n"
        f"Command([sys.executable, '-c', {slow!r}]).fed(Path({str(file)!r}))"
    )
    feeder = subprocess.Popen([sys.executable, "-c", ours])
    try:
        ends = time.monotonic() + 20
        while not (children := psutil.Process(feeder.pid).children()):
            assert time.monotonic() < ends
            time.sleep(0.05)
        feeder.send_signal(signal.SIGKILL)
        feeder.wait(10)
        gone, left = psutil.wait_procs(children, timeout=4)
        assert (len(gone), left) == (1, [])
    finally:
        feeder.kill()
        feeder.wait()
