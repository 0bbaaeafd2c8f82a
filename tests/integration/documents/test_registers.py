"""The book of numbers: it goes on from paper, takes letters made elsewhere, and is closed with its year."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from documents.usecases import book as usecase
from kit.ids import new_id
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.unit.documents.pdf import text_of

SERIES = "/v1/registers/2026/series"
OFFICE = f"{SERIES}/office"
NUMBERS = "/v1/registers/numbers"
INVITATION = {
    "kind": "Surat undangan",
    "classification": "005",
    "addressee": "Nyimas Halimah",
    "subject": "Rapat kebersihan",
}


def slug(answer: Any) -> str:
    assert answer.mimetype == "application/problem+json", answer.text
    return str(answer.json["type"].removeprefix("urn:problem:"))


def last_of(desk: InProcess, address: str = OFFICE) -> int:
    return int(desk.call("GET", address, "officer").json["last"])


def take(desk: InProcess, **changed: Any) -> dict[str, Any]:
    answer = desk.call("POST", NUMBERS, "officer", json=INVITATION | changed)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def book(desk: InProcess, query: str = "", year: int = 2026) -> list[dict[str, Any]]:
    answer = desk.call("GET", f"/v1/registers/{year}?limit=200&{query}", "officer")
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])


@pytest.fixture
def clock(desk: InProcess) -> Iterator[Any]:
    at = desk.clock.at
    yield desk.clock
    desk.clock.at = at


def test_the_book_goes_on_from_paper_and_says_who_said_so(desk: InProcess) -> None:
    case = Case(desk).verified()
    before = last_of(desk)
    answer = desk.call("PUT", OFFICE, "lurah", json={"last": before + 122})
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == f'"{before + 122}"'
    assert case.decide().json["number"] == f"400.12.2.1/{before + 123:03d}/KEL-BS/VIII/2026"
    said = desk.call("GET", OFFICE, "officer").json
    assert said["last"] == before + 123
    assert (said["starts"][-1]["before"], said["starts"][-1]["last"]) == (before, before + 122)
    assert said["starts"][-1]["set_by"] == "lurah-1"
    assert said in desk.call("GET", SERIES, "officer").json["items"]


def test_the_last_number_only_goes_up(desk: InProcess) -> None:
    n = take(desk)["n"]
    refused = desk.call("PUT", OFFICE, "lurah", json={"last": n - 1})
    assert refused.status_code == 409 and slug(refused) == "register-goes-up-only" and refused.json["last"] == n
    said = desk.call("GET", OFFICE, "officer").json["starts"]
    assert desk.call("PUT", OFFICE, "lurah", json={"last": n}).status_code == 200
    assert desk.call("GET", OFFICE, "officer").json["starts"] == said, "what is so already is no news"
    assert take(desk)["n"] == n + 1


def test_only_the_present_year_goes_on_from_paper(desk: InProcess) -> None:
    for year in (2025, 2027):
        refused = desk.call("PUT", f"/v1/registers/{year}/series/office", "lurah", json={"last": 7})
        assert refused.status_code == 409 and slug(refused) == "register-year-not-open"
        assert refused.json["open_year"] == 2026
    assert last_of(desk, "/v1/registers/2025/series/office") == 0


def test_who_says_how_far_the_paper_book_has_come(desk: InProcess) -> None:
    n = last_of(desk)
    for role in ("officer", "applicant", "rt_head"):
        assert desk.call("PUT", OFFICE, role, json={"last": n}).status_code == 403
    assert desk.call("PUT", OFFICE, json={"last": n}).status_code == 401
    for body in ({}, {"last": -1}, {"last": "12"}, {"last": n, "why": "x"}, {"last": 10**9}):
        assert desk.call("PUT", OFFICE, "lurah", json=body).status_code == 422
    stale = desk.call("PUT", OFFICE, "lurah", json={"last": n + 1}, headers={"If-Match": f'"{n + 5}"'})
    assert stale.status_code == 412
    fresh = desk.call("PUT", OFFICE, "administrator", json={"last": n + 1}, headers={"If-Match": f'"{n}"'})
    assert fresh.status_code == 200 and fresh.json["last"] == n + 1


def test_only_series_of_the_office_go_on_from_paper(desk: InProcess) -> None:
    for unknown in ("n1", "400.12.2.1", "RT%20005/099", "RT%205/23", "x"):
        assert desk.call("PUT", f"{SERIES}/{unknown}", "lurah", json={"last": 3}).status_code == 404, unknown
    place = {"neighbourhood_id": str(new_id()), "kelurahan": "16.71.10.1001", "rw": "005", "rt": "024", "headed": True}
    desk.feed("neighbourhood.changed", place, subject=place["neighbourhood_id"])
    answer = desk.call("PUT", f"{SERIES}/RT%20005%2F024", "lurah", json={"last": 3})
    assert answer.status_code == 200 and answer.json["series"] == "RT 005/024"
    case = Case(desk)
    introduction = new_id()
    story.grant(desk, introduction_id=introduction, application_id=case.id, rt="024")
    desk.work()
    [line] = book(desk, "series=RT 005/024")
    assert line["number"] == "004/RT.024/RW.005/VIII/2026"


def test_a_letter_made_elsewhere_takes_the_next_number_of_the_same_book(desk: InProcess) -> None:
    before = last_of(desk)
    taken = take(desk)
    assert (taken["n"], taken["number"]) == (before + 1, f"005/{before + 1:03d}/KEL-BS/VIII/2026")
    assert (taken["dated"], taken["state"], taken["taken_by"]) == ("2026-08-14", "elsewhere", "officer-1")
    letter = Case(desk).issued().letter()
    [ours] = book(desk, f"number={before + 2}&series=office")
    assert (ours["letter_id"], ours["outside_id"]) == (letter["id"], None)
    assert (ours["addressee"], ours["subject"]) == ("Rohana", "Surat Pengantar Kartu Keluarga")
    [line] = book(desk, f"number={taken['number']}")
    assert (line["letter_id"], line["outside_id"], line["state"]) == (None, taken["id"], "elsewhere")
    assert (line["addressee"], line["subject"]) == (INVITATION["addressee"], INVITATION["subject"])
    shown = desk.call("GET", f"{NUMBERS}/{taken['id']}", "lurah")
    assert shown.json == taken and shown.headers["ETag"] == '"1"'


def test_the_same_request_takes_one_number(desk: InProcess) -> None:
    key = {"Idempotency-Key": str(new_id())}
    first, again = (desk.call("POST", NUMBERS, "officer", json=INVITATION, headers=key) for _ in range(2))
    assert first.json == again.json and again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["Location"] == f"{NUMBERS}/{first.json['id']}"
    assert last_of(desk) == first.json["n"]


def test_whom_a_letter_elsewhere_is_for_is_kept_sealed(desk: InProcess) -> None:
    taken = take(desk, addressee="Kemas Burhanuddin Rahasia", subject="Perkara Rahasia")
    rows = desk.rows(
        "SELECT o::text AS it, r::text AS line, p.sealed FROM outside_letter o JOIN people p ON p.id = o.person_id"
        " JOIN register_line r ON r.outside_id = o.id WHERE o.id = %s",
        [taken["id"]],
    )
    assert len(rows) == 1 and not any("Rahasia" in value for value in rows[0].values())


@pytest.mark.parametrize(
    "changed",
    [
        {"dated": "2026-08-13"}, {"dated": "2026-08-15"}, {"kind": " "}, {"addressee": ""}, {"subject": "x\u202ey"},
        {"classification": None}, {"surprise": 1},
    ],
)  # fmt: skip
def test_a_letter_elsewhere_that_cannot_be_takes_no_number(desk: InProcess, changed: dict[str, Any]) -> None:
    before = last_of(desk)
    assert desk.call("POST", NUMBERS, "officer", json=INVITATION | changed).status_code == 422
    assert last_of(desk) == before
    assert take(desk, dated="2026-08-14")["n"] == before + 1


def test_who_takes_a_number(desk: InProcess) -> None:
    assert desk.call("POST", NUMBERS, json=INVITATION).status_code == 401
    for role in ("applicant", "rt_head", "administrator"):
        assert desk.call("POST", NUMBERS, role, json=INVITATION).status_code == 403
    taken = take(desk)
    kalidoni = {"tenant": "16.71.10.1002"}
    assert desk.call("GET", f"{NUMBERS}/{taken['id']}", "officer", who=kalidoni).status_code == 404
    void = f"{NUMBERS}/{taken['id']}/void"
    assert desk.call("POST", void, "officer", who=kalidoni, json={"reason": "x"}).status_code == 404
    assert desk.call("GET", f"{NUMBERS}/{taken['id']}", "officer").json["state"] == "elsewhere"


def test_a_number_taken_for_elsewhere_is_voided_for_all_to_see_and_never_used_again(desk: InProcess) -> None:
    taken = take(desk)
    address = f"{NUMBERS}/{taken['id']}/void"
    assert desk.call("POST", address, "officer", json={}).status_code == 422
    assert desk.call("POST", address, "officer", json={"reason": "x"}, headers={"If-Match": '"7"'}).status_code == 412
    void = desk.call("POST", address, "officer", json={"reason": "Undangan batal dikirim"})
    assert void.status_code == 200 and void.json["state"] == "void" and void.json["version"] == 2
    again = desk.call("POST", address, "officer", json={"reason": "x"})
    assert again.status_code == 409 and slug(again) == "nothing-to-void"
    assert take(desk)["n"] == taken["n"] + 1
    [line] = book(desk, f"series=office&number={taken['n']}")
    assert (line["state"], line["voided_by"], line["void_reason"]) == ("void", "officer-1", "Undangan batal dikirim")
    assert line in book(desk, "state=void")


def test_the_newest_letter_void_and_issued_again_takes_the_next_number(desk: InProcess) -> None:
    case = Case(desk).issued()
    first = case.letter()
    void = desk.call("POST", f"/v1/letters/{first['id']}/void", "lurah", json={"reason": "Salah nama"})
    assert void.status_code == 200
    desk.work()
    assert case.decide().status_code == 200
    desk.work()
    second = case.letter()
    lines = book(desk, "series=office")[-2:]
    assert [(line["letter_id"], line["state"]) for line in lines] == [(first["id"], "void"), (second["id"], "issued")]
    assert lines[1]["n"] == lines[0]["n"] + 1 and lines[0]["void_reason"] == "Salah nama"


def test_the_book_is_searched(desk: InProcess) -> None:
    taken = take(desk, kind="Surat tugas", classification="094")
    other = take(desk)
    assert [line["n"] for line in book(desk, "kind=Surat tugas")][-1] == taken["n"]
    assert [line["n"] for line in book(desk, "series=office&number=094/")][-1] == taken["n"]
    assert [line["n"] for line in book(desk, f"number={taken['number'].lower()}")] == [taken["n"]]
    assert [line["n"] for line in book(desk, f"series=office&number={other['n']}")] == [other["n"]]
    assert book(desk, "number=%25") == [] and book(desk, "number=99999999999999") == []
    dated = book(desk, "from=2026-08-14&to=2026-08-14")
    assert dated == book(desk) == book(desk, "month=8")
    assert book(desk, "from=2026-08-15") == book(desk, "to=2026-08-13") == book(desk, "month=7") == []
    assert {line["state"] for line in book(desk, "state=elsewhere")} == {"elsewhere"}
    for query in ("state=drafted", "month=13", "from=x", "surprise=1"):
        assert desk.call("GET", f"/v1/registers/2026?{query}", "officer").status_code == 422


def test_pages_of_the_book_miss_nothing(desk: InProcess) -> None:
    for _ in range(3):
        take(desk)
    seen: list[dict[str, Any]] = []
    address = "/v1/registers/2026?limit=2&state=elsewhere"
    page = desk.call("GET", address, "officer").json
    while page["next_cursor"]:
        seen += page["items"]
        page = desk.call("GET", f"{address}&cursor={page['next_cursor']}", "officer").json
    assert seen + page["items"] == book(desk, "state=elsewhere")


def test_the_book_as_a_table_computes_nothing(desk: InProcess) -> None:
    take(desk, addressee='=HYPERLINK("http://x")', subject="+62 \u2013 =1+1")
    take(desk, addressee="\t@SUM(A1)", subject='Kata "dua", dan\nbaris')
    answer = desk.call("GET", "/v1/registers/2026/csv?series=office", "officer")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = list(csv.DictReader(io.StringIO(answer.text))), None
    rows = head
    assert [int(row["urut"]) for row in rows] == [line["n"] for line in book(desk, "series=office")]
    assert rows[-2]["kepada"] == """'=HYPERLINK("http://x")""" and rows[-2]["perihal"].startswith("'+62")
    assert rows[-1]["kepada"] == "'@SUM(A1)" and rows[-1]["perihal"] == 'Kata "dua", dan baris'
    assert rows[-1]["diambil_pada"] == "2026-08-14T09:00:00+07:00"
    assert desk.call("GET", "/v1/registers/2026/csv", "applicant").status_code == 403
    assert desk.call("GET", "/v1/registers/2026/csv?surprise=1", "officer").status_code == 422


