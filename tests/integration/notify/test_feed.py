"""The public feed: what is heard gets a position once it is committed, in order, once, and without a gap."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import Any
from uuid import uuid4

import psycopg2.errors
import pytest

from contracts.feed import PUBLIC
from kit.db import EVERY_TENANT, Tx
from kit.errors import Permanent, Retryable
from notify.domain.feed import PATIENCE, Row
from notify.store import feed
from notify.usecases import feeding, notices
from tests.integration.notify.story import KELURAHAN, Story
from tests.support.services import InProcess

KALIDONI = "16.71.09.1004"
SIZE = 20_000


@pytest.fixture(autouse=True)
def fresh(notify: InProcess) -> None:
    """Nothing waits for a position from the test before."""
    notify.rows("DELETE FROM feed_arrival RETURNING id")


def read(notify: InProcess, position: int = 0, *, under: str = KELURAHAN) -> list[Row]:
    with notify.deps.db.transaction(EVERY_TENANT) as tx:
        return feed.after(tx, position, most=1000, types=list(PUBLIC), under=[under])


def newest(notify: InProcess) -> int:
    with notify.deps.db.transaction(EVERY_TENANT) as tx:
        return feed.newest(tx)


def of_case(notify: InProcess, story: Story) -> list[Row]:
    return [row for row in read(notify) if row.subject == story.case]


def grown_old(notify: InProcess) -> None:
    """All that waits has waited long enough."""
    notify.rows(
        "UPDATE feed_arrival SET arrived_at = arrived_at - make_interval(secs => %s),"
        " waits_until = waits_until - make_interval(secs => %s) RETURNING id",
        [PATIENCE.total_seconds(), PATIENCE.total_seconds()],
    )


def arrive(tx: Any, notify: InProcess, subject: str, sequence: int, kelurahan: str = KELURAHAN) -> None:
    """An arrival without the effects of an event."""
    example = Story(notify).example("application.changed", kelurahan=kelurahan)
    event = notify.make_event("application.changed", example, subject=subject, tenant=kelurahan, sequence=sequence)
    tx.use_tenant(kelurahan)
    feed.arrive(tx, event, {"sequence": sequence})


@contextmanager
def in_transaction(notify: InProcess, subject: str, sequence: int) -> Iterator[None]:
    """An arrival that is not committed before the block ends."""
    with notify.deps.db.transaction(EVERY_TENANT) as tx:
        arrive(tx, notify, subject, sequence)
        tx.value("SELECT 1")
        yield


@pytest.mark.parametrize("failure", [Permanent("no such words"), Retryable("not yet"), KeyError("a mistake")])
def test_what_cannot_be_done_or_worded_here_is_told_to_others_all_the_same_and_once(
    story: Story, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fails(*_any: object) -> None:
        raise failure

    story.tell("application.opened")
    with monkeypatch.context() as broken:
        broken.setattr(notices, "notice", fails)
        for _ in range(2):
            with pytest.raises(type(failure)):
                story.tell("application.submitted", sequence=2)
            feeding.give_positions(story.notify.deps)
    assert story.sent() == []
    assert [row.type for row in of_case(story.notify, story)] == ["application.opened", "application.submitted"]
    story.tell("application.submitted", sequence=2)  # replayed
    feeding.give_positions(story.notify.deps)
    assert [message["template"] for message in story.sent()] == ["submitted"]
    assert len(of_case(story.notify, story)) == 2


def test_what_is_put_off_and_fails_is_told_to_others_all_the_same(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement whose outcome nobody waits for would fail at the end of the transaction only."""

    def put_off(_deps: Any, tx: Tx, *_any: object) -> None:
        tx.later("SELECT 1 / 0")

    story.tell("application.opened")
    with monkeypatch.context() as broken:
        broken.setattr(notices, "notice", put_off)
        with pytest.raises(psycopg2.errors.DivisionByZero):
            story.tell("application.submitted", sequence=2)
    feeding.give_positions(story.notify.deps)
    assert [row.type for row in of_case(story.notify, story)] == ["application.opened", "application.submitted"]
    story.tell("application.submitted", sequence=2)
    assert [message["template"] for message in story.sent()] == ["submitted"]


def test_what_is_heard_of_a_case_stands_in_the_feed_without_anything_of_a_person(story: Story) -> None:
    story.tell("application.opened")
    story.tell("application.submitted")
    feeding.give_positions(story.notify.deps)
    opened, submitted = of_case(story.notify, story)
    assert submitted.position == opened.position + 1
    assert submitted.event["position"] == submitted.position
    assert submitted.event["data"]["status"] == "submitted"
    assert set(submitted.event["data"]) == set(PUBLIC["application.submitted"].schema().fields)


