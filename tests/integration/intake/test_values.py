"""Values of a case: who gave each or read it from which file, and what a person's other cases offer for the next."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from kit.ids import new_id
from tests.integration.intake import cast
from tests.integration.intake.cast import (
    ROHANA,
    YANTI,
    YUSUF,
    applicant,
    events_of,
    opened,
    path,
    put_file,
    show,
    step,
    submitted,
)
from tests.integration.intake.test_consent import HELPER, NUR, OWN, OWN_PHONE, ask, messages, post
from tests.support.services import InProcess

KNOWN = {"religion": "Islam", "occupation": "Mengurus rumah tangga"}


def patch(intake: InProcess, case: dict[str, Any], sent: Any, role: str = "officer", who: Any = YANTI) -> Any:
    return intake.call("PATCH", path(case["id"]), role, who=who, json=sent)


def provenance(intake: InProcess, case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = show(intake, case["id"])["provenance"]
    return found


def offered(intake: InProcess, case: dict[str, Any], who: Any, role: str = "applicant") -> dict[str, Any]:
    answer = intake.call("GET", path(case["id"], "suggestions"), role, who=who)
    assert answer.status_code == 200, answer.json
    return {line["field"]: line["value"] for line in answer.json["items"]}


def test_each_value_keeps_who_gave_it_and_the_scan_that_an_officer_read_it_from(intake: InProcess) -> None:
    case = submitted(intake)
    scan = put_file(intake, case["id"], "KK_LAMA")
    sent = {"applicant": {"religion": "Islam"}, "details": {"old_kk_number": "1671101204080017"}}
    assert patch(intake, case, sent | {"read_from": str(scan)}).status_code == 200
    known = provenance(intake, case)
    assert known["name"]["source"] == "applicant" and known["name"]["by"] == "rohana"
    assert known["name"]["file_id"] is None
    for code in ("religion", "old_kk_number"):
        assert (known[code]["source"], known[code]["by"], known[code]["file_id"]) == (
            "officer", "officer:yanti", str(scan),
        )  # fmt: skip
        assert known[code]["at"].endswith("+07:00")
    patch(intake, case, {"applicant": {"religion": "Kristen"}})
    assert provenance(intake, case)["religion"]["file_id"] is None
    patch(intake, case, {"applicant": {"religion": None}})
    assert "religion" not in provenance(intake, case)


def test_only_the_office_sees_who_gave_a_value_and_no_event_carries_it(intake: InProcess) -> None:
    case = submitted(intake)
    assert show(intake, case["id"], "applicant", ROHANA)["provenance"] is None
    assert show(intake, case["id"])["provenance"]
    assert "provenance" not in events_of(intake, case["id"])[-1]["data"]["person"]
    [kept] = intake.rows("SELECT sealed FROM people p JOIN application a ON a.person_id = p.id WHERE a.id = %s",
                         [case["id"]])  # fmt: skip
    assert "provenance" not in kept["sealed"]


def test_values_are_read_from_a_file_of_the_case_that_can_be_read(intake: InProcess) -> None:
    case, other = submitted(intake), submitted(intake)
    elsewhere = put_file(intake, other["id"], "KK_LAMA")
    damaged = put_file(intake, case["id"], "KK_LAMA", "rejected")
    for file_id in (elsewhere, damaged, new_id()):
        refused = patch(intake, case, {"applicant": {"religion": "Islam"}, "read_from": str(file_id)})
        assert (refused.status_code, refused.json["type"]) == (422, "urn:problem:file-unknown")
    assert "religion" not in show(intake, case["id"])["applicant"]


def test_a_helpers_values_and_an_rt_heads_are_marked_as_theirs(intake: InProcess) -> None:
    case = opened(intake, NUR, helper=HELPER)
    assert provenance(intake, case)["nik"]["source"] == "helper"
    head, introduction = uuid4(), uuid4()
    person = {"applicant": {"name": "Rohana"}, "contact": {"name": "Rohana", "phone": OWN_PHONE}}
    cast.granted(intake, None, introduction, officeholder_id=head, person=person)
    [row] = intake.rows("SELECT id FROM application WHERE introduction_id = %s", [introduction])
    known = provenance(intake, row)
    assert (known["name"]["source"], known["name"]["by"]) == ("rt_head", f"officeholder:{head}")


# --- what other cases offer ------------------------------------------------------------------------------


def earlier(intake: InProcess, who: dict[str, str] = ROHANA, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A case of somebody in which an officer read more than she gave, and her."""
    person = applicant()
    case = opened(intake, who, applicant=person, **more)
    put_file(intake, case["id"], "PENGANTAR_RT")
    put_file(intake, case["id"], "SURAT_KEHILANGAN")
    assert intake.call("POST", path(case["id"], "submission"), "applicant", who=who, json={}).status_code == 200
    assert patch(intake, case, {"applicant": KNOWN, "details": {"remarks": "Pernah dibantu"}}).status_code == 200
    return case, person


