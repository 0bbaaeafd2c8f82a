"""The person can read who read and changed what of his case, wherever it is kept; and only he and the office can."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from kit import audit_commands
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI
from tests.support import files as pictures
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI


@pytest.fixture
def case(intake: InProcess) -> str:
    return str(cast.opened(intake, intended_duplicate=True)["id"])


def accesses(intake: InProcess, case: str, **query: Any) -> list[dict[str, Any]]:
    intake.seal()
    answer = intake.call("GET", cast.path(case, "accesses"), "applicant", who=ROHANA, query_string=query)
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def brief(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(one["by"], one["did"], one["kind"], one["purpose"], one["times"]) for one in items]


def test_what_an_officer_reads_shows_up_for_the_person_and_his_own_reading_does_not(
    intake: InProcess, case: str
) -> None:
    cast.show(intake, case, "applicant", ROHANA)
    assert accesses(intake, case) == []
    cast.show(intake, case)
    cast.show(intake, case)
    [one] = accesses(intake, case)
    assert (one["by"], one["did"], one["kind"], one["object"]) == ("officer", "read", "application", case)
    assert (one["office"], one["name"], one["times"], one["service"]) == ("Bukit Sangkal", None, 2, "intake")
    assert "yanti" not in json.dumps(one), "who of the office it was is the office's to know"


def test_the_lurah_is_named_since_the_office_publishes_who_that_is(intake: InProcess, case: str) -> None:
    cast.show(intake, case, "lurah", {"sub": "lurah-1"})
    assert [(one["by"], one["name"]) for one in accesses(intake, case)] == [
        ("lurah", "Hj. Rusmala Dewi, S.Sos., M.Si.")
    ]


def test_a_list_in_which_the_case_was_shown_counts_as_read(intake: InProcess, case: str) -> None:
    code = cast.show(intake, case, "applicant", ROHANA)["tracking_code"]
    assert intake.call("POST", "/v1/applications/search", "officer", json={"tracking_code": code}).status_code == 200
    intake.call("GET", "/v1/applications?status=draft", "officer")
    assert brief(accesses(intake, case)) == [
        ("officer", "read", "application", "list", 1),
        ("officer", "read", "application", "search", 1),
    ]


def test_a_change_by_the_office_is_listed_and_one_by_the_person_is_not(intake: InProcess, case: str) -> None:
    for role, who in (("applicant", ROHANA), ("officer", YANTI)):
        change = {"details": {"remarks": f"Dicatat {role}"}}
        assert intake.call("PATCH", cast.path(case), role, who=who, json=change).status_code == 200
    assert brief(accesses(intake, case)) == [("officer", "changed", "applications", "case", 1)]


def test_each_way_to_a_file_is_listed_with_whoever_went_it(intake: InProcess, case: str) -> None:
    import io

    form = {"requirement": "SURAT_KEHILANGAN", "file": (io.BytesIO(pictures.jpeg()), "foto.jpg")}
    made = intake.call(
        "POST", cast.path(case, "files"), "applicant", who=ROHANA, data=form, content_type="multipart/form-data"
    ).json
    intake.work()
    address = cast.path(case, "files", made["file_id"])
    assert intake.call("GET", f"{address}/content", "officer", who=YANTI).status_code == 200
    assert intake.call("GET", f"{address}/content", "applicant", who=ROHANA).status_code == 200
    link = intake.call("POST", f"{address}/links", "officer", who={"sub": "officer:other"}, json={}).json["url"]
    assert intake.call("GET", link[link.index("/v1/") :]).status_code == 200
    found = accesses(intake, case)
    assert {(one["by"], one["did"], one["kind"]) for one in found} == {
        ("officer", "read", "file"),
        ("officer", "changed", "files"),
    }
    reads = [one for one in found if one["kind"] == "file"]
    assert [(one["object"], one["times"]) for one in reads] == [(made["file_id"], 1)] * 2
    rows = [row for row in intake.audit("file.read") if row["object"] == made["file_id"]]
    assert [(row["caller"], row["tenant"]) for row in rows] == [
        ("officer:yanti", BUKIT_SANGKAL),
        ("rohana", BUKIT_SANGKAL),
        ("officer:other", BUKIT_SANGKAL),
    ]


def test_nobody_else_learns_who_read_it(intake: InProcess, case: str) -> None:
    cast.show(intake, case)
    address = cast.path(case, "accesses")
    assert intake.call("GET", address, "applicant", who={"sub": "somebody"}).status_code == 404
    assert intake.call("GET", address, "officer", who=YANTI | {"tenant": KALIDONI}).status_code == 404
    assert intake.call("GET", address).status_code == 401
    assert intake.call("GET", address, "officer", who=YANTI).status_code == 200
    assert intake.call("GET", address, "applicant", who=ROHANA).status_code == 200


def test_a_reading_in_another_service_is_in_the_same_list_and_told_twice_it_counts_once(
    intake: InProcess, case: str
) -> None:
    at = intake.clock.now()
    reader = {"application_id": case, "object": None, "purpose": "case", "times": 3, "first_at": at, "last_at": at}
    event = intake.make_event(
        "access.recorded",
        {
            "kelurahan": BUKIT_SANGKAL,
            "items": [
                reader | {"reader": "officeholder:1", "roles": ["rt_head"], "did": "read", "kind": "task"},
                reader | {"reader": "rohana", "roles": ["applicant"], "did": "read", "kind": "letter"},
                reader | {"application_id": uuid4(), "reader": "x", "roles": [], "did": "read", "kind": "letter"},
            ],
        },
        subject=f"accesses:{BUKIT_SANGKAL}",
        source="verification",
    )
    assert [intake.apply(event), intake.apply(event)] == [True, False]
    assert brief(accesses(intake, case)) == [("rt_head", "read", "task", "case", 3)]


def test_a_list_goes_on_where_it_ended(intake: InProcess, case: str) -> None:
    cast.show(intake, case)
    cast.show(intake, case, "lurah", {"sub": "lurah-1"})
    intake.seal()
    first = intake.call("GET", cast.path(case, "accesses") + "?limit=1", "applicant", who=ROHANA).json
    rest = intake.call(
        "GET", cast.path(case, "accesses") + f"?limit=1&cursor={first['next_cursor']}", "applicant", who=ROHANA
    ).json
    assert [one["by"] for one in (*first["items"], *rest["items"])] == ["lurah", "officer"]
    assert rest["next_cursor"] is None


def test_the_audit_has_no_persons_data(intake: InProcess) -> None:
    made = cast.opened(intake, intended_duplicate=True)
    intake.call("POST", "/v1/applications/search", "officer", json={"nik": made["applicant"]["nik"]})
    said = " ".join(str(row) for row in intake.audit())
    for secret in (made["applicant"]["nik"], "Maimunah", "Sukabangun", "0812-7100-0072", "+6281271000072"):
        assert secret not in said


def test_whose_data_a_caller_touched_is_told_by_ids(
    intake: InProcess, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    nosy = {"sub": f"officer:{uuid4().hex[:8]}", "sid": "session-1", "jti": "token-1"}
    cast.show(intake, case, who=nosy)
    capsys.readouterr()
    for by in (["--caller", nosy["sub"]], ["--session", "session-1"], ["--token", "token-1"]):
        assert audit_commands.touched(intake.service, intake.settings, ["touched", *by]) == 0
        [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert (line["case_id"], line["kind"], line["times"], line["caller"]) == (case, "application", 1, nosy["sub"])
    assert audit_commands.touched(intake.service, intake.settings, ["touched", "--whose", case]) == 0
    [whose] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (whose["case_id"], whose["owner"]) == (case, "rohana")
    asked = ["touched", "--caller", nosy["sub"], "--to", "2020-01-01T00:00:00+07:00"]
    assert audit_commands.touched(intake.service, intake.settings, asked) == 0
    assert capsys.readouterr().out == ""


def test_the_command_names_a_broken_link_and_fails(
    intake: InProcess, case: str, parts: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    import psycopg2

    cast.show(intake, case)
    intake.seal()
    capsys.readouterr()
    assert audit_commands.verify_audit(intake.service, intake.settings, ["verify-audit"]) == 0
    assert f"intake holds {BUKIT_SANGKAL}:" in capsys.readouterr().out
    connection = psycopg2.connect(parts.superuser_url("intake"))
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE audit SET caller = 'other' WHERE id = (SELECT max(id) FROM audit) RETURNING position")
        [position] = cursor.fetchone() or [None]
    assert audit_commands.verify_audit(intake.service, intake.settings, ["verify-audit"]) == 1
    assert f"link {position} does not hold" in capsys.readouterr().out
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE audit SET caller = 'officer:yanti' WHERE id = (SELECT max(id) FROM audit)")
    connection.close()
