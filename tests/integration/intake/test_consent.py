"""A helper's case: it waits for the word of the person whose it is, in one of the ways in which that can be given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kit.sealed import looks_sealed
from tests.integration.intake.cast import (
    ROHANA,
    YANTI,
    events_of,
    granted,
    lines_of,
    opened,
    path,
    put_file,
    received,
    show,
    step,
)
from tests.integration.intake.test_files import send
from tests.support.files import jpeg
from tests.support.services import InProcess

NUR = {"sub": "nuraini"}
HELPER = {"name": "Nur'aini", "phone": "+6281271000072", "relation": "tetangga"}
OWN = "0812 7100 0071"
OWN_PHONE = "+6281271000071"
PAPERS = ("PENGANTAR_RT", "SURAT_KEHILANGAN")


def helped(intake: InProcess, **more: Any) -> dict[str, Any]:
    """A neighbour's draft for Rohana, with all its papers."""
    case = opened(intake, NUR, helper=HELPER, **more)
    for requirement in PAPERS:
        put_file(intake, case["id"], requirement)
    return case


def submit(intake: InProcess, case: dict[str, Any], who: dict[str, str] = NUR) -> Any:
    return intake.call("POST", path(case["id"], "submission"), "applicant", who=who, json={})


def post(intake: InProcess, address: str, sent: Any, role: str = "applicant", who: Any = NUR, **more: Any) -> Any:
    return intake.call("POST", address, role, who=who, json=sent, **more)


def messages(intake: InProcess, template: str, application_id: str) -> list[dict[str, Any]]:
    return [
        event["data"] for event in intake.told("message.requested")
        if event["data"]["template"] == template and str(event["data"]["application_id"]) == application_id
    ]  # fmt: skip


def ask(intake: InProcess, case: dict[str, Any], phone: str = OWN) -> str:
    """A code to her own phone; the code."""
    response = post(intake, path(case["id"], "consent", "codes"), {"phone": phone})
    assert response.status_code == 200, response.json
    code: str = messages(intake, "consent_code", case["id"])[-1]["person"]["values"]["code"]
    return code


def agreed(intake: InProcess, **more: Any) -> dict[str, Any]:
    """A helper's draft to which she agreed by a code."""
    case = helped(intake)
    code = ask(intake, case)
    return step(intake, case["id"], "consent", "applicant", {"method": "code", "code": code} | more, who=NUR)


def test_a_helpers_case_is_filed_as_a_draft_and_not_submitted_without_consent(intake: InProcess) -> None:
    case = helped(intake)
    shown = show(intake, case["id"], "applicant", NUR)
    assert shown["missing"] == ["CONSENT"]
    assert (shown["consent"]["status"], "submit" in shown["actions"]) == ("none", False)
    assert "SURAT_PERSETUJUAN" in shown["consent"]["to_do"]["id"]
    response = submit(intake, case)
    assert (response.status_code, response.json["type"]) == (422, "urn:problem:incomplete")
    assert response.json["missing"] == ["CONSENT"]
    assert "kode persetujuan ke HP-nya" in response.json["detail"]
    own = opened(intake)
    assert (own["consent"], own["missing"]) == (None, list(PAPERS))


def test_a_code_to_the_own_phone_is_consent_and_only_its_keyed_hash_is_kept(intake: InProcess) -> None:
    case = helped(intake)
    code = ask(intake, case)
    [asked] = messages(intake, "consent_code", case["id"])
    assert (asked["message_class"], asked["person"]["to"]["phone"]) == ("code", OWN_PHONE)
    assert asked["expires_at"] is not None
    [kept] = intake.rows("SELECT * FROM consent_code WHERE application_id = %s", [case["id"]])
    assert code.encode() not in bytes(kept["code_hash"])
    assert looks_sealed(bytes(kept["code_hash"]).decode())
    shown = step(intake, case["id"], "consent", "applicant", {"method": "code", "code": code}, who=NUR)
    assert (shown["consent"]["status"], shown["missing"]) == ("code", [])
    assert submit(intake, case).status_code == 200
    assert [(line["event"], line["by"], line["note"]) for line in lines_of(intake, case["id"])] == [
        ("opened", "helper", None),
        ("consent_code_sent", "helper", None),
        ("consent_given", "helper", "code"),
        ("submitted", "helper", None),
    ]
    assert messages(intake, "consent_given", case["id"])[0]["person"]["to"]["phone"] == OWN_PHONE


