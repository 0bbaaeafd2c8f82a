"""Every file of the table goes through the real route and a real worker, and has the outcome that the table states."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from PIL import Image

from tests.files.conftest import Watched
from tests.files.paper import PAPER, written
from tests.files.table import REFUSED, REJECTED, SAFE, TABLE, Line
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA
from tests.support import files, hostile
from tests.support.eventually import eventually
from tests.support.services import InProcess

MB = 1024 * 1024
MOST_SECONDS = 60.0  # of a file, from the first byte to its outcome
MOST_OF_A_CHILD = 900 * MB  # resident, of whoever decodes
MOST_OF_A_WORKER = 300 * MB


def send(intake: InProcess, case: str, line: Line, data: bytes) -> Any:
    """As browsers and others write it; werkzeug's own client would not send such names."""
    head = b'--batas\r\nContent-Disposition: form-data; name="requirement"\r\n\r\nKK\r\n'
    part = b'--batas\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\nContent-Type: %b\r\n\r\n' % (
        line.filename, line.declared.encode(),
    )  # fmt: skip
    body = head + part + data + b"\r\n--batas--\r\n"
    return intake.call(
        "POST", f"/v1/applications/{case}/files", "applicant", who=ROHANA, data=body,
        content_type="multipart/form-data; boundary=batas",
    )  # fmt: skip


def opened(intake: InProcess) -> str:
    made = cast.opened(intake, who=ROHANA, service="KTP", reason="damaged", intended_duplicate=True)
    return str(made["id"])


def sent_and_looked_at(intake: InProcess, case: str, line: Line, data: bytes) -> tuple[str, dict[str, Any]]:
    """Its address, and how it stands once the worker has come to an end with it."""
    made = send(intake, case, line, data)
    assert made.status_code == 201, made.get_json()
    address = f"/v1/applications/{case}/files/{made.get_json()['file_id']}"

    def look() -> Any:
        shown = intake.call("GET", address, "applicant", who=ROHANA).get_json()
        return shown if shown["status"] != "checking" else None

    return address, eventually(look, within=2 * MOST_SECONDS, what="the worker comes to an end with it")


def objects_of(intake: InProcess, case: str) -> dict[str, list[str]]:
    """What lies in the store of a case: originals and viewing copies."""
    store, bucket = intake.deps.objects._minio(), intake.settings.s3_bucket
    return {
        kind: [str(each.object_name) for each in store.list_objects(bucket, prefix=f"{kind}/{case}/", recursive=True)]
        for kind in ("original", "view")
    }


def content(intake: InProcess, address: str, copy: str) -> Any:
    return intake.call("GET", f"{address}/content?copy={copy}&purpose=print", "officer", who=cast.YANTI)


@contextmanager
def bounded(worker: Watched) -> Iterator[None]:
    """Whatever comes, it costs so many seconds and so much memory, and the worker lives. `FILES_REPORT` names a file
    that takes what was measured."""
    worker.forget()
    began = time.monotonic()
    yield
    seconds = time.monotonic() - began
    if report := os.environ.get("FILES_REPORT"):
        test = os.environ["PYTEST_CURRENT_TEST"].partition("[")[2].partition("] (")[0]
        with open(report, "a", encoding="utf-8") as lines:
            lines.write(f"{seconds:.2f} s\t{worker.largest_child // MB} MB\t{worker.own // MB} MB\t{test}\n")
    assert seconds < MOST_SECONDS
    assert worker.largest_child < MOST_OF_A_CHILD
    assert worker.own < MOST_OF_A_WORKER
    assert worker.process.poll() is None, "the worker lives"


@pytest.mark.parametrize("name", [name for name, line in TABLE.items() if line.outcome is REFUSED])
def test_is_refused_before_anything_is_stored(name: str, intake: InProcess, worker: Watched) -> None:
    case, line = opened(intake), TABLE[name]
    data = line.make()
    with bounded(worker):
        answer = send(intake, case, line, data)
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["type"] == f"urn:problem:{line.slug}"
    assert answer.status_code in (400, 413, 415, 422)
    assert intake.rows("SELECT id FROM file WHERE application_id = %s", [case]) == []
    assert objects_of(intake, case) == {"original": [], "view": []}


