"""Who wants no messages gets none from then on; what waits is not sent, and others are written to as before."""

from __future__ import annotations

from tests.integration.notify.story import HEAD_PHONE, PHONE, Story
from tests.support.services import InProcess

WITHDRAWN = {"consents": {"messages": False}}


def test_withdrawn_it_stops_at_once_also_what_waits(notify: InProcess, story: Story) -> None:
    story.tell("application.opened", consents={})
    story.tell("application.submitted", consents={})
    assert {message["status"] for message in story.sent()} == {"accepted"}
    story.tell("application.changed", **WITHDRAWN)
    notify.work()
    assert {message["status"] for message in story.sent()} == {"expired"}
    before = len(story.sent())
    story.tell("application.received", **WITHDRAWN)
    story.tell("application.completed", **WITHDRAWN)
    assert len(story.sent()) == before, "and nothing new"


def test_codes_that_he_asks_for_and_messages_to_others_are_sent(notify: InProcess, story: Story) -> None:
    story.tell("application.opened", **WITHDRAWN)
    to_head = story.ask()
    person = {"to": {"name": "", "phone": PHONE}, "values": {"code": "482913", "office_name": "Bukit Sangkal"}}
    code = story.ask("sign_in_code", message_class="code", person=person)
    notify.work()
    sent = {message["id"]: message["status"] for message in story.sent()}
    assert set(sent) == {to_head, code} and "expired" not in sent.values()
    assert HEAD_PHONE != PHONE


def test_agreed_again_he_is_told_again(notify: InProcess, story: Story) -> None:
    story.tell("application.opened", **WITHDRAWN)
    story.tell("application.changed", consents={"messages": True})
    story.tell("application.submitted", consents={"messages": True})
    notify.work()
    assert len(story.sent()) == 1