def test_events_carry_the_helpers_phone_sealed_and_nothing_of_how_the_owner_agreed(intake: InProcess) -> None:
    case = agreed(intake)
    told = events_of(intake, case["id"])[-1]
    assert told["type"] == "application.changed"
    assert told["data"]["person"]["helper"]["phone"] == HELPER["phone"]
    assert "consent" not in told["data"]["person"]


def test_a_code_is_refused_after_five_wrong_tries_and_a_fresh_one_holds(intake: InProcess) -> None:
    case = helped(intake)
    code = ask(intake, case)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        response = post(intake, path(case["id"], "consent"), {"method": "code", "code": wrong})
        assert (response.status_code, response.json["type"]) == (404, "urn:problem:consent-code-refused")
    assert post(intake, path(case["id"], "consent"), {"method": "code", "code": code}).status_code == 404
    later(intake, case, "2 minutes")
    fresh = ask(intake, case)
    assert post(intake, path(case["id"], "consent"), {"method": "code", "code": fresh}).status_code == 200


def test_a_code_holds_for_a_day_and_another_is_sent_after_a_minute_five_a_day(intake: InProcess) -> None:
    case = helped(intake)
    old = ask(intake, case)
    again = post(intake, path(case["id"], "consent", "codes"), {"phone": OWN})
    assert (again.status_code, again.json["type"]) == (429, "urn:problem:too-many-requests")
    assert 0 < int(again.headers["Retry-After"]) <= 60
    later(intake, case, "25 hours")
    assert post(intake, path(case["id"], "consent"), {"method": "code", "code": old}).status_code == 404
    for _ in range(5):
        ask(intake, case)
        later(intake, case, "2 minutes")
    most = post(intake, path(case["id"], "consent", "codes"), {"phone": OWN})
    assert most.status_code == 429
    assert int(most.headers["Retry-After"]) > 3600


def later(intake: InProcess, case: dict[str, Any], since: str) -> None:
    """As if the last code had been sent so long ago: its time is the machine's."""
    with intake.deps.db.transaction("*") as tx:
        tx.execute(
            "UPDATE consent_code SET sent_at = sent_at - %s::interval, expires_at = expires_at - %s::interval"
            " WHERE application_id = %s",
            [since, since, case["id"]],
        )


def test_the_helpers_own_number_is_not_the_applicants(intake: InProcess) -> None:
    case = helped(intake)
    response = post(intake, path(case["id"], "consent", "codes"), {"phone": "0812-7100-0072"})
    assert (response.status_code, response.json["type"]) == (422, "urn:problem:own-phone-wanted")
    assert messages(intake, "consent_code", case["id"]) == []
    assert post(intake, path(case["id"], "consent", "codes"), {"phone": "12"}).status_code == 422
    assert post(intake, path(case["id"], "consent", "codes"), {"phone": OWN}).status_code == 200


def test_a_photo_of_the_signed_consent_counts_while_it_is_there_and_is_verified_with_the_rest(
    intake: InProcess,
) -> None:
    case = helped(intake)
    paper = put_file(intake, case["id"], "SURAT_PERSETUJUAN")
    shown = show(intake, case["id"], "applicant", NUR)
    assert (shown["consent"]["status"], shown["missing"]) == ("signed_photo", [])
    assert shown["requirements"][-1]["code"] == "SURAT_PERSETUJUAN"
    put_file(intake, case["id"], "SURAT_PERSETUJUAN", "rejected")
    assert show(intake, case["id"])["missing"] == ["CONSENT"]
    paper = put_file(intake, case["id"], "SURAT_PERSETUJUAN")
    assert submit(intake, case).status_code == 200
    step(intake, case["id"], "receipt")
    told = events_of(intake, case["id"])[-1]["data"]
    assert str(paper) in {str(file["file_id"]) for file in told["files"]}
    assert str(paper) in told["person"]["grants"]


def test_the_signed_consent_is_a_document_of_a_helpers_case_only(intake: InProcess) -> None:
    case = helped(intake)
    made = send(intake, case["id"], jpeg(), "SURAT_PERSETUJUAN", who=NUR)
    assert made.status_code == 201, made.json
    intake.work()
    assert show(intake, case["id"])["consent"]["status"] == "signed_photo"
    own = opened(intake)
    refused = send(intake, own["id"], jpeg(), "SURAT_PERSETUJUAN")
    assert (refused.status_code, refused.json["type"]) == (422, "urn:problem:requirement-unknown")


