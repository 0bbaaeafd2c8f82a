"""Announcements: written and looked at first, then sent to each once, in batches, never at night, to heads and to those
who agreed; stopped while they run; what people answer goes to intake as an answer to an announcement."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from contracts import contract
from contracts.providing import Asked
from kit import jobs
from kit.db import Tx
from kit.errors import Permanent
from notify.domain.announcements import MOST_TEXT, MOST_TITLE, Announcement, fits, values
from notify.domain.copies import Office
from notify.domain.incoming import Sent
from notify.domain.policy import MOST_IN_TEMPLATE, approved_body, parameters
from notify.domain.provider_ids import hashed
from notify.texts import LANGUAGES, render, source
from notify.usecases import erasing, incoming, records, sending, spreading
from tests.integration.notify.story import KELURAHAN, PHONE, Story, publish
from tests.integration.notify.test_stopping import reached, sent_to, told, write
from tests.support.browsing import forms_of, signed_in
from tests.support.services import InProcess
from tests.support.tokens import KALIDONI

URL = "/v1/announcements"
HEADS = {("005", "023"): "+6281200000023", ("005", "024"): "+6281200000024", ("006", "030"): "+6281200000030"}
ROHANA = "+6281271000091"
WORDS = {"title": "Kerja bakti", "text": "Minggu, pukul 07.00.\nBawa sapu.", "with_picture": False}
MORNING = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
EVENING = datetime(2026, 8, 14, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def office(notify: InProcess, story: Story) -> Iterator[InProcess]:
    for table in ("announcement", "contact_consent", "incoming", "message", "contact", "officeholder", "job", "outbox"):
        notify.rows(f"DELETE FROM {table} RETURNING 1")
    for (rw, rt), phone in HEADS.items():
        head(notify, rw, rt, phone)
    yield notify
    notify.rows("DELETE FROM officeholder RETURNING 1")


def head(notify: InProcess, rw: str, rt: str | None, phone: str | None, **more: Any) -> str:
    known = str(uuid4())
    data = contract("officeholder.changed").example | {
        "officeholder_id": known, "rw": rw, "rt": rt, "role": "rt_head" if rt else "rw_head",
        "from_date": "2020-01-01", "to_date": None, "person": {"name": "M. Yusuf", "phone": phone},
    }  # fmt: skip
    notify.feed("officeholder.changed", data | more, subject=known)
    return known


def draft(notify: InProcess, role: str = "officer", **more: Any) -> dict[str, Any]:
    """Written, and what it takes worked out."""
    answer = notify.call("POST", URL, role, json=WORDS | more)
    assert answer.status_code == 201, answer.text
    notify.work()
    return shown(notify, answer.json["id"])


def shown(notify: InProcess, announcement_id: str) -> dict[str, Any]:
    return dict(notify.call("GET", f"{URL}/{announcement_id}", "officer").json)


def send(notify: InProcess, one: dict[str, Any], role: str = "lurah", **more: Any) -> Any:
    return notify.call("POST", f"{URL}/{one['id']}/send", role, json={}, **more)


def agree(notify: InProcess, phone: str, text: str = "info ya") -> None:
    assert write(notify, phone, text)["recipient"] == "notify"
    notify.work()


def announced(notify: InProcess, phone: str) -> list[str]:
    return [one for one in reached(notify, phone) if one.startswith("announcement")]


# --- before it is sent ------------------------------------------------------------------------------------------------


def test_it_goes_to_the_heads_of_the_chosen_rts_and_what_it_takes_is_known_before(notify: InProcess) -> None:
    head(notify, "005", None, "+6281200000005")
    every = draft(notify)
    assert every["status"] == "draft" and every["estimate"]["messages"] == 3, "an RW's head has no group of an RT"
    assert "Ketua RT: mohon teruskan" in every["previews"][0]["text"]
    assert draft(notify, places=[{"rw": "005"}])["estimate"]["messages"] == 2
    one = draft(notify, places=[{"rw": "005", "rt": "024"}, {"rw": "006", "rt": "030"}])
    assert one["estimate"] == {"heads": 2, "agreed": 0, "messages": 2, "price": 0}
    assert notify.rows("SELECT 1 FROM message") == [], "a draft reaches nobody"
    assert send(notify, one).status_code == 200
    notify.work()
    assert [bool(announced(notify, phone)) for phone in HEADS.values()] == [False, True, True]


def test_where_an_rt_has_no_head_who_stands_in_for_him_gets_it_and_never_both(notify: InProcess) -> None:
    head(notify, "005", "023", "+6281200000123", role="substitute")
    head(notify, "007", "040", "+6281200000140", role="substitute")
    send(notify, draft(notify))
    notify.work()
    assert announced(notify, "+6281200000140") and not announced(notify, "+6281200000123")


def test_only_the_lurah_and_the_administrator_send_and_another_office_sees_nothing(notify: InProcess) -> None:
    publish(notify, KALIDONI)
    one = draft(notify)
    assert send(notify, one, "officer").status_code == 403
    assert notify.call("GET", f"{URL}/{one['id']}", "officer", who={"tenant": KALIDONI}).status_code == 404
    assert send(notify, one, "lurah", who={"tenant": KALIDONI}).status_code == 404
    assert send(notify, one, "administrator").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["announcement", "announcement_for_head"])
def test_the_longest_one_is_whole_in_a_template_and_under_a_picture(template: str, language: str) -> None:
    text = "\n".join(["x" * 36] * 15) + "y" * 30
    assert fits(text) and not fits(text + "z" * 40) and not fits("\n".join("abcdefghijklmnopq"))
    one = Announcement(
        uuid4(), KELURAHAN, "heads", None, date(2026, 9, 30), True, "draft", "x", MORNING,
        {"title": "W " * (MOST_TITLE // 2), "text": text},
    )  # fmt: skip
    example = contract("office.changed").example
    place = Office.from_event("Dua Puluh Tiga Ilir Barat", example["zone"], example["office"])
    filled = values(one, place, language)
    words = source(template, language)
    given = parameters(words, language, filled)
    assert not any(one.endswith("…") for one in given)
    assert len(approved_body(words, language)) + sum(map(len, given)) <= MOST_IN_TEMPLATE
    assert len(render(template, language, filled)) <= 1024 and len(text) >= MOST_TEXT - 60


def test_a_day_that_has_passed_a_title_of_two_lines_and_too_much_text_are_refused(notify: InProcess) -> None:
    mistakes = ({"until": "2026-08-13"}, {"title": "a\nb c"}, {"text": "x" * 700}, {"places": []}, {"audience": "all"})
    for wrong in mistakes:
        assert notify.call("POST", URL, "officer", json=WORDS | wrong).status_code == 422, wrong
    assert notify.call("POST", URL, "officer", json=WORDS | {"until": "2026-08-14"}).status_code == 201


def test_its_picture_is_asked_for_shown_and_goes_along(notify: InProcess) -> None:
    one = draft(notify, with_picture=True, until="2026-08-21")
    [asked] = notify.told("announcement.drafted")
    assert asked["data"]["person"] == {"title": WORDS["title"], "text": WORDS["text"]}
    assert send(notify, one).status_code == 409, "there is no picture yet"
    hand_over(notify, one["id"], revision=0)
    assert shown(notify, one["id"])["picture"] is None, "of what it said before"
    content = hand_over(notify, one["id"])
    seen = notify.call("GET", f"{URL}/{one['id']}/picture", "officer")
    assert (seen.status_code, seen.mimetype, seen.data) == (200, "image/png", content)
    assert send(notify, one).status_code == 200
    notify.work()
    [row] = notify.rows("SELECT p.id, p.sealed FROM message m JOIN people p ON p.id = m.person_id LIMIT 1")
    kept = notify.deps.data_keys.open(row["sealed"], f"person:{row['id']}")
    assert kept["file"]["name"] == "pengumuman.png" and "Berlaku sampai Jumat, 21 Agustus 2026." in kept["text"]


def hand_over(notify: InProcess, announcement_id: str, *, revision: int = 1, **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 10)).save(made, "PNG")
    key = f"{KELURAHAN}/announcements/{announcement_id}/{revision}.png"
    file = notify.handed_by("documents", key, made.getvalue(), "image/png") | {"name": "pengumuman.png"}
    data = {
        "announcement_id": announcement_id, "kelurahan": KELURAHAN, "revision": revision, "file": file, "problem": None,
    } | more  # fmt: skip
    notify.feed("announcement.pictured", data, subject=announcement_id)
    return made.getvalue()


def test_a_picture_that_cannot_be_made_says_why_and_one_from_a_strange_bucket_is_not_taken(notify: InProcess) -> None:
    one = draft(notify, with_picture=True)
    with pytest.raises(Permanent):
        strange = {"bucket": "intake-files", "key": "a", "sha256": "0" * 64, "size": 1, "type": "image/png"}
        hand_over(notify, one["id"], file=strange)
    hand_over(notify, one["id"], file=None, problem="no font prints U+1234")
    assert shown(notify, one["id"])["problem"] == "no font prints U+1234"
    assert send(notify, one).status_code == 409
    anew = notify.call("PUT", f"{URL}/{one['id']}", "officer", json=WORDS)
    assert anew.status_code == 200 and anew.json["problem"] is None and anew.json["estimate"] is None
    notify.work()
    assert send(notify, one).status_code == 200, "without one it goes"


# --- on its way -------------------------------------------------------------------------------------------------------


def test_pressed_twice_and_done_twice_everybody_gets_it_once(notify: InProcess) -> None:
    one = draft(notify, audience="both")
    agree(notify, HEADS["005", "023"])  # he is both
    key = {"Idempotency-Key": str(uuid4())}
    assert [send(notify, one, headers=key).status_code for _ in range(2)] == [200, 200]
    assert send(notify, one).status_code == 409
    payload = {"announcement_id": one["id"], "phase": 0, "after": None, "before": 0}
    notify.rows(
        "INSERT INTO job (id, kind, tenant, payload) VALUES (%s, %s, %s, %s) RETURNING id",
        [uuid4(), spreading.SPREAD, KELURAHAN, json.dumps(payload)],
    )
    notify.work()
    assert [announced(notify, phone) for phone in HEADS.values()] == [["announcement_for_head"]] * 3


def test_many_go_in_batches(notify: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(45):
        head(notify, "009", f"{number:03}", f"+62812110{number:05}")
    monkeypatch.setattr(spreading, "BATCH", 20)
    one = draft(notify)
    assert one["estimate"]["messages"] == 48
    send(notify, one)
    kinds = notify.work(most=200)
    assert kinds.count(spreading.SPREAD) == 3 and kinds.count("send_message") == 48
    assert shown(notify, one["id"])["status"] == "sent"


def test_a_batch_takes_as_many_statements_however_many_are_in_it(
    notify: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, before, taken = [0], Tx._send, []

    def counting(tx: Tx, statement: bytes) -> None:
        sent[0] += 1
        before(tx, statement)

    monkeypatch.setattr(Tx, "_send", counting)
    for more in (0, 60):
        for number in range(more):
            head(notify, "009", f"{number:03}", f"+62812110{number:05}")
        send(notify, draft(notify))
        job = jobs.claim(notify.deps.db, {spreading.SPREAD: notify.service.jobs[spreading.SPREAD]})
        assert job is not None
        sent[0] = 0
        spreading.spread(notify.deps, job)
        taken.append(sent[0])
        notify.rows("DELETE FROM job RETURNING 1")
    assert taken[0] == taken[1] < 20


def test_at_night_it_waits_until_morning_and_after_its_last_day_it_does_not_go(notify: InProcess) -> None:
    notify.clock.at = EVENING
    send(notify, draft(notify, until="2026-08-14"))
    one = draft(notify)
    send(notify, one)
    notify.work()
    assert {row["status"] for row in notify.rows("SELECT status FROM message")} == {"accepted"}
    notify.clock.at = EVENING + timedelta(hours=12)
    sending.wake_resting(notify.deps)
    notify.work()
    assert [announced(notify, phone) for phone in HEADS.values()] == [["announcement_for_head"]] * 3
    assert len(notify.rows("SELECT 1 FROM message WHERE status = 'expired'")) == 3


def test_stopped_while_it_runs_nothing_more_goes_out_and_progress_is_seen(notify: InProcess) -> None:
    notify.clock.at = EVENING
    one = draft(notify)
    assert notify.call("POST", f"{URL}/{one['id']}/stop", "officer", json={}).status_code == 409
    send(notify, one)
    notify.work()
    spreading.measure(notify.deps)
    assert shown(notify, one["id"])["counts"] == counts(queued=3)
    stopped = notify.call("POST", f"{URL}/{one['id']}/stop", "officer", json={})
    assert stopped.status_code == 200 and stopped.json["status"] == "stopped"
    notify.work()
    notify.clock.at = EVENING + timedelta(hours=12)
    spreading.measure(notify.deps)
    after = shown(notify, one["id"])
    assert after["counts"] == counts(left_out=3) and after["settled"]
    assert not any(announced(notify, phone) for phone in HEADS.values())


def test_as_long_as_some_of_it_waits_it_can_be_stopped(notify: InProcess) -> None:
    """Its number is out for days, say: what was announced then need not go out when that works again."""
    notify.clock.at = EVENING
    one = draft(notify)
    send(notify, one)
    notify.work()
    notify.clock.at = EVENING + timedelta(days=5)
    spreading.measure(notify.deps)
    assert not shown(notify, one["id"])["settled"]
    assert stop(notify, one).status_code == 200
    notify.work()
    notify.clock.at = EVENING + timedelta(days=5, hours=12)
    sending.wake_resting(notify.deps)
    notify.work()
    spreading.measure(notify.deps)
    after = shown(notify, one["id"])
    assert after["counts"] == counts(left_out=3) and after["settled"]


def test_what_nobody_confirms_any_more_is_settled_and_nothing_is_left_to_stop(notify: InProcess) -> None:
    one = draft(notify)
    send(notify, one)
    notify.work()
    notify.rows("UPDATE message SET status = 'sent' RETURNING 1")
    notify.clock.at = MORNING + timedelta(days=2)
    spreading.measure(notify.deps)
    assert not shown(notify, one["id"])["settled"]
    notify.clock.at = MORNING + timedelta(days=4)
    spreading.measure(notify.deps)
    assert shown(notify, one["id"])["settled"] and shown(notify, one["id"])["counts"] == counts(sent=3)
    assert stop(notify, one).status_code == 409


def test_what_somebody_sends_again_after_the_end_can_be_stopped(notify: InProcess) -> None:
    one = draft(notify)
    send(notify, one)
    notify.work()
    spreading.measure(notify.deps)
    assert shown(notify, one["id"])["settled"] and stop(notify, one).status_code == 409
    notify.rows("UPDATE message SET status = 'accepted' WHERE number = (SELECT max(number) FROM message) RETURNING 1")
    assert stop(notify, one).status_code == 200
    notify.work()
    spreading.measure(notify.deps)
    after = shown(notify, one["id"])
    assert after["counts"] == counts(delivered=2, left_out=1) and after["settled"]


def stop(notify: InProcess, one: dict[str, Any]) -> Any:
    return notify.call("POST", f"{URL}/{one['id']}/stop", "lurah", json={})


def test_progress_is_seen_of_each_one_and_written_where_there_is_some(
    notify: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are not settled before it."""
    notify.clock.at = EVENING
    some = [draft(notify) for _ in range(5)]
    for one in some:
        send(notify, one)
    notify.work()
    monkeypatch.setattr(spreading, "BATCH", 2)
    spreading.measure(notify.deps)
    assert [shown(notify, one["id"])["counts"] for one in some] == [counts(queued=3)] * 5
    before = written(notify)
    notify.rows(
        "UPDATE message SET status = 'sent', waits_until = NULL WHERE announcement_id = %s RETURNING 1", [some[4]["id"]]
    )
    spreading.measure(notify.deps)
    after = written(notify)
    assert [before[one["id"]] == after[one["id"]] for one in some] == [True] * 4 + [False]
    assert shown(notify, some[4]["id"])["counts"] == counts(sent=3)


