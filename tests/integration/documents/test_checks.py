"""What strangers learn from a letter's code: little, and the same about every code that is none."""

from __future__ import annotations

import pytest

from tests.integration.documents.story import Case
from tests.support.services import InProcess

UNKNOWN = "7K3MQ9X2VZ5TB8RDW4HC0N1PJS"


def anonymous(text: str) -> str:
    """The answer without what differs in every request."""
    return "\n".join(line for line in text.splitlines() if "instance" not in line)


@pytest.mark.parametrize("token", [UNKNOWN, "x", "%01", "a" * 500, "' OR 1=1 --", "⚠", "{token}"])
@pytest.mark.parametrize("path", ["/periksa/", "/v1/checks/"])
def test_all_unknown_codes_get_the_same_answer(desk: InProcess, path: str, token: str) -> None:
    answer = desk.call("GET", path + token)
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"
    assert answer.json["result"] == "unknown" and answer.json["type"] == "urn:problem:check-unknown"
    assert anonymous(answer.text) == anonymous(desk.call("GET", f"/v1/checks/{UNKNOWN}").text)


@pytest.mark.parametrize("path", ["/periksa/", "/v1/checks/"])
def test_a_nul_is_no_address_at_all(desk: InProcess, path: str) -> None:
    answer = desk.call("GET", f"{path}%00")
    assert answer.status_code == 404 and answer.json["type"] == "urn:problem:not-found"


def test_a_code_is_unknown_until_its_letter_is_issued(desk: InProcess) -> None:
    case = Case(desk).verified()
    assert case.decide().status_code == 200
    (row,) = desk.rows("SELECT token FROM letter WHERE id = %s", [case.letter()["id"]])
    path = f"/periksa/{row['token']}"
    before = desk.call("GET", path)
    assert before.status_code == 404
    assert anonymous(before.text) == anonymous(desk.call("GET", f"/periksa/{UNKNOWN}").text)
    desk.work()
    assert desk.call("GET", path).json["result"] == "valid"
    typed = f"{row['token'][:9]}-{row['token'][9:]}".lower()
    assert desk.call("GET", f"/periksa/{typed}").json["number"] == case.letter()["number"]


def test_the_check_shows_the_letter_and_no_name_in_full(desk: InProcess) -> None:
    case = Case(
        desk, applicant={"name": "Siti Maimunah binti H. Zainuddin", "nik": "1671106002830002"} | NAMED
    ).issued()
    letter = case.letter()
    answer = desk.call("GET", f"/v1/checks/{letter['check_url'].rsplit('/', 1)[1]}")
    told = answer.json
    assert told["name"] == "S*** M*** binti H*** Z***" and told["number"] == letter["number"]
    assert told["sha256"] == letter["sha256"] and told["signer"] == "Hj. Rusmala Dewi, S.Sos., M.Si."
    assert told["office"] == "Kelurahan Bukit Sangkal, Kecamatan Kalidoni, Kota Palembang"
    assert "Maimunah" not in answer.text and "167110" not in answer.text and "Sukabangun" not in answer.text


NAMED = {"birth_place": "Palembang", "birth_date": "1983-02-20", "sex": "P", "address": "Jalan Sukabangun Nomor 3"}


def test_letters_that_share_a_running_number_are_told_apart(desk: InProcess) -> None:
    first, second = Case(desk).issued().letter(), Case(desk, "SITU").issued().letter()
    for letter in (first, second):
        told = desk.call("GET", f"/v1/checks/{letter['check_url'].rsplit('/', 1)[1]}").json
        assert (told["kind"], told["number"]) == (letter["kind"], letter["number"])


def test_past_its_validity_the_check_says_so(desk: InProcess) -> None:
    letter = Case(desk).issued().letter()
    path = f"/v1/checks/{letter['check_url'].rsplit('/', 1)[1]}"
    fresh = desk.call("GET", path).json
    at = desk.clock.at
    try:
        desk.clock.at = at.replace(month=10)
        lapsed = desk.call("GET", path).json
    finally:
        desk.clock.at = at
    assert lapsed["valid_until"] == "2026-09-13" and "masa berlakunya sudah lewat" in lapsed["statement"]
    assert "berlaku" in fresh["statement"] and fresh["statement"] != lapsed["statement"]
