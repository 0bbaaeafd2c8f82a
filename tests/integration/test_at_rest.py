"""What a worker costs that has nothing to do."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from kit import jobs
from kit.jobs import Job, JobKind
from kit.worker import LOOK_EVERY, Worker
from tests.support.eventually import eventually
from tests.support.services import InProcess


def do(deps: Any, job: Job) -> None:
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


def test_it_asks_for_jobs_once_for_all_its_threads_and_begins_each_at_once(
    notify: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noting(ask: Any) -> Any:
        def noted(*given: Any) -> Any:
            asked.append(threading.current_thread().name)
            return ask(*given)

        return noted

    for name in ("claim", "ready"):
        monkeypatch.setattr(jobs, name, noting(getattr(jobs, name)))
    kinds = {"draw": JobKind(do), "send": JobKind(do, waits=True, threads=4)}
    worker = Worker(replace(notify.service, jobs=kinds, timers={}), notify.settings, "jobs")
    worker.start()
    try:
        eventually(lambda: asked)
        asked.clear()
        time.sleep(2)
        assert set(asked) == {"look"}
        assert len(asked) <= 2 / LOOK_EVERY + 1
        for kind in kinds:
            began = time.monotonic()
            with notify.deps.db.transaction("office") as tx:
                jobs.add(tx, kind, "office", {})
            eventually(lambda: notify.rows("SELECT FROM job") == [])
            assert time.monotonic() - began < 1
    finally:
        worker.stop()
