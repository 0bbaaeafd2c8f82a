"""What everybody may see of figures: no small group, and none that is had by taking what is shown from a whole."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

from intake.domain.figures import month_of
from intake.domain.publishing import FEWEST, hidden, published


def test_small_groups_are_hidden_and_large_ones_are_shown() -> None:
    assert hidden({"A": 9, "B": 6}) == (frozenset(), True)
    assert hidden({"A": 9, "B": 0}) == (frozenset(), True), "of none nothing can be told"
    assert hidden({"A": 3}) == (frozenset("A"), False)
    assert hidden({"A": 0}) == (frozenset(), True)


def test_one_small_group_is_not_what_is_left_of_the_whole() -> None:
    assert hidden({"A": 20, "B": 7, "C": 3}) == (frozenset("BC"), True), "the smallest of the others goes with it"
    assert hidden({"A": 20, "B": 4, "C": 3}) == (frozenset("BC"), True), "together they are enough"
    assert hidden({"A": 20, "B": 3, "C": 0}) == (frozenset("ABC"), True), "one would know that C has none"


def test_groups_that_can_only_be_as_large_as_they_can_be_are_not_left_alone() -> None:
    assert hidden({"A": 20, "B": 4, "C": 4}) == (frozenset("ABC"), True), "two of at most four that make eight"
    assert hidden({"B": 4, "C": 4}) == (frozenset("BC"), False)


def test_what_is_hidden_cannot_be_computed_even_by_who_knows_the_rule() -> None:
    """Every way in which cases could be divided among four services: of those that look the same, each hidden service
    has more than one number."""
    alike: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(12), repeat=4):
        names, told = hidden(dict(zip("ABCD", counts, strict=True)))
        shown = tuple(None if name in names else count for name, count in zip("ABCD", counts, strict=True))
        assert all(count is None or count == 0 or count >= FEWEST for count in shown)
        alike[shown, sum(counts) if told else None].append(counts)
    for (shown, together), possible in alike.items():
        if together is None or together < 20:  # of more we know only some of the ways
            for place, count in enumerate(shown):
                assert count is not None or len({counts[place] for counts in possible}) > 1, possible


def row(what: str, cases: int, service: str | None = None, part: str | None = None) -> dict[str, Any]:
    return {"what": what, "cases": cases, "service": service, "part": part, "met": cases, "median": 120, "p90": 240}


def month(*services: tuple[str, int], filed: tuple[tuple[str, int], ...] = ()) -> dict[str, Any]:
    rows = []
    for what in ("submitted", "receive", "promise"):
        rows += [row(what, cases, code) for code, cases in services]
        rows.append(row(what, sum(cases for _, cases in services)))
    rows += [row("complaint-filed", cases, part=kind) for kind, cases in filed]
    rows += [
        row("complaint-filed", sum(cases for _, cases in filed)),
        row("complaint-filed", sum(cases for _, cases in filed), ""),
    ]
    return month_of(rows)


def test_what_few_cases_stand_behind_is_not_told_of_an_office_with_one_service() -> None:
    of_one = {"submitted": FEWEST, "completed": FEWEST - 1, "receive": FEWEST, "verify": 1, "promise": 4}
    rows = [row(what, cases, code) for what, cases in of_one.items() for code in ("KK", None)]
    assert month_of(rows)["total"]["completed"] == FEWEST - 1
    total = published(month_of(rows))["total"]
    assert (total["submitted"], total["completed"], total["rejected"]) == (FEWEST, None, 0)
    assert total["steps"]["receive"] == {"cases": FEWEST, "median": 2.0, "p90": 4.0}
    assert total["steps"]["verify"] == {"cases": None, "median": None, "p90": None}
    assert total["on_time"] == {"cases": None, "met": None}


def test_a_service_with_few_cases_is_nowhere_in_a_month_and_the_next_smallest_goes_with_it() -> None:
    shown = published(month(("KK", 30), ("KTP", 9), ("SITU", 2)))
    assert shown["total"]["submitted"] == 41 and shown["total"]["steps"]["receive"]["median"] == 2.0
    assert shown["services"]["KK"]["on_time"] == {"cases": 30, "met": 30}
    for code in ("KTP", "SITU"):
        part = shown["services"][code]
        assert part["submitted"] is None and part["days"] == {"cases": None, "median": None, "p90": None}
        assert part["steps"]["receive"] == {"cases": None, "median": None, "p90": None}
        assert part["completed"] == 0


def test_a_month_without_small_groups_is_shown_whole_and_one_that_was_never_counted_is_empty() -> None:
    data = month(("KK", 30), ("KTP", 9))
    assert published(data)["services"] == data["services"]
    assert published(None, ["KK"])["services"]["KK"]["submitted"] == 0


def test_what_is_offered_without_cases_is_not_told_from_what_has_few() -> None:
    shown = published(month(("KK", 30), ("SITU", 2)), ["KTP"])
    assert [shown["services"][code]["submitted"] for code in ("KK", "KTP", "SITU")] == [None, None, None]
    assert shown["total"]["submitted"] == 32


def test_complaints_are_divided_where_no_part_can_be_told() -> None:
    shown = published(month(filed=(("complaint", 9), ("question", 6))))["total"]
    assert (shown["filed"], shown["complaints"]["filed"]) == (15, {"complaint": 9, "question": 6})
    shown = published(month(filed=(("complaint", 9), ("question", 6), ("wish", 1))))["total"]
    assert shown["complaints"]["filed"] == {"complaint": 9, "question": None, "wish": None}
    shown = published(month(filed=(("complaint", 4), ("question", 4))))["total"]
    assert (shown["filed"], shown["complaints"]["filed"]) == (None, None), "each must be four"
