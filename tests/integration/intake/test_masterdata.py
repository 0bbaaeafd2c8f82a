"""Offices and calendars that the city sends, as one document, as often as it likes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from intake.offices import shipped_office
from intake.usecases import offices
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

CITY = {"tenant": "16.71"}
_numbers = itertools.count(1001)
DUKU: dict[str, Any] = {
    "name": "Duku", "kecamatan": "Ilir Timur Tiga", "kota": "Palembang", "province": "Sumatera Selatan",
    "zone": "Asia/Jakarta", "address": {"postal_code": "30111"},
}  # fmt: skip
DAY = {"date": "2026-06-17", "name": "Hari jadi kota", "cuti_bersama": False}


@pytest.fixture(autouse=True)
def as_it_was(intake: InProcess) -> Iterator[None]:
    yield
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        offices.put_office(intake.deps, tx, dict(shipped_office(BUKIT_SANGKAL)))


@pytest.fixture
def duku() -> dict[str, Any]:
    """An office that nobody knows yet."""
    return DUKU | {"code": f"16.71.18.{next(_numbers)}"}


def send(intake: InProcess, *sent: dict[str, Any], query: str = "", role: str = "masterdata.write") -> Any:
    answer = intake.call("PUT", f"/v1/masterdata{query}", role, who=CITY, json={"offices": list(sent)})
    assert answer.status_code == 200, answer.json
    return answer.json


def shown(intake: InProcess, code: str) -> dict[str, Any]:
    return dict(intake.call("GET", f"/v1/offices/{code}").json)


def test_a_new_office_begins_with_what_its_names_make_of_it(intake: InProcess, duku: dict[str, Any]) -> None:
    assert send(intake, duku)["counts"] == {"added": 1, "changed": 0, "unchanged": 0, "wrong": 0}
    office = shown(intake, duku["code"])
    assert office["letterhead"]["lines"] == [
        "PEMERINTAH KOTA PALEMBANG", "KECAMATAN ILIR TIMUR TIGA", "KELURAHAN DUKU",
    ]  # fmt: skip
    assert office["made_up"] == ["address", "officials"]
    assert office["officials"] == []
    assert office["registers"]["code"] == "KEL-DUKU"
    services = intake.call("GET", f"/v1/services?kelurahan={duku['code']}").json["items"]
    assert [one["service"] for one in services] == ["KK", "KTP", "NIKAH", "SITU"]


def test_the_same_document_again_changes_nothing_and_tells_nobody(intake: InProcess, duku: dict[str, Any]) -> None:
    sent = [duku, {"code": BUKIT_SANGKAL, "calendar": {"holidays_added": [DAY]}}]
    assert [item["result"] for item in send(intake, *sent)["items"]] == ["added", "changed"]
    versions = [intake.call("GET", f"/v1/offices/{code}").headers["ETag"] for code in (duku["code"], BUKIT_SANGKAL)]
    told = len(intake.told("office.changed"))
    assert [item["result"] for item in send(intake, *sent, role="area_administrator")["items"]] == ["unchanged"] * 2
    assert len(intake.told("office.changed")) == told
    assert versions == [
        intake.call("GET", f"/v1/offices/{code}").headers["ETag"] for code in (duku["code"], BUKIT_SANGKAL)
    ]


def test_what_is_left_out_stays_as_it_was(intake: InProcess) -> None:
    before = shown(intake, BUKIT_SANGKAL)
    [item] = send(intake, {"code": BUKIT_SANGKAL, "calendar": {"holidays_added": [DAY]}})["items"]
    assert item == {"code": BUKIT_SANGKAL, "result": "changed", "changed": ["calendar"], "errors": {}}
    after = shown(intake, BUKIT_SANGKAL)
    assert after.pop("calendar") == before.pop("calendar") | {"holidays_added": [DAY]}
    assert after == before


def test_one_office_that_cannot_be_taken_is_named_and_the_others_are_taken(
    intake: InProcess, duku: dict[str, Any]
) -> None:
    backwards = {"name": "Libur", "first_day": "2026-08-20", "last_day": "2026-08-10"}
    nameless = {"code": "16.71.18.1999", "kota": "Palembang"}
    report = send(intake, {"code": BUKIT_SANGKAL, "calendar": {"closures": [backwards]}}, nameless, duku, duku)
    assert [item["result"] for item in report["items"]] == ["wrong", "wrong", "added", "wrong"]
    assert list(report["items"][0]["errors"]) == ["calendar.closures[0]"]
    assert set(report["items"][1]["errors"]) == {"name", "kecamatan", "province", "zone", "address.postal_code"}
    assert list(report["items"][3]["errors"]) == ["code"]
    assert report["counts"] == {"added": 1, "changed": 0, "unchanged": 0, "wrong": 3}
    assert send(intake, duku)["counts"]["unchanged"] == 1


def test_a_look_writes_nothing(intake: InProcess, duku: dict[str, Any]) -> None:
    report = send(intake, duku, query="?dry_run=true")
    assert (report["dry_run"], report["counts"]["added"]) == (True, 1)
    assert intake.call("GET", f"/v1/offices/{duku['code']}").status_code == 404


def test_an_office_of_another_city_is_not_found_and_nothing_is_done(intake: InProcess, duku: dict[str, Any]) -> None:
    sent = {"offices": [duku, duku | {"code": "16.72.01.1001"}]}
    answer = intake.call("PUT", "/v1/masterdata", "masterdata.write", who=CITY, json=sent)
    assert answer.status_code == 404
    assert intake.call("GET", f"/v1/offices/{duku['code']}").status_code == 404
    with intake.deps.db.transaction("*") as tx:
        assert tx.value("SELECT object FROM refused_access ORDER BY at DESC LIMIT 1") == "16.72.01.1001"


def test_a_mistake_in_the_shape_is_named_by_its_place_and_nothing_is_done(
    intake: InProcess, duku: dict[str, Any]
) -> None:
    sent = {"offices": [duku, {"code": BUKIT_SANGKAL, "calendar": {"holydays": []}, "zone": "Asia/Tokyo"}]}
    answer = intake.call("PUT", "/v1/masterdata", "masterdata.write", who=CITY, json=sent)
    assert answer.status_code == 422
    assert set(answer.json["errors"]["json"]["offices"]["1"]) == {"calendar", "zone"}
    assert intake.call("GET", f"/v1/offices/{duku['code']}").status_code == 404
