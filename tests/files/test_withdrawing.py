"""One command kills a file, or a link to one, everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from intake import withdraw
from tests.files.test_strangers import content, objects_of
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI
from tests.integration.intake.test_files import send
from tests.integration.intake.test_record import made as made_record
from tests.support import files
from tests.support.services import InProcess
from tests.support.tokens import PUBLIC_JWKS

WHY = ["--by", "operator:seksi-pelayanan", "--reason", "Berkas milik orang lain"]


@pytest.fixture(autouse=True)
def environment(parts: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As the command finds it in a container."""
    for name, value in (parts.env("intake") | {"TOKEN_PUBLIC_KEYS": PUBLIC_JWKS}).items():
        if name != "TOKEN_PUBLIC_KEYS_FILE":
            monkeypatch.setenv(name, value)
    monkeypatch.setattr("kit.log.configure", lambda *_: None)  # this process has its own
    yield


@pytest.fixture
def case(intake: InProcess) -> dict[str, Any]:
    """With the RT head: {id, file: address of its KK, other: address of another, grant}."""
    shown = cast.opened(intake, who=ROHANA, service="KTP", reason="lost", intended_duplicate=True)
    cast.step(intake, shown["id"], "introduction/waiver", sent={"reason": "dikenal petugas"})
    made = {
        code: send(intake, shown["id"], files.jpeg(), code).get_json()["file_id"]
        for code in shown["missing"]
        if code != "PENGANTAR_RT"
    }
    intake.work()
    cast.step(intake, shown["id"], "submission", "applicant")
    cast.step(intake, shown["id"], "receipt")
    told = [event for event in intake.told("application.received") if event["subject"] == shown["id"]][-1]
    addresses = {code: cast.path(shown["id"], "files", file_id) for code, file_id in made.items()}
    other = next(address for code, address in addresses.items() if code != "KK")
    return {
        "id": shown["id"], "file_id": made["KK"], "file": addresses["KK"], "other": other,
        "grant": told["data"]["person"]["grants"][made["KK"]],
    }  # fmt: skip


def link_to(intake: InProcess, address: str) -> tuple[str, str]:
    made = intake.call("POST", f"{address}/links", "officer", who=YANTI, json={}).get_json()
    return made["link_id"], "/v1/" + made["url"].split("/v1/", 1)[1]


def statuses(intake: InProcess, case: dict[str, Any], link: str) -> list[int]:
    """By the office's login, the applicant's, a link, and the RT head's grant."""
    return [
        int(answer.status_code)
        for answer in (
            content(intake, case["file"], "view"),
            content(intake, case["file"], "original"),
            intake.call("GET", f"{case['file']}/content", "applicant", who=ROHANA),
            intake.call("GET", link),
            intake.call("GET", f"{case['file']}/content?grant={case['grant']}"),
        )
    ]


