"""What others ask for: sent, resting, expired, failed, sent again; and who sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from kit import jobs
from kit.errors import Permanent, Retryable
from kit.worker import Worker
from notify.channels import Capability, Channel, Outgoing, Receipt
from notify.domain.channels import RULES
from notify.domain.provider_ids import hashed
from notify.store import incoming, messages
from notify.usecases import sending
from tests.integration.notify.story import HEAD_PHONE, KELURAHAN, Story
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

LINK = "https://layanan.contoh.id/t/hT3vK8pWq5ZrN2cYx7LmD4sFb9GjA6Ue"
NIGHT = datetime(2026, 8, 14, 14, 0, tzinfo=UTC)


class Refusing(Channel):
    """A channel that takes nothing until it is told to."""

    name = "mailbox"  # type: ignore[misc]  # tests rename it
    rules = RULES["mailbox"]

    def __init__(self) -> None:
        self.error: Exception | None = Retryable("channel away")
        self.taken: list[Outgoing] = []
        self.capabilities: frozenset[Capability] = frozenset({"text", "readable", "repeatable"})

    def send(self, message: Outgoing) -> Receipt:
        self.taken.append(message)
        if self.error is not None:
            raise self.error
        return Receipt("sent", f"wire-{message.id}")


@pytest.fixture
def refusing(notify: InProcess) -> Iterator[Refusing]:
    before, refusing = notify.deps.channel, Refusing()
    notify.deps.channels[refusing.name] = refusing
    yield refusing
    notify.deps.channels[before.name] = before


def fail_for_good(notify: InProcess, reason: str = "unknown number") -> None:
    """Its channel will never take the message that is next."""
    job = jobs.claim(notify.deps.db, notify.service.jobs)
    assert job is not None
    before, notify.deps.channel.error = notify.deps.channel.error, Permanent(reason)
    sending.send(notify.deps, job)
    notify.deps.channel.error = before


def hurry(notify: InProcess) -> list[float]:
    """Jobs that wait are ready at once; for how many seconds they would have waited."""
    found = notify.rows(
        "WITH waits AS (SELECT id, run_at FROM job WHERE state = 'ready' AND kind = 'send_message'"
        " AND run_at > clock_timestamp()),"
        " now AS (UPDATE job SET run_at = clock_timestamp() FROM waits WHERE job.id = waits.id)"
        " SELECT extract(epoch FROM run_at - clock_timestamp())::float AS gap FROM waits"
    )
    return [row["gap"] for row in found]


def get(notify: InProcess, message_id: str, role: str = "administrator", **who: Any) -> Any:
    return notify.call("GET", f"/v1/messages/{message_id}", role, who=who)


def test_a_link_reaches_the_rt_head(story: Story) -> None:
    message_id = story.ask()
    assert story.sent()[0]["status"] == "accepted"
    assert story.notify.work() == ["send_message"]
    (message,) = story.sent()
    assert (message["id"], message["status"], message["requested_by"]) == (message_id, "delivered", "verification")
    assert LINK in message["text"].splitlines()
    (told,) = story.outcomes("message.delivered")
    assert (str(told["message_id"]), told["requested_by"], told["channel"]) == (message_id, "verification", "mailbox")


def test_only_an_administrator_sees_what_opens_a_door(story: Story) -> None:
    values = {
        "tracking_code": "PGT-7K3M9-XW2RB", "claim_code": "482913", "service_name": "Pengantar KK",
        "office_name": "Bukit Sangkal", "rt_head_name": "M. Yusuf Effendi",
    }  # fmt: skip
    person = {"to": {"name": "Rohana", "phone": "+6281271000099"}, "values": values}
    story.ask()
    story.ask("draft_opened", source="intake", person=person, message_class="code")
    assert "482913" in story.sent()[1]["text"]
    link, draft = story.sent("officer")
    assert "hT3vK8" not in link["text"]
    assert "/t/…" in link["text"]
    assert "482913" not in draft["text"]
    assert "PGT-7K3M9-XW2RB" in draft["text"]
    assert draft["to"] == "R••• +62812•••••099"


def test_messages_are_listed_by_how_far_they_came(story: Story, refusing: Refusing) -> None:
    failed, waiting = story.ask(), story.ask("introduction_request")
    fail_for_good(story.notify)
    for status, ids in (("failed", [failed]), ("accepted", [waiting]), ("read", [])):
        path = f"/v1/messages?application_id={story.case}&status={status}"
        assert [one["id"] for one in story.notify.call("GET", path, "officer").json["items"]] == ids
    assert story.notify.call("GET", "/v1/messages?status=lost", "officer").status_code == 422


def test_notices_rest_at_night_and_go_in_the_morning(story: Story) -> None:
    story.notify.clock.at = NIGHT
    story.ask()
    assert story.notify.work() == ["send_message"]
    (resting,) = story.sent()
    assert (resting["status"], resting["attempts"]) == ("accepted", 0)
    assert datetime.fromisoformat(resting["waits_until"]) == datetime(2026, 8, 14, 23, 0, tzinfo=UTC)
    sending.wake_resting(story.notify.deps)
    assert story.notify.work() == []
    story.notify.clock.at = datetime(2026, 8, 14, 23, 0, tzinfo=UTC)
    sending.wake_resting(story.notify.deps)
    sending.wake_resting(story.notify.deps)
    assert story.notify.work() == ["send_message"]
    assert (story.sent()[0]["status"], story.sent()[0]["waits_until"]) == ("delivered", None)


def test_a_clock_that_jumps_over_the_morning_wakes_what_is_still_wanted(story: Story) -> None:
    story.notify.clock.at = NIGHT
    story.ask(expires_at=(NIGHT + timedelta(days=2)).isoformat())
    story.tell("application.submitted")
    story.notify.work()
    assert [message["status"] for message in story.sent()] == ["accepted", "accepted"]
    story.notify.clock.at = NIGHT + timedelta(days=3)
    sending.wake_resting(story.notify.deps)
    story.notify.work()
    asked, notice = story.sent()
    assert asked["status"] == "expired"
    assert datetime.fromisoformat(notice["waits_until"]) == datetime(2026, 8, 17, 23, 0, tzinfo=UTC)
    story.notify.clock.at = NIGHT + timedelta(days=3, hours=12)
    sending.wake_resting(story.notify.deps)
    story.notify.work()
    assert [message["status"] for message in story.sent()] == ["expired", "delivered"]


def test_codes_go_at_any_hour(story: Story) -> None:
    story.notify.clock.at = NIGHT
    story.ask(message_class="code")
    story.notify.work()
    assert story.sent()[0]["status"] == "delivered"


def test_what_is_past_its_time_is_not_sent(story: Story, refusing: Refusing) -> None:
    story.ask(expires_at=(story.notify.clock.at + timedelta(hours=1)).isoformat())
    story.notify.clock.at += timedelta(hours=1)
    story.notify.work()
    assert story.sent()[0]["status"] == "expired"
    assert refusing.taken == []
    assert [told["reason"] for told in story.outcomes("message.failed")] == ["expired"]


def test_a_failing_channel_is_tried_again_with_the_same_id(story: Story, refusing: Refusing) -> None:
    message_id = story.ask()
    for _ in range(2):
        assert story.notify.work() == ["send_message"]
        hurry(story.notify)
    refusing.error = None
    story.notify.work()
    assert {str(message.id) for message in refusing.taken} == {message_id}
    (message,) = story.sent()
    assert (message["status"], message["attempts"]) == ("sent", 3)
    assert story.outcomes("message.delivered") == []


def test_a_channel_can_say_it_in_its_own_template(story: Story, refusing: Refusing) -> None:
    refusing.error = None
    story.ask()
    story.tell("application.submitted")
    story.notify.work()
    asked, notice = sorted(refusing.taken, key=lambda message: message.template)
    assert (asked.template, asked.language, asked.message_class) == ("attestation_request", "id", "notice")
    assert asked.values["link"] == LINK
    assert (notice.template, notice.values["promised_date"]) == ("submitted", "Rabu, 19 Agustus 2026")


@pytest.mark.parametrize("order", permutations(("sent", "delivered", "read")))
def test_receipts_come_in_any_order(story: Story, refusing: Refusing, order: tuple[str, ...]) -> None:
    refusing.error = None
    message_id = story.ask()
    story.notify.work()
    for status in (*order, "sent", "delivered", "failed"):
        with story.notify.deps.db.transaction(KELURAHAN) as tx:
            message = messages.get(tx, story.notify.deps.data_keys, UUID(message_id), lock=True)
            assert message is not None
            assert message.provider_id == hashed(f"wire-{message_id}")
            if sending.settle(story.notify.deps, tx, message, status):
                messages.save(tx, message)
    assert story.sent()[0]["status"] == "read"
    assert len(story.outcomes("message.delivered")) == 1
    assert story.outcomes("message.failed") == []


def test_a_channel_that_is_away_for_good_is_tried_so_often_and_no_more(story: Story, refusing: Refusing) -> None:
    """By the worker itself, which is only not made to wait."""
    message_id = story.ask()
    worker = Worker(story.notify.service, story.notify.settings, "jobs")
    worker.deps = story.notify.deps
    gaps: list[float] = []
    try:
        while (job := jobs.claim(worker.db, story.notify.service.jobs)) is not None:
            worker._work(job)
            gaps += hurry(story.notify)
    finally:
        worker.db.close()
    most = story.notify.settings.send_attempts
    assert [str(message.id) for message in refusing.taken] == [message_id] * most
    assert len(gaps) == most - 1
    assert all(later > earlier for earlier, later in pairwise(gaps)), gaps
    assert 1800 < max(gaps) <= 3600
    (message,) = story.sent()
    assert (message["status"], message["attempts"]) == ("failed", most)
    assert len(story.outcomes("message.failed")) == 1


def test_what_failed_is_told_and_sent_again_when_somebody_says_so(story: Story, refusing: Refusing) -> None:
    message_id = story.ask()
    path = f"/v1/messages/{message_id}/retry"
    assert story.notify.call("POST", path, "officer", json={}).status_code == 409
    refusing.error = Permanent("unknown number")
    fail_for_good(story.notify)
    assert [told["reason"] for told in story.outcomes("message.failed")] == ["unknown number"]
    assert get(story.notify, message_id).json["failure"] == "unknown number"
    refusing.error = None
    stale = story.notify.call("POST", path, "officer", json={}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    again = story.notify.call("POST", path, "officer", json={})
    assert (again.status_code, again.json["status"]) == (200, "accepted")
    assert story.notify.work() == ["send_message"]
    assert get(story.notify, message_id).json["status"] == "sent"
    assert story.notify.call("POST", path, "officer", json={}).json["type"] == "urn:problem:message-not-failed"


def test_a_failed_notice_of_our_own_is_told_to_the_cases_officers(story: Story, refusing: Refusing) -> None:
    story.tell("application.submitted")
    fail_for_good(story.notify)
    assert [told["requested_by"] for told in story.outcomes("message.failed")] == ["notify"]


def test_the_same_request_is_one_message(story: Story) -> None:
    message_id = story.ask()
    data = story.example("message.requested", message_id=message_id)
    story.notify.feed("message.requested", data, subject=message_id, source="verification")
    assert len(story.sent()) == 1


@pytest.mark.parametrize("broken", [{"template": "no_such"}, {"person": {"to": {"name": "Rohana"}, "values": {}}},
                                    {"person": {"to": {"name": "R", "phone": HEAD_PHONE}, "values": {}}}])  # fmt: skip
def test_what_cannot_be_worded_or_addressed_is_set_aside(story: Story, broken: dict[str, Any]) -> None:
    with pytest.raises(Permanent):
        story.ask(**broken)
    assert story.sent() == []


def test_a_number_is_searched_newest_first(story: Story) -> None:
    person = story.example("message.requested")["person"]
    person["to"]["phone"] = "+6281271000555"
    made = [story.ask(person=person) for _ in range(3)]
    body: dict[str, Any] = {"phone": "0812-7100-0555", "limit": 2}
    page = story.notify.call("POST", "/v1/messages/search", "administrator", json=body)
    assert [item["id"] for item in page.json["items"]] == [made[2], made[1]]
    rest = story.notify.call(
        "POST", "/v1/messages/search", "administrator", json=body | {"cursor": page.json["next_cursor"]}
    )
    assert [item["id"] for item in rest.json["items"]] == [made[0]]
    assert rest.json["next_cursor"] is None
    for wrong in ("12", "021 555 0123"):
        refused = story.notify.call("POST", "/v1/messages/search", "administrator", json={"phone": wrong})
        assert refused.status_code == 422


def test_the_list_goes_on_after_a_message_and_by_pages(story: Story) -> None:
    made = [story.ask() for _ in range(3)]
    base = f"/v1/messages?application_id={story.case}"
    after = story.notify.call("GET", f"{base}&after={made[0]}", "officer").json
    assert [item["id"] for item in after["items"]] == made[1:]
    page = story.notify.call("GET", f"{base}&limit=2", "officer").json
    rest = story.notify.call("GET", f"{base}&limit=2&cursor={page['next_cursor']}", "officer").json
    assert [item["id"] for item in page["items"] + rest["items"]] == made
    assert story.notify.call("GET", f"{base}&cursor=xx", "officer").status_code == 422


def test_another_offices_message_is_not_there_and_the_attempt_is_kept(story: Story) -> None:
    message_id = story.ask()
    assert get(story.notify, message_id, "officer").status_code == 200
    assert get(story.notify, message_id, "officer", tenant=KALIDONI).status_code == 404
    assert get(story.notify, str(uuid4()), "officer").status_code == 404
    kept = story.notify.rows("SELECT tenant FROM refused_access WHERE object = %s", [message_id])
    assert kept == [{"tenant": KALIDONI}]
    listed = story.notify.call("GET", "/v1/messages", "officer", who={"tenant": KALIDONI})
    assert listed.json["items"] == []


@pytest.mark.parametrize("role", [None, "applicant", "rt_head", "lurah", "officer"])
def test_who_may_call(story: Story, role: str | None) -> None:
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/v1/messages", {}), ("GET", f"/v1/messages/{story.ask()}", {}),
        ("POST", f"/v1/messages/{uuid4()}/retry", {"json": {}}),
        ("POST", "/v1/messages/search", {"json": {"phone": HEAD_PHONE}}),
        ("POST", "/v1/messages/incoming", {"json": {"phone": HEAD_PHONE, "text": "Ya"}}),
    ]  # fmt: skip
    got = [story.notify.call(method, path, role, **more).status_code for method, path, more in calls]
    if role == "officer":
        assert got == [200, 200, 404, 403, 403]
    else:
        assert set(got) == {401 if role is None else 403}


@pytest.mark.parametrize(
    ("asks", "recipient"), [(None, "intake"), ("verification", "verification"), ("intake", "intake")]
)
def test_what_people_write_goes_to_who_asked_last(story: Story, asks: str | None, recipient: str) -> None:
    phone = "+628127100" + {"None": "0601", "verification": "0602", "intake": "0603"}[str(asks)]
    person = story.example("message.requested")["person"]
    person["to"] = {"name": "Rohana", "phone": phone}
    if asks:
        story.ask(person=person, source=asks)
    body = {"phone": phone, "text": "Kapan surat saya siap?"}
    answer = story.notify.call(
        "POST", "/v1/messages/incoming", "administrator", json=body, headers={"Idempotency-Key": str(uuid4())}
    )
    assert (answer.status_code, answer.json["recipient"]) == (201, recipient)
    told = [row for row in story.notify.told("message.received") if row["subject"] == answer.json["id"]]
    assert [row["data"]["recipient"] for row in told] == [recipient]
    assert told[0]["data"]["person"]["text"] == "Kapan surat saya siap?"
    kept = story.notify.rows("SELECT kelurahan FROM incoming WHERE id = %s", [answer.json["id"]])
    assert kept == [{"kelurahan": KELURAHAN}]


def write(story: Story, phone: str) -> str:
    answer = story.notify.call(
        "POST", "/v1/messages/incoming", "administrator", json={"phone": phone, "text": "Ya, benar."}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json["recipient"])


def test_an_answer_to_the_survey_does_not_stand_beside_his_name(story: Story) -> None:
    typed = {"phone": HEAD_PHONE, "text": "444343434 petugas loket kasar"}
    taken = story.notify.call("POST", "/v1/messages/incoming", "administrator", json=typed).json["id"]
    second = story.notify.call("POST", "/v1/messages/incoming", "administrator", json=typed | {"text": "Halo"})
    other = second.json["id"]
    person = {"to": {"name": "Rohana", "phone": HEAD_PHONE}, "values": {"service_name": "Pengantar KK", "before": ""}}
    story.ask("talk_survey_thanks", source="intake", person=person, message_class="answer", replies_to=taken)
    assert (words_of(story, taken), words_of(story, other)) == ("(jawaban survei)", "Halo")


VALUES = {"before": "", "office": "Bukit Sangkal", "options": "1. Keluhan"}


@pytest.mark.parametrize(("template", "left"), [("talk_complaint_kind", "(pengaduan)"), ("talk_menu", "uang")])
def test_what_is_written_for_a_complaint_is_not_kept_here(story: Story, template: str, left: str) -> None:
    typed = {"phone": HEAD_PHONE, "text": "uang"}
    taken = story.notify.call("POST", "/v1/messages/incoming", "administrator", json=typed).json["id"]
    person = {"to": {"name": "Rohana", "phone": HEAD_PHONE}, "values": VALUES}
    story.ask(template, source="intake", person=person, message_class="answer", replies_to=taken)
    assert words_of(story, taken) == left


def words_of(story: Story, incoming_id: str) -> str:
    """What somebody wrote, as it is kept."""
    with story.notify.deps.db.transaction(BUKIT_SANGKAL) as tx:
        found = incoming.get(tx, story.notify.deps.data_keys, UUID(incoming_id))
    assert found is not None
    return str(found.person["text"])


def test_the_code_of_a_heads_sheet_goes_to_verification_from_whatever_phone(story: Story) -> None:
    for text, recipient in (("DAFTAR K7M3-XW2R", "verification"), ("Saya mau daftar", "intake")):
        body = {"phone": "+6281271000611", "text": text}
        answer = story.notify.call("POST", "/v1/messages/incoming", "administrator", json=body)
        assert (answer.status_code, answer.json["recipient"]) == (201, recipient)


def test_a_question_stays_open_until_its_time_is_over(story: Story) -> None:
    """What an RT head is told meanwhile as an applicant himself, or a code, does not take the answer away."""
    phone = "+6281271000604"
    person = story.example("message.requested")["person"]
    person["to"] = {"name": "M. Yusuf Effendi", "phone": phone}
    ends = story.notify.clock.at + timedelta(days=1)
    story.ask(person=person, expires_at=ends.isoformat())
    story.ask(person=person, source="intake", message_class="code", expires_at=None)
    case = story.example("application.submitted")["person"]
    story.tell("application.submitted", person=case | {"contact": person["to"]})
    assert len(story.sent()) == 3
    assert write(story, phone) == "verification"
    story.notify.clock.at = ends
    assert write(story, phone) == "intake"


def test_a_question_that_did_not_arrive_is_not_answered(story: Story, refusing: Refusing) -> None:
    person = story.example("message.requested")["person"]
    person["to"]["phone"] = phone = "+6281271000605"
    story.ask(person=person)
    fail_for_good(story.notify)
    assert write(story, phone) == "intake"


def test_without_a_mailbox_nobody_reads_what_opens_a_door(story: Story, refusing: Refusing) -> None:
    message_id = story.ask()
    refusing.capabilities = frozenset()
    assert "hT3vK8" not in get(story.notify, message_id).json["text"]
    refusing.capabilities, refusing.name = frozenset({"readable"}), "another"  # type: ignore[misc]
    assert "hT3vK8" not in get(story.notify, message_id).json["text"], "it went another way"


SOME_MESSAGE = "a7cfcd9e-e7db-45bb-906c-b77b374472a7"


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("search", {"data": "phone=081271000072", "content_type": "application/x-www-form-urlencoded"}, 415),
        ("search", {"json": {"phone": HEAD_PHONE, "extra": 1}}, 422),
        ("search", {"json": {}}, 422),
        ("incoming", {"data": "Ya", "content_type": "text/plain"}, 415),
        ("incoming", {"json": {"phone": HEAD_PHONE, "text": "  "}}, 422),
        ("incoming", {"json": {"phone": HEAD_PHONE, "text": "Ya", "to": "intake"}}, 422),
        (f"{SOME_MESSAGE}/retry", {"json": {"why": "x"}}, 422),
        (f"{SOME_MESSAGE}/retry", {"json": {}}, 404),
    ],
)
def test_what_is_refused(story: Story, path: str, sent: dict[str, Any], status: int) -> None:
    answer = story.notify.call("POST", f"/v1/messages/{path}", "administrator", **sent)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status


def test_without_a_mailbox_nothing_is_entered_by_hand(story: Story, refusing: Refusing) -> None:
    refusing.capabilities = frozenset()
    body = {"phone": HEAD_PHONE, "text": "Ya"}
    answer = story.notify.call("POST", "/v1/messages/incoming", "administrator", json=body)
    assert answer.json["type"] == "urn:problem:no-mailbox"


def test_a_code_to_sign_in_is_wiped_once_its_five_minutes_are_over(story: Story) -> None:
    notify = story.notify
    ends = notify.clock.at + timedelta(minutes=5)
    person = {"to": {"name": "", "phone": HEAD_PHONE}, "values": {"code": "482913", "office_name": "Bukit Sangkal"}}
    message_id = story.ask(
        "sign_in_code", source="intake", message_class="code", expires_at=ends.isoformat(), person=person
    )
    notify.work()
    assert sending.wipe_codes(notify.deps) == 0 and "482913" in get(notify, message_id).json["text"]
    notify.clock.at = ends
    assert sending.wipe_codes(notify.deps) == 1
    with notify.deps.db.transaction("*") as tx:
        kept = messages.get(tx, notify.deps.data_keys, UUID(message_id))
    assert kept is not None and "482913" not in str(kept.person) and kept.person["phone"] == HEAD_PHONE
    assert get(notify, message_id).json["status"] == "delivered" and sending.wipe_codes(notify.deps) == 0
