"""What comes into the store for a case while that is erased is found and removed, also when its writer dies over it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import Stack
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI
from tests.integration.intake.test_erasure import ask
from tests.integration.intake.test_files import send
from tests.support import files as pictures
from tests.support.late import keys_with, pass_time, put_late_and_die
from tests.support.services import InProcess


@pytest.fixture
def case(intake: InProcess) -> str:
    with intake.deps.db.transaction("*") as tx:  # what others have left
        tx.execute("DELETE FROM job")
    return str(cast.opened(intake, intended_duplicate=True)["id"])


def erased(intake: InProcess, case: str) -> None:
    cast.step(intake, case, "withdrawal", "applicant", {"reason": "tidak jadi"})
    assert ask(intake, case).status_code == 202
    assert "erase_case" in intake.work()


def upload(intake: InProcess, case: str) -> Any:
    return send(intake, case, pictures.jpeg(), "SURAT_KEHILANGAN")


def test_an_upload_that_is_stored_after_the_erasure_is_refused_and_taken_away_by_its_writer(
    intake: InProcess, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = intake.deps.objects.put

    def late(*given: Any) -> None:
        monkeypatch.undo()
        erased(intake, case)
        put(*given)

    monkeypatch.setattr(intake.deps.objects, "put", late)
    refused = upload(intake, case)
    assert (refused.status_code, refused.json["type"]) == (410, "urn:problem:case-erased")
    assert len(keys_with(intake, case)) == 1
    assert intake.work() == ["remove_file"]
    assert keys_with(intake, case) == []


def test_an_upload_whose_process_died_once_it_was_stored_is_found(intake: InProcess, case: str) -> None:
    erased(intake, case)
    for place in ("original", "view", "record"):
        key = f"{place}/{case}/from-a-request-that-died"
        intake.deps.objects.put(intake.settings.s3_bucket, key, io.BytesIO(b"x"), 1, "image/jpeg", "0" * 64)
    assert pass_time(intake) == ["sweep_erased", "sweep_erased"], "after a quarter of an hour, and after a day"
    assert keys_with(intake, case) == []
    [row] = intake.rows("SELECT counts FROM erased_case WHERE application_id = %s", [case])
    assert row["counts"]["object"] == 3


def test_a_viewing_copy_stored_after_the_erasure_by_a_worker_that_died_is_found(
    intake: InProcess, case: str, parts: Stack, tmp_path: Path
) -> None:
    assert upload(intake, case).status_code == 201
    put_late_and_die(intake, parts.env("intake"), "look_at_file", tmp_path, lambda: erased(intake, case))
    assert [key.split("/")[0] for key in keys_with(intake, case)] == ["view"]
    pass_time(intake)
    assert keys_with(intake, case) == []


def test_a_case_that_is_kept_keeps_its_files(intake: InProcess, case: str) -> None:
    made = upload(intake, case)
    intake.work()
    gone = str(cast.opened(intake, intended_duplicate=True)["id"])
    erased(intake, gone)
    pass_time(intake)
    assert len(keys_with(intake, case)) == 2
    address = cast.path(case, "files", made.json["file_id"], "content")
    assert intake.call("GET", address, "officer", who=YANTI).status_code == 200
    assert intake.call("GET", address, "applicant", who=ROHANA).status_code == 200
