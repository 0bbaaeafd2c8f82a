"""From a verified case to letters that anyone can check, and papers that are handed over."""

from __future__ import annotations

import hashlib

from kit.ids import new_id
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess


def test_a_verified_case_ends_with_a_letter_that_can_be_checked(desk: InProcess) -> None:
    case = Case(desk).tell("opened", "draft")
    case.grant()
    desk.work()
    case.tell("submitted").tell("received").verified()

    draft = case.letter()
    assert draft["status"] == "drafted" and draft["incomplete"] == [] and draft["number"] is None
    preview = desk.call("GET", f"/v1/letters/{draft['id']}/preview", "lurah")
    assert preview.status_code == 200 and preview.data.startswith(b"%PDF") and preview.headers["ETag"]

    numbered = case.decide(draft)
    assert numbered.status_code == 200, numbered.text
    assert numbered.json["status"] == "numbered" and numbered.json["check_url"] is None
    assert numbered.json["number"] == "400.12.2.1/001/KEL-BS/VIII/2026"
    desk.work()

    letter = case.letter()
    assert letter["status"] == "issued" and letter["dated"] == "2026-08-14" and letter["valid_until"] == "2026-09-13"
    checked = desk.call("GET", f"/periksa/{letter['check_url'].rsplit('/', 1)[1]}")
    assert checked.status_code == 200, checked.text
    assert checked.json["result"] == "valid" and checked.json["name"] == "R***"
    content = desk.call("GET", f"/v1/letters/{letter['id']}/content", "applicant", who={"sub": case.owner})
    assert hashlib.sha256(content.data).hexdigest() == letter["sha256"] == checked.json["sha256"]
    assert content.headers["Content-Disposition"] == (
        'attachment; filename="kk-introduction-400.12.2.1-001-KEL-BS-VIII-2026.pdf"'
    )

    (done,) = case.told("production.done")
    assert [one["kind"] for one in done["letters"]] == ["kk_introduction"] and done["forms"] == ["f102"]
    (ready,) = case.told("handover.ready")
    assert ready["person"]["contact"]["phone"] == story.CONTACT["phone"]


def test_the_introduction_is_numbered_in_its_own_register_and_named_on_the_letter(desk: InProcess) -> None:
    introduction_id = new_id()
    story.grant(desk, introduction_id=introduction_id, rt="049", rw="010")
    desk.work()
    (told,) = [one["data"] for one in desk.told("letter.issued") if one["data"]["introduction_id"] == introduction_id]
    assert told["number"] == "001/RT.049/RW.010/VIII/2026" and told["application_id"] is None
    assert told["person"] == {"name": "Rohana", "contact": story.CONTACT}

    head = {"rt": "049", "rw": "010"}
    path = f"/v1/letters/{told['letter_id']}"
    assert desk.call("GET", f"{path}/content", "rt_head", who=head).status_code == 200
    assert desk.call("GET", path, "rt_head", who={"rt": "050", "rw": "010"}).status_code == 404

    case = Case(desk, introduction_id=introduction_id).tell("opened", "draft")
    assert [one["kind"] for one in case.letters()] == ["introduction"]


def test_letters_are_read_by_whoever_goes_on_with_the_case_and_not_by_who_did_before(desk: InProcess) -> None:
    case = Case(desk).tell("opened", "draft")
    case.grant()
    desk.work()
    case.tell("submitted").tell("received").verified()
    helper, letter = {"sub": case.owner}, f"/v1/letters/{case.letter()['id']}"
    assert desk.call("GET", letter, "applicant", who=helper).status_code == 200
    case.owner = "rohana"
    case.tell("changed")
    assert desk.call("GET", letter, "applicant", who=helper).status_code == 404
    assert desk.call("GET", letter, "applicant", who={"sub": "rohana"}).status_code == 200