def test_a_withdrawn_file_is_read_by_nobody_and_its_bytes_are_gone(
    intake: InProcess, case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    _, link = link_to(intake, case["file"])
    assert statuses(intake, case, link) == [200] * 5
    before = len(objects_of(intake, case["id"])["view"])
    assert withdraw.file_main([case["file_id"], *WHY]) == 0
    assert statuses(intake, case, link) == [404] * 5
    assert intake.call("POST", f"{case['file']}/links", "officer", who=YANTI, json={}).status_code == 404
    assert "remove_file" in intake.work()
    left = objects_of(intake, case["id"])
    assert len(left["view"]) == len(left["original"]) == before - 1
    assert content(intake, case["other"], "view").status_code == 200, "the others are as they were"
    assert withdraw.file_main([case["file_id"], *WHY]) == 0
    assert "was withdrawn before" in capsys.readouterr().out


def test_a_withdrawn_file_is_in_no_record_that_was_put_together_before(intake: InProcess, case: dict[str, Any]) -> None:
    made_record(intake, case["id"])
    [row] = intake.rows("SELECT key FROM record WHERE application_id = %s", [case["id"]])
    assert withdraw.file_main([case["file_id"], *WHY]) == 0
    assert intake.rows("SELECT 1 AS one FROM record WHERE application_id = %s", [case["id"]]) == []
    intake.work()
    assert not intake.deps.objects.exists(intake.settings.s3_bucket, row["key"])


def test_who_and_why_stand_in_the_timeline_the_item_is_open_and_the_others_are_told(
    intake: InProcess, case: dict[str, Any]
) -> None:
    withdraw.file_main([case["file_id"], *WHY])
    [line] = [line for line in cast.lines_of(intake, case["id"]) if line["event"] == "file_withdrawn"]
    assert (line["by_staff"] if "by_staff" in line else line["by"]) is not None
    [row] = intake.rows("SELECT * FROM timeline WHERE event = 'file_withdrawn' AND application_id = %s", [case["id"]])
    assert (row["by_role"], row["by_staff"], row["note"]) == (
        "operator", "operator:seksi-pelayanan", "KK: Berkas milik orang lain",
    )  # fmt: skip
    shown = intake.call("GET", case["file"], "applicant", who=ROHANA).get_json()
    assert (shown["status"], shown["reason"]) == ("withdrawn", "Berkas milik orang lain")
    assert "KK" in cast.show(intake, case["id"])["missing"]
    told = cast.events_of(intake, case["id"])[-1]
    assert told["type"] == "application.changed"
    assert case["file_id"] not in [str(file["file_id"]) for file in told["data"]["files"]]


def test_a_withdrawn_link_opens_nothing_and_the_others_go_on(intake: InProcess, case: dict[str, Any]) -> None:
    (link_id, link), (_, other) = link_to(intake, case["file"]), link_to(intake, case["file"])
    assert withdraw.link_main([link_id, *WHY]) == 0
    assert intake.call("GET", link).status_code == 404
    assert intake.call("GET", other).status_code == 200
    assert cast.lines_of(intake, case["id"])[-1]["event"] == "link_withdrawn"


def test_what_is_not_there_and_what_is_not_said_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert withdraw.file_main([str(uuid4()), *WHY]) == 1
    assert withdraw.link_main([str(uuid4()), *WHY]) == 1
    assert "there is no link" in capsys.readouterr().err
    for wrong in (["x", *WHY], [str(uuid4())], [str(uuid4()), "--by", "a", "--reason", "b\nc"]):
        with pytest.raises(SystemExit) as ended:
            withdraw.file_main(wrong)
        assert ended.value.code == 2


def test_a_file_withdrawn_before_it_was_looked_at_leaves_nothing(intake: InProcess) -> None:
    shown = cast.opened(intake, who=ROHANA, service="KTP", reason="lost", intended_duplicate=True)
    made = send(intake, shown["id"], files.jpeg(), "KK").get_json()
    withdraw.file_main([made["file_id"], *WHY])
    intake.work()
    assert objects_of(intake, shown["id"]) == {"original": [], "view": []}


def test_a_file_withdrawn_while_it_is_looked_at_leaves_nothing(
    intake: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = cast.opened(intake, who=ROHANA, service="KTP", reason="lost", intended_duplicate=True)
    made = send(intake, shown["id"], files.jpeg(), "KK").get_json()
    put = intake.deps.objects.put

    def meanwhile(*given: Any) -> None:
        """Withdrawn and removed, and then the viewing copy comes."""
        withdraw.file_main([made["file_id"], *WHY])
        assert intake.work() == ["remove_file"]
        put(*given)

    monkeypatch.setattr(intake.deps.objects, "put", meanwhile)
    assert intake.work() == ["look_at_file", "remove_file"]
    assert objects_of(intake, shown["id"]) == {"original": [], "view": []}
    address = cast.path(shown["id"], "files", made["file_id"])
    assert intake.call("GET", address, "officer", who=YANTI).get_json()["status"] == "withdrawn"


def test_the_same_bytes_sent_again_are_a_new_file_that_no_removal_takes(intake: InProcess) -> None:
    shown = cast.opened(intake, who=ROHANA, service="KTP", reason="lost", intended_duplicate=True)
    first = send(intake, shown["id"], files.jpeg(), "KK").get_json()
    intake.work()
    withdraw.file_main([first["file_id"], *WHY])
    again = send(intake, shown["id"], files.jpeg(), "KK").get_json()
    assert again["file_id"] != first["file_id"]
    intake.work()
    address = cast.path(shown["id"], "files", again["file_id"])
    assert content(intake, address, "view").status_code == 200
    assert content(intake, cast.path(shown["id"], "files", first["file_id"]), "view").status_code == 404
