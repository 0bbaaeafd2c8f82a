"""Day two: the RT head says of each document whether it is genuine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.support.services import InProcess
from tests.support.verification import (
    APPLICANT,
    CONTACT,
    HEAD,
    a_case,
    a_file,
    ask,
    case_told,
    link_token,
    only,
    publish_office,
    receive,
    task_of,
    told_of,
)

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> None:
    publish_office(verification)


def judge(verification: InProcess, case: dict[str, Any], *verdicts: dict[str, Any]) -> Any:
    token = link_token(verification, case["application_id"])
    return verification.call("POST", f"/v1/links/{token}/decision", json={"verdicts": list(verdicts)})


def said(file: dict[str, Any], verdict: str = "genuine", note: str | None = None) -> dict[str, Any]:
    return {"file_id": file["file_id"], "verdict": verdict} | ({"note": note} if note else {})


def test_a_received_case_is_put_before_the_rt_head_with_its_files(verification: InProcess) -> None:
    files = [a_file("KK_LAMA"), a_file("KTP")]
    case = receive(verification, *files)
    message = only(verification, "message.requested", application_id=case["application_id"])
    assert message["template"] == "attestation_request"
    assert message["person"]["values"]["file_count"] == 2
    shown = verification.call("GET", f"/t/{link_token(verification, case['application_id'])}").get_json()
    assert (shown["kind"], shown["status"]) == ("attestation", "open")
    assert shown["applicant"] == {"name": APPLICANT["name"], "address": APPLICANT["address"]}
    assert shown["decisions"] == ["genuine", "doubtful", "bring_original"]
    base = f"{verification.settings.public_url}/v1/applications/{case['application_id']}/files"
    assert [(file["requirement_name"], file["content_url"]) for file in shown["files"]] == [
        ("Kartu Keluarga lama", f"{base}/{files[0]['file_id']}/content?grant=grant-{files[0]['file_id'][:8]}"),
        ("KTP-el", f"{base}/{files[1]['file_id']}/content?grant=grant-{files[1]['file_id'][:8]}"),
    ]


def test_all_genuine_passes(verification: InProcess) -> None:
    files = [a_file("KK_LAMA"), a_file("KTP")]
    case = receive(verification, *files)
    answer = judge(verification, case, *map(said, files))
    assert (answer.status_code, answer.get_json()["outcome"]) == (200, "passed")
    passed = only(verification, "verification.passed", application_id=case["application_id"])
    assert passed["reason"] is None
    assert [(str(one["file_id"]), one["verdict"]) for one in passed["verdicts"]] == [
        (file["file_id"], "genuine") for file in files
    ]
    assert passed["person"]["contact"] == CONTACT
    states = told_of(verification, "task.changed", application_id=case["application_id"])
    assert [state["status"] for state in states] == ["open", "done"]


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        (("genuine", "doubtful"), "doubtful"),
        (("genuine", "bring_original"), "bring_original"),
        (("bring_original", "doubtful"), "doubtful"),
    ],
)
def test_otherwise_it_fails_and_doubtful_wins(verification: InProcess, verdicts: tuple[str, str], reason: str) -> None:
    files = [a_file("KK_LAMA"), a_file("KTP")]
    case = receive(verification, *files)
    notes = ["Alamatnya lain" if verdict == "doubtful" else None for verdict in verdicts]
    judge(verification, case, *map(said, files, verdicts, notes))
    failed = only(verification, "verification.failed", application_id=case["application_id"])
    assert failed["reason"] == reason
    assert [one["verdict"] for one in failed["verdicts"]] == list(verdicts)
    assert all(one["note"] is None for one in failed["verdicts"])  # what he wrote goes sealed
    assert set(failed["person"]["notes"].values()) == {note for note in notes if note}
    assert not told_of(verification, "verification.passed", application_id=case["application_id"])


def test_each_document_needs_its_answer(verification: InProcess) -> None:
    files = [a_file("KK_LAMA"), a_file("KTP")]
    case = receive(verification, *files)
    for verdicts, status in (
        ([said(files[0])], 422),
        ([said(files[0]), said(files[1], "doubtful")], 422),
        ([said(files[0]), said(files[0])], 422),
        ([said(files[0]), said(files[1]), said(a_file())], 422),
        ([said(files[0]), said(files[1], "fake")], 422),
        ([], 422),
    ):
        assert judge(verification, case, *verdicts).status_code == status, verdicts
    left = judge(verification, case, said(files[0])).get_json()
    assert left["unanswered"] == [files[1]["file_id"]]
    token = link_token(verification, case["application_id"])
    wrong = verification.call("POST", f"/v1/links/{token}/decision", json={"decision": "grant"})
    assert wrong.status_code == 422
    assert task_of(verification, case["application_id"])["status"] == "open"


def test_the_same_verdicts_again_are_answered_alike_and_others_refused(verification: InProcess) -> None:
    files = [a_file("KK_LAMA"), a_file("KTP")]
    case = receive(verification, *files)
    first = judge(verification, case, *map(said, files))
    turned_round = judge(verification, case, *map(said, reversed(files)))
    other = judge(verification, case, said(files[0]), said(files[1], "bring_original"))
    assert (first.status_code, turned_round.status_code, other.status_code) == (200, 200, 409)
    assert first.get_json() == turned_round.get_json()
    only(verification, "verification.passed", application_id=case["application_id"])


def test_two_attestations_at_once_have_one_outcome(verification: InProcess) -> None:
    file = a_file()
    case = receive(verification, file)
    with ThreadPoolExecutor(8) as pool:
        verdicts = ["genuine", "bring_original"] * 4
        answers = list(pool.map(lambda verdict: judge(verification, case, said(file, verdict)), verdicts))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 4
    facts = told_of(verification, "verification.passed", application_id=case["application_id"])
    facts += told_of(verification, "verification.failed", application_id=case["application_id"])
    assert len(facts) == 1


def test_grants_are_dropped_when_the_task_closes(verification: InProcess) -> None:
    file = a_file()
    case = receive(verification, file)
    task = task_of(verification, case["application_id"])
    assert verification.rows("SELECT 1 FROM people WHERE id = %s", [task["grants_id"]])
    judge(verification, case, said(file))
    assert not verification.rows("SELECT 1 FROM people WHERE id = %s", [task["grants_id"]])
    shown = verification.call("GET", f"/v1/tasks/{task['id']}", "rt_head", who=HEAD).get_json()
    assert [one["content_url"] for one in shown["files"]] == [None]
    assert "grant-" not in verification.call("GET", f"/t/{link_token(verification, case['application_id'])}").text


def returned_and_received(verification: InProcess, case: dict[str, Any], *files: dict[str, Any]) -> dict[str, Any]:
    for change, status in (("returned", "returned"), ("resubmitted", "submitted")):
        case_told(verification, change, case | {"status": status})
    again = case | {"status": "received", "files": list(files)}
    case_told(verification, "received", again)
    return again


def test_one_answer_serves_where_he_saw_the_same_files(verification: InProcess) -> None:
    kept, blurred = a_file("KK_LAMA"), a_file("KTP")
    case = receive(verification, kept, blurred)
    judge(verification, case, said(kept), said(blurred, "bring_original"))
    sharp = a_file("KTP")
    again = returned_and_received(verification, case, kept, sharp)
    shown = verification.call("GET", f"/t/{link_token(verification, case['application_id'])}").get_json()
    assert [(file["verdict"], file["carried"]) for file in shown["files"]] == [("genuine", True), (None, False)]
    judge(verification, again, said(sharp))
    passed = only(verification, "verification.passed", application_id=case["application_id"])
    assert {str(one["file_id"]) for one in passed["verdicts"]} == {kept["file_id"], sharp["file_id"]}


def test_where_all_was_judged_before_nobody_is_asked_again(verification: InProcess) -> None:
    file = a_file()
    case = receive(verification, file)
    judge(verification, case, said(file))
    returned_and_received(verification, case, file)
    assert len(told_of(verification, "verification.passed", application_id=case["application_id"])) == 2
    assert len(told_of(verification, "message.requested", application_id=case["application_id"])) == 1


def test_a_file_of_another_case_with_the_same_bytes_is_asked_about(verification: InProcess) -> None:
    file = a_file()
    judge(verification, receive(verification, file), said(file))
    other = receive(verification, a_file(sha256=file["sha256"]))
    assert task_of(verification, other["application_id"])["status"] == "open"


def test_what_was_seen_in_the_original_is_genuine(verification: InProcess) -> None:
    file = a_file()
    case = receive(verification, file)
    judge(verification, case, said(file, "bring_original"))
    returned_and_received(verification, case, file | {"original_seen": True})
    passed = only(verification, "verification.passed", application_id=case["application_id"])
    assert [one["verdict"] for one in passed["verdicts"]] == ["genuine"]


def test_a_case_without_documents_stands_on_its_introduction(verification: InProcess) -> None:
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    verification.call("POST", f"/v1/links/{token}/decision", json={"decision": "grant"})
    receive(verification, application_id=request["application_id"])
    only(verification, "verification.passed", application_id=request["application_id"])


def test_files_that_change_while_he_is_asked_are_followed(verification: InProcess) -> None:
    first, second = a_file("KK_LAMA"), a_file("KTP")
    case = receive(verification, first, second)
    judge(verification, case, said(first))  # refused: one is missing
    seen = second | {"original_seen": True}
    case_told(verification, "changed", case | {"files": [first, seen]})
    answer = judge(verification, case, said(first))
    assert answer.get_json()["outcome"] == "passed"


def test_the_same_state_told_again_asks_nobody_twice(verification: InProcess) -> None:
    file = a_file()
    case = receive(verification, file)
    state = case | {"changed_at": verification.clock.now().isoformat()}
    for _ in range(2):
        verification.feed(
            "application.received", state | {"person": {"applicant": APPLICANT, "contact": CONTACT}},
            subject=case["application_id"],
        )  # fmt: skip
    assert len(told_of(verification, "message.requested", application_id=case["application_id"])) == 1
    judge(verification, case, said(file))
    verification.feed("application.received", state | {"person": {}}, subject=case["application_id"])
    only(verification, "verification.passed", application_id=case["application_id"])
    assert task_of(verification, case["application_id"])["status"] == "done"


def test_older_news_of_a_case_changes_nothing(verification: InProcess) -> None:
    case = a_case(verification, "withdrawn")
    case_told(verification, "withdrawn", case, sequence=7)
    case_told(verification, "received", case | {"status": "received", "files": [a_file()]}, sequence=5)
    assert not verification.rows("SELECT 1 FROM task WHERE application_id::text = %s", [case["application_id"]])


# Two services decide at once.


def test_returned_while_verification_passes(verification: InProcess) -> None:
    """The return came first: the question is closed, and a verdict that is late is refused."""
    file = a_file()
    case = receive(verification, file)
    case_told(verification, "returned", case | {"status": "returned"})
    answer = judge(verification, case, said(file))
    assert answer.status_code == 409
    assert answer.get_json()["type"] == "urn:problem:task-closed"
    assert not told_of(verification, "verification.passed", application_id=case["application_id"])
    states = told_of(verification, "task.changed", application_id=case["application_id"])
    assert [state["status"] for state in states] == ["open", "cancelled"]


def test_returned_while_verification_passes_the_verdict_came_first(verification: InProcess) -> None:
    """Passed is told, and intake decides what it means; the return asks anew when the case comes back."""
    file = a_file()
    case = receive(verification, file)
    assert judge(verification, case, said(file)).status_code == 200
    case_told(verification, "returned", case | {"status": "returned"})
    only(verification, "verification.passed", application_id=case["application_id"])
    assert task_of(verification, case["application_id"])["status"] == "done"
    case_told(verification, "received", case | {"files": [file, a_file("KTP")]})
    assert task_of(verification, case["application_id"])["status"] == "open"


def test_returned_while_verification_passes_at_the_same_instant(verification: InProcess) -> None:
    """Whichever is first stands; never both, and never neither."""
    for _ in range(8):
        file = a_file()
        case = receive(verification, file)
        with ThreadPoolExecutor(2) as pool:
            verdict = pool.submit(judge, verification, case, said(file))
            pool.submit(case_told, verification, "returned", case | {"status": "returned"}).result()
        passed = told_of(verification, "verification.passed", application_id=case["application_id"])
        status = task_of(verification, case["application_id"])["status"]
        assert (verdict.result().status_code, len(passed), status) in ((200, 1, "done"), (409, 0, "cancelled"))


def test_received_again_is_a_new_question(verification: InProcess) -> None:
    file = a_file()
    case = receive(verification, file)
    first = task_of(verification, case["application_id"])
    returned_and_received(verification, case, file)
    second = task_of(verification, case["application_id"])
    assert (second["status"], second["id"] != first["id"]) == ("open", True)
    assert judge(verification, case, said(file)).get_json()["outcome"] == "passed"


@pytest.mark.parametrize("end", ["withdrawn", "rejected", "expired"])
def test_withdrawn_while_verification_passes(verification: InProcess, end: str) -> None:
    file = a_file()
    case = receive(verification, file)
    case_told(verification, end, case | {"status": end})
    assert judge(verification, case, said(file)).status_code == 409
    assert task_of(verification, case["application_id"])["status"] == "cancelled"


def test_withdrawn_while_the_introduction_is_decided(verification: InProcess) -> None:
    """The withdrawal came first: there is nothing to grant any more, and the link says so without a name."""
    request = ask(verification)
    case = a_case(verification, "withdrawn", application_id=request["application_id"])
    case_told(verification, "withdrawn", case)
    token = link_token(verification, request["application_id"])
    answer = verification.call("POST", f"/v1/links/{token}/decision", json={"decision": "grant"})
    assert answer.status_code == 409
    assert not told_of(verification, "introduction.granted", application_id=request["application_id"])
    shown = verification.call("GET", f"/t/{token}")
    assert shown.get_json()["status"] == "cancelled"
    assert APPLICANT["name"] not in shown.text


def test_withdrawn_while_the_introduction_is_decided_the_grant_came_first(verification: InProcess) -> None:
    """The letter is the applicant's all the same; intake leaves the case closed."""
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    verification.call("POST", f"/v1/links/{token}/decision", json={"decision": "grant"})
    case = a_case(verification, "withdrawn", application_id=request["application_id"])
    case_told(verification, "withdrawn", case)
    only(verification, "introduction.granted", application_id=request["application_id"])
    assert task_of(verification, request["application_id"])["status"] == "done"


