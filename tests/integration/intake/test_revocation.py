"""The person whose case it is wants no help any more: the helper is out, and the person goes on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.intake import cast
from tests.integration.intake.cast import (
    ROHANA,
    YANTI,
    YUSUF,
    events_of,
    issued,
    lines_of,
    path,
    show,
    step,
    submitted,
    verified,
)
from tests.integration.intake.test_consent import (
    HELPER,
    NUR,
    OWN,
    OWN_PHONE,
    agreed,
    ask,
    helped,
    messages,
    post,
    submit,
)
from tests.integration.intake.test_files import send
from tests.support.files import jpeg
from tests.support.services import InProcess

CODES = "/v1/applications/consents/revocation/codes"
BY_CODE = "/v1/applications/consents/revocation"


def revocation_code(intake: InProcess, case: dict[str, Any], phone: str = OWN) -> str:
    sent = {"tracking_code": case["tracking_code"], "phone": phone}
    response = post(intake, CODES, sent, who=ROHANA)
    assert (response.status_code, response.json) == (202, {})
    code: str = messages(intake, "consent_revocation_code", case["id"])[-1]["person"]["values"]["code"]
    return code


def assert_helper_is_out(intake: InProcess, case: dict[str, Any], who: dict[str, str] = NUR) -> None:
    """Whatever he tries: there is no such case."""
    tries = [
        ("GET", "", None), ("GET", "timeline", None), ("GET", "files", None), ("PATCH", "", {"details": {}}),
        ("POST", "submission", {}), ("POST", "withdrawal", {}), ("POST", "consent/codes", {"phone": OWN}),
        ("POST", "consent", {"method": "code", "code": "123456"}), ("POST", "consent/revocation", {}),
    ]  # fmt: skip
    for method, where, sent in tries:
        more = {} if sent is None else {"json": sent}
        address = path(case["id"], where) if where else path(case["id"])
        assert intake.call(method, address, "applicant", who=who, **more).status_code == 404, (method, where)
    listed = intake.call("GET", "/v1/applications?limit=200", "applicant", who=who).json["items"]
    assert case["id"] not in {line["id"] for line in listed}


def test_the_owner_revokes_by_a_code_and_the_case_is_on_the_own_login(intake: InProcess) -> None:
    case = agreed(intake)
    assert submit(intake, case).status_code == 200
    code = revocation_code(intake, case)
    sent = {"tracking_code": case["tracking_code"], "code": code}
    assert post(intake, BY_CODE, sent, who=NUR).status_code == 404
    response = post(intake, BY_CODE, sent, who=ROHANA)
    assert response.status_code == 200, response.json
    assert (response.json["status"], response.json["consent"]["status"]) == ("submitted", "revoked")
    assert "withdraw" in response.json["actions"]
    assert response.json["contact"]["phone"] == OWN_PHONE
    assert_helper_is_out(intake, case)
    last = lines_of(intake, case["id"])[-1]
    assert (last["event"], last["by"]) == ("consent_revoked", "applicant")
    told = events_of(intake, case["id"])[-1]
    assert (told["type"], told["data"]["owner"]) == ("application.changed", "rohana")
    assert told["data"]["person"]["helper"] == HELPER | {"revoked": True}


def test_a_revocation_code_goes_to_the_phone_that_agreed_only_and_nobody_learns_which(intake: InProcess) -> None:
    case = agreed(intake)
    wrong = {"tracking_code": case["tracking_code"], "phone": "0812 7100 0073"}
    response = post(intake, CODES, wrong, who=YUSUF)
    assert (response.status_code, response.json) == (202, {})
    assert messages(intake, "consent_revocation_code", case["id"]) == []
    revocation_code(intake, case)
    again = {"tracking_code": case["tracking_code"], "phone": OWN}
    assert post(intake, CODES, again, who=YUSUF).status_code == 202
    [once] = messages(intake, "consent_revocation_code", case["id"])
    assert once["person"]["to"]["phone"] == OWN_PHONE


def test_a_revocation_code_is_refused_after_five_wrong_tries(intake: InProcess) -> None:
    case = agreed(intake)
    code = revocation_code(intake, case)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for given in [wrong] * 5 + [code]:
        sent = {"tracking_code": case["tracking_code"], "code": given}
        assert post(intake, BY_CODE, sent, who=ROHANA).status_code == 404
    assert show(intake, case["id"])["consent"]["status"] == "code"


def test_the_owner_revokes_with_the_own_login(intake: InProcess) -> None:
    case = helped(intake)
    sent = {"tracking_code": case["tracking_code"], "code": ask(intake, case)}
    assert post(intake, "/v1/applications/consents", sent, who=ROHANA).status_code == 200
    refused = post(intake, path(case["id"], "consent", "revocation"), {}, who=NUR)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:not-allowed-now")
    step(intake, case["id"], "consent/revocation", "applicant")
    assert_helper_is_out(intake, case)
    assert show(intake, case["id"], "applicant", ROHANA)["missing"] == []
    assert submit(intake, case, ROHANA).status_code == 200


def test_an_officer_revokes_and_the_owner_takes_the_case_over_with_a_code(intake: InProcess) -> None:
    case = helped(intake)
    step(intake, case["id"], "consent/revocation", sent={"phone": OWN})
    assert_helper_is_out(intake, case)
    assert show(intake, case["id"], "officer")["missing"] == []
    [told] = messages(intake, "consent_revoked", case["id"])
    assert told["person"]["to"]["phone"] == OWN_PHONE
    [ended] = messages(intake, "help_ended", case["id"])
    assert ended["person"]["to"] == {"name": HELPER["name"], "phone": HELPER["phone"]}
    codes = {"tracking_code": case["tracking_code"], "code": told["person"]["values"]["claim_code"]}
    assert post(intake, "/v1/applications/claims", codes, who=NUR).status_code == 404
    assert post(intake, "/v1/applications/claims", codes, who=ROHANA).status_code == 200
    assert submit(intake, case, ROHANA).status_code == 200


def test_without_a_known_phone_messages_no_longer_go_to_the_helper(intake: InProcess) -> None:
    case = helped(intake)
    step(intake, case["id"], "consent/revocation")
    assert show(intake, case["id"])["contact"] == {"name": case["applicant"]["name"]}
    assert messages(intake, "consent_revoked", case["id"]) == []


@pytest.mark.parametrize("make", [submitted, verified])
def test_it_can_be_revoked_until_the_letters_are_issued(intake: InProcess, make: Any) -> None:
    case = make(intake, helper=HELPER)
    assert step(intake, case["id"], "consent/revocation")["status"] == case["status"]
    over = issued(intake, helper=HELPER)
    refused = post(intake, path(over["id"], "consent", "revocation"), {}, "officer", YANTI)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:not-allowed-now")
    assert intake.call("GET", path(over["id"]), "applicant", who=ROHANA).status_code == 200


def test_links_and_kept_answers_of_the_helper_open_nothing_more(intake: InProcess) -> None:
    key = {"Idempotency-Key": "nuraini-opens-it"}
    who = cast.applicant()
    contact = {"name": HELPER["name"], "phone": HELPER["phone"]}
    body = {"service": "KK", "reason": "lost", "contact": contact, "helper": HELPER, "applicant": who}
    case = post(intake, "/v1/applications", body, headers=key).json
    file_id = send(intake, case["id"], jpeg(), "PENGANTAR_RT", who=NUR).json["file_id"]
    intake.work()
    link = urlsplit(post(intake, path(case["id"], "files", file_id, "links"), {}).json["url"])
    address = f"{link.path}?{link.query}"
    assert intake.call("GET", address).status_code == 200
    assert post(intake, "/v1/applications", body, headers=key).json["id"] == case["id"]
    step(intake, case["id"], "consent/revocation")
    assert intake.call("GET", address).status_code == 404
    refused = post(intake, "/v1/applications", body, headers=key)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:duplicate-application")


def test_what_the_owner_said_last_counts(intake: InProcess) -> None:
    case = agreed(intake)
    step(intake, case["id"], "consent/revocation")
    assert_helper_is_out(intake, case)
    shown = step(intake, case["id"], "consent", sent={"method": "in_person"})
    assert shown["consent"]["status"] == "in_person"
    assert show(intake, case["id"], "applicant", NUR)["helper"] == HELPER
    assert events_of(intake, case["id"])[-1]["data"]["owner"] == "nuraini"


def test_where_nobody_helps_there_is_nothing_to_revoke(intake: InProcess) -> None:
    case = submitted(intake)
    refused = post(intake, path(case["id"], "consent", "revocation"), {}, "officer", YANTI)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:no-helper")


def test_a_helper_who_is_out_cannot_use_up_the_owners_tries(intake: InProcess) -> None:
    case = agreed(intake)
    code = revocation_code(intake, case)
    for _ in range(6):
        wrong = {"tracking_code": case["tracking_code"], "code": "000000"}
        assert post(intake, BY_CODE, wrong, who=NUR).status_code == 404
    right = {"tracking_code": case["tracking_code"], "code": code}
    assert post(intake, BY_CODE, right, who=ROHANA).status_code == 200


def test_a_claim_code_that_is_lost_is_sent_again_to_the_own_phone(intake: InProcess) -> None:
    case = agreed(intake)
    step(intake, case["id"], "consent/revocation")
    claims = "/v1/applications/claims"
    for _ in range(6):
        sent = {"tracking_code": case["tracking_code"], "code": "00000000"}
        assert post(intake, claims, sent, who=NUR).status_code == 404  # the helper has no tries
        assert post(intake, claims, sent, who=YUSUF).status_code == 404  # a stranger uses them up
    first = messages(intake, "consent_revoked", case["id"])[-1]["person"]["values"]["claim_code"]
    sent = {"tracking_code": case["tracking_code"], "code": first}
    assert post(intake, claims, sent, who=ROHANA).status_code == 404
    wanted = {"tracking_code": case["tracking_code"], "phone": OWN}
    assert post(intake, CODES, wanted, who=ROHANA).status_code == 202
    second = messages(intake, "consent_revoked", case["id"])[-1]["person"]["values"]["claim_code"]
    sent = {"tracking_code": case["tracking_code"], "code": second}
    assert post(intake, claims, sent, who=ROHANA).status_code == 200