def test_the_table_goes_on_past_its_batches(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.usecases.book._BATCH", 2)
    for _ in range(3):
        take(desk)
    answer = desk.call("GET", "/v1/registers/2026/csv", "officer")
    assert len(list(csv.DictReader(io.StringIO(answer.text)))) == len(book(desk))


def test_the_printed_book_strikes_what_is_void_and_says_who_when_and_why(desk: InProcess) -> None:
    n = last_of(desk)
    desk.call("PUT", OFFICE, "lurah", json={"last": n + 10})
    taken = take(desk)
    reason = {"reason": "Undangan tidak jadi"}
    assert desk.call("POST", f"{NUMBERS}/{taken['id']}/void", "officer", json=reason).status_code == 200
    answer = desk.call("GET", "/v1/registers/2026/pdf?month=8&series=office", "officer")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf", answer.text
    said = text_of(answer.data)
    assert "BULANAGUSTUS2026" in said.upper() and "KELURAHANBUKITSANGKAL" in said.upper()
    assert f"Nomor{n + 1}–{n + 10}padabukukertas" in said
    assert taken["number"] in said and "NyimasHalimah" in said
    assert "BATAL14Agustus2026pukul09.00WIBolehofficer-1:Undangantidakjadi" in said
    empty = desk.call("GET", "/v1/registers/2026/pdf?month=7", "officer")
    assert empty.status_code == 200 and "Tidakadanomor" in text_of(empty.data)


def test_a_printed_book_has_a_most(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        take(desk)
    monkeypatch.setattr("documents.domain.book.MOST_PRINTED", 2)
    refused = desk.call("GET", "/v1/registers/2026/pdf", "officer")
    assert refused.status_code == 422 and slug(refused) == "register-too-long" and refused.json["most"] == 2
    assert desk.call("GET", f"/v1/registers/2026/pdf?number={last_of(desk)}", "officer").status_code == 200


def test_lines_that_fill_too_many_pages_are_too_many_as_well(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    n = take(desk)["n"]
    read = usecase.page
    long = {"addressee": "Panitia " * 15, "subject": "Undangan rapat " * 13}
    monkeypatch.setattr(usecase, "page", lambda *given: [read(*given)[0] | long] * 900)
    refused = desk.call("GET", f"/v1/registers/2026/pdf?number={n}&series=office", "officer")
    assert refused.status_code == 422 and slug(refused) == "register-too-long"


def test_a_text_that_no_font_prints_is_named_and_stops_no_book(desk: InProcess) -> None:
    taken = take(desk, addressee="Panitia \U0001f33a Kembang")
    answer = desk.call("GET", f"/v1/registers/2026/pdf?number={taken['n']}&series=office", "officer")
    assert answer.status_code == 200 and "Panitia[U+1F33A]Kembang" in text_of(answer.data)


BEFORE = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
AFTER = datetime(2026, 12, 31, 17, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tenant", "zone", "at_first", "then"),
    [
        ("16.71.10.1003", "Asia/Jakarta", ("XII", 2026, "2026-12-31"), ("I", 2027, "2027-01-01")),
        ("91.71.01.1001", "Asia/Jayapura", ("I", 2027, "2027-01-01"), ("I", 2027, "2027-01-01")),
    ],
)
def test_the_year_turns_in_the_offices_zone_and_the_count_begins_again_once(
    desk: InProcess, clock: Any, tenant: str, zone: str, at_first: tuple[str, int, str], then: tuple[str, int, str]
) -> None:
    story.office(desk, tenant, zone=zone)
    story.catalogue(desk, tenant)
    cases = [Case(desk, code, tenant=tenant).verified() for code in ("KK", "KTP", "SITU")]
    clock.at = datetime(2026, 12, 31, 14, 0, tzinfo=UTC)  # 23.00 WIT, 21.00 WIB: the old year everywhere
    assert cases[0].decide().json["number"] == "400.12.2.1/001/KEL-BS/XII/2026"
    clock.at = BEFORE
    first = cases[1].decide().json
    clock.at = AFTER
    second = cases[2].decide().json
    restarts = at_first[1] == 2027
    for letter, (roman, year, day), n in (
        (first, at_first, 1 if restarts else 2),
        (second, then, 2 if restarts else 1),
    ):
        assert letter["number"].split("/", 1)[1] == f"{n:03d}/KEL-BS/{roman}/{year}"
        assert letter["dated"] == day
    desk.work()
    staff = {"tenant": tenant}
    counted = {
        year: [line["n"] for line in desk.call("GET", f"/v1/registers/{year}", "officer", who=staff).json["items"]]
        for year in (2026, 2027)
    }
    assert counted == ({2026: [1], 2027: [1, 2]} if restarts else {2026: [1, 2], 2027: [1]})


def test_a_closed_year_takes_nothing_but_voids(desk: InProcess, clock: Any) -> None:
    tenant = {"tenant": "16.71.10.1004"}
    story.office(desk, tenant["tenant"])
    story.catalogue(desk, tenant["tenant"])
    clock.at = BEFORE
    outside = desk.call("POST", NUMBERS, "officer", who=tenant, json=INVITATION).json
    case = Case(desk, tenant=tenant["tenant"]).issued()
    introduction = new_id()
    late = {"introduction_id": introduction, "application_id": None, "kelurahan": tenant["tenant"]}
    data_of_old_year = clock.at.isoformat()
    clock.at = AFTER
    for body in (INVITATION | {"dated": "2026-12-31"},):
        assert desk.call("POST", NUMBERS, "officer", who=tenant, json=body).status_code == 422
    assert desk.call("PUT", OFFICE, "lurah", who=tenant, json={"last": 50}).status_code == 409
    new = desk.call("POST", NUMBERS, "officer", who=tenant, json=INVITATION).json
    assert new["number"] == "005/001/KEL-BS/I/2027"
    grant_late(desk, late, data_of_old_year)
    letter = case.letter()
    assert desk.call("POST", f"/v1/letters/{letter['id']}/void", "lurah", who=tenant, json={"reason": "x"}).json
    address = f"{NUMBERS}/{outside['id']}/void"
    assert desk.call("POST", address, "officer", who=tenant, json={"reason": "y"}).status_code == 200
    old = desk.call("GET", "/v1/registers/2026", "officer", who=tenant).json["items"]
    assert [(line["n"], line["state"], line["voided_at"][:10]) for line in old] == [
        (1, "void", "2026-12-31"),
        (2, "void", "2026-12-31"),
    ]
    rt = desk.call("GET", "/v1/registers/2027?series=RT 005/023", "officer", who=tenant).json["items"]
    assert [(line["number"], line["dated"]) for line in rt] == [("001/RT.023/RW.005/I/2027", "2027-01-01")]


def grant_late(desk: InProcess, what: dict[str, Any], granted_at: str) -> None:
    """An RT head's letter of the old year of which we hear in the new one."""
    data = {
        "introduction_id": str(what["introduction_id"]), "application_id": None, "kelurahan": what["kelurahan"],
        "rw": "005", "rt": "023", "service": "KK", "purpose": "Pengurusan Kartu Keluarga", "granted_at": granted_at,
        "valid_until": "2027-01-31", "officeholder_id": str(new_id()), "acting_as": "rt_head", "owner": "applicant-1",
        "person": {"applicant": story.ROHANA, "contact": story.CONTACT, "rt_head": {"name": "Marzuki HS"}},
    }  # fmt: skip
    desk.feed("introduction.granted", data, subject=what["introduction_id"], tenant=what["kelurahan"])
    desk.work()


def test_each_kind_its_own_series_and_format(desk: InProcess) -> None:
    tenant = "16.71.10.1005"
    registers = {
        "code": "KEL-BS",
        "series": "kind",
        "number_format": "{jenis}/{nomor:03d}/{tahun}",
        "marks": {"kk_introduction": "S-36", "Surat tugas": "ST"},
        "formats": {"business_place": "B/{nomor:03d}/{klasifikasi}/{bulan_romawi}/{tahun}"},
    }
    story.office(desk, tenant, registers=registers)
    story.catalogue(desk, tenant)
    cases = [Case(desk, code, tenant=tenant).verified() for code in ("KK", "SITU", "KTP", "KK")]
    numbers = [case.decide().json["number"] for case in cases]
    assert numbers == ["S-36/001/2026", "B/001/500.2.2.4/VIII/2026", "KTP-INTRODUCTION/001/2026", "S-36/002/2026"]
    who = {"tenant": tenant}
    for kind, number in (("Surat tugas", "ST/001/2026"), ("Lain-lain", "UM/001/2026"), ("n1", "N1/001/2026")):
        body = {"kind": kind, "addressee": "x", "subject": "y"}
        assert desk.call("POST", NUMBERS, "officer", who=who, json=body).json["number"] == number
    assert desk.call("PUT", f"{SERIES}/kk_introduction", "lurah", who=who, json={"last": 40}).status_code == 200
    assert desk.call("PUT", f"{SERIES}/nothing", "lurah", who=who, json={"last": 40}).status_code == 404


def test_two_series_that_would_write_one_number_are_refused_and_leave_no_hole(desk: InProcess) -> None:
    """Intake takes no such format; an office that changed its series within the year may still come to it."""
    tenant = "16.71.10.1006"
    who = {"tenant": tenant}
    plain = {"code": "KEL-BS", "number_format": "{nomor:03d}/{tahun}"}
    story.office(desk, tenant, registers=plain)
    body = {"kind": "n1", "addressee": "x", "subject": "y"}
    assert desk.call("POST", NUMBERS, "officer", who=who, json=body).json["number"] == "001/2026"
    story.office(desk, tenant, registers=plain | {"series": "kind"})
    refused = desk.call("POST", NUMBERS, "officer", who=who, json=body)
    assert refused.status_code == 409 and slug(refused) == "number-taken" and refused.json["number"] == "001/2026"
    assert desk.call("GET", f"{SERIES}/n1", "officer", who=who).json["last"] == 0
    assert desk.call("PUT", f"{SERIES}/n1", "lurah", who=who, json={"last": 1}).status_code == 200
    assert desk.call("POST", NUMBERS, "officer", who=who, json=body).json["number"] == "002/2026"
