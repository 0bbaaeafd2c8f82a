"""One command kills the links into a task, or one of them, in every process at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.local.stack import Stack
from tests.integration.verification import test_witnesses as story
from tests.integration.verification.test_witnesses import office
from tests.support.services import InProcess
from tests.support.tokens import PUBLIC_JWKS
from tests.support.verification import ask, link_token, only, task_of, told_of
from verification import withdraw
from verification.usecases import deciding

__all__ = ["office"]
WHY = ["--by", "operator:seksi-pemerintahan", "--reason", "Tautan diteruskan ke grup"]


@pytest.fixture(autouse=True)
def environment(parts: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As the command finds it in a container."""
    for name, value in (parts.env("verification") | {"TOKEN_PUBLIC_KEYS": PUBLIC_JWKS}).items():
        if name != "TOKEN_PUBLIC_KEYS_FILE":
            monkeypatch.setenv(name, value)
    monkeypatch.setattr("kit.log.configure", lambda *_: None)  # this process has its own
    yield


def links_into(verification: InProcess, task_id: Any) -> list[dict[str, Any]]:
    return verification.rows("SELECT * FROM link WHERE task_id = %s ORDER BY made_at", [task_id])


def of(task: dict[str, Any]) -> list[str]:
    """Who is asked."""
    return ["--of", str(task["officeholder_id"])]


def newest_link(verification: InProcess, case: str) -> str:
    """Of those that were sent about the case, to whomever."""
    sent = told_of(verification, "message.requested", application_id=case)
    return [str(one["person"]["values"]["link"]) for one in sent if "link" in one["person"]["values"]][-1].split("/")[
        -1
    ]


def statuses(verification: InProcess, token: str) -> list[int]:
    """Of reading at both addresses, and of deciding."""
    decided = verification.call("POST", f"/v1/links/{token}/decision", json={"decision": "grant", "purpose": "KK"})
    reads = [verification.call("GET", path).status_code for path in (f"/t/{token}", f"/v1/links/{token}")]
    return [*reads, int(decided.status_code)]


def test_no_link_of_a_withdrawn_task_opens_anything_and_the_next_one_is_asked(verification: InProcess) -> None:
    request, other = ask(verification), ask(verification)
    case = request["application_id"]
    task, token = task_of(verification, case), link_token(verification, case)
    assert verification.call("GET", f"/t/{token}").status_code == 200
    assert withdraw.task_main([str(task["id"]), *of(task), *WHY]) == 0
    assert statuses(verification, token) == [404, 404, 404]
    after = task_of(verification, case)
    assert after["status"] == "open" and after["officeholder_id"] != task["officeholder_id"], "a head is passed over"
    assert task["officeholder_id"] in after["passed_over"]
    links = links_into(verification, task["id"])
    assert [link["withdrawn_at"] is not None for link in links] == [True] + [False] * bool(after["officeholder_id"])
    spared = link_token(verification, other["application_id"])
    assert verification.call("GET", f"/t/{spared}").status_code == 200, "other tasks are as they were"


