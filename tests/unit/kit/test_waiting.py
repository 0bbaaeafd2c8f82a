"""Waiting for something new: some at a time, with one look for all, and not for ever."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from kit.problems import Unavailable
from kit.waiting import Waiting


class Things:
    """What is looked at, and how often it was."""

    def __init__(self) -> None:
        self.come, self.looks = 3, 0

    def look(self) -> int:
        self.looks += 1
        return self.come


def test_what_is_there_already_is_not_waited_for() -> None:
    assert Waiting(Things().look, most=1).until(2, 20)


def test_a_wait_ends_when_there_is_more() -> None:
    things = Things()
    waiting = Waiting(things.look, most=1, every=0.02)
    threading.Timer(0.1, lambda: setattr(things, "come", 4)).start()
    began = time.monotonic()
    assert waiting.until(3, 20)
    assert 0.05 < time.monotonic() - began < 10


def test_a_wait_ends_by_itself() -> None:
    began = time.monotonic()
    assert not Waiting(Things().look, most=1, every=0.02).until(3, 0.1)
    assert 0.09 < time.monotonic() - began < 5


def test_beyond_a_number_nobody_waits_and_afterwards_there_is_room_again() -> None:
    things = Things()
    waiting = Waiting(things.look, most=2, every=0.02)
    with ThreadPoolExecutor(2) as threads:
        others = [threads.submit(waiting.until, 3, 20) for _ in range(2)]
        while waiting._room is not None and waiting._room._value:
            time.sleep(0.01)
        began = time.monotonic()
        assert not waiting.until(3, 20)
        assert time.monotonic() - began < 5
        things.come = 4
        assert [one.result(20) for one in others] == [True, True]
    assert waiting.until(3, 20)


def test_all_who_wait_look_together() -> None:
    things = Things()
    waiting = Waiting(things.look, most=8, every=0.1)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _one: waiting.until(3, 0.5), range(8)))
    assert things.looks <= 8, "about five, and not eight times that"


def test_what_fails_fails_for_all_who_wait_and_not_for_one_after_another() -> None:
    things = Things()

    def look() -> int:
        if things.looks < 3:
            things.looks += 1
            time.sleep(0.5)
            raise Unavailable
        return things.look()

    waiting = Waiting(look, most=8, every=0.25)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        results = [threads.submit(waiting.until, 3, 5) for _ in range(8)]
        assert [type(one.exception()) for one in results] == [Unavailable] * 8
    assert time.monotonic() - began < 1.2, "a look or two, and not eight"
    things.looks, things.come = 3, 4
    time.sleep(0.3)
    assert waiting.until(3, 5), "and it is tried again"


def test_where_nobody_may_wait_the_answer_comes_at_once() -> None:
    assert not Waiting(Things().look, most=0).until(3, 20)
