"""The page of a link: what is chosen on it is what the API is told, and nothing that nobody chose."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.verification.test_attestations import judge, returned_and_received, said
from tests.support.browsing import Browser, browser, forms_of
from tests.support.services import InProcess
from tests.support.verification import a_file, ask, link_token, only, publish_office, receive, told_of

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> None:
    publish_office(verification)


@pytest.fixture
def head(verification: InProcess) -> Browser:
    return browser(verification)


def shown(head: Browser, verification: InProcess, case: dict[str, Any]) -> Any:
    return head.open(f"/t/{link_token(verification, case['application_id'])}")


def test_one_box_judges_all_that_were_not_judged(verification: InProcess, head: Browser) -> None:
    files = [a_file("KK_LAMA"), a_file("KTP")]
    case = receive(verification, *files)
    [form, *_] = forms_of(shown(head, verification, case).text)
    sent = head.send(form, {"all": "genuine", "verdicts-1-verdict": "bring_original"})
    assert sent.status_code == 303, sent.text
    rows = verification.rows(
        "SELECT file_id, verdict FROM task_file JOIN task ON task.id = task_id WHERE application_id = %s",
        [case["application_id"]],
    )
    verdicts = {str(row["file_id"]): row["verdict"] for row in rows}
    assert [verdicts[file["file_id"]] for file in files] == ["genuine", "bring_original"]


def test_what_was_judged_before_is_shown_and_not_said_again(verification: InProcess, head: Browser) -> None:
    kept, blurred = a_file("KK_LAMA"), a_file("KTP")
    case = receive(verification, kept, blurred)
    judge(verification, case, said(kept), said(blurred, "bring_original"))
    sharp = a_file("KTP")
    returned_and_received(verification, case, kept, sharp)
    page = shown(head, verification, case)
    assert "Sudah dinilai: Asli" in " ".join(page.text.split())
    [form, *_] = forms_of(page.text)
    assert [value for name, value in form.fields if name.endswith("file_id")] == [sharp["file_id"]]
    assert head.send(form, {"verdicts-1-verdict": "genuine"}).status_code == 303
    passed = only(verification, "verification.passed", application_id=case["application_id"])
    assert {str(one["file_id"]) for one in passed["verdicts"]} == {kept["file_id"], sharp["file_id"]}


def test_a_file_that_was_not_judged_is_named_and_what_was_typed_is_kept(verification: InProcess, head: Browser) -> None:
    case = receive(verification, a_file("KK_LAMA"), a_file("KTP"))
    [form, *_] = forms_of(shown(head, verification, case).text)
    wrong = head.send(form, {"verdicts-1-verdict": "doubtful", "verdicts-1-note": "Foto <kabur>"})
    assert wrong.status_code == 422 and "Foto &lt;kabur&gt;" in wrong.text
    assert 'value="doubtful" checked' in wrong.text


def test_two_taps_do_one_thing(verification: InProcess, head: Browser) -> None:
    request = ask(verification)
    [form, *_] = forms_of(head.open(f"/t/{link_token(verification, request['application_id'])}").text)
    answers = [head.send(form, {"decision": "grant"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len(told_of(verification, "introduction.granted", introduction_id=request["introduction_id"])) == 1


def test_a_reason_that_was_typed_before_the_mind_was_changed_is_not_sent(
    verification: InProcess, head: Browser
) -> None:
    request = ask(verification)
    [form, *_] = forms_of(head.open(f"/t/{link_token(verification, request['application_id'])}").text)
    assert head.send(form, {"decision": "grant", "reason": "other", "note": "Salah pencet"}).status_code == 303
    only(verification, "introduction.granted", introduction_id=request["introduction_id"])


def test_a_link_that_is_not_known_is_a_page_that_says_so(head: Browser) -> None:
    unknown = head.open("/t/tidak-dikenal")
    assert unknown.status_code == 404 and unknown.mimetype == "text/html"


def test_the_address_of_a_link_is_told_to_nobody_else(verification: InProcess, head: Browser) -> None:
    request = ask(verification)
    page = head.open(f"/t/{link_token(verification, request['application_id'])}")
    assert page.headers["Referrer-Policy"] == "same-origin" and page.headers["Cache-Control"] == "no-store"