def written(notify: InProcess) -> dict[str, str]:
    """By which transaction each was written last."""
    return {str(row["id"]): row["by"] for row in notify.rows("SELECT id, xmin::text AS by FROM announcement")}


def counts(**more: int) -> dict[str, int]:
    return {"queued": 0, "sent": 0, "delivered": 0, "failed": 0, "left_out": 0} | more


def test_stopped_before_a_batch_the_rest_is_not_even_made(notify: InProcess) -> None:
    one = draft(notify)
    send(notify, one)
    notify.call("POST", f"{URL}/{one['id']}/stop", "lurah", json={})
    notify.work()
    assert notify.rows("SELECT 1 FROM message") == []


def test_what_arrived_and_what_failed_is_counted(notify: InProcess) -> None:
    one = draft(notify)
    send(notify, one)
    notify.work()
    notify.rows("UPDATE message SET status = 'failed' WHERE number = (SELECT max(number) FROM message) RETURNING 1")
    spreading.measure(notify.deps)
    after = shown(notify, one["id"])
    assert after["counts"] == counts(delivered=2, failed=1) and after["settled"]


# --- who wants them ---------------------------------------------------------------------------------------------------


def test_who_said_info_is_asked_and_only_who_says_yes_gets_them(notify: InProcess) -> None:
    agree(notify, ROHANA, "INFO")
    assert reached(notify, ROHANA) == ["channel_info_ask"]
    assert draft(notify, audience="agreed")["estimate"]["messages"] == 0
    agree(notify, ROHANA, "Info ya 🙏")
    agree(notify, ROHANA, "info ya")  # said again it is confirmed, and kept once
    send(notify, draft(notify, audience="agreed"))
    notify.work()
    assert announced(notify, ROHANA) == ["announcement"]
    [kept] = notify.rows("SELECT medium, wanted, wording FROM contact_consent")
    assert (kept["medium"], kept["wanted"]) == ("announcements", True) and kept["wording"]
    assert told(notify, ROHANA) == [], "whether he wants announcements is no other service's affair"


