"""What was said to whom about an erased case goes, and what its person wrote; no late news brings it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from notify.domain.incoming import Sent
from notify.usecases import erasing, incoming
from tests.integration.notify.story import KELURAHAN, PHONE, Story
from tests.integration.notify.whatsapp import deliver, receive, texts
from tests.support import whatsapp
from tests.support.erasure import answers, ask, people_with, rows_of
from tests.support.services import InProcess
from tests.support.whatsapp import message, text

OTHERS = "+6281271000994"


def write(notify: InProcess, phone: str, text: str = "Kapan selesai?") -> None:
    sent = Sent(str(uuid4()), "mailbox", notify.clock.now(), phone, None, "", "text", text)
    with notify.deps.db.transaction(KELURAHAN) as tx:
        incoming.take(notify.deps, tx, "mailbox", KELURAHAN, sent)


def test_messages_what_was_written_and_the_contact_go(notify: InProcess, story: Story) -> None:
    story.tell("application.opened")
    story.tell("application.submitted")
    write(notify, PHONE)
    write(notify, OTHERS)
    notify.work()
    assert len(story.sent()) >= 1
    ask(notify, story.case)
    assert notify.work() == ["erase_case"]
    assert rows_of(notify, story.case) == {}
    assert people_with(notify, PHONE) == 0
    assert people_with(notify, OTHERS) == 2, "what others wrote stays"
    [counts] = answers(notify, story.case)
    assert counts["message"] >= 1 and counts["incoming"] == 1 and counts["application"] == 1


def test_the_person_takes_along_what_he_was_told_and_not_what_others_were(notify: InProcess, story: Story) -> None:
    story.tell("application.opened")
    story.tell("application.submitted")
    story.ask()  # to the RT head
    write(notify, PHONE, "Kapan KK saya selesai?")
    write(notify, OTHERS, "Saya juga menunggu.")
    as_neighbour(notify, PHONE, "Saya keberatan.")
    notify.work()
    told = record_of(notify, story)
    texts = {message["about"] for message in told["messages"]}
    assert "submitted" in texts and "attestation_request" not in texts
    assert "attestation_request" in {message["template"] for message in story.sent()}
    assert [one["text"] for one in told["written"]] == ["Kapan KK saya selesai?"]
    assert told["written_left_out"] == 0
    ask(notify, story.case)
    notify.work()


def test_what_a_helper_wrote_is_not_in_the_record_of_whom_he_helps(notify: InProcess, story: Story) -> None:
    person = story.example("application.opened")["person"]
    contact = person["contact"] | {"phone": None}
    story.tell("application.opened", person=person | {"contact": contact, "helper": {"name": "Yusuf", "phone": OTHERS}})
    write(notify, OTHERS, "Saya juga membantu Bu Rohana.")
    notify.work()
    assert record_of(notify, story)["written"] == []
    ask(notify, story.case)
    notify.work()


def as_neighbour(notify: InProcess, phone: str, text: str) -> None:
    """He answers a question about somebody else's case."""
    other = Story(notify)
    person = {"to": {"name": "Siti", "phone": phone}, "values": other.example("message.requested")["person"]["values"]}
    other.ask(application_id=None, expires_at=None, person=person)
    write(notify, phone, text)
    [asked] = notify.rows("DELETE FROM message WHERE application_id IS NULL RETURNING person_id")
    notify.rows("DELETE FROM people WHERE id = %s RETURNING id", [asked["person_id"]])


def record_of(notify: InProcess, story: Story) -> dict[str, Any]:
    """What the person of the case takes along of what is here."""
    record = {
        "record_id": str(uuid4()), "application_id": story.case, "kelurahan": KELURAHAN,
        "requested_at": notify.clock.now().isoformat(), "due_at": notify.clock.now().isoformat(), "himself": True,
    }  # fmt: skip
    notify.feed("record.requested", record, subject=f"record:{record['record_id']}")
    notify.work()
    [told] = [row["data"] for row in notify.told("record.provided") if str(row["data"]["application_id"]) == story.case]
    return dict(told["person"])


