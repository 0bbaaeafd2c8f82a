"""Files of a case over HTTP: taken by their bytes, looked at by a job, read by those who may."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from PIL import Image

from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA
from tests.support import files as pictures
from tests.support.services import InProcess


def send(intake: InProcess, case: str, content: bytes, requirement: str = "KK", **more: Any) -> Any:
    form = {"requirement": requirement, "file": (io.BytesIO(content), "nama orang.jpg")}
    who = more.pop("who", ROHANA)
    return intake.call(
        "POST", f"/v1/applications/{case}/files", more.pop("role", "applicant"), who=who, data=form,
        content_type="multipart/form-data", **more,
    )  # fmt: skip


@pytest.fixture
def case(intake: InProcess) -> str:
    made = cast.opened(intake, who=ROHANA, service="KTP", reason="damaged", intended_duplicate=True)
    return str(made["id"])


@pytest.fixture(scope="module")
def photo() -> bytes:
    return pictures.jpeg()


def test_a_photo_is_accepted_looked_at_and_read_again_unchanged(intake: InProcess, case: str, photo: bytes) -> None:
    made = send(intake, case, photo)
    assert (made.status_code, made.get_json()["status"], made.get_json()["type"]) == (201, "checking", "image/jpeg")
    intake.work()
    path = f"/v1/applications/{case}/files/{made.get_json()['file_id']}"
    assert intake.call("GET", path, "applicant", who=ROHANA).get_json()["status"] == "ready"
    original = intake.call("GET", f"{path}/content?copy=original&purpose=print", "officer")
    assert original.data == photo
    assert original.headers["Content-Disposition"] == 'attachment; filename="kk.jpg"'
    view = intake.call("GET", f"{path}/content", "officer")
    assert view.status_code == 200 and view.data[:2] == b"\xff\xd8" and view.data != photo
    readers = intake.rows("SELECT reader, via FROM file_access WHERE file_id = %s", [made.get_json()["file_id"]])
    assert [row["via"] for row in readers] == ["role", "role"]


def test_a_file_is_not_shown_before_it_was_looked_at(intake: InProcess, case: str, photo: bytes) -> None:
    made = send(intake, case, photo + b"")
    path = f"/v1/applications/{case}/files/{made.get_json()['file_id']}/content"
    assert intake.call("GET", path, "officer").status_code == 404
    intake.work()
    assert intake.call("GET", path, "officer").status_code == 200


def test_the_same_bytes_again_are_the_same_file_and_others_replace_it(
    intake: InProcess, case: str, photo: bytes
) -> None:
    first = send(intake, case, photo).get_json()
    assert send(intake, case, photo).get_json()["file_id"] == first["file_id"]
    other = send(intake, case, pictures.jpeg(64, 48)).get_json()
    intake.work()
    listed = intake.call("GET", f"/v1/applications/{case}/files", "officer").get_json()["items"]
    assert {row["file_id"]: row["status"] for row in listed} == {
        first["file_id"]: "superseded",
        other["file_id"]: "ready",
    }


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [(b"", 422, None), (b"GIF89a" + b"\0" * 100, 415, None), (b"<svg onload=alert(1)>", 415, None)],
)
def test_what_is_no_picture_is_refused_before_anything_is_stored(
    intake: InProcess, case: str, content: bytes, status: int, slug: str | None
) -> None:
    response = send(intake, case, content)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert intake.call("GET", f"/v1/applications/{case}/files", "officer").get_json()["items"] == []


def test_a_cut_off_photo_is_422_with_what_to_do(intake: InProcess, case: str, photo: bytes) -> None:
    response = send(intake, case, photo[:-200])
    assert response.status_code == 422 and response.get_json()["detail"]


def test_an_unknown_requirement_is_422_and_another_content_type_415(intake: InProcess, case: str, photo: bytes) -> None:
    assert send(intake, case, photo, requirement="PASPOR").status_code == 422
    path = f"/v1/applications/{case}/files"
    response = intake.call("POST", path, "applicant", who=ROHANA, json={"requirement": "KK"})
    assert response.status_code == 415


def test_a_stranger_neither_adds_nor_reads(intake: InProcess, case: str, photo: bytes) -> None:
    made = send(intake, case, photo).get_json()
    intake.work()
    assert send(intake, case, photo, who={"sub": "stranger"}).status_code == 404
    path = f"/v1/applications/{case}/files/{made['file_id']}/content"
    assert intake.call("GET", path, "applicant", who={"sub": "stranger"}).status_code == 404
    assert intake.call("GET", path).status_code == 401
    assert intake.call("GET", path, "officer", who={"tenant": "16.71.10.1002"}).status_code == 404
    for guess in ("x" * 43, "é" * 43):
        assert intake.call("GET", f"{path}?grant={guess}").status_code == 404
    assert intake.call("GET", f"{path}?link={uuid4()}.secret").status_code == 404


def test_a_link_opens_without_a_token_until_it_is_revoked(intake: InProcess, case: str, photo: bytes) -> None:
    made = send(intake, case, photo).get_json()
    intake.work()
    path = f"/v1/applications/{case}/files/{made['file_id']}"
    link = intake.call("POST", f"{path}/links", "officer", json={}).get_json()
    address = link["url"].split("/v1/", 1)[1]
    assert intake.call("GET", f"/v1/{address}").status_code == 200
    assert intake.call("DELETE", f"{path}/links/{link['link_id']}", "officer").status_code == 204
    assert intake.call("GET", f"/v1/{address}").status_code == 404


def test_the_same_key_and_bytes_answer_the_same_despite_a_new_boundary(
    intake: InProcess, case: str, photo: bytes
) -> None:
    key = {"Idempotency-Key": f"upload-{case}"}
    first, again = send(intake, case, photo, headers=key), send(intake, case, photo, headers=key)
    assert again.data == first.data and again.headers["Idempotency-Replayed"] == "true"
    other = send(intake, case, pictures.jpeg(80, 60), headers=key)
    assert other.status_code == 422


def test_a_grant_opens_the_viewing_copy_while_its_question_is_open_and_not_in_the_next_round(
    intake: InProcess, photo: bytes
) -> None:
    shown = cast.opened(intake, who=ROHANA, service="KTP", reason="lost", intended_duplicate=True)
    case = shown["id"]
    cast.step(intake, case, "introduction/waiver", sent={"reason": "dikenal petugas"})
    made = {
        code: send(intake, case, photo, code).get_json()["file_id"]
        for code in shown["missing"]
        if code != "PENGANTAR_RT"
    }
    intake.work()
    cast.step(intake, case, "submission", "applicant")

    def grants() -> dict[str, str]:
        told = [event for event in intake.told("application.received") if event["subject"] == case]
        return dict(told[-1]["data"]["person"]["grants"])

    def read(grant: str, copy: str = "view") -> int:
        path = f"/v1/applications/{case}/files/{made['KK']}/content?grant={grant}&copy={copy}"
        return int(intake.call("GET", path).status_code)

    cast.step(intake, case, "receipt")
    first = grants()[made["KK"]]
    assert (read(first), read(first, "original"), read("x" * 43)) == (200, 404, 404)
    cast.step(intake, case, "return", sent={"items": [{"requirement": "KK", "problem": "buram"}]})
    assert read(first) == 404
    cast.step(intake, case, "resubmission", "applicant")
    cast.step(intake, case, "receipt")
    assert (read(first), read(grants()[made["KK"]])) == (404, 200)
    cast.verdict(intake, case, passed=False, reason="no_answer")
    assert read(grants()[made["KK"]]) == 200  # whoever answers late has to see what about
    cast.verdict(intake, case, passed=False)
    assert read(grants()[made["KK"]]) == 404


def test_photographs_of_the_hand_over_are_an_officers_to_add_once_the_letters_are_there(
    intake: InProcess, photo: bytes
) -> None:
    case = cast.issued(intake)["id"]
    address = f"/v1/applications/{case}/files"

    def add(role: str, who: dict[str, str], requirement: str) -> int:
        data = {"requirement": requirement, "file": (io.BytesIO(photo), "foto.jpg")}
        return int(intake.call("POST", address, role, who=who, data=data).status_code)

    before = len(intake.told("application.changed"))
    assert add("applicant", ROHANA, "TANDA_TERIMA") == 409
    assert add("officer", cast.YANTI, "SURAT_KEHILANGAN") == 409
    assert add("officer", cast.YANTI, "TANDA_TERIMA") == 201
    told = intake.told("application.changed")[before:]
    assert [file["requirement"] for file in told[-1]["data"]["files"]].count("TANDA_TERIMA") == 1
    draft = cast.opened(intake)["id"]
    address = f"/v1/applications/{draft}/files"
    assert add("officer", cast.YANTI, "TANDA_TERIMA") == 409


def test_who_is_asked_for_the_introduction_may_see_what_was_sent_so_far(intake: InProcess, photo: bytes) -> None:
    shown = cast.opened(intake, who=ROHANA, service="KTP", reason="lost", intended_duplicate=True)
    case = shown["id"]
    file_id = send(intake, case, photo, "KK").get_json()["file_id"]
    intake.work()
    cast.step(intake, case, "introduction", "applicant", {"purpose": "Mengurus KTP"})
    [told] = [
        one["data"] for one in intake.told("introduction.requested") if str(one["data"]["application_id"]) == case
    ]
    assert [str(file["file_id"]) for file in told["files"]] == [file_id]
    path = f"/v1/applications/{case}/files/{file_id}/content?grant={told['person']['grants'][file_id]}"
    assert intake.call("GET", path).status_code == 200
    cast.granted(intake, case, told["introduction_id"])
    assert intake.call("GET", path).status_code == 404  # he has answered


def the_file(intake: InProcess, case: str, content: bytes) -> str:
    made = send(intake, case, content).get_json()
    intake.work()
    return f"/v1/applications/{case}/files/{made['file_id']}/content"


def reddish(jpeg: bytes) -> int:
    """How many dots are of the watermark's red."""
    with Image.open(io.BytesIO(jpeg)) as image:
        red, green, blue = (image.convert("RGB").getchannel(name).tobytes() for name in "RGB")
    return sum(r > g + 60 and r > b + 60 for r, g, b in zip(red, green, blue, strict=True))


