"""Ten thousand cases in one office: all drafted once, and one book without a hole, while documents is killed."""

from __future__ import annotations

import pytest

from tests.support.crowd import (
    Crowd,
    assert_each_case_is_drafted_once,
    assert_letters_are_what_their_checks_say,
    assert_the_book_is_whole,
    documents_alone,
    killing_at_random,
    queue_verified,
)
from tests.support.playing import whole_stack

pytestmark = [pytest.mark.faults, pytest.mark.timeout(5400)]

MANY = 10_000
_WITHIN = 2400


def test_fifty_officers_issue_ten_thousand_letters_while_processes_die() -> None:
    with whole_stack("faults") as stack, documents_alone(stack) as queue:
        stack.stop("documents", "worker")
        queue_verified(queue, MANY)
        stack.start("documents", "worker")
        with killing_at_random(stack, ("worker",), "drafting ten thousand"):
            assert_each_case_is_drafted_once(stack, MANY, within=_WITHIN)
        crowd = Crowd(stack)
        with killing_at_random(stack, ("worker", "worker", "web"), "signing ten thousand"):
            crowd.sign_all()
        assert_the_book_is_whole(crowd, MANY, within=_WITHIN)
        assert_letters_are_what_their_checks_say(crowd, "ten thousand", 50)
