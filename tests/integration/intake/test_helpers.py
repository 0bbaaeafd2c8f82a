"""Helpers: so many new cases a day, and each is on record for the office."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from intake.offices import shipped_office
from tests.integration.intake.cast import YANTI, body, opened, show
from tests.integration.intake.test_consent import HELPER, helped
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

FRIDAY = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    intake.clock.at = FRIDAY
    yield
    intake.clock.at = FRIDAY


def somebody(**claims: Any) -> dict[str, Any]:
    return {"sub": f"helper-{uuid4()}"} | claims


def post(intake: InProcess, who: dict[str, Any], role: str = "applicant", **more: Any) -> Any:
    sent = body(helper=HELPER) | more
    return intake.call("POST", "/v1/applications", role, who=who, json=sent)


def record(intake: InProcess, name: str) -> list[dict[str, Any]]:
    answer = intake.call("GET", "/v1/applications/helpers?limit=200", "officer", who=YANTI)
    assert answer.status_code == 200, answer.json
    return [line for line in answer.json["items"] if line["name"] == name]


def test_a_helper_opens_five_cases_a_day_and_goes_on_after_midnight_where_the_office_is(intake: InProcess) -> None:
    who = somebody()
    for _ in range(5):
        assert post(intake, who).status_code == 201
    refused = post(intake, who)
    assert (refused.status_code, refused.json["type"]) == (429, "urn:problem:too-many-cases")
    assert int(refused.headers["Retry-After"]) == 15 * 3600  # Friday 09:00 in Palembang
    assert post(intake, somebody()).status_code == 201
    own = intake.call("POST", "/v1/applications", "applicant", who=who, json=body())
    assert own.status_code == 201  # for himself
    intake.clock.at = datetime(2026, 8, 14, 16, 59, tzinfo=UTC)
    assert post(intake, who).status_code == 429
    intake.clock.at = datetime(2026, 8, 14, 17, 0, tzinfo=UTC)
    assert post(intake, who).status_code == 201


def test_what_was_refused_does_not_count(intake: InProcess) -> None:
    who = somebody()
    for _ in range(6):
        assert post(intake, who, service="SIM").status_code == 422
    assert post(intake, who).status_code == 201


def test_an_rt_head_helps_twenty_a_day(intake: InProcess) -> None:
    head = somebody(roles=["applicant", "rt_head"], rt="023", rw="005")
    assert [post(intake, head).status_code for _ in range(21)] == [201] * 20 + [429]


def test_at_the_counter_there_is_no_limit(intake: InProcess) -> None:
    for _ in range(6):
        assert post(intake, YANTI, "officer").status_code == 201


def test_the_office_sets_its_own_limit(intake: InProcess) -> None:
    office = deepcopy(dict(shipped_office(BUKIT_SANGKAL)))
    chief = {"sub": "administrator:1"}
    address = f"/v1/offices/{BUKIT_SANGKAL}"
    changed = office | {"helpers": {"daily_limit": 1, "rt_head_daily_limit": 2}}
    assert intake.call("PUT", address, "administrator", who=chief, json=changed).status_code == 200
    who = somebody()
    assert [post(intake, who).status_code for _ in range(2)] == [201, 429]
    office.pop("helpers")
    assert intake.call("PUT", address, "administrator", who=chief, json=office).status_code == 200
    assert post(intake, who).status_code == 201
    wrong = office | {"helpers": {"daily_limit": 0}}
    assert intake.call("PUT", address, "administrator", who=chief, json=wrong).status_code == 422


def test_the_office_sees_who_opens_cases_for_others_and_which(intake: InProcess) -> None:
    who, name = somebody(), f"Cek Mat {uuid4()}"
    first = opened(intake, who, helper=HELPER | {"name": name})
    intake.clock.at = datetime(2026, 8, 18, 2, 0, tzinfo=UTC)
    second = opened(intake, who, helper=HELPER | {"name": name, "phone": "+6281271000079"})
    [line] = record(intake, name)
    assert (line["cases"], line["today"], line["phone"]) == (2, 1, "+6281271000079")
    found = intake.call("GET", line["applications"], "officer", who=YANTI).json["items"]
    assert {one["id"] for one in found} == {first["id"], second["id"]}
    assert show(intake, first["id"])["links"]["helper"] == line["applications"]
    assert "helper" not in show(intake, first["id"], "applicant", who)["links"]
    assert intake.call("GET", "/v1/applications/helpers", "applicant", who=who).status_code == 403


def test_the_record_of_helpers_goes_on_page_by_page(intake: InProcess) -> None:
    for _ in range(3):
        helped(intake)
        post(intake, somebody())
    seen, cursor = [], ""
    while cursor is not None:
        query = f"limit=2{f'&cursor={cursor}' if cursor else ''}"
        answer = intake.call("GET", f"/v1/applications/helpers?{query}", "officer", who=YANTI).json
        seen += [line["id"] for line in answer["items"]]
        cursor = answer["next_cursor"]
    assert len(seen) == len(set(seen)) == intake.rows("SELECT count(*) AS n FROM helper")[0]["n"]