def test_after_info_stop_none_go_to_a_resident_nor_to_a_head_and_his_own_messages_do(
    notify: InProcess, story: Story
) -> None:
    agree(notify, ROHANA)
    one = draft(notify, audience="both")
    agree(notify, ROHANA, "INFO STOP")
    agree(notify, HEADS["005", "023"], "info stop")
    send(notify, one)
    notify.work()
    assert not announced(notify, ROHANA) and not announced(notify, HEADS["005", "023"])
    assert announced(notify, HEADS["005", "024"])
    values = story.example("message.requested")["person"]["values"]
    story.ask(person={"to": {"name": "Y", "phone": HEADS["005", "023"]}, "values": values})
    notify.work()
    assert "attestation_request" in reached(notify, HEADS["005", "023"])


def test_who_has_enough_while_it_waits_is_left_out(notify: InProcess) -> None:
    agree(notify, ROHANA)
    notify.clock.at = EVENING
    send(notify, draft(notify, audience="agreed"))
    notify.work()
    agree(notify, ROHANA, "info stop")
    notify.clock.at = EVENING + timedelta(hours=12)
    sending.wake_resting(notify.deps)
    notify.work()
    [row] = [one for one in sent_to(notify, ROHANA) if one["template"] == "announcement"]
    assert (row["status"], row["failure"]) == ("expired", "announcements_ended")


