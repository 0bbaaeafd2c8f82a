"""A head on a journey: others decide meanwhile, and his link still counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.services import InProcess
from tests.support.verification import ask, link_token, publish_office, task_of, told_of
from verification.usecases import heads

pytestmark = pytest.mark.timeout(120)

RW, RT = "093", "004"
HEAD, SUBSTITUTE = {"sub": "head-093-004", "rw": RW, "rt": RT}, {"sub": "sub-093-004", "rw": RW, "rt": RT}
THURSDAY = datetime(2026, 8, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def places(verification: InProcess) -> Iterator[None]:
    before = verification.clock.at
    verification.clock.at = THURSDAY
    publish_office(verification)
    verification.call("PUT", f"/v1/neighbourhoods/{RW}/{RT}", "administrator", json={})
    for role, phone in (("rt_head", "+6281200009304"), ("substitute", "+6281200009305")):
        sent = {"role": role, "rw": RW, "rt": RT, "name": f"Contoh {role}", "phone": phone, "from_date": "2026-01-01"}
        assert verification.call("POST", "/v1/officeholders", "administrator", json=sent).status_code == 201
    yield
    verification.clock.at = before


@pytest.fixture(autouse=True)
def present(verification: InProcess) -> Iterator[None]:
    verification.clock.at = THURSDAY
    yield
    verification.clock.at = THURSDAY
    verification.call("PUT", "/v1/officeholders/own/absence", "rt_head", who=HEAD, json={"until": None})


def away(verification: InProcess, **days: Any) -> Any:
    return verification.call("PUT", "/v1/officeholders/own/absence", "rt_head", who=HEAD, json=days)


def asked(verification: InProcess) -> dict[str, Any]:
    return ask(verification, rw=RW, rt=RT)


def role_asked(verification: InProcess, request: dict[str, Any]) -> str:
    task = task_of(verification, request["application_id"])
    rows = verification.rows("SELECT role FROM officeholder WHERE id = %s", [task["officeholder_id"]])
    return str(rows[0]["role"])


def test_while_he_is_away_the_substitute_is_asked_and_what_lay_with_him_goes_there(verification: InProcess) -> None:
    earlier = asked(verification)
    assert role_asked(verification, earlier) == "rt_head"
    answer = away(verification, until="2026-08-22")
    assert (answer.status_code, answer.get_json()["away_from"], answer.get_json()["away_until"]) == (
        200, "2026-08-20", "2026-08-22",
    )  # fmt: skip
    assert role_asked(verification, earlier) == "substitute"
    assert role_asked(verification, asked(verification)) == "substitute"


def test_his_own_link_still_counts_while_he_is_away(verification: InProcess) -> None:
    request = asked(verification)
    token = link_token(verification, request["application_id"])
    away(verification, until="2026-08-22")
    decided = verification.call("POST", f"/v1/links/{token}/decision", json={"decision": "grant"})
    assert (decided.status_code, decided.get_json()["outcome"]) == (200, "granted")


def test_an_absence_begins_and_ends_with_its_days(verification: InProcess) -> None:
    assert away(verification, **{"from": "2026-08-21", "until": "2026-08-22"}).status_code == 200
    assert role_asked(verification, asked(verification)) == "rt_head"
    verification.clock.at = THURSDAY + timedelta(days=1)
    heads.follow_days(verification.deps)
    assert role_asked(verification, asked(verification)) == "substitute"
    verification.clock.at = THURSDAY + timedelta(days=3)
    assert role_asked(verification, asked(verification)) == "rt_head"


@pytest.mark.parametrize("days", [{"from": "2026-08-22", "until": "2026-08-21"}, {"until": "2026-08-19"},
                                  {"until": "2026-12-31"}])  # fmt: skip
def test_days_that_cannot_be_are_refused_and_change_nothing(verification: InProcess, days: dict[str, str]) -> None:
    answer = away(verification, **days)
    assert (answer.status_code, list(answer.get_json()["errors"]["json"])) == (422, ["until"])
    assert role_asked(verification, asked(verification)) == "rt_head"


def test_the_office_says_it_for_him_and_others_do_not(verification: InProcess) -> None:
    rows = verification.rows("SELECT id FROM officeholder WHERE rw = %s AND role = 'rt_head'", [RW])
    path = f"/v1/officeholders/{rows[0]['id']}/absence"
    assert verification.call("PUT", path, "rt_head", who=HEAD, json={"until": "2026-08-22"}).status_code == 403
    assert verification.call("PUT", path, "officer", json={"until": "2026-08-22"}).status_code == 200
    stale = verification.call("PUT", path, "officer", json={"until": None}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    elsewhere = {"sub": "head-093-009", "rw": RW, "rt": "009"}
    refused = verification.call("PUT", "/v1/officeholders/own/absence", "rt_head", who=elsewhere, json={"until": None})
    assert refused.status_code == 403


def test_saying_it_twice_moves_nothing_twice(verification: InProcess) -> None:
    request = asked(verification)
    for _ in range(2):
        assert away(verification, until="2026-08-22").status_code == 200
    sent = told_of(verification, "message.requested", application_id=request["application_id"])
    assert [one["template"] for one in sent] == ["introduction_request", "introduction_request"]
