"""A person agrees to each thing by itself, with the text that he was shown, and withdraws it as easily."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, YUSUF
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone


def say(intake: InProcess, case: Any, kind: str, given: bool, version: int = 1, **who: Any) -> Any:
    role, caller = who.get("role", "applicant"), who.get("who", ROHANA)
    sent = {"given": given, "text_version": version}
    return intake.call("PUT", cast.path(case, "consents", kind), role, who=caller, json=sent)


def states(answer: Any) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {one["kind"]: one["state"] for one in answer.json["items"]}


def consents_told(intake: InProcess, case: Any) -> list[dict[str, bool]]:
    return [one["data"]["consents"] for one in cast.events_of(intake, case) if one["type"] == "application.changed"]


def test_each_kind_is_said_by_itself_with_the_text_and_the_time(intake: InProcess) -> None:
    case = cast.opened(intake, intended_duplicate=True)["id"]
    before = intake.call("GET", cast.path(case, "consents"), "applicant", who=ROHANA)
    assert states(before) == {"messages": "unsaid", "courier": "unsaid", "neighbours": "unsaid"}
    assert all(one["text"]["id"] and one["text"]["en"] for one in before.json["items"])
    assert states(say(intake, case, "courier", True)) == {
        "messages": "unsaid", "courier": "given", "neighbours": "unsaid",
    }  # fmt: skip
    withdrawn = say(intake, case, "courier", False)
    assert states(withdrawn)["courier"] == "withdrawn"
    [one] = [item for item in withdrawn.json["items"] if item["kind"] == "courier"]
    assert (one["text_version"], one["by"]) == (1, "applicant") and one["at"]
    words = intake.rows("SELECT given FROM consent_word WHERE application_id = %s ORDER BY id", [case])
    assert [row["given"] for row in words] == [True, False], "every word is kept"
    assert consents_told(intake, case) == [{"courier": True}, {"courier": False}], "and told to all"


def test_the_same_word_again_changes_nothing(intake: InProcess) -> None:
    case = cast.opened(intake, intended_duplicate=True)["id"]
    for _time in range(2):
        assert say(intake, case, "messages", False).status_code == 200
    assert len(consents_told(intake, case)) == 1


def test_agreeing_is_to_the_text_of_today(intake: InProcess) -> None:
    case = cast.opened(intake, intended_duplicate=True)["id"]
    refused = say(intake, case, "messages", True, 2)
    assert (refused.status_code, refused.json["type"]) == (422, "urn:problem:consent-text-not-current")
    assert say(intake, case, "messages", True, 1).status_code == 200
    assert say(intake, case, "music", True).status_code == 404


def test_an_officer_records_it_and_a_helper_or_a_stranger_does_not(intake: InProcess) -> None:
    case = cast.opened(intake, intended_duplicate=True)["id"]
    assert say(intake, case, "messages", True, role="officer", who=YANTI).status_code == 200
    assert say(intake, case, "messages", False, who=YUSUF).status_code == 404
    helper = {"name": "Nur'aini", "phone": "081271000072", "relation": "tetangga"}
    helped = cast.opened(intake, intended_duplicate=True, helper=helper)["id"]
    assert say(intake, helped, "messages", True).json["type"] == "urn:problem:only-the-person"


def wants(
    intake: InProcess, phone: str | None, wanted: bool, at: datetime | None = None, *, contact: UUID | None = None
) -> None:
    intake.clock.at += timedelta(seconds=1)
    data = {
        "contact_id": str(contact or uuid4()), "kelurahan": "16.71.10.1001", "channel": "whatsapp", "wanted": wanted,
        "changed_at": (at or intake.clock.at).isoformat(), "person": {"name": "", "phone": phone},
    }  # fmt: skip
    intake.feed("contact.changed", data, subject=data["contact_id"], source="notify")


def messages_of(intake: InProcess, case: Any) -> tuple[str, str | None]:
    [one] = [
        item
        for item in intake.call("GET", cast.path(case, "consents"), "officer", who=YANTI).json["items"]
        if item["kind"] == "messages"
    ]
    return one["state"], one["by"]


def phoned(intake: InProcess, phone: str, **more: Any) -> Any:
    contact = {"name": "Rohana", "phone": phone, **more.pop("contact", {})}
    return cast.opened(intake, intended_duplicate=True, contact=contact, **more)["id"]


def test_stop_on_his_phone_is_his_word_on_each_open_case_and_mulai_takes_it_back(intake: InProcess) -> None:
    first, second = phoned(intake, "+6281271000801"), phoned(intake, "+6281271000801")
    other = phoned(intake, "+6281271000802")
    for _time in range(2):
        wants(intake, "+6281271000801", False)
    assert messages_of(intake, first) == messages_of(intake, second) == ("withdrawn", "applicant")
    assert messages_of(intake, other) == ("unsaid", None)
    assert consents_told(intake, first) == [{"messages": False}], "said twice it is told once"
    wants(intake, "+6281271000801", True)
    assert messages_of(intake, first) == ("given", "applicant")
    assert consents_told(intake, first) == [{"messages": False}, {"messages": True}]


def test_stop_of_somebody_whose_number_is_hidden_is_his_word_on_his_case(intake: InProcess) -> None:
    siti, other = (Phone(intake, number=None, rules=dict(CHAT)) for _one in range(2))
    cases = []
    for phone in (siti, other):
        for text in ("ktp", "1", "Siti Maimunah, RT 23 RW 5", "baru"):
            phone.sends(text)
        [row] = intake.rows("SELECT cases FROM conversation WHERE contact_id = %s", [phone.contact])
        cases += row["cases"]
    wants(intake, None, False, contact=siti.contact)
    assert [messages_of(intake, case) for case in cases] == [("withdrawn", "applicant"), ("unsaid", None)]


def test_what_was_said_later_stands_in_whatever_order_it_comes(intake: InProcess) -> None:
    case, earlier = phoned(intake, "+6281271000806"), intake.clock.at
    wants(intake, "+6281271000806", False)
    wants(intake, "+6281271000806", True)
    wants(intake, "+6281271000806", False, at=earlier)
    assert messages_of(intake, case)[0] == "given"


def test_mulai_says_nothing_where_nothing_was_taken_back(intake: InProcess) -> None:
    case = phoned(intake, "+6281271000803")
    wants(intake, "+6281271000803", True)
    assert messages_of(intake, case) == ("unsaid", None)


def test_by_mail_he_is_still_told_and_a_helpers_stop_is_not_the_applicants(intake: InProcess) -> None:
    mailed = phoned(intake, "+6281271000804", contact={"email": " rohana@contoh.id "})
    helper = {"name": "Nur'aini", "phone": "+6281271000804", "relation": "tetangga"}
    helped = phoned(intake, "+6281271000804", helper=helper)
    wants(intake, "+6281271000804", False)
    assert messages_of(intake, mailed) == messages_of(intake, helped) == ("unsaid", None)
    shown = intake.call("GET", cast.path(mailed), "officer", who=YANTI).json["contact"]
    assert shown["email"] == "rohana@contoh.id"


def test_an_address_that_is_none_is_refused(intake: InProcess) -> None:
    sent = cast.body(contact={"name": "Rohana", "phone": "081271000805", "email": "rohana"})
    refused = intake.call("POST", "/v1/applications", "applicant", who=ROHANA, json=sent)
    assert refused.status_code == 422 and "email" in refused.json["errors"]["json"]["contact"]
