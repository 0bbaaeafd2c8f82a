"""What a stack does with its programs: start, watch, kill, stop, sweep up after a crash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local import process
from deploy.local.ledger import Ledger, Lock, StackBusyError
from deploy.local.places import Account
from deploy.local.process import PartError, Running
from deploy.local.supervisor import Supervisor
from deploy.local.table import Table
from tests.support.eventually import eventually

ME = Account("me", os.geteuid(), os.getegid())
FOREVER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
WITH_A_CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"

Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Running] = []

    def begin(code: str, name: str = "program", **more: float) -> Running:
        running = process.start(
            name,
            [sys.executable, "-c", code],
            account=ME,
            environment={},
            folder=tmp_path,
            log=tmp_path / f"{name}.log",
            stack=tmp_path,
            **more,  # type: ignore[arg-type]
        )
        started.append(running)
        return running

    yield begin
    for running in started:
        running.kill()


def test_killing_a_program_ends_its_children_too(start: Start) -> None:
    running = start(WITH_A_CHILD)
    eventually(lambda: len(running.tree()) > 1)
    tree = running.tree()
    running.kill()
    assert not any(process.is_alive(each) for each in tree)


def test_a_program_that_ignores_its_end_is_ended_by_force(start: Start) -> None:
    running = start(STUBBORN, stop_within=0.3)
    eventually(lambda: "up" in running.last_words())
    running.stop()
    assert running.popen.returncode == -signal.SIGKILL


def test_a_frozen_program_can_be_stopped(start: Start) -> None:
    running = start(FOREVER)
    running.freeze()
    assert process.is_frozen(psutil.Process(running.pid))
    running.stop()
    assert running.popen.returncode == -signal.SIGTERM


def test_a_program_that_ends_while_starting_fails_at_once_with_its_last_words(start: Start) -> None:
    running = start("print('no disk left'); raise SystemExit(3)")
    with pytest.raises(PartError, match="no disk left"):
        process.wait_ready(running, lambda: False, within=30)


def test_what_died_by_itself_is_started_again_and_what_was_killed_is_not(start: Start, tmp_path: Path) -> None:
    table = Table(Ledger(tmp_path))
    for name in ("crashing", "killed"):
        table.launch(name, lambda name=name: start(FOREVER, name))  # type: ignore[misc]

    def restart(name: str) -> None:
        table.relaunch(name, lambda: start(FOREVER, name))

    supervisor = Supervisor(table.dead, restart)
    supervisor.start()
    try:
        crashed = table.get("crashing").pid
        table.kill("killed")
        os.kill(crashed, signal.SIGKILL)
        eventually(lambda: table.get("crashing").pid != crashed and table.get("crashing").alive())
        assert not table.get("killed").alive()
    finally:
        supervisor.stop()
        table.close([])
    assert not table.get("crashing").alive()


def test_nothing_is_started_once_the_table_is_closed(start: Start, tmp_path: Path) -> None:
    table = Table(Ledger(tmp_path))
    table.close([])
    with pytest.raises(PartError, match="being stopped"):
        table.launch("late", lambda: start(FOREVER))


def test_a_new_start_ends_what_a_crashed_one_left(start: Start, tmp_path: Path) -> None:
    noted, marked = start(FOREVER, "noted"), start(FOREVER, "marked")
    Ledger(tmp_path).add(noted)  # the other one was started just before the crash
    assert Ledger(tmp_path).sweep()
    for running in (noted, marked):
        running.popen.wait(5)


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", FOREVER])
    try:
        note = {"pid": stranger.pid, "born": 1, "signal": int(signal.SIGTERM)}
        (tmp_path / "running.json").write_text(json.dumps([note]))
        assert Ledger(tmp_path).sweep() == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_second_start_says_who_holds_the_stack(tmp_path: Path) -> None:
    with Lock(tmp_path), pytest.raises(StackBusyError, match=f"process {os.getpid()}"), Lock(tmp_path):
        pass
    with Lock(tmp_path):
        pass
