"""Who goes by the crowd's queue, and who gives way to whom."""

from __future__ import annotations

from dataclasses import dataclass

from kit.courtesy import LONGEST, REMEMBERED, Courtesy
from kit.crowd import AT_ONCE, PER_SECOND, Crowd
from kit.crowd import REMEMBERED as SUBJECTS


@dataclass
class Time:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


def test_what_an_office_tells_beyond_its_share_goes_by_the_crowd_and_another_office_does_not() -> None:
    crowd = Crowd(Time())
    ways = [crowd.takes("large", f"case-{number}") for number in range(AT_ONCE + 50)]
    assert ways == [False] * AT_ONCE + [True] * 50
    assert not crowd.takes("small", "case-1")


def test_a_subject_stays_on_the_way_that_it_began_with() -> None:
    time = Time()
    crowd = Crowd(time)
    for number in range(AT_ONCE + 1):
        crowd.takes("large", f"case-{number}")
    assert not crowd.takes("large", "case-0")
    assert crowd.takes("large", f"case-{AT_ONCE}")
    time.at += AT_ONCE / PER_SECOND  # the office has rested: what begins now goes the first way
    assert crowd.takes("large", f"case-{AT_ONCE}")
    assert not crowd.takes("large", "another")


def test_what_is_remembered_has_a_bound() -> None:
    time = Time()
    crowd = Crowd(time)
    for number in range(SUBJECTS + 10):
        crowd.takes("large", str(number))
    assert len(crowd._ways) == SUBJECTS
    time.at += 1000
    crowd.forget()
    assert crowd._left == {}


def test_a_crowd_gives_way_while_somebody_else_has_something_to_do_and_only_then() -> None:
    time = Time()
    courtesy = Courtesy(time)
    assert courtesy.rest(0.05) == 0
    courtesy.came()
    assert courtesy.rest(0.05) > 0
    assert courtesy.rest(60) == LONGEST
    time.at += REMEMBERED + 0.1
    assert courtesy.rest(0.05) == 0
