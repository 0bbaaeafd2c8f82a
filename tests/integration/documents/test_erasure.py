"""Of an erased case stay its numbered letters, to be checked and read; drafts, forms, bundles and people go."""

from __future__ import annotations

from kit.ids import new_id
from tests.integration.documents.story import Case
from tests.support.erasure import answers, ask, people_with, rows_of
from tests.support.services import InProcess

NAME = "Kemas Agus bin Masagus"


def keys_of(desk: InProcess) -> set[str]:
    return set(desk.deps.objects.keys_after(desk.settings.s3_bucket, None, 10_000))


def a_case(desk: InProcess, code: str = "KK") -> Case:
    case = Case(desk, code)
    case.applicant = case.applicant | {"name": NAME}
    case.grant()
    desk.work()
    return case


def test_what_has_a_number_stays_and_the_rest_goes_with_its_objects(desk: InProcess) -> None:
    case = a_case(desk).issued()
    case.tell("issued")
    answer = desk.call(
        "POST", f"/v1/bundles?application_id={case.id}", "officer", json={"application_id": str(case.id)}
    )
    assert answer.status_code in (200, 201, 202), answer.text
    desk.work()
    case.tell("completed")
    desk.work()
    before = keys_of(desk)
    letter = case.letter()
    token = desk.rows("SELECT token, person_id, key FROM letter WHERE id = %s", [letter["id"]])[0]
    lines = desk.rows("SELECT * FROM register_line ORDER BY year, series, n")
    ask(desk, case.id, case.introduction_id)
    assert "erase_case" in desk.work()
    rows = desk.rows("SELECT id, form, number, status FROM letter WHERE application_id = %s", [case.id])
    assert rows and all(row["number"] and not row["form"] for row in rows)
    assert rows_of(desk, case.id) == {"letter": len(rows)}
    assert desk.rows("SELECT * FROM register_line ORDER BY year, series, n") == lines, "the book has no gap"
    assert desk.call("GET", f"/v1/checks/{token['token']}").json["result"] == "valid", "it can still be checked"
    gone = before - keys_of(desk)
    assert any("/bundles/" in key for key in gone) and any("/drafts/" in key for key in gone), gone
    assert token["key"] in keys_of(desk)
    assert people_with(desk, NAME) == 1, "what is printed on the one letter"
    read = desk.call("GET", f"/v1/letters/{letter['id']}/content", "applicant", who={"sub": case.owner})
    assert read.status_code == 200, "its owner still reads it"
    listed = desk.call("GET", f"/v1/letters?application_id={case.id}", "applicant", who={"sub": case.owner})
    assert letter["id"] in {one["id"] for one in listed.json["items"]}
    other = desk.call("GET", f"/v1/letters?application_id={case.id}", "applicant", who={"sub": "somebody"})
    assert other.status_code == 404
    [counts] = answers(desk, case.id)
    assert counts["object"] == len(gone) and counts["bundle"] == 1


def test_the_person_takes_his_letters_along(desk: InProcess) -> None:
    case = a_case(desk).issued()
    now = desk.clock.now().isoformat()
    record = {"record_id": str(new_id()), "application_id": str(case.id), "kelurahan": case.tenant,
              "introduction_id": str(case.introduction_id), "requested_at": now, "due_at": now}  # fmt: skip
    desk.feed("record.requested", record, subject=f"record:{record['record_id']}")
    assert "provide_record" in desk.work()
    [told] = case.told("record.provided")
    issued = {letter["kind"] for letter in told["person"]["letters"] if letter["status"] == "issued"}
    assert "introduction" in issued and len(issued) > 1
    for file in told["files"]:
        assert desk.deps.objects.exists(file["bucket"], file["key"])
    assert len(told["files"]) >= 2


def test_a_withdrawn_case_leaves_no_draft(desk: InProcess) -> None:
    case = a_case(desk).verified()
    case.tell("withdrawn")
    desk.work()
    mine = [
        row["id"] for row in desk.rows("SELECT id FROM letter WHERE application_id = %s AND number IS NULL", [case.id])
    ]
    assert mine
    ask(desk, case.id, case.introduction_id)
    desk.work()
    assert desk.rows("SELECT 1 AS one FROM letter WHERE id = ANY(%s)", [mine]) == []
    assert not [key for key in keys_of(desk) for one in mine if str(one) in key]


def test_an_introduction_that_became_no_case_goes_by_its_own_id_and_its_letter_stays(desk: InProcess) -> None:
    case = a_case(desk)
    alone = case.introduction_id
    with desk.deps.db.transaction("*") as tx:  # as one that an RT head began, and nobody took up
        tx.execute("UPDATE letter SET application_id = NULL WHERE introduction_id = %s", [alone])
        tx.execute("UPDATE introduction SET application_id = NULL WHERE id = %s", [alone])
        tx.execute("DELETE FROM application WHERE id = %s", [case.id])
    ask(desk, alone, alone, "retention")
    desk.work()
    assert desk.rows("SELECT 1 AS one FROM introduction WHERE id = %s", [alone]) == []
    [letter] = desk.rows("SELECT key, status FROM letter WHERE introduction_id = %s", [alone])
    assert letter["status"] == "issued" and letter["key"] in keys_of(desk)
    assert answers(desk, alone)[0]["introduction"] == 1


def test_late_news_brings_nothing_back(desk: InProcess) -> None:
    case = a_case(desk).issued()
    case.tell("completed")
    desk.work()
    ask(desk, case.id, case.introduction_id)
    desk.work()
    left = rows_of(desk, case.id)
    case.verified()
    case.tell("changed")
    assert rows_of(desk, case.id) == left
    assert desk.rows("SELECT 1 AS one FROM introduction WHERE id = %s", [case.introduction_id]) == []