def test_what_is_for_some_rts_goes_to_residents_who_named_theirs(notify: InProcess) -> None:
    agree(notify, ROHANA, "INFO YA RT 23 RW 5")
    agree(notify, PHONE, "INFO YA")
    send(notify, draft(notify, audience="agreed", places=[{"rw": "005", "rt": "023"}]))
    send(notify, draft(notify, audience="agreed", places=[{"rw": "006"}]))
    notify.work()
    assert announced(notify, ROHANA) == ["announcement"] and announced(notify, PHONE) == []
    send(notify, draft(notify, audience="agreed"))
    notify.work()
    assert len(announced(notify, ROHANA)) == 2 and len(announced(notify, PHONE)) == 1


def test_the_office_sees_who_agreed_and_ends_it_for_who_asks_to(notify: InProcess) -> None:
    agree(notify, ROHANA)
    [one] = notify.call("GET", "/v1/contacts?state=announced", "officer").json["items"]
    assert notify.call("GET", "/v1/contacts?state=stopped", "officer").json["items"] == []
    answer = notify.call("POST", f"/v1/contacts/{one['id']}/end-announcements", "officer", json={})
    assert answer.status_code == 200
    assert notify.call("GET", "/v1/contacts?state=announced", "officer").json["items"] == []
    assert notify.call("GET", "/v1/contacts?state=stopped", "officer").json["items"] == [], "that is no STOP"


