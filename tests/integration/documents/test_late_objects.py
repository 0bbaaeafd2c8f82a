"""What a process stores for a case while that is erased is found and removed, also when the process dies over it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import Stack
from documents.usecases import bundles
from kit import jobs
from tests.integration.documents import test_bundles as story
from tests.integration.documents.story import Case
from tests.support.erasure import ask
from tests.support.late import keys_with, pass_time, put_late_and_die
from tests.support.services import InProcess


@pytest.fixture
def environment(parts: Stack) -> dict[str, str]:
    return dict(parts.env("documents")) | {"SAMPLE_DATA": "true"}


def erased(desk: InProcess, case: Case) -> None:
    ask(desk, case.id, case.introduction_id)
    assert "erase_case" in desk.work()


def without_another_look(desk: InProcess) -> None:
    """Only the job itself can find what it left."""
    with desk.deps.db.transaction("*") as tx:
        assert tx.execute("DELETE FROM job WHERE kind = 'sweep_erased'") >= 2


def stray(desk: InProcess, key: str) -> str:
    desk.deps.objects.put(desk.settings.s3_bucket, key, io.BytesIO(b"x"), 1, "application/pdf", "0" * 64)
    return key


def test_a_bundle_stored_after_the_erasure_by_a_worker_that_died_is_removed_when_its_job_is_taken_up(
    desk: InProcess, environment: dict[str, str], tmp_path: Path
) -> None:
    case = Case(desk)
    case.tell("completed")
    desk.work()
    bundle = story.ask(case).json["id"]
    put_late_and_die(desk, environment, bundles.BUNDLE_JOB, tmp_path, lambda: erased(desk, case))
    assert len(keys_with(desk, bundle)) == 1, "it is there, and no row names it"
    assert desk.rows("SELECT 1 AS one FROM bundle WHERE id = %s", [bundle]) == []
    without_another_look(desk)
    assert bundles.BUNDLE_JOB in desk.work()
    assert "remove_objects_under" in pass_time(desk)
    assert keys_with(desk, bundle) == []


def test_a_draft_stored_after_the_erasure_by_a_worker_that_died_is_removed_when_its_job_is_taken_up(
    desk: InProcess, environment: dict[str, str], tmp_path: Path
) -> None:
    case = Case(desk)
    case.grant()
    desk.work()
    case.tell("verified")
    letters = [
        row["id"] for row in desk.rows("SELECT id FROM letter WHERE application_id = %s AND number IS NULL", [case.id])
    ]
    put_late_and_die(desk, environment, "draft_letter", tmp_path, lambda: erased(desk, case))
    assert len(keys_with(desk, *letters)) == 1
    without_another_look(desk)
    assert "draft_letter" in desk.work()
    pass_time(desk)
    assert keys_with(desk, *letters) == []


def test_what_came_late_without_a_job_that_would_look_is_removed_and_what_stays_is_not_touched(
    desk: InProcess,
) -> None:
    case = Case(desk).issued()
    case.tell("completed")
    desk.work()
    bundle = story.made(case)["id"]
    [letter] = desk.rows("SELECT id, key FROM letter WHERE application_id = %s AND status = 'issued' AND NOT form"
                         " AND introduction_id IS NULL", [case.id])  # fmt: skip
    erased(desk, case)
    kelurahan = letter["key"].split("/")[0]
    late = [
        stray(desk, f"{kelurahan}/{name}")
        for name in (f"bundles/{bundle}/a", f"drafts/{letter['id']}/9-a", f"letters/{letter['id']}/a")
    ]
    assert pass_time(desk).count("sweep_erased") == 2, "after a quarter of an hour, and after a day"
    left = keys_with(desk, bundle, letter["id"])
    assert left == [letter["key"]], late
    [counts] = desk.rows("SELECT counts FROM erased_case WHERE application_id = %s", [case.id])
    assert counts["counts"]["object"] >= 3


def test_a_bundle_that_became_ready_while_its_case_was_erased_is_removed(
    desk: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look into the bucket and the end of its rows."""
    case = Case(desk)
    case.tell("completed")
    desk.work()
    bundle = story.ask(case).json["id"]
    delete_under = desk.deps.objects.delete_under

    def looked_and_then(bucket: str, prefix: str, but: Any = ()) -> int:
        gone = delete_under(bucket, prefix, but)
        monkeypatch.undo()
        job = jobs.claim(desk.deps.db, {bundles.BUNDLE_JOB: desk.service.jobs[bundles.BUNDLE_JOB]})
        assert job is not None
        bundles.make(desk.deps, job)
        return int(gone)

    ask(desk, case.id, case.introduction_id)
    monkeypatch.setattr(desk.deps.objects, "delete_under", looked_and_then)
    job = jobs.claim(desk.deps.db, {"erase_case": desk.service.jobs["erase_case"]})
    assert job is not None
    desk.service.jobs["erase_case"].work(desk.deps, job)
    assert len(keys_with(desk, bundle)) == 1
    pass_time(desk)
    assert keys_with(desk, bundle) == []
