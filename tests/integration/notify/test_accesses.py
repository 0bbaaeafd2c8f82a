"""Whoever looks at the messages of a case is told to the case."""

from __future__ import annotations

from tests.integration.notify.story import Story, publish
from tests.support.services import InProcess


def test_messages_that_are_listed_are_told_to_their_case(notify: InProcess) -> None:
    publish(notify)
    story = Story(notify)
    story.ask()
    notify.work()
    assert len(story.sent()) == 1
    notify.seal()
    items = [one for event in notify.told("access.recorded") for one in event["data"]["items"]]
    [one] = [one for one in items if str(one["application_id"]) == story.case]
    assert (one["reader"], one["roles"], one["kind"], one["purpose"]) == (
        "administrator-1", ["administrator"], "message", "list",
    )  # fmt: skip
