"""What happens goes out to other systems: everything once per id and in order per case, whatever the receiver does."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest

from deploy.local.stack import Stack
from kit.worker import Worker
from notify.usecases import pushing
from tests.integration.notify.pushes import ENV, Pushing, cases
from tests.support import whatsapp
from tests.support.receiver import Receiver, receiving
from tests.support.services import InProcess, in_process

KALIDONI = "16.71.09.1004"


@pytest.fixture(scope="module")
def notify(parts: Stack) -> Iterator[InProcess]:
    with in_process(parts, "notify", SAMPLE_DATA="true", **whatsapp.ENV, **ENV) as service:
        yield service


@pytest.fixture
def push(notify: InProcess) -> Pushing:
    """Nobody is subscribed yet."""
    notify.rows("DELETE FROM subscription RETURNING id")
    notify.rows("DELETE FROM job WHERE kind LIKE 'push%' RETURNING id")
    return Pushing(notify)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as there:
        yield there


def in_order(receiver: Receiver) -> bool:
    """Whether of every case the sequences that came grow."""
    of_case = defaultdict[str, list[int]](list)
    for event in receiver.seen:
        of_case[event["subject"]].append(event["sequence"])
    return all(found == sorted(set(found)) for found in of_case.values())


def test_an_event_goes_out_signed_so_that_the_library_of_the_standard_takes_it(
    push: Pushing, receiver: Receiver
) -> None:
    push.subscribe(receiver)
    event_id = push.happens(cases(1)[0])
    push.turns()
    assert receiver.wrong == []
    [event], [headers] = receiver.seen, receiver.headers
    assert event["id"] == headers["webhook-id"] == event_id
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert "person" not in event["data"] and event["specversion"] == "1.0"


def test_a_forged_or_changed_body_is_not_taken_by_the_library(push: Pushing, receiver: Receiver) -> None:
    push.subscribe(receiver)
    receiver.secrets = ["whsec_" + "A" * 43 + "="]
    push.happens(cases(1)[0])
    push.turns()
    assert receiver.seen == [] and "WebhookVerificationError" in receiver.wrong[0]


def test_only_the_types_and_places_that_were_asked_for_go_out(push: Pushing, receiver: Receiver) -> None:
    push.subscribe(receiver, tenant="16.71", types=["application.submitted", "letter.*"], places=["16.71.10"])
    wanted = push.happens(cases(1)[0], "application.submitted")
    push.happens(cases(1)[0], "application.received")
    push.happens(cases(1)[0], "application.submitted", KALIDONI)
    push.turns()
    assert receiver.ids == [wanted]


def test_after_the_secret_was_changed_both_check_until_the_overlap_is_over(push: Pushing, receiver: Receiver) -> None:
    subscription = push.subscribe(receiver)
    before = receiver.secrets[0]
    changed = push.call("POST", f"/{subscription}/secret", json={"overlap_hours": 1})
    assert changed.status_code == 200 and changed.json["secret"] != before and changed.json["secret_until"]
    receiver.secrets = [before, changed.json["secret"]]
    push.happens(cases(1)[0])
    push.turns()
    assert len(receiver.seen) == 1 and receiver.headers[0]["webhook-signature"].count("v1,") == 2


def test_a_second_change_of_the_secret_leaves_the_receiver_what_it_has(push: Pushing, receiver: Receiver) -> None:
    """The answer of the first was lost, and it was asked for again."""
    subscription = push.subscribe(receiver)
    for _ in range(2):
        assert push.call("POST", f"/{subscription}/secret", json={"overlap_hours": 24}).status_code == 200
    event_id = push.happens(cases(1)[0])
    push.turns()
    assert receiver.ids == [event_id] and receiver.wrong == []


def test_down_for_two_days_then_slow_then_back_it_gets_everything_once_and_in_order(
    push: Pushing, receiver: Receiver
) -> None:
    """Two days by the machine's clock, which alone decides on retries: it is handed in and moved, by the gaps that are
    shipped. The office's clock may stand or jump meanwhile."""
    subscription, began = push.subscribe(receiver), push.clock.at
    some, sent = cases(8), list[str]()
    receiver.down()
    while push.clock.at < began + timedelta(days=2):
        sent += [push.happens(one) for one in some[:3]]
        push.turns()
        push.later(hours=1)
    failed = push.log(subscription)
    assert {one["outcome"] for one in failed} == {"failed"} and {one["reason"] for one in failed} == {"unreached"}
    assert 6 <= len(failed) <= 12, "growing gaps: 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 h; a few cases at first"
    assert push.notify.rows("SELECT * FROM push_held") == [], "nothing is piled up while it is away"

    receiver.delay = 0.05
    receiver.up()
    sent += [push.happens(one) for one in some]
    push.later(days=1.5)
    push.turns(most=5)
    assert len(receiver.seen) > 0
    receiver.delay = 0
    sent += [push.happens(one) for one in some]
    push.turns()
    assert sorted(receiver.ids) == sorted(sent), "everything"
    assert len(set(receiver.ids)) == len(receiver.ids), "once per id"
    assert in_order(receiver) and receiver.wrong == []
    assert push.stands(subscription).state == "active" and push.stands(subscription).failing_since is None


