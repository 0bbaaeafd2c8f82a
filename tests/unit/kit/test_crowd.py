"""Who goes by the crowd's queue, and who gives way to whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.courtesy import LONGEST, REMEMBERED, Courtesy
from kit.crowd import AT_ONCE, EVERY, HELD, PER_SECOND, SETTLED, Crowd

FIRST, BY_CROWD = "events", "events.crowd"


@dataclass
class Time:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Flow:
    """A crowd whose events are all of one type, which one consumer hears, and what waits for that one."""

    time: Time = field(default_factory=Time)
    waiting: dict[str, int] = field(default_factory=lambda: {"notify": 0, "notify.crowd": 0})

    def __post_init__(self) -> None:
        self.crowd = Crowd({"notify": ["told"], "intake": ["unheard"]}, self.time)

    def tell(self, tenant: str, times: int = 1) -> list[str | None]:
        """By which ways so many events go; each that goes is sent."""
        ways = [self.crowd.way(tenant) for _ in range(times)]
        for exchange in ways:
            if exchange:
                self.crowd.sent(tenant, "told", exchange)
        return ways

    def passes(self, seconds: float) -> None:
        """Time goes by, in which the queues are looked at as often as is asked for."""
        for _ in range(round(seconds / EVERY)):
            self.time.at += EVERY
            if (queues := self.crowd.asks()) is not None:
                self.crowd.looked({queue: self.waiting[queue] for queue in queues})

    def crowded(self, tenant: str) -> None:
        """Has told more than its share, and goes by the crowd now."""
        self.tell(tenant, AT_ONCE + 1)
        self.passes(SETTLED + EVERY)
        assert self.tell(tenant) == [BY_CROWD]


def test_what_an_office_tells_beyond_its_share_goes_by_the_crowd_and_another_office_does_not() -> None:
    flow = Flow()
    assert flow.tell("large", AT_ONCE + 50) == [FIRST] * AT_ONCE + [None] * 50
    assert flow.crowd.held() == {"large"}
    flow.passes(SETTLED + EVERY)
    assert flow.tell("large", 50) == [BY_CROWD] * 50
    assert flow.tell("small") == [FIRST]


def test_an_office_that_is_over_its_share_goes_by_the_crowd_with_everything_until_it_was_quiet() -> None:
    flow = Flow()
    flow.crowded("large")
    flow.passes(AT_ONCE / PER_SECOND - SETTLED - 3)
    assert flow.tell("large") == [BY_CROWD], "though it had got back many by now"
    flow.passes(10)
    assert flow.tell("large") == [FIRST]


def test_five_a_second_go_the_first_way_for_ever() -> None:
    flow = Flow()
    for _ in range(600):
        assert flow.tell("busy") == [FIRST]
        flow.passes(1 / PER_SECOND + 0.05)


def test_an_office_in_a_crowd_gets_back_what_it_does_not_use() -> None:
    """Ten a second are too many; four are not, and it gets back to the first way among them."""
    flow = Flow()
    flow.crowded("busy")
    for _ in range(300):
        flow.tell("busy", 3)
        flow.passes(EVERY)
    assert flow.tell("busy") == [BY_CROWD]
    for _ in range(40):
        flow.tell("busy")
        flow.passes(2 * SETTLED)
    assert flow.tell("busy") == [FIRST]


def test_an_office_turns_to_the_crowd_only_when_its_last_of_the_first_way_were_taken_out() -> None:
    flow = Flow()
    flow.waiting["notify"] = 1
    flow.tell("large", AT_ONCE + 1)
    flow.passes(5)
    assert flow.tell("large") == [None]
    assert flow.tell("small", 2) == [FIRST, FIRST]  # two behind its last: where so many wait, they do
    flow.waiting["notify"] = 2
    flow.passes(SETTLED + 2 * EVERY)
    assert flow.tell("large") == [BY_CROWD]


def test_a_service_that_is_away_does_not_hold_an_office_for_long() -> None:
    flow = Flow()
    flow.waiting["notify"] = 1000
    flow.tell("large", AT_ONCE + 1)
    flow.passes(HELD - EVERY)
    assert flow.tell("large") == [None]
    flow.passes(2 * EVERY)
    assert flow.tell("large") == [BY_CROWD]


def test_an_office_leaves_the_crowd_only_when_its_last_there_were_taken_out() -> None:
    flow = Flow()
    flow.crowded("large")
    flow.waiting["notify.crowd"] = 1
    flow.passes(1000)
    assert flow.tell("large") == [BY_CROWD]
    flow.passes(1000)
    flow.waiting["notify.crowd"] = 0
    flow.passes(SETTLED - EVERY)
    assert flow.tell("large") == [BY_CROWD], "what was taken out may not be done yet"
    flow.passes(SETTLED + 2 * EVERY)
    assert flow.tell("large") == [FIRST]


def test_an_office_leaves_the_crowd_while_another_is_in_it() -> None:
    flow = Flow()
    flow.crowded("quiet")
    flow.crowded("large")
    flow.tell("large", 500)
    flow.waiting["notify.crowd"] = 500
    flow.passes(AT_ONCE / PER_SECOND + SETTLED)
    assert flow.tell("quiet") == [FIRST]
    assert flow.tell("large") == [BY_CROWD]


def test_one_look_at_an_empty_queue_is_not_believed() -> None:
    flow = Flow()
    flow.crowded("large")
    flow.waiting["notify.crowd"] = 9
    flow.passes(AT_ONCE / PER_SECOND + SETTLED)
    flow.waiting["notify.crowd"] = 0
    flow.passes(EVERY)
    flow.waiting["notify.crowd"] = 9
    flow.passes(10 * SETTLED)
    assert flow.tell("large") == [BY_CROWD]


def test_an_event_that_the_broker_did_not_take_counts_for_nothing() -> None:
    flow = Flow()
    flow.crowded("large")
    flow.waiting["notify.crowd"] = 1
    flow.crowd.way("other")
    flow.passes(1000)
    assert flow.tell("large") == [BY_CROWD]


def test_what_another_relay_left_with_the_crowd_stays_there_until_its_queues_were_empty() -> None:
    flow = Flow()
    flow.crowd.resume(["large"])
    flow.waiting |= {"notify.crowd": 3, "intake": 2, "intake.crowd": 0}
    flow.passes(5)
    assert flow.tell("large") == [None], "it may have been on its way to the crowd"
    flow.waiting["intake"] = 0
    flow.passes(60)
    assert flow.tell("large") == [BY_CROWD]
    assert flow.tell("small") == [FIRST]
    flow.waiting["notify.crowd"] = 0
    flow.passes(AT_ONCE / PER_SECOND + SETTLED)
    assert flow.tell("large") == [FIRST]


def test_where_nobody_is_known_to_listen_an_office_turns_at_once() -> None:
    time = Time()
    crowd = Crowd(now=time)
    for _ in range(AT_ONCE):
        crowd.sent("large", "told", str(crowd.way("large")))
    assert crowd.way("large") is None
    assert crowd.asks() == []
    crowd.looked({})
    assert crowd.way("large") == BY_CROWD


def test_offices_of_which_there_is_nothing_to_know_are_forgotten() -> None:
    flow = Flow()
    flow.tell("small")
    flow.crowded("large")
    flow.waiting["notify.crowd"] = 1
    flow.passes(1000)
    flow.crowd.forget()
    assert set(flow.crowd._offices) == {"large"}


def test_a_crowd_gives_way_while_somebody_else_has_something_to_do_and_only_then() -> None:
    time = Time()
    courtesy = Courtesy(time)
    assert courtesy.rest(0.05) == 0
    courtesy.came()
    assert courtesy.rest(0.05) > 0
    assert courtesy.rest(60) == LONGEST
    time.at += REMEMBERED + 0.1
    assert courtesy.rest(0.05) == 0
