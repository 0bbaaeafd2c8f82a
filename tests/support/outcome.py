"""What has to hold after the demo has run, whatever was done to the system meanwhile."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pika
import psycopg2

from contracts.catalogue import EVENTS
from deploy.demo.report import failures
from deploy.local.stack import Stack
from kit.bus import dead, topology
from tests.support.eventually import eventually

SERVICES = ("intake", "verification", "documents", "notify")
TRANSITIONS = ("opened", "submitted", "received", "verified", "issued", "completed")
MENDED = ("opened", "submitted", "returned", "resubmitted", "received", "verified", "issued", "completed")
# What the others tell of each case.
FACTS = {
    ("verification", "introduction.granted"): 1,
    ("verification", "verification.passed"): 1,
    ("documents", "letter.drafted"): 1,
    ("documents", "letter.issued"): 2,
    ("documents", "production.done"): 1,
    ("documents", "handover.ready"): 1,
    ("documents", "handover.done"): 1,
}
_ASKED = ["introduction_granted", "introduction_request"]
_ALWAYS = [
    "attestation_request",
    "handed_over",
    "letter_drafted",
    "letters_ready_pickup",
    "submitted",
    "survey_invitation",
]
_BEGUN_BY_RT_HEAD = {"KK"}
_RETURNED = {"NIKAH"}
_BESIDES = {
    "KK": ["courier_applicant_pays"],
    "KTP": ["consent_code", "consent_given"],
    "NIKAH": ["resubmitted", "returned"],
    "SITU": ["statement_request"] * 3,
}


def rows(stack: Stack, service: str, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a service's database, as the superuser sees them."""
    connection = psycopg2.connect(stack.superuser_url(service))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())
    finally:
        connection.close()


def assert_all_is_well(stack: Stack, cases: list[dict[str, Any]]) -> None:
    """Every case completed, every letter valid, nothing lost or twice, nothing set aside, nothing left to do."""
    assert failures(cases) == []
    assert_nothing_is_left(stack)
    _assert_each_transition_is_told_once(stack, len(cases))
    _assert_each_fact_is_told_once(stack, len(cases))
    _assert_sequences_have_no_gap(stack)
    _assert_numbers_are_given_once(stack, cases)
    _assert_each_person_is_told_once(stack)


def assert_nothing_is_left(stack: Stack) -> None:
    """Every outbox is told, every queue empty, every job done; no dead letter and no dead job."""
    assert [_dead(stack, service) for service in SERVICES] == [[]] * len(SERVICES)
    eventually(lambda: _left(stack) == {}, within=150, every=0.5, what="nothing is left to do")
    assert [_dead(stack, service) for service in SERVICES] == [[]] * len(SERVICES)


def _left(stack: Stack) -> dict[str, Any]:
    """What each service has still to do, or to hear of: a message in a consumer's hands is in no queue. Looked at one
    after the other, so that it counts only if nothing was told or heard meanwhile."""
    before = _heard_and_told(stack)
    waiting = {service: found for service in SERVICES if (found := _waiting(stack, service))}
    after = _heard_and_told(stack)
    unheard = [
        (consumer, kind)
        for producer in SERVICES
        for event, kind in after[producer][1]
        for consumer in EVENTS[kind].consumers
        if event not in after[consumer][0]
    ]
    return waiting | ({"unheard": unheard} if unheard else {}) | ({"moving": True} if before != after else {})


def _heard_and_told(stack: Stack) -> dict[str, tuple[set[Any], set[tuple[Any, str]]]]:
    """The events that each service has heard of, and those that it tells."""
    return {
        service: (
            {event for (event,) in rows(stack, service, "SELECT event_id FROM inbox")},
            {(event, kind) for event, kind in rows(stack, service, "SELECT event_id, type FROM outbox")},
        )
        for service in SERVICES
    }


def _dead(stack: Stack, service: str) -> list[Any]:
    letters = [(letter.type, letter.reason) for letter in dead.letters(stack.amqp_url, service)]
    return letters + rows(stack, service, "SELECT kind, last_error FROM job WHERE state = 'dead'")


def _waiting(stack: Stack, service: str) -> dict[str, int]:
    due = "state = 'running' OR attempts > 0 OR run_at <= clock_timestamp()"
    [(untold,)] = rows(stack, service, "SELECT count(*) FROM outbox WHERE published_at IS NULL")
    [(undone,)] = rows(stack, service, f"SELECT count(*) FROM job WHERE state <> 'dead' AND ({due})")
    found = {"outbox": untold, "jobs": undone} | _queued(stack, service)
    return {what: count for what, count in found.items() if count}


