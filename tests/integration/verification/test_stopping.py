"""A head who said STOP is not asked any more: his open questions go on, the office sees it, MULAI brings him back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.support.browsing import signed_in
from tests.support.services import InProcess
from tests.support.verification import ask, link_token, publish_office, task_of, told_of

pytestmark = pytest.mark.timeout(120)

RW, RT = "094", "006"
HEAD = {"sub": "head-094-006", "rw": RW, "rt": RT}
PHONE = "+6281200009406"
THURSDAY = datetime(2026, 8, 20, 2, 0, tzinfo=UTC)
CONTACT = str(uuid4())


@pytest.fixture(scope="module", autouse=True)
def places(verification: InProcess) -> Iterator[None]:
    before = verification.clock.at
    verification.clock.at = THURSDAY
    publish_office(verification)
    verification.call("PUT", f"/v1/neighbourhoods/{RW}/{RT}", "administrator", json={})
    enter(verification, "rt_head", PHONE)
    yield
    verification.clock.at = before


@pytest.fixture(autouse=True)
def reached(verification: InProcess) -> Iterator[None]:
    yield
    wants(verification, True)


def enter(verification: InProcess, role: str, phone: str) -> None:
    sent = {"role": role, "rw": RW, "rt": RT, "name": f"Contoh {role}", "phone": phone, "from_date": "2026-01-01"}
    assert verification.call("POST", "/v1/officeholders", "administrator", json=sent).status_code == 201


def wants(verification: InProcess, wanted: bool, *, phone: str = PHONE, at: datetime | None = None) -> None:
    verification.clock.at += timedelta(seconds=1)
    data = {
        "contact_id": CONTACT, "kelurahan": "16.71.10.1001", "channel": "whatsapp", "wanted": wanted,
        "changed_at": (at or verification.clock.at).isoformat(), "person": {"name": "", "phone": phone},
    }  # fmt: skip
    verification.feed("contact.changed", data, subject=CONTACT, source="notify")


def asked(verification: InProcess, request: dict[str, Any]) -> str | None:
    task = task_of(verification, request["application_id"])
    rows = verification.rows("SELECT role FROM officeholder WHERE id = %s", [task["officeholder_id"]])
    return str(rows[0]["role"]) if rows else None


def holder(verification: InProcess) -> dict[str, Any]:
    found = verification.call("GET", f"/v1/officeholders?rw={RW}", "officer").json["items"]
    [one] = [item for item in found if item["phone"] == PHONE]
    return dict(one)


def test_where_nobody_stands_in_an_officer_has_it_and_the_applicant_is_told(verification: InProcess) -> None:
    request = ask(verification, rw=RW, rt=RT)
    assert asked(verification, request) == "rt_head"
    wants(verification, False)
    assert asked(verification, request) is None
    told = [
        one["template"] for one in told_of(verification, "message.requested", application_id=request["application_id"])
    ]
    assert told == ["introduction_request", "task_with_officer"]
    again = ask(verification, rw=RW, rt=RT)
    assert asked(verification, again) is None, "and nothing new goes to him"


def test_the_office_sees_that_he_cannot_be_reached_and_that_he_can_again(verification: InProcess) -> None:
    officer = signed_in(verification, "officer")
    wants(verification, False)
    assert holder(verification)["stopped_at"] is not None
    assert "Tidak mau dikirimi pesan" in officer.open(f"/verification/pejabat?rw={RW}").text
    wants(verification, True)
    assert holder(verification)["stopped_at"] is None
    assert "Tidak mau dikirimi pesan" not in officer.open(f"/verification/pejabat?rw={RW}").text


def test_back_again_he_gets_what_lay_with_nobody(verification: InProcess) -> None:
    wants(verification, False)
    request = ask(verification, rw=RW, rt=RT)
    wants(verification, True)
    assert asked(verification, request) == "rt_head"


def test_his_link_and_his_own_page_still_count(verification: InProcess) -> None:
    request = ask(verification, rw=RW, rt=RT)
    token = link_token(verification, request["application_id"])
    wants(verification, False)
    assert verification.call("GET", f"/v1/links/{token}").status_code == 200
    task = task_of(verification, request["application_id"])
    decided = verification.call(
        "POST", f"/v1/tasks/{task['id']}/decision", "rt_head", who=HEAD, json={"decision": "grant"}
    )
    assert decided.status_code == 200, decided.text


def test_words_that_come_in_another_order_are_taken_as_they_were_said(verification: InProcess) -> None:
    earlier = verification.clock.at
    wants(verification, True)
    wants(verification, False, at=earlier)
    assert holder(verification)["stopped_at"] is None


def test_somebody_else_who_says_it_changes_nothing_here(verification: InProcess) -> None:
    request = ask(verification, rw=RW, rt=RT)
    wants(verification, False, phone="+6281200009499")
    assert asked(verification, request) == "rt_head"


def test_the_substitute_is_asked_where_there_is_one(verification: InProcess) -> None:
    enter(verification, "substitute", "+6281200009407")
    request = ask(verification, rw=RW, rt=RT)
    wants(verification, False)
    assert asked(verification, request) == "substitute"