def test_given_again_it_leaves_alone_the_one_whom_it_was_handed_on_to(
    verification: InProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    case = ask(verification)["application_id"]
    task = task_of(verification, case)
    command = [str(task["id"]), *of(task), *WHY]
    assert withdraw.task_main(command) == 0
    after, token = task_of(verification, case), newest_link(verification, case)
    assert after["officeholder_id"] and verification.call("GET", f"/t/{token}").status_code == 200
    capsys.readouterr()
    assert withdraw.task_main(command) == 0 and "was withdrawn before" in capsys.readouterr().out
    assert task_of(verification, case) == after
    assert verification.call("GET", f"/t/{token}").status_code == 200
    assert withdraw.list_main([str(task["id"])]) == 0
    assert str(after["officeholder_id"]) in capsys.readouterr().out.splitlines()[-2], "whom to name is shown"
    assert withdraw.task_main([str(task["id"]), *of(after), *WHY]) == 0
    assert verification.call("GET", f"/t/{token}").status_code == 404, "when that is meant, it is said"


def test_whoever_was_never_asked_is_none_of_the_task_s(verification: InProcess) -> None:
    case = ask(verification)["application_id"]
    before, token = task_of(verification, case), link_token(verification, case)
    for nobody in (str(uuid4()), "witness"):
        assert withdraw.task_main([str(before["id"]), "--of", nobody, *WHY]) == 1
    assert task_of(verification, case) == before
    assert verification.call("GET", f"/t/{token}").status_code == 200


def test_a_withdrawn_link_ends_alone_and_its_reader_gets_another_with_his_reminder(
    verification: InProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    case = ask(verification)["application_id"]
    task, token = task_of(verification, case), link_token(verification, case)
    verification.clock.at = task["nudge_at"]
    story.reminding.remind_due(verification.deps)
    newer = link_token(verification, case)
    assert newer != token
    capsys.readouterr()
    assert withdraw.list_main([str(task["id"])]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[-1] == "2 links" and token not in str(listed) and newer not in str(listed)
    assert withdraw.link_main([listed[0].split()[0], *WHY]) == 0
    assert verification.call("GET", f"/t/{token}").status_code == 404
    assert verification.call("GET", f"/t/{newer}").status_code == 200
    assert task_of(verification, case)["officeholder_id"] == task["officeholder_id"], "he is still asked"
    assert withdraw.link_main([listed[0].split()[0], *WHY]) == 0
    assert "was withdrawn before" in capsys.readouterr().out


def test_a_neighbour_s_withdrawn_question_counts_as_not_answered_and_holds_nobody_up(verification: InProcess) -> None:
    case = story.asked(verification, "front", "left", "right")
    for side in ("front", "left"):
        assert story.answers(verification, case, side, "confirm").status_code == 200
    path = story.link_of(verification, case, "right")
    assert verification.call("GET", path).status_code == 200
    withdrawn = [str(story.statement(verification, case, "right")["id"]), "--of", "witness", *WHY]
    assert withdraw.task_main(withdrawn) == 0
    assert verification.call("GET", path).status_code == 404
    assert story.answers(verification, case, "right", "object", note="bising").status_code == 404
    row = story.statement(verification, case, "right")
    assert (row["outcome"], row["nudge_at"]) == ("no_answer", None), "and nobody is reminded"
    assert story.outcomes(verification, case)[-1] == ("passed", None)
    told = len(verification.told())
    assert withdraw.task_main(withdrawn) == 0 and len(verification.told()) == told, "given again it does nothing"


def test_the_links_of_a_closed_task_end_and_its_outcome_stands(verification: InProcess) -> None:
    request = ask(verification)
    token = link_token(verification, request["application_id"])
    assert statuses(verification, token)[2] == 200
    task = task_of(verification, request["application_id"])
    assert withdraw.task_main([str(task["id"]), *of(task), *WHY]) == 0
    assert verification.call("GET", f"/t/{token}").status_code == 404
    assert task_of(verification, request["application_id"])["outcome"] == task["outcome"] == "granted"
    only(verification, "introduction.granted", introduction_id=request["introduction_id"])


def test_a_link_that_is_taken_back_while_it_decides_decides_nothing(
    verification: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ask(verification)
    task, token = task_of(verification, request["application_id"]), link_token(verification, request["application_id"])
    lock = deciding.lock_task

    def meanwhile(tx: Any, one: UUID) -> Any:
        assert withdraw.task_main([str(task["id"]), *of(task), *WHY]) == 0
        return lock(tx, one)

    monkeypatch.setattr(deciding, "lock_task", meanwhile)
    refused = verification.call("POST", f"/v1/links/{token}/decision", json={"decision": "grant", "purpose": "KK"})
    assert refused.status_code == 404
    assert told_of(verification, "introduction.granted", introduction_id=request["introduction_id"]) == []


def test_who_and_why_stand_in_the_audit_and_the_secret_nowhere(verification: InProcess) -> None:
    case = ask(verification)["application_id"]
    task, token = task_of(verification, case), link_token(verification, case)
    withdraw.task_main([str(task["id"]), *of(task), *WHY])
    [row] = [one for one in verification.audit("process.work") if one["object"] == str(task["id"])]
    assert (row["tenant"], row["about"]) == (task["kelurahan"], [])
    assert {name: row["details"][name] for name in ("by", "reason")} == {"by": WHY[1], "reason": WHY[3]}
    assert token not in str(row)


def test_what_is_not_there_and_what_is_not_said_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert withdraw.task_main([str(uuid4()), "--of", "witness", *WHY]) == 1
    assert withdraw.link_main([str(uuid4()), *WHY]) == 1
    assert "there is no link" in capsys.readouterr().err
    one, whom = str(UUID(int=1)), ["--of", "witness"]
    for wrong in (["x", *whom, *WHY], [one], [one, *WHY], [one, "--of", "him", *WHY],
                  [one, *whom, "--by", "a", "--reason", "b\nc"]):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            withdraw.task_main(wrong)
        assert ended.value.code == 2
