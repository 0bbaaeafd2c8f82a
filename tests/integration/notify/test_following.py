"""`GET /v1/events`: other systems follow what happens, each what is under its code, from where it stood."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

from kit.db import EVERY_TENANT
from notify.domain.errors import PositionGone, PositionUnknown
from notify.store import feed
from notify.usecases import feeding
from tests.integration.notify.story import KELURAHAN, Story
from tests.support.services import InProcess

BATCH = "application/cloudevents-batch+json"
CITY, KECAMATAN, ELSEWHERE = "16.71", "16.71.10", "16.71.09"


def follow(notify: InProcess, query: str = "", *, tenant: str = CITY, role: str = "events.read", **claims: Any) -> Any:
    return notify.call("GET", f"/v1/events{query}", role, who={"tenant": tenant, **claims})


def newest(notify: InProcess) -> int:
    answer = notify.call("GET", "/v1/events/positions", "city", who={"tenant": CITY})
    return int(answer.json["newest"])


def tell(story: Story, *events: str) -> None:
    for event in events:
        story.tell(event)
    feeding.give_positions(story.notify.deps)


def sequences(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == BATCH
    return [event["sequence"] for event in answer.json]


def test_a_consumer_goes_on_from_where_it_stood(story: Story) -> None:
    notify, before = story.notify, newest(story.notify)
    tell(story, "application.opened", "application.submitted", "application.received")
    first = follow(notify, f"?after={before}&limit=2")
    assert sequences(first) == [1, 2]
    assert first.headers["Next-Position"] == str(before + 2)
    link = first.headers["Link"]
    second = follow(notify, link[link.index("?") : link.index(">")])
    assert sequences(second) == [3]
    assert sequences(follow(notify, f"?after={second.headers['Next-Position']}")) == []


@pytest.mark.parametrize(
    ("tenant", "claims", "seen"),
    [
        (CITY, {}, True),
        (KECAMATAN, {}, True),
        (KELURAHAN, {}, True),
        (ELSEWHERE, {}, False),
        (CITY, {"within": [KECAMATAN]}, True),
        (CITY, {"within": [ELSEWHERE]}, False),
        (CITY, {"within": ["16.72"]}, False),
    ],
)
def test_each_sees_what_is_under_his_code(story: Story, tenant: str, claims: dict[str, Any], seen: bool) -> None:
    before = newest(story.notify)
    tell(story, "application.opened")
    answer = follow(story.notify, f"?after={before}", tenant=tenant, **claims)
    assert sequences(answer) == ([1] if seen else [])
    assert answer.headers["Next-Position"] == str(before + 1), "what is another's is passed by all the same"


def test_an_office_that_is_not_his_is_not_there_and_the_attempt_is_kept(story: Story) -> None:
    assert sequences(follow(story.notify, f"?kelurahan={KELURAHAN}&after={newest(story.notify)}")) == []
    refused = follow(story.notify, f"?kelurahan={KELURAHAN}", tenant=ELSEWHERE)
    assert refused.status_code == 404
    [kept] = story.notify.rows("SELECT object FROM refused_access WHERE route = 'GET /v1/events'")
    assert kept["object"] == KELURAHAN


def test_the_cloudevents_package_reads_what_is_told(story: Story) -> None:
    before = newest(story.notify)
    tell(story, "application.opened", "letter.issued")
    answer = follow(story.notify, f"?after={before}")
    events = [
        from_structured_event(HTTPMessage({"content-type": "application/cloudevents+json"}, json.dumps(one).encode()))
        for one in json.loads(answer.data)
    ]
    assert [event.get_type() for event in events] == ["application.opened", "letter.issued"]
    assert [event.get_extension("position") for event in events] == [before + 1, before + 2]


def test_types_narrow_what_is_told(story: Story) -> None:
    notify, before = story.notify, newest(story.notify)
    tell(story, "application.opened", "letter.issued", "application.issued", "letter.voided")
    for types, found in (
        ("letter.*", ["letter.issued", "letter.voided"]),
        ("application.issued,letter.voided", ["application.issued", "letter.voided"]),
    ):
        assert [event["type"] for event in follow(notify, f"?after={before}&types={types}").json] == found
    assert follow(notify, "?types=handover.ready").status_code == 422


def test_a_wait_ends_as_soon_as_there_is_something(story: Story) -> None:
    notify, before = story.notify, newest(story.notify)
    later = threading.Timer(0.4, tell, [story, "application.opened"])
    later.start()
    began = time.monotonic()
    assert sequences(follow(notify, f"?after={before}&wait=20")) == [1]
    assert 0.3 < time.monotonic() - began < 10


def test_a_wait_ends_without_anything(notify: InProcess) -> None:
    began = time.monotonic()
    assert sequences(follow(notify, f"?after={newest(notify)}&wait=1")) == []
    assert 0.9 < time.monotonic() - began < 5


def test_who_waits_holds_no_connection_and_beyond_a_number_nobody_waits(notify: InProcess) -> None:
    most, position = notify.deps.settings.feed_waiters, newest(notify)
    waiting = [threading.Thread(target=follow, args=(notify, f"?after={position}&wait=3")) for _ in range(most)]
    for thread in waiting:
        thread.start()
    pool = notify.deps.db._engine.pool
    time.sleep(1)
    assert pool.checkedout() <= 1
    began = time.monotonic()
    assert sequences(follow(notify, f"?after={position}&wait=20")) == []
    assert time.monotonic() - began < 1.5
    for thread in waiting:
        thread.join(20)


def test_a_position_that_is_gone_says_where_to_go_on(story: Story) -> None:
    notify = story.notify
    tell(story, "application.opened")
    with notify.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE feed_head SET oldest = position")
    try:
        last = newest(notify)
        gone = follow(notify, f"?after={last - 2}")
        assert (gone.status_code, gone.json["type"]) == (410, f"urn:problem:{PositionGone.slug}")
        assert (gone.json["oldest"], gone.json["newest"]) == (last, last)
        assert sequences(follow(notify, f"?after={last - 1}")) == [1]
    finally:
        with notify.deps.db.transaction(EVERY_TENANT) as tx:
            tx.execute("UPDATE feed_head SET oldest = 1")


def test_what_went_while_it_was_read_is_not_passed_over(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old events may go between the look at the ends and the look at the events."""
    notify = story.notify
    tell(story, "application.opened", "application.changed", "application.submitted")
    last, look = newest(notify), feed.after

    def goes_meanwhile(*given: Any, **more: Any) -> Any:
        notify.rows("UPDATE feed_head SET oldest = position RETURNING position")
        return [row for row in look(*given, **more) if row.position == last]

    monkeypatch.setattr(feed, "after", goes_meanwhile)
    try:
        gone = follow(notify, f"?after={last - 3}")
        assert (gone.status_code, gone.json["oldest"]) == (410, last)
        assert sequences(follow(notify, f"?after={last - 1}")) == [3]
    finally:
        notify.rows("UPDATE feed_head SET oldest = 1 RETURNING position")


