"""Complaints over HTTP: filed by anybody, followed by ticket, handled by those whom they are not about."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from intake import jobs as file_jobs
from intake.domain.complaints.history import replayed
from intake.offices import shipped_office
from intake.pictures.refusals import Undecodable
from intake.store import complaints as store
from intake.usecases import erasing, openings, staff, upkeep
from intake.usecases.complaining import limits, reading, timers
from intake.usecases.complaining.limits import WRONG_SECRETS
from intake.usecases.files import LOOK_JOB, withdraw
from intake.usecases.offices import RECOMPUTE, RECOMPUTE_COMPLAINTS
from kit import jobs
from kit.strangers import Strangers
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, YUSUF
from tests.integration.intake.test_signing_in import signed_in
from tests.support import files as pictures
from tests.support.eventually import eventually
from tests.support.late import keys_with, pass_time
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

LURAH, CAMAT, CITY = (
    {"sub": "lurah:halimah"},
    {"sub": "camat:1", "tenant": "16.71.10"},
    {"sub": "city:1", "tenant": "16.71"},
)
WORDS = "Loket Nur'aini & Co <i> tutup."
PHONE = "+6281271000072"
PATH = "/v1/complaints"
PERIOD = "from=2026-08-14&to=2026-08-14"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    """Friday 2026-08-14, 09:00; Monday is a holiday. What this file files happens to nobody afterwards."""
    intake.clock.at = at("2026-08-14T09:00")
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")
    yield
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE complaint SET next_at = NULL, status = 'closed' WHERE status <> 'closed'")
    intake.clock.at = at("2026-08-14T09:00")


def body(**more: Any) -> dict[str, Any]:
    return {
        "kelurahan": BUKIT_SANGKAL,
        "kind": "complaint",
        "text": WORDS,
        "name": "Siti Maimunah",
        "phone": PHONE,
    } | more


def anonymous(**more: Any) -> dict[str, Any]:
    given = body(confidentiality="anonymous", **more)
    return {name: value for name, value in given.items() if name not in ("name", "phone")}


def filed(
    intake: InProcess, sent: dict[str, Any] | None = None, role: str | None = None, **more: Any
) -> dict[str, Any]:
    response = intake.call("POST", PATH, role, json=sent or body(), **more)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json
    return found


def by_ticket(intake: InProcess, made: dict[str, Any], what: str, status: int = 200, **sent: Any) -> Any:
    response = intake.call("POST", f"{PATH}/tickets/{made['ticket']}/{what}", json={"secret": made["secret"]} | sent)
    assert response.status_code == status, response.text
    return response.json


def view(intake: InProcess, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = by_ticket(intake, made, "view")
    return found


def at_desk(
    intake: InProcess, made: dict[str, Any], what: str, role: str = "officer", status: int = 200, **sent: Any
) -> Any:
    who = sent.pop("who", {"officer": YANTI, "lurah": LURAH, "camat": CAMAT, "city": CITY}[role])
    response = intake.call("POST", f"{PATH}/{made['id']}/{what}", role, who=who, json=sent)
    assert response.status_code == status, response.text
    return response.json


def shown(intake: InProcess, made: dict[str, Any], role: str, who: dict[str, str]) -> Any:
    return intake.call("GET", f"{PATH}/{made['id']}", role, who=who)


def checked(intake: InProcess, **more: Any) -> dict[str, Any]:
    made = filed(intake, body(**more))
    at_desk(intake, made, "check", complaint_class="complaint")
    return made


def events(intake: InProcess, made: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in intake.told() if one["subject"] == made["id"]]


def replays(intake: InProcess, made: dict[str, Any]) -> None:
    """Replaying the entries gives the row, and each was told once, in order."""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        found = store.get(tx, intake.deps.data_keys, UUID(made["id"]))
        entries = store.history(tx, intake.deps.data_keys, UUID(made["id"]))
    assert found is not None
    assert replayed(entries) == found.state
    told = events(intake, made)
    assert [one["type"] for one in told] == [f"complaint.{entry.change}" for entry in entries]
    assert [one["sequence"] for one in told] == list(range(1, len(told) + 1))
    assert [one["data"]["actor"] for one in told] == [entry.by.role for entry in entries]
    assert (told[-1]["data"]["status"], told[-1]["data"]["level"]) == (found.state.status, found.state.level)


# --- filing -----------------------------------------------------------------------------------------------------------


def test_anybody_gets_a_ticket_at_once_and_the_answer_in_the_end(intake: InProcess) -> None:
    made = filed(intake)
    status = intake.call("GET", f"{PATH}/tickets/{made['ticket'].lower().replace('-', ' ')}").json
    assert (status["status"], status["check_due_at"]) == ("filed", "2026-08-19T16:00:00+07:00")
    at_desk(intake, made, "check", complaint_class="complaint")
    at_desk(intake, made, "answer", text="Sudah kami tegur. Terima kasih.")
    seen = view(intake, made)
    assert [(one["change"], one["by"], one["words"]) for one in seen["history"]] == [
        ("filed", "filer", WORDS), ("checked", "officer", None),
        ("answered", "officer", "Sudah kami tegur. Terima kasih."),
    ]  # fmt: skip
    assert seen["actions"] == ["satisfied", "reopen", "withdraw"]
    by_ticket(intake, made, "satisfaction")
    assert view(intake, made)["result"] == "satisfied"
    replays(intake, made)


def test_two_phones_behind_one_address_get_two_tickets(intake: InProcess) -> None:
    from_one = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    tickets = {filed(intake, anonymous(), **from_one)["ticket"] for _ in range(5)}
    tickets |= {
        filed(intake, body(phone=phone), **from_one)["ticket"] for phone in ("0812-7100-0073", "0812-7100-0074")
    }
    assert len(tickets) == 7


def test_an_address_may_file_sixty_at_once_and_then_is_asked_to_wait(intake: InProcess) -> None:
    gate = intake.app.extensions["gate"]
    narrow = Strangers(intake.deps.db, intake.deps.fingerprints, 300, 0, [])
    with replaced(gate, "strangers", narrow):
        from_one = {"environ_base": {"REMOTE_ADDR": "192.0.2.8"}}
        answers = [intake.call("POST", PATH, json=anonymous(kind="x"), **from_one).status_code for _ in range(103)]
    assert set(answers[:60]) == {422}
    assert answers[-1] == 429


@contextmanager
def replaced(thing: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(thing, name)
    object.__setattr__(thing, name, value)
    try:
        yield
    finally:
        object.__setattr__(thing, name, before)


def test_one_number_is_told_of_so_many_tickets_a_day(intake: InProcess) -> None:
    sent = body(phone="0812-7100-0999")
    keys = [{"Idempotency-Key": str(uuid4())} for _ in range(int(limits.FILED_BY_PHONE.most) + 1)]
    answers = [intake.call("POST", PATH, json=sent, headers=key).status_code for key in keys]
    assert answers == [201] * int(limits.FILED_BY_PHONE.most) + [429]
    again = intake.call("POST", PATH, json=sent, headers=keys[0])
    assert again.status_code == 201 and again.json["secret"], "who lost the answer gets it, whatever was filed since"


def test_a_save_that_fails_shows_no_ticket_and_leaves_nothing(intake: InProcess, monkeypatch: Any) -> None:
    before = len(intake.rows("SELECT FROM complaint"))

    def broken(*_args: Any, **_more: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("intake.usecases.complaining.filing.tell_change", broken)
    intake.app.config["PROPAGATE_EXCEPTIONS"] = False
    response = intake.call("POST", PATH, json=body(), headers={"Idempotency-Key": "failed-once"})
    assert response.status_code == 500
    assert "ADU-" not in response.text
    assert len(intake.rows("SELECT FROM complaint")) == before
    monkeypatch.undo()
    assert filed(intake, headers={"Idempotency-Key": "failed-once"})["ticket"]


def test_the_same_request_again_is_the_same_ticket(intake: InProcess) -> None:
    key = {"Idempotency-Key": f"once-{uuid4()}"}
    assert filed(intake, headers=key) == filed(intake, headers=key)
    assert filed(intake)["ticket"] != filed(intake)["ticket"]


def test_of_an_anonymous_one_nothing_is_kept_that_says_who_it_was(intake: InProcess) -> None:
    made = filed(intake, anonymous(), role="applicant", who=ROHANA)
    [row] = intake.rows("SELECT owner, person_id FROM complaint WHERE id = %s", [made["id"]])
    assert row == {"owner": None, "person_id": None}
    [written] = [one for one in intake.audit() if one["object"] == made["id"]]
    assert (written["caller"], written["roles"]) == ("filer", ["filer"])
    assert "rohana" not in json.dumps(written, default=str)
    assert events(intake, made)[0]["data"]["person"] == {"to": None, "text": None}
    own = intake.call("GET", PATH, "applicant", who=ROHANA).json["items"]
    assert made["ticket"] not in [one["ticket"] for one in own]
    refused = intake.call("POST", PATH, json=anonymous() | {"phone": PHONE})
    assert refused.status_code == 422 and "phone" in refused.json["errors"]["json"]


def test_who_filed_a_confidential_one_is_told_and_not_shown(intake: InProcess) -> None:
    hidden, plain = filed(intake, body(confidentiality="confidential")), filed(intake)
    for made, person in ((hidden, None), (plain, {"name": "Siti Maimunah", "phone": PHONE, "language": "id"})):
        at_office = shown(intake, made, "officer", YANTI)
        assert at_office.json["person"] == person
        assert ("Siti Maimunah" in at_office.text) is (person is not None)
        assert events(intake, made)[0]["data"]["person"]["to"]["phone"] == PHONE
        assert view(intake, made)["person"]["name"] == "Siti Maimunah"


def test_the_database_holds_no_word_of_it_in_the_clear(intake: InProcess) -> None:
    made = filed(intake)
    for table, key in (("complaint", "id"), ("complaint_entry", "complaint_id"), ("outbox", "subject")):
        rows = intake.rows(f"SELECT * FROM {table} WHERE {key}::text = %s", [made["id"]])
        assert rows
        text = str(rows)
        assert not [one for one in ("Nur'aini", "Siti Maimunah", "81271000072", made["secret"]) if one in text]


def test_the_ticket_alone_shows_how_it_stands_and_nothing_more(intake: InProcess) -> None:
    made = filed(intake)
    alone = intake.call("GET", f"{PATH}/tickets/{made['ticket']}")
    assert set(alone.json) & {"person", "history", "photos", "id"} == set()
    assert "Nur'aini" not in alone.text
    refused = intake.call("POST", f"{PATH}/tickets/{made['ticket']}/view", json={})
    assert (refused.status_code, refused.json["type"].rpartition(":")[2]) == (404, "ticket-secret-refused")
    assert intake.call("GET", f"{PATH}/tickets/ADU-00000-00000").status_code == 404


def test_who_guesses_at_a_secret_is_told_to_wait_and_keeps_nobody_out(intake: InProcess) -> None:
    made = filed(intake)
    other = filed(intake)
    tries = [by_guess(intake, made, other["secret"]) for _ in range(int(WRONG_SECRETS.most) + 1)]
    assert tries == [404] * int(WRONG_SECRETS.most) + [429]
    assert by_guess(intake, made, made["secret"]) == 200
    assert by_guess(intake, other, other["secret"]) == 200


def by_guess(intake: InProcess, made: dict[str, Any], secret: str) -> int:
    sent = {"secret": secret}
    return int(intake.call("POST", f"{PATH}/tickets/{made['ticket']}/view", json=sent).status_code)


def test_a_login_goes_on_with_its_own_without_the_secret(intake: InProcess) -> None:
    made = filed(intake, body(), role="applicant", who=ROHANA)
    path = f"{PATH}/tickets/{made['ticket']}/view"
    assert intake.call("POST", path, "applicant", who=ROHANA, json={}).json["ticket"] == made["ticket"]
    assert intake.call("POST", path, "applicant", who=YUSUF, json={}).status_code == 404
    assert intake.call("GET", PATH, "applicant", who=ROHANA).json["items"][0]["ticket"] == made["ticket"]


# --- a case, a step ---------------------------------------------------------------------------------------------------


def test_it_is_tied_to_case_and_step_and_counted_beside_the_sop(intake: InProcess) -> None:
    case = cast.opened(intake)
    made = filed(intake, body(tracking_code=case["tracking_code"], step="receive"))
    seen = shown(intake, made, "officer", YANTI).json
    assert (seen["application_id"], seen["service"], seen["step"]) == (case["id"], "KK", "receive")
    for query in (f"application_id={case['id']}", "service=KK&step=receive&limit=200"):
        listed = intake.call("GET", f"{PATH}?{query}", "officer", who=YANTI).json["items"]
        assert made["ticket"] in [one["ticket"] for one in listed]
    tally = intake.call("GET", f"{PATH}/tally?service=KK", "lurah", who=LURAH).json["items"]
    assert [one["number"] for one in tally if (one["step"], one["status"]) == ("receive", "filed")] == [1]
    wrong = intake.call("POST", PATH, json=body(tracking_code="PGT-00000-00000"))
    assert wrong.status_code == 404
    other = intake.call("POST", PATH, json=body(service="TIDAKADA"))
    assert other.json["type"].endswith("service-unknown")


# --- who handles it ---------------------------------------------------------------------------------------------------

ROLES = (("officer", YANTI), ("lurah", LURAH), ("camat", CAMAT), ("city", CITY))


@pytest.mark.parametrize(
    ("about", "handles"),
    [("office", {"officer", "lurah"}), ("officer", {"lurah"}), ("rt_head", {"lurah"}), ("lurah", {"camat"}),
     ("camat", {"city"})],
)  # fmt: skip
def test_the_person_complained_about_neither_sees_nor_handles_it(
    intake: InProcess, about: str, handles: set[str]
) -> None:
    made = filed(intake, body(about=about))
    for role, who in ROLES:
        mine = role in handles
        assert shown(intake, made, role, who).status_code == (200 if mine else 404), role
        listed = intake.call("GET", f"{PATH}?limit=200", role, who=who).json["items"]
        assert (made["ticket"] in [one["ticket"] for one in listed]) is mine
        at_desk(intake, made, "check", role, 404, complaint_class="complaint") if not mine else None
    at_desk(intake, made, "check", next(iter(handles)), complaint_class="complaint")


def test_another_offices_staff_find_nothing(intake: InProcess) -> None:
    made = filed(intake)
    elsewhere = {"sub": "officer:other", "tenant": KALIDONI}
    assert shown(intake, made, "officer", elsewhere).status_code == 404
    camat = {"sub": "camat:2", "tenant": "16.71.11"}
    about = filed(intake, body(about="lurah"))
    assert shown(intake, about, "camat", camat).status_code == 404
    assert shown(intake, about, "camat", CAMAT).status_code == 200


def test_whoever_checks_passes_on_what_is_about_somebody_else(intake: InProcess) -> None:
    made = filed(intake)
    at_desk(intake, made, "check", complaint_class="complaint", about="lurah")
    assert shown(intake, made, "officer", YANTI).status_code == 404
    assert shown(intake, made, "lurah", LURAH).status_code == 404
    assert shown(intake, made, "camat", CAMAT).json["actions"] == ["assign", "ask", "answer", "reclass", "close"]
    replays(intake, made)


def test_it_is_assigned_to_staff_who_may_handle_it(intake: InProcess) -> None:
    officer = new_officer(intake)
    made, about = checked(intake), filed(intake, body(about="officer"))
    at_desk(intake, made, "assignment", "lurah", account_id=officer)
    mine = intake.call("GET", f"{PATH}?mine=true", "officer", who={"sub": officer}).json["items"]
    assert [one["ticket"] for one in mine] == [made["ticket"]]
    at_desk(intake, about, "assignment", "lurah", 422, account_id=officer)
    at_desk(intake, made, "assignment", "lurah", 422, account_id=str(uuid4()))
    at_desk(intake, made, "class", "lurah", complaint_class="complaint", about_staff=officer, reason="Dia sendiri.")
    assert shown(intake, made, "officer", {"sub": officer}).status_code == 404
    assert shown(intake, made, "officer", YANTI).status_code == 200
    replays(intake, made)


def test_a_class_is_one_of_its_kind(intake: InProcess) -> None:
    made = filed(intake, body(kind="question"))
    at_desk(intake, made, "check", "officer", 422, complaint_class="supervisory")
    at_desk(intake, made, "check", complaint_class="light")
    assert shown(intake, made, "officer", YANTI).json["answer_due_at"] == "2026-08-18T16:00:00+07:00"


def test_the_desk_lists_by_when_it_is_due_a_page_at_a_time(intake: InProcess) -> None:
    slow, quick = checked(intake), filed(intake, body(kind="question"))
    at_desk(intake, quick, "check", complaint_class="light")
    seen, cursor = [], ""
    while True:
        page = intake.call("GET", f"{PATH}?limit=1{cursor}", "officer", who=YANTI).json
        seen += [one["ticket"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [quick["ticket"], slow["ticket"]]


def test_a_version_that_was_not_seen_is_not_written_over(intake: InProcess) -> None:
    made = checked(intake)
    tag = shown(intake, made, "officer", YANTI).headers["ETag"]
    at_desk(intake, made, "questions", text="Kapan?")
    late = intake.call(
        "POST", f"{PATH}/{made['id']}/answer", "officer", who=YANTI, json={"text": "Ya."}, headers={"If-Match": tag}
    )
    assert late.status_code == 412


def test_what_may_not_be_done_from_here_is_refused_and_changes_nothing(intake: InProcess) -> None:
    made = filed(intake)
    refused = at_desk(intake, made, "answer", status=409, text="Ya.")
    assert (refused["action"], refused["status"]) == ("answer", 409) or refused["type"].endswith("complaint-not-now")
    assert len(view(intake, made)["history"]) == 1


def test_what_the_office_closes_goes_with_a_reason_and_can_be_objected_to(intake: InProcess) -> None:
    made = filed(intake)
    at_desk(intake, made, "closing", result="duplicate", text="Sama dengan tiket Anda kemarin.")
    assert events(intake, made)[-1]["data"]["person"]["text"] == "Sama dengan tiket Anda kemarin."
    assert by_ticket(intake, made, "reopening", text="Bukan, ini hal lain.")["status"] == "filed"
    replays(intake, made)


# --- what happens by itself -------------------------------------------------------------------------------------------


def go(intake: InProcess, text: str) -> None:
    intake.clock.at = at(text)
    timers.do_all(intake.deps)


def test_late_ones_go_up_and_silent_ones_close_in_the_order_of_time_on_a_jump(intake: InProcess) -> None:
    late, silent, answered = filed(intake), checked(intake), checked(intake)
    at_desk(intake, silent, "questions", text="Kapan?")
    at_desk(intake, answered, "answer", text="Sudah.")
    known = len(intake.told())
    intake.clock.at = at("2026-10-01T12:00")
    upkeep.catch_up(intake.deps)
    mine = {made["id"]: name for name, made in (("late", late), ("silent", silent), ("answered", answered))}
    told = [one for one in intake.told()[known:] if one["subject"] in mine]
    assert [(mine[one["subject"]], one["type"].removeprefix("complaint."), one["data"]["level"]) for one in told] == [
        ("late", "escalated", "lurah"), ("late", "escalated", "camat"), ("late", "escalated", "city"),
        ("silent", "closed", "office"), ("answered", "closed", "office"),
    ]  # fmt: skip
    assert [one["data"]["changed_at"] for one in told] == sorted(one["data"]["changed_at"] for one in told)
    assert (view(intake, silent)["result"], view(intake, answered)["result"]) == ("silent", "no_objection")
    for role, who in (("camat", CAMAT), ("city", CITY), ("officer", YANTI)):
        assert shown(intake, late, role, who).status_code == 200
    for made in (late, silent, answered):
        replays(intake, made)
    assert timers.do_all(intake.deps) == 0


def test_the_camat_sees_what_has_come_up_to_him_and_answers_it(intake: InProcess) -> None:
    made = checked(intake)
    go(intake, "2026-09-09T07:29")  # due on Friday, the 4th
    assert shown(intake, made, "camat", CAMAT).status_code == 404
    go(intake, "2026-09-09T07:30")
    listed = intake.call("GET", f"{PATH}?late=true", "camat", who=CAMAT).json["items"]
    assert (made["ticket"], True) in [(one["ticket"], one["late"]) for one in listed]
    at_desk(intake, made, "answer", "camat", text="Camat menjawab.")
    assert view(intake, made)["history"][-1]["by"] == "camat"
    replays(intake, made)


def test_a_calendar_that_changes_moves_what_is_open(intake: InProcess) -> None:
    open_one, done = checked(intake), checked(intake)
    at_desk(intake, done, "answer", text="Sudah.")
    by_ticket(intake, done, "satisfaction")
    data = json.loads(json.dumps(dict(shipped_office(BUKIT_SANGKAL))))
    before = shown(intake, open_one, "officer", YANTI).json["answer_due_at"]
    try:
        data["calendar"]["closures"] = [{"first_day": "2026-08-20", "last_day": "2026-08-20", "name": "Banjir"}]
        put(intake, data)
        assert {RECOMPUTE, RECOMPUTE_COMPLAINTS} <= set(intake.work())
        after = shown(intake, open_one, "officer", YANTI).json["answer_due_at"]
        assert (before, after) == ("2026-09-04T16:30:00+07:00", "2026-09-07T16:00:00+07:00")
        assert events(intake, open_one)[-1]["type"] == "complaint.rescheduled"
        assert events(intake, done)[-1]["type"] == "complaint.satisfied"
        replays(intake, open_one)
    finally:
        put(intake, json.loads(json.dumps(dict(shipped_office(BUKIT_SANGKAL)))))
        intake.work()


def test_a_calendar_that_changes_takes_no_day_from_who_was_told_of_it(intake: InProcess) -> None:
    data = json.loads(json.dumps(dict(shipped_office(BUKIT_SANGKAL))))
    data["calendar"]["closures"] = [
        {"first_day": "2026-08-20", "last_day": "2026-08-28", "name": "Banjir"},
    ]
    try:
        put(intake, data)
        intake.work()
        made = checked(intake)
        at_desk(intake, made, "answer", text="Sudah.")
        told = view(intake, made)["closes_at"]
        intake.clock.at = at("2026-09-03T10:00")
        put(intake, json.loads(json.dumps(dict(shipped_office(BUKIT_SANGKAL)))))
        intake.work()
        timers.do_all(intake.deps)
        assert view(intake, made)["status"] == "answered" and view(intake, made)["closes_at"] == told
        by_ticket(intake, made, "reopening", text="Belum.")
        replays(intake, made)
    finally:
        put(intake, json.loads(json.dumps(dict(shipped_office(BUKIT_SANGKAL)))))
        intake.work()


def test_what_is_over_is_over_before_the_clock_has_come_by(intake: InProcess) -> None:
    asked, answered = checked(intake), checked(intake)
    at_desk(intake, asked, "questions", text="Kapan?")
    at_desk(intake, answered, "answer", text="Sudah.")
    for made, what, sent in ((asked, "supplements", {"text": "Kemarin."}), (answered, "satisfaction", {})):
        over = datetime.fromisoformat(view(intake, made)["closes_at"]).astimezone(UTC)
        intake.clock.at = over + timedelta(minutes=1)
        assert view(intake, made)["actions"] == []
        assert by_ticket(intake, made, what, 409, **sent)["type"] == "urn:problem:complaint-not-now"
        intake.clock.at = over
        by_ticket(intake, made, what, **sent)
        intake.clock.at = at("2026-08-14T09:00")


def put(intake: InProcess, data: dict[str, Any]) -> None:
    answer = intake.call("PUT", f"/v1/offices/{BUKIT_SANGKAL}", "administrator", json=data)
    assert answer.status_code == 200, answer.text


def test_those_who_work_there_hear_of_late_ones_when_the_office_opens(intake: InProcess) -> None:
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("DELETE FROM opening")
        account, _ = staff.invite(
            intake.deps, tx, "Pegawai Pagi", f"pagi-{uuid4().hex[:6]}", ["lurah"], "test", "+6281200000777"
        )
        tx.execute("UPDATE account SET state = 'active' WHERE id = %s", [account.id])
    filed(intake)
    intake.clock.at = at("2026-08-20T07:30")
    openings.tell_openings(intake.deps)
    people = [one["data"]["person"] for one in intake.told("message.requested", 20)]
    [told] = [one for one in people if one["to"]["phone"].endswith("777")]
    assert told["values"]["complaints"] == "1"


def test_nobody_hears_that_there_are_some_about_himself_or_who_is_above_him(intake: InProcess) -> None:
    service, account = "KTP", ""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("DELETE FROM opening")
        for role, phone in (("officer", "+6281200000778"), ("lurah", "+6281200000779")):
            made, _ = staff.invite(intake.deps, tx, "Pegawai Pagi", f"pagi-{uuid4().hex[:6]}", [role], "test", phone)
            tx.execute("UPDATE account SET state = 'active' WHERE id = %s", [made.id])
    before = {role: tallied(intake, role, service) for role in ("officer", "lurah", "camat", "city", "administrator")}
    for about in ("office", "officer", "lurah", "camat"):
        account = filed(intake, body(about=about, service=service))["ticket"]
    after = {role: tallied(intake, role, service) - many for role, many in before.items()}
    assert after == {"officer": 1, "lurah": 2, "camat": 3, "city": 4, "administrator": 1}
    exported = {
        role: intake.call("GET", f"{PATH}/export?{PERIOD}", role, who=who).text
        for role, who in (("camat", CAMAT), ("city", CITY))
    }
    assert account not in exported["camat"] and account in exported["city"]
    intake.clock.at = at("2026-08-20T07:30")
    openings.tell_openings(intake.deps)
    people = [one["data"]["person"] for one in intake.told("message.requested", 40)]
    told = {one["to"]["phone"][-3:]: one["values"]["complaints"] for one in people if "complaints" in one["values"]}
    assert (told["778"], told["779"]) == ("1", "2")


def tallied(intake: InProcess, role: str, service: str) -> int:
    who = {"camat": CAMAT, "city": CITY}.get(role, YANTI)
    found = intake.call("GET", f"{PATH}/tally?kelurahan={BUKIT_SANGKAL}&service={service}", role, who=who).json
    return sum(one["number"] for one in found["items"])


@pytest.mark.parametrize(("confidentiality", "shows"), [("open", True), ("confidential", False)])
def test_the_case_of_a_confidential_one_is_not_shown_to_who_handles_it(
    intake: InProcess, confidentiality: str, shows: bool
) -> None:
    case = cast.opened(intake, intended_duplicate=True)
    made = filed(intake, body(confidentiality=confidentiality, tracking_code=case["tracking_code"]))
    seen = shown(intake, made, "officer", YANTI).json
    assert (seen["application_id"] == case["id"]) is shows and seen["service"] == case["service"]
    listed = intake.call("GET", f"{PATH}?application_id={case['id']}", "officer", who=YANTI).json["items"]
    assert ([one["ticket"] for one in listed] == [made["ticket"]]) is shows
    assert view(intake, made)["application_id"] == case["id"], "he knows it himself"


def new_officer(intake: InProcess, role: str = "officer") -> str:
    """An account of somebody on the staff."""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        account, _ = staff.invite(intake.deps, tx, "Pegawai Aduan", f"aduan-{uuid4().hex[:6]}", [role], "test", None)
        tx.execute("UPDATE account SET state = 'active' WHERE id = %s", [account.id])
    return str(account.id)


@pytest.mark.parametrize("about", ["office", "officer"])
def test_one_that_names_the_lurahs_account_is_about_the_lurah(intake: InProcess, about: str) -> None:
    made = filed(intake, body(about=about))
    whom = new_officer(intake, "lurah")
    at_desk(intake, made, "check", "lurah", complaint_class="complaint", about_staff=whom)
    assert shown(intake, made, "officer", YANTI).status_code == shown(intake, made, "lurah", LURAH).status_code == 404
    assert shown(intake, made, "camat", CAMAT).json["about"] == "lurah"
    replays(intake, made)


def test_what_becomes_somebody_elses_to_handle_is_in_nobodys_hands(intake: InProcess) -> None:
    officer = new_officer(intake)
    named, passed = checked(intake), checked(intake)
    for made in (named, passed):
        at_desk(intake, made, "assignment", "lurah", account_id=officer)
        assert view(intake, made)["assigned_to"] is None, "who has it in hand is the office's to know"
    said = {"complaint_class": "complaint", "reason": "Dia sendiri."}
    at_desk(intake, named, "class", "lurah", 422, about_staff=str(uuid4()), **said)
    at_desk(intake, named, "class", "lurah", about_staff=officer, **said)
    at_desk(intake, passed, "class", "lurah", about="officer", **said)
    for made in (named, passed):
        assert shown(intake, made, "lurah", LURAH).json["assigned_to"] is None
        assert events(intake, made)[-1]["data"]["assigned"] is False
        replays(intake, made)
    assert shown(intake, named, "officer", {"sub": officer}).status_code == 404
    at_desk(intake, named, "class", "lurah", about_staff=None, **said)
    assert shown(intake, named, "officer", {"sub": officer}).status_code == 200


# --- photos -----------------------------------------------------------------------------------------------------------


def photo(intake: InProcess, made: dict[str, Any], content: bytes, secret: str | None = None, **more: Any) -> Any:
    form = {"secret": secret or made["secret"], "file": (io.BytesIO(content), "foto rumah.jpg")}
    return intake.call(
        "POST", f"{PATH}/tickets/{made['ticket']}/photos", data=form, content_type="multipart/form-data", **more
    )  # fmt: skip


def test_a_photo_is_looked_at_before_who_handles_it_sees_it(intake: InProcess) -> None:
    made, content = filed(intake, anonymous()), pictures.jpeg()
    sent = photo(intake, made, content)
    assert (sent.status_code, sent.json["status"]) == (201, "checking")
    assert photo(intake, made, content).json["file_id"] == sent.json["file_id"]
    path = f"{PATH}/{made['id']}/photos/{sent.json['file_id']}"
    assert intake.call("GET", path, "officer", who=YANTI).status_code == 404
    intake.work()
    seen = intake.call("GET", path, "officer", who=YANTI)
    assert seen.status_code == 200 and seen.data[:2] == b"\xff\xd8" and seen.data != content
    assert view(intake, made)["photos"][0]["status"] == "ready"
    assert photo(intake, made, content, "00000-00000").status_code == 404
    assert photo(intake, made, b"not a picture").status_code == 415


def test_of_a_photo_only_the_copy_without_its_place_stays(intake: InProcess) -> None:
    made, content = filed(intake, anonymous()), pictures.jpeg()
    file_id = photo(intake, made, content).json["file_id"]
    intake.work()
    [row] = intake.rows("SELECT key, view_key FROM file WHERE id = %s", [file_id])
    assert (stored(intake, row["key"]), stored(intake, row["view_key"])) == (False, True)
    assert photo(intake, made, content).json["file_id"] == file_id, "once more, and again with the key of before"
    assert stored(intake, row["key"])
    pass_time(intake)
    assert (stored(intake, row["key"]), stored(intake, row["view_key"])) == (False, True)


def test_what_came_to_be_no_photo_does_not_stay(intake: InProcess) -> None:
    made, harmed = filed(intake, anonymous()), bytearray(pictures.png(1200, 900))
    harmed[len(harmed) // 2] ^= 0xFF
    key = {"Idempotency-Key": str(uuid4())}
    assert photo(intake, made, bytes(harmed), headers=key).status_code == 201, "nobody can draw it, as will turn out"
    assert photo(intake, made, pictures.jpeg(), headers=key).status_code == 422, "other bytes by the same key"
    assert len(keys_with(intake, made["id"])) == 2
    job = jobs.claim(intake.deps.db, {LOOK_JOB: file_jobs.JOBS[LOOK_JOB]})
    assert job is not None
    with pytest.raises(Undecodable):
        file_jobs.look_at_file(intake.deps, job)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        assert jobs.set_aside(tx, job, "undecodable")
        file_jobs.give_up_file(intake.deps, tx, job, "undecodable")
    pass_time(intake)
    assert view(intake, made)["photos"][0]["status"] == "rejected"
    assert keys_with(intake, made["id"]) == []


def test_a_photo_that_an_operator_withdraws_is_read_by_nobody_and_its_bytes_go(intake: InProcess) -> None:
    made = filed(intake)
    file_id = UUID(photo(intake, made, pictures.jpeg()).json["file_id"])
    intake.work()
    path = f"{PATH}/{made['id']}/photos/{file_id}"
    assert intake.call("GET", path, "officer", who=YANTI).status_code == 200
    [row] = intake.rows("SELECT key FROM file WHERE id = %s", [file_id])
    with intake.deps.db.transaction("*") as tx:
        assert withdraw(intake.deps, tx, file_id, "kantor", "Wajah anak terlihat.")
    with intake.deps.db.transaction("*") as tx:
        assert not withdraw(intake.deps, tx, file_id, "kantor", "Sekali lagi.")
    intake.work()
    assert intake.call("GET", path, "officer", who=YANTI).status_code == 404
    assert not stored(intake, row["key"])
    [seen] = view(intake, made)["photos"]
    assert (seen["status"], seen["reason"]) == ("withdrawn", "Wajah anak terlihat.")


# --- the city's export ------------------------------------------------------------------------------------------------


def test_the_export_speaks_lapors_words_and_names_nobody(intake: InProcess) -> None:
    intake.clock.at = at("2026-11-02T10:00")
    made = {kind: filed(intake, body(kind=kind))["ticket"] for kind in ("complaint", "wish", "question")}
    path = f"{PATH}/export?from=2026-11-02&to=2026-11-02"
    machine = {"sub": "machine:lapor", "tenant": "16.71"}
    lines = intake.call("GET", path, "complaints.read", who=machine)
    rows = {row["ticket"]: row for row in map(json.loads, lines.text.splitlines())}
    assert {kind: rows[ticket]["lapor_class"] for kind, ticket in made.items()} == {
        "complaint": "pengaduan", "wish": "aspirasi", "question": "permintaan informasi",
    }  # fmt: skip
    table = intake.call("GET", path, "camat", who=CAMAT, headers={"Accept": "text/csv"})
    assert [row["ticket"] for row in csv.DictReader(io.StringIO(table.text))] == list(rows)
    assert not [one for one in ("Siti Maimunah", "81271000072", "Nur'aini") if one in lines.text + table.text]
    first, *rest = lines.text.splitlines()
    further = intake.call("GET", f"{path}&cursor={json.loads(first)['cursor']}", "camat", who=CAMAT)
    assert further.text.splitlines() == rest
    beyond = intake.call("GET", f"{path}&kelurahan=16.72.01.1001", "complaints.read", who=machine)
    assert beyond.status_code == 404
    other = intake.call("GET", path, "complaints.read", who={"sub": "m", "tenant": "16.71.11"})
    assert (other.status_code, other.text) == (200, "")
    assert intake.call("GET", path, "reports.read", who=machine).status_code == 403
    assert intake.call("GET", f"{PATH}/export?from=2026-11-02&to=2026-11-01", "camat", who=CAMAT).status_code == 422


# --- what goes --------------------------------------------------------------------------------------------------------


def left_of(intake: InProcess, made: dict[str, Any]) -> dict[str, Any]:
    [row] = intake.rows("SELECT owner, person_id, secret_hash, result FROM complaint WHERE id = %s", [made["id"]])
    words = intake.rows("SELECT FROM complaint_entry WHERE complaint_id = %s AND words IS NOT NULL", [made["id"]])
    files = intake.rows("SELECT FROM file WHERE complaint_id = %s", [made["id"]])
    return row | {"words": len(words), "files": len(files)}


GONE = {"owner": None, "person_id": None, "secret_hash": None, "words": 0, "files": 0}


def test_who_filed_a_closed_one_has_it_erased_everywhere(intake: InProcess) -> None:
    made = filed(intake)
    photo(intake, made, pictures.jpeg())
    intake.work()
    by_ticket(intake, made, "erasure", 409)
    by_ticket(intake, made, "withdrawal")
    keys = [row["key"] for row in intake.rows("SELECT key FROM file WHERE complaint_id = %s", [made["id"]])]
    by_ticket(intake, made, "erasure")
    [asked] = [one for one in intake.told("erasure.requested") if str(one["data"]["application_id"]) == made["id"]]
    assert asked["data"]["why"] == "person"
    intake.work()
    assert left_of(intake, made) == GONE | {"result": "withdrawn"}
    assert keys and not [key for key in keys if stored(intake, key)]
    assert intake.call("GET", f"{PATH}/tickets/{made['ticket']}").json["status"] == "closed"
    assert shown(intake, made, "officer", YANTI).status_code == 404


def stored(intake: InProcess, key: str) -> bool:
    return bool(intake.deps.objects.exists(intake.deps.settings.s3_bucket, key))


def test_what_is_about_to_be_erased_cannot_be_brought_back(intake: InProcess) -> None:
    made = checked(intake)
    at_desk(intake, made, "closing", result="duplicate", text="Sudah ada.")
    by_ticket(intake, made, "erasure")
    by_ticket(intake, made, "reopening", 404, text="Belum.")
    assert "erase_complaint" in intake.work(), "a release that knows none does not take it"
    [row] = intake.rows("SELECT status, next_at, erased_at IS NOT NULL AS erased FROM complaint WHERE id = %s",
                        [made["id"]])  # fmt: skip
    assert row == {"status": "closed", "next_at": None, "erased": True}
    for status in ("closed", "filed"):
        listed = intake.call("GET", f"{PATH}?status={status}&limit=200", "officer", who=YANTI).json["items"]
        assert made["ticket"] not in [one["ticket"] for one in listed]


def test_erasing_waits_for_who_handles_its_news_before_it_locks_the_row(intake: InProcess) -> None:
    made = checked(intake)
    by_ticket(intake, made, "withdrawal")
    with ThreadPoolExecutor() as pool, intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.value("SELECT pg_advisory_xact_lock_shared(hashtextextended('erased:' || %s, 0))", [made["id"]])
        asked = pool.submit(by_ticket, intake, made, "erasure")
        waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
        eventually(lambda: tx.value(waits), what="the erasure waits")
        assert tx.all("SELECT id FROM complaint WHERE id = %s FOR UPDATE NOWAIT", [made["id"]])
    assert asked.result()["status"] == "closed"


def test_a_closed_one_goes_when_its_time_is_over_and_an_open_one_stays(intake: InProcess) -> None:
    closed, open_one = checked(intake), checked(intake)
    by_ticket(intake, closed, "withdrawal")
    intake.clock.at = at("2027-08-14T08:59")
    erasing.erase_over(intake.deps)
    intake.work()
    assert left_of(intake, closed)["words"] > 0
    intake.clock.at = at("2027-08-14T09:01")
    erasing.erase_over(intake.deps)
    intake.work()
    assert left_of(intake, closed) == GONE | {"result": "withdrawn"}
    assert left_of(intake, open_one)["words"] > 0


def test_every_state_is_told_again_for_a_service_that_was_restored(intake: InProcess) -> None:
    made = checked(intake)
    timers.republish(intake.deps)
    last = events(intake, made)[-1]
    assert (last["type"], last["data"]["status"], last["data"]["person"]) == ("complaint.changed", "checked", {})


def test_the_record_of_a_case_has_what_its_person_filed_about_it_and_not_what_others_did(intake: InProcess) -> None:
    case = cast.opened(intake)
    mine = filed(intake, body(tracking_code=case["tracking_code"]), role="applicant", who=ROHANA)
    filed(intake, body(tracking_code=case["tracking_code"], phone="0812-7100-0555"), role="applicant", who=YUSUF)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        found = reading.for_record(intake.deps, tx, UUID(case["id"]), {"rohana"}, set())
    assert [(one["ticket"], one["history"][0]["words"]) for one in found] == [(mine["ticket"], WORDS)]


def test_who_gives_his_account_up_takes_closed_ones_along_and_open_ones_go_on(intake: InProcess) -> None:
    tokens = signed_in(intake, "+6281271004711")
    bearer = {"headers": {"Authorization": f"Bearer {tokens['access_token']}"}}
    open_one, closed = filed(intake, **bearer), filed(intake, **bearer)
    by_ticket(intake, closed, "withdrawal")
    assert intake.call("DELETE", "/v1/auth/account", **bearer).status_code == 204
    intake.work()
    assert left_of(intake, closed) == GONE | {"result": "withdrawn"}
    assert left_of(intake, open_one)["owner"] is None
    assert view(intake, open_one)["history"][0]["words"] == WORDS
