"""The issuing of a letter, cut off at each point by a process that ends by force; then the job goes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from deploy.local.stack import Stack
from documents.jobs import JOBS
from documents.usecases import issuing, objects
from kit import jobs
from kit.db import EVERY_TENANT
from kit.errors import Retryable
from kit.objects import StoreUnavailable
from tests.integration.documents.story import Case
from tests.support.services import InProcess

ISSUE = {"issue_letter": JOBS["issue_letter"]}

PRELUDE = """
import os
from documents import jobs as work
from documents.app import SERVICE
from documents.rendering import Renderer
from documents.usecases import issuing, objects
from kit import jobs
from kit.clock import FixedClock
from kit.db import Database
from datetime import datetime, UTC
settings = SERVICE.settings.read()
db = Database(settings.database_url)
deps = SERVICE.build(settings, db, FixedClock(datetime(2026, 8, 14, 2, 0, tzinfo=UTC)))
def die(*_args, **_more):
    os._exit(9)
job = jobs.claim(db, {"issue_letter": work.JOBS["issue_letter"]})
assert job.kind == "issue_letter", job.kind
"""

POINTS = {
    "between number and rendering": "Renderer.render = die",
    "between rendering and storing": "objects.store = die",
    "between storing and issuing": "issuing.issue = die",
    "before the commit of the issue": """
issue = issuing.issue
def issue_and_die(*args):
    issue(*args)
    die()
issuing.issue = issue_and_die
""",
    "after the commit of the issue": "jobs_done = work.JOBS['issue_letter'].work(deps, job); die()",
}


@pytest.mark.parametrize("point", POINTS)
def test_a_letter_cut_off_goes_on_with_its_number_and_is_issued_once(desk: InProcess, parts: Stack, point: str) -> None:
    case = Case(desk).verified()
    number = case.decide().json["number"]
    code = f"{PRELUDE}\n{POINTS[point]}\nwork.JOBS['issue_letter'].work(deps, job)"
    environment = os.environ | parts.env("documents") | {"SAMPLE_DATA": "true"}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, capture_output=True, text=True)
    assert ended.returncode == 9, ended.stderr

    with desk.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE job SET leased_until = clock_timestamp() - interval '1 second' WHERE state = 'running'")
    jobs.release_expired(desk.deps.db)
    desk.work()
    letter = case.letter()
    assert letter["status"] == "issued" and letter["number"] == number
    (told,) = case.told("letter.issued")
    assert told["file"]["sha256"] == letter["sha256"] and len(case.told("production.done")) == 1
    assert desk.deps.objects.stat(told["file"]["bucket"], told["file"]["key"]).size == told["file"]["size"]
    assert desk.rows("SELECT count(*) AS n FROM register_line WHERE letter_id = %s", [letter["id"]]) == [{"n": 1}]


def test_rendered_again_the_bytes_are_the_same(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(desk).verified()
    assert case.decide().status_code == 200
    seen: list[str] = []
    store = objects.store

    def stored_but_not_heard(*args: object) -> objects.Stored:
        seen.append(store(*args).sha256)  # type: ignore[arg-type]
        raise StoreUnavailable("the answer was lost")

    monkeypatch.setattr(objects, "store", stored_but_not_heard)
    job = jobs.claim(desk.deps.db, ISSUE)
    assert job is not None
    with pytest.raises(StoreUnavailable):
        JOBS["issue_letter"].work(desk.deps, job)
    monkeypatch.undo()
    JOBS["issue_letter"].work(desk.deps, job)
    assert [case.letter()["sha256"]] == seen


def test_a_worker_that_lost_its_lease_issues_nothing(desk: InProcess) -> None:
    case = Case(desk).verified()
    assert case.decide().status_code == 200
    slow = jobs.claim(desk.deps.db, ISSUE)
    assert slow is not None
    jobs.put_back(desk.deps.db, slow, "the lease ended", after=0)
    with desk.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE id = %s", [slow.id])
    quick = jobs.claim(desk.deps.db, ISSUE)
    assert quick is not None and quick.id == slow.id
    with pytest.raises(Retryable):
        JOBS["issue_letter"].work(desk.deps, slow)
    assert case.told("letter.issued") == []
    JOBS["issue_letter"].work(desk.deps, quick)
    assert len(case.told("letter.issued")) == 1


def test_giving_up_is_a_visible_void_and_a_new_draft(desk: InProcess) -> None:
    case = Case(desk).verified()
    number = case.decide().json["number"]
    job = jobs.claim(desk.deps.db, ISSUE)
    assert job is not None
    with desk.deps.db.transaction(job.tenant) as tx:
        jobs.set_aside(tx, job, "the layout refuses")
        assert JOBS[job.kind].give_up is not None
        JOBS[job.kind].give_up(desk.deps, tx, job, "the layout refuses")  # type: ignore[misc]
    desk.work()
    old, new = case.letters(kind="kk_introduction")
    assert (old["status"], old["number"], old["void_reason"]) == ("void", number, "cannot_be_made")
    assert new["status"] == "drafted" and len(case.told("letter.voided")) == 1


def test_the_same_case_issued_twice_at_once_is_done_once(desk: InProcess) -> None:
    """The second transaction, run again after it was committed, finds nothing to do."""
    case = Case(desk).issued()
    (told,) = case.told("letter.issued")
    stored = objects.Stored(told["file"]["bucket"], told["file"]["key"], told["file"]["sha256"], told["file"]["size"])
    with desk.deps.db.transaction(case.tenant) as tx:
        issuing.issue(desk.deps, tx, told["letter_id"], stored, "x")
    assert len(case.told("letter.issued")) == 1 and len(case.told("production.done")) == 1
    desk.work()
    assert desk.deps.objects.exists(stored.bucket, stored.key)