def test_a_transaction_that_commits_late_is_placed_late_and_not_skipped(notify: InProcess) -> None:
    first, second = str(uuid4()), str(uuid4())
    before = newest(notify)
    with in_transaction(notify, first, 1):
        with in_transaction(notify, second, 1):
            pass
        assert feeding.give_positions(notify.deps) == 1
        assert [row.subject for row in read(notify, before)] == [second]
        between = newest(notify)
    assert feeding.give_positions(notify.deps) == 1
    assert [(row.subject, row.position) for row in read(notify, between)] == [(first, before + 2)]


def test_what_overtook_its_forerunner_waits_for_it(notify: InProcess) -> None:
    subject, before = str(uuid4()), newest(notify)
    for sequence, placed in ((1, 1), (3, 0), (4, 0), (2, 3)):
        with in_transaction(notify, subject, sequence):
            pass
        assert feeding.give_positions(notify.deps) == placed
    assert [row.sequence for row in read(notify, before)] == [1, 2, 3, 4]


def test_it_does_not_wait_for_ever_and_what_comes_later_still_comes(notify: InProcess) -> None:
    subject, before = str(uuid4()), newest(notify)
    for sequence in (1, 3):
        with in_transaction(notify, subject, sequence):
            pass
        feeding.give_positions(notify.deps)
    grown_old(notify)
    assert feeding.give_positions(notify.deps) == 1
    with in_transaction(notify, subject, 2):
        pass
    assert feeding.give_positions(notify.deps) == 1
    assert [row.sequence for row in read(notify, before)] == [1, 3, 2]


def test_what_is_told_twice_stands_there_once(notify: InProcess) -> None:
    subject, before = str(uuid4()), newest(notify)
    for sequence in (1, 1, 2):
        with in_transaction(notify, subject, sequence):
            pass
    feeding.give_positions(notify.deps)
    with in_transaction(notify, subject, 2):
        pass
    assert feeding.give_positions(notify.deps) == 0
    assert [row.sequence for row in read(notify, before)] == [1, 2]


def test_what_is_not_public_leaves_no_gap_to_wait_for(story: Story) -> None:
    story.tell("application.opened")
    story.tell("deadline.approaching")
    story.tell("application.changed")
    feeding.give_positions(story.notify.deps)
    assert [row.sequence for row in of_case(story.notify, story)] == [1, 3]


def test_one_at_a_time_gives_positions(notify: InProcess) -> None:
    with in_transaction(notify, str(uuid4()), 1):
        pass
    with notify.deps.db.transaction(EVERY_TENANT) as tx:
        assert feed.lock(tx) is not None
        assert feeding.give_positions(notify.deps) == 0
    assert feeding.give_positions(notify.deps) == 1


def run_all(*works: Callable[[], None]) -> list[BaseException]:
    """Does these at once; what went wrong."""
    errors: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def test_positions_have_no_gap_and_subjects_their_order_whoever_writes_and_places_at_once(notify: InProcess) -> None:
    """Writers commit when they like, several place, one reads: he sees each position once, without a gap."""
    subjects, before, written = [str(uuid4()) for _ in range(12)], newest(notify), threading.Event()
    seen: list[int] = []

    def write(mine: list[str]) -> None:
        for sequence, subject in product(range(1, 9), mine):
            with in_transaction(notify, subject, sequence):
                time.sleep(0.001 * (sequence % 4))

    def place_and_read() -> None:
        while not written.is_set():
            feeding.give_positions(notify.deps)
            seen.extend(row.position for row in read(notify, seen[-1] if seen else before))

    def write_all() -> None:
        assert run_all(*(partial(write, subjects[n::4]) for n in range(4))) == []
        written.set()

    def place() -> None:
        while not written.is_set():
            feeding.give_positions(notify.deps)

    assert run_all(write_all, place_and_read, place, place) == []
    feeding.give_positions(notify.deps)
    rows = read(notify, before)
    assert [row.position for row in rows] == list(range(before + 1, before + 1 + 12 * 8))
    assert seen == [row.position for row in rows][: len(seen)], "something turned up behind the reader"
    for subject in subjects:
        assert [row.sequence for row in rows if row.subject == subject] == list(range(1, 9))


def test_a_reader_sees_what_is_under_his_code(notify: InProcess) -> None:
    before = newest(notify)
    with notify.deps.db.transaction(EVERY_TENANT) as tx:
        arrive(tx, notify, str(uuid4()), 1, KALIDONI)
        arrive(tx, notify, str(uuid4()), 1, KELURAHAN)
    feeding.give_positions(notify.deps)
    for under, places in (
        (KELURAHAN, [KELURAHAN]),
        ("16.71.09", [KALIDONI]),
        ("16.71", [KALIDONI, KELURAHAN]),
        ("16.7", []),
    ):
        assert [row.kelurahan for row in read(notify, before, under=under)] == places