def test_an_officer_returns_a_signed_consent_that_cannot_be_used(intake: InProcess) -> None:
    case = helped(intake)
    put_file(intake, case["id"], "SURAT_PERSETUJUAN")
    submit(intake, case)
    items = {"items": [{"requirement": "SURAT_PERSETUJUAN", "problem": "Tanda tangan tidak terlihat"}]}
    assert step(intake, case["id"], "return", sent=items)["status"] == "returned"
    own = received(intake)
    assert post(intake, path(own["id"], "return"), items, "officer", YANTI).status_code == 422


@pytest.mark.parametrize("method", ["in_person", "rt_head_word"])
def test_an_officer_records_what_he_heard_and_a_helper_does_not(intake: InProcess, method: str) -> None:
    case = helped(intake)
    refused = post(intake, path(case["id"], "consent"), {"method": method})
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:not-allowed-now")
    shown = step(intake, case["id"], "consent", sent={"method": method})
    assert shown["consent"]["status"] == method
    assert (lines_of(intake, case["id"])[-1]["by_staff"], submit(intake, case).status_code) == ("officer:yanti", 200)


def test_at_the_counter_an_officer_records_the_consent_of_somebodys_helper(intake: InProcess) -> None:
    case = opened(intake, ROHANA)
    assert post(intake, path(case["id"], "consent"), {"method": "in_person"}, "officer", YANTI).status_code == 409
    body = {"service": "KK", "reason": "lost", "applicant": case["applicant"] | {"nik": "1671105503559001"}}
    sent = body | {"contact": {"name": "Nur'aini", "phone": HELPER["phone"]}, "helper": HELPER}
    counter = post(intake, "/v1/applications", sent, "officer", YANTI)
    assert counter.status_code == 201, counter.json
    assert "CONSENT" in counter.json["missing"]
    shown = step(intake, counter.json["id"], "consent", sent={"method": "in_person"})
    assert "CONSENT" not in shown["missing"]


def test_messages_go_where_the_applicant_chose_and_the_helper_does_not_change_it(intake: InProcess) -> None:
    case = agreed(intake, messages_to="owner")
    assert case["contact"] == {"name": "Siti Maimunah binti H. Zainuddin", "phone": OWN_PHONE}
    change = {"contact": {"phone": HELPER["phone"]}}
    refused = intake.call("PATCH", path(case["id"]), "applicant", who=NUR, json=change)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:contact-chosen")
    assert intake.call("PATCH", path(case["id"]), "officer", who=YANTI, json=change).status_code == 200
    to_helper = agreed(intake, messages_to="helper")
    assert to_helper["contact"]["phone"] == HELPER["phone"]
    free = agreed(intake)
    assert intake.call("PATCH", path(free["id"]), "applicant", who=NUR, json=change).status_code == 200


def test_a_choice_of_the_own_phone_wants_its_number(intake: InProcess) -> None:
    case = helped(intake)
    sent = {"method": "in_person", "messages_to": "owner"}
    refused = post(intake, path(case["id"], "consent"), sent, "officer", YANTI)
    assert (refused.status_code, refused.json["type"]) == (422, "urn:problem:own-phone-wanted")
    shown = step(intake, case["id"], "consent", sent=sent | {"phone": OWN})
    assert shown["contact"]["phone"] == OWN_PHONE


def test_the_applicant_agrees_with_the_own_login_and_sees_the_case_from_then_on(intake: InProcess) -> None:
    case = helped(intake)
    code = ask(intake, case)
    sent = {"tracking_code": case["tracking_code"].lower(), "code": code, "messages_to": "owner"}
    assert intake.call("GET", path(case["id"]), "applicant", who=ROHANA).status_code == 404
    assert post(intake, "/v1/applications/consents", sent, who=NUR).status_code == 404
    response = post(intake, "/v1/applications/consents", sent, who=ROHANA)
    assert response.status_code == 200, response.json
    shown = show(intake, case["id"], "applicant", ROHANA)
    assert {"submit", "revoke-consent"} <= set(shown["actions"])
    listed = intake.call("GET", "/v1/applications", "applicant", who=ROHANA).json["items"]
    assert case["id"] in {line["id"] for line in listed}
    assert "revoke-consent" not in show(intake, case["id"], "applicant", NUR)["actions"]


