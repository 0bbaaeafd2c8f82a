"""What follows from attempts: nothing is lost or sent out of order, whatever a receiver answers; who is left alone for
how long; what an address, a type and a place may be."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from notify.domain import subscriptions
from notify.domain.pushing import BATCH, HELD_MOST, Round, settle
from notify.domain.signatures import KEPT_MOST, Secret, headers, in_force, new_secret, rotated
from notify.domain.subscriptions import expand, still_read, unknown, wrong_url
from notify.settings import USUAL_GAPS
from tests.unit.notify.receivers import NOW, SCHEDULE, World, after, item, middle, outcome, subscription

KNOWN = ("application.opened", "application.submitted", "letter.issued")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=25),
    st.lists(st.sampled_from([204, 204, 204, 422, 503, None, 404]), max_size=30),
)
def test_whatever_is_answered_everything_is_taken_once_and_each_case_in_order(
    cases: list[str], answers: list[int | None]
) -> None:
    world = World(cases)
    for _ in range(400):
        world.round(lambda _item, _now: answers.pop() if answers else 204)
        world.now = max(world.now, world.one.due_at) + timedelta(hours=30)
        if not world.held and world.one.position >= len(cases):
            break
    assert not world.held and world.one.position >= len(cases), "it comes to an end"
    taken = [attempt.item for attempt in world.attempts if attempt.taken]
    refused_to_the_end = {each.position for each in world.feed} - {each.position for each in taken}
    assert len(taken) == len({each.position for each in taken}), "once"
    of_case = defaultdict[str, list[int]](list)
    for each in taken:
        of_case[each.case].append(each.position or 0)
    assert all(found == sorted(found) for found in of_case.values()), "in order"
    assert not refused_to_the_end or len(answers) >= len(USUAL_GAPS), "only what was refused ten times is left out"


def test_what_lies_behind_the_last_that_was_taken_stays_in_the_feed() -> None:
    one, told = subscription(), Round(fresh=[item(1), item(2, "b"), item(3, "c")], reached=9)
    left = after(one, told, None)
    assert (one.position, left.kept) == (0, [])


def test_what_lies_before_it_is_held() -> None:
    one, told = subscription(), Round(fresh=[item(1), item(2, "b"), item(3, "c")], reached=9)
    left = after(one, told, 422, 204)
    assert one.position == 2 and [(each.position, each.attempts) for each, _ in left.kept] == [(1, 1)]


def test_when_all_was_taken_it_has_come_as_far_as_the_feed_was_looked_through() -> None:
    one = subscription()
    after(one, Round(fresh=[item(1)], reached=9), 204)
    assert one.position == 9


def test_that_the_receiver_is_away_is_not_counted_against_what_is_held() -> None:
    one = subscription(position=9)
    left = after(one, Round(held=[item(1, attempts=3), item(2)], reached=9), 503)
    assert (left.done, left.kept) == ([], []) and one.rests == 1


def test_what_is_held_is_done_when_it_is_taken_and_when_it_is_refused_to_the_end() -> None:
    one = subscription(position=9)
    told = Round(held=[item(1, attempts=len(USUAL_GAPS)), item(2, "b", 1), item(3, "c", 1)], reached=9)
    left = after(one, told, 422, 204, 422)
    assert left.done == [1, 2] and [(each.position, each.attempts) for each, _ in left.kept] == [(3, 2)]
    assert [said for _, said, _ in left.attempts] == ["given_up", "delivered", "failed"]


def test_gaps_grow_as_the_standard_proposes_and_are_spread() -> None:
    gaps = [SCHEDULE.gap(n, middle).total_seconds() for n in range(1, 12)]
    assert gaps == [*USUAL_GAPS, 86400, 86400]
    assert SCHEDULE.gap(2, lambda low, _high: low) < SCHEDULE.gap(2, lambda _low, high: high)


@pytest.mark.parametrize("status", [500, 503, 429, 404, 401, 301, None])
def test_a_failure_of_the_receiver_lets_it_rest_as_a_whole(status: int | None) -> None:
    one = subscription()
    after(one, Round(fresh=[item(1)], reached=1), status)
    assert one.due_at == NOW + timedelta(seconds=5) and one.rests == 1 and one.failing_since == NOW


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_an_event_that_is_refused_does_not(status: int) -> None:
    one = subscription()
    left = after(one, Round(fresh=[item(1)], reached=1), status)
    assert one.due_at == NOW and one.rests == 0 and left.kept[0][1] == NOW + timedelta(seconds=5)


def test_five_refused_in_a_row_are_the_receivers_fault() -> None:
    one = subscription()
    after(one, Round(fresh=[item(n, str(n)) for n in range(1, 6)], reached=5), *[422] * 5)
    assert one.rests == 1 and one.due_at > NOW


def test_it_is_suspended_only_after_three_days_without_anything_taken_and_comes_back_with_the_first() -> None:
    one, told = subscription(), Round(fresh=[item(1)], reached=1)
    after(one, told, 500)
    after(one, told, 500, now=NOW + timedelta(days=2, hours=23))
    assert (one.state, one.version) == ("active", 1)
    after(one, told, 500, now=NOW + timedelta(days=3))
    assert (one.state, one.version) == ("suspended", 2)
    after(one, told, 204, now=NOW + timedelta(days=4))
    assert (one.state, one.version, one.failing_since, one.rests) == ("active", 3, None, 0)


def test_what_was_paused_while_a_round_was_under_way_stays_paused() -> None:
    one = subscription(state="paused")
    after(one, Round(fresh=[item(1)], reached=1), 204)
    assert one.state == "paused" and one.position == 1


def test_a_receiver_can_ask_for_a_day_and_no_more() -> None:
    one = subscription()
    told = Round(fresh=[item(1)], reached=1)
    settle(one, told, {told.items[0].key: outcome(503, wait=10_000_000)}, SCHEDULE, NOW, middle)
    assert one.due_at == NOW + timedelta(days=1)


def test_what_is_held_is_bounded() -> None:
    assert HELD_MOST >= BATCH


# --- signatures -------------------------------------------------------------------------------------------------------


def test_the_library_of_the_standard_takes_either_secret_during_an_overlap_and_none_other() -> None:
    old = [new_secret()]
    secrets = rotated(old, datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC))
    body = b'{"id":"1"}'
    sent = headers(secrets, "msg-1", datetime.now(UTC), body)
    for secret in (old[0], secrets[0]):
        Webhook(secret.text).verify(body, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret().text).verify(body, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(secrets[0].text).verify(body + b" ", sent)


def test_a_secret_that_was_replaced_signs_no_more_when_its_time_is_over() -> None:
    secrets = rotated([new_secret()], NOW, NOW)
    assert in_force(secrets, NOW) == secrets[:1]
    assert [Secret.read(one.kept()) for one in secrets] == secrets
    assert len(rotated(secrets, NOW, NOW)) == 2, "the one before the one before is gone"


# --- what may be asked for --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patterns", "types"),
    [(["*"], list(KNOWN)), (["application.*"], list(KNOWN[:2])), (["letter.issued"], ["letter.issued"]),
     (["application.submitted", "application.*"], list(KNOWN[:2]))],
)  # fmt: skip
def test_types_and_their_wildcards(patterns: list[str], types: list[str]) -> None:
    assert expand(patterns, KNOWN) == types and unknown(patterns, KNOWN) == []


def test_a_type_that_nobody_tells_is_unknown() -> None:
    assert unknown(["letter.*", "letter.drafted", "officeholder.*"], KNOWN) == ["letter.drafted", "officeholder.*"]


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("https://acara.palembang.example/x?y=1", None), ("https://acara.palembang.example:8443/", None),
        ("http://acara.palembang.example/", "https"), ("ftp://acara.palembang.example/", "form"),
        ("https://user:secret@acara.example/", "form"), ("https://acara.example/#x", "form"), ("acara.example", "form"),
        ("https://acara.example:99999/", "form"), ("https://acara.example/ x", "form"),
        ("https://127.0.0.1/", "inside"), ("https://10.1.2.3/", "inside"), ("https://169.254.169.254/", "inside"),
        ("https://[::1]/", "inside"), ("https://[::ffff:10.0.0.1]/", "inside"), ("https://localhost/", "inside"),
        ("https://postgres/", "inside"), ("https://db.internal/", "inside"), ("https://2130706433/", "inside"),
        ("https://127.1/", "inside"), ("https://LOCALHOST./", "inside"),
        ("https://dalam.palembang.local:8443/", None), ("https://dalam.palembang.local/", "inside"),
    ],
)  # fmt: skip
def test_an_address_is_https_and_outside_unless_the_operator_lists_it(url: str, wrong: str | None) -> None:
    assert wrong_url(url, {("dalam.palembang.local", 8443)}, plain=False) == wrong


def test_while_developing_http_will_do() -> None:
    assert wrong_url("http://acara.palembang.example/", (), plain=True) is None


@pytest.mark.parametrize(
    ("places", "within", "left"),
    [
        (["16.71"], [], ["16.71"]), (["16.71"], ["16.71.10"], ["16.71.10"]),
        (["16.71.10.1001", "16.71.09"], ["16.71.10"], ["16.71.10.1001"]), (["16.71.09"], ["16.71.10"], []),
    ],
)  # fmt: skip
def test_a_machine_that_may_read_less_is_told_less(places: list[str], within: list[str], left: list[str]) -> None:
    assert still_read(places, within) == left


def test_a_machine_that_may_not_be_told_any_more_is_told_nothing() -> None:
    one = subscription()
    one.owner_reads(None, NOW)
    assert (one.state, one.places, one.reason) == (subscriptions.PAUSED, [], subscriptions.OWNER)


def test_all_that_signed_go_on_signing_and_none_for_longer_than_it_was_said() -> None:
    first = [new_secret()]
    second = rotated(first, NOW + timedelta(hours=1), NOW)
    third = rotated(second, NOW + timedelta(hours=24), NOW)
    assert [one.until for one in third] == [None, NOW + timedelta(hours=24), NOW + timedelta(hours=1)]
    assert third[2].text == first[0].text
    assert len(rotated(third, NOW + timedelta(hours=30), NOW + timedelta(hours=2))) == 3, "one is over"


def test_without_an_overlap_no_other_signs_any_more() -> None:
    before = rotated([new_secret()], NOW + timedelta(hours=24), NOW)
    assert len(in_force(rotated(before, NOW, NOW), NOW)) == 1


def test_of_many_secrets_the_first_and_the_last_stay() -> None:
    """A receiver has the one of before it was asked so often, or one of the last two."""
    secrets = [new_secret()]
    first = secrets[0].text
    for _ in range(30):
        before, secrets = secrets, rotated(secrets, NOW + timedelta(hours=24), NOW)
    texts = [one.text for one in secrets]
    assert len(texts) == KEPT_MOST and texts[1] == before[0].text and texts[-1] == first
