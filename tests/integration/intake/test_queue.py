"""The officer's queue by step and turn, with what may be done next; and cases found by what people name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.domain.applications import STATUSES
from intake.store import applications as store
from kit.db import Tx
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, opened, put_file, received, show, step, submitted, verdict
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

RT = "077"


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
    yield
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


def queue(intake: InProcess, query: str, role: str = "officer") -> list[dict[str, Any]]:
    answer = intake.call("GET", f"/v1/applications?limit=200&{query}", role, who=YANTI)
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def search(intake: InProcess, role: str = "officer", **by: str) -> Any:
    return intake.call("POST", "/v1/applications/search", role, who=YANTI, json=by)


def one_in_each_place(intake: InProcess) -> list[str]:
    """A case wherever one can be, each of an RT of its own kind."""
    there: dict[str, Any] = {"applicant": cast.applicant(rt=RT)}

    def fresh() -> dict[str, Any]:
        return {"applicant": cast.applicant(rt=RT)}

    asked = opened(intake, **there)
    step(intake, asked["id"], "introduction", "applicant", {"purpose": "KK"})
    doubted = received(intake, **fresh())
    verdict(intake, doubted["id"], passed=False)
    back = cast.verified(intake, **fresh())
    cast.sent_back(intake, back["id"])
    returned = submitted(intake, **fresh())
    items = [{"requirement": "SURAT_KEHILANGAN", "problem": "Buram"}]
    step(intake, returned["id"], "return", sent={"items": items})
    cases = [
        opened(intake, **fresh()), asked, submitted(intake, **fresh()), returned, received(intake, **fresh()), doubted,
        cast.verified(intake, **fresh()), back, cast.issued(intake, **fresh()),
    ]  # fmt: skip
    return [case["id"] for case in cases]


def test_the_queue_shows_just_those_whose_turn_it_is(intake: InProcess) -> None:
    cases = set(one_in_each_place(intake))
    lines = [line for status in STATUSES for line in queue(intake, f"status={status}&rt={RT}") if line["id"] in cases]
    turns = {"rt_head", "officer", "lurah", "applicant"}
    assert {line["waiting_for"] for line in lines} == turns
    for turn in turns:
        listed = {line["id"] for line in queue(intake, f"waiting_for={turn}&rt={RT}")} & cases
        assert listed == {line["id"] for line in lines if line["waiting_for"] == turn}


@pytest.mark.parametrize(
    ("wanted", "status"),
    [("receive", "submitted"), ("verify", "received"), ("produce", "verified"), ("hand-over", "issued")],
)
def test_the_queue_by_step(intake: InProcess, wanted: str, status: str) -> None:
    one_in_each_place(intake)
    lines = queue(intake, f"step={wanted}&rt={RT}")
    assert lines
    assert {(line["status"], line["step"]) for line in lines} == {(status, wanted)}


def test_each_line_says_what_its_reader_may_do_next(intake: InProcess) -> None:
    cases = one_in_each_place(intake)
    lines = {line["id"]: line for status in ("draft", "returned") for line in queue(intake, f"status={status}&rt={RT}")}
    lines |= {line["id"]: line for line in queue(intake, f"rt={RT}")}
    for case in cases:
        assert lines[case]["actions"] == show(intake, case)["actions"]
    assert not any("receive" in line["actions"] for line in queue(intake, f"rt={RT}", "lurah"))


def test_an_applicant_sees_his_own_actions(intake: InProcess) -> None:
    case = opened(intake)
    put_file(intake, case["id"], "PENGANTAR_RT")
    put_file(intake, case["id"], "SURAT_KEHILANGAN")
    listed = intake.call("GET", "/v1/applications", "applicant", who=ROHANA).json["items"]
    assert "submit" in next(line for line in listed if line["id"] == case["id"])["actions"]


def test_a_case_is_found_by_what_people_name(intake: InProcess) -> None:
    contact = {"name": "Rohana", "phone": "0812-7100-4321"}
    case = received(intake, contact=contact)
    number, _, year = case["agenda_number"].partition("/")
    for by in (
        {"tracking_code": case["tracking_code"].lower().replace("-", " ")},
        {"agenda_number": f"{int(number)}/{year}"},
        {"nik": case["applicant"]["nik"]},
        {"phone": "+62 812 7100 4321"},
        {"phone": "081271004321", "nik": case["applicant"]["nik"]},
    ):
        found = search(intake, **by)
        assert (found.status_code, [line["id"] for line in found.json["items"]]) == (200, [case["id"]]), by


def test_what_fits_nothing_finds_nothing(intake: InProcess) -> None:
    case = received(intake)
    other = "1671105503551234"
    assert search(intake, nik=other).json["items"] == []
    assert search(intake, nik=other, tracking_code=case["tracking_code"]).json["items"] == []
    assert search(intake, tracking_code="PGT-7K3M9-XW2RA").status_code == 404


@pytest.mark.parametrize("by", [{}, {"phone": "12"}, {"nik": "123"}, {"agenda_number": "x"}, {"name": "Siti"}])
def test_what_names_no_case_is_refused(intake: InProcess, by: dict[str, str]) -> None:
    assert search(intake, **by).status_code == 422


def test_only_the_office_finds_cases(intake: InProcess) -> None:
    case = received(intake)
    assert search(intake, "lurah", nik=case["applicant"]["nik"]).status_code == 200
    assert search(intake, "applicant", nik=case["applicant"]["nik"]).status_code == 403
    other = YANTI | {"tenant": "16.71.10.1002"}
    sent = {"nik": case["applicant"]["nik"]}
    elsewhere = intake.call("POST", "/v1/applications/search", "officer", who=other, json=sent)
    assert elsewhere.status_code == 404  # that office is not served here


def test_a_corrected_number_is_found_and_the_old_one_is_not(intake: InProcess) -> None:
    case = opened(intake, contact={"name": "Rohana", "phone": "0812-7100-4322"})
    sent = {"contact": {"phone": "0812-7100-4323"}}
    assert intake.call("PATCH", cast.path(case["id"]), "applicant", who=ROHANA, json=sent).status_code == 200
    assert search(intake, phone="0812-7100-4322").json["items"] == []
    assert [line["id"] for line in search(intake, phone="0812-7100-4323").json["items"]] == [case["id"]]


def unanswered(intake: InProcess, case: dict[str, Any], sequence: int, unanswered: bool = True) -> None:
    """Verification says whether anybody is left to ask for the introduction."""
    task_id = case["introduction"]["id"]
    data = {
        "task_id": task_id, "application_id": case["id"], "introduction_id": task_id, "kelurahan": case["kelurahan"],
        "kind": "introduction", "status": "open", "opened_at": intake.clock.now().isoformat(), "unanswered": unanswered,
    }  # fmt: skip
    intake.feed("task.changed", data, subject=task_id, sequence=sequence)


def test_an_introduction_that_nobody_answers_is_an_officers_turn(intake: InProcess) -> None:
    case = opened(intake, applicant=cast.applicant(rt=RT))
    put_file(intake, case["id"], "SURAT_KEHILANGAN")
    case = step(intake, case["id"], "introduction", "applicant", {"purpose": "KK"})
    unanswered(intake, case, 2)
    assert show(intake, case["id"])["waiting_for"] == "officer"
    assert case["id"] in {line["id"] for line in queue(intake, f"waiting_for=officer&rt={RT}")}
    assert (
        step(intake, case["id"], "introduction/waiver", sent={"reason": "Pengurus RT tidak menjawab"})["missing"] == []
    )


@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        ({"waiting_for": "officer"}, "application_turn"),
        ({"waiting_for": "lurah"}, "application_turn"),
        ({"rt": "023"}, "application_place"),
        ({}, "application_queue"),
        ({"step": "receive"}, "application_status"),
    ],
)
def test_a_page_of_the_queue_is_read_in_the_order_of_an_index(
    intake: InProcess, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Any], index: str
) -> None:
    """However many cases are stored: nothing is sorted that is not shown. An index over an expression is used as long
    as both have the same words."""
    asked: list[tuple[str, Any]] = []
    real = Tx.all
    monkeypatch.setattr(Tx, "all", lambda tx, sql, params=None: asked.append((sql, params)) or real(tx, sql, params))
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        for way in ("seqscan", "bitmapscan"):  # as if there were many
            tx.execute(f"SET LOCAL enable_{way} = off")
        store.queue(tx, intake.deps.data_keys, chosen, None, 50, intake.clock.now())
        sql, params = asked[-1]
        plan = "\n".join(str(row["QUERY PLAN"]) for row in real(tx, f"EXPLAIN (COSTS off) {sql}", params))
    inner = plan[plan.index("Limit", plan.index("Limit") + 1) :]
    assert f"using {index}" in inner and "Sort" not in inner, plan