def test_an_introduction_that_is_asked_for_after_the_withdrawal_is_closed_at_once(verification: InProcess) -> None:
    case = a_case(verification, "withdrawn")
    case_told(verification, "withdrawn", case)
    request = ask(verification, application_id=case["application_id"])
    states = told_of(verification, "task.changed", application_id=request["application_id"])
    assert [state["status"] for state in states] == ["open", "cancelled"]
    assert not told_of(verification, "message.requested", application_id=request["application_id"])


def test_an_open_introduction_survives_the_submission(verification: InProcess) -> None:
    request = ask(verification)
    case = a_case(verification, "submitted", application_id=request["application_id"])
    case_told(verification, "submitted", case)
    assert task_of(verification, request["application_id"])["status"] == "open"


def test_an_officer_sees_files_by_his_own_login(verification: InProcess) -> None:
    case = receive(verification, a_file())
    task = task_of(verification, case["application_id"])
    shown = verification.call("GET", f"/v1/tasks/{task['id']}", "officer").get_json()
    assert shown["files"][0]["content_url"].endswith("/content")
    assert verification.call("GET", f"/v1/tasks/{uuid4()}", "officer").status_code == 404


def test_a_change_of_a_case_that_was_judged_asks_and_tells_nobody_again(verification: InProcess) -> None:
    file = a_file("KK_LAMA")
    case = receive(verification, file)
    assert judge(verification, case, said(file, "doubtful", "Tanggal tidak terbaca")).status_code == 200
    case_told(verification, "changed", case)
    case_told(verification, "changed", case)
    assert len(told_of(verification, "verification.failed", application_id=case["application_id"])) == 1
    case_told(verification, "received", case)
    assert len(told_of(verification, "verification.failed", application_id=case["application_id"])) == 2


