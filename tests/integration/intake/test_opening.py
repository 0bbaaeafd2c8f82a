"""Opening, correcting and finding a case: what is accepted, what is refused and how, and who may see it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from kit.ids import new_id
from tests.integration.intake.cast import (
    ROHANA,
    YANTI,
    YUSUF,
    applicant,
    body,
    events_of,
    opened,
    path,
    put_file,
    received,
    show,
    step,
    submitted,
)
from tests.support.services import InProcess
from tests.support.tokens import KALIDONI


def post(intake: InProcess, sent: Any, role: str = "applicant", who: Any = ROHANA, **more: Any) -> Any:
    return intake.call("POST", "/v1/applications", role, who=who, json=sent, **more)


def count(intake: InProcess) -> int:
    return int(intake.rows("SELECT count(*) AS n FROM application")[0]["n"])


# --- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "where"),
    [
        (("applicant", "nik"), "1671105503550000", "applicant"),
        (("applicant", "nik"), "167110550355000", "applicant"),
        (("applicant", "nik"), "1671103203550001", "applicant"),
        (("applicant", "nik"), "١٦٧١١٠٥٥٠٣٥٥٠٠٠١", "applicant"),
        (("applicant", "nik"), 1671105503550001, "applicant"),
        (("applicant", "kk_number"), "12", "applicant"),
        (("applicant", "rt"), "lima", "applicant"),
        (("applicant", "rw"), "0", "applicant"),
        (("applicant", "sex"), "X", "applicant"),
        (("applicant", "birth_date"), "2999-01-01", "applicant"),
        (("applicant", "birth_date"), "15-03-1955", "applicant"),
        (("applicant", "name"), "Rohana\u202e", "applicant"),
        (("applicant", "name"), "   ", "applicant"),
        (("applicant", "name"), "Roha\x00na", "applicant"),
        (("contact", "phone"), "0711 355000", "contact"),
        (("contact", "phone"), "12", "contact"),
        (("details", "nobody_asked"), "x", "details"),
        (("details", "remarks"), 12, "details"),
        (("details", "family_members"), [{"name": "Rohana\u202e"}], "details"),
        (("details", "family_members"), [{"age": "4"}], "details"),
        (("details", "family_members"), "Rohana", "details"),
        (("reason",), "bored", "reason"),
        (("reason",), None, "reason"),
    ],
)
def test_what_is_wrong_is_named(intake: InProcess, place: tuple[str, ...], value: Any, where: str) -> None:
    sent = body(details={})
    part = sent
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    response = post(intake, sent)
    assert response.status_code == 422, response.json
    assert response.mimetype == "application/problem+json"
    found = response.json["errors"]["json"]
    assert where in found
    if len(place) > 1:
        assert place[-1] in found[where]


@pytest.mark.parametrize("phone", ["081271000072", "+62 812-7100-0072", "0062 812 7100 0072", "62 812 7100 0072"])
def test_a_phone_in_any_spelling(intake: InProcess, phone: str) -> None:
    case = opened(intake, contact={"name": "Rohana", "phone": phone})
    assert case["contact"]["phone"] == "+6281271000072"


@pytest.mark.parametrize("depth", [(), ("applicant",), ("contact",), ("helper",)])
def test_an_unknown_field_is_refused_at_each_depth(intake: InProcess, depth: tuple[str, ...]) -> None:
    helper = {"name": "Nur'aini", "phone": "081271000072", "relation": "tetangga"}
    sent = body(helper=helper)
    assert post(intake, deepcopy(sent)).status_code == 201
    sent = body(helper=helper)
    part = sent
    for name in depth:
        part = part[name]
    part["surprise"] = 1
    response = post(intake, sent)
    assert response.status_code == 422
    found = response.json["errors"]["json"]
    for name in depth:
        found = found[name]
    assert "surprise" in found


def test_names_are_kept_as_given(intake: InProcess) -> None:
    name = "Nur’aini é & Co <i> 王"
    assert opened(intake, applicant=applicant(name=name))["applicant"]["name"] == name


def test_a_nik_that_disagrees_is_a_warning(intake: InProcess) -> None:
    case = opened(intake, applicant=applicant(birth_date="1956-03-15", sex="L"))
    assert set(case["warnings"]) == {"nik-birth-date-differs", "nik-sex-differs"}


def test_a_wedding_warns_of_what_keeps_it_from_being_registered(intake: InProcess) -> None:
    young = applicant(birth_date="2009-03-15", nik="1671105503090001")
    tomorrow = (intake.clock.now() + timedelta(days=1)).date().isoformat()
    case = opened(intake, service="NIKAH", reason=None, applicant=young, details={"wedding_date": tomorrow})
    assert case["warnings"] == ["wedding-too-soon", "court-dispensation-needed"]
    later = (intake.clock.now() + timedelta(days=200)).date().isoformat()
    grown = applicant(birth_date="1999-03-15", nik="1671105503990001")
    assert (
        opened(intake, service="NIKAH", reason=None, applicant=grown, details={"wedding_date": later})["warnings"] == []
    )


def test_fields_that_follow_from_a_case_are_asked_for(intake: InProcess) -> None:
    def missing(status: str) -> list[str]:
        found: list[str] = opened(intake, service="NIKAH", reason=None, applicant=applicant(marital_status=status))[
            "missing_fields"
        ]
        return found

    assert "former_spouse_died_on" in missing("Cerai mati")
    assert "former_spouse_died_on" not in missing("Cerai hidup")


def test_a_service_that_the_office_does_not_have(intake: InProcess) -> None:
    response = post(intake, body(service="SIM"))
    assert (response.status_code, response.json["type"]) == (422, "urn:problem:service-unknown")


def test_an_office_that_is_not_served(intake: InProcess) -> None:
    response = post(intake, body(), who=ROHANA | {"tenant": KALIDONI})
    assert (response.status_code, response.json["type"]) == (404, "urn:problem:office-unknown")


def test_a_service_without_reasons(intake: InProcess) -> None:
    assert post(intake, body(service="SITU", reason=None)).status_code == 201
    assert post(intake, body(service="SITU", reason="lost")).status_code == 422


# --- one open case per person and service --------------------------------------------------------------


def test_a_second_open_case_is_a_duplicate(intake: InProcess) -> None:
    person = applicant()
    first = opened(intake, applicant=person)
    response = post(intake, body(applicant=person), who=YUSUF)
    assert (response.status_code, response.json["type"]) == (409, "urn:problem:duplicate-application")
    assert response.json["first"] == path(first["id"])
    assert post(intake, body(service="KTP", applicant=person)).status_code == 201
    meant = body(applicant=person, intended_duplicate=True)
    assert post(intake, meant).status_code == 201
    step(intake, first["id"], "withdrawal", "applicant")
    assert post(intake, body(applicant=person)).status_code == 409  # the intended one is open still


def test_after_the_end_of_a_case_the_next_may_begin(intake: InProcess) -> None:
    person = applicant()
    first = opened(intake, applicant=person)
    step(intake, first["id"], "withdrawal", "applicant")
    assert post(intake, body(applicant=person)).status_code == 201


def test_two_at_once_make_one_case(intake: InProcess) -> None:
    person = applicant()
    sent = body(applicant=person)
    answers = at_once(8, lambda: post(intake, sent))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    [made] = [answer.json["id"] for answer in answers if answer.status_code == 201]
    assert {answer.json["first"] for answer in answers if answer.status_code == 409} == {path(made)}


def test_a_correction_cannot_make_a_duplicate(intake: InProcess) -> None:
    person, other = applicant(), applicant()
    first = opened(intake, applicant=person)
    second = opened(intake, applicant=other)
    response = intake.call(
        "PATCH", path(second["id"]), "applicant", who=ROHANA, json={"applicant": {"nik": person["nik"]}}
    )
    assert (response.status_code, response.json["type"]) == (409, "urn:problem:duplicate-application")
    assert response.json["first"] == path(first["id"])


def test_fifty_requests_with_one_key_make_one_case(intake: InProcess) -> None:
    before, sent, key = count(intake), body(), {"Idempotency-Key": str(uuid4())}

    def once() -> tuple[int, str]:
        while True:
            response = post(intake, sent, headers=key)
            if response.status_code != 409:
                return response.status_code, response.json["id"]
            assert response.json["type"] == "urn:problem:idempotency-key-in-use"

    answers = at_once(50, once)
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert count(intake) == before + 1
    assert len(events_of(intake, answers[0][1])) == 1


def test_the_key_of_another_request(intake: InProcess) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    assert post(intake, body(), headers=key).status_code == 201
    response = post(intake, body(), headers=key)
    assert (response.status_code, response.json["type"]) == (422, "urn:problem:idempotency-key-reused")


# --- who sees it, and how it is changed ----------------------------------------------------------------


def test_another_person_does_not_see_it(intake: InProcess) -> None:
    case = opened(intake)
    before = intake.rows("SELECT count(*) AS n FROM refused_access")[0]["n"]
    for method, where in [("GET", path(case["id"])), ("GET", path(case["id"], "timeline"))]:
        assert intake.call(method, where, "applicant", who=YUSUF).status_code == 404
        assert intake.call(method, where, "applicant", who=ROHANA).status_code == 200
    assert intake.call("PATCH", path(case["id"]), "applicant", who=YUSUF, json={}).status_code == 404
    other = {"tenant": KALIDONI}
    assert intake.call("GET", path(case["id"]), "officer", who=other).status_code == 404
    recorded = intake.rows("SELECT caller, route, object FROM refused_access ORDER BY id")
    assert len(recorded) == before + 4
    assert recorded[-1]["caller"] == "officer-1"
    assert recorded[-1]["object"] == str(case["id"])
    assert recorded[-1]["route"] == "GET /v1/applications/<uuid:application_id>"


def test_a_correction_and_its_etag(intake: InProcess) -> None:
    case = opened(intake)
    change = {"applicant": {"religion": "Islam", "rt": "49"}, "details": {"remarks": "Dibantu tetangga"}}
    old = {"If-Match": '"7"'}
    response = intake.call("PATCH", path(case["id"]), "applicant", who=ROHANA, json=change, headers=old)
    assert (response.status_code, response.json["type"]) == (412, "urn:problem:precondition-failed")
    now = {"If-Match": f'"{case["version"]}"'}
    response = intake.call("PATCH", path(case["id"]), "applicant", who=ROHANA, json=change, headers=now)
    assert response.status_code == 200
    assert response.headers["ETag"] == '"2"'
    assert response.json["rt"] == "049"
    assert response.json["applicant"]["religion"] == "Islam"
    assert response.json["applicant"]["name"] == case["applicant"]["name"]
    told = events_of(intake, case["id"])[-1]
    assert told["type"] == "application.changed"
    assert told["data"]["person"]["details"] == {"remarks": "Dibantu tetangga"}
    removed = {"applicant": {"religion": None}}
    response = intake.call("PATCH", path(case["id"]), "applicant", who=ROHANA, json=removed)
    assert "religion" not in response.json["applicant"]
    response = intake.call("GET", path(case["id"]), "applicant", who=ROHANA)
    assert response.headers["ETag"] == '"3"'


def test_the_applicant_corrects_until_submitting_and_an_officer_until_issuing(intake: InProcess) -> None:
    case = submitted(intake)
    change = {"details": {"remarks": "x"}}
    assert intake.call("PATCH", path(case["id"]), "applicant", who=ROHANA, json=change).status_code == 409
    assert intake.call("PATCH", path(case["id"]), "officer", who=YANTI, json=change).status_code == 200
    assert "edit" not in show(intake, case["id"], "applicant", ROHANA)["actions"]
    assert "edit" in show(intake, case["id"])["actions"]


def test_the_queue_is_by_promised_date(intake: InProcess) -> None:
    cases = [submitted(intake) for _ in range(3)]
    listed = walk(intake, "officer", YANTI, limit=2)
    ids = [line["id"] for line in listed]
    assert {case["id"] for case in cases} <= set(ids)
    assert len(ids) == len(set(ids))
    dates = [line["promised_at"] for line in listed]
    assert dates == sorted(dates)
    assert {line["status"] for line in listed} <= {"submitted", "received", "verified", "issued"}


def test_the_queue_by_status_and_rt(intake: InProcess) -> None:
    case = received(intake, applicant=applicant(rt="52", rw="10"))
    listed = walk(intake, "officer", YANTI, status="received", rt="052")
    assert [line["id"] for line in listed] == [case["id"]]
    assert listed[0]["name"] == case["applicant"]["name"]
    assert walk(intake, "officer", YANTI, status="submitted", rt="052") == []
    assert walk(intake, "officer", YANTI, late="true", rt="052") == []


def test_people_list_their_own(intake: InProcess) -> None:
    who = {"sub": f"own-{uuid4()}"}
    ids = [opened(intake, who)["id"] for _ in range(3)]
    assert [line["id"] for line in walk(intake, "applicant", who, limit=1)] == ids[::-1]
    assert walk(intake, "applicant", who, service="KTP") == []


@pytest.mark.parametrize(
    "query",
    [
        "cursor=x",
        "cursor=WzFd",  # [1]
        "cursor=WyJ4IiwgIlx1MDAwMCJd",  # ["x", "\0"]
        "service=%00",
        "limit=0",
        "limit=201",
        "status=lost",
        "surprise=1",
    ],
)
def test_a_list_that_cannot_be_made(intake: InProcess, query: str) -> None:
    assert intake.call("GET", f"/v1/applications?{query}", "officer").status_code == 422


def test_tracking(intake: InProcess) -> None:
    case = received(intake)
    code = case["tracking_code"]
    for spelling in (code, code.lower(), code.replace("-", " "), code.removeprefix("PGT-")):
        for address in ("/v1/track/", "/lacak/"):
            response = intake.call("GET", f"{address}{spelling}")
            assert response.status_code == 200, spelling
            assert response.json["status"] == "received"
            assert response.json["promised_at"] == case["promised_at"]
    text = response.get_data(as_text=True)
    assert case["applicant"]["name"] not in text
    assert "yanti" not in text
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for unknown in (wrong, "x", "%00", "PGT"):
        assert intake.call("GET", f"/v1/track/{unknown}").status_code == 404


def test_a_file_that_is_still_looked_at(intake: InProcess) -> None:
    case = opened(intake)
    put_file(intake, case["id"], "PENGANTAR_RT")
    put_file(intake, case["id"], "SURAT_KEHILANGAN", "checking")
    response = intake.call("POST", path(case["id"], "submission"), "applicant", who=ROHANA, json={})
    assert (response.status_code, response.json["type"]) == (409, "urn:problem:files-being-checked")
    assert response.headers["Retry-After"] == "1"


def test_what_is_missing_is_listed(intake: InProcess) -> None:
    case = opened(intake, applicant=applicant(address=None))
    put_file(intake, case["id"], "SURAT_KEHILANGAN", "rejected")
    response = intake.call("POST", path(case["id"], "submission"), "applicant", who=ROHANA, json={})
    assert (response.status_code, response.json["type"]) == (422, "urn:problem:incomplete")
    assert response.json["missing"] == ["PENGANTAR_RT", "SURAT_KEHILANGAN", "applicant.address"]
    assert show(intake, case["id"])["status"] == "draft"


# --- every address that takes a POST -------------------------------------------------------------------

ROUTES: list[tuple[str, dict[str, Any], str, str]] = [
    # address, a body that fits, a role that may, a role that may not
    ("", {}, "applicant", "lurah"),
    ("claims", {"tracking_code": "PGT-7K3M9-XW2RB", "code": "1"}, "applicant", "officer"),
    ("{id}/introduction", {"purpose": "KK"}, "applicant", "lurah"),
    ("{id}/introduction/waiver", {"reason": "dikenal"}, "officer", "applicant"),
    ("{id}/submission", {}, "applicant", "lurah"),
    ("{id}/resubmission", {}, "applicant", "lurah"),
    ("{id}/receipt", {}, "officer", "applicant"),
    ("{id}/return", {"items": [{"requirement": "KTP", "problem": "buram"}]}, "officer", "applicant"),
    ("{id}/rejection", {"reason": "bukan warga"}, "officer", "applicant"),
    ("{id}/withdrawal", {}, "applicant", "lurah"),
    ("{id}/attestation-override", {"reason": "asli dilihat"}, "officer", "applicant"),
]


@pytest.mark.parametrize(("where", "sent", "role", "wrong_role"), ROUTES)
def test_refusals_of_each_post(intake: InProcess, where: str, sent: dict[str, Any], role: str, wrong_role: str) -> None:
    address = f"/v1/applications/{where}".rstrip("/").format(id=new_id())
    assert intake.call("POST", address, json=sent).status_code == 401
    response = intake.call("POST", address, headers={"Authorization": "Bearer x.y.z"}, json=sent)
    assert response.status_code == 401
    assert intake.call("POST", address, wrong_role, json=sent).status_code == 403
    response = intake.call("POST", address, role, data="a=1", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.json["type"]) == (415, "urn:problem:unsupported-media-type")
    response = intake.call("POST", address, role, data="{", content_type="application/json")
    assert (response.status_code, response.json["type"]) == (400, "urn:problem:bad-request")
    assert intake.call("POST", address, role, json=sent | {"surprise": 1}).status_code == 422
    if where:
        assert intake.call("POST", address, role, json=sent).status_code == 404


def at_once(number: int, act: Callable[[], Any]) -> list[Any]:
    """Does it so many times at the same instant."""
    gate = threading.Barrier(number)

    def run(_number: int) -> Any:
        gate.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def walk(intake: InProcess, role: str, who: Any, **query: Any) -> list[dict[str, Any]]:
    """Every page of a list."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = query | ({"cursor": cursor} if cursor else {})
        response = intake.call("GET", "/v1/applications", role, who=who, query_string=asked)
        assert response.status_code == 200, response.json
        found += response.json["items"]
        cursor = response.json["next_cursor"]
        if cursor is None:
            return found
