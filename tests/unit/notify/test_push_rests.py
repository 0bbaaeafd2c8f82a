"""When a receiver is left alone, for how long, and who tries after that: what it refuses does not add to an outage."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from notify.domain.pushing import Item, Round, one_for_all
from notify.settings import USUAL_GAPS
from tests.unit.notify.receivers import NOW, Answer, World, after, item, subscription

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def taking(*, away: tuple[datetime, datetime] = (NOW, NOW)) -> Answer:
    """Refuses the cases whose name begins with `bad`, takes all others, and is away between two instants."""

    def answer(each: Item, now: datetime) -> int:
        if away[0] <= now < away[1]:
            return 503
        return 422 if each.case.startswith("bad") else 204

    return answer


def test_one_refused_event_and_an_outage_after_it_hold_up_nothing_but_its_case() -> None:
    world, back = World(["bad"]), NOW + 5 * MINUTE + 10 * SECOND
    for number in range(5):
        world.happens(f"good {number}", NOW + 10 * SECOND + number * MINUTE)
    world.live(taking(away=(NOW + 10 * SECOND, back)), NOW + HOUR)
    probe, *others = [attempt for attempt in world.attempts if attempt.at >= back]
    assert probe.taken and probe.at - back < 36 * MINUTE, "at the next try: 5 s, 5 min, 30 min"
    taken = [attempt for attempt in (probe, *others) if attempt.taken]
    assert len(taken) == 5 and taken[-1].at - probe.at < 5 * SECOND, "all the others follow at once"


def test_a_refusal_after_an_outage_shows_that_the_receiver_is_back() -> None:
    one = subscription(position=9, rests=8, failing_since=NOW - 48 * HOUR)
    after(one, Round(held=[item(1, attempts=3)], reached=9), 422)
    assert (one.rests, one.due_at, one.state) == (0, NOW, "active")
    assert one.failing_since == NOW - 48 * HOUR, "nothing was taken yet"


def test_what_it_refused_before_an_outage_it_is_left_alone_for_afterwards() -> None:
    one = subscription(position=9, rests=8, refused=6)
    after(one, Round(fresh=[item(10, "b")], reached=10), 422)
    assert (one.refused, one.rests, one.due_at) == (7, 3, NOW + timedelta(seconds=USUAL_GAPS[2]))


def test_what_is_refused_again_lengthens_no_rest() -> None:
    """It has gaps of its own; what comes meanwhile is tried at once, one event at a time."""
    one = subscription(position=9, rests=2, refused=6)
    after(one, Round(held=[item(1, attempts=3)], reached=9), 422)
    assert (one.refused, one.rests, one.due_at) == (6, 2, NOW)


def test_an_outage_does_not_end_by_failing() -> None:
    one = subscription(refused=4)
    for number, gap in enumerate(USUAL_GAPS, 1):
        after(one, Round(fresh=[item(1)], reached=1), 503)
        assert (one.rests, one.refused, one.due_at) == (number, 4, NOW + timedelta(seconds=gap))


def test_five_cases_refused_in_a_row_are_one_rest_where_others_are_taken() -> None:
    world = World([*(f"bad {number}" for number in range(5)), *(f"good {number}" for number in range(10))])
    world.live(taking(), NOW + MINUTE)
    assert world.rested == 1
    taken = [attempt.at for attempt in world.attempts if attempt.taken]
    assert len(taken) == 10 and taken[-1] - NOW < 10 * SECOND


def test_one_event_that_is_refused_again_and_again_is_no_failure_of_the_receiver() -> None:
    """It is tried to its end while nothing else happens, and what happens then is taken at once."""
    world = World(["bad", "bad 2"])
    good = world.happens("good", NOW + 120 * HOUR)
    world.live(taking(), NOW + 121 * HOUR)
    assert world.rested == 0 and len(world.attempts) == 2 * (len(USUAL_GAPS) + 1) + 1
    assert world.attempts[-1].item == good and world.attempts[-1].at - NOW == 120 * HOUR


def test_a_receiver_that_refuses_everything_is_asked_more_and_more_rarely_by_another_case_each_time() -> None:
    world = World([f"bad {number}" for number in range(40)])
    world.live(taking(), NOW + 48 * HOUR)
    first = [attempt for attempt in world.attempts if attempt.item.attempts == 0]
    assert len({attempt.item.case for attempt in first}) == len(first) == 12, "five, then one after each rest"
    gaps = [later.at - sooner.at for sooner, later in zip(first[4:], first[5:], strict=False)]
    assert gaps == sorted(gaps) and gaps[-1] > 13 * HOUR


def test_who_tries_is_the_first_of_a_case_that_does_not_wait() -> None:
    items = [item(3, "held"), item(4, "held too"), item(5, "free"), item(6, "held")]
    assert one_for_all(items, {"held", "held too"}, 9) == ([items[2]], items[:2], 5), "what is behind it stays there"
    assert one_for_all(items, {"other"}, 9) == (items[:1], [], 3)
    assert one_for_all(items[:2], {"held", "held too"}, 9) == ([], items[:2], 9)


def test_what_is_held_tries_only_where_the_feed_has_nothing_else() -> None:
    world = World(["bad"])
    world.round(taking())
    for case in [*["bad"] * 7, "good"]:
        world.happens(case)
    world.one.rests, world.now = 1, NOW + HOUR
    world.live(taking(), NOW + HOUR + MINUTE)
    tried = [(attempt.item.case, attempt.taken) for attempt in world.attempts[1:]]
    assert tried == [("good", True), ("bad", False)], "though seven others lie before it, more than are read at once"
    assert len(world.held) == 8


def test_where_the_feed_has_nothing_else_what_is_held_ends_an_outage() -> None:
    world = World(["bad"])
    world.live(taking(away=(NOW + SECOND, NOW + 6 * MINUTE)), NOW + 40 * MINUTE)
    good = world.happens("good", NOW + 41 * MINUTE)
    world.live(taking(), NOW + 42 * MINUTE)
    assert world.attempts[-1].item == good and world.attempts[-1].at == NOW + 41 * MINUTE


@pytest.mark.parametrize("seed", range(60))
def test_whatever_it_refuses_it_has_the_rest_soon_after_a_short_outage(seed: int) -> None:
    """Up to nine cases that it refuses, one outage of up to ten minutes at some time among them, and for days an event
    in each hour that it takes: none of those waits for longer than the next rest, which is half an hour by then."""
    chance = random.Random(seed)
    world, began = World(random=chance.uniform), NOW + chance.uniform(0, 3) * HOUR
    back = began + chance.uniform(0.1, 10) * MINUTE
    moments = [(NOW + chance.uniform(0, 3) * HOUR, f"bad {number}") for number in range(chance.randint(1, 9))]
    moments += [(NOW + number * HOUR + MINUTE, f"good {number}") for number in range(100)]
    for at, case in sorted(moments):
        world.happens(case, at)
    world.live(taking(away=(began, back)), NOW + 120 * HOUR)
    taken = {attempt.item.position: attempt.at for attempt in world.attempts if attempt.taken}
    waited = [
        taken[each.position] - max(at, back if began <= at < back else at)
        for each, at in zip(world.feed, world.arrived, strict=True)
        if each.case.startswith("good")
    ]
    assert len(waited) == 100 and max(waited) < 1.2 * 30 * MINUTE + MINUTE