def test_what_the_head_judged_with_the_introduction_stands_for_the_same_files_at_receipt(
    verification: InProcess,
) -> None:
    """One answer serves where he saw the same files at the introduction."""
    card, other = a_file("KK_LAMA"), a_file("KTP")
    files = [card, other]
    grants = {file["file_id"]: f"grant-{file['file_id'][:8]}" for file in files}
    person = {"applicant": APPLICANT, "contact": CONTACT, "helper": None, "grants": grants}
    request = ask(verification, files=files, person=person)
    token = link_token(verification, request["application_id"])
    shown = verification.call("GET", f"/v1/links/{token}").json
    assert [file["requirement"] for file in shown["files"]] == ["KK_LAMA", "KTP"]
    assert all("grant=" in file["content_url"] for file in shown["files"])
    path = f"/v1/links/{token}/decision"
    wrong = {"decision": "grant", "verdicts": [said(a_file())]}
    assert verification.call("POST", path, json=wrong).status_code == 422
    granted = {"decision": "grant", "verdicts": [said(card)]}
    for _ in range(2):
        assert verification.call("POST", path, json=granted).status_code == 200
    case = receive(verification, card, other, application_id=request["application_id"])
    task = verification.call("GET", f"/t/{link_token(verification, case['application_id'])}").json
    assert [(file["requirement"], file["verdict"]) for file in task["files"]] == [("KK_LAMA", "genuine"), ("KTP", None)]
    assert judge(verification, case, said(other)).json["outcome"] == "passed"