def test_the_office_sees_a_scan_with_a_watermark_of_its_reader_and_the_person_a_clean_one(
    intake: InProcess, case: str
) -> None:
    path = the_file(intake, case, pictures.jpeg(1200, 900))
    clean = intake.call("GET", path, "applicant", who=ROHANA)
    yanti = intake.call("GET", path, "officer", who={"sub": "officer:yanti"})
    other = intake.call("GET", path, "officer", who={"sub": "officer:other"})
    assert {answer.status_code for answer in (clean, yanti, other)} == {200}
    assert reddish(yanti.data) > reddish(clean.data) + 2000
    assert len({clean.data, yanti.data, other.data}) == 3, "each reader has bytes of his own"
    assert yanti.headers["Cache-Control"] == "no-store" and "ETag" not in yanti.headers
    assert int(yanti.headers["Content-Length"]) == len(yanti.data)
    assert intake.call("GET", path, "applicant", who=ROHANA).data == clean.data, "the stored copy stays clean"


def test_the_office_prints_for_the_file_without_it_and_that_is_on_record(intake: InProcess, case: str) -> None:
    path = the_file(intake, case, pictures.jpeg(1201, 900))
    clean = intake.call("GET", path, "applicant", who=ROHANA)
    assert intake.call("GET", f"{path}?purpose=print", "officer").data == clean.data
    row = intake.audit("file.read")[-1]
    assert (row["purpose"], row["details"]["watermark"]) == ("print", False)
    intake.call("GET", path, "officer")
    assert intake.audit("file.read")[-1]["details"]["watermark"] is True
    refused = intake.call("GET", f"{path}?copy=original", "officer")
    assert (refused.status_code, refused.get_json()["type"]) == (422, "urn:problem:original-only-to-print")
    assert intake.call("GET", f"{path}?copy=original&purpose=print", "officer").status_code == 200
    assert intake.call("GET", f"{path}?copy=original", "applicant", who=ROHANA).status_code == 200


def test_a_pdf_has_reader_case_and_day_on_every_page(intake: InProcess, case: str) -> None:
    code = intake.call("GET", f"/v1/applications/{case}", "applicant", who=ROHANA).get_json()["tracking_code"]
    path = the_file(intake, case, pictures.pdf(3))
    marked = intake.call("GET", path, "officer", who={"sub": "officer:yanti"})
    assert marked.status_code == 200 and marked.mimetype == "application/pdf"
    document = pypdfium2.PdfDocument(marked.data)
    assert len(document) == 3
    for page in document:
        text = page.get_textpage().get_text_range()
        assert f"officer yanti - hanya untuk {code} - " in text
    clean = intake.call("GET", path, "applicant", who=ROHANA)
    assert code not in pypdfium2.PdfDocument(clean.data)[0].get_textpage().get_text_range()