@pytest.mark.parametrize("name", [name for name, line in TABLE.items() if line.outcome is REJECTED])
def test_is_refused_by_the_decoding_job_and_never_shown(name: str, intake: InProcess, worker: Watched) -> None:
    case = opened(intake)
    data = TABLE[name].make()
    with bounded(worker):
        address, found = sent_and_looked_at(intake, case, TABLE[name], data)
    assert found["status"] == "rejected" and found["reason"], "its sender is told what to do"
    assert [content(intake, address, copy).status_code for copy in ("view", "original")] == [404, 404]
    assert intake.call("POST", f"{address}/links", "officer", who=cast.YANTI, json={}).status_code == 404
    assert objects_of(intake, case)["view"] == []
    assert "KK" in cast.show(intake, case)["missing"], "the item is open again"
    assert [line["event"] for line in cast.lines_of(intake, case)][-1] == "file_rejected"


@pytest.mark.parametrize("name", [name for name, line in TABLE.items() if line.outcome is SAFE])
def test_is_accepted_and_made_safe(name: str, intake: InProcess, worker: Watched) -> None:
    case, line = opened(intake), TABLE[name]
    data = line.make()
    with bounded(worker):
        address, found = sent_and_looked_at(intake, case, line, data)
    assert found["status"] == "ready"
    original, view = (content(intake, address, copy) for copy in ("original", "view"))
    assert original.data == data, "the original is kept"
    for answer in (original, view):
        assert_harmless(answer)
    if view.mimetype == "application/pdf":
        assert_only_pages(view.data)
    else:
        assert_only_a_picture(view.data, line.sheet)
    assert {len(each) for each in objects_of(intake, case).values()} == {1}


def assert_harmless(answer: Any) -> None:
    """A browser stores it under our own name and runs nothing of it."""
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="kk.')
    assert answer.mimetype in ("image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf")


def assert_only_a_picture(data: bytes, sheet: bool) -> None:
    for told in (b"Exif", b"GPS", b"http://ns.adobe", files.MAKER.encode()):
        assert told not in data
    with Image.open(BytesIO(data)) as image:
        image.load()
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert max(image.size) <= 2000
        assert not image.getexif()
        if sheet:
            assert image.size == (320, 240)
            assert files.corners(image) == files.UPRIGHT


def assert_only_pages(data: bytes) -> None:
    for told in (files.MAKER.encode(), b"Exif", b"contoh.example", b"\xff\xd8\xff\xe1"):
        assert told not in data
    with pikepdf.open(BytesIO(data)) as document:
        assert len(document.pages) == 1
        assert len(document.attachments) == 0
        assert not {"/OpenAction", "/Names", "/AA", "/AF", "/Metadata", "/Outlines"} & set(document.Root.keys())
        assert "/Info" not in document.trailer
        for note in document.pages[0].get("/Annots", ()):
            assert "/A" not in note


def test_every_outcome_has_its_files_and_every_refusal_is_one_that_people_read() -> None:
    assert {line.outcome for line in TABLE.values()} == {SAFE, REFUSED, REJECTED}
    assert all((line.outcome is REFUSED) == bool(line.slug) for line in TABLE.values())


def test_after_all_of_them_the_same_worker_takes_a_good_file(intake: InProcess, worker: Watched) -> None:
    case = opened(intake)
    for name in ("PDF, its page unpacks to 1 GB", "PNG, its data unpack to 1 GB"):
        assert send(intake, case, TABLE[name], TABLE[name].make()).status_code == 201
    _, good = sent_and_looked_at(intake, case, Line(files.jpeg, SAFE), files.jpeg())
    assert good["status"] == "ready"
    assert worker.process.poll() is None


def test_nothing_is_kept_of_what_a_file_was_called(intake: InProcess, worker: Watched) -> None:
    """A name may name a person. The columns of the table have no place for it, nor have the job and the store."""
    case = opened(intake)
    named = Line(files.jpeg, SAFE, filename=b"KTP Siti Maimunah.jpg")
    _, found = sent_and_looked_at(intake, case, named, files.jpeg())
    kept = intake.rows("SELECT f.*::text AS said FROM file f WHERE id = %s", [UUID(found["file_id"])])
    assert "Maimunah" not in str(kept) + str(objects_of(intake, case))


def test_the_paper_says_what_the_table_says() -> None:
    assert PAPER.read_text("utf-8") == written(), "python -m tests.files.paper"


def test_eicar_is_what_scanners_look_for() -> None:
    assert len(hostile.EICAR) == 68 and hostile.EICAR.startswith(b"X5O!P%@AP[4")