def test_where_he_judged_all_of_them_then_nobody_asks_again(verification: InProcess) -> None:
    card = a_file("KK_LAMA")
    request = ask(verification, files=[card])
    token = link_token(verification, request["application_id"])
    granted = {"decision": "grant", "verdicts": [said(card)]}
    assert verification.call("POST", f"/v1/links/{token}/decision", json=granted).status_code == 200
    receive(verification, card, application_id=request["application_id"])
    assert only(verification, "verification.passed", application_id=request["application_id"])["reason"] is None
    sent = told_of(verification, "message.requested", application_id=request["application_id"])
    assert [one["template"] for one in sent] == ["introduction_request"]


def test_a_file_that_intake_withdrew_is_not_asked_about_any_more(verification: InProcess) -> None:
    kept, bad = a_file("KK_LAMA"), a_file("SURAT_KEHILANGAN")
    case = receive(verification, kept, bad)
    token = link_token(verification, case["application_id"])

    def asked_about() -> list[str]:
        return [file["file_id"] for file in verification.call("GET", f"/v1/links/{token}").get_json()["files"]]

    assert sorted(asked_about()) == sorted([kept["file_id"], bad["file_id"]])
    case_told(verification, "changed", case | {"files": [kept]})
    assert asked_about() == [kept["file_id"]]
    assert judge(verification, case, {"file_id": kept["file_id"], "verdict": "genuine"}).status_code == 200