# --- what comes back, and what goes -----------------------------------------------------------------------------------


def test_an_answer_to_it_goes_to_intake_as_one_to_an_announcement(notify: InProcess) -> None:
    one = draft(notify)
    send(notify, one)
    notify.work()
    phone = HEADS["005", "023"]
    [row] = notify.rows(
        "UPDATE message SET provider_id = %s WHERE number = (SELECT min(number) FROM message) RETURNING channel",
        [hashed("wamid.a")],
    )
    with notify.deps.db.transaction(KELURAHAN) as tx:
        said = Sent("wamid.b", "mailbox", MORNING, phone, None, "Y", "text", "Jam berapa?", None, "wamid.a")
        taken = incoming.take(notify.deps, tx, row["channel"], KELURAHAN, said)
    assert taken is not None and taken.recipient == "intake", "also what a head answers"
    [heard] = notify.told("message.received", latest=1)
    assert str(heard["data"]["announcement_id"]) == one["id"] and heard["data"]["replies_to"] is not None


def test_it_is_in_the_record_of_a_person_and_goes_by_its_age_with_its_picture(notify: InProcess, story: Story) -> None:
    story.tell("application.opened")
    agree(notify, PHONE)
    one = draft(notify, audience="agreed")
    send(notify, one)
    notify.work()
    spreading.measure(notify.deps)
    with notify.deps.db.transaction(KELURAHAN) as tx:
        part = records.collect(notify.deps, tx, Asked(uuid4(), UUID(story.case), None, KELURAHAN))
    assert [WORDS["title"] in said["text"] for said in part.kept["announcements"]] == [True]
    assert [said["medium"] for said in part.kept["wishes"]] == ["announcements"]
    notify.clock.at = MORNING + timedelta(days=4000)
    erasing.erase_old(notify.deps)
    assert notify.rows("SELECT 1 FROM announcement") == notify.rows("SELECT 1 FROM announcement_recipient") == []
    assert [str(row["data"]["announcement_id"]) for row in notify.told("announcement.ended")] == [one["id"]]


