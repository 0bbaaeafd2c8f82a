"""The office in which other systems are tried: machines are let in there, and nothing of it counts anywhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.sandbox import CODE
from intake import sandbox as command
from intake.domain.accounts import SCOPES, roles_at
from intake.pages.offices import office_choices, places_of_staff
from intake.usecases import reports, sandbox
from kit.auth import Caller
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL


@pytest.fixture(scope="module")
def machine(intake: InProcess) -> dict[str, str]:
    for _ in range(2):  # each migrate does it
        with intake.deps.db.transaction("*") as tx:
            sandbox.prepare(intake.deps, tx)
    client_id, secret = sandbox.let_in(intake.deps, "Sistem percobaan", command.bodies())
    answer = intake.call("POST", "/v1/auth/machines", json={"client_id": client_id, "client_secret": secret})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def cases(intake: InProcess) -> list[dict[str, Any]]:
    return intake.rows("SELECT id, kelurahan, status FROM application WHERE kelurahan = %s", [CODE])


def test_a_machine_is_let_in_with_all_scopes_and_finds_made_up_cases(
    intake: InProcess, machine: dict[str, str]
) -> None:
    [account] = intake.rows("SELECT roles FROM account WHERE kind = 'machine' AND kelurahan = %s", [CODE])
    assert set(account["roles"]) == SCOPES
    assert len(cases(intake)) == 3
    assert intake.call("GET", "/v1/reports/2026-08", headers=machine).status_code == 200
    told = [one for one in intake.told("application.opened") if one["tenant"] == CODE]
    assert len(told) == 3
    assert all("Contoh" in one["data"]["person"]["applicant"]["name"] for one in told)


def test_another_machine_opens_no_more_cases(intake: InProcess, machine: dict[str, str]) -> None:
    sandbox.let_in(intake.deps, "Sistem kedua", command.bodies())
    assert len(cases(intake)) == 3


def test_it_lies_below_no_real_place_and_its_code_is_that_of_an_office(
    intake: InProcess, machine: dict[str, str]
) -> None:
    assert "administrator" in roles_at(CODE)
    city = Caller("city", frozenset({"city"}), "16.71", {})
    shown = reports.side_by_side(intake.deps, city, reports.first_of("2026-08"))
    assert CODE not in {one["code"] for one in shown["offices"]}
    whole = intake.call(
        "GET", "/v1/applications/export", "cases.read", who={"tenant": "16.71"},
        query_string={"from": "2026-01-01", "to": "2026-12-31"},
    )  # fmt: skip
    assert all(json.loads(line)["kelurahan"] != CODE for line in whole.text.splitlines())
    refused = intake.call("GET", f"/v1/reports/2026-08?kelurahan={CODE}", "city", who={"tenant": "16.71"})
    assert refused.status_code == 404
    assert intake.call("GET", f"/v1/reports/2026-08?kelurahan={BUKIT_SANGKAL}", headers=machine).status_code == 404


def test_nobody_who_lives_somewhere_is_offered_it_and_its_staff_are(intake: InProcess, machine: dict[str, str]) -> None:
    with intake.app.app_context():
        assert CODE not in {code for code, _name in office_choices()}
        places = {code for code, _name in places_of_staff()}
    assert CODE in places and not any(code.startswith("99") for code in places - {CODE})


def test_it_is_not_among_the_offices_that_everybody_is_shown(intake: InProcess, machine: dict[str, str]) -> None:
    codes = {one["code"] for one in intake.call("GET", "/v1/offices").json["items"]}
    assert BUKIT_SANGKAL in codes and CODE not in codes