def test_an_instant_has_its_place_on_both_sides_of_a_leap(notify: InProcess) -> None:
    """Positions leap when the databases are restored."""
    with pytest.raises(_UndoneError), notify.deps.db.transaction(EVERY_TENANT) as tx:
        begin = feed.newest(tx)
        _placed(tx, 40)
        between = _instant(tx)
        tx.execute("UPDATE feed_head SET position = position + 1000000")
        assert feed.before(tx, _instant(tx)) == begin + 40, "nothing came since"
        _placed(tx, 30)
        after = _instant(tx)
        _placed(tx, 5)
        assert feed.before(tx, between) == begin + 40
        assert feed.before(tx, after) == begin + 1_000_070
        assert feed.before(tx, _instant(tx)) == begin + 1_000_075
        raise _UndoneError


class _UndoneError(Exception):
    """Nothing of what was tried is to stay."""


def _placed(tx: Any, number: int) -> None:
    """Events with the next positions."""
    tx.value("SELECT feed_make_room(2)")
    tx.execute(
        "INSERT INTO feed_event (position, id, source, type, kelurahan, subject, sequence, envelope)"
        " SELECT position + n, gen_random_uuid(), 'intake', 'application.changed', %s, gen_random_uuid()::text, 1, '{}'"
        " FROM feed_head, generate_series(1, %s) AS n",
        [KELURAHAN, number],
    )
    tx.execute("UPDATE feed_head SET position = position + %s", [number])


def _instant(tx: Any) -> Any:
    """Behind all that was placed, before all that will be."""
    tx.value("SELECT pg_sleep(0.01)")
    found = feed.machine_time(tx)
    tx.value("SELECT pg_sleep(0.01)")
    return found


@contextmanager
def at_the_end_of_a_part(notify: InProcess) -> Iterator[None]:
    """The head stands so that the next positions are the last of a part; afterwards all is as before."""
    [head] = notify.rows("SELECT position FROM feed_head")
    end = (head["position"] // SIZE + 1) * SIZE - 1
    notify.rows("UPDATE feed_head SET position = %s RETURNING position", [end])
    try:
        yield
    finally:
        notify.rows("DELETE FROM feed_event WHERE position >= %s RETURNING position", [end])
        notify.rows("UPDATE feed_head SET position = %s RETURNING position", [head["position"]])


def test_a_backup_stops_neither_positions_nor_new_parts_nor_readers(notify: InProcess) -> None:
    """It reads every table, the feed as a whole, in one transaction that goes on for long."""
    with at_the_end_of_a_part(notify), notify.deps.db.transaction(EVERY_TENANT) as backup:
        backup.value("SELECT count(*) FROM feed_event")
        began = time.monotonic()
        for sequence in range(1, 4):
            with in_transaction(notify, str(uuid4()), 1):
                pass
            assert feeding.give_positions(notify.deps) == 1, sequence
        feeding.look_after(notify.deps)
        assert len(read(notify, newest(notify) - 3)) == 3
        assert time.monotonic() - began < 1.5, "nobody waited for its lock"
    [parts] = notify.rows("SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'feed_event'::regclass")
    assert parts["n"] >= 4, "made while the other was reading"


def test_positions_are_given_while_the_room_for_more_cannot_be_made(
    notify: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise AssertionError("no part is needed for these")

    monkeypatch.setattr(feed, "make_room", refused)
    with in_transaction(notify, str(uuid4()), 1):
        pass
    assert feeding.give_positions(notify.deps) == 1


def test_a_part_that_is_made_at_work_is_as_the_first_ones(notify: InProcess) -> None:
    """Its key, its indexes and who may see what."""
    with pytest.raises(_UndoneError), notify.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE feed_head SET position = position + %s", [10 * SIZE])
        assert feed.make_room(tx, 2) == 3
        part = tx.value("SELECT 'feed_event_' || position / %s + 2 FROM feed_head", [SIZE])
        rows = tx.all("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [part])
        assert sorted(row["indexdef"].partition(" USING ")[2] for row in rows) == [
            "brin (at)", 'btree ("position")', 'btree (kelurahan, "position")', "btree (source, subject, sequence)",
        ]  # fmt: skip
        [shut] = tx.all(
            "SELECT relrowsecurity AND relforcerowsecurity AS on, relispartition AS part, (SELECT count(*)"
            " FROM pg_policy WHERE polrelid = c.oid) AS rules FROM pg_class c WHERE relname = %s",
            [part],
        )
        assert (shut["on"], shut["part"], shut["rules"]) == (True, True, 1)
        raise _UndoneError