def test_after_three_days_of_failure_it_is_suspended_and_goes_on_by_itself_when_a_try_succeeds(
    push: Pushing, receiver: Receiver
) -> None:
    subscription, case = push.subscribe(receiver), cases(1)[0]
    receiver.answers = 503
    sent = [push.happens(case), push.happens(case)]
    for _ in range(5 * 24):
        push.turns()
        push.later(hours=1)
    shown = push.call("GET", f"/{subscription}").json
    assert shown["state"] == "suspended" and shown["reason"] == "answer 503" and shown["next_attempt_at"]
    assert receiver.asked[sent[1]] == 0, "one event tries for all"
    receiver.answers = 200
    push.later(days=2)
    push.turns()
    assert receiver.ids == sent and push.stands(subscription).state == "active"


def test_a_receiver_that_says_it_is_gone_is_asked_no_more_until_somebody_resumes_it(
    push: Pushing, receiver: Receiver
) -> None:
    subscription = push.subscribe(receiver)
    receiver.answers = 410
    event_id = push.happens(cases(1)[0])
    push.turns()
    assert push.stands(subscription).state == "gone"
    receiver.answers = 204
    push.later(days=10)
    push.turns()
    assert receiver.asked[event_id] == 1
    assert push.call("POST", f"/{subscription}/resume", json={}).json["state"] == "active"
    push.turns()
    assert receiver.ids == [event_id]


def test_an_event_that_is_refused_holds_up_its_own_case_only(push: Pushing, receiver: Receiver) -> None:
    subscription = push.subscribe(receiver)
    bad, good = cases(2)
    refused = push.happens(bad)
    receiver.answers = lambda event: 422 if event["id"] == refused else 204
    behind, other = push.happens(bad), push.happens(good)
    push.turns()
    assert receiver.ids == [other]
    assert push.call("GET", f"/{subscription}").json["held"] == 2
    later = push.happens(good)
    push.turns()
    assert receiver.ids == [other, later] and receiver.asked[behind] == 0
    receiver.answers = 204
    push.later(minutes=10)
    push.turns()
    assert receiver.ids == [other, later, refused, behind]
    assert push.call("GET", f"/{subscription}").json["held"] == 0


def test_an_event_that_is_refused_to_the_end_is_given_up_and_its_case_goes_on(
    push: Pushing, receiver: Receiver
) -> None:
    subscription = push.subscribe(receiver)
    bad, good = cases(2)
    refused = push.happens(bad)
    receiver.answers = lambda event: 400 if event["id"] == refused else 204
    behind = push.happens(bad)
    for _ in range(14):
        push.happens(good)
        push.turns()
        push.later(days=1.3)
    assert behind in receiver.ids and refused not in receiver.ids
    assert receiver.asked[refused] == 10, "as often as there are gaps, and once before"
    assert [one["event_id"] for one in push.log(subscription, outcome="given_up")] == [refused]
    assert push.stands(subscription).state == "active"


def test_a_refused_event_and_an_outage_after_it_hold_up_no_other_case(push: Pushing, receiver: Receiver) -> None:
    subscription = push.subscribe(receiver)
    bad, *fine = cases(4)
    refused = push.happens(bad)
    receiver.answers = 422
    push.turns()
    receiver.answers = 503
    behind = push.happens(bad)
    sent = [push.happens(one) for one in fine]
    for minutes in (0.2, 6, 7):
        push.later(minutes=minutes)
        push.turns()
    stands, asked = push.stands(subscription), receiver.asked[refused]
    assert stands.rests == 3 and stands.failing_since is not None
    receiver.answers = lambda event: 422 if event["id"] == refused else 204
    push.later(minutes=40)
    pushing.hand_out(push.deps)
    push.notify.work(most=2)
    assert receiver.ids == sent[:1] and receiver.asked[refused] == asked, "who tries is none that was refused"
    push.turns()
    assert receiver.ids[0] == sent[0] and set(receiver.ids) == set(sent)
    assert receiver.asked[behind] == 0 and push.call("GET", f"/{subscription}").json["held"] == 2
    assert push.stands(subscription).rests == 0


