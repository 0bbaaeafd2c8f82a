"""Steps of the procedure beside the straight path: introduction, return, verdicts, ends, agenda numbers, claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from intake.usecases import upkeep
from tests.integration.intake import cast
from tests.integration.intake.cast import (
    ROHANA,
    YANTI,
    YUSUF,
    events_of,
    lines_of,
    opened,
    path,
    put_file,
    received,
    show,
    step,
    submitted,
    verdict,
    verified,
)
from tests.integration.intake.test_opening import at_once
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    """Friday 2026-08-14, 09:00 in Palembang, a holiday on the Monday after."""
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
    yield
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


# --- introduction ------------------------------------------------------------------------------------


def test_the_introduction_is_asked_for_once(intake: InProcess) -> None:
    case = opened(intake)
    put_file(intake, case["id"], "SURAT_KEHILANGAN")
    asked = step(intake, case["id"], "introduction", "applicant", {"purpose": "Pengurusan KK"})
    assert asked["waiting_for"] == "rt_head"
    told = intake.told("introduction.requested")[-1]
    assert told["subject"] == asked["introduction"]["id"]
    assert str(told["data"]["application_id"]) == case["id"]
    assert told["data"]["person"]["applicant"]["name"] == case["applicant"]["name"]
    again = intake.call("POST", path(case["id"], "introduction"), "applicant", who=ROHANA, json={"purpose": "KK"})
    assert (again.status_code, again.json["type"]) == (409, "urn:problem:not-allowed-now")


def test_a_refused_introduction_may_be_asked_for_again(intake: InProcess) -> None:
    case = opened(intake)
    asked = step(intake, case["id"], "introduction", "applicant", {"purpose": "KK"})
    cast.refused(intake, case["id"], asked["introduction"]["id"])
    now = show(intake, case["id"], "applicant", ROHANA)
    assert now["introduction"]["status"] == "refused"
    assert now["introduction"]["note"] == "unknown_person"
    assert "request-introduction" in now["actions"]
    second = step(intake, case["id"], "introduction", "applicant", {"purpose": "KK"})
    assert second["introduction"]["id"] != asked["introduction"]["id"]


def test_the_number_of_the_introduction_is_shown(intake: InProcess) -> None:
    case = opened(intake)
    asked = step(intake, case["id"], "introduction", "applicant", {"purpose": "KK"})
    introduction_id = asked["introduction"]["id"]
    cast.granted(intake, case["id"], introduction_id)
    number = "001/RT.023/RW.005/VIII/2026"
    cast.letter(intake, None, kind="introduction", number=number, introduction_id=introduction_id)
    now = show(intake, case["id"])
    assert now["introduction"]["number"] == number
    assert now["letters"] == []


def test_an_officer_waives_the_introduction_with_a_reason(intake: InProcess) -> None:
    case = opened(intake)
    put_file(intake, case["id"], "SURAT_KEHILANGAN")
    waived = step(intake, case["id"], "introduction/waiver", sent={"reason": "Ketua RT sedang sakit"})
    item = next(item for item in waived["requirements"] if item["code"] == "PENGANTAR_RT")
    assert (item["state"], item["note"]) == ("waived", "Ketua RT sedang sakit")
    assert waived["missing"] == []
    step(intake, case["id"], "submission", "applicant")


def test_requirements_follow_the_reason(intake: InProcess) -> None:
    states = {
        reason: {item["code"]: item["state"] for item in opened(intake, reason=reason)["requirements"]}
        for reason in ("new", "lost", "moved_in")
    }
    assert states["new"]["KK_LAMA"] == "missing"
    assert states["new"]["SURAT_KEHILANGAN"] == "not_needed"
    assert states["lost"]["KK_LAMA"] == "not_needed"
    assert states["lost"]["SURAT_KEHILANGAN"] == "missing"
    assert states["moved_in"]["SKP"] == "missing"


def test_empty_fields_do_not_keep_a_case_from_being_submitted(intake: InProcess) -> None:
    case = submitted(intake)
    assert case["missing_fields"] == ["kk_number"]


# --- receipt and agenda numbers ------------------------------------------------------------------------


def test_twenty_receipts_at_once_take_consecutive_numbers(intake: InProcess) -> None:
    cases = iter([submitted(intake)["id"] for _ in range(20)])
    numbers = at_once(20, lambda: step(intake, next(cases), "receipt")["agenda_number"])
    taken = sorted(int(number.split("/")[0]) for number in numbers)
    assert taken == list(range(taken[0], taken[0] + 20))
    assert {number.split("/")[1] for number in numbers} == {"2026"}


def test_the_series_begins_anew_with_the_offices_year(intake: InProcess) -> None:
    intake.clock.at = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Palembang
    last = received(intake)["agenda_number"]
    intake.clock.at = datetime(2026, 12, 31, 17, 1, tzinfo=UTC)
    first = received(intake)["agenda_number"]
    assert last.endswith("/2026")
    assert first == "0001/2027"


def test_two_officers_receive_one_case_once(intake: InProcess) -> None:
    case = submitted(intake)

    def receive() -> int:
        response = intake.call("POST", path(case["id"], "receipt"), "officer", who=YANTI, json={})
        return int(response.status_code)

    assert sorted(at_once(4, receive)) == [200, 409, 409, 409]
    assert [event["type"] for event in events_of(intake, case["id"])].count("application.received") == 1


# --- return and the clock ------------------------------------------------------------------------------


def test_a_returned_case_keeps_its_number_and_its_days(intake: InProcess) -> None:
    case = received(intake)
    item = {"requirement": "SURAT_KEHILANGAN", "problem": "Tidak terbaca", "note": "Foto di tempat terang"}
    items = [item | {"original": False}]
    returned = step(intake, case["id"], "return", sent={"items": items})
    assert returned["status"] == "returned"
    assert returned["returned_items"] == items
    assert returned["promised_at"] is None
    assert returned["waiting_for"] == "applicant"
    assert events_of(intake, case["id"])[-1]["data"]["returned_items"] == items

    intake.clock.at = datetime(2026, 8, 19, 2, 0, tzinfo=UTC)  # Wednesday; Friday and Tuesday ended with the applicant
    put_file(intake, case["id"], "SURAT_KEHILANGAN")
    again = step(intake, case["id"], "resubmission", "applicant")
    assert again["status"] == "submitted"
    assert again["returned_items"] == []
    assert again["agenda_number"] == case["agenda_number"]
    assert again["promised_at"] == "2026-08-21T16:30:00+07:00"
    assert step(intake, case["id"], "receipt")["agenda_number"] == case["agenda_number"]


def test_after_the_cut_off_the_next_working_day_is_the_first(intake: InProcess) -> None:
    intake.clock.at = datetime(2026, 8, 14, 9, 30, tzinfo=UTC)  # 16:30, the closing instant
    assert submitted(intake)["promised_at"] == "2026-08-20T16:00:00+07:00"


def test_only_items_of_the_service_are_returned(intake: InProcess) -> None:
    case = submitted(intake)
    items = [{"requirement": "SIM", "problem": "x"}]
    response = intake.call("POST", path(case["id"], "return"), "officer", json={"items": items})
    assert (response.status_code, response.json["type"]) == (422, "urn:problem:requirement-unknown")
    assert intake.call("POST", path(case["id"], "return"), "officer", json={"items": []}).status_code == 422


# --- the RT head's verdict ------------------------------------------------------------------------------


def test_a_doubt_puts_the_case_before_an_officer(intake: InProcess) -> None:
    case = received(intake)
    early = intake.call(
        "POST", path(case["id"], "attestation-override"), "officer", who=YANTI, json={"reason": "Asli dilihat"}
    )
    assert early.status_code == 409
    verdict(intake, case["id"], passed=False)
    now = show(intake, case["id"])
    assert now["status"] == "received"
    assert now["waiting_for"] == "officer"
    assert now["verification"] == {"status": "failed", "note": "doubtful"}
    assert "override-attestation" in now["actions"]
    assert events_of(intake, case["id"])[-1]["type"] == "application.received"
    passed = step(intake, case["id"], "attestation-override", sent={"reason": "Asli dilihat"})
    assert passed["status"] == "verified"
    assert passed["verification"]["note"] == "Asli dilihat"
    assert [line["by_staff"] for line in lines_of(intake, case["id"])][-1] == "officer:yanti"


def test_what_the_lurah_sends_back_stays_verified(intake: InProcess) -> None:
    case = verified(intake)
    cast.sent_back(intake, case["id"])
    now = show(intake, case["id"])
    assert (now["status"], now["waiting_for"], now["sent_back_reason"]) == ("verified", "officer", "Nama keliru")
    change = {"applicant": {"name": "Siti Maimunah binti H. Zainuddin Yusuf"}}
    corrected = intake.call("PATCH", path(case["id"]), "officer", who=YANTI, json=change)
    assert (corrected.json["waiting_for"], corrected.json["sent_back_reason"]) == ("lurah", None)


# --- how a case ends -------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [opened, submitted, received, verified])
def test_withdrawn_until_the_letters_are_issued(intake: InProcess, make: Any) -> None:
    case = make(intake)
    now = step(intake, case["id"], "withdrawal", "applicant", {"reason": "KK sudah ditemukan"})
    assert now["status"] == "withdrawn"
    assert now["actions"] == []
    assert events_of(intake, case["id"])[-1]["data"]["decision_reason"] == "KK sudah ditemukan"


def test_not_withdrawn_after_that(intake: InProcess) -> None:
    case = cast.issued(intake)
    response = intake.call("POST", path(case["id"], "withdrawal"), "applicant", who=ROHANA, json={})
    assert (response.status_code, response.json["status_of_case"]) == (409, "issued")
    assert show(intake, case["id"])["status"] == "issued"


def test_rejected_with_a_reason(intake: InProcess) -> None:
    case = step(intake, received(intake)["id"], "rejection", sent={"reason": "Bukan penduduk"})
    assert case["status"] == "rejected"
    assert case["decision_reason"] == "Bukan penduduk"


@pytest.mark.parametrize("name", ["receipt", "resubmission", "submission"])
def test_a_step_from_the_wrong_place_changes_nothing(intake: InProcess, name: str) -> None:
    case = verified(intake)
    before = events_of(intake, case["id"])
    response = intake.call("POST", path(case["id"], name), "officer", who=YANTI, json={})
    assert (response.status_code, response.json["type"]) == (409, "urn:problem:not-allowed-now")
    assert show(intake, case["id"]) == case
    assert events_of(intake, case["id"]) == before


def test_an_idempotent_step(intake: InProcess) -> None:
    case, key = submitted(intake), {"Idempotency-Key": str(uuid4())}
    first = step(intake, case["id"], "receipt", headers=key)
    assert step(intake, case["id"], "receipt", headers=key) == first
    assert len(lines_of(intake, case["id"])) == 3


def test_a_draft_that_nobody_takes_up_expires(intake: InProcess) -> None:
    draft, waiting = opened(intake), submitted(intake)
    intake.clock.at += timedelta(days=29)
    upkeep.expire_idle(intake.deps)
    assert show(intake, draft["id"])["status"] == "draft"
    intake.clock.at += timedelta(days=2)
    while intake.rows("SELECT 1 FROM application WHERE status = 'draft' AND changed_at < %s",
                      [intake.clock.at - timedelta(days=30)]):  # fmt: skip
        upkeep.expire_idle(intake.deps)
    assert show(intake, draft["id"])["status"] == "expired"
    assert show(intake, waiting["id"])["status"] == "submitted"
    assert events_of(intake, draft["id"])[-1]["type"] == "application.expired"
    assert lines_of(intake, draft["id"])[-1]["by"] == "system"


def told_of_the_end(intake: InProcess, case: dict[str, Any]) -> int:
    asked = [event["data"] for event in intake.told("message.requested") if event["data"]["template"] == "expires_soon"]
    return len([data for data in asked if str(data["application_id"]) == case["id"]])


def test_a_week_before_it_expires_the_person_is_told_once_after_each_change(intake: InProcess) -> None:
    draft = opened(intake)
    intake.clock.at += timedelta(days=22)
    upkeep.tell_idle(intake.deps)
    assert told_of_the_end(intake, draft) == 0
    intake.clock.at += timedelta(days=2)
    for _ in range(2):
        while upkeep.tell_idle(intake.deps):
            pass
        assert told_of_the_end(intake, draft) == 1
    change = {"details": {"remarks": "Masih dicari"}}
    assert intake.call("PATCH", path(draft["id"]), "applicant", who=ROHANA, json=change).status_code == 200
    intake.clock.at += timedelta(days=24)
    while upkeep.tell_idle(intake.deps):
        pass
    assert told_of_the_end(intake, draft) == 2
    assert show(intake, draft["id"])["status"] == "draft"


# --- the RT head began ------------------------------------------------------------------------------------


def begun_by_rt_head(intake: InProcess, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of the message to the resident, and the row of the draft."""
    introduction_id = uuid4()
    person = {
        "applicant": {"name": "Cek Mat", "address": "Lorong Melati 3"},
        "contact": {"name": "Cek Mat", "phone": "+6281271000099"},
        "rt_head": {"name": "Marzuki HS"},
    }
    cast.granted(intake, None, introduction_id, person=person, **more)
    found = intake.rows("SELECT * FROM application WHERE introduction_id = %s", [introduction_id])
    if not found:
        return {}, {}
    asked = intake.told("message.requested")[-1]["data"]
    assert asked["template"] == "draft_opened"
    assert asked["person"]["to"] == {"name": "Cek Mat", "phone": "+6281271000099"}
    return asked["person"]["values"], found[0]


