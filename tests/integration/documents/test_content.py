"""Who reads which PDF, and what is said when it is not there."""

from __future__ import annotations

import pytest

from contracts.sop import FORMS
from deploy.local.stack import Stack
from documents.render import KINDS
from kit.objects import ObjectStore
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess


@pytest.fixture(scope="module")
def issued(desk: InProcess) -> Case:
    case = Case(desk, owner="applicant-rohana").tell("opened", "draft")
    case.grant()
    desk.work()
    return case.issued()


def test_the_same_bytes_are_not_sent_twice(desk: InProcess, issued: Case) -> None:
    letter = issued.letter()
    path = f"/v1/letters/{letter['id']}/content"
    first = desk.call("GET", path, "officer")
    assert first.headers["ETag"] == f'"{letter["sha256"]}"' and len(first.data) == letter["size"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = desk.call("GET", path, "officer", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""


@pytest.mark.parametrize(
    ("role", "who", "letter", "introduction"),
    [
        ("officer", {}, 200, 200),
        ("lurah", {}, 200, 200),
        ("applicant", {"sub": "applicant-rohana"}, 200, 200),
        ("applicant", {"sub": "somebody-else"}, 404, 404),
        ("rt_head", {"rt": "023", "rw": "005"}, 404, 200),
        ("rt_head", {"rt": "024", "rw": "005"}, 404, 404),
        ("rt_head", {}, 404, 404),
        ("administrator", {}, 403, 403),
        ("officer", {"tenant": "16.71.10.1002"}, 404, 404),
        ("applicant", {"sub": "applicant-rohana", "tenant": "16.71.10.1002"}, 404, 404),
    ],
)
def test_who_reads_what(
    desk: InProcess, issued: Case, role: str, who: dict[str, str], letter: int, introduction: int
) -> None:
    wanted = {"kk_introduction": letter, "introduction": introduction}
    for one in issued.letters(form=False):
        for path in ("", "/content"):
            answer = desk.call("GET", f"/v1/letters/{one['id']}{path}", role, who=who)
            assert answer.status_code == wanted[one["kind"]], (one["kind"], path)


def test_what_is_not_the_callers_is_on_record(desk: InProcess, issued: Case) -> None:
    letter = issued.letter()["id"]
    desk.call("GET", f"/v1/letters/{letter}", "applicant", who={"sub": "curious"})
    desk.call("GET", f"/v1/letters?application_id={issued.id}", "applicant", who={"sub": "curious"})
    rows = desk.rows("SELECT object FROM refused_access WHERE caller = 'curious' ORDER BY id")
    assert [row["object"] for row in rows] == [letter, str(issued.id)]


def test_lists_show_an_applicant_his_own_case_only(desk: InProcess, issued: Case) -> None:
    path = f"/v1/letters?application_id={issued.id}"
    own = desk.call("GET", path, "applicant", who={"sub": "applicant-rohana"})
    assert {one["kind"] for one in own.json["items"]} == {"introduction", "kk_introduction", "f102"}
    assert desk.call("GET", path, "applicant", who={"sub": "curious"}).status_code == 404
    assert desk.call("GET", "/v1/letters", "applicant").status_code == 404
    other = desk.call("GET", path, "officer", who={"tenant": "16.71.10.1002"})
    assert other.status_code == 200 and other.json["items"] == []


def test_a_page_goes_on_where_the_last_one_ended(desk: InProcess, issued: Case) -> None:
    Case(desk, "KTP").verified()
    seen: list[str] = []
    query = "?limit=2"
    while True:
        page = desk.call("GET", f"/v1/letters{query}", "officer").json
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query = f"?limit=2&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == desk.rows("SELECT count(*) AS n FROM letter")[0]["n"]
    drafted = desk.call("GET", "/v1/letters?status=drafted&kind=ktp_introduction", "lurah").json["items"]
    assert len(drafted) == 1


@pytest.mark.parametrize(
    "query", ["?cursor=x", "?cursor=WyJ4Il0", "?status=gone", "?kind=%00", "?unknown=1", "?limit=0"]
)
def test_a_list_refuses_what_it_does_not_know(desk: InProcess, query: str) -> None:
    answer = desk.call("GET", f"/v1/letters{query}", "officer")
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["2026?cursor=WyJ4IiwieSJd", "2026?cursor=WyJ4IiwgOTk5OTk5OTk5OTk5OTldCg", "2026?month=13"]
)
def test_so_does_the_book(desk: InProcess, path: str) -> None:
    assert desk.call("GET", f"/v1/registers/{path}", "officer").status_code == 422


def test_the_book_lists_every_number_in_order(desk: InProcess, issued: Case) -> None:
    lines = desk.call("GET", "/v1/registers/2026", "officer").json["items"]
    assert [(line["series"], line["n"]) for line in lines] == sorted((line["series"], line["n"]) for line in lines)
    first = desk.call("GET", "/v1/registers/2026?limit=1", "lurah").json
    second = desk.call("GET", f"/v1/registers/2026?limit=1&cursor={first['next_cursor']}", "lurah").json
    assert first["items"] + second["items"] == lines[:2]
    only = desk.call("GET", "/v1/registers/2026?kind=introduction", "officer").json["items"]
    assert {line["kind"] for line in only} == {"introduction"}
    assert desk.call("GET", "/v1/registers/2026", "applicant").status_code == 403
    assert desk.call("GET", "/v1/registers/99999999999", "officer").status_code == 404


def test_layouts_are_listed_with_their_version(desk: InProcess) -> None:
    items = desk.call("GET", "/v1/templates", "officer").json["items"]
    assert {one["kind"] for one in items} == set(KINDS) - {"bundle", "register"}
    assert {one["kind"] for one in items if one["form"]} == set(FORMS)
    assert len({one["version"] for one in items}) == len(items)


def test_not_issued_yet_is_409_and_says_when_to_ask_again(desk: InProcess) -> None:
    case = Case(desk).verified()
    path = f"/v1/letters/{case.letter()['id']}"
    early = desk.call("GET", f"{path}/content", "officer")
    assert early.status_code == 409 and early.headers["Retry-After"] == "1"
    case.applicant = case.applicant | {"name": "Rohana binti H. Zainuddin"}
    case.tell("changed")
    assert desk.call("GET", f"{path}/preview", "lurah").status_code == 409


def test_a_form_is_read_as_draft_and_delivered_with_the_letters(desk: InProcess, issued: Case) -> None:
    (form,) = issued.letters(form=True)
    assert form["status"] == "issued" and form["number"] is None and form["check_url"] is None
    content = desk.call("GET", f"/v1/letters/{form['id']}/content", "applicant", who={"sub": "applicant-rohana"})
    assert content.status_code == 200 and content.data.startswith(b"%PDF")


def test_a_lost_object_is_404_and_an_absent_store_503(
    desk: InProcess, issued: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = Case(desk).issued().letter()
    (row,) = desk.rows("SELECT bucket, key FROM letter WHERE id = %s", [letter["id"]])
    desk.deps.objects.delete(row["bucket"], row["key"])
    lost = desk.call("GET", f"/v1/letters/{letter['id']}/content", "officer")
    assert lost.status_code == 404 and lost.json["type"] == "urn:problem:file-missing"
    nowhere = ObjectStore("http://127.0.0.1:9", "key", "secret-key", keys=desk.deps.event_keys)
    monkeypatch.setattr(desk.deps, "objects", nowhere)
    away = desk.call("GET", f"/v1/letters/{letter['id']}/content", "officer")
    assert away.status_code == 503 and away.headers["Retry-After"]


def test_superseded_drafts_are_removed(desk: InProcess) -> None:
    case = Case(desk).verified()
    keys = [
        row["preview_key"] for row in desk.rows("SELECT preview_key FROM letter WHERE application_id = %s", [case.id])
    ]
    case.applicant = story.ROHANA | {"address": "Jalan Sukabangun Nomor 99"}
    case.tell("changed")
    desk.work()
    with desk.deps.db.transaction(case.tenant) as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE kind = 'remove_object'")
    desk.work()
    bucket = desk.deps.settings.s3_bucket
    assert len(keys) == 2 and not any(desk.deps.objects.exists(bucket, key) for key in keys)
    draft = case.letter()
    assert desk.call("GET", f"/v1/letters/{draft['id']}/preview", "lurah").status_code == 200


def test_nothing_of_a_person_is_in_the_clear(desk: InProcess, issued: Case, parts: Stack) -> None:
    """Neither in a table, nor in an object's name, nor in what is told."""
    tables = desk.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    everything = "".join(
        row["text"] for table in tables for row in desk.rows(f"SELECT t::text AS text FROM {table['tablename']} t")
    )
    assert str(issued.id) in everything
    for secret in ("Rohana", story.ROHANA["nik"], story.ROHANA["kk_number"], "Lorong Melati", story.CONTACT["phone"],
                   "Maimunah", "Marzuki"):  # fmt: skip
        assert secret not in everything
