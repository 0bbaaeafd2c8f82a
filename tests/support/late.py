"""A worker that puts an object just after its case was erased, and dies before it can say so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kit import jobs
from kit.db import EVERY_TENANT
from tests.support.eventually import eventually
from tests.support.services import InProcess

_CODE = """
import importlib, os, sys, time
from datetime import datetime, UTC
from pathlib import Path
from kit import jobs
from kit.clock import FixedClock
from kit.db import Database
service, kind, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
SERVICE = importlib.import_module(f"{service}.app").SERVICE
settings = SERVICE.settings.read()
db = Database(settings.database_url)
deps = SERVICE.build(settings, db, FixedClock(datetime(2026, 8, 14, 2, 0, tzinfo=UTC)))
put = deps.objects.put
def put_late_and_die(*given):
    (folder / "about-to-put").touch()
    until = time.monotonic() + 60
    while not (folder / "erased").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    put(*given)
    os._exit(9)
deps.objects.put = put_late_and_die
job = jobs.claim(db, {kind: SERVICE.jobs[kind]})
assert job is not None, kind
SERVICE.jobs[kind].work(deps, job)
"""


def put_late_and_die(
    service: InProcess, environment: Mapping[str, str], kind: str, folder: Path, erase: Callable[[], Any]
) -> None:
    """A process of its own does the job that waits, up to where it puts its object; then the case is erased; then it
    puts it, and is gone. Its lease runs out."""
    started = subprocess.Popen(
        [sys.executable, "-c", _CODE, service.service.name, kind, str(folder)],
        env=os.environ | dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        eventually(lambda: (folder / "about-to-put").exists() or started.poll() is not None, within=60)
        if started.poll() is None:
            erase()
            (folder / "erased").touch()
        said, _ = started.communicate(timeout=60)
        assert started.returncode == 9, said.decode()
    finally:
        started.kill()
        started.wait()
    with service.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE job SET leased_until = clock_timestamp() - interval '1 second' WHERE state = 'running'")
    jobs.release_expired(service.deps.db)


def pass_time(service: InProcess) -> list[str]:
    """All jobs that wait are due now; what is done."""
    with service.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE state = 'ready'")
    return service.work()


def keys_with(service: InProcess, *ids: Any) -> list[str]:
    """The names in the service's bucket that have one of these ids."""
    every = service.deps.objects.keys_after(service.settings.s3_bucket, None, 10_000)
    return [key for key in every if any(str(one) in key for one in ids)]
