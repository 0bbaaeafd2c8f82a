"""Which offices a caller may read: his own, all below his kecamatan or city, or the ones that a machine was given."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.reach import WITHIN, OutOfReach, Reach, reach_of
from kit.auth import Caller

BUKIT_SANGKAL, KALIDONI, ILIR = "16.71.10.1001", "16.71.10.1002", "16.71.09.1001"
ELSEWHERE = "16.72.01.1001"
LIKE_OURS = "16.711.01.1001"
"""Begins with the same signs, and is another city's."""
ALL = [LIKE_OURS, ELSEWHERE, KALIDONI, BUKIT_SANGKAL, ILIR]


def of(tenant: str, **claims: Any) -> Reach:
    return reach_of(Caller("somebody", frozenset({"cases.read"}), tenant, claims))


@pytest.mark.parametrize(
    ("tenant", "reads"),
    [
        (BUKIT_SANGKAL, [BUKIT_SANGKAL]),
        ("16.71.10", [BUKIT_SANGKAL, KALIDONI]),
        ("16.71", [ILIR, BUKIT_SANGKAL, KALIDONI]),
        ("16.73", []),
    ],
)
def test_who_is_of_a_place_reads_what_is_below_it_and_nothing_else(tenant: str, reads: list[str]) -> None:
    assert of(tenant).among(ALL) == reads


def test_a_machine_that_was_restricted_reads_the_named_ones_only() -> None:
    assert of("16.71", **{WITHIN: [BUKIT_SANGKAL]}).among(ALL) == [BUKIT_SANGKAL]
    assert of("16.71", **{WITHIN: ["16.71.09", KALIDONI]}).among(ALL) == [ILIR, KALIDONI]


@pytest.mark.parametrize("named", [[ELSEWHERE], ["16"], ["16.71"], ["*"], [""], [None], [], "16.71.10.1001", {}, 0])
def test_a_restriction_that_is_not_below_its_own_place_lets_nothing_in(named: Any) -> None:
    assert of("16.71.10", **{WITHIN: named}).among(ALL) == []


def test_who_asks_for_some_gets_those_and_who_asks_for_none_gets_all() -> None:
    reach = of("16.71")
    assert reach.narrowed([KALIDONI]).among(ALL) == [KALIDONI]
    assert reach.narrowed(["16.71.10"]).among(ALL) == [BUKIT_SANGKAL, KALIDONI]
    assert reach.narrowed([]).among(ALL) == reach.among(ALL)


@pytest.mark.parametrize(
    "asked", [[ELSEWHERE], [BUKIT_SANGKAL, ELSEWHERE], ["16"], ["16.71.1"], ["16.71.10.1001'"], ["*"], [""]]
)
def test_who_asks_for_more_than_he_may_read_is_refused_and_not_given_less(asked: list[str]) -> None:
    with pytest.raises(OutOfReach):
        of("16.71").narrowed(asked)


def test_a_restricted_machine_cannot_ask_its_way_out() -> None:
    reach = of("16.71", **{WITHIN: [KALIDONI]})
    assert reach.narrowed([KALIDONI]).among(ALL) == [KALIDONI]
    for wider in ("16.71", "16.71.10", BUKIT_SANGKAL):
        with pytest.raises(OutOfReach):
            reach.narrowed([wider])
