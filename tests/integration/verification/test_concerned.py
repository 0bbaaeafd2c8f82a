"""Nobody decides about himself or his household; who helped may decide, and an officer confirms it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.verification.test_attestations import said
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.verification import (
    APPLICANT,
    CONTACT,
    a_case,
    a_file,
    a_request,
    link_token,
    only,
    publish_office,
    task_of,
)

pytestmark = pytest.mark.timeout(120)

RW, RT = "091", "004"
HEAD = {"sub": "head-091-004", "rw": RW, "rt": RT}
OWN_NIK, OWN_CARD = "1671105708700002", "1671101204080018"
HEAD_PHONE = "+6281200009104"


@pytest.fixture(scope="module", autouse=True)
def places(verification: InProcess) -> Iterator[None]:
    """An RT whose head gave his NIK and family card, with a substitute and an RW head."""
    publish_office(verification)
    verification.call("PUT", f"/v1/neighbourhoods/{RW}/{RT}", "administrator", json={})
    for role, rt, phone, more in (
        ("rt_head", RT, HEAD_PHONE, {"nik": OWN_NIK, "kk_number": OWN_CARD}),
        ("rw_head", None, "+6281200009100", {}),
    ):
        sent = {"role": role, "rw": RW, "rt": rt, "name": f"Contoh {role}", "phone": phone, "from_date": "2026-01-01"}
        response = verification.call("POST", "/v1/officeholders", "administrator", json=sent | more)
        assert response.status_code == 201, response.get_json()
    yield


def about(**applicant: Any) -> dict[str, Any]:
    return {"applicant": APPLICANT | {"rw": RW, "rt": RT} | applicant, "contact": CONTACT, "helper": None}


def asked_as(verification: InProcess, person: dict[str, Any]) -> str:
    """As what somebody is asked for an introduction of this person."""
    request = a_request(verification, rw=RW, rt=RT, person=person)
    verification.feed("introduction.requested", request, subject=request["introduction_id"])
    task = task_of(verification, request["application_id"])
    holder = verification.rows("SELECT role FROM officeholder WHERE id = %s", [task["officeholder_id"]])
    return str(holder[0]["role"])


@pytest.mark.parametrize("applicant", [{"nik": OWN_NIK}, {"kk_number": OWN_CARD}])
def test_a_head_is_not_asked_about_himself_or_his_household(verification: InProcess, applicant: dict[str, str]) -> None:
    assert asked_as(verification, about(**applicant)) == "rw_head"


def test_a_head_is_asked_about_everybody_else(verification: InProcess) -> None:
    assert asked_as(verification, about(kk_number="1671101204080099")) == "rt_head"


def test_a_head_cannot_decide_about_his_household_with_his_login_either(verification: InProcess) -> None:
    request = a_request(verification, rw=RW, rt=RT, person=about(kk_number=OWN_CARD))
    verification.feed("introduction.requested", request, subject=request["introduction_id"])
    path = f"/v1/tasks/{task_of(verification, request['application_id'])['id']}/decision"
    refused = verification.call("POST", path, "rt_head", who=HEAD, json={"decision": "grant"})
    assert (refused.status_code, refused.get_json()["type"]) == (403, "urn:problem:not-in-office")
    rw_head = {"sub": "head-rw-091", "rw": RW}
    assert verification.call("POST", path, "rw_head", who=rw_head, json={"decision": "grant"}).status_code == 200


def test_a_head_cannot_introduce_himself(verification: InProcess) -> None:
    sent = {"name": "Contoh", "phone": HEAD_PHONE, "purpose": "Mengurus KK"}
    refused = verification.call("POST", "/v1/tasks", "rt_head", who=HEAD, json=sent)
    assert (refused.status_code, refused.get_json()["type"]) == (403, "urn:problem:concerns-you")


@pytest.mark.parametrize(("helper_phone", "outcome"), [(HEAD_PHONE, ("verification.failed", "helped")),
                                                       ("+6281200000077", ("verification.passed", None))])  # fmt: skip
def test_a_head_who_helped_may_verify_and_an_officer_confirms(
    verification: InProcess, helper_phone: str, outcome: tuple[str, str | None]
) -> None:
    file = a_file("KTP")
    case = a_case(
        verification, "received", files=[file], rw=RW, rt=RT, received_at=verification.clock.now().isoformat()
    )
    helper = {"name": "Contoh", "phone": helper_phone, "relation": "tetangga"}
    person = about() | {"helper": helper, "details": {}, "grants": {file["file_id"]: "grant"}}
    verification.feed("application.received", case | {"person": person}, subject=case["application_id"])
    token = link_token(verification, case["application_id"])
    sent = {"verdicts": [said(file)]}
    assert verification.call("POST", f"/v1/links/{token}/decision", json=sent).status_code == 200
    assert only(verification, outcome[0], application_id=case["application_id"])["reason"] == outcome[1]


def test_what_a_head_gave_of_himself_is_sealed(verification: InProcess) -> None:
    found = verification.rows("SELECT sealed FROM people WHERE kelurahan = %s", [BUKIT_SANGKAL])
    assert not [row for row in found if OWN_NIK in row["sealed"] or OWN_CARD in row["sealed"]]


def test_a_head_cannot_say_of_his_household_that_he_saw_the_original(verification: InProcess) -> None:
    file, now = a_file("KTP"), verification.clock.now().isoformat()
    case = a_case(verification, "received", files=[file], rw=RW, rt=RT, received_at=now)
    told = case | {"person": about(kk_number=OWN_CARD) | {"details": {}, "grants": {file["file_id"]: "grant"}}}
    verification.feed("application.received", told, subject=case["application_id"])
    path = f"/v1/tasks/{task_of(verification, case['application_id'])['id']}"
    rw_head = {"sub": "head-rw-091", "rw": RW}
    asked = {"verdicts": [said(file, "bring_original")]}
    assert verification.call("POST", f"{path}/decision", "rw_head", who=rw_head, json=asked).status_code == 200
    seen = {"file_ids": [file["file_id"]]}
    refused = verification.call("POST", f"{path}/originals", "rt_head", who=HEAD, json=seen)
    assert (refused.status_code, refused.get_json()["type"]) == (403, "urn:problem:not-in-office")
    assert verification.call("POST", f"{path}/originals", "rw_head", who=rw_head, json=seen).status_code == 200
