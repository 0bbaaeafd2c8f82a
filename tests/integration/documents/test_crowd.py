"""Many officers at once: numbers are consecutive, each letter has one, each is one letter's, gaps are visible voids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest

from kit.db import EVERY_TENANT
from kit.ids import new_id
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess

OFFICERS = 50
HASH = "0" * 64
KINDS = ("kk_introduction", "ktp_introduction", "n1", "business_place")
INVITATION = {"kind": "Surat undangan", "classification": "005", "addressee": "Ketua RT", "subject": "Rapat"}


@dataclass
class Asked:
    """What one officer asked for, and was answered."""

    what: str
    status: int
    number: str | None
    id: str


def drafted(desk: InProcess, tenant: str, many: int) -> list[str]:
    """Letters of four kinds that wait for the lurah. One is drafted as ever, the others with its data: what a draft
    looks like is not the question here."""
    one = Case(desk, "KK", tenant=tenant).verified()
    person = desk.rows("SELECT person_id FROM letter WHERE id = %s", [one.letter()["id"]])[0]["person_id"]
    for i in range(many - 1):
        Case(desk, tuple(story.SOPS)[i % 4], tenant=tenant).verified(work=False)
    with desk.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute(
            "UPDATE letter SET status = 'drafted', preview_sha256 = %s, person_id = %s, incomplete = '{}'"
            " WHERE kelurahan = %s AND NOT form",
            [HASH, person, tenant],
        )
        tx.execute("DELETE FROM job")
    rows = desk.rows("SELECT id FROM letter WHERE kelurahan = %s AND NOT form ORDER BY id", [tenant])
    return [str(row["id"]) for row in rows]


def office(desk: InProcess, tenant: str, **registers: Any) -> None:
    story.office(desk, tenant, registers=story.OFFICE["registers"] | registers)
    story.catalogue(desk, tenant)


class Officer:
    """Signs, repeats himself, errs, takes numbers for letters elsewhere, and voids, as it comes."""

    def __init__(self, desk: InProcess, tenant: str) -> None:
        self.desk, self.tenant = desk, tenant

    def work(self, letters: list[str]) -> list[Asked]:
        return [done for place, letter in enumerate(letters) for done in self._one(place, letter)]

    def _post(self, path: str, role: str, body: dict[str, Any], key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.desk.call("POST", path, role, who={"tenant": self.tenant}, json=body, headers=headers)

    def _one(self, place: int, letter: str) -> Iterable[Asked]:
        decision = f"/v1/letters/{letter}/decision"
        if place % 7 == 3:  # names a draft that is not the one
            wrong = {"decision": "issue", "preview_sha256": "f" * 64}
            assert self._post(decision, "lurah", wrong).status_code == 409
        body, key = {"decision": "issue", "preview_sha256": HASH}, str(new_id())
        answer = self._post(decision, "lurah", body, key)
        yield Asked("letter", answer.status_code, answer.json.get("number"), letter)
        if place % 5 == 1:  # the answer was lost on its way
            again = self._post(decision, "lurah", body, key)
            assert (again.status_code, again.json) == (answer.status_code, answer.json)
        if place % 4 == 0:
            taken = self._post("/v1/registers/numbers", "officer", INVITATION, str(new_id()))
            yield Asked("elsewhere", taken.status_code, taken.json.get("number"), taken.json.get("id", ""))
        if place % 10 == 9:
            assert self._post(f"/v1/letters/{letter}/void", "lurah", {"reason": "Salah"}).status_code == 200


def crowd(desk: InProcess, tenant: str, letters: list[str], officers: int = OFFICERS) -> list[Asked]:
    start = Barrier(officers)

    def work(mine: list[str]) -> list[Asked]:
        start.wait()
        return Officer(desk, tenant).work(mine)

    shares = [letters[i::officers] for i in range(officers)]
    with ThreadPoolExecutor(officers) as pool:
        asked = [one for part in pool.map(work, shares) for one in part]
    with desk.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("DELETE FROM job")  # their PDFs are not the question either
    return asked


def book(desk: InProcess, tenant: str) -> list[dict[str, Any]]:
    """All lines, as an officer pages through them."""
    lines, cursor = [], ""
    while True:
        answer = desk.call("GET", f"/v1/registers/2026?limit=200{cursor}", "officer", who={"tenant": tenant}).json
        lines += answer["items"]
        if answer["next_cursor"] is None:
            return lines
        cursor = f"&cursor={answer['next_cursor']}"


def check(desk: InProcess, tenant: str, letters: list[str], asked: list[Asked]) -> list[dict[str, Any]]:
    """The rule of the book."""
    assert Counter(one.status for one in asked if one.what == "letter") == {200: len(letters)}
    assert {one.status for one in asked if one.what == "elsewhere"} == {201}
    lines = book(desk, tenant)
    series = {line["series"] for line in lines}
    for name in series:
        mine = [line["n"] for line in lines if line["series"] == name]
        assert mine == list(range(1, len(mine) + 1)), f"{name}: consecutive, without a hole or a double"
    assert {line["number"]: line["letter_id"] or line["outside_id"] for line in lines} == {
        one.number: one.id for one in asked
    }, "each number is the one that its letter was told"
    assert len({line["number"] for line in lines}) == len(lines) == len(asked)
    voids = {
        str(row["id"]) for row in desk.rows("SELECT id FROM letter WHERE status = 'void' AND kelurahan = %s", [tenant])
    }
    assert {line["letter_id"] for line in lines if line["state"] == "void"} == voids != set()
    assert all(
        line["void_reason"] and line["voided_by"] and line["voided_at"] for line in lines if line["state"] == "void"
    )
    return lines


def test_a_thousand_letters_of_fifty_officers_make_one_book_without_a_hole(desk: InProcess) -> None:
    tenant = "16.71.10.1007"
    office(desk, tenant)
    letters = drafted(desk, tenant, 1000)
    lines = check(desk, tenant, letters, crowd(desk, tenant, letters))
    assert {line["kind"] for line in lines} == {*KINDS, INVITATION["kind"]}
    [register] = desk.call("GET", "/v1/registers/2026/series", "officer", who={"tenant": tenant}).json["items"]
    assert register["last"] == len(lines)


@pytest.mark.parametrize("series", ["kind", "classification"])
def test_each_series_of_an_office_is_without_a_hole(desk: InProcess, series: str) -> None:
    tenant = f"16.71.10.10{len(series):02d}"
    office(desk, tenant, series=series, number_format="{jenis}/{klasifikasi}/{nomor}/{tahun}")
    letters = drafted(desk, tenant, 120)
    lines = check(desk, tenant, letters, crowd(desk, tenant, letters, 8))
    expected = {*KINDS, "office"} if series == "kind" else {"400.12.2.1", "400.12.3.2", "500.2.2.4", "005"}
    assert {line["series"] for line in lines} == expected
