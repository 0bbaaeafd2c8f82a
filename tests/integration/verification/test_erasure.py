"""What was asked about an erased case and what was answered goes, and no late news brings it back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.erasure import answers, ask, people_with, rows_of
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.verification import (
    APPLICANT,
    CONTACT,
    HEAD,
    a_case,
    a_file,
    a_request,
    case_told,
    link_token,
    publish_office,
    receive,
)  # fmt: skip
from verification.usecases import erasing

NAME = "Cik Ayu binti Kemas"


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> None:
    publish_office(verification)
    verification.work()


def asked(verification: InProcess) -> dict[str, str]:
    """A case whose introduction was asked for, and that was received."""
    request = a_request(verification, person={"applicant": APPLICANT | {"name": NAME}, "contact": CONTACT})
    verification.feed("introduction.requested", request, subject=request["introduction_id"])
    case = a_case(verification, "received", application_id=request["application_id"], files=[a_file()])
    case_told(verification, "received", case)
    return {"case": case["application_id"], "introduction": request["introduction_id"]}


def test_questions_links_messages_and_people_go(verification: InProcess) -> None:
    one, other = asked(verification), receive(verification, a_file())
    token = link_token(verification, one["case"])
    assert people_with(verification, NAME) >= 1
    ask(verification, one["case"], one["introduction"])
    assert verification.work() == ["erase_case"]
    assert rows_of(verification, one["case"]) == {}
    assert people_with(verification, NAME) == 0
    assert verification.rows("SELECT 1 AS one FROM task WHERE introduction_id = %s", [one["introduction"]]) == []
    assert verification.call("GET", f"/t/{token}").status_code == 404
    assert rows_of(verification, other["application_id"]) != {}, "another case is left alone"
    [counts] = answers(verification, one["case"])
    assert counts["task"] == 2 and counts["people"] >= 2


def test_the_person_takes_along_what_was_asked_and_nobody_s_name(verification: InProcess) -> None:
    one = asked(verification)
    record = {
        "record_id": str(uuid4()), "application_id": one["case"], "introduction_id": one["introduction"],
        "kelurahan": BUKIT_SANGKAL, "requested_at": verification.clock.now().isoformat(),
        "due_at": verification.clock.now().isoformat(),
    }  # fmt: skip
    verification.feed("record.requested", record, subject=f"record:{record['record_id']}")
    assert verification.work() == ["provide_record"]
    [told] = [row["data"] for row in verification.told("record.provided")]
    assert [question["kind"] for question in told["person"]["questions"]] == ["introduction", "attestation"]
    assert CONTACT["phone"] not in str(told) and NAME not in str(told)
    ask(verification, one["case"], one["introduction"])
    verification.work()


def test_an_introduction_that_became_no_case_goes_by_its_own_id(verification: InProcess) -> None:
    sent = {"name": NAME, "phone": "0812 7100 0993", "purpose": "Mengurus SKCK"}
    made = verification.call("POST", "/v1/tasks", "rt_head", who=HEAD, json=sent)
    assert made.status_code == 201, made.text
    [row] = verification.rows("SELECT introduction_id FROM task WHERE id = %s", [made.json["id"]])
    assert people_with(verification, NAME) == 1
    ask(verification, row["introduction_id"], row["introduction_id"], "retention")
    verification.work()
    assert people_with(verification, NAME) == 0
    assert verification.rows("SELECT 1 AS one FROM task WHERE id = %s", [made.json["id"]]) == []
    assert answers(verification, row["introduction_id"])[0]["task"] == 1


def test_late_news_brings_nothing_back_and_asked_again_nothing_more_is_done(verification: InProcess) -> None:
    one = asked(verification)
    ask(verification, one["case"], one["introduction"])
    verification.work()
    case = a_case(verification, "received", application_id=one["case"], files=[a_file()])
    case_told(verification, "received", case)
    late = a_request(verification, introduction_id=one["introduction"])
    verification.feed("introduction.requested", late, subject=late["introduction_id"])
    assert rows_of(verification, one["case"]) == rows_of(verification, late["application_id"]) == {}
    ask(verification, one["case"], one["introduction"])
    assert verification.work() == ["erase_case"]
    first, second = answers(verification, one["case"])
    assert first == second, "the proof says the same"


def test_a_case_that_was_never_here_is_answered_too(verification: InProcess) -> None:
    case = str(uuid4())
    ask(verification, case)
    verification.work()
    assert answers(verification, case) == [{}]


def test_what_people_wrote_beside_no_question_goes_by_its_age(verification: InProcess) -> None:
    message = {
        "message_id": str(uuid4()), "kelurahan": BUKIT_SANGKAL, "channel": "mailbox", "recipient": "verification",
        "received_at": verification.clock.now().isoformat(),
        "person": {"from": {"name": NAME, "phone": "+6281271000993"}, "text": "Halo"},
    }  # fmt: skip
    verification.feed("message.received", message, subject=message["message_id"])
    before = verification.clock.at
    verification.clock.at = before + timedelta(days=89)
    erasing.erase_old(verification.deps)
    assert people_with(verification, NAME) == 1
    verification.clock.at = before + timedelta(days=91)
    erasing.erase_old(verification.deps)
    assert people_with(verification, NAME) == 0
    verification.clock.at = before