def next_case(intake: InProcess, person: dict[str, Any], who: dict[str, str] = ROHANA, **more: Any) -> dict[str, Any]:
    return opened(intake, who, applicant=person, service="KTP", **more)


def test_values_of_a_running_or_ended_case_are_offered_in_the_next_and_not_filled_in(intake: InProcess) -> None:
    first, person = earlier(intake)
    case = next_case(intake, person)
    assert "religion" not in case["applicant"]
    answer = intake.call("GET", case["links"]["suggestions"], "applicant", who=ROHANA).json["items"]
    assert {(line["part"], line["field"], line["value"]) for line in answer} == {
        ("applicant", field, value) for field, value in KNOWN.items()
    }
    assert {line["tracking_code"] for line in answer} == {first["tracking_code"]}
    assert answer[0]["at"] == provenance(intake, first)[answer[0]["field"]]["at"]
    patch(intake, case, {"applicant": {"religion": "Islam"}}, "applicant", ROHANA)
    assert offered(intake, case, ROHANA) == {"occupation": KNOWN["occupation"]}
    step(intake, first["id"], "withdrawal", "applicant")
    assert offered(intake, case, ROHANA) == {"occupation": KNOWN["occupation"]}


def test_a_nik_alone_opens_nobodys_values(intake: InProcess) -> None:
    _first, person = earlier(intake)
    strangers = next_case(intake, person, YUSUF, intended_duplicate=True)
    assert offered(intake, strangers, YUSUF) == {}
    assert offered(intake, strangers, YANTI, "officer") == KNOWN
    assert intake.call("GET", path(strangers["id"], "suggestions"), "applicant", who=ROHANA).status_code == 404
    assert offered(intake, next_case(intake, person, intended_duplicate=True), ROHANA) == KNOWN


def test_a_helper_is_offered_nothing_before_consent(intake: InProcess) -> None:
    _first, person = earlier(intake)
    case = next_case(intake, person, NUR, helper=HELPER)
    assert offered(intake, case, NUR) == {}
    assert offered(intake, case, YANTI, "officer") == KNOWN
    put_file(intake, case["id"], "SURAT_PERSETUJUAN")
    assert offered(intake, case, NUR) == {}
    step(intake, case["id"], "consent", sent={"method": "in_person"})
    assert offered(intake, case, NUR) == KNOWN


@pytest.mark.parametrize("phone", [OWN, "0812 7100 0075"])
def test_a_code_opens_the_cases_that_know_its_phone_as_the_persons(intake: InProcess, phone: str) -> None:
    _first, person = earlier(intake, contact={"name": "Rohana", "phone": OWN})
    case = next_case(intake, person, NUR, helper=HELPER)
    code = ask(intake, case, phone)
    step(intake, case["id"], "consent", "applicant", {"method": "code", "code": code}, who=NUR)
    assert messages(intake, "consent_given", case["id"])
    assert offered(intake, case, NUR) == (KNOWN if phone == OWN else {})


def test_a_helper_who_is_out_is_offered_nothing(intake: InProcess) -> None:
    _first, person = earlier(intake)
    case = next_case(intake, person, NUR, helper=HELPER)
    step(intake, case["id"], "consent", sent={"method": "in_person"})
    step(intake, case["id"], "consent/revocation")
    assert intake.call("GET", path(case["id"], "suggestions"), "applicant", who=NUR).status_code == 404
    assert offered(intake, case, YANTI, "officer") == KNOWN


def test_drafts_and_rejected_cases_offer_nothing(intake: InProcess) -> None:
    first, person = earlier(intake)
    case = next_case(intake, person)
    step(intake, first["id"], "rejection", sent={"reason": "Bukan warga"})
    assert offered(intake, case, YANTI, "officer") == {}
    draft_of = applicant()
    opened(intake, applicant=draft_of | KNOWN)
    assert offered(intake, next_case(intake, draft_of), ROHANA) == {}


def test_a_case_that_cannot_be_corrected_any_more_is_offered_nothing(intake: InProcess) -> None:
    _first, person = earlier(intake)
    case = next_case(intake, person)
    assert offered(intake, case, ROHANA) == KNOWN
    step(intake, case["id"], "withdrawal", "applicant")
    assert offered(intake, case, ROHANA) == {}
    assert post(intake, path(case["id"], "suggestions"), {}, who=ROHANA).status_code == 405
