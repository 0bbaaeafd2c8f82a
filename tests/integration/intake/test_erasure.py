"""What is kept of a case goes when its time is over or its person says so; a line without a name stays, and a proof."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pika
import pytest

from contracts import ledger
from contracts.erasing import ErasedCase
from intake import erasures
from intake.usecases import erasing
from kit.bus import dead, topology
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, YUSUF
from tests.support import files as pictures
from tests.support.eventually import eventually
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

OTHERS = ("verification", "documents", "notify")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def morning(intake: InProcess) -> None:
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
    intake.work()


def ask(intake: InProcess, case: Any, role: str = "applicant", who: Any = ROHANA) -> Any:
    return intake.call("POST", cast.path(case, "erasure"), role, who=who, json={})


def look(intake: InProcess, case: Any, role: str = "applicant", who: Any = ROHANA) -> dict[str, Any]:
    answer = intake.call("GET", cast.path(case, "erasure"), role, who=who)
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def ended(intake: InProcess, **more: Any) -> str:
    """A completed case."""
    case = cast.issued(intake, intended_duplicate=True, **more)
    cast.handed_over(intake, case["id"])
    return str(case["id"])


def withdrawn(intake: InProcess) -> str:
    case = cast.opened(intake, intended_duplicate=True)
    cast.step(intake, case["id"], "withdrawal", "applicant", {"reason": "tidak jadi"})
    return str(case["id"])


def answer_of(intake: InProcess, case: str, service: str, **counts: int) -> bool:
    data = {
        "application_id": case, "kelurahan": BUKIT_SANGKAL, "done_at": intake.clock.now().isoformat(),
        "counts": counts or {"people": 1},
    }  # fmt: skip
    return intake.feed("erasure.done", data, subject=f"erasure:{case}", source=service)


def upload(intake: InProcess, case: str) -> dict[str, Any]:
    form = {"requirement": "SURAT_KEHILANGAN", "file": (io.BytesIO(pictures.jpeg()), "foto.jpg")}
    made = intake.call(
        "POST", cast.path(case, "files"), "applicant", who=ROHANA, data=form, content_type="multipart/form-data"
    )
    assert made.status_code in (200, 201, 202), made.json
    intake.work()
    [row] = intake.rows("SELECT id, key, view_key FROM file WHERE application_id = %s", [case])
    return row


def left_of(intake: InProcess, case: str) -> dict[str, int]:
    """Rows that belong to the case, by table, without those that are meant to stay."""
    tables = intake.rows(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'application_id'"
        " AND table_schema = 'public' AND table_name NOT IN ('erasure', 'erasure_part', 'erased_case', 'figure_line',"
        " 'access') ORDER BY 1"
    )
    counts = {
        row["table_name"]: intake.rows(
            f"SELECT count(*) AS n FROM {row['table_name']} WHERE application_id = %s", [case]
        )[0]["n"]
        for row in tables
    }
    assert len(counts) > 5, counts
    return {name: number for name, number in counts.items() if number}


def test_an_open_case_is_not_erased_and_the_answer_says_what_to_do_first(intake: InProcess) -> None:
    case = str(cast.opened(intake, intended_duplicate=True)["id"])
    refused = ask(intake, case)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:case-still-open")
    assert "withdrawal" in refused.json["detail"]
    assert look(intake, case)["state"] == "kept"
    assert intake.rows("SELECT 1 AS one FROM erasure WHERE application_id = %s", [case]) == []


def test_the_person_asks_and_is_told_by_when_what_goes_and_what_stays_and_why(intake: InProcess) -> None:
    case = withdrawn(intake)
    told = ask(intake, case)
    assert told.status_code == 202
    assert told.json["state"] == "requested"
    assert told.json["due_at"] == "2026-08-17T09:00:00+07:00", "three times 24 hours"
    assert {one["what"] for one in told.json["stays"]} == {"letters", "registers", "figures", "audit", "erasure"}
    assert all(one["why"]["id"] and one["why"]["en"] for one in told.json["stays"])
    assert "scans" in {one["what"] for one in told.json["goes"]}
    assert ask(intake, case).status_code == 202, "asked again nothing more is done"
    events = [one for one in intake.told("erasure.requested") if one["data"]["application_id"] == UUID(case)]
    assert [one["data"]["why"] for one in events] == ["person"]


def test_nothing_of_the_person_is_left_in_tables_or_store(intake: InProcess) -> None:
    case = str(cast.opened(intake, intended_duplicate=True)["id"])
    file = upload(intake, case)
    cast.step(intake, case, "withdrawal", "applicant", {"reason": "Bu Siti pindah"})
    [row] = intake.rows("SELECT person_id, tracking_code FROM application WHERE id = %s", [case])
    stray = f"original/{case}/from-a-request-that-died"
    intake.deps.objects.put(intake.settings.s3_bucket, stray, io.BytesIO(b"x"), 1, "image/jpeg", "0" * 64)
    ask(intake, case)
    assert intake.work() == ["erase_case"]
    assert left_of(intake, case) == {}
    assert intake.rows("SELECT 1 AS one FROM people WHERE id = %s", [row["person_id"]]) == []
    [line] = intake.rows("SELECT * FROM application WHERE id = %s", [case])
    assert (line["person_id"], line["nik_index"], line["phone_index"], line["decision_reason"]) == (None,) * 4
    assert (line["status"], line["tracking_code"]) == ("withdrawn", row["tracking_code"]), "a line stays"
    for key in (file["key"], file["view_key"], stray):
        assert not intake.deps.objects.exists(intake.settings.s3_bucket, key), key


def test_the_proof_is_complete_when_all_four_have_answered(intake: InProcess) -> None:
    case = withdrawn(intake)
    ask(intake, case)
    intake.work()
    for service in OTHERS:
        assert look(intake, case)["state"] == "requested"
        assert answer_of(intake, case, service, people=2)
    proof = look(intake, case)
    assert proof["state"] == "done" and proof["done_at"]
    assert {one["service"]: one["counts"].get("people") for one in proof["parts"]} == {
        "intake": 1, "verification": 2, "documents": 2, "notify": 2,
    }  # fmt: skip
    assert answer_of(intake, case, "notify", people=2), "a repetition is harmless"
    assert look(intake, case)["done_at"] == proof["done_at"]
    assert [row["object"] for row in intake.audit("process.work")].count(case) == 1


def test_an_answer_that_nobody_asked_for_is_harmless(intake: InProcess) -> None:
    case = withdrawn(intake)
    assert answer_of(intake, case, "notify")
    assert look(intake, case)["state"] == "kept"


def test_an_erased_case_is_gone_for_its_readers_who_are_told_so(intake: InProcess) -> None:
    case = withdrawn(intake)
    ask(intake, case)
    intake.work()
    for role, who in (("applicant", ROHANA), ("officer", YANTI)):
        gone = intake.call("GET", cast.path(case), role, who=who)
        assert (gone.status_code, gone.json["type"]) == (410, "urn:problem:case-erased")
        assert intake.call("PATCH", cast.path(case), role, who=who, json={"reason": "new"}).status_code == 410
    assert intake.call("GET", cast.path(case), "applicant", who=YUSUF).status_code == 404
    listed = intake.call("GET", "/v1/applications?status=withdrawn&limit=100", "officer", who=YANTI).json["items"]
    assert case not in {one["id"] for one in listed}
    assert look(intake, case, "officer", YANTI)["state"] == "requested"


def test_another_person_neither_asks_nor_looks_and_a_helper_does_not_ask(intake: InProcess) -> None:
    case = withdrawn(intake)
    assert ask(intake, case, who=YUSUF).status_code == 404
    assert intake.call("GET", cast.path(case, "erasure"), "applicant", who=YUSUF).status_code == 404
    helped = cast.opened(
        intake, helper={"name": "Nur'aini", "phone": "081271000072", "relation": "tetangga"}, intended_duplicate=True
    )
    cast.step(intake, helped["id"], "withdrawal", "applicant", {"reason": "tidak jadi"})
    assert ask(intake, helped["id"]).json["type"] == "urn:problem:only-the-person"
    assert ask(intake, helped["id"], "officer", YANTI).status_code == 202, "an officer on the person's behalf"


def test_late_news_of_an_erased_case_brings_nothing_back(intake: InProcess) -> None:
    case = ended(intake)
    other = ended(intake)
    for one in (case,):
        ask(intake, one)
    intake.work()
    for one in (case, other):
        cast.letter(intake, one, number=f"400/{one[-4:]}")
        cast.handed_over(intake, one, "ready")
        assert cast.verdict(intake, one)
    assert left_of(intake, case) == {}
    assert {"case_letter", "case_handover", "timeline"} <= set(left_of(intake, other)), "and of others it counts"


def test_news_that_came_while_it_was_asked_for_is_erased_with_the_rest(intake: InProcess) -> None:
    case = ended(intake)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute(
            "INSERT INTO message_outcome (message_id, kelurahan, application_id, channel, delivered, at)"
            " VALUES (%s, %s, %s, 'mailbox', true, %s)", [uuid4(), BUKIT_SANGKAL, case, intake.clock.now()],
        )  # fmt: skip
    ask(intake, case)
    intake.work()
    assert left_of(intake, case) == {}


def message(intake: InProcess, phone: str) -> str:
    message_id = str(uuid4())
    data = {
        "message_id": message_id, "kelurahan": BUKIT_SANGKAL, "channel": "mailbox", "recipient": "intake",
        "received_at": intake.clock.now().isoformat(),
        "person": {"from": {"name": None, "phone": phone}, "text": "Kapan selesai?"},
    }  # fmt: skip
    intake.feed("message.received", data, subject=message_id)
    return message_id


def written(intake: InProcess) -> set[str]:
    return {str(row["id"]) for row in intake.rows("SELECT id FROM incoming_message")}


def test_what_the_person_wrote_goes_with_his_last_case_and_what_others_wrote_stays(intake: InProcess) -> None:
    contact = {"name": "Rohana", "phone": "0812-7100-0991"}
    first = str(cast.opened(intake, intended_duplicate=True, contact=contact)["id"])
    second = str(cast.opened(intake, intended_duplicate=True, contact=contact)["id"])
    his, others = message(intake, "+6281271000991"), message(intake, "+6281271000992")
    for case in (first, second):
        assert {his, others} <= written(intake)
        cast.step(intake, case, "withdrawal", "applicant", {"reason": "tidak jadi"})
        ask(intake, case)
        intake.work()
    assert his not in written(intake)
    assert others in written(intake)


@pytest.mark.parametrize(("outcome", "days"), [("completed", 365), ("withdrawn", 90), ("draft", 30)])
def test_a_case_goes_by_itself_when_its_outcome_s_days_are_over_and_not_before(
    intake: InProcess, outcome: str, days: int
) -> None:
    if outcome == "withdrawn":
        case = str(cast.submitted(intake, intended_duplicate=True)["id"])
        cast.step(intake, case, "withdrawal", "applicant", {"reason": "tidak jadi"})
    else:
        case = ended(intake) if outcome == "completed" else withdrawn(intake)
    until = datetime.fromisoformat(look(intake, case)["kept_until"])
    assert until == intake.clock.at + days * DAY
    intake.clock.at = until - 7 * DAY + timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    intake.clock.at = until - timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    assert look(intake, case)["state"] == "kept"
    intake.clock.at = until + timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    intake.work()
    shown = look(intake, case)
    assert (shown["state"], shown["why"]) == ("requested", "retention")
    assert left_of(intake, case) == {}
    events = [one for one in intake.told("erasure.requested") if one["data"]["application_id"] == UUID(case)]
    erasing.erase_over(intake.deps)
    again = [one for one in intake.told("erasure.requested") if one["data"]["application_id"] == UUID(case)]
    assert len(events) == len(again) == 1, "once"


def notices(intake: InProcess, case: str) -> list[dict[str, Any]]:
    told = [one["data"] for one in intake.told("message.requested")]
    return [one for one in told if str(one["application_id"]) == case and one["template"] == "erased_soon"]


def test_a_week_before_the_person_is_told_once_what_goes_and_by_when(intake: InProcess) -> None:
    case = ended(intake)
    until = datetime.fromisoformat(look(intake, case)["kept_until"])
    intake.clock.at = until - 7 * DAY - timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    assert notices(intake, case) == []
    intake.clock.at = until - 7 * DAY + timedelta(minutes=1)
    for _again in range(3):
        erasing.erase_over(intake.deps)
    [told] = notices(intake, case)
    assert told["message_class"] == "notice"
    assert told["person"]["values"]["erased_on"] == f"{until:%d-%m-%Y}"
    assert told["person"]["to"]["phone"]
    assert look(intake, case)["state"] == "kept"
    assert cast.lines_of(intake, case)[-1]["event"] == "erasure_told"


def settled(intake: InProcess, message: dict[str, Any], delivered: bool) -> None:
    """Notify says what became of a message."""
    data = {name: message[name] for name in ("message_id", "application_id", "kelurahan")}
    data |= {"channel": "mailbox", "requested_by": "intake", "at": intake.clock.now().isoformat()}
    data |= {} if delivered else {"reason": "no_such_number"}
    intake.feed("message.delivered" if delivered else "message.failed", data, subject=message["message_id"])


@pytest.mark.parametrize("delivered", [True, False])
def test_who_could_not_be_told_in_time_has_a_day(intake: InProcess, delivered: bool) -> None:
    case = withdrawn(intake)
    intake.clock.at = datetime.fromisoformat(look(intake, case)["kept_until"]) + 100 * DAY
    erasing.erase_over(intake.deps)
    [told] = notices(intake, case)
    assert look(intake, case)["state"] == "kept"
    intake.clock.at += timedelta(hours=9)
    settled(intake, told, delivered)
    intake.clock.at += DAY - timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    assert look(intake, case)["state"] == "kept"
    intake.clock.at += timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    assert look(intake, case)["state"] == "requested" and len(notices(intake, case)) == 1


def test_while_nobody_knows_what_became_of_the_message_a_case_stays_a_week_longer(intake: InProcess) -> None:
    """A release of notify that does not know the message sets it aside, until somebody sees to it."""
    case = withdrawn(intake)
    intake.clock.at = datetime.fromisoformat(look(intake, case)["kept_until"]) + 100 * DAY
    erasing.erase_over(intake.deps)
    intake.clock.at += 7 * DAY - timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    assert look(intake, case)["state"] == "kept"
    intake.clock.at += timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    assert look(intake, case)["state"] == "requested"


def alone(intake: InProcess, outcome: str | None = "granted", **more: Any) -> str:
    """An introduction that an RT head began, for something that is not ours."""
    introduction, task = str(uuid4()), str(uuid4())
    data = {
        "task_id": task, "introduction_id": introduction, "application_id": None, "kelurahan": BUKIT_SANGKAL,
        "kind": "introduction", "status": "done" if outcome else "cancelled", "outcome": outcome, "position": None,
        "opened_at": intake.clock.now().isoformat(), "closed_at": intake.clock.now().isoformat(), "unanswered": False,
    } | more  # fmt: skip
    intake.feed("task.changed", data, subject=task)
    return introduction


def asked_for(intake: InProcess, introduction: str) -> list[dict[str, Any]]:
    told = [one["data"] for one in intake.told("erasure.requested")]
    return [one for one in told if str(one["introduction_id"]) == introduction]


@pytest.mark.parametrize(("outcome", "days"), [("granted", 365), ("refused", 180), (None, 90)])
def test_an_introduction_that_became_no_case_goes_when_its_days_are_over_with_its_proof(
    intake: InProcess, outcome: str | None, days: int
) -> None:
    introduction = alone(intake, outcome)
    before = intake.clock.at
    intake.clock.at = before + days * DAY - timedelta(minutes=1)
    erasing.erase_over(intake.deps)
    assert asked_for(intake, introduction) == []
    intake.clock.at = before + days * DAY + timedelta(minutes=1)
    for _again in range(2):
        erasing.erase_over(intake.deps)
    [asked] = asked_for(intake, introduction)
    assert (str(asked["application_id"]), asked["why"]) == (introduction, "retention")
    intake.work()
    assert intake.rows("SELECT 1 AS one FROM task WHERE introduction_id = %s", [introduction]) == []
    for service in OTHERS:
        assert answer_of(intake, introduction, service, task=1)
    [line] = intake.rows("SELECT done_at FROM erasure WHERE application_id = %s", [introduction])
    assert line["done_at"] is not None, "the proof is complete"


def test_an_introduction_that_is_open_or_became_a_case_is_kept_with_it(intake: InProcess) -> None:
    waiting = alone(intake, None, status="open", closed_at=None)
    used = alone(intake)
    case = str(cast.opened(intake, intended_duplicate=True)["id"])
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE application SET introduction_id = %s WHERE id = %s", [used, case])
    intake.clock.at += 4000 * DAY
    erasing.erase_over(intake.deps)
    assert asked_for(intake, waiting) == asked_for(intake, used) == []


def test_an_office_keeps_cases_as_long_as_it_says(intake: InProcess) -> None:
    case = withdrawn(intake)
    office = intake.call("GET", f"/v1/offices/{BUKIT_SANGKAL}", "administrator").json
    data = {name: value for name, value in office.items() if name not in ("version", "links")}
    put = intake.call("PUT", f"/v1/offices/{BUKIT_SANGKAL}", "administrator", json=data | {"retention": {"draft": 7}})
    assert put.status_code == 200, put.json
    assert datetime.fromisoformat(look(intake, case)["kept_until"]) == intake.clock.at + 7 * DAY
    intake.call("PUT", f"/v1/offices/{BUKIT_SANGKAL}", "administrator", json=data)


def test_the_ledger_is_read_and_replayed_and_names_nobody(
    intake: InProcess, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = withdrawn(intake)
    ask(intake, case)
    intake.work()
    for service in OTHERS:
        answer_of(intake, case, service)
    monkeypatch.setattr(erasures.Settings, "read", lambda: intake.settings)
    monkeypatch.setattr(erasures.log, "configure", lambda *_words: None)
    capsys.readouterr()
    assert erasures.list_main(["--since", "2026-08-14T08:00:00+07:00"]) == 0
    lines = [json.loads(line) for line in ledger.lines_of(capsys.readouterr().out)]
    [line] = [one for one in lines if one["application_id"] == case]
    assert set(line) == {"application_id", "introduction_id", "kelurahan", "why", "at", "done_at"}
    stranger = line | {"application_id": str(uuid4())}
    before = len(intake.told("erasure.requested"))
    erasures.replay(intake.deps, erasures.read(text_of(line, stranger)).cases)
    assert look(intake, case)["state"] == "requested", "every service is asked once more"
    assert len(intake.told("erasure.requested")) == before + 2, "also for a case that this backup does not know"
    assert intake.work() == ["erase_case", "erase_case"]
    for service in OTHERS:
        answer_of(intake, case, service)
    assert look(intake, case)["state"] == "done"


def test_a_file_that_is_no_ledger_is_refused_before_anything_is_done() -> None:
    good = {"application_id": str(uuid4()), "kelurahan": BUKIT_SANGKAL, "why": "person", "at": "2026-08-14T08:00:00Z"}
    with pytest.raises(erasures.BadLine, match="line 2"):
        erasures.read(text_of(good, {"name": "Siti"}))
    with pytest.raises(erasures.BadLine, match="no whole ledger"):
        erasures.read(json.dumps(good) + "\n")
    assert len(erasures.read(text_of(good)).cases) == 1


def text_of(*lines: dict[str, Any]) -> str:
    return "".join(ledger.ended(json.dumps(line) for line in lines))


def test_a_case_that_came_back_from_a_backup_is_erased_again(intake: InProcess) -> None:
    case = withdrawn(intake)
    erasures.replay(intake.deps, [(ErasedCase(UUID(case), None, BUKIT_SANGKAL, "person"), intake.clock.now())])
    intake.work()
    assert left_of(intake, case) == {}


def test_news_of_the_case_that_was_set_aside_is_dropped_and_other_news_stays(intake: InProcess) -> None:
    url = intake.settings.amqp_url
    topology.declare(url, "intake", [])
    case, other = withdrawn(intake), withdrawn(intake)
    connection = pika.BlockingConnection(topology.parameters(url, "a test"))
    try:
        for one in (case, other):
            body = json.dumps({"type": "production.done", "data": {"application_id": one}}).encode()
            connection.channel().basic_publish("", topology.dead_queue("intake"), body)
        eventually(lambda: dead.count(url, "intake") == 2)
        ask(intake, case)
        intake.work()
        left = [letter.body["data"]["application_id"] for letter in dead.letters(url, "intake")]
        assert left == [other]
        [part] = look(intake, case)["parts"]
        assert part["counts"]["dead_letter"] == 1
    finally:
        dead.drop(url, "intake", lambda _letter: True)
        for name in topology.queues("intake"):
            connection.channel().queue_delete(name)
        connection.close()
