"""Who is answered by a person of the office is not answered by us, until he is left to us again or for twelve hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.enrolment import new_code, printed
from notify.domain.answering import is_over
from notify.domain.incoming import Echo, Media, Sent
from notify.usecases import answering, incoming
from tests.integration.notify.story import KELURAHAN, PHONE, Story
from tests.integration.notify.whatsapp import deliver
from tests.support.browsing import forms_of, signed_in
from tests.support.services import InProcess
from tests.support.whatsapp import NUMBER, SHARED, new_wamid, payload

AT = datetime.now(UTC) - timedelta(minutes=10)  # servers of channels have the machine's time


@pytest.fixture(autouse=True)
def nobody(notify: InProcess) -> None:
    for table in ("incoming", "contact_consent", "contact"):
        notify.rows(f"DELETE FROM {table} RETURNING 1")


def office_writes(notify: InProcess, text: str = "Ibu, besok saya di kantor", **more: Any) -> None:
    told: dict[str, Any] = {
        "number_id": NUMBER, "to_phone": PHONE, "to_user_id": None, "at": AT, "text": text, "provider_id": str(uuid4()),
    }  # fmt: skip
    with notify.deps.db.transaction(KELURAHAN) as tx:
        answering.hears(notify.deps, tx, "whatsapp", KELURAHAN, Echo(**told | more))


def sends(notify: InProcess, text: str = "ya pak", **more: Any) -> str:
    """The service that it goes to."""
    told: dict[str, Any] = {
        "provider_id": str(uuid4()), "number_id": NUMBER, "at": AT, "phone": PHONE, "user_id": None, "name": "Rohana",
        "kind": "text", "text": text,
    }  # fmt: skip
    with notify.deps.db.transaction(KELURAHAN) as tx:
        taken = incoming.take(notify.deps, tx, "whatsapp", KELURAHAN, Sent(**told | more))
    assert taken is not None
    return taken.recipient


def answer(story: Story, message_class: str = "answer") -> dict[str, Any]:
    """What became of a message of a conversation."""
    person = {"to": {"name": "Rohana", "phone": PHONE}, "values": VALUES}
    message_id = story.ask("draft_opened", source="intake", message_class=message_class, person=person)
    story.notify.work()
    found = story.notify.call("GET", f"/v1/messages/{message_id}", "administrator")
    return dict(found.json)


VALUES = {
    "tracking_code": "PGT-7K3M9-XW2RB", "claim_code": "482913", "service_name": "Pengantar KK", "office_name": "Contoh",
    "rt_head_name": "Contoh",
}  # fmt: skip


def test_while_the_office_answers_words_go_to_nobody_else_and_answers_are_held_back(
    notify: InProcess, story: Story
) -> None:
    assert sends(notify) == "intake"
    before = len(notify.told("message.received"))
    office_writes(notify)
    assert sends(notify) == "office" and len(notify.told("message.received")) == before
    held = answer(story)
    assert (held["status"], held["failure"]) == ("expired", "office_answers")
    kept = notify.call("GET", "/v1/messages/incoming", "administrator").json["items"]
    assert [one["recipient"] for one in kept] == ["office", "intake"], "the office finds what was written"


def test_it_is_heard_from_whatsapp_as_it_sends_it(notify: InProcess) -> None:
    echo = {"from": "628127100001", "to": PHONE[1:], "id": new_wamid(), "timestamp": str(int(AT.timestamp())),
            "type": "text", "text": {"body": "Ibu, besok saya di kantor"}}  # fmt: skip
    value = {"metadata": {"phone_number_id": NUMBER}, "message_echoes": [echo]}
    for _time in range(2):
        answer = deliver(notify, payload({"field": "smb_message_echoes", "value": value}))
        assert answer.status_code == 200
        notify.work()
    assert sends(notify) == "office"
    kept = notify.rows("SELECT id, sealed FROM people")
    texts = [str(notify.deps.data_keys.open(row["sealed"], f"person:{row['id']}")) for row in kept]
    assert texts and not any("besok saya di kantor" in text for text in texts), "only the fact is kept"


def test_notices_and_codes_go_all_the_same(notify: InProcess, story: Story) -> None:
    office_writes(notify)
    assert answer(story, "notice")["status"] == "delivered"
    assert answer(story, "code")["status"] == "delivered"


def test_files_choices_and_codes_go_where_they_belong(notify: InProcess) -> None:
    office_writes(notify)
    assert sends(notify, "", kind="photo", media=Media("1", "image/jpeg")) == "intake"
    assert sends(notify, "Setuju", kind="choice", choice="grant") == "intake"
    assert sends(notify, f"DAFTAR {printed(new_code())}") == "verification"


@pytest.mark.parametrize("words", ["/bot", "lanjut bot"])
def test_told_so_from_the_phone_we_answer_again(notify: InProcess, story: Story, words: str) -> None:
    office_writes(notify)
    office_writes(notify, words, at=AT + timedelta(minutes=5))
    assert sends(notify) == "intake" and answer(story)["status"] == "delivered"


def test_news_of_it_that_comes_late_does_not_silence_us_again(notify: InProcess) -> None:
    office_writes(notify, "/bot", at=AT + timedelta(minutes=5))
    office_writes(notify)
    assert sends(notify) == "intake"


def test_what_he_wrote_long_ago_silences_us_for_the_rest_of_the_time_only(notify: InProcess) -> None:
    office_writes(notify, at=AT - timedelta(hours=12))
    assert sends(notify) == "intake"
    office_writes(notify, at=AT - timedelta(hours=11))
    [contact] = notify.rows("SELECT answered_until FROM contact")
    assert timedelta(minutes=45) < contact["answered_until"] - notify.clock.at < timedelta(minutes=51)


def test_after_twelve_hours_it_is_over(notify: InProcess) -> None:
    office_writes(notify)
    before = notify.clock.at
    notify.clock.at = before + timedelta(hours=11, minutes=49)
    assert sends(notify) == "office"
    notify.clock.at = before + timedelta(hours=12)
    assert sends(notify) == "intake"
    notify.clock.at = before


def test_an_officer_leaves_him_to_us_again(notify: InProcess) -> None:
    office_writes(notify)
    [shown] = notify.call("GET", "/v1/contacts", "officer").json["items"]
    assert shown["answered_until"] and PHONE not in str(shown)
    path = f"/v1/contacts/{shown['id']}/resume"
    stale = notify.call("POST", path, "officer", json={}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    for _time in range(2):
        left = notify.call("POST", path, "officer", json={})
        assert (left.status_code, left.json["answered_until"]) == (200, None)
    assert notify.call("GET", "/v1/contacts", "officer").json["items"] == []
    assert sends(notify) == "intake"


def test_on_the_page_too(notify: InProcess) -> None:
    office_writes(notify)
    officer = signed_in(notify, "officer")
    shown = officer.open("/notify/kontak")
    assert shown.status_code == 200 and "Dijawab petugas sendiri" in shown.text and PHONE not in shown.text
    [form] = [one for one in forms_of(shown.text) if one.action.endswith("/lanjut")]
    officer.go_on(officer.send(form, {}))
    assert "Tidak ada siapa-siapa di sini." in officer.open("/notify/kontak").text
    assert "Mereka mengirim STOP" in officer.open("/notify/kontak?keadaan=stopped").text


def test_who_stopped_is_listed_too(notify: InProcess) -> None:
    notify.call("POST", "/v1/messages/incoming", "administrator", json={"phone": "+6281271000911", "text": "stop"})
    shown = notify.call("GET", "/v1/contacts?state=stopped", "officer").json["items"]
    assert [one["who"][-3:] for one in shown] == ["911"]
    notify.call("POST", "/v1/messages/incoming", "administrator", json={"phone": "+6281271000911", "text": "mulai"})
    assert notify.call("GET", "/v1/contacts?state=stopped", "officer").json["items"] == []
    assert notify.call("GET", "/v1/contacts?state=other", "officer").status_code == 422


def test_who_is_known_to_nobody_is_known_from_then_on_but_not_at_a_shared_number(notify: InProcess) -> None:
    office_writes(notify, number_id=SHARED)
    assert notify.rows("SELECT 1 FROM contact") == []
    office_writes(notify)
    assert len(notify.rows("SELECT 1 FROM contact WHERE answered_until IS NOT NULL")) == 1


@pytest.mark.parametrize(
    ("text", "over"),
    [("/bot", True), (" / BOT ", True), ("Lanjut bot.", True), ("bot", False), ("/botol", False),
     ("lanjut bot dulu ya", False), ("", False)],
)  # fmt: skip
def test_what_leaves_it_to_us(text: str, over: bool) -> None:
    assert is_over(text) is over