# --- the page ---------------------------------------------------------------------------------------------------------


def test_it_is_written_looked_at_and_sent_on_the_page(notify: InProcess) -> None:
    lurah = signed_in(notify, "lurah")
    [form] = [one for one in forms_of(lurah.open("/notify/pengumuman/baru").text) if one.action.endswith("/baru")]
    fields = {"title": "Kerja bakti", "text": "Minggu\r\npukul 07.00", "audience": "heads", "places": "005"}
    address = lurah.send(form, fields).headers["Location"]
    notify.work()
    assert "Gambarnya sedang dibuat" in lurah.open(address).text
    content = hand_over(notify, address.rpartition("/")[2])
    assert lurah.open(f"{address}/gambar").data == content
    text = lurah.open(address).text
    assert "Kirim 2 pesan" in text and "Kerja bakti" in text and "RW 005" in text
    [form] = [one for one in forms_of(text) if one.action.endswith("/kirim")]
    assert [lurah.send(form, {}).status_code for _ in range(2)] == [303, 303]
    notify.work()
    spreading.measure(notify.deps)
    assert "Sampai" in lurah.open(address).text
    assert [bool(announced(notify, phone)) for phone in HEADS.values()] == [True, True, False]


def test_an_officer_sees_no_button_to_send_and_what_is_wrong_stands_by_its_field(notify: InProcess) -> None:
    officer, one = signed_in(notify, "officer"), draft(notify)
    text = officer.open(f"/notify/pengumuman/{one['id']}").text
    assert "/kirim" not in text and "Lurah atau administrator" in text
    [form] = [one for one in forms_of(officer.open("/notify/pengumuman/baru").text) if one.action.endswith("/baru")]
    wrong = officer.send(form, {"title": "a", "text": "Minggu", "audience": "heads"})
    assert wrong.status_code == 422 and "title-salah" in wrong.text and "Minggu" in wrong.text
