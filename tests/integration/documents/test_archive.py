"""Letters for archives of other systems: those of a period, by their number, and their PDFs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

import pytest

from contracts.reach import WITHIN
from documents.usecases import archive
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

ROLE = "letters.read"
EXPORT, NUMBERS = "/v1/letters/export", "/v1/letters/by-number"
CITY = {"tenant": "16.71", "sub": "machine:archive"}
ELSEWHERE = "16.72.01.1001"


@pytest.fixture(scope="module")
def issued(desk: InProcess) -> Case:
    case = Case(desk).tell("opened", "draft")
    case.grant()
    desk.work()
    return case.issued()


@pytest.fixture(scope="module")
def neighbours(desk: InProcess, issued: Case) -> Case:
    """Another office of the same kecamatan."""
    story.office(desk, KALIDONI, name="Kalidoni")
    story.catalogue(desk, KALIDONI)
    return Case(desk, tenant=KALIDONI).issued()


@pytest.fixture(scope="module")
def foreign(desk: InProcess, issued: Case) -> Case:
    story.office(desk, ELSEWHERE, name="Lain")
    story.catalogue(desk, ELSEWHERE)
    return Case(desk, tenant=ELSEWHERE).issued()


def export(desk: InProcess, who: dict[str, Any] = CITY, accept: str = "application/x-ndjson", **query: Any) -> Any:
    asked = {"from": "2026-08-01", "to": "2026-08-31"} | query
    return desk.call("GET", EXPORT, ROLE, who=who, headers={"Accept": accept}, query_string=asked)


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def by_number(desk: InProcess, number: str, who: dict[str, Any] = CITY, **query: Any) -> Any:
    asked = {"number": number, "year": 2026, "kelurahan": BUKIT_SANGKAL} | query
    return desk.call("GET", NUMBERS, ROLE, who=who, query_string=asked)


def test_every_number_of_the_period_with_what_became_of_its_letter_and_nobody_in_it(
    desk: InProcess, issued: Case
) -> None:
    letter = issued.letter()
    answer = export(desk)
    [row] = [row for row in rows(answer) if row["letter_id"] == letter["id"]]
    assert tuple(row) == archive.COLUMNS
    assert (row["number"], row["dated"], row["sha256"]) == (letter["number"], letter["dated"], letter["sha256"])
    assert (row["classification"], row["signer"], row["status"]) == ("400.12.2.1", "Lurah Bukit Sangkal", "issued")
    assert row["valid"] is True
    [introduction] = [row for row in rows(answer) if row["kind"] == "introduction"]
    assert introduction["signer"] == "Ketua RT 023 RW 005" and introduction["series"] == "RT 005/023"
    for personal in (
        "Rohana",
        "Marzuki",
        "Rusmala",
        "16711055",
        "Sukabangun",
        "lurah-1",
        issued.letter()["check_url"][-26:],
    ):
        assert personal not in answer.text, personal


def test_a_letter_made_elsewhere_and_a_void_one_are_told_as_such(desk: InProcess, issued: Case) -> None:
    taken = desk.call(
        "POST", "/v1/registers/numbers", "officer",
        json={"kind": "=Undangan", "classification": "005", "addressee": "Nyimas Halimah", "subject": "Rapat"},
    ).json  # fmt: skip
    void = Case(desk).issued()
    answer = desk.call("POST", f"/v1/letters/{void.letter()['id']}/void", "lurah", json={"reason": "Salah nama"})
    assert answer.status_code == 200, answer.text
    known = {row["number"]: row for row in rows(export(desk))}
    outside = known[taken["number"]]
    assert (outside["letter_id"], outside["status"], outside["sha256"]) == (None, "elsewhere", None)
    gone = known[answer.json["number"]]
    assert (gone["status"], gone["valid"]) == ("void", False) and gone["voided_at"]
    table = export(desk, accept="text/csv")
    assert [row["kind"] for row in csv.DictReader(io.StringIO(table.text)) if row["number"] == taken["number"]] == [
        "'=Undangan"
    ]
    for text in (answer.text and export(desk).text, table.text):
        assert "Halimah" not in text and "Salah nama" not in text and "Rapat" not in text


def test_it_goes_on_after_the_last_row_that_arrived(desk: InProcess, issued: Case, neighbours: Case) -> None:
    whole = rows(export(desk))
    assert len(whole) >= 3
    for seen in range(1, len(whole) + 1):
        assert rows(export(desk, cursor=whole[seen - 1]["cursor"])) == whole[seen:]
    assert export(desk, cursor="zzz").status_code == 422


def test_other_days_have_none(desk: InProcess, issued: Case) -> None:
    assert rows(export(desk, **{"from": "2026-07-01", "to": "2026-07-31"})) == []


def test_a_machine_reads_the_offices_below_it_that_were_left_to_it(
    desk: InProcess, issued: Case, neighbours: Case, foreign: Case
) -> None:
    def offices(who: dict[str, Any], **query: Any) -> set[str]:
        return {row["kelurahan"] for row in rows(export(desk, {"sub": "m"} | who, **query))}

    assert offices({"tenant": "16.71"}) == {BUKIT_SANGKAL, KALIDONI}
    assert offices({"tenant": "16.71", WITHIN: [KALIDONI]}) == {KALIDONI}
    assert offices({"tenant": "16.71"}, kelurahan=[KALIDONI]) == {KALIDONI}
    assert offices({"tenant": ELSEWHERE}) == {ELSEWHERE}
    assert export(desk, kelurahan=[ELSEWHERE]).status_code == 404
    assert export(desk, {"tenant": KALIDONI, "sub": "m"}, kelurahan=[BUKIT_SANGKAL]).status_code == 404


def test_a_letter_is_found_by_its_whole_number_or_by_the_running_one(desk: InProcess, issued: Case) -> None:
    letter = issued.letter()
    for number, more in ((letter["number"], {}), (letter["number"].lower(), {}), ("1", {"register": "office"})):
        [found] = by_number(desk, number, **more).json["items"]
        assert (found["letter_id"], found["sha256"]) == (letter["id"], letter["sha256"])
    assert {one["series"] for one in by_number(desk, "1").json["items"]} == {"office", "RT 005/023"}
    assert by_number(desk, letter["number"], year=2025).json["items"] == []
    assert by_number(desk, letter["number"][:-1]).json["items"] == []


def test_who_keeps_letters_gets_the_pdf_and_the_reading_is_on_record_at_the_office(
    desk: InProcess, issued: Case
) -> None:
    letter = issued.letter()
    [found] = by_number(desk, letter["number"]).json["items"]
    content = desk.call("GET", found["content_url"], ROLE, who=CITY)
    assert content.mimetype == "application/pdf"
    assert hashlib.sha256(content.data).hexdigest() == found["sha256"]
    read = [row for row in desk.audit("letter.read") if row["caller"] == CITY["sub"]]
    assert [(row["tenant"], row["about"]) for row in read[-2:]] == [(BUKIT_SANGKAL, [str(issued.id)])] * 2


def test_a_letter_beyond_its_reach_is_not_found_and_the_attempt_is_on_record(
    desk: InProcess, issued: Case, neighbours: Case, foreign: Case
) -> None:
    restricted = {"tenant": "16.71", "sub": "machine:narrow", WITHIN: [KALIDONI]}
    theirs = neighbours.letter()
    address = "/v1/letters/{}/content?kelurahan={}".format
    assert desk.call("GET", address(theirs["id"], KALIDONI), ROLE, who=restricted).status_code == 200
    assert by_number(desk, theirs["number"], restricted, kelurahan=KALIDONI).json["items"] != []
    before = len(desk.rows("SELECT FROM refused_access WHERE caller = 'machine:narrow'"))
    tries = [
        desk.call("GET", address(issued.letter()["id"], BUKIT_SANGKAL), ROLE, who=restricted),
        desk.call("GET", address(issued.letter()["id"], KALIDONI), ROLE, who=restricted),
        desk.call("GET", address(foreign.letter()["id"], ELSEWHERE), ROLE, who=restricted),
        desk.call("GET", f"/v1/letters/{theirs['id']}/content", ROLE, who=restricted),
        by_number(desk, issued.letter()["number"], restricted),
    ]
    assert [one.status_code for one in tries] == [404] * len(tries)
    assert len(desk.rows("SELECT FROM refused_access WHERE caller = 'machine:narrow'")) == before + len(tries)


def test_forms_and_drafts_are_not_an_archives(desk: InProcess, issued: Case) -> None:
    case = Case(desk).verified()
    [form] = issued.letters(form=True)
    for one in (form, case.letter()):
        address = f"/v1/letters/{one['id']}/content?kelurahan={BUKIT_SANGKAL}"
        assert desk.call("GET", address, ROLE, who=CITY).status_code == 404


def test_only_the_scope_opens_the_archive(desk: InProcess, issued: Case) -> None:
    for role in ("cases.read", "officer", "lurah", "camat", "city", "administrator"):
        assert (
            desk.call("GET", EXPORT, role, query_string={"from": "2026-08-01", "to": "2026-08-31"}).status_code == 403
        )
        assert desk.call("GET", NUMBERS, role, query_string={"number": "1", "year": 2026}).status_code == 403
    letter = issued.letter()["id"]
    for path in ("", "/preview", "/sheet"):
        assert desk.call("GET", f"/v1/letters/{letter}{path}", ROLE, who={"tenant": BUKIT_SANGKAL}).status_code == 403
    assert by_number(desk, "1", {"tenant": BUKIT_SANGKAL, "sub": "m"}).status_code == 200