def test_a_position_that_was_never_given_is_no_quiet_end(notify: InProcess) -> None:
    answer = follow(notify, f"?after={newest(notify) + 1}")
    assert (answer.status_code, answer.json["type"]) == (409, f"urn:problem:{PositionUnknown.slug}")


def test_who_read_beyond_a_backup_is_told_that_it_was_restored(story: Story) -> None:
    """A restore gives positions that were never given before: those between are nobody's any more."""
    notify = story.notify
    tell(story, "application.opened")
    known = newest(notify)
    notify.rows("INSERT INTO feed_leap (after, upto) VALUES (%s, %s) RETURNING after", [known, known + 100])
    notify.rows("UPDATE feed_head SET position = position + 100 RETURNING position")
    try:
        assert follow(notify, f"?after={known}").status_code == 200, "he has nothing that was lost"
        for lost in (known + 1, known + 99):
            told = follow(notify, f"?after={lost}")
            assert (told.status_code, told.json["type"]) == (409, f"urn:problem:{PositionUnknown.slug}")
        assert follow(notify, f"?after={known + 100}").status_code == 200
    finally:
        notify.rows("DELETE FROM feed_leap RETURNING after")


class _UndoneError(Exception):
    """Nothing of what was tried is to stay."""


def test_old_parts_are_dropped_whole_and_not_before_their_time(notify: InProcess) -> None:
    size = 20_000
    with pytest.raises(_UndoneError), notify.deps.db.transaction(EVERY_TENANT) as tx:
        feed.make_room(tx, 2)
        tx.execute("UPDATE feed_event SET at = clock_timestamp() - interval '29 days'")
        tx.execute("UPDATE feed_head SET position = %s", [size + 5])
        assert feed.drop_old(tx, 1) == 0, "30 days at least"
        tx.execute("UPDATE feed_event SET at = clock_timestamp() - interval '50 days'")
        assert feed.drop_old(tx, 60) == 0
        assert feed.drop_old(tx, 45) == 1
        assert (feed.oldest(tx), feed.newest(tx)) == (size, size + 5)
        assert feed.after(tx, 0, most=5, types=["application.opened"], under=[CITY]) == []
        raise _UndoneError
    feeding.look_after(notify.deps)


def test_an_event_that_is_told_twice_in_the_same_words_is_one(story: Story) -> None:
    notify, before = story.notify, newest(story.notify)
    event = notify.make_event("application.opened", story.example("application.opened"), subject=story.case)
    assert notify.apply(event)
    assert not notify.apply(event)
    feeding.give_positions(notify.deps)
    assert [one["id"] for one in follow(notify, f"?after={before}").json] == [str(event.id)]
