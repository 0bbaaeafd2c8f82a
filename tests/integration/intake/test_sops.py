"""SOPs that change: drafted, refused with reasons, published from a day on, compared, tried and retired."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.catalogue import shipped_drafts
from intake.usecases.sops import ship_drafts
from intake.usecases.upkeep import republish
from tests.integration.intake.cast import ROHANA, YANTI, applicant, body, lines_of, opened, path, put_file, show, step
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

LURAH = {"sub": "lurah:bukit-sangkal"}
FRIDAY = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
_serial = itertools.count(1)


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    intake.clock.at = FRIDAY
    yield
    intake.clock.at = FRIDAY


def sop(service: str = "DOMISILI", **more: Any) -> dict[str, Any]:
    found = next(copy.deepcopy(one) for one in shipped_drafts() if one["service"] == service)
    return {name: value for name, value in found.items() if name not in ("service", "version", "effective_from")} | more


def a_code() -> str:
    return f"BARU_{next(_serial)}"


def call(intake: InProcess, method: str, where: str, sent: Any = None, role: str = "lurah", **more: Any) -> Any:
    who = LURAH if role == "lurah" else YANTI
    return intake.call(method, f"/v1/services/{where}", role, who=who, json=sent, **more)


def drafted(intake: InProcess, code: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = call(intake, "POST", f"{code}/drafts", {"sop": data} if data else {})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def published(intake: InProcess, code: str, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    draft = drafted(intake, code, data)
    answer = call(intake, "POST", f"drafts/{draft['id']}/publication", more)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def offered(intake: InProcess, code: str) -> int | None:
    answer = intake.call("GET", f"/v1/services/{code}?kelurahan={BUKIT_SANGKAL}")
    return int(answer.json["version"]) if answer.status_code == 200 else None


def test_a_service_of_the_offices_own_is_added_without_code_and_a_case_of_it_runs(intake: InProcess) -> None:
    code = a_code()
    assert offered(intake, code) is None
    refused = intake.call("POST", "/v1/applications", "applicant", who=ROHANA, json=body(service=code, reason=None))
    assert refused.status_code == 422
    published(intake, code, sop("DOMISILI"))
    assert offered(intake, code) == 1
    case = opened(intake, service=code, reason=None, details={"card_address": "here"})
    states = {one["code"]: one["state"] for one in case["requirements"]}
    assert states == {"PENGANTAR_RT": "missing", "KK": "missing", "KTP": "missing", "BUKTI_TINGGAL": "not_needed"}
    for requirement in ("PENGANTAR_RT", "KK", "KTP"):
        put_file(intake, case["id"], requirement)
    done = step(intake, case["id"], "submission", "applicant")
    assert (done["status"], done["missing_fields"]) == (
        "submitted", ["residence_address", "residence_since", "purpose"],
    )  # fmt: skip
    [told] = [one for one in intake.told("sop.published") if one["data"]["service"] == code]
    assert told["data"]["sop"]["letters"][0]["kind"] == "keterangan"


def test_a_requirement_may_hang_on_what_the_applicant_says(intake: InProcess) -> None:
    code = a_code()
    published(intake, code, sop("DOMISILI"))
    case = opened(intake, service=code, reason=None, details={"card_address": "elsewhere"})
    assert "BUKTI_TINGGAL" in case["missing"]
    changed = intake.call(
        "PATCH", path(case["id"]), "applicant", who=ROHANA, json={"details": {"card_address": "here"}}
    )
    assert "BUKTI_TINGGAL" not in changed.json["missing"]


def test_an_optional_requirement_is_shown_and_never_missing(intake: InProcess) -> None:
    code = a_code()
    published(intake, code, sop("SKTM"))
    case = opened(intake, service=code, reason=None, details={"benefit": "school"})
    assert {one["code"]: one["state"] for one in case["requirements"]}["SURAT_SEKOLAH"] == "optional"
    assert "SURAT_SEKOLAH" not in case["missing"]
    put_file(intake, case["id"], "SURAT_SEKOLAH")
    shown = {one["code"]: one["state"] for one in show(intake, case["id"])["requirements"]}
    assert shown["SURAT_SEKOLAH"] == "present"


def test_an_officer_waives_a_requirement_with_a_reason(intake: InProcess) -> None:
    case = opened(intake)
    where = path(case["id"], "requirements", "SURAT_KEHILANGAN", "waiver")
    assert intake.call("POST", where, "applicant", who=ROHANA, json={"reason": "Repot"}).status_code == 403
    assert intake.call("POST", where, "officer", who=YANTI, json={}).status_code == 422
    answer = intake.call("POST", where, "officer", who=YANTI, json={"reason": "Sudah dilihat di loket"})
    assert answer.status_code == 200
    [state] = [one for one in answer.json["requirements"] if one["code"] == "SURAT_KEHILANGAN"]
    assert (state["state"], state["note"]) == ("waived", "Sudah dilihat di loket")
    assert "SURAT_KEHILANGAN" not in answer.json["missing"]
    lines = len(lines_of(intake, case["id"]))
    again = intake.call("POST", where, "officer", who=YANTI, json={"reason": "Sudah dilihat di loket"})
    assert (again.status_code, len(lines_of(intake, case["id"]))) == (200, lines)
    unknown = path(case["id"], "requirements", "SURAT_SAKTI", "waiver")
    assert intake.call("POST", unknown, "officer", who=YANTI, json={"reason": "x"}).status_code == 422
    intro = path(case["id"], "requirements", "PENGANTAR_RT", "waiver")
    assert intake.call("POST", intro, "officer", who=YANTI, json={"reason": "RT sakit"}).json["introduction"][
        "status"
    ] == "waived"  # fmt: skip
    assert step(intake, case["id"], "submission", "applicant")["status"] == "submitted"


def test_publishing_is_refused_with_every_reason_and_changes_nothing(intake: InProcess) -> None:
    code = a_code()
    wrong = sop("DOMISILI", steps=["receive", "dance"])
    wrong["letters"][0]["kind"] = "sakti"
    wrong["requirements"][1]["reasons"] = ["bored"]
    draft = drafted(intake, code, wrong)
    assert {one["where"] for one in draft["problems"]} == {"steps", "letters.sakti", "requirements.KK"}
    answer = call(intake, "POST", f"drafts/{draft['id']}/publication", {})
    assert (answer.status_code, answer.json["type"]) == (422, "urn:problem:sop-not-publishable")
    assert set(answer.json["errors"]["sop"]) == {"steps", "letters.sakti", "requirements.KK"}
    assert "keterangan" in answer.json["letters"]
    assert offered(intake, code) is None
    mended = call(intake, "PUT", f"drafts/{draft['id']}", {"sop": sop("DOMISILI")})
    assert (mended.status_code, mended.json["problems"], mended.json["version"]) == (200, [], 2)
    assert call(intake, "POST", f"drafts/{draft['id']}/publication", {}).status_code == 201


def test_a_case_keeps_the_version_that_it_began_with(intake: InProcess) -> None:
    code = a_code()
    published(intake, code, sop("DOMISILI"))
    early = opened(intake, service=code, reason=None)
    stricter = sop("DOMISILI")
    stricter["requirements"].append(stricter["requirements"][1] | {"code": "AKTA"})
    assert published(intake, code, stricter)["version"] == 2
    late = opened(intake, service=code, reason=None)
    assert (show(intake, early["id"])["sop_version"], late["sop_version"]) == (1, 2)
    assert "AKTA" in late["missing"]
    assert "AKTA" not in show(intake, early["id"])["missing"]


def test_a_version_is_in_force_from_its_day_on_and_never_from_a_day_that_has_passed(intake: InProcess) -> None:
    code = a_code()
    published(intake, code, sop("DOMISILI"))
    draft = drafted(intake, code)
    late = call(intake, "POST", f"drafts/{draft['id']}/publication", {"effective_from": "2026-08-13"})
    assert (late.status_code, late.json["type"]) == (422, "urn:problem:day-passed")
    ahead = call(intake, "POST", f"drafts/{draft['id']}/publication", {"effective_from": "2026-08-18"})
    assert ahead.status_code == 201
    assert offered(intake, code) == 1
    listed = call(intake, "GET", f"{code}/versions", role="officer").json["items"]
    assert [(one["version"], one["in_force"]) for one in listed] == [(2, False), (1, True)]
    intake.clock.at = FRIDAY + timedelta(days=3, hours=15, minutes=1)  # a minute into Tuesday at the office
    assert offered(intake, code) == 2


def test_a_retired_service_takes_no_new_cases_and_those_that_run_go_on(intake: InProcess) -> None:
    code = a_code()
    published(intake, code, sop("DOMISILI"))
    case = opened(intake, service=code, reason=None, details={"card_address": "here"})
    assert call(intake, "POST", f"{code}/retirement", {"from_date": "2026-08-18"}).status_code == 200
    assert offered(intake, code) == 1
    intake.clock.at = FRIDAY + timedelta(days=4)
    assert offered(intake, code) is None
    refused = intake.call("POST", "/v1/applications", "applicant", who=ROHANA, json=body(service=code, reason=None))
    assert (refused.status_code, refused.json["type"]) == (422, "urn:problem:service-unknown")
    for requirement in ("PENGANTAR_RT", "KK", "KTP"):
        put_file(intake, case["id"], requirement)
    assert step(intake, case["id"], "submission", "applicant")["status"] == "submitted"
    assert published(intake, code)["version"] == 2
    assert offered(intake, code) == 2


def test_two_versions_are_compared_part_by_part_in_the_readers_language(intake: InProcess) -> None:
    code = a_code()
    published(intake, code, sop("DOMISILI"))
    shorter = sop("DOMISILI", days=2)
    shorter["requirements"].pop()
    draft = drafted(intake, code, shorter)
    found = call(intake, "GET", f"drafts/{draft['id']}/comparison", role="officer").json["items"]
    assert [(one["part"], one["code"], one["change"]) for one in found] == [
        ("days", None, "changed"), ("requirements", "BUKTI_TINGGAL", "removed"),
    ]  # fmt: skip
    assert (found[0]["before"], found[0]["after"]) == (3, 2)
    call(intake, "POST", f"drafts/{draft['id']}/publication", {})
    english = call(intake, "GET", f"{code}/versions/1/comparison/2", headers={"Accept-Language": "en"}).json["items"]
    assert english[1]["said"] == "Requirement “Proof of residence”: removed."
    assert call(intake, "GET", f"{code}/versions/1/comparison/9").status_code == 404
    assert call(intake, "GET", f"{code}/versions/2").json["days"] == 2


def test_who_changed_what_is_on_record(intake: InProcess) -> None:
    code = a_code()
    draft = drafted(intake, code, sop("DOMISILI"))
    call(intake, "PUT", f"drafts/{draft['id']}", {"sop": sop("DOMISILI", days=2)})
    call(intake, "POST", f"drafts/{draft['id']}/publication", {})
    call(intake, "POST", f"{code}/retirement", {})
    lines = call(intake, "GET", f"{code}/changes", role="officer").json["items"]
    assert [(one["action"], one["version"], one["account"], one["by"]) for one in reversed(lines)] == [
        ("drafted", None, LURAH["sub"], "lurah"), ("edited", None, LURAH["sub"], "lurah"),
        ("published", 1, LURAH["sub"], "lurah"), ("retired", 1, LURAH["sub"], "lurah"),
    ]  # fmt: skip
    assert lines[2]["parts"] == ["days"]


def test_a_dry_run_says_which_past_cases_would_have_needed_something_else_and_writes_nothing(
    intake: InProcess,
) -> None:
    code = a_code()
    published(intake, code, sop("SKTM"))
    school = opened(intake, service=code, reason=None, details={"benefit": "school"})
    there = opened(intake, service=code, reason=None, details={"benefit": "school"})
    opened(intake, service=code, reason=None, details={"benefit": "other"})
    put_file(intake, there["id"], "SURAT_SEKOLAH")
    stricter = sop("SKTM")
    stricter["requirements"][4].pop("optional")
    draft = drafted(intake, code, stricter)
    before = len(intake.told())
    found = call(intake, "POST", f"drafts/{draft['id']}/dry-run", {"last": 10}, role="officer").json
    assert found["looked_at"] == 3
    assert {one["application_id"]: [(e["code"], e["change"], e["there"]) for e in one["effects"]]
            for one in found["changed"]} == {
        school["id"]: [("SURAT_SEKOLAH", "needed", False)], there["id"]: [("SURAT_SEKOLAH", "needed", True)],
    }  # fmt: skip
    assert len(intake.told()) == before
    text = str(found)
    assert "Maimunah" not in text and applicant()["address"] not in text


def test_a_service_has_one_draft_at_a_time_and_a_stale_one_is_not_written_over(intake: InProcess) -> None:
    code = a_code()
    draft = drafted(intake, code, sop("DOMISILI"))
    again = call(intake, "POST", f"{code}/drafts", {"sop": sop("DOMISILI")})
    assert (again.status_code, again.json["draft"]) == (409, f"/v1/services/drafts/{draft['id']}")
    where = f"drafts/{draft['id']}"
    assert call(intake, "PUT", where, {"sop": sop(days=2)}, headers={"If-Match": '"1"'}).status_code == 200
    assert call(intake, "PUT", where, {"sop": sop(days=1)}, headers={"If-Match": '"1"'}).status_code == 412
    assert call(intake, "DELETE", where).status_code == 204
    assert call(intake, "GET", where).status_code == 404
    assert drafted(intake, code, sop("DOMISILI"))


def test_two_who_publish_at_one_instant_publish_one_version(intake: InProcess) -> None:
    code = a_code()
    draft = drafted(intake, code, sop("DOMISILI"))
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda _: call(intake, "POST", f"drafts/{draft['id']}/publication", {}).status_code, range(2))
        )
    assert sorted(answers) == [201, 404]
    assert [one["version"] for one in call(intake, "GET", f"{code}/versions").json["items"]] == [1]


def test_officers_read_and_the_lurah_changes_and_other_offices_see_nothing(intake: InProcess) -> None:
    code = a_code()
    assert call(intake, "POST", f"{code}/drafts", {"sop": sop()}, role="officer").status_code == 403
    draft = drafted(intake, code, sop("DOMISILI"))
    assert call(intake, "GET", f"drafts/{draft['id']}", role="officer").status_code == 200
    assert call(intake, "POST", f"drafts/{draft['id']}/publication", {}, role="officer").status_code == 403
    other = {"sub": "lurah:kalidoni", "tenant": KALIDONI}
    elsewhere = intake.call("GET", f"/v1/services/drafts/{draft['id']}", "lurah", who=other)
    assert elsewhere.status_code == 404
    assert call(intake, "POST", "TIDAK_ADA/drafts", {}).status_code == 404


def test_five_services_ship_as_drafts_that_an_office_may_publish(intake: InProcess) -> None:
    items = {one["service"]: one for one in call(intake, "GET", "drafts", role="officer").json["items"]}
    for code in ("DOMISILI", "SKTM", "USAHA", "BELUM_NIKAH", "KEMATIAN"):
        assert (items[code]["problems"], offered(intake, code)) == ([], None)


def test_the_public_catalogue_has_all_that_the_law_wants_published_in_both_languages(intake: InProcess) -> None:
    """UU 25/2009: requirements, procedure, time, cost, product, complaints; and where to go next."""
    items = intake.call("GET", f"/v1/services?kelurahan={BUKIT_SANGKAL}").json["items"]
    for code in ("KK", "KTP", "NIKAH", "SITU"):
        assert code in [one["service"] for one in items]
        shown = intake.call("GET", f"/v1/services/{code}?kelurahan={BUKIT_SANGKAL}").json
        assert shown["days"] == 3
        for part in ("cost", "product", "next_step", "complaint"):
            assert shown[part]["id"] and shown[part]["en"]
        for part in ("procedure", "requirements"):
            assert shown[part]
        files = [one for one in shown["requirements"] if one["kind"] == "file" and one["code"] != "PAS_FOTO"]
        assert all("bukan fotokopi" in one["photo_hint"]["id"] for one in files)


def test_a_retirement_is_told_again_and_ends_with_the_day_of_a_later_version(intake: InProcess) -> None:
    code = a_code()
    published(intake, code, sop("DOMISILI"))
    call(intake, "POST", f"{code}/retirement", {})
    published(intake, code, effective_from="2026-08-18")
    assert offered(intake, code) is None  # the retired one does not come back for the days between
    republish(intake.deps)
    told = [one["data"] for one in intake.told("sop.published") if one["data"]["service"] == code][-2:]
    assert [(one["version"], one["sop"].get("retired_from")) for one in told] == [(1, "2026-08-14"), (2, None)]
    intake.clock.at = FRIDAY + timedelta(days=4)
    assert offered(intake, code) == 2


def test_a_shipped_draft_that_was_given_up_does_not_come_back(intake: InProcess) -> None:
    items = {one["service"]: one for one in call(intake, "GET", "drafts").json["items"]}
    assert call(intake, "DELETE", f"drafts/{items['USAHA']['id']}").status_code == 204
    with intake.deps.db.transaction("*") as tx:
        ship_drafts(intake.deps, tx, BUKIT_SANGKAL)
    assert "USAHA" not in {one["service"] for one in call(intake, "GET", "drafts").json["items"]}
