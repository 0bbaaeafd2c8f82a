"""A head enrols his own phone: with the code of a printed sheet, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.enrolment import SIGNS, code_in, new_code, printed
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI
from tests.support.verification import ask, link_token, publish_office, told_of

pytestmark = pytest.mark.timeout(120)

RW = "094"
OLD, NEW = "+6281200009401", "+6281200009409"


@pytest.fixture
def rt(verification: InProcess) -> Iterator[str]:
    """A fresh RT with a head whose number was typed from a list."""
    publish_office(verification)
    number = f"{len(verification.rows('SELECT 1 FROM neighbourhood WHERE rw = %s', [RW])) + 1:03d}"
    verification.call("PUT", f"/v1/neighbourhoods/{RW}/{number}", "administrator", json={})
    sent = {"role": "rt_head", "rw": RW, "rt": number, "name": "Ir. H. M. <Zen>", "phone": OLD,
            "from_date": "2026-01-01"}  # fmt: skip
    assert verification.call("POST", "/v1/officeholders", "administrator", json=sent).status_code == 201
    yield number


def sheet(verification: InProcess, rt: str) -> str:
    answer = verification.call("POST", f"/v1/officeholders/enrolments?rw={RW}&rt={rt}", "administrator")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    return str(answer.get_data(as_text=True))


def code_of(page: str) -> str:
    return re.findall(r"DAFTAR (\w{4}-\w{4})", page)[0]


def writes(verification: InProcess, text: str, phone: str = NEW, tenant: str = BUKIT_SANGKAL) -> None:
    now = verification.clock.now().isoformat()
    received = {
        "message_id": str(uuid4()), "kelurahan": tenant, "channel": "whatsapp", "recipient": "verification",
        "received_at": now, "person": {"from": {"name": "Zen", "phone": phone}, "text": text},
    }  # fmt: skip
    verification.feed("message.received", received, subject=received["message_id"], tenant=tenant)


def head(verification: InProcess, rt: str) -> dict[str, Any]:
    found = verification.call("GET", f"/v1/officeholders?rw={RW}&rt={rt}", "administrator").get_json()["items"]
    assert len(found) == 1
    return dict(found[0])


def answered(verification: InProcess, phone: str = NEW) -> list[str]:
    return [
        one["template"] for one in told_of(verification, "message.requested", message_class="answer")
        if one["person"]["to"]["phone"] == phone
    ]  # fmt: skip


def test_the_code_of_the_sheet_makes_the_phone_it_comes_from_the_heads(verification: InProcess, rt: str) -> None:
    page = sheet(verification, rt)
    assert "Ir. H. M. &lt;Zen&gt;" in page
    assert page == sheet(verification, rt)  # printing again gives the same code
    before = len(answered(verification))
    writes(verification, f" daftar rt {code_of(page).lower().replace('-', ' ')} ")
    assert (head(verification, rt)["phone"], bool(head(verification, rt)["phone_confirmed_at"])) == (NEW, True)
    assert answered(verification)[before:] == ["enrolled"]
    assert "DAFTAR" not in sheet(verification, rt)  # nothing is left to be printed
    told = told_of(verification, "officeholder.changed", officeholder_id=head(verification, rt)["id"])
    assert told[-1]["person"]["phone"] == NEW


def test_a_code_counts_once(verification: InProcess, rt: str) -> None:
    code = code_of(sheet(verification, rt))
    writes(verification, f"DAFTAR {code}")
    before = len(answered(verification, "+6281200009408"))
    writes(verification, f"DAFTAR {code}", phone="+6281200009408")
    assert head(verification, rt)["phone"] == NEW
    assert answered(verification, "+6281200009408")[before:] == ["enrolment_unknown"]


def test_a_code_ends_after_thirty_days_and_in_another_office_it_is_none(verification: InProcess, rt: str) -> None:
    code = code_of(sheet(verification, rt))
    writes(verification, f"DAFTAR {code}", tenant=KALIDONI)
    verification.clock.at += timedelta(days=30)
    writes(verification, f"DAFTAR {code}")
    verification.clock.at -= timedelta(days=30)
    assert (head(verification, rt)["phone"], head(verification, rt)["phone_confirmed_at"]) == (OLD, None)
    writes(verification, f"DAFTAR {code}")
    assert head(verification, rt)["phone"] == NEW


def test_links_that_went_to_another_number_end_and_open_questions_come_to_the_new_one(
    verification: InProcess, rt: str
) -> None:
    request = ask(verification, rw=RW, rt=rt)
    stale = link_token(verification, request["application_id"])
    writes(verification, f"DAFTAR {code_of(sheet(verification, rt))}")
    assert verification.call("GET", f"/v1/links/{stale}").status_code == 404
    sent = told_of(verification, "message.requested", application_id=request["application_id"])
    assert sent[-1]["person"]["to"]["phone"] == NEW
    fresh = link_token(verification, request["application_id"])
    assert verification.call("POST", f"/v1/links/{fresh}/decision", json={"decision": "grant"}).status_code == 200


def test_only_an_administrator_prints_sheets(verification: InProcess, rt: str) -> None:
    for role in ("officer", "lurah", "rt_head"):
        answer = verification.call("POST", f"/v1/officeholders/enrolments?rt={rt}", role, who={"sub": "x"})
        assert answer.status_code == 403


@pytest.mark.parametrize("text", ["DAFTAR", "Saya mau daftar surat pengantar", "DAFTAR K7M3", "DAFTAR K7M3-XW2RB1",
                                  "Tolong DAFTAR K7M3-XW2R besok"])  # fmt: skip
def test_other_messages_hold_no_code(text: str) -> None:
    assert code_in(text) is None


def test_a_code_is_read_however_it_is_written() -> None:
    code = new_code()
    assert set(code) <= set(SIGNS)
    for text in (f"DAFTAR {printed(code)}", f"daftar rt: {code.lower()}", f"Daftar {' '.join(code)}."):
        assert code_in(text) == code
