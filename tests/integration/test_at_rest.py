"""What a worker costs that has nothing to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kit import jobs
from kit.jobs import Job, JobKind
from kit.worker import LOOK_AFTER, Worker
from tests.support.eventually import eventually
from tests.support.services import InProcess


def do(deps: Any, job: Job) -> None:
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


KINDS = {"draw": JobKind(do), "send": JobKind(do, waits=True, threads=4)}


@pytest.fixture
def worker(notify: InProcess) -> Iterator[Worker]:
    """Of two pools, and with no timer that would wake it."""
    running = Worker(replace(notify.service, jobs=KINDS, timers={}), notify.settings, "jobs")
    yield running
    running.stop()


def ask(notify: InProcess, kind: str) -> None:
    with notify.deps.db.transaction("office") as tx:
        jobs.add(tx, kind, "office", {})


def test_it_asks_for_jobs_once_for_all_its_threads(
    notify: InProcess, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noting(asks: Any) -> Any:
        def noted(*given: Any) -> Any:
            asked.append(threading.current_thread().name)
            return asks(*given)

        return noted

    for name in ("claim", "ready"):
        monkeypatch.setattr(jobs, name, noting(getattr(jobs, name)))
    worker.start()
    eventually(lambda: asked)
    asked.clear()
    time.sleep(2)
    assert set(asked) == {"look"}
    assert len(asked) <= 2 / LOOK_AFTER
    for kind in KINDS:
        ask(notify, kind)
        eventually(lambda: notify.rows("SELECT FROM job") == [])


def test_it_looks_at_once_when_something_was_committed_in_its_process(
    notify: InProcess, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.worker.LOOK_AFTER", 60)
    worker.start()
    for kind in KINDS:
        ask(notify, kind)
        worker._wake()
        eventually(lambda: notify.rows("SELECT FROM job") == [])
