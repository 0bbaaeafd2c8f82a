"""The audit of the whole system: who touched a case is in one list, the breach kit finds it, and the chains hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests

from deploy import breach, verify_audit
from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.setup.secrets import SERVICES
from deploy.token import token_for
from tests.support.eventually import eventually

NOSY = "officer:nosy"


@contextmanager
def as_superuser(stack: Stack, service: str) -> Iterator[Any]:
    connection = psycopg2.connect(stack.superuser_url(service))
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor


def officer(stack: Stack, sub: str = "officer:1") -> Person:
    return Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "officer", sub=sub))


def nosy_reads(stack: Stack, code: str) -> str:
    """An officer looks at a case, its photo, its letter and its messages; the case's id."""
    reader = officer(stack, NOSY)
    [case] = [
        one for one in reader.get("/v1/applications", status="completed")["items"] if one["tracking_code"] == code
    ]
    shown = reader.get(f"/v1/applications/{case['id']}")
    reader.download(f"/v1/applications/{case['id']}/files/{shown['files'][0]['file_id']}/content")
    [letter, *_] = [one for one in reader.get("/v1/letters", application_id=case["id"])["items"] if not one["form"]]
    reader.download(f"/v1/letters/{letter['id']}/content")
    reader.get("/v1/messages", application_id=case["id"])
    return str(case["id"])


def test_who_touched_a_case_is_one_list_of_all_services(stack: Stack, cases: list[dict[str, Any]]) -> None:
    case_id = nosy_reads(stack, cases[0]["tracking_code"])
    wanted = {
        ("intake", "officer", "read", "file"),
        ("documents", "officer", "read", "letter"),
        ("documents", "lurah", "changed", "letters"),
        ("verification", "rt_head", "read", "task"),
        ("notify", "officer", "read", "message"),
    }

    def listed() -> bool:
        items = officer(stack).get(f"/v1/applications/{case_id}/accesses", limit=200)["items"]
        return wanted <= {(one["service"], one["by"], one["did"], one["kind"]) for one in items}

    eventually(listed, what="accesses of every service")


def test_the_breach_kit_lists_whose_data_a_caller_touched(
    stack: Stack, cases: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case_id = nosy_reads(stack, cases[1]["tracking_code"])
    capsys.readouterr()
    file = tmp_path / "touched.json"
    assert breach.main(["--stack", stack.name, "--caller", NOSY, "--json", str(file)]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    [row] = [row for row in table if row["case_id"] == case_id]
    assert row["tracking_code"] == cases[1]["tracking_code"]
    assert row["owner"] and row["person_id"] and row["first"] <= row["last"]
    assert set(row["kinds"].split()) == {"application", "file", "letter", "message"}
    assert set(row["services"].split()) == {"intake", "documents", "notify"}
    assert (row["did"], row["callers"]) == ("read", NOSY)
    whole = file.read_text("utf-8")
    assert {one["case_id"] for one in json.loads(whole)["touched"]} == {row["case_id"] for row in table}
    for case in cases:
        assert case.get("applicant", {}).get("nik", "1671") not in whole.replace('"office": "16.71', "")
    assert breach.main(["--stack", stack.name, "--caller", "officer:nobody"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1, "the head of the table alone"


def test_a_service_that_does_not_answer_makes_no_list(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert breach.main(["--stack", stack.name, "--caller", NOSY, "--from", "2026-08-14"]) == 1
    assert "without it the list is not whole" in capsys.readouterr().err
    assert breach.main(["--stack", "not_here", "--caller", NOSY]) == 1


def test_the_chains_of_all_services_hold_and_a_changed_row_is_named(
    stack: Stack, cases: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert verify_audit.main(["--stack", stack.name]) == 0
    heads = tmp_path / "heads"
    heads.write_text(capsys.readouterr().out, "utf-8")
    assert set(verify_audit.heads(heads.read_text("utf-8"))) == set(SERVICES)
    assert verify_audit.main(["--stack", stack.name, "--heads", str(heads)]) == 0
    with as_superuser(stack, "documents") as cursor:
        cursor.execute("SELECT id, caller, position FROM audit WHERE position > 3 ORDER BY position LIMIT 1")
        row_id, caller, position = cursor.fetchone()
        cursor.execute("UPDATE audit SET caller = 'other' WHERE id = %s", [row_id])
    try:
        assert verify_audit.main(["--stack", stack.name]) == 1
        said = capsys.readouterr().out
        assert f"link {position} does not hold: row {row_id}" in said
        assert said.count("BROKEN") == 1
    finally:
        with as_superuser(stack, "documents") as cursor:
            cursor.execute("UPDATE audit SET caller = %s WHERE id = %s", [caller, row_id])
    assert verify_audit.main(["--stack", stack.name, "--heads", str(heads)]) == 0


@pytest.mark.parametrize("service", SERVICES)
def test_the_tail_is_sealed_within_seconds_and_no_change_was_audited_late(
    stack: Stack, cases: list[dict[str, Any]], service: str
) -> None:
    def tail() -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{stack.base_url}/{service}/health/ready", timeout=10).json()
        return found["audit_unsealed"]  # type: ignore[no-any-return]

    assert tail()["seconds"] <= 5
    eventually(lambda: tail() == {"rows": 0, "seconds": 0.0}, what="everything is sealed")
    with as_superuser(stack, service) as cursor:
        cursor.execute("SELECT details->>'route' FROM audit WHERE details ? 'late'")
        assert cursor.fetchall() == []