def test_late_news_says_nothing_to_anybody(notify: InProcess, story: Story) -> None:
    story.tell("application.opened")
    ask(notify, story.case)
    notify.work()
    story.tell("application.submitted")
    story.tell("letter.issued")
    story.ask()
    assert rows_of(notify, story.case) == {}
    assert notify.work() == []
    assert people_with(notify, PHONE) == 0


def test_what_a_person_wrote_stays_while_he_has_another_case(notify: InProcess, story: Story) -> None:
    other = Story(notify)
    for one in (story, other):
        one.tell("application.opened")
        one.tell("application.submitted")
    write(notify, PHONE)
    for one, left in ((story, 1), (other, 0)):
        ask(notify, one.case)
        notify.work()
        assert len(notify.rows("SELECT i.id FROM incoming i JOIN people p ON p.id = i.person_id"
                               " WHERE p.phone_index = %s", [notify.deps.data_keys.blind_index(PHONE, "phone")])
                   ) == left  # fmt: skip


def test_what_belongs_to_no_case_goes_by_its_age(notify: InProcess, story: Story) -> None:
    story.ask("sign_in_code", application_id=None, tracking_code=None, message_class="code",
              person={"to": {"name": "", "phone": "+6281271000995"},
                      "values": {"code": "482913", "office_name": "Bukit Sangkal", "minutes": "5"}}
              )  # fmt: skip
    write(notify, "+6281271000995", str(uuid4()))
    notify.work()
    for days, left in ((89, 3), (91, 0)):
        notify.clock.at = notify.clock.at.replace(month=8, day=14) + timedelta(days=days)
        erasing.erase_old(notify.deps)
        assert people_with(notify, "+6281271000995") == left


def test_who_is_known_by_a_name_alone_is_erased_as_well(notify: InProcess, story: Story) -> None:
    notify.deps.fetchers["whatsapp"] = whatsapp.Files({"m": b"foto"})
    receive(
        notify,
        text("saya Siti", None, from_user_id="ID.siti"),
        message("image", {"id": "m"}, None, from_user_id="ID.siti"),
    )
    receive(notify, text("saya Tukiman", None, from_user_id="ID.tukiman"))
    [contact] = notify.rows("SELECT contact_id FROM incoming WHERE kind = 'photo'")
    person = story.example("application.opened")["person"]
    him = {"name": "Siti", "phone": None, "contact_id": str(contact["contact_id"]), "language": "id"}
    story.tell("application.opened", person=person | {"contact": him, "helper": None})
    ask(notify, story.case)
    notify.work()
    [counts] = answers(notify, story.case)
    assert (counts["incoming"], counts["contact"], counts["webhook"]) == (2, 1, 1)
    assert notify.rows("SELECT 1 FROM contact WHERE id = %s", [contact["contact_id"]]) == []
    assert len(notify.rows("SELECT 1 FROM webhook")) == 1, "what another one sent stays"


def test_what_others_wrote_in_the_same_request_waits_on(notify: InProcess, story: Story) -> None:
    notify.rows("DELETE FROM webhook RETURNING 1")
    story.tell("application.opened")
    told = whatsapp.payload(
        whatsapp.change(text("Halo")), whatsapp.change(text("Halo juga", OTHERS[1:]), number=whatsapp.SHARED)
    )
    deliver(notify, told)
    notify.work()
    assert [row["state"] for row in notify.rows("SELECT state FROM arrival ORDER BY number")] == ["done", "held"]
    ask(notify, story.case)
    notify.work()
    assert [row["state"] for row in notify.rows("SELECT state FROM arrival ORDER BY number")] == ["done", "held"]
    receive(notify, text("1", OTHERS[1:]), number=whatsapp.SHARED)
    assert texts(notify)[-1] == "Halo juga"