def _queued(stack: Stack, service: str) -> dict[str, int]:
    """Messages that wait in the service's queue or, to be tried again, beside it."""
    connection = pika.BlockingConnection(topology.parameters(stack.amqp_url, "outcome"))
    try:
        channel = connection.channel()
        names = [name for name in topology.queues(service) if name != topology.dead_queue(service)]
        return {name: channel.queue_declare(name, passive=True).method.message_count for name in names}
    finally:
        connection.close()


def _assert_each_transition_is_told_once(stack: Stack, cases: int) -> None:
    told = rows(
        stack,
        "intake",
        "SELECT a.service, array_agg(o.type ORDER BY o.sequence) FROM outbox o JOIN application a"
        " ON a.id::text = o.subject WHERE a.agenda_number IS NOT NULL"
        " AND o.type LIKE 'application.%' AND o.type <> 'application.changed' GROUP BY o.subject, a.service",
    )
    assert len(told) == cases
    for service, types in told:
        assert types == [f"application.{name}" for name in (MENDED if service in _RETURNED else TRANSITIONS)]


def _assert_each_fact_is_told_once(stack: Stack, cases: int) -> None:
    told = Counter(
        {
            (service, kind): count
            for service in SERVICES
            for kind, count in rows(stack, service, "SELECT type, count(*) FROM outbox GROUP BY type")
        }
    )
    assert {fact: told[fact] for fact in FACTS} == {fact: each * cases for fact, each in FACTS.items()}
    by_courier = rows(stack, "documents", "SELECT count(*) FROM handover WHERE method = 'courier'")
    assert [(told["documents", "handover.dispatched"],)] == by_courier


def _assert_sequences_have_no_gap(stack: Stack) -> None:
    uneven = (
        "SELECT subject FROM outbox GROUP BY subject"
        " HAVING min(sequence) <> 1 OR max(sequence) <> count(*) OR count(DISTINCT sequence) <> count(*)"
    )
    assert {service: rows(stack, service, uneven) for service in SERVICES} == {service: [] for service in SERVICES}


def _assert_numbers_are_given_once(stack: Stack, cases: list[dict[str, Any]]) -> None:
    numbers = [letter["number"] for case in cases for letter in case["letters"]]
    assert len(numbers) == len(set(numbers)) == 2 * len(cases)
    register = rows(stack, "documents", "SELECT series, n, number FROM register_line ORDER BY series, n")
    each_series = [n for _ in ("RT", "office") for n in range(1, len(cases) + 1)]
    assert [n for _, n, _ in register] == each_series
    assert sorted(number for _, _, number in register) == sorted(numbers)
    agenda = rows(stack, "intake", "SELECT agenda_number FROM application WHERE agenda_number IS NOT NULL ORDER BY 1")
    assert agenda == [(f"{number:04d}/2026",) for number in range(1, len(cases) + 1)]
    twice = "SELECT application_id, kind FROM letter GROUP BY 1, 2 HAVING count(*) > 1"
    assert rows(stack, "documents", twice) == []
    assert rows(stack, "documents", "SELECT kind, status FROM letter WHERE status <> 'issued'") == []
    handovers = rows(
        stack, "documents", "SELECT status, count(*), count(DISTINCT application_id) FROM handover GROUP BY 1"
    )
    assert handovers == [("done", len(cases), len(cases))]


def _assert_each_person_is_told_once(stack: Stack) -> None:
    """The messages of each case: none is lost, and nobody gets one twice."""
    services = dict(rows(stack, "intake", "SELECT id::text, service FROM application WHERE agenda_number IS NOT NULL"))
    got = dict(
        rows(
            stack,
            "notify",
            "SELECT application_id::text, array_agg(template ORDER BY template) FROM message"
            " WHERE application_id IS NOT NULL GROUP BY 1",
        )
    )
    first = {case: ["draft_opened"] if service in _BEGUN_BY_RT_HEAD else _ASKED for case, service in services.items()}
    assert got == {
        case: sorted([*first[case], *_ALWAYS, *_BESIDES.get(service, [])]) for case, service in services.items()
    }
    assert rows(stack, "notify", "SELECT template, status, failure FROM message WHERE status <> 'delivered'") == []