def test_what_is_held_does_not_try_before_the_feed_was_looked_through(
    push: Pushing, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = push.subscribe(receiver)
    bad, good = cases(2)
    refused = push.happens(bad)
    receiver.answers = lambda event: 422 if event["id"] == refused else 204
    push.turns()
    monkeypatch.setattr(pushing, "BATCH", 2)
    push.notify.rows("UPDATE subscription SET rests = 1 WHERE id = %s RETURNING id", [subscription])
    for _ in range(5):
        push.happens(bad)
    taken = push.happens(good)
    push.later(minutes=10)
    for _ in range(3):
        assert receiver.ids == [] and receiver.asked[refused] == 1
        pushing.hand_out(push.deps)
        push.notify.work()
    assert receiver.ids == [taken] and receiver.asked[refused] == 1
    assert push.call("GET", f"/{subscription}").json["held"] == 6
    push.turns()
    assert receiver.asked[refused] == 2


def test_a_receiver_that_refuses_everything_is_left_alone_as_one_that_is_away(
    push: Pushing, receiver: Receiver
) -> None:
    subscription = push.subscribe(receiver)
    receiver.answers = 400
    for case in cases(40):
        push.happens(case)
    push.turns()
    asked, stands = sum(receiver.asked.values()), push.stands(subscription)
    assert stands.rests == 1 and stands.failing_since is not None
    push.turns()
    assert sum(receiver.asked.values()) == asked, "it rests"
    receiver.answers = 200
    push.later(days=2)
    push.turns()
    assert len(receiver.ids) == 40


def test_a_hanging_receiver_slows_neither_others_nor_what_people_are_sent(push: Pushing, receiver: Receiver) -> None:
    """By the threads of the worker: it hangs with two subscriptions in the threads of the quick, then of the slow."""
    with receiving(hangs=True) as hanging:
        ids = [push.subscribe(hanging) for _ in range(2)]
        push.subscribe(receiver)
        receiver.seen.clear()
        worker = Worker(push.notify.service, push.notify.settings, "jobs")
        worker.start()
        took = []
        try:
            for case in cases(10):
                began = time.monotonic()
                event_id = push.happens(case)
                until(lambda event_id=event_id: event_id in receiver.ids)
                took.append(time.monotonic() - began)
            until(lambda: all(not push.stands(one).quick for one in ids))
        finally:
            hanging.released.set()
            worker.stop()
    assert max(took) < 0.9, "less than one time-out of the hanging one"
    assert {one["reason"] for one in push.log(ids[0])} == {"slow"}


def test_no_more_requests_at_once_than_lanes_and_no_case_twice(push: Pushing, receiver: Receiver) -> None:
    push.subscribe(receiver)
    receiver.delay = 0.02
    for case in cases(12):
        push.happens(case)
        push.happens(case)
    push.turns()
    assert len(receiver.seen) == 24 and in_order(receiver)
    assert 1 < receiver.most_at_once <= 4


def test_what_was_sent_before_its_worker_died_is_sent_again_under_the_same_id_and_not_lost(
    push: Pushing, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    push.subscribe(receiver)
    event_id = push.happens(cases(1)[0])
    with monkeypatch.context() as broken:
        broken.setattr(pushing, "_keep", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
        pushing.hand_out(push.deps)
        with pytest.raises(RuntimeError):
            push.notify.work()
    push.notify.rows("UPDATE job SET state = 'ready', run_at = clock_timestamp() WHERE kind = 'push' RETURNING id")
    push.turns()
    assert receiver.ids == [event_id, event_id]
    push.turns()
    assert len(receiver.ids) == 2


def test_a_redirect_is_not_followed(push: Pushing, receiver: Receiver) -> None:
    with receiving() as other:
        subscription = push.subscribe(receiver)
        receiver.answers, receiver.more = 307, {"Location": other.url}
        push.happens(cases(1)[0])
        push.turns()
        assert other.asked == {} and push.log(subscription)[0]["status"] == 307


def test_of_an_answer_nothing_but_its_status_is_kept(push: Pushing, receiver: Receiver) -> None:
    subscription = push.subscribe(receiver)
    receiver.answers, receiver.body = 500, b"Siti Maimunah, NIK 1671105503559001"
    push.happens(cases(1)[0])
    push.turns()
    kept = push.notify.rows("SELECT a::text AS row FROM push_attempt a") + push.notify.rows(
        "SELECT s::text AS row FROM subscription s"
    )
    assert not [one for one in kept if "Maimunah" in one["row"]]
    assert push.log(subscription)[0]["reason"] == "answer 500"


def test_an_answer_without_an_end_is_cut_off(push: Pushing, receiver: Receiver) -> None:
    subscription = push.subscribe(receiver)
    receiver.answers, receiver.body = 200, b"x" * 200_000
    push.happens(cases(1)[0])
    push.turns()
    assert [one["reason"] for one in push.log(subscription)] == ["large"]


def test_an_address_that_turns_out_to_be_inside_is_not_asked(push: Pushing, receiver: Receiver) -> None:
    """As a name would that led outside when it was made: judged by number, each time."""
    subscription = push.subscribe(receiver)
    push.notify.rows(
        "UPDATE subscription SET url = replace(url, '127.0.0.1', 'localhost') WHERE id = %s RETURNING id",
        [subscription],
    )
    push.happens(cases(1)[0])
    push.turns()
    assert receiver.asked == {} and [one["reason"] for one in push.log(subscription)] == ["address"]


def test_a_receiver_that_asks_for_time_gets_it(push: Pushing, receiver: Receiver) -> None:
    push.subscribe(receiver)
    receiver.answers, receiver.more = 429, {"Retry-After": "3600"}
    event_id = push.happens(cases(1)[0])
    push.turns()
    push.later(minutes=50)
    push.turns()
    assert receiver.asked[event_id] == 1
    push.later(minutes=15)
    push.turns()
    assert receiver.asked[event_id] == 2


def test_a_period_goes_out_again_under_the_same_ids(push: Pushing, receiver: Receiver) -> None:
    subscription, some = push.subscribe(receiver), cases(3)
    push.happens(some[0])
    push.turns()
    time.sleep(0.02)
    since = push.notify.rows("SELECT clock_timestamp() AS now")[0]["now"]
    wanted = [push.happens(one) for one in some]
    until_ = push.notify.rows("SELECT clock_timestamp() AS now")[0]["now"]
    time.sleep(0.02)
    push.happens(some[0])
    push.turns()
    before = len(receiver.seen)
    body = {"since": since.isoformat(), "until": until_.isoformat()}
    answer = push.call("POST", f"/{subscription}/replay", json=body)
    assert answer.status_code == 202, answer.text
    assert push.call("POST", f"/{subscription}/replay", json=body).status_code == 409
    push.turns()
    assert sorted(receiver.ids[before:]) == sorted(wanted)
    assert push.stands(subscription).replay is None
    assert [one["kind"] for one in push.log(subscription)[-3:]] == ["replay"] * 3


def test_the_test_button_sends_one_made_up_event_and_the_log_says_what_became_of_it(
    push: Pushing, receiver: Receiver
) -> None:
    subscription = push.subscribe(receiver)
    asked = push.call("POST", f"/{subscription}/test", json={})
    assert asked.status_code == 202
    push.turns()
    [event] = receiver.seen
    assert event["type"] == "subscription.tested" and event["id"] == asked.json["event_id"]
    [line] = push.log(subscription, event_id=asked.json["event_id"])
    assert (line["kind"], line["outcome"], line["status"]) == ("test", "delivered", 204)


def test_what_is_paused_gets_nothing_and_goes_on_from_its_place(push: Pushing, receiver: Receiver) -> None:
    subscription, case = push.subscribe(receiver), cases(1)[0]
    assert push.call("POST", f"/{subscription}/suspend", json={}).json["state"] == "paused"
    sent = [push.happens(case) for _ in range(3)]
    push.turns()
    assert receiver.seen == []
    push.call("POST", f"/{subscription}/resume", json={})
    push.turns()
    assert receiver.ids == sent


def test_old_attempts_are_forgotten_and_the_gauges_are_set(push: Pushing, receiver: Receiver) -> None:
    subscription = push.subscribe(receiver)
    push.happens(cases(1)[0])
    push.turns()
    pushing.measure(push.deps)
    pushing.prune(push.deps)
    assert len(push.log(subscription)) == 1
    push.later(days=31)
    pushing.prune(push.deps)
    assert push.log(subscription) == []


def until(true: object, within: float = 10) -> None:
    """Asks again until it is so."""
    ends = time.monotonic() + within
    while not true():  # type: ignore[operator]
        assert time.monotonic() < ends, "it never was"
        time.sleep(0.01)