def test_the_rt_head_begins_and_the_resident_goes_on(intake: InProcess) -> None:
    values, row = begun_by_rt_head(intake)
    assert row["channel"] == "rt_head"
    assert row["introduction"] == "granted"
    codes = {"tracking_code": values["tracking_code"].lower(), "code": values["claim_code"]}
    response = intake.call("POST", "/v1/applications/claims", "applicant", who=YUSUF, json=codes)
    assert response.status_code == 200, response.json
    assert response.json["applicant"]["name"] == "Cek Mat"
    assert "applicant.nik" in response.json["missing"]
    assert "reason" in response.json["missing"]
    assert events_of(intake, row["id"])[-1]["data"]["owner"] == "yusuf"
    person = cast.applicant()
    change = {"reason": "lost", "applicant": person}
    changed = intake.call("PATCH", path(row["id"]), "applicant", who=YUSUF, json=change)
    assert changed.json["missing"] == ["SURAT_KEHILANGAN"]
    again = intake.call("POST", "/v1/applications/claims", "applicant", who=ROHANA, json=codes)
    assert again.status_code == 404


def test_wrong_claim_codes_close_the_claim(intake: InProcess) -> None:
    values, _ = begun_by_rt_head(intake)
    right = {"tracking_code": values["tracking_code"], "code": values["claim_code"]}
    wrong = right | {"code": "00000000" if values["claim_code"] != "00000000" else "1"}
    for _ in range(5):
        response = intake.call("POST", "/v1/applications/claims", "applicant", who=YUSUF, json=wrong)
        assert (response.status_code, response.json["type"]) == (404, "urn:problem:claim-refused")
    assert intake.call("POST", "/v1/applications/claims", "applicant", who=YUSUF, json=right).status_code == 404


