"""Letters of the office for trying say that they are not valid: on paper, to whoever checks one, and to archives."""

from __future__ import annotations

import pytest

from contracts.sandbox import CODE
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.unit.documents.pdf import text_of


@pytest.fixture(scope="module")
def made_up(desk: InProcess) -> Case:
    story.office(desk, CODE, name="CONTOH", made_up=["all"])
    story.catalogue(desk, CODE)
    return Case(desk, tenant=CODE).issued()


@pytest.fixture(scope="module")
def real(desk: InProcess) -> Case:
    return Case(desk).issued()


def printed(desk: InProcess, case: Case) -> str:
    answer = desk.call("GET", f"/v1/letters/{case.letter()['id']}/content", "officer", who=case.staff)
    assert answer.status_code == 200, answer.text
    return text_of(answer.data)


def test_across_the_page_stands_that_it_is_not_valid(desk: InProcess, made_up: Case, real: Case) -> None:
    assert "CONTOH" in printed(desk, made_up) and "TIDAKBERLAKU" in printed(desk, made_up)
    assert "TIDAKBERLAKU" not in printed(desk, real)


def test_whoever_checks_it_is_told_so(desk: InProcess, made_up: Case, real: Case) -> None:
    def checked(case: Case, **headers: str) -> object:
        token = case.letter()["check_url"].rpartition("/")[2]
        return desk.call("GET", f"/periksa/{token}", headers=headers)

    answer = checked(made_up)
    assert answer.json["result"] == "trial" and "TIDAK BERLAKU" in answer.json["statement"]  # type: ignore[attr-defined]
    assert checked(real).json["result"] == "valid"  # type: ignore[attr-defined]
    page = checked(made_up, Accept="text/html").text  # type: ignore[attr-defined]
    assert "Contoh, tidak berlaku" in page and ">Berlaku<" not in page


def test_no_archive_takes_it_for_a_valid_one(desk: InProcess, made_up: Case, real: Case) -> None:
    def found(case: Case) -> dict[str, object]:
        asked = {"number": case.letter()["number"], "year": 2026, "kelurahan": case.tenant}
        answer = desk.call("GET", "/v1/letters/by-number", "letters.read", who=case.staff, query_string=asked)
        return dict(answer.json["items"][0])

    assert found(made_up)["valid"] is False and found(real)["valid"] is True
