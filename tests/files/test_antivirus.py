"""Where a virus scanner is configured nobody sees a file before it was scanned: closed, not open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.stack import Stack
from intake.jobs import measure_quarantine
from kit import jobs
from kit.antivirus import Antivirus, ScannerSilent
from kit.metrics import ANTIVIRUS_WAITING
from tests.files.conftest import Watched, working
from tests.files.table import SAFE, Line
from tests.files.test_strangers import content, objects_of, opened, send, sent_and_looked_at
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA
from tests.support import files, hostile
from tests.support.clamd import Clamd, clamd
from tests.support.eventually import eventually
from tests.support.services import InProcess

PHOTO = Line(files.jpeg, SAFE, sheet=True)


@pytest.fixture
def scanner(intake: InProcess) -> Iterator[Clamd]:
    """The service of this process scans with it, and forgets a failure at once."""
    with clamd() as found:
        intake.deps.antivirus = Antivirus(found.address, seconds=0.5, rest=0.0)
        yield found
        intake.deps.antivirus = None
        with intake.deps.db.transaction("*") as tx:
            tx.execute("DELETE FROM job")


def sent(intake: InProcess, case: str, data: bytes) -> str:
    made = send(intake, case, PHOTO, data)
    assert made.status_code == 201, made.get_json()
    return f"/v1/applications/{case}/files/{made.get_json()['file_id']}"


def status(intake: InProcess, address: str) -> str:
    return str(intake.call("GET", address, "applicant", who=ROHANA).get_json()["status"])


def assert_nobody_sees(intake: InProcess, case: str, address: str) -> None:
    assert [content(intake, address, copy).status_code for copy in ("view", "original")] == [404, 404]
    assert intake.call("POST", f"{address}/links", "officer", who=cast.YANTI, json={}).status_code == 404
    assert objects_of(intake, case)["view"] == []


def scanned_once(intake: InProcess) -> None:
    """The scan job, as the worker does it, but for its patience."""
    job = jobs.claim(intake.deps.db, intake.service.jobs)
    assert job is not None and job.kind == "scan_file"
    try:
        intake.service.jobs[job.kind].work(intake.deps, job)
    except ScannerSilent as silent:
        jobs.put_back(intake.deps.db, job, silent.reason)


def ready_now(intake: InProcess) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE state = 'ready'")


def test_a_clean_file_is_shown_once_it_was_scanned(intake: InProcess, scanner: Clamd) -> None:
    case = opened(intake)
    address = sent(intake, case, files.jpeg())
    assert_nobody_sees(intake, case, address)
    assert intake.work() == ["scan_file", "look_at_file"]
    assert status(intake, address) == "ready" and scanner.streams == 1
    assert content(intake, address, "view").status_code == 200


def test_what_the_scanner_finds_is_refused_with_a_reason_and_its_bytes_go(intake: InProcess, scanner: Clamd) -> None:
    case = opened(intake)
    address = sent(intake, case, files.jpeg() + hostile.EICAR)
    assert len(objects_of(intake, case)["original"]) == 1
    assert intake.work() == ["scan_file", "remove_file"]
    shown = intake.call("GET", address, "applicant", who=ROHANA).get_json()
    assert shown["status"] == "rejected" and "virus" in shown["reason"]
    assert_nobody_sees(intake, case, address)
    assert objects_of(intake, case) == {"original": [], "view": []}
    assert "KK" in cast.show(intake, case)["missing"], "the item is open again"
    assert cast.lines_of(intake, case)[-1]["event"] == "file_rejected"
    other = sent(intake, case, files.jpeg())
    intake.work()
    assert status(intake, other) == "ready", "another file takes its place"


def test_eicar_on_a_page_is_found_where_scripts_are_not(intake: InProcess, scanner: Clamd) -> None:
    case = opened(intake)
    address = sent(intake, case, hostile.pdf_saying(hostile.EICAR))
    intake.work()
    assert status(intake, address) == "rejected"


@pytest.mark.parametrize("mode", ["silent", "gone", "nonsense", "limit", "chatty"])
def test_while_nobody_knows_it_waits_longer_and_longer_and_nobody_sees_it(
    intake: InProcess, scanner: Clamd, mode: str
) -> None:
    case = opened(intake)
    scanner.mode = mode
    address = sent(intake, case, files.jpeg())
    gaps = []
    for _ in range(3):
        ready_now(intake)
        scanned_once(intake)
        assert status(intake, address) == "checking"
        assert_nobody_sees(intake, case, address)
        [row] = intake.rows(
            "SELECT attempts, extract(epoch FROM run_at - clock_timestamp())::float AS gap, last_error FROM job"
        )
        gaps.append(row["gap"])
        assert row["last_error"].startswith("antivirus: ")
    assert gaps[0] < 2 < gaps[2] < 9
    scanner.mode = "well"
    ready_now(intake)
    assert intake.work() == ["scan_file", "look_at_file"]
    assert status(intake, address) == "ready"


def test_it_waits_for_months_and_is_never_given_up(intake: InProcess) -> None:
    """A gap is ten minutes at most, so this is how long a scanner may be away."""
    assert intake.service.jobs["scan_file"].max_attempts * 600 > 60 * 86_400


def test_a_case_is_not_submitted_with_a_file_that_waits(intake: InProcess, scanner: Clamd) -> None:
    scanner.mode = "silent"
    draft = cast.opened(intake, intended_duplicate=True)
    cast.put_file(intake, draft["id"], "PENGANTAR_RT")
    cast.put_file(intake, draft["id"], "SURAT_KEHILANGAN", "checking")
    path = cast.path(draft["id"], "submission")
    assert intake.call("POST", path, "applicant", who=ROHANA, json={}).status_code == 409
    assert not [event for event in cast.events_of(intake, draft["id"]) if "grants" in (event["data"]["person"] or {})]


def test_a_file_that_came_while_nobody_scanned_is_scanned_before_it_is_looked_at(intake: InProcess) -> None:
    case = opened(intake)
    address = sent(intake, case, files.jpeg())
    with clamd() as found:
        intake.deps.antivirus = Antivirus(found.address)
        try:
            assert intake.work() == ["look_at_file", "scan_file", "look_at_file"]
        finally:
            intake.deps.antivirus = None
    assert status(intake, address) == "ready"


def test_how_long_files_wait_is_measured(intake: InProcess, scanner: Clamd) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE file SET state = 'superseded' WHERE state = 'checking'")
    measure_quarantine(intake.deps)
    assert _waiting() == 0
    sent(intake, opened(intake), files.jpeg())
    measure_quarantine(intake.deps)
    assert _waiting() >= 0
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE file SET uploaded_at = uploaded_at - interval '1 hour' WHERE state = 'checking'")
    measure_quarantine(intake.deps)
    assert 3600 <= _waiting() < 4000


def _waiting() -> float:
    return next(sample.value for metric in ANTIVIRUS_WAITING.collect() for sample in metric.samples)


@pytest.fixture
def scanning_worker(parts: Stack, intake: InProcess, scanner: Clamd) -> Iterator[Watched]:
    with working(parts, CLAMAV_ADDRESS=scanner.address) as watched:
        yield watched


def test_a_real_worker_keeps_files_back_from_a_silent_scanner_and_goes_on_with_it(
    intake: InProcess, scanner: Clamd, scanning_worker: Watched
) -> None:
    case = opened(intake)
    scanner.mode = "gone"
    held = sent(intake, case, files.jpeg(64, 48))

    def tried() -> Any:
        return intake.rows("SELECT id FROM job WHERE kind = 'scan_file' AND last_error IS NOT NULL")

    eventually(tried, within=60)
    assert_nobody_sees(intake, case, held)
    scanner.mode = "well"
    eventually(lambda: status(intake, held) == "ready", within=90)
    other = opened(intake)
    bad, found = sent_and_looked_at(intake, other, PHOTO, files.jpeg() + hostile.EICAR)
    assert found["status"] == "rejected"
    eventually(lambda: objects_of(intake, other)["original"] == [], within=60)
    assert_nobody_sees(intake, other, bad)
    assert scanning_worker.process.poll() is None
