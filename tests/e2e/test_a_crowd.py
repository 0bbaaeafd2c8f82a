"""Four hundred verified cases wait while documents is stopped; then fifty officers sign them while it is killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.crowd import (
    Crowd,
    Queue,
    assert_each_case_is_drafted_once,
    assert_letters_are_what_their_checks_say,
    assert_the_book_is_whole,
    documents_alone,
    killing_at_random,
    queue_verified,
)
from tests.support.playing import whole_stack

pytestmark = pytest.mark.timeout(600)

MANY = 400
# Ten thousand of them: tests/faults/test_ten_thousand.py.


@pytest.fixture(scope="module")
def queue() -> Iterator[Queue]:
    with whole_stack("crowd") as stack, documents_alone(stack) as queue:
        yield queue


def test_verified_cases_that_queued_while_documents_was_stopped_are_drafted_once(queue: Queue) -> None:
    stack = queue.stack
    stack.stop("documents", "worker")
    queue_verified(queue, MANY)
    assert queue.waiting >= MANY
    stack.start("documents", "worker")
    with killing_at_random(stack, ("worker",), "drafting") as died:
        assert_each_case_is_drafted_once(stack, MANY, within=240)
    assert died["worker"] >= 1


def test_fifty_officers_at_once_make_a_book_without_a_hole_while_processes_die(queue: Queue) -> None:
    crowd = Crowd(queue.stack)
    with killing_at_random(queue.stack, ("worker", "worker", "web"), "signing") as died:
        crowd.sign_all()
    assert died["worker"] >= 2
    assert_the_book_is_whole(crowd, MANY, within=240)
    assert_letters_are_what_their_checks_say(crowd, "looks")


def test_a_void_letter_keeps_its_line_and_the_next_takes_the_next_number(queue: Queue) -> None:
    crowd = Crowd(queue.stack)
    void = crowd.void(5)
    lines = crowd.book()
    assert [line["n"] for line in lines] == list(range(1, MANY + 1))
    assert {line["letter_id"] for line in lines if line["state"] == "void"} == set(void)
