"""WhatsApp's webhooks: signed or nothing, kept before they are answered, each thing in them done once and in order."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from kit import jobs
from kit.errors import Retryable
from kit.worker import Worker
from notify import metrics
from notify.domain.provider_ids import hashed
from notify.store import arrivals as store
from notify.usecases import arrivals, incoming
from tests.integration.notify.story import HEAD_PHONE, KELURAHAN, PHONE, Story, publish
from tests.integration.notify.whatsapp import WEBHOOK, count, deliver, heard, receive, texts
from tests.support import whatsapp
from tests.support.services import InProcess
from tests.support.tokens import KALIDONI
from tests.support.whatsapp import NUMBER, SHARED, UNKNOWN, change, message, payload, status, text

ODD = 'Pak, "KK" saya @ rumah é ñ 🙏👨‍👩‍👧   dua  spasi \\ / \t'
OTHER = "6281271000073"


@pytest.fixture(autouse=True)
def nothing_yet(notify: InProcess) -> None:
    """Offices that are known, and nobody who wrote before."""
    for kelurahan in (KELURAHAN, KALIDONI):
        publish(notify, kelurahan)
    notify.work()
    with notify.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM webhook; DELETE FROM incoming; DELETE FROM outbox; DELETE FROM shared_sender")
        tx.execute("DELETE FROM contact; DELETE FROM message; DELETE FROM officeholder; DELETE FROM job")


def handshake(notify: InProcess, **more: str) -> Any:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": whatsapp.VERIFY} | more
    return notify.call("GET", WEBHOOK, query_string=asked)


# The way in


def test_the_handshake_is_answered_with_its_challenge_to_who_knows_the_token(notify: InProcess) -> None:
    answer = handshake(notify)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "1158201444", "text/plain")
    for wrong in ({"hub.verify_token": "lain"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        assert handshake(notify, **wrong).status_code == 403


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_signature_counts_over_the_bytes_as_they_are(notify: InProcess, ascii_only: bool) -> None:
    told = payload(change(text(ODD)))
    body = json.dumps(told, ensure_ascii=ascii_only, separators=(" ,", " :  ")).encode() + b"\n "
    assert deliver(notify, body).json == {"found": 1}
    notify.work()
    assert texts(notify) == [ODD]


def test_one_byte_changed_is_refused_and_nothing_is_stored(notify: InProcess) -> None:
    body = whatsapp.encoded(payload(change(text(ODD))))
    signed = {"X-Hub-Signature-256": whatsapp.signature(body)}
    for place in (0, len(body) // 2, len(body) - 1):
        forged = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        answer = deliver(notify, forged, **signed)
        assert (answer.status_code, answer.json["type"]) == (401, "urn:problem:signature-wrong")
    for wrong in ("", "sha256=", "sha1=abc", whatsapp.signature(body, "lain"), whatsapp.signature(body)[7:], "é"):
        assert deliver(notify, body, **{"X-Hub-Signature-256": wrong}).status_code == 401
    assert [count(notify, table) for table in ("webhook", "arrival", "job", "incoming")] == [0, 0, 0, 0]
    assert deliver(notify, body, **signed).status_code == 200


def test_a_request_that_is_too_large_is_refused(notify: InProcess) -> None:
    assert deliver(notify, b" " * 3_000_001).status_code == 413
    assert deliver(notify, b" " * 2_999_000 + b"{}").status_code == 200


@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff\xfe{}", b"[" * 100_000, b"[1e999]", b"null", b'"\\ud83d"', b"[NaN]"]
)
def test_what_is_no_message_is_kept_and_does_nothing(notify: InProcess, body: bytes) -> None:
    assert deliver(notify, body).json == {"found": 0}
    assert notify.work() == []
    assert count(notify, "webhook") == 1 and heard(notify) == []


def test_nothing_of_a_request_lies_there_in_the_clear(notify: InProcess) -> None:
    receive(notify, text("Nama saya Siti Maimunah"))
    for table in ("webhook", "arrival", "incoming", "job", "people"):
        lies = str(notify.rows(f"SELECT * FROM {table}"))
        assert not any(told in lies for told in ("6281271000072", "Siti", "wamid"))


def test_what_is_signed_is_not_counted_as_a_strangers(notify: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    strangers = notify.app.extensions["gate"].strangers
    monkeypatch.setattr(strangers, "check_address", lambda _request, cost: counted.append(cost))
    monkeypatch.setattr(strangers, "check", lambda _request, rate: counted.append(rate.name))
    assert deliver(notify, payload()).status_code == 200
    assert deliver(notify, b"{}", **{"X-Hub-Signature-256": "x"}).status_code == 401
    assert counted == [0, 0, "forged"]


# What is in it


def test_every_message_of_every_change_and_entry_is_told_once(notify: InProcess) -> None:
    told = payload(change(text("1"), text("2")), change(text("3", OTHER)))
    told["entry"] += payload(change(text("4", from_user_id="ID.1a")))["entry"]
    for _ in range(3):
        assert deliver(notify, told).json == {"found": 4}
    notify.work()
    assert sorted(texts(notify)) == ["1", "2", "3", "4"]
    assert {row["state"] for row in notify.rows("SELECT state FROM arrival")} == {"done"}


def test_what_one_person_sends_keeps_its_order(notify: InProcess) -> None:
    for number in range(25):
        deliver(notify, payload(change(text(str(number)), text("x", OTHER))))
    notify.work(most=1000)
    assert [said for said in texts(notify) if said != "x"] == [str(number) for number in range(25)]


def test_the_event_says_all_that_is_known(notify: InProcess) -> None:
    story = Story(notify)
    asked = story.ask(source="verification")
    notify.work()
    known_as(notify, asked, "wamid.ours")
    receive(notify, message("button", {"payload": "setuju", "text": "Setuju"}, context={"id": "wamid.ours"}))
    [told] = heard(notify)
    assert (told["recipient"], str(told["replies_to"]), told["kind"]) == ("verification", asked, "choice")
    assert told["person"] == {
        "from": {"name": "Siti Maimunah", "phone": PHONE}, "text": "Setuju", "choice": "setuju",
    }  # fmt: skip
    assert told["channel"] == "whatsapp"
    assert told["rules"] == {"documents_by": "link", "letters_by": "link", "numbers": False}


def test_an_answer_to_a_notice_of_ours_names_its_case(notify: InProcess) -> None:
    publish(notify)
    story = Story(notify)
    for happened in ("application.opened", "application.submitted"):
        story.tell(happened)
    notify.work()
    [notice] = notify.rows("SELECT id, application_id FROM message WHERE requested_by IS NULL")
    known_as(notify, notice["id"], "wamid.notice")
    receive(notify, text("kapan jadi?", context={"id": "wamid.notice"}), text("halo"))
    [told, besides] = heard(notify)
    assert (told["recipient"], told["replies_to"]) == ("intake", notice["id"])
    assert (told["application_id"], besides["application_id"]) == (notice["application_id"], None)


def test_who_hides_his_number_is_one_contact_all_the_same(notify: InProcess) -> None:
    receive(notify, text("satu", from_user_id="ID.1a"))
    contacts = [{"profile": {"name": "Siti"}, "user_id": "ID.1a"}]
    receive(notify, text("dua", None, from_user_id="ID.1a"), contacts=contacts)
    one, two = heard(notify)
    assert one["contact_id"] == two["contact_id"]
    assert two["person"]["from"]["phone"] == PHONE


def test_a_contact_follows_a_new_number_and_a_new_id(notify: InProcess) -> None:
    receive(notify, text("satu", from_user_id="ID.1a"))
    moved = message("system", {"type": "user_changed_user_id", "user_id": "ID.2b"}, from_user_id="ID.1a")
    receive(notify, moved, contacts=[])
    receive(notify, message("system", {"type": "user_changed_number", "wa_id": "6281299999999"}), contacts=[])
    receive(notify, text("dua", None, from_user_id="ID.2b"), contacts=[])
    receive(notify, text("tiga", "6281299999999"))
    assert len({data["contact_id"] for data in heard(notify)}) == 1
    assert count(notify, "contact") == 1


def test_what_comes_to_a_number_of_nobody_is_kept_and_taken_once_it_is_set(
    notify: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(notify, text("Halo"), number=UNKNOWN)
    assert heard(notify) == []
    assert notify.rows("SELECT state, reason FROM arrival") == [{"state": "failed", "reason": "unknown_number"}]
    assert arrivals.take_again(notify.deps) == (0, 1)
    monkeypatch.setitem(notify.deps.settings.offices["whatsapp"], UNKNOWN, (KELURAHAN,))
    assert arrivals.take_again(notify.deps) == (1, 0)
    notify.work()
    assert texts(notify) == ["Halo"]


def test_what_cannot_be_done_is_set_aside_and_what_is_behind_it_goes_on(
    notify: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = incoming.take

    def stumbling(deps: Any, tx: Any, channel: str, kelurahan: str, sent: Any) -> Any:
        if sent.text == "batu":
            raise ValueError("a mistake of ours")
        return whole(deps, tx, channel, kelurahan, sent)

    monkeypatch.setattr(incoming, "take", stumbling)
    deliver(notify, payload(change(text("satu"), text("batu"), text("tiga"), text("lain", OTHER))))
    worker = Worker(notify.service, notify.settings, "jobs")
    worker.deps = notify.deps
    try:
        while (job := jobs.claim(worker.db, notify.service.jobs)) is not None:
            worker._work(job)
            notify.rows("UPDATE job SET run_at = clock_timestamp() RETURNING id")
    finally:
        worker.db.close()
    assert sorted(texts(notify)) == ["lain", "satu", "tiga"]
    assert [row["state"] for row in notify.rows("SELECT state FROM arrival ORDER BY number")] == [
        "done", "failed", "done", "done",
    ]  # fmt: skip
    monkeypatch.setattr(incoming, "take", whole)
    assert arrivals.take_again(notify.deps) == (1, 0)
    notify.work()
    assert "batu" in texts(notify)


def test_what_cannot_be_read_any_more_keeps_nothing_else_from_being_taken_again(
    notify: InProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ("satu", "dua"):
        deliver(notify, payload(change(text(words))))
    notify.rows("DELETE FROM job RETURNING id")
    notify.rows("UPDATE arrival SET state = 'failed', reason = 'a mistake of ours' RETURNING number")
    notify.rows("UPDATE arrival SET position = 9 WHERE number = (SELECT min(number) FROM arrival) RETURNING number")
    assert arrivals.take_again(notify.deps) == (1, 1)
    assert "not found in its request" in capsys.readouterr().out
    notify.work()
    assert texts(notify) == ["dua"]


def test_each_thing_has_all_of_its_attempts_whatever_failed_before_it_in_its_line(
    notify: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, tried = incoming.take, dict.fromkeys(("satu", "dua", "tiga"), 0)

    def stumbling(deps: Any, tx: Any, channel: str, kelurahan: str, sent: Any) -> Any:
        tried[sent.text] += 1
        if tried[sent.text] < arrivals.ATTEMPTS:
            raise Retryable("not yet")
        return whole(deps, tx, channel, kelurahan, sent)

    monkeypatch.setattr(incoming, "take", stumbling)
    deliver(notify, payload(change(*(text(words) for words in tried))))
    worker = Worker(notify.service, notify.settings, "jobs")
    worker.deps = notify.deps
    try:
        while (job := jobs.claim(worker.db, notify.service.jobs)) is not None:
            worker._work(job)
            notify.rows("UPDATE job SET run_at = clock_timestamp() RETURNING id")
    finally:
        worker.db.close()
    assert texts(notify) == ["satu", "dua", "tiga"]
    assert notify.rows("SELECT state FROM arrival WHERE state <> 'done'") == []


def test_half_a_sign_in_what_somebody_is_called_loses_nothing(notify: InProcess) -> None:
    told = payload(change(text("Halo", None, from_user_id="ID.\ud800\x00siti")))
    assert deliver(notify, json.dumps(told).encode()).status_code == 200
    notify.work()
    assert texts(notify) == ["Halo"]


def test_requests_at_once_from_the_same_people_wait_for_each_other_and_none_is_lost(notify: InProcess) -> None:
    people = [f"62812710{number:05d}" for number in range(150)]
    bodies = [payload(change(*(text("x", one) for one in people[:: (-1) ** turn]))) for turn in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda told: deliver(notify, json.dumps(told).encode()).status_code, bodies))
    assert answers == [200] * 6
    with notify.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM job")


def test_two_workers_at_once_take_everything_once(notify: InProcess) -> None:
    told = [
        payload(change(*(text(f"{place}-{n}", f"62812710001{place:02d}") for n in range(3)))) for place in range(20)
    ]
    for one in told * 3:
        deliver(notify, one)

    def work(_number: int) -> None:
        while (job := jobs.claim(notify.deps.db, notify.service.jobs)) is not None:
            try:
                notify.service.jobs[job.kind].work(notify.deps, job)
            except Retryable as error:
                jobs.put_back(notify.deps.db, job, error.reason)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    found = texts(notify)
    assert sorted(found) == sorted(f"{place}-{n}" for place in range(20) for n in range(3))
    for place in range(20):
        assert [said for said in found if said.startswith(f"{place}-")] == [f"{place}-{n}" for n in range(3)]


def test_one_who_writes_very_much_lets_others_have_their_turn(notify: InProcess) -> None:
    deliver(notify, payload(change(*(text(f"banyak {n}") for n in range(arrivals.AT_ONCE * 2)), text("satu", OTHER))))
    for _ in range(2):
        job = jobs.claim(notify.deps.db, notify.service.jobs)
        assert job is not None
        notify.service.jobs[job.kind].work(notify.deps, job)
    assert "satu" in texts(notify) and len(texts(notify)) == arrivals.AT_ONCE + 1
    notify.work()
    assert len(texts(notify)) == arrivals.AT_ONCE * 2 + 1


# Which service


def test_a_head_of_an_rt_writes_to_verification_for_as_long_as_he_heads_it(notify: InProcess) -> None:
    holder = Story(notify).example("officeholder.changed", from_date="2026-01-01", to_date="2026-08-14")
    holder["person"] = {"name": "M. Yusuf", "phone": HEAD_PHONE}
    notify.feed("officeholder.changed", holder, subject=holder["officeholder_id"])
    receive(notify, text("selamat pagi", HEAD_PHONE[1:]), text("selamat pagi"))
    assert sorted(data["recipient"] for data in heard(notify)) == ["intake", "verification"]
    notify.clock.at += timedelta(days=1)
    receive(notify, text("selamat pagi", HEAD_PHONE[1:]))
    notify.clock.at -= timedelta(days=1)
    assert heard(notify)[-1]["recipient"] == "intake"


@pytest.mark.parametrize(
    ("message_class", "expires", "to"),
    [("answer", 1, "verification"), ("answer", None, "intake"), ("notice", None, "verification"),
     ("code", 1, "intake"), ("answer", -1, "intake")],
)  # fmt: skip
def test_what_is_a_question_has_an_end_or_is_a_task(
    notify: InProcess, message_class: str, expires: int | None, to: str
) -> None:
    until = None if expires is None else (notify.clock.at + timedelta(hours=expires)).isoformat()
    person = {
        "to": {"name": "Siti", "phone": PHONE},
        "values": Story(notify).example("message.requested")["person"]["values"],
    }
    Story(notify).ask(message_class=message_class, expires_at=until, person=person)
    receive(notify, text("ya"))
    assert heard(notify)[-1]["recipient"] == to


@pytest.mark.parametrize(
    ("said", "to"),
    [("ya", "verification"), ("1", "verification"), ("4 4 4", "verification"), ("444343434", "intake"),
     ("4 4 4 3 4 3 4 3 4 terima kasih", "intake")],
)  # fmt: skip
@pytest.mark.parametrize("newest", ["the question", "the invitation"])
def test_an_invitation_to_the_survey_is_a_question_for_nine_digits_alone(
    notify: InProcess, said: str, to: str, newest: str
) -> None:
    """Whoever is asked something else, as a neighbour or as RT head, answers that."""
    until = (notify.clock.at + timedelta(days=7)).isoformat()
    person = {"to": {"name": "Siti", "phone": PHONE}}
    invited = dict.fromkeys(("service_name", "office_name", "link", "elements", "until"), "-")
    asked = Story(notify).example("message.requested")["person"]["values"]

    def invite() -> None:
        values = person | {"values": invited}
        Story(notify).ask("survey_invitation", source="intake", message_class="notice", expires_at=until, person=values)

    if newest == "the question":
        invite()
    Story(notify).ask(message_class="notice", expires_at=until, person=person | {"values": asked})
    if newest == "the invitation":
        invite()
    receive(notify, text(said))
    assert heard(notify)[-1]["recipient"] == to


def test_nine_digits_of_somebody_who_was_invited_to_nothing_answer_what_he_is_asked(notify: InProcess) -> None:
    until = (notify.clock.at + timedelta(days=7)).isoformat()
    values = Story(notify).example("message.requested")["person"]["values"]
    Story(notify).ask(
        message_class="notice", expires_at=until, person={"to": {"name": "Siti", "phone": PHONE}, "values": values}
    )
    receive(notify, text("444343434"))
    assert heard(notify)[-1]["recipient"] == "verification"


# Receipts


def known_as(notify: InProcess, message_id: str, wamid: str, state: str = "sent") -> None:
    """As the channel has called it when it took it."""
    notify.rows(
        "UPDATE message SET channel = 'whatsapp', provider_id = %s, status = %s WHERE id = %s RETURNING id",
        [hashed(wamid), state, message_id],
    )


def state_of(notify: InProcess, message_id: str) -> str:
    [row] = notify.rows("SELECT status FROM message WHERE id = %s", [message_id])
    return str(row["status"])


@pytest.mark.parametrize(
    "order",
    [("sent", "delivered", "read"), ("read", "sent", "delivered"), ("delivered", "failed"),
     ("failed", "delivered", "sent")],
)  # fmt: skip
def test_receipts_only_move_forward_in_any_order(notify: InProcess, order: tuple[str, ...]) -> None:
    message_id = Story(notify).ask()
    notify.work()
    known_as(notify, message_id, "wamid.A")
    notify.rows("DELETE FROM outbox RETURNING id")  # the mailbox had it at once
    seen = []
    for said in order * 2:
        deliver(notify, payload(change(statuses=[status("wamid.A", said)])))
        notify.work()
        seen.append(state_of(notify, message_id))
    assert seen[-1] == ("read" if "read" in order else "delivered")
    outcomes = [row["type"] for row in notify.told() if str(row["subject"]) == message_id]
    assert outcomes.count("message.delivered") <= 1


def test_a_message_of_the_release_before_is_found_by_its_name_as_it_was(notify: InProcess) -> None:
    message_id = Story(notify).ask()
    notify.work()
    known_as(notify, message_id, "wamid.A")
    notify.rows("UPDATE message SET provider_id = 'wamid.A' WHERE id = %s RETURNING id", [message_id])
    deliver(notify, payload(change(statuses=[status("wamid.A", "delivered")])))
    notify.work()
    assert state_of(notify, message_id) == "delivered"


def test_a_receipt_that_is_quicker_than_our_own_commit_waits_for_it(notify: InProcess) -> None:
    message_id = Story(notify).ask()
    notify.work()
    deliver(notify, payload(change(statuses=[status("wamid.B", "read")])))
    job = jobs.claim(notify.deps.db, notify.service.jobs)
    assert job is not None
    with pytest.raises(Retryable):
        notify.service.jobs[job.kind].work(notify.deps, job)
    known_as(notify, message_id, "wamid.B")
    notify.service.jobs[job.kind].work(notify.deps, job)
    assert state_of(notify, message_id) == "read"


def test_a_receipt_of_no_message_of_ours_does_no_harm(notify: InProcess) -> None:
    deliver(notify, payload(change(statuses=[status("wamid.C", "read")])))
    for _ in range(arrivals.ATTEMPTS):
        job = jobs.claim(notify.deps.db, notify.service.jobs)
        assert job is not None
        try:
            notify.service.jobs[job.kind].work(notify.deps, job)
        except Retryable as error:
            jobs.put_back(notify.deps.db, job, error.reason)
            notify.rows("UPDATE job SET run_at = clock_timestamp() RETURNING id")
    assert count(notify, "job") == 0
    assert notify.rows("SELECT state FROM arrival") == [{"state": "done"}]


# A number that several offices share


@pytest.mark.parametrize(
    ("number", "before", "caption"),
    [(SHARED, ["Halo"], "2"), (SHARED, [], "STOP"), (SHARED, ["Halo", "1"], "ganti kelurahan"), (NUMBER, [], "STOP")],
)
def test_a_file_reaches_its_service_though_a_word_for_us_stands_under_it(
    notify: InProcess, number: str, before: list[str], caption: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(notify.deps.fetchers, "whatsapp", whatsapp.Files({"m": b"foto"}))
    for words in before:
        receive(notify, text(words), number=number)
    receive(notify, message("image", {"id": "m", "caption": caption}), number=number)
    if not before and number == SHARED:
        receive(notify, text("1"), number=number)
    [told] = [data for data in heard(notify) if data["kind"] == "photo"]
    assert told["file"] is not None and told["recipient"] == "intake"
    stopped = notify.rows("DELETE FROM contact_consent WHERE NOT wanted RETURNING 1")
    assert bool(stopped) == (caption == "STOP"), "the word is taken all the same"


def test_who_writes_to_a_shared_number_is_asked_and_all_that_he_wrote_goes_there(notify: InProcess) -> None:
    receive(notify, text("Halo"), message("image", {"id": "m"}), number=SHARED)
    assert heard(notify) == [] and len(questions(notify)) == 1
    receive(notify, text("saya mau urus KK"), number=SHARED)
    assert len(questions(notify)) == 1, "he is not asked with each message"
    notify.deps.fetchers["whatsapp"] = whatsapp.Files({"m": b"foto"})
    answer = text("2.")
    receive(notify, answer, number=SHARED)
    receive(notify, answer, number=SHARED)
    told = heard(notify)
    assert [data["person"]["text"] for data in told] == ["Halo", "saya mau urus KK", ""]
    assert {data["kelurahan"] for data in told} == {KALIDONI}
    receive(notify, text("lagi"), number=SHARED)
    assert heard(notify)[-1]["kelurahan"] == KALIDONI
    assert len(questions(notify)) == 1 and count(notify, "shared_sender") == 1


def test_another_office_is_chosen_by_words_a_name_or_a_button(notify: InProcess) -> None:
    receive(notify, text("Halo"), text("1"), number=SHARED)
    receive(notify, text("Ganti kelurahan!"), number=SHARED)
    assert len(questions(notify)) == 2
    receive(notify, text("3"), text("Kel. Kalidoni"), number=SHARED)
    reply = {"type": "list_reply", "list_reply": {"id": f"office:{KELURAHAN}", "title": "Bukit Sangkal"}}
    receive(notify, text("apa kabar"), message("interactive", reply), text("dan lagi"), number=SHARED)
    assert [(data["person"]["text"], data["kelurahan"]) for data in heard(notify)] == [
        ("Halo", KELURAHAN), ("3", KALIDONI), ("apa kabar", KALIDONI), ("dan lagi", KELURAHAN),
    ]  # fmt: skip
    chosen = notify.rows("SELECT id FROM message WHERE template = 'channel_office_chosen'")
    assert len(chosen) == 1, "said only where nothing else answers"


def questions(notify: InProcess) -> list[dict[str, Any]]:
    return notify.rows("SELECT id FROM message WHERE template = 'channel_which_office'")


# What officers see, and what goes


def test_officers_see_what_people_wrote_to_their_office(notify: InProcess) -> None:
    receive(notify, text("NIK saya 1671091205950003"))
    receive(notify, message("sticker", {"id": "s", "mime_type": "image/webp"}))
    page = notify.call("GET", "/v1/messages/incoming?limit=1", "officer").json
    assert page["items"][0]["problem"] == "not_taken"
    older = notify.call("GET", f"/v1/messages/incoming?limit=1&cursor={page['next_cursor']}", "officer").json["items"]
    assert [(one["sender"], one["text"]) for one in older] == [("S••• M••• +62812•••••072", None)]
    with notify.deps.db.transaction("*") as tx:
        tx.execute("UPDATE incoming SET recipient = 'office' WHERE id = %s", [older[0]["id"]])
    [kept] = [one for one in notify.call("GET", "/v1/messages/incoming", "officer").json["items"]
              if one["id"] == older[0]["id"]]  # fmt: skip
    assert kept["text"] == f"NIK saya {'•' * 12}0003", "where the office itself answers"
    elsewhere = notify.call("GET", "/v1/messages/incoming", "officer", who={"tenant": KALIDONI})
    assert elsewhere.json["items"] == []
    assert notify.call("GET", "/v1/messages/incoming", "applicant").status_code == 403


def test_requests_go_after_a_week_unless_something_in_them_was_not_done(notify: InProcess) -> None:
    receive(notify, text("Halo"))
    receive(notify, text("Halo"), number=UNKNOWN)
    receive(notify, text("Halo"), number=SHARED)
    assert arrivals.prune(notify.deps) == 0
    notify.rows("UPDATE webhook SET received_at = received_at - interval '8 days' RETURNING id")
    assert arrivals.prune(notify.deps) == 1
    notify.rows("UPDATE webhook SET received_at = received_at - interval '30 days' RETURNING id")
    assert arrivals.prune(notify.deps) == 0, "nobody has decided"
    arrivals.measure(notify.deps)
    shown = {state: metrics.UNDONE.labels("whatsapp", state)._value.get() for state in ("failed", "held")}
    assert shown == {"failed": 1, "held": 1}, "somebody sees it"
    notify.rows("UPDATE webhook SET received_at = received_at - interval '60 days' RETURNING id")
    assert arrivals.prune(notify.deps) == 1 and count(notify, "arrival") == 1
    notify.rows("UPDATE webhook SET received_at = received_at - interval '270 days' RETURNING id")
    assert arrivals.prune(notify.deps) == 1
    assert count(notify, "arrival") == 0 and len(texts(notify)) == 1
    kept = (store.KEPT_DAYS, store.KEPT_HELD_DAYS, store.KEPT_UNDONE_DAYS)
    assert kept == (7, 90, 365), "as docs/operations says"


def test_who_was_never_asked_at_a_shared_number_is_forgotten_after_a_year_too(notify: InProcess) -> None:
    receive(notify, text("Kalidoni"), text("Halo", OTHER), number=SHARED)
    notify.rows("UPDATE shared_sender SET asked_at = NULL, made_at = made_at - interval '364 days' RETURNING 1")
    arrivals.prune(notify.deps)
    assert count(notify, "shared_sender") == 2
    notify.rows("UPDATE shared_sender SET made_at = made_at - interval '2 days' RETURNING 1")
    arrivals.prune(notify.deps)
    assert count(notify, "shared_sender") == 0
