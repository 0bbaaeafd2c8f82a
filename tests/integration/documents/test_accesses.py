"""Whoever reads a letter is on record before he gets it, and intake is told of it for the person whose case it is."""

from __future__ import annotations

from typing import Any

import pytest

from kit.problems import Unavailable
from tests.integration.documents.story import Case
from tests.support.services import InProcess


def told(desk: InProcess, case: Case) -> list[tuple[Any, ...]]:
    desk.seal()
    items = [one for event in desk.told("access.recorded") for one in event["data"]["items"]]
    return [
        (one["reader"], one["roles"], one["did"], one["kind"], one["object"], one["times"])
        for one in items
        if str(one["application_id"]) == str(case.id)
    ]


def test_a_letter_that_is_read_is_told_to_the_case_with_its_reader(desk: InProcess) -> None:
    case = Case(desk).issued()
    letter = case.letter()["id"]
    told(desk, case)
    path = f"/v1/letters/{letter}/content"
    assert desk.call("GET", path, "officer").status_code == 200
    assert desk.call("GET", path, "officer").status_code == 200
    assert desk.call("GET", path, "applicant", who={"sub": case.owner}).status_code == 200
    assert desk.call("GET", path, "applicant", who={"sub": "somebody"}).status_code == 404
    assert told(desk, case)[-2:] == [
        (case.owner, ["applicant"], "read", "letter", letter, 1),
        ("officer-1", ["officer"], "read", "letter", letter, 2),
    ]
    row = desk.audit("letter.read")[-1]
    assert (row["about"], row["purpose"], row["object"]) == ([str(case.id)], str(case.id), letter)


def test_a_decision_is_a_row_of_its_own_transaction(desk: InProcess) -> None:
    case = Case(desk).verified()
    letter = case.letter()
    assert desk.call("POST", f"/v1/letters/{letter['id']}/decision", "lurah", json={
        "decision": "issue", "preview_sha256": "0" * 64,
    }).status_code == 409  # fmt: skip
    assert [row for row in desk.audit("letters.decide") if row["object"] == letter["id"]] == []
    assert case.decide(letter).status_code == 200
    [row] = [row for row in desk.audit("letters.decide") if row["object"] == letter["id"]]
    assert (row["caller"], row["about"], row["details"]["did"]) == ("lurah-1", [str(case.id)], "changed")


def test_a_reading_that_cannot_be_recorded_is_not_answered(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    from kit import audit

    case = Case(desk).issued()
    path = f"/v1/letters/{case.letter()['id']}/content"

    def away(*_arguments: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(audit, "_write", away)
    answer = desk.call("GET", path, "officer")
    assert (answer.status_code, b"%PDF" in answer.data) == (503, False)
    monkeypatch.undo()
    assert desk.call("GET", path, "officer").status_code == 200


def test_the_book_is_read_as_a_whole_and_a_page_of_it_for_each_case_in_it(desk: InProcess) -> None:
    case = Case(desk).issued()
    assert desk.call("GET", "/v1/registers/2026?limit=200", "officer").status_code == 200
    assert str(case.id) in desk.audit("register.read")[-1]["about"]
    assert desk.call("GET", "/v1/registers/2026/csv", "officer").status_code == 200
    row = desk.audit("register.read")[-1]
    assert (row["object"], row["about"], row["purpose"]) == ("2026", [], "table")
