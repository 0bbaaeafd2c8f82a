"""The order in which arrivals are told, which types are meant, and where reading goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, permutations
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.feed import PUBLIC
from notify.domain.feed import PATIENCE, WINDOW, Arrival, Order, Row, in_order, reached, types_of

NOW = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
KELURAHAN = "16.71.10.1001"
_numbers = count(1)


def arrival(subject: str, sequence: int, *, public: bool = True, age: float = 0, number: int | None = None) -> Arrival:
    envelope: dict[str, Any] | None = {"sequence": sequence} if public else None
    return Arrival(
        uuid4(), number or next(_numbers), KELURAHAN, "intake", "application.changed", subject, sequence, envelope,
        NOW - timedelta(seconds=age),
    )  # fmt: skip


def ordered(*arrivals: Arrival, last: int = 0, known: tuple[int, ...] = ()) -> Order:
    about = ("intake", "a")
    return in_order(arrivals, {about: last} if last else {}, [(about, one) for one in known], NOW)


def told(order: Order) -> list[tuple[str, int]]:
    return [(one.subject, one.sequence) for one in order.told]


@pytest.mark.parametrize("sequences", permutations((1, 2, 3)))
def test_of_one_subject_they_are_told_by_sequence_however_they_came(sequences: tuple[int, ...]) -> None:
    order = ordered(*(arrival("a", sequence) for sequence in sequences))
    assert told(order) == [("a", 1), ("a", 2), ("a", 3)]
    assert order.last == {("intake", "a"): 3}
    assert order.waiting == []


def test_subjects_keep_the_order_of_their_arrival() -> None:
    order = ordered(arrival("a", 1), arrival("b", 1), arrival("a", 2), arrival("c", 1))
    assert told(order) == [("a", 1), ("b", 1), ("a", 2), ("c", 1)]


def test_what_overtook_its_forerunner_waits_with_all_that_come_behind_it() -> None:
    order = ordered(arrival("a", 2), arrival("a", 3), arrival("b", 1))
    assert told(order) == [("b", 1)]
    assert [one.sequence for one in order.waiting] == [2, 3]
    assert [one.subject for one in order.done] == ["b"]


def test_nothing_waits_longer_than_the_oldest_of_its_subject_may() -> None:
    old = PATIENCE.total_seconds()
    assert told(ordered(arrival("a", 3), arrival("a", 5, age=old))) == [("a", 3), ("a", 5)]
    assert told(ordered(arrival("a", 3), arrival("a", 5, age=old - 1))) == []


def test_what_is_later_than_that_is_told_all_the_same() -> None:
    order = ordered(arrival("a", 2), last=5)
    assert told(order) == [("a", 2)]
    assert order.last == {("intake", "a"): 5}


def test_what_the_feed_has_already_is_done_with_and_not_told() -> None:
    order = ordered(arrival("a", 5), arrival("a", 6), arrival("a", 6), last=5, known=(5,))
    assert told(order) == [("a", 6)]
    assert len(order.done) == 3


def test_what_is_not_public_counts_and_is_not_told() -> None:
    order = ordered(arrival("a", 1), arrival("a", 2, public=False), arrival("a", 3))
    assert told(order) == [("a", 1), ("a", 3)]
    assert len(order.done) == 3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 6), st.sampled_from((0, 30, 61))), max_size=20))
def test_each_is_told_or_done_with_or_waits_and_no_sequence_twice(given_: list[tuple[str, int, int]]) -> None:
    arrivals = [arrival(subject, sequence, age=age) for subject, sequence, age in given_]
    order = in_order(arrivals, {}, [], NOW)
    assert sorted(one.number for one in order.done + order.waiting) == sorted(one.number for one in arrivals)
    assert len(set(told(order))) == len(order.told)
    assert {(one.subject, one.sequence) for one in order.done} == set(told(order))
    for subject in "abc":
        of_it = [one.sequence for one in order.told if one.subject == subject]
        assert of_it == sorted(of_it)


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        ([], list(PUBLIC)),
        (["letter.issued"], ["letter.issued"]),
        (["letter.*"], ["letter.issued", "letter.voided"]),
        (["letter.issued", "letter.*"], ["letter.issued", "letter.voided"]),
    ],
)
def test_which_types_are_meant(patterns: list[str], found: list[str]) -> None:
    assert types_of(patterns) == found


@pytest.mark.parametrize("pattern", ["letter", "letter*", "*", "handover.ready", "letter.lost", ".*"])
def test_what_means_no_type_is_no_filter(pattern: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        types_of([pattern])


def row(position: int) -> Row:
    return Row(position, NOW, uuid4(), "intake", "application.changed", KELURAHAN, "a", 1, {})


@pytest.mark.parametrize(
    ("position", "newest", "rows", "most", "goes_on"),
    [
        (5, 5, [], 2, 5),
        (5, 9, [], 2, 9),
        (5, 9, [7], 2, 9),
        (5, 9, [6, 7], 2, 7),
        (5, 6, [6, 7], 3, 7),
        (0, WINDOW + 7, [], 2, WINDOW),
    ],
)
def test_reading_goes_on_behind_all_that_was_looked_at(
    position: int, newest: int, rows: list[int], most: int, goes_on: int
) -> None:
    assert reached(position, newest, [row(one) for one in rows], most) == goes_on