def test_the_same_consent_sent_twice_is_answered_alike(intake: InProcess) -> None:
    case = helped(intake)
    code = ask(intake, case)
    key = {"Idempotency-Key": f"consent-{case['id']}"}
    sent = {"method": "code", "code": code}
    first = post(intake, path(case["id"], "consent"), sent, headers=key)
    again = post(intake, path(case["id"], "consent"), sent, headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(("agrees", "status"), [(True, "rt_head_word"), (False, "denied"), (None, "none")])
def test_the_rt_heads_word_comes_with_the_introduction(intake: InProcess, agrees: bool | None, status: str) -> None:
    case = helped(intake)
    asked = step(intake, case["id"], "introduction", "applicant", {"purpose": "Pengurusan KK"}, who=NUR)
    granted(intake, case["id"], asked["introduction"]["id"], owner_agrees=agrees)
    shown = show(intake, case["id"])
    assert (shown["introduction"]["status"], shown["consent"]["status"]) == ("granted", status)
    assert shown["missing"] == ([] if agrees else ["CONSENT"])
    said = [(line["event"], line["by"]) for line in lines_of(intake, case["id"]) if line["event"].startswith("consent")]
    assert said == {True: [("consent_given", "rt_head")], False: [("consent_denied", "rt_head")], None: []}[agrees]


def test_the_last_word_counts_whoever_brought_it(intake: InProcess) -> None:
    """The RT head says later that she does not agree: what she said before is not consent any more; what she says
    after it is."""
    case = helped(intake)
    asked = step(intake, case["id"], "introduction", "applicant", {"purpose": "Pengurusan KK"}, who=NUR)
    step(intake, case["id"], "consent", sent={"method": "in_person"})
    before = intake.clock.at
    intake.clock.at = before + timedelta(minutes=5)
    granted(intake, case["id"], asked["introduction"]["id"], owner_agrees=False)
    assert show(intake, case["id"])["missing"] == ["CONSENT"]
    intake.clock.at = before + timedelta(minutes=10)
    step(intake, case["id"], "consent", sent={"method": "in_person"})
    assert show(intake, case["id"])["missing"] == []
    late = helped(intake)
    asked = step(intake, late["id"], "introduction", "applicant", {"purpose": "Pengurusan KK"}, who=NUR)
    step(intake, late["id"], "consent", sent={"method": "in_person"})
    granted(intake, late["id"], asked["introduction"]["id"], owner_agrees=False, granted_at=before)
    assert show(intake, late["id"])["consent"]["status"] == "in_person"


def test_the_rt_heads_word_does_not_bring_back_a_helper_who_is_out(intake: InProcess) -> None:
    case = helped(intake)
    asked = step(intake, case["id"], "introduction", "applicant", {"purpose": "Pengurusan KK"}, who=NUR)
    step(intake, case["id"], "consent/revocation")
    granted(intake, case["id"], asked["introduction"]["id"], owner_agrees=True)
    assert show(intake, case["id"])["consent"]["status"] == "revoked"


def test_consent_is_of_one_person_a_helper_who_writes_another_name_has_none(intake: InProcess) -> None:
    case = helped(intake)
    step(intake, case["id"], "consent", sent={"method": "in_person"})
    changed = intake.call("PATCH", path(case["id"]), "applicant", who=NUR, json={"applicant": {"religion": "Islam"}})
    assert changed.json["missing"] == []
    other = {"applicant": {"name": "Orang Lain"}}
    changed = intake.call("PATCH", path(case["id"]), "applicant", who=NUR, json=other)
    assert changed.json["missing"] == ["CONSENT"]


def test_no_paper_says_otherwise_than_the_rt_heads_no(intake: InProcess) -> None:
    case = helped(intake)
    put_file(intake, case["id"], "SURAT_PERSETUJUAN")
    asked = step(intake, case["id"], "introduction", "applicant", {"purpose": "Pengurusan KK"}, who=NUR)
    assert "CONSENT" not in show(intake, case["id"])["missing"]
    granted(intake, case["id"], asked["introduction"]["id"], owner_agrees=False)
    assert "CONSENT" in show(intake, case["id"])["missing"]
