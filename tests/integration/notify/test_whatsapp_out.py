"""Messages by the Cloud API: as what they go, and what is done when they do not."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.local.stack import Stack
from kit import jobs
from kit.ids import new_id
from kit.outgoing import Limits
from kit.problems import NotFound
from kit.worker import Worker
from notify.channels import whatsapp
from notify.channels.mailbox import Mailbox
from notify.domain.failures import Unclear
from notify.domain.messages import Message
from notify.domain.provider_ids import hashed
from notify.store import contacts as contact_store
from notify.store import messages
from notify.usecases import costs, receipts, sending
from notify.usecases.contacts import whose
from tests.integration.notify.conftest import MORNING
from tests.integration.notify.story import KELURAHAN, PHONE, Story, publish
from tests.integration.notify.test_messages import hurry
from tests.integration.notify.whatsapp import receive
from tests.support.browsing import signed_in
from tests.support.gateway import Gateway
from tests.support.services import InProcess, in_process
from tests.support.serving import serving
from tests.support.tokens import KALIDONI
from tests.support.whatsapp import ENV, NUMBER, SHARED, text

HEAD = "+6281200000023"
SOON = Limits(within=0.7, largest=65_536)


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with serving(Gateway()) as server:
        yield server


@pytest.fixture(scope="module")
def whatsapp_notify(parts: Stack, gateway: Gateway) -> Iterator[InProcess]:
    env = ENV | {
        "CHANNEL": "whatsapp,mailbox", "WHATSAPP_URL": gateway.url, "SEND_ATTEMPTS": "4",
        "WHATSAPP_PRICES": "utility=400,service=100,authentication=500,free=2", "WHATSAPP_BUDGET": "2000",
        "WHATSAPP_LETTERS_BY": "chat",
    }  # fmt: skip
    with in_process(parts, "notify", **env) as service:
        service.clock.at = MORNING
        publish(service)
        service.work()
        yield service


@pytest.fixture
def notify(whatsapp_notify: InProcess, gateway: Gateway) -> InProcess:
    """Nothing left over: no job, no message, nobody who wrote, nothing counted."""
    gateway.answers, gateway.always = [], None
    for kept in (gateway.asked, gateway.taken, gateway.headers, gateway.paths, gateway.times):
        kept.clear()
    whatsapp_notify.clock.at = MORNING
    with whatsapp_notify.deps.db.transaction("*") as tx:
        for table in ("job", "rate", "outage", "message_cost", "message", "contact", "outbox"):
            tx.execute(f"DELETE FROM {table}")
    return whatsapp_notify


@pytest.fixture
def story(notify: InProcess) -> Story:
    return Words(notify)


class Words(Story):
    """What others ask for has no file and nothing to choose, unless a test says so."""

    def example(self, event_type: str, **changes: Any) -> dict[str, Any]:
        found = super().example(event_type, **changes)
        if event_type == "message.requested":
            found["person"].pop("options", None)
        return found

    def ask(self, template: str = "attestation_request", *, source: str = "verification", **changes: Any) -> str:
        return super().ask(template, source=source, **{"file": None} | changes)


def wrote(notify: InProcess, phone: str | None = HEAD, ago: timedelta = timedelta(minutes=1), **more: Any) -> UUID:
    """Somebody wrote on WhatsApp so long ago."""
    with notify.deps.db.transaction(KELURAHAN) as tx:
        contact = whose(notify.deps, tx, KELURAHAN, "whatsapp", phone=phone, **more)
        contact_store.wrote(tx, contact.id, datetime.now(UTC), NUMBER)
        tx.execute("UPDATE contact SET last_in_at = last_in_at - %s WHERE id = %s", [ago, contact.id])
    return contact.id


def forget_turns(notify: InProcess) -> None:
    """As if the pauses were over."""
    with notify.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")


def row(notify: InProcess, message_id: str) -> dict[str, Any]:
    [found] = notify.rows("SELECT * FROM message WHERE id = %s", [message_id])
    return found


def receipt(notify: InProcess, message: dict[str, Any], wamid: str, status: str, code: int | None = None) -> bool:
    """What the Cloud API says later of what it was asked for."""
    mark = message["biz_opaque_callback_data"]
    with notify.deps.db.transaction(KELURAHAN) as tx:
        return receipts.take(notify.deps, tx, "whatsapp", wamid, status, str(code) if code else None, mark)


def test_free_text_within_a_day_after_he_wrote_and_a_template_outside(story: Story, gateway: Gateway) -> None:
    for ago, kind in ((timedelta(hours=23, minutes=59), "text"), (timedelta(hours=24), "template")):
        wrote(story.notify, ago=ago)
        story.ask()
        story.notify.work()
        hurry(story.notify)
        forget_turns(story.notify)
        assert gateway.asked[-1]["type"] == kind
    free, template = gateway.asked
    assert free["to"] == HEAD.lstrip("+") and free["messaging_product"] == "whatsapp"
    assert "Yth. Bapak/Ibu" in free["text"]["body"]
    assert template["template"]["name"].startswith("attestation_request_")
    assert template["template"]["language"] == {"code": "id"}
    [body] = template["template"]["components"]
    assert [one["text"] for one in body["parameters"]][:1] == ["M. Yusuf Effendi"]
    assert gateway.paths == [f"/v26.0/{NUMBER}/messages"] * 2
    assert {one["Authorization"] for one in gateway.headers} == {"Bearer token-contoh"}
    assert [one["status"] for one in story.sent()] == ["sent", "sent"]
    assert {str(row(story.notify, one["id"])["provider_id"]) for one in story.sent()} == {
        hashed(gateway.wamid(1)), hashed(gateway.wamid(2)),
    }, "a number can be read out of the name itself"  # fmt: skip


def test_who_has_no_number_here_is_written_to_by_what_he_is_called(notify: InProcess, gateway: Gateway) -> None:
    story, contact_id = Words(notify), wrote(notify, phone=None, user_id="ID.7abc", name="Rohana")
    person = story.example("message.requested")["person"] | {"to": {"name": "Rohana"}}
    story.ask(person=person, contact_id=str(contact_id))
    notify.work()
    assert gateway.asked[-1]["recipient"] == "ID.7abc" and "to" not in gateway.asked[-1]


def test_choices_go_as_buttons_and_lists_and_stand_in_the_text_too(story: Story, gateway: Gateway) -> None:
    wrote(story.notify)
    person = story.example("message.requested")["person"]
    options = [{"id": f"o{n}", "title": title, "description": ""} for n, title in enumerate(("Asli", "Ragu"), 1)]
    story.ask(person=person | {"options": options})
    story.notify.work()
    interactive = gateway.asked[-1]["interactive"]
    assert interactive["type"] == "button"
    assert [one["reply"] for one in interactive["action"]["buttons"]] == [
        {"id": "o1", "title": "Asli"}, {"id": "o2", "title": "Ragu"},
    ]  # fmt: skip
    assert "1. Asli\n2. Ragu" in interactive["body"]["text"]


def test_a_letter_goes_along_where_the_rules_let_it(story: Story, gateway: Gateway) -> None:
    notify, content = story.notify, b"%PDF-1.7 contoh " * 9000
    key, digest = f"letters/{story.letter}.pdf", hashlib.sha256(content).hexdigest()
    try:
        notify.deps.objects.put(
            notify.settings.s3_bucket, key, io.BytesIO(content), len(content), "application/pdf", digest
        )
    except NotFound:
        pytest.fail("the bucket is not there")
    wrote(notify, PHONE)
    file = {
        "bucket": notify.settings.s3_bucket, "key": key, "sha256": digest, "size": len(content),
        "type": "application/pdf",
    }  # fmt: skip
    story.tell("application.issued")
    story.tell("letter.issued", file=file)
    story.tell("handover.ready")
    notify.work()
    document = gateway.asked[-1]["document"]
    assert document["filename"] == "surat-400.12.2.1-001-KEL-BS-VIII-2026.pdf"
    assert "400.12.2.1/001/KEL-BS/VIII/2026" in document["caption"]
    uploaded = gateway.media[document["id"]]
    assert content in uploaded and b'name="messaging_product"\r\n\r\nwhatsapp' in uploaded


@pytest.mark.parametrize("letters_by", ["chat", "link"])
def test_a_file_goes_only_where_the_channels_rules_let_it_and_else_that_is_said(
    story: Story, gateway: Gateway, letters_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = story.notify.deps.channels["whatsapp"]
    monkeypatch.setattr(channel, "rules", replace(channel.rules, letters_by=letters_by))
    key, content = f"letters/{story.letter}.pdf", b"%PDF-1.7"
    digest = hashlib.sha256(content).hexdigest()
    bucket = story.notify.settings.s3_bucket
    story.notify.deps.objects.put(bucket, key, io.BytesIO(content), len(content), "application/pdf", digest)
    file = {"bucket": bucket, "key": key, "sha256": digest, "size": len(content), "type": "application/pdf"}
    wrote(story.notify)
    story.ask(file=file | {"name": "surat.pdf"})
    story.notify.work()
    said = "tidak dapat dikirim di sini"
    assert ("document" in {one["type"] for one in gateway.asked}) == (letters_by == "chat")
    assert (said in str(gateway.asked)) == (letters_by == "link")


@pytest.mark.parametrize("there", [True, False])
def test_a_sample_picture_goes_with_its_question_whatever_letters_go_by_and_the_question_without_it(
    story: Story, gateway: Gateway, there: bool
) -> None:
    key, content = f"samples/{uuid4()}", b"\x89PNG contoh"
    digest, bucket = hashlib.sha256(content).hexdigest(), story.notify.settings.s3_bucket
    if there:
        story.notify.deps.objects.put(bucket, key, io.BytesIO(content), len(content), "image/png", digest)
    file = {"bucket": bucket, "key": key, "sha256": digest, "size": len(content), "type": "image/png"}
    wrote(story.notify)
    person = story.example("message.requested")["person"] | {"options": []}
    story.ask(file=file | {"name": "contoh.png", "beside": True}, person=person)
    story.notify.work()
    [sent] = gateway.asked
    assert sent["type"] == ("image" if there else "text")
    assert "tidak dapat dikirim di sini" not in str(sent)


def test_a_gateway_that_always_fails_is_tried_so_often_with_growing_gaps_then_parked_with_one_alarm(
    story: Story, gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    notify = story.notify
    notify.deps.channels.pop("mailbox")
    gateway.always = 131000
    people = [f"+62812000009{n:02d}" for n in range(3)]
    try:
        for phone in people:
            person = story.example("message.requested")["person"]
            story.ask(person=person | {"to": {"name": "Rohana", "phone": phone}})
        gaps, worker = _until_done(notify)
        tried = {phone: [m for m in gateway.asked if m["to"] == phone.lstrip("+")] for phone in people}
        assert {len(found) for found in tried.values()} == {4}, "SEND_ATTEMPTS"
        rounds = [gaps[n : n + 3] for n in range(0, len(gaps), 3)]
        assert len(rounds) == 3
        assert all(min(later) > max(before) for before, later in pairwise(rounds)), rounds
        assert {(one["status"], one["attempts"]) for one in story.sent()} == {("failed", 4)}
        shown = notify.call("GET", "/v1/messages?status=failed", "officer").json["items"]
        assert {one["failure"] for one in shown} == {"after 4 attempts: WhatsApp 131000"}
        assert capsys.readouterr().out.count("messages do not go out") == 1
        assert notify.rows("SELECT channel, parked FROM outage WHERE kelurahan = %s", [KELURAHAN]) == [
            {"channel": "whatsapp", "parked": False}
        ]
        worker.db.close()
    finally:
        from notify.channels.mailbox import Mailbox

        notify.deps.channels["mailbox"] = Mailbox(notify.settings.rules("mailbox"))
    gateway.always = None
    forget_turns(notify)
    again = notify.call("POST", f"/v1/messages/{story.sent()[0]['id']}/retry", "officer", json={})
    assert again.json["status"] == "accepted"
    notify.work()
    assert story.sent()[0]["status"] == "sent"
    assert notify.rows("SELECT 1 FROM outage") == [], "it goes out again"


def _until_done(notify: InProcess) -> tuple[list[float], Worker]:
    """By the worker itself, which is only not made to wait: for how long it would have waited."""
    worker = Worker(notify.service, notify.settings, "jobs")
    worker.deps = notify.deps
    gaps: list[float] = []
    for _round in range(50):
        forget_turns(notify)
        while (job := jobs.claim(worker.db, notify.service.jobs)) is not None:
            worker._work(job)
        found = hurry(notify)
        if not found:
            return gaps, worker
        gaps += sorted(found)
    raise AssertionError("there is no end to the attempts")


def test_too_late_for_free_text_means_the_template_at_once(story: Story, gateway: Gateway) -> None:
    wrote(story.notify)
    gateway.answers = [131047]
    message_id = story.ask()
    story.notify.work()
    assert [one["type"] for one in gateway.asked] == ["text", "template"]
    assert (story.sent()[0]["status"], story.sent()[0]["attempts"]) == ("sent", 2)
    assert row(story.notify, message_id)["category"] == "utility"


def test_a_receipt_that_says_so_has_the_same_effect_and_once_only(story: Story, gateway: Gateway) -> None:
    wrote(story.notify)
    story.ask()
    story.notify.work()
    assert receipt(story.notify, gateway.asked[0], gateway.wamid(1), "failed", 131047)
    forget_turns(story.notify)
    hurry(story.notify)
    story.notify.work()
    assert [one["type"] for one in gateway.asked] == ["text", "template"]
    receipt(story.notify, gateway.asked[0], gateway.wamid(1), "failed", 131047)
    assert story.sent()[0]["status"] == "sent", "told twice"
    assert story.outcomes("message.failed") == []


@pytest.mark.parametrize("code", [131047, 131000, 131049, None])
@pytest.mark.parametrize("repeated", ["failed", "sent"])
def test_a_receipt_of_an_attempt_that_is_over_changes_nothing(
    story: Story, gateway: Gateway, code: int | None, repeated: str
) -> None:
    story.notify.deps.channels.pop("mailbox")
    try:
        wrote(story.notify)
        message_id = story.ask()
        story.notify.work()
        receipt(story.notify, gateway.asked[0], gateway.wamid(1), "failed", code)
        before = row(story.notify, message_id)
        receipt(story.notify, gateway.asked[0], gateway.wamid(1), repeated, code if repeated == "failed" else None)
        assert row(story.notify, message_id) == before and before["status"] == "accepted"
        assert story.outcomes("message.failed") == []
        _later(story.notify)
        assert len(gateway.asked) == 2 and story.sent()[0]["status"] == "sent"
        receipt(story.notify, gateway.asked[0], gateway.wamid(1), repeated, code if repeated == "failed" else None)
        assert story.sent()[0]["status"] == "sent" and len(gateway.asked) == 2
    finally:
        story.notify.deps.channels["mailbox"] = Mailbox(story.notify.settings.rules("mailbox"))


def test_what_arrived_after_all_is_not_sent_again(story: Story, gateway: Gateway) -> None:
    wrote(story.notify)
    story.ask()
    story.notify.work()
    receipt(story.notify, gateway.asked[0], gateway.wamid(1), "failed", 131000)
    receipt(story.notify, gateway.asked[0], gateway.wamid(1), "delivered")
    _later(story.notify)
    assert len(gateway.asked) == 1 and story.sent()[0]["status"] == "delivered"


def _later(notify: InProcess) -> None:
    """When all that waits may go."""
    notify.clock.at = notify.clock.now() + timedelta(hours=24)
    sending.wake_resting(notify.deps)
    forget_turns(notify)
    hurry(notify)
    notify.work()


def _long(story: Story) -> dict[str, Any]:
    """What takes two parts."""
    person = story.example("message.requested")["person"]
    long = " ".join(f"kata{n}" for n in range(900))
    return person | {"values": person["values"] | {"applicant_name": long}}


@pytest.mark.parametrize("status", ["sent", "delivered"])
def test_the_second_part_follows_though_the_receipt_of_the_first_is_quicker(
    story: Story, gateway: Gateway, status: str
) -> None:
    wrote(story.notify)
    story.ask(person=_long(story))
    story.notify.work()
    receipt(story.notify, gateway.asked[0], gateway.wamid(1), status)
    assert story.sent()[0]["status"] == "accepted" and story.outcomes("message.delivered") == []
    _later_turn(story.notify)
    assert len(gateway.taken) == 2 and story.sent()[0]["status"] == "sent"
    receipt(story.notify, gateway.asked[0], gateway.wamid(1), "delivered")
    assert story.sent()[0]["status"] == "sent", "only of its beginning"
    receipt(story.notify, gateway.asked[1], gateway.wamid(2), "delivered")
    assert story.sent()[0]["status"] == "delivered" and len(story.outcomes("message.delivered")) == 1
    assert story.notify.rows("SELECT sum(messages) AS n FROM message_cost") == [{"n": 2}]


def _later_turn(notify: InProcess) -> None:
    forget_turns(notify)
    hurry(notify)
    notify.work()


def test_when_a_part_does_not_get_through_all_of_it_is_tried_otherwise_and_once(story: Story, gateway: Gateway) -> None:
    for soon in (True, False):
        wrote(story.notify)
        message_id, before = story.ask(person=_long(story)), len(gateway.asked)
        story.notify.work()
        if not soon:
            _later_turn(story.notify)
        first = gateway.asked[before]
        receipt(story.notify, first, gateway.wamid(before + 1), "failed", 131026)
        _later_turn(story.notify)
        sent = row(story.notify, message_id)
        assert (sent["channel"], sent["status"]) == ("mailbox", "delivered")
        assert len(gateway.asked) == before + (1 if soon else 2)


def test_after_an_unclear_first_part_the_receipt_lets_the_second_follow(
    story: Story, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp, "_MESSAGE", SOON)
    gateway.answers = ["cut"]
    wrote(story.notify)
    story.ask(person=_long(story))
    story.notify.work()
    assert story.sent()[0]["status"] == "unknown"
    receipt(story.notify, gateway.asked[0], "wamid.LOST", "delivered")
    _later_turn(story.notify)
    assert len(gateway.taken) == 2 and story.sent()[0]["status"] == "sent"
    assert story.notify.rows("SELECT sum(messages) AS n FROM message_cost") == [{"n": 2}]


def test_what_a_receipt_settles_before_its_answer_is_paid_for_once(
    story: Story, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    notify, send = story.notify, whatsapp.WhatsApp.send
    for lost in (False, True):

        def quick(channel: Any, message: Any, lost: bool = lost) -> Any:
            answer = send(channel, message)
            receipt(notify, gateway.asked[-1], answer.provider_id, "delivered")
            if lost:
                raise Unclear("no whole answer")
            return answer

        with notify.deps.db.transaction("*") as tx:
            tx.execute("DELETE FROM message_cost")
        monkeypatch.setattr(whatsapp.WhatsApp, "send", quick)
        forget_turns(notify)
        story.ask()
        notify.work()
        assert story.sent()[-1]["status"] == "delivered"
        assert notify.rows("SELECT messages FROM message_cost") == [{"messages": 1}]


@pytest.mark.parametrize("code", [131026, 131062, 132001, 131009])
def test_whom_the_channel_never_reaches_another_one_does_at_once(story: Story, gateway: Gateway, code: int) -> None:
    gateway.answers = [code]
    story.ask()
    story.notify.work()
    (message,) = story.sent()
    assert (message["status"], message["channel"], len(gateway.asked)) == ("delivered", "mailbox", 1)


def test_without_another_channel_it_is_before_the_office_and_who_asked_is_told(story: Story, gateway: Gateway) -> None:
    before = story.notify.deps.channels.pop("mailbox")
    gateway.answers = [131026]
    try:
        story.ask()
        story.notify.work()
    finally:
        story.notify.deps.channels["mailbox"] = before
    (message,) = story.sent()
    assert (message["status"], message["failure"]) == ("failed", "WhatsApp 131026")
    assert [told["reason"] for told in story.outcomes("message.failed")] == ["WhatsApp 131026"]


def test_too_much_to_one_person_waits(story: Story, gateway: Gateway) -> None:
    gateway.answers = [131056]
    story.ask()
    story.notify.work()
    assert story.sent()[0]["status"] == "accepted" and len(gateway.asked) == 1
    [gap] = hurry(story.notify)
    assert 6 <= gap < 12
    forget_turns(story.notify)
    story.notify.work()
    assert story.sent()[0]["status"] == "sent"


def test_after_hours_by_the_channels_judgement_or_another_channel_now(story: Story, gateway: Gateway) -> None:
    before = story.notify.deps.channels.pop("mailbox")
    gateway.answers = [131049]
    try:
        story.ask()
        story.notify.work()
        (message,) = story.sent()
        assert message["status"] == "accepted"
        assert datetime.fromisoformat(message["waits_until"]) == MORNING + timedelta(hours=12)
    finally:
        story.notify.deps.channels["mailbox"] = before
    gateway.answers = [131049]
    other = Words(story.notify)
    other.ask(person=other.example("message.requested")["person"] | {"to": {"name": "R", "phone": "+6281271000090"}})
    story.notify.work()
    assert other.sent()[0]["channel"] == "mailbox"


@pytest.mark.parametrize("lost", ["slow", "cut", 502, 200])
def test_what_may_have_been_carried_is_not_sent_twice_without_saying_so(
    story: Story, gateway: Gateway, lost: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp, "_MESSAGE", SOON)
    notify = story.notify
    wrote(notify)
    gateway.answers = [lost]
    message_id = story.ask()
    notify.work()
    hurry(notify)
    notify.work()
    assert (story.sent()[0]["status"], len(gateway.asked)) == ("unknown", 1)
    assert notify.call("POST", f"/v1/messages/{message_id}/retry", "officer", json={}).status_code == 409
    sending.give_up_unclear(notify.deps)
    assert story.sent()[0]["status"] == "unknown", "a receipt may still come"
    with notify.deps.db.transaction("*") as tx:
        tx.execute("UPDATE message SET underway = underway - interval '61 minutes' WHERE id = %s", [message_id])
    sending.give_up_unclear(notify.deps)
    assert (story.sent()[0]["status"], story.sent()[0]["failure"]) == ("failed", "unclear")
    forget_turns(notify)
    assert notify.call("POST", f"/v1/messages/{message_id}/retry", "officer", json={}).status_code == 200
    notify.work()
    assert gateway.asked[1]["text"]["body"].startswith("(dikirim ulang)\n")
    assert story.sent()[0]["status"] == "sent"


def test_a_receipt_settles_what_was_unclear_by_the_mark_it_carries(
    story: Story, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp, "_MESSAGE", SOON)
    gateway.answers = ["cut"]
    message_id = story.ask()
    story.notify.work()
    assert story.sent()[0]["status"] == "unknown"
    assert receipt(story.notify, gateway.asked[0], "wamid.NEVER-HEARD-OF", "delivered")
    assert story.sent()[0]["status"] == "delivered"
    assert row(story.notify, message_id)["provider_id"] == hashed("wamid.NEVER-HEARD-OF")
    assert len(story.outcomes("message.delivered")) == 1
    assert story.notify.rows("SELECT messages FROM message_cost") == [{"messages": 1}]


def test_a_worker_that_dies_while_it_sends_leaves_it_unclear(story: Story, gateway: Gateway) -> None:
    message_id = story.ask()
    with story.notify.deps.db.transaction("*") as tx:
        tx.execute("UPDATE message SET underway = clock_timestamp() WHERE id = %s", [message_id])
    story.notify.work()
    assert (story.sent()[0]["status"], gateway.asked) == ("unknown", [])


def _to_many(story: Story, many: int, **more: Any) -> list[str]:
    """The same to so many people."""
    person = story.example("message.requested")["person"]
    return [
        story.ask(person=person | {"to": {"name": "Rohana", "phone": f"+628120001{n:04d}"}}, **more)
        for n in range(many)
    ]


def test_a_gateway_that_hangs_several_times_in_a_row_holds_no_worker_any_more(
    story: Story, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(whatsapp, "_MESSAGE", SOON)
    gateway.answers = ["cut", "cut", None, "cut", "cut"]
    _to_many(story, 5)
    story.notify.work()
    assert len(gateway.asked) == 5 and story.notify.rows("SELECT 1 FROM outage") == [], "not in a row"
    gateway.always = "cut"
    forget_turns(story.notify)
    _to_many(story, 6)
    story.notify.work()
    assert len(gateway.asked) == 5 + 3
    assert [one["parked"] for one in story.notify.rows("SELECT parked FROM outage")] == [True]
    assert len(story.notify.rows("SELECT 1 FROM message WHERE held")) == 3
    assert capsys.readouterr().out.count("messages do not go out") == 1
    gateway.always = None
    _minute_passes(story.notify)
    story.notify.clock.at = MORNING + timedelta(minutes=11)
    sending.wake_resting(story.notify.deps)
    _later_turn(story.notify)
    sending.wake_resting(story.notify.deps)
    _later_turn(story.notify)
    assert len(gateway.taken) == 5 + 3 + 3 and story.notify.rows("SELECT 1 FROM outage") == []


def test_what_a_number_can_is_shared_notices_queue_and_answers_go_at_once(
    story: Story, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story.notify.deps.channels["whatsapp"], "per_second", 5.0)
    _to_many(story, 60)
    story.notify.work()
    gone = len(gateway.asked)
    assert 4 <= gone < 20
    wrote(story.notify)
    story.ask("head_help", message_class="answer")
    story.notify.work()
    assert HEAD[1:] in [one["to"] for one in gateway.asked[gone:]]
    gaps = hurry(story.notify)
    assert max(gaps) > len(gaps) / 5.0 / 2, "they come back as they can go, not all at the next moment"
    assert len([gap for gap in gaps if gap < 1]) < len(gaps) / 2


def test_what_rested_is_woken_as_fast_as_the_number_sends(
    story: Story, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story.notify.deps.channels["whatsapp"], "per_second", 5.0)
    story.notify.clock.at = MORNING + timedelta(hours=14)
    _to_many(story, 15)
    story.notify.work()
    assert gateway.asked == [], "it is night"
    story.notify.clock.at = MORNING + timedelta(days=1)
    sending.wake_resting(story.notify.deps)
    gaps = sorted(hurry(story.notify))
    assert len(gaps) == 10 and 1.5 < gaps[-1] < 2.5, "five at once, then five a second"


@pytest.mark.parametrize("code", [190, 368])
def test_a_number_that_is_refused_holds_all_of_it_with_one_alarm_and_goes_on_by_itself(
    story: Story, gateway: Gateway, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    notify = story.notify
    gateway.always = code
    for n in range(5):
        person = story.example("message.requested")["person"]
        story.ask(person=person | {"to": {"name": "Rohana", "phone": f"+62812000008{n:02d}"}})
    notify.work()
    assert len(gateway.asked) == 1, "the first tells of the rest"
    assert {one["status"] for one in story.sent()} == {"accepted"}
    assert capsys.readouterr().out.count("messages do not go out") == 1
    page = notify.call("GET", "/v1/messages", "officer")
    assert page.status_code == 200
    _minute_passes(notify)
    assert len(gateway.asked) == 2, "one attempt a minute"
    assert capsys.readouterr().out.count("messages do not go out") == 0
    gateway.always = None
    _minute_passes(notify)
    sending.wake_resting(notify.deps)
    notify.work()
    assert {one["status"] for one in story.sent()} == {"sent"}
    assert len(gateway.taken) == 5
    assert notify.rows("SELECT 1 FROM outage") == []


def test_the_office_sees_what_is_held_back_and_what_the_month_costs(story: Story, gateway: Gateway) -> None:
    officer = signed_in(story.notify, "officer")
    assert "tertahan" not in officer.open("/notify/pesan").text
    story.ask()
    story.notify.work()
    assert "Bulan ini 1 pesan, Rp400 dari anggaran Rp2.000 (20%)." in officer.open("/notify/pesan").text
    gateway.always = 190
    forget_turns(story.notify)
    story.ask()
    story.notify.work()
    page = officer.open("/notify/pesan").text
    assert "Pesan lewat WhatsApp sedang tertahan" in page and "WhatsApp 190" in page
    other = signed_in(story.notify, "officer", tenant=KALIDONI)
    assert "tertahan" not in other.open("/notify/pesan").text


def test_a_number_that_offices_share_is_out_for_all_of_them_and_they_share_what_is_free(
    story: Story, gateway: Gateway
) -> None:
    notify, channel = story.notify, story.notify.deps.channels["whatsapp"]
    usual, channel._numbers = channel._numbers, {SHARED: (KELURAHAN, KALIDONI)}
    try:
        for n, tenant in enumerate((KELURAHAN, KALIDONI, KELURAHAN)):
            with notify.deps.db.transaction(tenant) as tx:
                message = Message(
                    new_id(), tenant, None, "submitted", "notice", "whatsapp", "sent", 1, new_id(), None, MORNING,
                    sender=SHARED, category="service",
                )  # fmt: skip
                costs.count(notify.deps, tx, message)
                assert costs.of_month(notify.deps, tx, tenant, None)["price"] == (100 if n == 2 else 0)
        gateway.always = 190
        story.ask()
        notify.work()
        out = notify.rows("SELECT kelurahan, sender FROM outage ORDER BY kelurahan")
        assert {(one["kelurahan"], one["sender"]) for one in out} == {(KELURAHAN, SHARED), (KALIDONI, SHARED)}
    finally:
        channel._numbers = usual


def test_a_long_message_goes_in_parts_with_the_pause_between_them(story: Story, gateway: Gateway) -> None:
    wrote(story.notify)
    person = story.example("message.requested")["person"]
    long = " ".join(f"kata{n}" for n in range(900))
    story.ask(person=person | {"values": person["values"] | {"applicant_name": long}})
    story.notify.work()
    assert story.sent()[0]["status"] == "accepted"
    [gap] = hurry(story.notify)
    assert 5 < gap <= 6
    forget_turns(story.notify)
    story.notify.work()
    said = " ".join(one["text"]["body"] for one in gateway.taken)
    assert story.sent()[0]["status"] == "sent" and len(gateway.taken) == 2
    assert all(f"kata{n} " in said or f"kata{n}\n" in said for n in range(899))
    assert story.notify.rows("SELECT messages FROM message_cost") == [{"messages": 2}]


def _minute_passes(notify: InProcess) -> None:
    with notify.deps.db.transaction("*") as tx:
        tx.execute("UPDATE outage SET probe_at = clock_timestamp()")
        tx.execute("DELETE FROM rate")
    hurry(notify)
    notify.work()


def test_being_parked_costs_no_attempt(story: Story, gateway: Gateway) -> None:
    gateway.always = 190
    story.ask()
    for _minute in range(5):
        story.notify.work()
        _minute_passes(story.notify)
    gateway.always = 131000
    _minute_passes(story.notify)
    assert story.sent()[0]["status"] == "accepted", "it has all its attempts still"
    gateway.always = None
    _minute_passes(story.notify)
    assert story.sent()[0]["status"] == "sent"


def test_what_is_parked_for_long_takes_another_channel(story: Story, gateway: Gateway) -> None:
    gateway.always = 190
    story.ask()
    story.notify.work()
    with story.notify.deps.db.transaction("*") as tx:
        tx.execute("UPDATE outage SET since = since - interval '1 hour'")
    hurry(story.notify)
    story.notify.work()
    assert (story.sent()[0]["channel"], story.sent()[0]["status"]) == ("mailbox", "delivered")


def test_one_message_in_six_seconds_to_one_person_in_order_and_no_worker_waits(story: Story, gateway: Gateway) -> None:
    notify = story.notify
    asked = [story.ask() for _ in range(3)]
    person = story.example("message.requested")["person"]
    story.ask(person=person | {"to": {"name": "Rohana", "phone": "+6281271000091"}})
    notify.work()
    assert [one["to"] for one in gateway.asked] == [HEAD.lstrip("+"), "6281271000091"], "the other one need not wait"
    waits = sorted(hurry(notify))
    assert len(waits) == 2 and 5 < waits[0] <= 6, waits
    notify.work()
    assert len(gateway.asked) == 2, "his turn has not come, whatever the job thinks"
    for sent in (2, 3):
        forget_turns(notify)
        hurry(notify)
        notify.work()
        assert len(gateway.taken) == sent + 1
    marks = [one["biz_opaque_callback_data"].partition(".")[0] for one in gateway.taken if one["to"] == HEAD[1:]]
    assert marks == asked
    assert {one["attempts"] for one in story.sent()} == {1}, "waiting costs no attempt"


def test_what_failed_is_not_overtaken_until_it_failed_for_long(story: Story, gateway: Gateway) -> None:
    notify = story.notify
    first, second = _marks_after(story, gateway, fails=1)
    assert len(gateway.taken) == 0, "the second waits for the first"
    forget_turns(notify)
    hurry(notify)
    notify.work()
    forget_turns(notify)
    hurry(notify)
    notify.work()
    assert [one["biz_opaque_callback_data"].partition(".")[0] for one in gateway.taken] == [first, second]
    first, second = _marks_after(story, gateway, fails=3)
    for _ in range(2):
        forget_turns(notify)
        with notify.deps.db.transaction("*") as tx:
            tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE payload->>'message_id' = %s", [first])
        notify.work()
    forget_turns(notify)
    with notify.deps.db.transaction("*") as tx:
        tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE payload->>'message_id' = %s", [second])
    notify.work()
    assert gateway.taken[2]["biz_opaque_callback_data"].partition(".")[0] == second


def _marks_after(story: Story, gateway: Gateway, *, fails: int) -> tuple[str, str]:
    """Two messages to one person; the first of them fails so often."""
    forget_turns(story.notify)
    gateway.answers = [131000] * fails
    first = story.ask()
    story.notify.work()
    second = story.ask()
    forget_turns(story.notify)
    story.notify.work()
    return first, second


def test_a_turn_of_a_conversation_that_is_over_is_not_sent(story: Story, gateway: Gateway) -> None:
    """Free text is not let through any more, and it makes no sense as a template."""
    person = {"to": {"name": "", "phone": HEAD}, "values": {}}
    story.ask("channel_file_left_out", person=person, message_class="answer")
    story.notify.work()
    assert (story.sent()[0]["status"], story.sent()[0]["failure"]) == ("expired", "the conversation is over")
    wrote(story.notify)
    other = Words(story.notify)
    other.ask("channel_file_left_out", person=person, message_class="answer")
    story.notify.work()
    assert other.sent()[0]["status"] == "sent"
    assert len(gateway.asked) == 1


def test_no_number_of_an_identity_card_leaves_by_the_cloud_api(story: Story, gateway: Gateway) -> None:
    wrote(story.notify)
    person = story.example("message.requested")["person"]
    person["values"] = person["values"] | {"applicant_name": "Rohana 1671105503550001"}
    story.ask(person=person)
    story.notify.work()
    forget_turns(story.notify)
    with story.notify.deps.db.transaction("*") as tx:
        tx.execute("UPDATE contact SET last_in_at = NULL")
    story.ask(person=person)
    story.notify.work()
    free, template = (str(one) for one in gateway.asked)
    assert "1671105503550001" not in free + template
    assert "••••••••••••0001" in free and "••••••••••••0001" in template


def test_a_chat_is_told_unasked_of_what_matters_only(story: Story, gateway: Gateway) -> None:
    wrote(story.notify, PHONE)
    story.tell("application.submitted")
    story.tell("introduction.granted")
    story.tell("letter.drafted")
    story.tell("handover.done")
    assert [one["template"] for one in story.sent()] == ["submitted"]


def test_messages_and_what_they_cost_are_counted_and_the_budget_warns(
    story: Story, gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    notify = story.notify
    wrote(notify)
    person = story.example("message.requested")["person"]
    for n in range(3):
        forget_turns(notify)
        story.ask()
        notify.work()
        story.ask(person=person | {"to": {"name": "Rohana", "phone": f"+62812000007{n:02d}"}})
        notify.work()
    costs = notify.call("GET", "/v1/messages/costs?month=2026-08", "administrator").json
    assert costs["days"] == [
        {"day": "2026-08-14", "channel": "whatsapp", "category": "service", "messages": 3, "price": 100},
        {"day": "2026-08-14", "channel": "whatsapp", "category": "utility", "messages": 3, "price": 1200},
    ], "two free texts a month cost nothing"
    assert (costs["messages"], costs["price"], costs["budget"], costs["percent"]) == (6, 1300, 2000, 65)
    assert "the budget for messages" not in capsys.readouterr().out
    story.ask(person=person | {"to": {"name": "Rohana", "phone": "+6281200000799"}})
    notify.work()
    assert capsys.readouterr().out.count("the budget for messages") == 1
    assert notify.call("GET", "/v1/messages/costs", "lurah").json["percent"] == 85
    assert notify.call("GET", "/v1/messages/costs?month=2026-07", "lurah").json["messages"] == 0
    assert notify.call("GET", "/v1/messages/costs", "officer").status_code == 403


def test_a_message_outlives_its_own_answer(story: Story, gateway: Gateway) -> None:
    """A failure that is faster than the answer is taken in later, and does not get lost."""
    from kit.errors import Retryable

    message_id = story.ask()
    with story.notify.deps.db.transaction("*") as tx:
        message = messages.get(tx, story.notify.deps.data_keys, UUID(message_id), lock=True)
        assert message is not None
        messages.begun(tx, message)
        with pytest.raises(Retryable):
            receipts.heard(story.notify.deps, tx, message, "failed", 131047)


def test_at_a_shared_number_he_is_asked_from_it_and_told_so_too(notify: InProcess, gateway: Gateway) -> None:
    for kelurahan in (KELURAHAN, KALIDONI):
        publish(notify, kelurahan)
    notify.work()
    now, he = str(int(datetime.now(UTC).timestamp())), "6281271000078"
    for words in ("Halo", "2", "Ganti kelurahan", "1", "ganti kelurahan", "2", "stop"):
        receive(notify, text(words, he, timestamp=now), number=SHARED)
        forget_turns(notify)
        hurry(notify)
        notify.work()
    said = [one["interactive"] if "interactive" in one else one["text"] for one in gateway.asked]
    assert len(said) == 6, "three questions, twice that it is noted (what waited went on the first time), and STOP"
    assert gateway.paths == [f"/v26.0/{SHARED}/messages"] * 6
    assert {one["to"] for one in gateway.asked} == {he}


def test_words_for_who_is_known_by_a_name_alone_never_go_to_the_number_that_he_had(
    story: Story, gateway: Gateway
) -> None:
    contact_id = wrote(story.notify, phone=None, user_id="ID.tukiman", name="Tukiman")
    person = {"to": {"name": "Tukiman", "phone": "+6281200000055"}, "values": {}}
    story.ask("channel_file_left_out", person=person, message_class="answer", contact_id=str(contact_id))
    story.notify.work()
    [asked] = gateway.asked
    assert asked["recipient"] == "ID.tukiman" and "to" not in asked
