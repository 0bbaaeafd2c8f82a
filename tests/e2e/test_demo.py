"""The whole system on real parts: four cases from photos to letters."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import requests

from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.token import token_for
from documents import offline
from tests.support.canaries import assert_nothing_personal, canaries, leaks
from tests.support.outcome import assert_all_is_well


def test_every_case_ends_completed_and_nothing_is_lost_or_twice(stack: Stack, cases: list[dict[str, Any]]) -> None:
    assert [(case["service"], case["status"]) for case in cases] == [
        (service, "completed") for service in ("KTP", "KK", "NIKAH", "SITU")
    ]
    assert_all_is_well(stack, cases)


def test_the_days_are_friday_tuesday_and_wednesday_with_the_holiday_between(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        at = [datetime.fromisoformat(entry["at"]) for entry in case["timeline"]]
        assert at == sorted(at)
        assert {moment.utcoffset() for moment in at} == {datetime.fromisoformat("2026-08-14T07:00+07:00").utcoffset()}
        assert {moment.date() for moment in at} == {date(2026, 8, 14), date(2026, 8, 18), date(2026, 8, 19)}


def test_the_introductions_number_names_rt_and_rw(cases: list[dict[str, Any]]) -> None:
    introductions = [
        letter["number"] for case in cases for letter in case["letters"] if letter["kind"] == "introduction"
    ]
    assert introductions == [f"{number:03d}/RT.023/RW.005/VIII/2026" for number in range(1, 5)]


def test_everything_of_a_case_is_one_pdf_with_a_page_for_each_scan_and_letter(
    stack: Stack, cases: list[dict[str, Any]]
) -> None:
    officer = Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "officer"))
    found = {one["tracking_code"]: one["id"] for one in officer.get("/v1/applications", status="completed")["items"]}
    for case in cases:
        files = officer.get(f"/v1/applications/{found[case['tracking_code']]}")["files"]
        bundle = officer.post("/v1/bundles", {"application_id": found[case["tracking_code"]]})
        where = f"/v1/bundles/{bundle['id']}"
        made = wait_for(lambda: _made(officer, where), "the bundle")  # noqa: B023
        document = pypdfium2.PdfDocument(officer.download(f"{where}/content"))
        assert len(document) == made["pages"] >= 1 + len(files) + len(case["letters"]) + len(case["forms"])
        cover = document[0].get_textpage().get_text_range()
        assert case["tracking_code"] in cover and "Tidak dapat dicetak" not in cover


def _made(officer: Person, where: str) -> dict[str, Any] | None:
    found: dict[str, Any] = officer.get(where)
    return None if found["status"] == "making" else found


def test_every_letter_is_a_file_whose_hash_its_check_tells(cases: list[dict[str, Any]]) -> None:
    letters = [letter for case in cases for letter in case["letters"]]
    assert len(letters) == 8
    for letter in letters:
        content = Path(letter["file"]).read_bytes()
        assert content.startswith(b"%PDF-")
        assert letter["check"] == "valid"
        assert letter["check_sha256"] == hashlib.sha256(content).hexdigest()


def test_a_signed_letter_proves_itself_without_us_and_a_changed_one_does_not(
    stack: Stack, cases: list[dict[str, Any]]
) -> None:
    key = stack.token_key_file.read_text("ascii")
    lurah = Person(stack.base_url, token_for(key, "lurah", sub="lurah:bukit-sangkal"))
    certificate = lurah.get("/v1/signatures/certificate")["pem"].encode()
    office = [letter for case in cases for letter in case["letters"] if letter["kind"] != "introduction"]
    found = {letter["kind"]: offline.check(Path(letter["file"]).read_bytes(), certificate) for letter in office}
    assert {kind: one.verdict for kind, one in found.items()} == {
        "kk_introduction": "valid", "n1": "valid", "business_place": "valid", "ktp_introduction": "unsigned",
    }  # fmt: skip
    signed = Path(next(letter["file"] for letter in office if letter["kind"] == "n1")).read_bytes()
    middle = len(signed) // 2
    changed = signed[:middle] + bytes([signed[middle] ^ 1]) + signed[middle + 1 :]
    assert offline.check(changed, certificate).verdict == "changed"


def test_a_stranger_who_sends_a_letter_learns_whether_it_is_ours(stack: Stack, cases: list[dict[str, Any]]) -> None:
    url = f"{stack.base_url}/v1/checks"
    for letter in (letter for case in cases for letter in case["letters"]):
        content = Path(letter["file"]).read_bytes()
        answer = requests.post(url, files={"file": content}, timeout=30).json()
        assert (answer["result"], answer["letter"]["number"]) == ("genuine", letter["number"])
    answer = requests.post(url, files={"file": content + b"% more"}, timeout=30).json()
    assert answer["result"] == "changed"


@pytest.mark.parametrize("text", ["nik 1671105204550003 x", "cek mat", "to +62 812 71000072", "to 6281271000072"])
def test_what_is_looked_for_in_logs_would_be_found(text: str) -> None:
    assert leaks(text.replace("812 7", "8127"))
    assert {"Hj. Masayu Fatimah", "1671104203660006", "1671101204080017"} <= canaries()


def test_nothing_personal_is_in_a_log_or_in_the_clear_part_of_an_event(
    stack: Stack, cases: list[dict[str, Any]]
) -> None:
    assert_nothing_personal(stack, cases)


def test_requests_at_once_through_the_gateway_are_all_answered(stack: Stack) -> None:
    url = f"{stack.base_url}/v1/services?kelurahan=16.71.10.1001"
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: requests.get(url, timeout=10).status_code, range(100)))
    assert set(statuses) == {200}


def test_what_no_service_serves_is_a_problem_document_of_the_gateway(stack: Stack) -> None:
    answer = requests.get(f"{stack.base_url}/metrics", timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
