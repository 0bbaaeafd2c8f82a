"""Offices, calendar, catalogue and clock over HTTP, and what is loaded at the start."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.offices import shipped_office
from intake.usecases import offices, upkeep
from kit.db import EVERY_TENANT
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

ADDRESS = f"/v1/offices/{BUKIT_SANGKAL}"


def office(**more: Any) -> dict[str, Any]:
    return deepcopy(dict(shipped_office(BUKIT_SANGKAL))) | more


def test_the_shipped_office_is_loaded_once(intake: InProcess) -> None:
    upkeep.prepare(intake.deps)
    assert [e["subject"] for e in intake.told("office.changed")].count(BUKIT_SANGKAL) == 1
    response = intake.call("GET", ADDRESS)
    assert response.json == office()
    assert response.headers["ETag"] == '"1"'
    listed = intake.call("GET", "/v1/offices").json["items"]
    assert {"code": BUKIT_SANGKAL, "name": "Bukit Sangkal", "kecamatan": "Kalidoni", "kota": "Palembang"} in listed


def test_a_new_office_gets_the_catalogue(intake: InProcess) -> None:
    new = office(code=KALIDONI, name="Kalidoni")
    who = {"tenant": KALIDONI}
    response = intake.call("PUT", f"/v1/offices/{KALIDONI}", "administrator", who=who, json=new)
    assert response.status_code == 200, response.json
    assert response.json == new
    told = [event for event in intake.told("sop.published") if event["tenant"] == KALIDONI]
    assert sorted(event["data"]["service"] for event in told) == ["KK", "KTP", "NIKAH", "SITU"]
    services = intake.call("GET", f"/v1/services?kelurahan={KALIDONI}").json["items"]
    assert [service["service"] for service in services] == ["KK", "KTP", "NIKAH", "SITU"]


def test_the_name_and_clock_of_an_office_are_read_as_that_office_alone(
    intake: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, seen = intake.deps.db.transaction, []

    def transaction(tenant: str, *more: Any) -> Any:
        seen.append(tenant)
        return begin(tenant, *more)

    monkeypatch.setattr(intake.deps.db, "transaction", transaction)
    assert offices.place_name(intake.deps, BUKIT_SANGKAL) == "Kelurahan Bukit Sangkal"
    assert str(offices.zone_of(intake.deps, BUKIT_SANGKAL)) == "Asia/Jakarta"
    assert seen == [BUKIT_SANGKAL] * 2
    assert offices.place_name(intake.deps, "16.71.10") == "Kecamatan Kalidoni, Palembang"
    assert offices.place_name(intake.deps, "99.99.99.9999") == "99.99.99.9999"


def test_who_writes_an_office(intake: InProcess) -> None:
    assert intake.call("PUT", ADDRESS, json=office()).status_code == 401
    assert intake.call("PUT", ADDRESS, "officer", json=office()).status_code == 403
    other = {"tenant": KALIDONI}
    assert intake.call("PUT", ADDRESS, "administrator", who=other, json=office()).status_code == 403
    stale = intake.call("PUT", ADDRESS, "administrator", json=office(), headers={"If-Match": '"999"'})
    assert stale.status_code == 412
    for unknown in ("99.99.99.9999", "*", "%00"):
        assert intake.call("GET", f"/v1/offices/{unknown}").status_code == 404


@pytest.mark.parametrize(
    ("place", "value", "status"),
    [
        (("zone",), "Europe/Berlin", 422),
        (("calendar", "hours", "monday", "opens"), "25:00", 422),
        (("calendar", "hours", "monday", "closes"), "07:00", 422),
        (("calendar", "closures"), [{"name": "x", "first_day": "2026-02-30", "last_day": None}], 422),
        (("registers", "number_format"), "{number.__class__}", 422),
        (("registers", "number_format"), "{number:099d}", 422),
        (("registers", "number_format"), "{year}", 422),
        (("registers", "number_format"), "{number", 422),
        (("registers", "number_format"), "{nomor}{bulan}/{tahun}", 422),
        (("registers", "number_format"), "B/{nomor:03d}/{klasifikasi}/{bulan_romawi}/{tahun}", 200),
        (("registers", "formats"), {"n1": "{nomor:03d}/{tahun}"}, 200),
        (("registers", "formats"), {"n1": "{tahun}"}, 422),
        (("registers", "formats"), {"n1": "{nomor:03d}/RT.{rt}"}, 422),
        (("registers", "series"), "kind", 422),
        (("registers", "series"), "classification", 200),
        (("registers", "series"), "each", 422),
        (("officials", 0, "surprise"), 1, 422),
        (("officials", 0, "to"), "2026-02-30", 422),
        (("officials", 0, "acting"), "pj", 422),
        (("officials", 1, "role"), "lurah", 422),
        (("calendar", "hours", "monday", "surprise"), 1, 422),
        (("code",), KALIDONI, 422),
    ],
)
def test_an_office_that_cannot_be(intake: InProcess, place: tuple[Any, ...], value: Any, status: int) -> None:
    sent: Any = office()
    part = sent
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    response = intake.call("PUT", ADDRESS, "administrator", json=sent)
    assert response.status_code == status, response.json


def test_an_office_may_be_without_officials_until_they_are_known(intake: InProcess) -> None:
    taken = intake.call("PUT", ADDRESS, "administrator", json=office(officials=[]))
    assert taken.status_code == 200 and taken.json["officials"] == []
    assert intake.call("PUT", ADDRESS, "administrator", json=office()).status_code == 200


def test_who_signs_may_change_with_the_day(intake: InProcess) -> None:
    before = intake.call("GET", ADDRESS).json
    head = before["officials"][0]
    officials = [
        head | {"to": "2026-08-31"},
        head | {"name": "Drs. H. Zainal Arifin", "from": "2026-09-15", "to": None},
        head | {"name": "Nyayu Fatimah, S.IP.", "acting": "plt", "from": "2026-09-01", "to": "2026-09-14"},
        head | {"name": "Nyayu Fatimah, S.IP.", "role": "secretary", "position": "Sekretaris"},
    ]
    taken = intake.call("PUT", ADDRESS, "administrator", json=office(officials=officials))
    assert taken.status_code == 200 and taken.json["officials"] == officials
    officials[1]["from"] = "2026-08-31"
    refused = intake.call("PUT", ADDRESS, "administrator", json=office(officials=officials))
    assert refused.status_code == 422 and refused.json["path"] == "officials.1.from"
    assert "bertumpang tindih" in refused.json["detail"]
    assert intake.call("PUT", ADDRESS, "administrator", json=before).json == before


def test_the_calendar(intake: InProcess) -> None:
    response = intake.call("GET", f"/v1/calendar?kelurahan={BUKIT_SANGKAL}&from=2026-08-14&to=2026-08-18")
    friday, saturday, _, monday, tuesday = response.json["items"]
    assert friday["closes"] == "2026-08-14T16:30:00+07:00"
    assert (saturday["working"], saturday["reason"]) == (False, "weekend")
    assert (monday["working"], monday["reason"]) == (False, "holiday")
    assert "Kemerdekaan" in monday["name"]
    assert tuesday["opens"] == "2026-08-18T07:30:00+07:00"
    for wrong in ("from=2026-08-18&to=2026-08-14", "from=2020-01-01&to=2026-01-01", "from=x&to=y",
                  "from=1923-08-14&to=1923-08-14", "from=2200-01-01&to=2200-01-01"):  # fmt: skip
        assert intake.call("GET", f"/v1/calendar?kelurahan={BUKIT_SANGKAL}&{wrong}").status_code == 422
    unknown = f"/v1/calendar?kelurahan={KALIDONI[:-1]}9&from=2026-08-14&to=2026-08-14"
    assert intake.call("GET", unknown).status_code == 404


def test_a_service_shows_what_the_law_wants_shown(intake: InProcess) -> None:
    response = intake.call("GET", f"/v1/services/KK?kelurahan={BUKIT_SANGKAL}")
    shown = response.json
    for part in ("requirements", "procedure", "days", "cost", "product", "complaint", "next_step", "legal_basis"):
        assert shown[part], part
    assert [item["code"] for item in shown["requirements"]] == ["PENGANTAR_RT", "KK_LAMA", "SKP", "SURAT_KEHILANGAN"]
    assert "fields" in shown
    for unknown in ("SIM", "%00"):
        assert intake.call("GET", f"/v1/services/{unknown}?kelurahan={BUKIT_SANGKAL}").status_code == 404
    assert intake.call("GET", "/v1/services").status_code == 422


def test_the_clock_is_moved_forward_only(intake: InProcess) -> None:
    ahead = datetime.now(UTC) + timedelta(days=2)
    response = intake.call("PUT", "/v1/clock", "administrator", json={"now": ahead.isoformat()})
    assert response.status_code == 200, response.json
    assert abs(response.json["offset_seconds"] - 172800) < 5
    told = intake.told("clock.changed")[-1]
    assert told["data"]["offset_seconds"] == response.json["offset_seconds"]
    back = (ahead - timedelta(hours=1)).isoformat()
    response = intake.call("PUT", "/v1/clock", "administrator", json={"now": back})
    assert (response.status_code, response.json["type"]) == (409, "urn:problem:clock-backwards")
    assert intake.call("PUT", "/v1/clock", "officer", json={"now": back}).status_code == 403
    assert intake.call("PUT", "/v1/clock", json={"now": back}).status_code == 401
    assert intake.call("PUT", "/v1/clock", "administrator", json={"now": "2026-08-14T09:00:00"}).status_code == 422
    assert intake.call("GET", "/v1/clock").status_code == 200


def test_the_clock_of_production_stands(intake: InProcess) -> None:
    before = intake.deps.settings
    intake.deps.settings = replace(before, environment="production")
    try:
        ahead = (datetime.now(UTC) + timedelta(days=20)).isoformat()
        response = intake.call("PUT", "/v1/clock", "administrator", json={"now": ahead})
        assert (response.status_code, response.json["type"]) == (403, "urn:problem:clock-fixed")
    finally:
        intake.deps.settings = before


def test_where_the_clock_of_a_new_stack_starts(intake: InProcess) -> None:
    before = intake.deps.settings
    start = "2026-08-14T08:00:00+07:00"
    intake.deps.settings = replace(before, clock_start=start)
    with intake.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE clock SET offset_seconds = 0, sequence = 0")
    try:
        upkeep.prepare(intake.deps)
        told = intake.told("clock.changed")[-1]
        now = datetime.now(UTC) + timedelta(seconds=told["data"]["offset_seconds"])
        assert abs(now - datetime.fromisoformat(start)) < timedelta(seconds=10)
        count = len(intake.told("clock.changed"))
        upkeep.prepare(intake.deps)
        assert len(intake.told("clock.changed")) == count
    finally:
        intake.deps.settings = before


def test_the_description_of_the_api(intake: InProcess) -> None:
    spec = intake.call("GET", "/intake/openapi.json").json
    for where, methods in spec["paths"].items():
        if where.startswith(("/v1", "/lacak")):
            for method, operation in methods.items():
                if method in ("get", "put", "post", "patch"):
                    assert operation.get("summary"), where
                    assert "503" in operation["responses"], (where, method)


def test_a_year_of_which_no_cuti_bersama_is_known_warns_the_office(intake: InProcess) -> None:
    def warned(first: str, last: str) -> list[str]:
        address = f"/v1/calendar?kelurahan={BUKIT_SANGKAL}&from={first}&to={last}"
        return list(intake.call("GET", address).json["warnings"])

    assert warned("2026-08-01", "2027-01-31") == []
    [said] = warned("2027-12-01", "2028-01-31")
    assert "2028" in said and "holidays_added" in said
