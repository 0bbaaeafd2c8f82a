"""STOP ends a medium's messages to somebody, whoever he is in a case; MULAI brings them back. Both are kept in his
words, and STOP outlives the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts import contract
from notify.domain.incoming import Moved
from notify.usecases import contacts, erasing, records, stopping
from tests.integration.notify.story import HEAD_PHONE, KELURAHAN, PHONE, Story
from tests.integration.notify.whatsapp import receive
from tests.support.services import InProcess
from tests.support.tokens import KALIDONI
from tests.support.whatsapp import SHARED, text

HELPER = "+6281271000079"


def write(notify: InProcess, phone: str, text: str) -> dict[str, Any]:
    answer = notify.call("POST", "/v1/messages/incoming", "administrator", json={"phone": phone, "text": text})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def sent_to(notify: InProcess, phone: str) -> list[dict[str, Any]]:
    answer = notify.call("POST", "/v1/messages/search", "administrator", json={"phone": phone})
    return [dict(one) for one in answer.json["items"]]


def reached(notify: InProcess, phone: str) -> list[str]:
    """The templates that arrived, oldest first."""
    return [one["template"] for one in reversed(sent_to(notify, phone)) if one["status"] == "delivered"]


def told(notify: InProcess, phone: str) -> list[bool]:
    return [
        row["data"]["wanted"] for row in notify.told("contact.changed") if row["data"]["person"]["phone"] == phone
    ]  # fmt: skip


def received(notify: InProcess, incoming: dict[str, Any]) -> list[Any]:
    return [row for row in notify.told("message.received") if str(row["data"]["message_id"]) == incoming["id"]]


@pytest.fixture(autouse=True)
def clean(notify: InProcess) -> None:
    for table in ("contact_consent", "incoming", "message", "contact"):
        notify.rows(f"DELETE FROM {table} RETURNING 1")


def test_after_stop_nothing_goes_to_the_applicant_and_mulai_brings_it_back(notify: InProcess, story: Story) -> None:
    story.tell("application.opened")
    story.tell("application.submitted")  # waits while he writes
    stop = write(notify, PHONE, "Stop 🙏")
    assert stop["recipient"] == "notify" and received(notify, stop) == []
    notify.work()
    assert reached(notify, PHONE) == ["channel_stopped"], "one confirmation, and what waited is not sent"
    story.tell("application.resubmitted")
    story.ask("draft_opened", source="intake", message_class="answer", person=to(PHONE))
    notify.work()
    assert reached(notify, PHONE) == ["channel_stopped"]
    assert {one["failure"] for one in sent_to(notify, PHONE) if one["status"] == "expired"} == {"stopped"}
    write(notify, PHONE, "MULAI")
    story.tell("application.returned")
    notify.work()
    assert reached(notify, PHONE) == ["channel_stopped", "channel_resumed", "returned"]
    assert told(notify, PHONE) == [False, True]


@pytest.mark.parametrize("phone", [HEAD_PHONE, HELPER])
def test_it_holds_for_a_head_a_helper_and_whoever_else_is_written_to(
    notify: InProcess, story: Story, phone: str
) -> None:
    write(notify, phone, "BERHENTI")
    asked = story.ask(person=to(phone))
    notify.work()
    assert reached(notify, phone) == ["channel_stopped"]
    [failed] = [row for row in notify.told("message.failed") if str(row["data"]["message_id"]) == asked]
    assert failed["data"]["reason"] == "stopped", "who asked for it hears why"


def test_a_sentence_that_begins_so_is_no_stop(notify: InProcess, story: Story) -> None:
    story.tell("application.opened")
    said = write(notify, PHONE, "stop dulu, besok saya kirim")
    assert said["recipient"] == "intake" and len(received(notify, said)) == 1
    story.tell("application.submitted")
    notify.work()
    assert reached(notify, PHONE) == ["submitted"]


def test_said_twice_it_is_confirmed_once(notify: InProcess) -> None:
    for _time in range(2):
        write(notify, HELPER, "stop")
        notify.work()
    assert reached(notify, HELPER) == ["channel_stopped"]
    assert len(notify.rows("SELECT 1 FROM contact_consent")) == 1


def test_mulai_of_somebody_who_never_stopped_is_a_word_like_any_other(notify: InProcess) -> None:
    assert write(notify, PHONE, "mulai")["recipient"] == "intake"


def test_the_last_word_counts_also_where_the_clock_was_set_back(notify: InProcess) -> None:
    write(notify, HELPER, "stop")
    before = notify.clock.at
    notify.clock.at = before - timedelta(hours=1)
    write(notify, HELPER, "mulai")
    notify.clock.at = before
    assert notify.call("GET", "/v1/contacts?state=stopped", "officer").json["items"] == []
    assert told(notify, HELPER)[-2:] == [False, True]
    assert write(notify, HELPER, "mulai")["recipient"] == "intake", "he is written to already"


def test_it_holds_for_what_was_worded_for_the_number_that_he_had_before(notify: InProcess, story: Story) -> None:
    write(notify, HELPER, "Halo")
    [contact] = notify.rows("SELECT contact_id FROM incoming")
    notify.work()
    person = story.example("message.requested")["person"] | {"to": {"name": "Tukiman", "phone": HELPER}}
    story.ask(person=person, contact_id=str(contact["contact_id"]))
    with notify.deps.db.transaction(KELURAHAN) as tx:
        contacts.moved(notify.deps, tx, KELURAHAN, Moved("mailbox", notify.clock.at, HELPER, None, "+6281271000078"))
    write(notify, "+6281271000078", "stop")
    notify.work()
    assert [one["failure"] for one in story.sent()] == ["stopped"]


def test_a_code_that_he_asks_for_still_comes(notify: InProcess, story: Story) -> None:
    write(notify, PHONE, "stop")
    person = {"to": {"name": "", "phone": PHONE}, "values": {"code": "482913", "office_name": "Bukit Sangkal"}}
    story.ask("sign_in_code", message_class="code", person=person)
    notify.work()
    assert reached(notify, PHONE) == ["channel_stopped", "sign_in_code"]


def test_it_outlives_the_case_and_his_words_as_a_mark_that_names_nobody(notify: InProcess, story: Story) -> None:
    story.tell("application.opened")
    write(notify, PHONE, "berhenti")
    notify.work()
    story.notify.feed(
        "erasure.requested",
        story.example("erasure.requested", why="retention", introduction_id=None),
        subject=story.case,
    )
    notify.work()
    [mark] = notify.rows("SELECT contact_id, person_id, wanted FROM contact_consent")
    assert (mark["contact_id"], mark["person_id"], mark["wanted"]) == (None, None, False)
    assert notify.rows("SELECT 1 FROM contact") == []
    later = Story(notify)
    later.tell("application.opened")
    later.tell("application.submitted")
    notify.work()
    assert [one["failure"] for one in later.sent()] == ["stopped"]
    write(notify, PHONE, "mulai")
    assert notify.rows("SELECT 1 FROM contact_consent WHERE NOT wanted") == [], "who is back leaves no old no"


def test_it_stands_in_the_record_of_the_person_in_his_words(notify: InProcess, story: Story) -> None:
    story.tell("application.opened")
    write(notify, PHONE, "Berhenti!")
    with notify.deps.db.transaction(KELURAHAN) as tx:
        asked: Any = type("Asked", (), {"application_id": UUID(story.case), "himself": True})()
        part = records.collect(notify.deps, tx, asked)
    [said] = part.kept["wishes"]
    assert (said["text"], said["wanted"], said["medium"]) == ("Berhenti!", False, "mailbox")
    assert [one["text"] for one in part.kept["written"]] == ["Berhenti!"]
    asked.himself = False
    with notify.deps.db.transaction(KELURAHAN) as tx:
        assert "written" not in records.collect(notify.deps, tx, asked).kept, "an officer may fetch that one"


def test_old_contacts_go_and_their_stop_stays(notify: InProcess) -> None:
    write(notify, HELPER, "stop")
    notify.work()
    before = notify.clock.at
    notify.clock.at = before.replace(year=before.year + 3)
    erasing.erase_old(notify.deps)
    notify.clock.at = before
    assert notify.rows("SELECT 1 FROM contact") == []
    assert [row["wanted"] for row in notify.rows("SELECT wanted FROM contact_consent")] == [False]


def test_said_to_a_shared_number_it_holds_for_each_office_and_is_confirmed_once(notify: InProcess) -> None:
    notify.feed("office.changed", contract("office.changed").example | {"kelurahan": KALIDONI}, subject=KALIDONI,
                tenant=KALIDONI)  # fmt: skip
    receive(notify, text("STOP", HELPER[1:]), number=SHARED)
    marks = notify.rows("SELECT kelurahan, wanted, contact_id FROM contact_consent ORDER BY kelurahan")
    assert [(row["kelurahan"], row["wanted"]) for row in marks] == [(KELURAHAN, False), (KALIDONI, False)]
    assert marks[1]["contact_id"] is None, "who is not known there is a mark and no more"
    assert len(notify.rows("SELECT 1 FROM message WHERE template = 'channel_stopped'")) == 1
    receive(notify, text("mulai", HELPER[1:]), number=SHARED)
    left = notify.rows("SELECT kelurahan, wanted FROM contact_consent ORDER BY at DESC, id DESC")
    assert (left[0]["kelurahan"], left[0]["wanted"]) == (KELURAHAN, True)
    assert [row for row in left if row["kelurahan"] == KALIDONI] == []


def test_it_is_told_again_to_a_service_that_was_restored(notify: InProcess) -> None:
    for phone, words in ((HELPER, ("stop",)), (HEAD_PHONE, ("stop", "mulai"))):
        for word in words:
            write(notify, phone, word)
    before = len(notify.told("contact.changed"))
    assert stopping.tell_again(notify.deps) == 2
    again = [row["data"] for row in notify.told("contact.changed")][before:]
    assert {(one["person"]["phone"], one["wanted"]) for one in again} == {(HELPER, False), (HEAD_PHONE, True)}


def to(phone: str) -> dict[str, Any]:
    values = {
        "name": "Contoh", "head_name": "Contoh", "applicant_name": "Contoh", "service_name": "KK",
        "rt": "023", "rw": "005",
        "office_name": "Bukit Sangkal", "link": "https://layanan.contoh.id/t/x", "file_count": "1", "purpose": "",
        "tracking_code": "PGT", "claim_code": "1", "rt_head_name": "Contoh",
    }  # fmt: skip
    return {"to": {"name": "Contoh", "phone": phone}, "values": values}