def test_the_claim_code_is_nowhere_in_the_clear(intake: InProcess) -> None:
    values, row = begun_by_rt_head(intake)
    outbox = intake.rows("SELECT data FROM outbox")
    assert not [1 for event in outbox if values["claim_code"] in event["data"] or "Cek Mat" in event["data"]]
    assert values["claim_code"].encode() not in bytes(row["claim_hash"])


def test_an_introduction_for_something_else_opens_nothing(intake: InProcess) -> None:
    assert begun_by_rt_head(intake, service=None) == ({}, {})


# --- promises follow the calendar ---------------------------------------------------------------------------


def test_a_changed_calendar_moves_the_promises(intake: InProcess) -> None:
    case, done = submitted(intake), cast.issued(intake)
    address = f"/v1/offices/{BUKIT_SANGKAL}"
    office = intake.call("GET", address)
    changed = office.json
    changed["calendar"]["closures"] = [{"name": "Pilkada", "first_day": "2026-08-18", "last_day": "2026-08-18"}]
    response = intake.call("PUT", address, "administrator", json=changed)
    assert response.status_code == 200, response.json
    assert "recompute_promises" in intake.work()
    assert show(intake, case["id"])["promised_at"] == "2026-08-20T16:00:00+07:00"
    assert events_of(intake, case["id"])[-1]["type"] == "application.changed"
    assert show(intake, done["id"])["promised_at"] == "2026-08-19T16:00:00+07:00"
    changed["calendar"]["closures"] = []
    intake.call("PUT", address, "administrator", json=changed)
    intake.work()
    assert show(intake, case["id"])["promised_at"] == "2026-08-19T16:00:00+07:00"


def test_the_state_of_everything_is_told_again(intake: InProcess) -> None:
    case = received(intake)
    count = upkeep.republish(intake.deps)
    told = intake.told()[-count:]
    assert {event["type"] for event in told} == {
        "clock.changed", "office.changed", "sop.published", "application.changed",
    }  # fmt: skip
    again = next(event for event in told if event["subject"] == case["id"])
    assert again["data"]["status"] == "received"
    assert len(again["data"]["files"]) == 2


def test_nobody_is_in_the_clear_in_the_database(intake: InProcess) -> None:
    case = received(intake)
    for table in ("application", "people", "timeline", "outbox", "idempotency"):
        for row in intake.rows(f"SELECT * FROM {table}"):
            text = re.sub(r"\s", " ", str(row))
            assert case["applicant"]["nik"] not in text, table
            assert "Maimunah" not in text, table
            assert "81271000072" not in text, table
