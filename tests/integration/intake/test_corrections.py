"""What only an officer can correct is asked for in words and answered within 3 × 24 hours, and nobody forgets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.domain.requests import MOST_OPEN
from intake.store import requests as store
from intake.usecases import requests
from kit.metrics import REQUESTS_DUE
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, YUSUF
from tests.integration.intake.test_consents import say
from tests.integration.intake.test_erasure import ask as erase
from tests.integration.intake.test_record import call as record
from tests.support.erasure import people_with
from tests.support.services import InProcess

WORDS = "Nama ayah saya tertulis Zainudin, seharusnya Zainuddin bin Kemas."
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def morning(intake: InProcess) -> None:
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
    with intake.deps.db.transaction("*") as tx:  # what other tests have asked for is done
        tx.execute("DELETE FROM correction")
        tx.execute("DELETE FROM record_part")
        tx.execute("DELETE FROM record")
        tx.execute("UPDATE erasure SET done_at = requested_at")
        tx.execute("UPDATE outbox SET published_at = clock_timestamp() WHERE published_at IS NULL")


@pytest.fixture
def case(intake: InProcess) -> str:
    return str(cast.opened(intake, intended_duplicate=True)["id"])


def want(intake: InProcess, case: str, words: str = WORDS, role: str = "applicant", who: Any = ROHANA) -> Any:
    return intake.call("POST", cast.path(case, "corrections"), role, who=who, json={"words": words})


def answered(intake: InProcess, case: str, correction: str, outcome: str = "done", note: str | None = None) -> Any:
    path = cast.path(case, "corrections", f"{correction}/answer")
    return intake.call("POST", path, "officer", who=YANTI, json={"outcome": outcome, "note": note})


def shown(intake: InProcess, case: str) -> list[dict[str, Any]]:
    listed = intake.call("GET", cast.path(case, "corrections"), "applicant", who=ROHANA)
    assert listed.status_code == 200, listed.text
    return list(listed.json["items"])


def open_requests(intake: InProcess) -> list[dict[str, Any]]:
    listed = intake.call("GET", "/v1/applications/requests?limit=200", "officer", who=YANTI)
    assert listed.status_code == 200, listed.text
    return list(listed.json["items"])


def test_the_person_sees_by_when_it_is_answered_and_then_how(intake: InProcess, case: str) -> None:
    made = want(intake, case)
    assert made.status_code == 201, made.text
    assert (made.json["state"], made.json["due_at"]) == ("asked", "2026-08-17T09:00:00+07:00"), "three times 24 hours"
    intake.clock.at += HOUR
    assert answered(intake, case, made.json["correction_id"], "done", "Sudah diperbaiki.").status_code == 200
    [one] = shown(intake, case)
    assert (one["state"], one["note"], one["words"], one["late"]) == ("done", "Sudah diperbaiki.", WORDS, False)
    assert one["answered_at"] == "2026-08-14T10:00:00+07:00"
    events = [line["event"] for line in cast.lines_of(intake, case)]
    assert events[-2:] == ["correction_asked", "correction_done"]


def test_the_same_words_again_are_the_same_request_and_the_same_answer_is_the_same_answer(
    intake: InProcess, case: str
) -> None:
    first, again = want(intake, case), want(intake, case)
    assert first.json["correction_id"] == again.json["correction_id"]
    for _again in range(2):
        assert answered(intake, case, first.json["correction_id"], "refused", "Surat sudah terbit.").status_code == 200
    other = answered(intake, case, first.json["correction_id"])
    assert (other.status_code, other.json["type"]) == (409, "urn:problem:correction-answered")
    assert want(intake, case).json["correction_id"] != first.json["correction_id"], "he can ask again"


def test_a_refusal_says_why_and_an_officer_s_time_has_a_bound(intake: InProcess, case: str) -> None:
    made = want(intake, case).json["correction_id"]
    assert answered(intake, case, made, "refused").status_code == 422
    for number in range(MOST_OPEN - 1):
        assert want(intake, case, f"Perbaikan {number}").status_code == 201
    refused = want(intake, case, "Satu lagi")
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:corrections-open")


def test_a_helper_and_a_stranger_neither_ask_nor_look(intake: InProcess, case: str) -> None:
    assert want(intake, case, who=YUSUF).status_code == 404
    helper = {"name": "Nur'aini", "phone": "081271000072", "relation": "tetangga"}
    helped = str(cast.opened(intake, intended_duplicate=True, helper=helper)["id"])
    assert want(intake, helped).json["type"] == "urn:problem:only-the-person"
    assert want(intake, helped, role="officer", who=YANTI).status_code == 201, "an officer on the person's behalf"
    assert intake.call("GET", cast.path(helped, "corrections"), "applicant", who=ROHANA).status_code == 403


def test_the_words_lie_sealed_and_go_with_the_case(intake: InProcess, case: str) -> None:
    words = "Nama ibu saya seharusnya Nyimas Halimah Contoh."
    want(intake, case, words)
    assert people_with(intake, "Halimah Contoh") == 1
    assert "Halimah" not in str(intake.rows("SELECT * FROM correction") + intake.rows("SELECT note FROM timeline"))
    cast.step(intake, case, "withdrawal", "applicant", {"reason": "tidak jadi"})
    assert erase(intake, case).status_code == 202
    intake.work()
    assert people_with(intake, "Halimah Contoh") == 0
    assert intake.rows("SELECT 1 AS one FROM correction WHERE application_id = %s", [case]) == []


def test_the_office_sees_all_requests_by_their_limit_and_is_warned_before_it(intake: InProcess, case: str) -> None:
    made = want(intake, case).json["correction_id"]
    intake.clock.at += HOUR
    other = str(cast.opened(intake, intended_duplicate=True)["id"])
    assert record(intake, "POST", other).status_code == 202
    lines = open_requests(intake)
    assert [(one["kind"], one["application_id"], one["state"]) for one in lines] == [
        ("correction", case, "open"), ("record", other, "open"),
    ]  # fmt: skip
    assert requests.watch(intake.deps) == 0
    intake.clock.at += 47 * HOUR
    assert [one["state"] for one in open_requests(intake)] == ["soon", "open"]
    assert requests.watch(intake.deps) == 1 and gauge("correction") == {"open": 1, "soon": 1, "late": 0}
    intake.clock.at += 24 * HOUR
    assert [one["state"] for one in open_requests(intake)] == ["late", "soon"]
    assert shown(intake, case)[0]["late"]
    assert requests.watch(intake.deps) == 2 and gauge("correction") == {"open": 1, "soon": 0, "late": 1}
    report = intake.call("GET", "/v1/reports/2026-08", "officer", who=YANTI).json["requests"]
    assert {"kind": "correction", "open": 1, "soon": 0, "late": 1} in report
    public = intake.call("GET", f"/v1/offices/{cast.BUKIT_SANGKAL}/reports/2026-07").json
    assert public["total"]["submitted"] == 0 and "requests" not in public
    answered(intake, case, made)
    assert [one["kind"] for one in open_requests(intake)] == ["record"], "answered it is off the list"


def test_a_withdrawn_consent_is_on_the_list_until_the_others_are_told(intake: InProcess, case: str) -> None:
    assert say(intake, case, "neighbours", False).status_code == 200
    assert [(one["kind"], one["application_id"]) for one in open_requests(intake)] == [("consent", case)]
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE outbox SET published_at = clock_timestamp() WHERE published_at IS NULL")
    assert open_requests(intake) == []


def test_the_list_goes_on_where_a_page_ended_and_another_office_sees_none_of_it(intake: InProcess) -> None:
    cases = [str(cast.opened(intake, intended_duplicate=True)["id"]) for _ in range(3)]
    for one in cases:
        want(intake, one)
    seen, query = [], "?limit=2"
    while query:
        page = intake.call("GET", f"/v1/applications/requests{query}", "lurah", who=YANTI).json
        seen += [one["application_id"] for one in page["items"]]
        query = page["next_cursor"] and f"?limit=2&cursor={page['next_cursor']}"
    assert sorted(seen) == sorted(cases)
    with intake.deps.db.transaction("16.71.10.1002") as tx:  # an office that this one's rows are not
        assert store.page(tx, requests.rules.WITHIN, None, 10) == []


def gauge(kind: str) -> dict[str, float]:
    return {
        sample.labels["state"]: sample.value
        for metric in REQUESTS_DUE.collect()
        for sample in metric.samples
        if sample.labels["kind"] == kind
    }
