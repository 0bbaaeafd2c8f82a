"""A restore that fails leaves what was there as it was; one that was killed is undone, or ended, by whoever comes
next."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.backup import attempt, databases, erasures, objects, restore
from deploy.backup.folder import Busy
from deploy.backup.installation import Local, StepFailed, restoring
from deploy.local.places import CHECKOUT
from deploy.local.stack import Stack
from tests.support.eventually import eventually
from tests.support.restoring import Live

pytestmark = pytest.mark.timeout(300)

BEFORE, AFTER = "before", "after"
Step = tuple[Any, str, int, str]
"""Where something happens: in which module's or class's function, at its which call, before or after it."""

FIRST_DUMP: Step = (databases, "fill", 1, AFTER)
SECOND_BUCKET: Step = (restore, "_add", 2, AFTER)
LAST_MOMENT: Step = (databases, "swap", 1, BEFORE)
SECRETS: Step = (Local, "put_secrets", 1, AFTER)
ERASING: Step = (restore, "_erase", 1, BEFORE)


def steps(**named: Step) -> list[Any]:
    """A restore or two for each, so minutes in all: `make faults` does them."""
    return [pytest.param(step, id=name, marks=pytest.mark.faults) for name, step in named.items()]


ADDING = steps(
    first_dump=FIRST_DUMP,
    last_dump=(databases, "fill", 4, AFTER),
    second_bucket=SECOND_BUCKET,
    migrations=(restore, "_bring_up_to_date", 1, AFTER),
    ledger=(erasures, "replay", 1, AFTER),
    last_moment=LAST_MOMENT,
)
KILLED_ADDING = steps(second_bucket=SECOND_BUCKET, last_moment=LAST_MOMENT)
GOING_ON = steps(
    databases_changed_places=(databases, "swap", 1, AFTER),
    secrets=SECRETS,
    queues=(restore, "_empty_queues", 1, AFTER),
    first_bucket=(restore, "_settle", 1, AFTER),
    about_to_let_work=(databases, "let_work", 1, BEFORE),
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with Stack("test_restore", services=False, quiet=True) as stack:
        found = Live(stack, tmp_path_factory.mktemp("backups"))
        found.begin()
        yield found


@pytest.fixture(scope="module")
def backup(live: Live) -> Path:
    return live.back_up()


@pytest.fixture(autouse=True)
def lived_on(live: Live, backup: Path) -> None:
    live.live_on()


def at(patch: pytest.MonkeyPatch, step: Step, happens: Callable[[], None]) -> None:
    owner, name, wanted, when = step
    real, calls = getattr(owner, name), 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if (calls, when) == (wanted, BEFORE):
            happens()
        answer = real(*args, **kwargs)
        if (calls, when) == (wanted, AFTER):
            happens()
        return answer

    patch.setattr(owner, name, wrapped)


def fails() -> None:
    raise StepFailed("something broke")


def killed_at(live: Live, backup: Path, step: Step) -> None:
    """A process of its own restores, and is killed at that step."""

    def run() -> None:
        with pytest.MonkeyPatch.context() as patch:
            at(patch, step, lambda: os.kill(os.getpid(), signal.SIGKILL))
            live.restore(backup)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(240)
    assert process.exitcode == -signal.SIGKILL

    def let_go() -> bool:
        try:
            with attempt.alone(live.here, restores=True):
                return True
        except Busy:
            return False

    eventually(let_go, within=20, what="the server knows that it has ended")


def starts(live: Live) -> str:
    """What a service says that is started now; nothing when it may."""
    done = live.here.service("intake", "migrate").try_()
    return done.stderr.strip() if done.returncode else ""


def runs(live: Live, role: str) -> str:
    """What a process says that is started alone now; nothing when it runs."""
    url = (live.stack.urls if role == "web" else live.stack.worker_urls)["intake"]
    command = live.here.service("intake", role)
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command.words, cwd=CHECKOUT, env=dict(command.environment), stderr=said)
        try:
            eventually(
                lambda: process.poll() is not None or answers(f"{url}/health/live"), within=60, what=f"the {role} runs"
            )
            if process.poll() is None:
                return ""
            said.seek(0)
            return said.read().strip()
        finally:
            process.terminate()
            process.wait(40)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize("step", ADDING)
def test_what_fails_while_the_backup_is_made_ready_leaves_everything_as_it_was(
    live: Live, backup: Path, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = live.all()
    at(monkeypatch, step, fails)
    with pytest.raises(StepFailed, match="something broke"):
        live.restore(backup)
    assert live.all() == before
    assert starts(live) == ""


@pytest.mark.faults
@pytest.mark.parametrize("part", ["notify.dump", "documents-letters.tar"])
def test_a_program_that_ends_in_the_middle_of_a_part_leaves_everything_as_it_was(
    live: Live, backup: Path, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = objects.marks
    monkeypatch.setattr(objects, "marks", lambda tar: marks(backup / tar.name))
    broken = tmp_path / "broken"
    shutil.copytree(backup, broken)
    size = (backup / part).stat().st_size
    os.truncate(broken / part, size * 2 // 3)
    before = live.all()
    with pytest.raises(StepFailed, match=f"{part} was not restored"):
        live.restore(broken)
    assert live.all() == before


def test_a_backup_leaves_what_a_killed_restore_has_added_to_the_buckets(live: Live, tmp_path: Path) -> None:
    live.put("intake-files", "added")
    mark = live.objects()["intake-files"]["original/added"]
    attempt.begin(live.here)
    attempt.note(live.here, "intake-files", {"original/added": str(mark)})
    said: list[str] = []
    Live(live.stack, tmp_path).back_up(said.append)
    assert [line for line in said if "the next restore removes it" in line]
    assert live.objects()["intake-files"]["original/added"] == mark, "somebody may be sending one of that name"
    live.undo()
    assert "original/added" not in live.objects()["intake-files"]


@pytest.mark.parametrize("step", KILLED_ADDING)
def test_what_a_killed_restore_has_added_stays_while_services_run_and_goes_with_the_next_restore(
    live: Live, backup: Path, step: Step, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = live.all()
    killed_at(live, backup, step)
    assert starts(live) == "", "nobody has to do anything first"
    rows, there, secrets, _noted = live.all()
    assert {service: rows[service] for service in rows if service != "there"} == {
        service: before[0][service] for service in before[0] if service != "there"
    }
    assert secrets == before[2]
    assert all(there[bucket].items() >= before[1][bucket].items() for bucket in there)
    assert there != before[1], "objects were added, or this shows nothing"
    said: list[str] = []
    Live(live.stack, tmp_path).back_up(said.append)
    assert [line for line in said if "the next restore removes it" in line]
    assert live.objects() == there, "somebody may be sending one of that name"
    assert live.databases() == before[0], "what is beside the databases is nobody's"
    at(monkeypatch, FIRST_DUMP, fails)
    seen: list[Any] = []
    with pytest.raises(StepFailed, match="something broke"):
        live.restore(backup, stop=lambda: seen.append(live.objects()))
    assert seen == [there], "the services are stopped first"
    assert live.all() == before


@pytest.mark.faults
def test_what_somebody_put_under_such_a_name_meanwhile_stays(live: Live, backup: Path) -> None:
    killed_at(live, backup, SECOND_BUCKET)
    live.put("intake-files", "goes")
    mine = live.objects()["intake-files"]["original/goes"]
    live.undo()
    assert live.objects()["intake-files"]["original/goes"] == mine
    assert "original/goes" not in live.objects()["documents-letters"]


@pytest.mark.parametrize("step", GOING_ON)
def test_a_restore_that_ended_later_is_closed_to_all_until_it_is_done_once_more(
    live: Live, backup: Path, step: Step
) -> None:
    killed_at(live, backup, step)
    assert "--replace" in starts(live)
    with pytest.raises(StepFailed, match="half restored.*--replace"):
        live.back_up()
    live.restore(backup)
    assert live.is_the_backup(backup)
    assert starts(live) == ""


def test_until_what_was_erased_since_is_erased_again_workers_alone_may_start(live: Live, backup: Path) -> None:
    said: list[str] = []
    live.restore(backup, start_workers=lambda: said.extend([starts(live), runs(live, "web")]))
    assert said[0] == "" and "--replace" in said[1]
    assert live.is_the_backup(backup) and databases.closed(live.here) is None


@pytest.mark.faults
def test_a_restore_that_was_killed_while_the_workers_erase_serves_nobody_until_it_is_done_once_more(
    live: Live, backup: Path
) -> None:
    killed_at(live, backup, ERASING)
    assert starts(live) == runs(live, "worker") == ""
    assert "--replace" in runs(live, "web")
    with pytest.raises(StepFailed, match="half restored.*--replace"):
        live.back_up()
    live.restore(backup)
    assert live.is_the_backup(backup)
    assert runs(live, "web") == ""


@pytest.mark.faults
def test_a_process_that_is_started_alone_finds_it_closed_too(live: Live, backup: Path) -> None:
    killed_at(live, backup, SECRETS)
    assert "--replace" in runs(live, "worker") and "--replace" in runs(live, "web")
    live.restore(backup)


def test_epochs_leap_so_that_who_heard_a_later_one_takes_tokens_again(live: Live, backup: Path) -> None:
    asked = restoring()["intake"], "SELECT epoch FROM account"
    try:
        for service in ("intake", "notify"):  # their owner, and one that has no accounts
            databases.fill(live.here, service, backup / f"{service}.dump")
        [(epoch,)] = live.execute(*asked)
        for service in ("intake", "notify"):
            databases.begin_anew(live.here, service)
        assert live.execute(*asked) == [(epoch + databases.LEAP,)]
    finally:
        databases.drop_unfinished(live.here)


def test_positions_of_the_feed_leap_over_all_that_were_ever_given(live: Live, backup: Path) -> None:
    restored = restoring()["notify"]
    live.execute("notify", "UPDATE feed_head SET position = 7000")
    try:
        databases.fill(live.here, "notify", backup / "notify.dump")
        [(before,)] = live.execute(restored, "SELECT position FROM feed_head")
        databases.begin_anew(live.here, "notify")
        leapt = 7000 + databases.FEED_LEAP
        assert live.execute(restored, "SELECT after, upto FROM feed_leap") == [(before, leapt)]
        assert live.execute(restored, "SELECT position FROM feed_head") == [(leapt,)]
    finally:
        databases.drop_unfinished(live.here)
        live.execute("notify", "UPDATE feed_head SET position = 0")


def test_the_feed_of_a_backup_from_before_leaps_are_known_leaps_too(live: Live, backup: Path) -> None:
    restored = restoring()["notify"]
    try:
        databases.fill(live.here, "notify", backup / "notify.dump")
        live.execute(restored, "DROP TABLE feed_leap")
        [(before,)] = live.execute(restored, "SELECT position FROM feed_head")
        databases.begin_anew(live.here, "notify")
        assert live.execute(restored, "SELECT position FROM feed_head") == [(before + databases.FEED_LEAP,)]
    finally:
        databases.drop_unfinished(live.here)


def test_what_fails_later_says_that_it_is_to_be_done_once_more(
    live: Live, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(restore.NotFinished, match=r"something broke\n.*make restore FROM=.* ARGS=--replace"),
        restore._to_its_end(backup),
    ):
        fails()


def test_a_restore_and_a_backup_wait_for_each_other(live: Live, backup: Path, tmp_path: Path) -> None:
    before = live.all()
    with attempt.alone(live.here, restores=True), pytest.raises(Busy, match="under way"):
        Live(live.stack, tmp_path).back_up()
    with attempt.alone(live.here, restores=False), pytest.raises(Busy, match="under way"):
        live.restore(backup)
    assert live.all() == before


def test_without_replace_nothing_is_touched(live: Live, backup: Path) -> None:
    before = live.all()
    with pytest.raises(restore.Refused, match="--replace"):
        live.restore(backup, replace=False)
    assert live.all() == before


def test_a_bucket_is_not_cleared_by_a_tar_that_ends_too_early(live: Live, backup: Path) -> None:
    before = live.objects()
    with tarfile.open(backup / "intake-files.tar") as tar:
        there = len(tar.getnames())
    command = live.here.objects("settle", "intake-files", str(there + 1))  # as if one more were in it
    with pytest.raises(StepFailed, match=f"{there} of {there + 1} objects came"):
        command.fed(backup / "intake-files.tar")
    assert live.objects()["intake-files"].keys() >= before["intake-files"].keys()
